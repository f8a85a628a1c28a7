//! Every metric of the catalogue, over one scope.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};

use super::context::ask;
use super::enums::{Clock, PresenceStatus};
use super::error::shown;
use super::filter::Filter;
use super::metric::{Answered, CountMetric, DurationMetric, NumberMetric, RatioMetric, SnapshotMetric};
use super::period::{PeriodInput, PeriodPreset};
use super::question::Scope;
use super::ready::Shown;
use super::scalars::{DateTime, TimeZone};
use crate::app::Error;
use crate::metric::{self, MetricId, Zone, catalog};
use crate::model;

/// Every metric over one scope.
pub struct Metrics {
    scope: Arc<metric::Scope>,
}

/// The scope that period, zone and filter mean; without a zone the workspace's.
///
/// # Errors
/// `Invalid` and `Limit` for what is wrong with them, as the graph shows them.
pub async fn scope(
    ctx: &Context<'_>,
    period: PeriodInput,
    timezone: Option<TimeZone>,
    filter: Option<Filter>,
) -> async_graphql::Result<metric::Scope> {
    let ask = ask(ctx)?;
    let name = match timezone {
        Some(zone) => zone.0,
        None => ask.workspace().await?.workspace.timezone.clone(),
    };
    let zone = Zone::find(&name).map_err(|error| shown(&error.into()))?;
    let filter = filter.map(Filter::compile).transpose().map_err(|error| shown(&error))?;
    metric::Scope::resolve(&model::Period::from(period), zone, filter, ask.lookups.now())
        .map_err(|error| shown(&Error::from(error)))
}

/// The period of questions that name none.
pub fn last_30_days() -> PeriodInput {
    PeriodInput::Preset(PeriodPreset::Last30Days)
}

impl Metrics {
    /// The metrics of a scope.
    pub fn new(scope: metric::Scope) -> Metrics {
        Metrics { scope: Arc::new(scope) }
    }

    async fn answer(&self, ctx: &Context<'_>, id: MetricId, clock: Clock) -> async_graphql::Result<Answered> {
        Answered::load(ctx, catalog::find(id), clock.into(), Arc::clone(&self.scope)).await
    }
}

