//! What a question is asked on: the whole workspace, or one agent, team, queue, tag, channel or policy. Every such noun offers the
//! fields declared here. (The library can lay one object's fields into another's, but not where they lead back to it.)

use async_graphql::Context;

use super::case::Case;
use super::context::{Ask, ask};
use super::error::shown;
use super::filter::Filter;
use super::page::{self, Connection};
use super::period::PeriodInput;
use super::scalars::TimeZone;
use crate::app::Error;
use crate::app::lookups::CaseQuestion;
use crate::model::period::find_zone;
use crate::model::{self, Page, Window};

/// A noun that cases can be asked for on.
pub trait Scoped {
    /// What the noun is to a case, and the source's id of it.
    fn scope(&self) -> (model::FilterAttribute, &str);
}

/// Declares the object type of a `Scoped` noun: its own fields, then those that every such noun offers.
macro_rules! scoped_object {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[Object]
        impl $name {
            $($own)*

            /// Every metric of the rows that are its own: of an agent those credited to the agent, of a tag those of cases that have it
            async fn metrics(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which period", default_with = "Some(crate::graphql::metrics::last_30_days())")]
                period: Option<crate::graphql::period::PeriodInput>,
                #[graphql(desc = "Time zone of days and hours; null: the workspace's")]
                timezone: Option<crate::graphql::scalars::TimeZone>,
                #[graphql(desc = "Only rows that match it")] filter: Option<Box<crate::graphql::filter::Filter>>,
            ) -> async_graphql::Result<Option<crate::graphql::metrics::Metrics>> {
                let period = period.unwrap_or_else(crate::graphql::metrics::last_30_days);
                let filter = filter.map(|filter| *filter);
                let scope = Box::pin(crate::graphql::metrics::scope(ctx, period, timezone, filter)).await?;
                let (attribute, id) = crate::graphql::scope::Scoped::scope(self);
                Ok(Some(crate::graphql::metrics::Metrics::new(scope.within(attribute, Some(id)))))
            }

            /// How the SLA clocks that are its own stand: of an agent those put down to the agent, of a tag those of cases that have it
            async fn sla_analytics(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which period", default_with = "Some(crate::graphql::metrics::last_30_days())")]
                period: Option<crate::graphql::period::PeriodInput>,
                #[graphql(desc = "Time zone of days and hours; null: the workspace's")]
                timezone: Option<crate::graphql::scalars::TimeZone>,
                #[graphql(desc = "Only cases and clocks that match it")] filter: Option<Box<crate::graphql::filter::Filter>>,
            ) -> async_graphql::Result<Option<crate::graphql::sla_analytics::SlaAnalytics>> {
                let period = period.unwrap_or_else(crate::graphql::metrics::last_30_days);
                let filter = filter.map(|filter| *filter);
                let scope = Box::pin(crate::graphql::metrics::scope(ctx, period, timezone, filter)).await?;
                let (attribute, id) = crate::graphql::scope::Scoped::scope(self);
                let scope = scope.within(attribute, Some(id));
                Box::pin(crate::graphql::sla_analytics::SlaAnalytics::load(ctx, scope)).await.map(Some)
            }

            /// Its active cases, the newest first: of an agent, team, queue, channel or policy those that are its own now, of a tag
            /// those that have it
            #[expect(clippy::too_many_arguments, reason = "the field has them")]
            #[graphql(complexity = "crate::graphql::page::cost(first, last, child_complexity)")]
            async fn cases(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Only cases created in it; null: whenever")]
                period: Option<crate::graphql::period::PeriodInput>,
                #[graphql(desc = "Time zone of the period's days and of hours and days in the filter; null: the workspace's")]
                timezone: Option<crate::graphql::scalars::TimeZone>,
                #[graphql(desc = "Only cases that match it")] filter: Option<Box<crate::graphql::filter::Filter>>,
                #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
                first: Option<i32>,
                #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
                #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
                #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
            ) -> async_graphql::Result<Option<crate::graphql::page::Connection<crate::graphql::case::Case>>> {
                let window = crate::graphql::page::window(first, after, last, before)?;
                let ask = ask(ctx)?;
                let filter = filter.map(|filter| *filter);
                let question = Box::pin(crate::graphql::scope::question(ask, period, timezone, filter)).await?;
                let (attribute, id) = crate::graphql::scope::Scoped::scope(self);
                Box::pin(crate::graphql::scope::cases(ctx, question.within(attribute, id), &window)).await.map(Some)
            }
        }
    };
}
pub(crate) use scoped_object;

/// The cases that period, zone and filter are about, the newest first.
///
/// # Errors
/// `Invalid` and `Limit` for what is wrong with them, as the graph shows them.
pub async fn question(
    ask: &Ask,
    period: Option<PeriodInput>,
    timezone: Option<TimeZone>,
    filter: Option<Filter>,
) -> async_graphql::Result<CaseQuestion> {
    let mut question = CaseQuestion::default();
    if period.is_some() || filter.is_some() {
        let name = match timezone {
            Some(zone) => zone.0,
            None => ask.workspace().await?.workspace.timezone.clone(),
        };
        question.zone = find_zone(&name).map_err(|error| shown(&error.into()))?;
    }
    if let Some(filter) = filter {
        question.filters.push(filter.compile().map_err(|error| shown(&error))?);
    }
    if let Some(period) = period {
        let span = model::Period::from(period).resolve(&question.zone, ask.lookups.now());
        question.period = Some(span.map_err(|error| shown(&Error::from(error)))?);
    }
    Ok(question)
}

/// A page of the cases that a question is about, as the field that gives it; not read when only their number is selected.
///
/// # Errors
/// As `Lookups::cases_page`.
pub async fn cases(
    ctx: &Context<'_>,
    question: CaseQuestion,
    window: &Window,
) -> async_graphql::Result<Connection<Case>> {
    let ask = ask(ctx)?;
    let page = match page::wants_rows(ctx) {
        true => ask.lookups.cases_page(&question, window).await.map_err(|error| shown(&error))?,
        false => Page::empty(),
    };
    let mut shown_cases = Vec::with_capacity(page.items.len());
    let connection = Connection::new(
        page,
        |record| {
            let case = Case(std::sync::Arc::new(record));
            shown_cases.push(std::sync::Arc::clone(&case.0));
            case
        },
        move |lookups| {
            let question = question.clone();
            async move { lookups.count_cases(&question).await }
        },
    );
    for case in shown_cases {
        ask.load.cases.keep(case.case.clone(), case).await;
    }
    Ok(connection)
}
