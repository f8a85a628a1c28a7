//! Cases.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, SimpleObject};

use super::agent::Agent;
use super::case_metrics::CaseMetrics;
use super::channel::Channel;
use super::contact_point::ContactPoint;
use super::context::{Ask, ask};
use super::customer::Customer;
use super::enums::{CaseEventKind, CaseState, CaseStatus, Direction, OrderDirection};
use super::error::shown;
use super::filter::Filter;
use super::node::{Kind, global_id, source_id};
use super::page::{self, Connection};
use super::period::PeriodInput;
use super::queue::Queue;
use super::rating::Rating;
use super::scalars::{DateTime, Long, TimeZone};
use super::scope;
use super::sla_clock::SlaClock;
use super::sla_policy::SlaPolicy;
use super::tag::Tag;
use super::team::Team;
use super::timeline::{self, CaseEvent};
use crate::app::Error;
use crate::model::{self, Order};
use crate::record::CaseRecord;

/// A case.
pub struct Case(pub Arc<CaseRecord>);

impl Case {
    /// The case of an id that something visible names.
    ///
    /// # Errors
    /// As the loader; `Internal` when there is none.
    pub async fn get(ask: &Ask, id: &str) -> async_graphql::Result<Case> {
        ask.load.cases.find(id.to_owned()).await?.map(Case).ok_or_else(|| shown(&Error::Internal))
    }