/// Declares the object with one field a metric.
macro_rules! metrics_object {
    ($($field:ident: $type:ident $id:ident $(($clock:ident))? $doc:literal;)+) => {
        /// Every metric of the catalogue, over one scope; all fields asked for in one request are answered from one pass over each kind of
        /// rows
        #[Object]
        impl Metrics {
            /// The question as it was understood
            async fn scope(&self) -> Scope {
                (&self.scope).into()
            }
            /// How fresh the data behind the answer is: the instant of the last change that it knows
            async fn as_of(&self, ctx: &Context<'_>) -> async_graphql::Result<DateTime> {
                let snapshot = ask(ctx)?.lookups.snapshot().await.map_err(|error| shown(&error))?;
                Ok(DateTime(snapshot.as_of))
            }
            $(
            #[doc = $doc]
            async fn $field(
                &self,
                ctx: &Context<'_>,
                $(#[graphql(desc = "Which time counts: all of it, or business hours only", default_with = "Clock::Calendar")] $clock: Clock,)?
            ) -> async_graphql::Result<Option<Shown<$type>>> {
                let clock = metrics_object!(@ $($clock)?);
                self.answer(ctx, MetricId::$id, clock).await.map(|answered| Some($type::shown(ctx, answered)))
            }
            )+
            /// Time that human agents spent in each presence status within the period, until now at most
            async fn agent_presence(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<PresenceDuration>>> {
                presence(ctx, &self.scope).await.map(Some)
            }
        }
    };
    (@ $clock:ident) => { $clock };
    (@) => { Clock::Calendar };
}

metrics_object! {
    created_cases: CountMetric CreatedCases "Cases created in the period";
    resolved_cases: CountMetric ResolvedCases "Resolutions in the period that still stand: the case was not reopened since";
    closed_cases: CountMetric ClosedCases "Closures in the period, each of them";
    reopened_cases: CountMetric ReopenedCases "Cases whose latest reopening lies in the period";
    abandoned_cases: CountMetric AbandonedCases
        "Closures in the period by an agent after staff had the last word and the customer was silent for the workspace's timeout";
    assignments: CountMetric Assignments "Assignments of a case to an agent in the period";
    assignments_per_agent: NumberMetric AssignmentsPerAgent "Assignments in the period of each agent who had any";
    transfers: CountMetric Transfers "Assignments in the period after which a previous agent, team or queue is no longer the case's";
    messages: CountMetric Messages "Messages in the period, those of the system aside";
    agent_messages: CountMetric AgentMessages "Public messages of human agents in the period";
    ratings: CountMetric Ratings "Ratings given in the period";
    backlog_cases: CountMetric BacklogCases "Cases that were not terminal at the end of the period, or of each bucket of a series";
    open_cases: SnapshotMetric OpenCases "Cases that are new or open now, whatever the period";
    unassigned_cases: SnapshotMetric UnassignedCases "Cases that are not terminal and have no assignee now, whatever the period";
    active_agents: SnapshotMetric ActiveAgents "Human agents who are not offline now, whatever the period";
    csat: RatioMetric Csat "Share of the ratings given in the period whose score is 4 or 5";
    rating_score: NumberMetric RatingScore "Score, from 1 to 5, of the ratings given in the period";
    resolution_rate: RatioMetric ResolutionRate "Share of the cases created in the period that are resolved or closed now";
    reopen_rate: RatioMetric ReopenRate "Share of the cases created in the period and ever resolved that were reopened";
    first_contact_resolution_rate: RatioMetric FirstContactResolutionRate
        "Share of the resolutions in the period that still stand that took one reply at most and no reopening";
    abandonment_rate: RatioMetric AbandonmentRate "Share of the closures in the period that were of abandoned cases";
    sla_compliance: RatioMetric SlaCompliance
        "Share of the SLA clocks of cases created in the period that were completed in time, among those completed or past due";
    sla_coverage: RatioMetric SlaCoverage "Share of the cases created in the period that ever were under an SLA policy";
    first_response_time: DurationMetric FirstResponseTime (clock)
        "From the creation of a case created in the period to its first public reply by a human agent";
    response_time: DurationMetric ResponseTime (clock)
        "From the first customer message without a reply to the reply, for each reply in the period, first ones included";
    reaction_time: DurationMetric ReactionTime "From when an agent took a case created in the period to the first reply";
    resolution_time: DurationMetric ResolutionTime (clock)
        "From creation to each resolution in the period that still stands, the time that the case was resolved before taken out";
    handle_time: DurationMetric HandleTime
        "From the creation of a case created in the period to its standing resolution, all time counted";
    service_time: DurationMetric ServiceTime "From when the agent who closed a case created in the period took it to the close";
    customer_wait_time: DurationMetric CustomerWaitTime (clock)
        "What the customer of a case created in the period waited for replies after the first, in sum";
    agent_wait_time: DurationMetric AgentWaitTime (clock)
        "What agents waited for the customer of a case created in the period, in sum";
    replies_to_resolution: NumberMetric RepliesToResolution "Agent replies up to each resolution in the period that still stands";
    agents_to_resolution: NumberMetric AgentsToResolution
        "Distinct agents who replied or had the case up to each resolution in the period that still stands";
}

/// Time in one presence status
#[derive(SimpleObject)]
pub struct PresenceDuration {
    /// The status
    pub status: PresenceStatus,
    /// All agents together, in seconds
    pub seconds: f64,
}

/// The time in each presence status, those that nobody was in included.
///
/// # Errors
/// As `groups`.
pub async fn presence(ctx: &Context<'_>, scope: &metric::Scope) -> async_graphql::Result<Vec<PresenceDuration>> {
    let metric = catalog::find(MetricId::AgentPresence);
    let groups = super::metric::groups(ctx, metric, scope).await?;
    let sum_ms = |status: model::PresenceStatus| {
        let group = groups.iter().find(|group| group.key.first().and_then(|key| key.as_deref()) == Some(status.word()));
        group.and_then(|group| group.cells.first()).map_or(0, |cell| cell.sum)
    };
    let all = model::PresenceStatus::ALL.iter();
    Ok(all.map(|&s| PresenceDuration { status: s.into(), seconds: sum_ms(s) as f64 / 1_000.0 }).collect())
}

/// Fields of the root.
#[derive(Default)]
pub struct MetricsQuery;

#[Object]
impl MetricsQuery {
    /// Every metric, over one period, zone and filter; a filter that the rows behind a metric do not have is an error of that metric
    async fn metrics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period", default_with = "Some(last_30_days())")] period: Option<PeriodInput>,
        #[graphql(desc = "Time zone of days and hours; null: the workspace's")] timezone: Option<TimeZone>,
        #[graphql(desc = "Only rows that match it")] filter: Option<Filter>,
    ) -> async_graphql::Result<Option<Metrics>> {
        let period = period.unwrap_or_else(last_30_days);
        scope(ctx, period, timezone, filter).await.map(|scope| Some(Metrics::new(scope)))
    }
}