    async fn source(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Arc<model::Case>>> {
        ask(ctx)?.load.case_sources.find(self.0.case.clone()).await
    }
}

/// A customer's matter, from creation to its end, as it is now
#[Object]
impl Case {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::Case, &self.0.case)
    }
    /// The number people quote; given by the source, or assigned once from 2^40 up
    async fn number(&self) -> Long {
        Long(self.0.number)
    }
    /// The source's id
    async fn external_id(&self) -> &str {
        &self.0.case
    }
    /// Subject line; null when there is none
    async fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }
    /// Whether the case counts; lists hold active cases only
    async fn state(&self) -> CaseState {
        self.0.state.into()
    }
    /// Case that this one goes on in; null unless merged, or when the viewer does not see it
    async fn merged_into(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Case>> {
        match self.source(ctx).await?.and_then(|source| source.merged_into.clone()) {
            Some(id) => Ok(ask(ctx)?.load.cases.find(id).await?.map(Case)),
            None => Ok(None),
        }
    }
    /// Category of the status of the case
    async fn status(&self) -> CaseStatus {
        self.0.status.into()
    }
    /// Status of the case in the words of the source
    async fn status_label(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let ask = ask(ctx)?;
        let rules = ask.load.rules.find(()).await?.ok_or_else(|| shown(&Error::Internal))?;
        Ok(ask.lookups.status_label(&rules, &self.0))
    }
    /// Priority of the case, in the source's word; null when it has none
    async fn priority(&self) -> Option<&str> {
        self.0.priority.as_deref()
    }
    /// Type of the case, in the source's word; null when it has none
    async fn case_type(&self) -> Option<&str> {
        self.0.case_type.as_deref()
    }
    /// Channel of the case now
    async fn channel(&self, ctx: &Context<'_>) -> async_graphql::Result<Channel> {
        Channel::get(ask(ctx)?, &self.0.channel).await
    }
    /// Channel of the first contact
    async fn initial_channel(&self, ctx: &Context<'_>) -> async_graphql::Result<Channel> {
        Channel::get(ask(ctx)?, &self.0.initial_channel).await
    }
    /// Who started the contact
    async fn initial_direction(&self) -> Direction {
        self.0.direction.into()
    }
    /// Address the case came in by; null when the source does not say
    async fn contact_point(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ContactPoint>> {
        match &self.0.contact_point {
            Some(id) => Ok(ask(ctx)?.load.contact_points.find(id.clone()).await?.map(ContactPoint)),
            None => Ok(None),
        }
    }
    /// When the case was created
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
    /// When something last happened to the case
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
    /// When the case was last closed; null unless it is closed
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
    /// Customer whose case it is; null when unknown
    async fn requester(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Customer>> {
        Customer::find(ask(ctx)?, self.0.requester.as_ref()).await
    }
    /// Agent who has the case; null when nobody has
    async fn assignee(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Agent>> {
        Agent::find(ask(ctx)?, self.0.assignee.as_ref()).await
    }
    /// Team that has the case; null when none has
    async fn team(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Team>> {
        Team::find(ask(ctx)?, self.0.team.as_ref()).await
    }
    /// Queue the case is in; null when in none
    async fn queue(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Queue>> {
        Queue::find(ask(ctx)?, self.0.queue.as_ref()).await
    }
    /// Tags of the case
    async fn tags(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Tag>> {
        Ok(ask(ctx)?.load.tags.find_all(&self.0.tags).await?.into_iter().map(Tag).collect())
    }
    /// Further properties of the case that the source gave, by name
    async fn attributes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<CaseAttribute>> {
        let Some(source) = self.source(ctx).await? else { return Ok(Vec::new()) };
        let attribute = |(name, value): (&String, &String)| CaseAttribute { name: name.clone(), value: value.clone() };
        Ok(source.attributes.iter().map(attribute).collect())
    }
    /// Every figure of the case
    async fn metrics(&self) -> CaseMetrics {
        CaseMetrics(Arc::clone(&self.0))
    }
    /// SLA policy the case is under, in the version that applies to it; null when under none
    async fn sla_policy(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SlaPolicy>> {
        match &self.0.policy {
            Some(id) => SlaPolicy::version(ask(ctx)?, id, self.0.policy_from).await,
            None => Ok(None),
        }
    }
    /// SLA clocks of the case
    async fn sla_clocks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<SlaClock>> {
        let clocks = ask(ctx)?.load.clocks.find(self.0.case.clone()).await?;
        Ok(clocks.map(|clocks| clocks.iter().cloned().map(SlaClock).collect()).unwrap_or_default())
    }
    /// Ratings given on the case, the earliest first
    async fn ratings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Rating>> {
        let ratings = ask(ctx)?.load.ratings.find(self.0.case.clone()).await?;
        let rating = |record: &crate::record::RatingRecord| Rating::new(&self.0.case, record);
        Ok(ratings.map(|ratings| ratings.iter().map(rating).collect()).unwrap_or_default())
    }
    /// What happened to the case, the earliest first
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only events of these kinds; null: of every kind")] kinds: Option<Vec<CaseEventKind>>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Connection<CaseEvent>> {
        let window = page::window(first, after, last, before)?;
        Box::pin(timeline::events(ctx, &self.0.case, kinds, &window)).await
    }
}

/// A further property of a case
#[derive(SimpleObject)]
pub struct CaseAttribute {
    /// Name of the property
    name: String,
    /// Value of the property
    value: String,
}

/// Which case; exactly one field is given
#[derive(Clone, Debug, OneofObject)]
pub enum CaseBy {
    /// Global id
    Id(ID),
    /// The source's id
    ExternalId(String),
    /// Number
    Number(Long),
}

/// What cases can be ordered by
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::CaseOrderField")]
pub enum CaseOrderField {
    /// Creation
    CreatedAt,
    /// When something last happened
    UpdatedAt,
    /// Number
    Number,
    /// Urgency that the word of the priority stands for, urgent being the largest; no priority and an unknown word are the smallest
    Priority,
}

/// Order of cases
#[derive(Clone, Copy, Debug, InputObject)]
pub struct CaseOrder {
    /// What they are ordered by, then by the source's id
    field: CaseOrderField,
    /// Which way
    direction: OrderDirection,
}

/// Fields of the root.
#[derive(Default)]
pub struct CaseQuery;

#[Object]
impl CaseQuery {
    /// A case, whatever its state; null when there is none that the viewer sees
    async fn case(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one")] by: CaseBy,
    ) -> async_graphql::Result<Option<Case>> {
        let ask = ask(ctx)?;
        let id = match by {
            CaseBy::Id(id) => source_id(Kind::Case, &id, "by.id").map_err(|error| shown(&error))?,
            CaseBy::ExternalId(id) => id,
            CaseBy::Number(Long(number)) => {
                let found = ask.lookups.cases_by_number(&[number]).await;
                let found = found.map_err(|error| shown(&error))?.remove(&number);
                return Ok(found.map(|record| Case(Arc::new(record))));
            }
        };
        Ok(ask.load.cases.find(id).await?.map(Case))
    }

    /// Active cases that the viewer sees
    #[expect(clippy::too_many_arguments, reason = "the field has them")]
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only cases created in it; null: whenever")] period: Option<PeriodInput>,
        #[graphql(desc = "Time zone of the period's days and of hours and days in the filter; null: the workspace's")]
        timezone: Option<TimeZone>,
        #[graphql(desc = "Only cases that match it")] filter: Option<Filter>,
        #[graphql(desc = "Text that subject, the source's id or number contain, whatever its case; null: any")]
        search: Option<String>,
        #[graphql(desc = "Order; null: the newest first")] order_by: Option<CaseOrder>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Case>>> {
        let window = page::window(first, after, last, before)?;
        let mut question = scope::question(ask(ctx)?, period, timezone, filter).await?;
        question.search = search;
        if let Some(order) = order_by {
            question.order = Order { field: order.field.into(), direction: order.direction.into() };
        }
        scope::cases(ctx, question, &window).await.map(Some)
    }
}
