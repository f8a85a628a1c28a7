//! open.cx's SLA analytics: overview, breakdown and trend. Shapes and names are open.cx's; the meaning of every figure, on which its pages
//! are silent, is that of our SLA analytics: rates 0 to 100, percentiles in seconds of the time that each clock counts, 0 where there is
//! nothing to measure.
//!
//! Ours are `from` and `to`, since its pages publish no range though there must be one: dates in `timezone`, both inclusive, or instants,
//! `to` exclusive; the last 30 days when absent.

mod query;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::channel::{self, Vendor};
use super::external_id::{Thing, uuid_of};
use super::{Gate, parameters, status};
use crate::app::{Error, Lookups};
use crate::metric::sla::{self, Clocks, Outcomes};
use crate::metric::{Bucket, GroupBy, Percentile};
use crate::model::{FilterAttribute, Permission};
use query::{BreakdownQuery, Grouping, Narrowing, OverviewQuery, TrendQuery};

/// The figures of a range
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxOverview)]
struct Overview {
    /// Sessions under an SLA policy among all sessions, 0 to 100
    coverage_rate: f64,
    /// Sessions created in the range, whatever `policy_id`
    total_sessions: u64,
    /// Those of them that ever were under an SLA policy; with `policy_id`, under that one
    sla_sessions: u64,
    compliance: Compliance,
    percentiles: Percentiles,
}

/// How clocks stand
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxCompliance)]
struct Compliance {
    /// Rate over all three together, 0 to 100
    overall: f64,
    first_reply: Outcome,
    next_reply: Outcome,
    resolution: Outcome,
}

/// How the clocks of one kind stand; each is in one of the four states
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxOutcome)]
struct Outcome {
    /// Completed in time
    fulfilled: u64,
    /// Past due and still not completed
    breached: u64,
    /// Completed late
    completed_after_breach: u64,
    /// Running or paused, not past due
    active: u64,
    /// Completed in time among all but the active, 0 to 100
    rate: f64,
}

/// What completed clocks counted
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxPercentiles)]
struct Percentiles {
    first_reply: Seconds,
    next_reply: Seconds,
    resolution: Seconds,
}

/// Percentiles in seconds, by linear interpolation
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxSeconds)]
struct Seconds {
    p50: f64,
    p90: f64,
    p95: f64,
}

/// The figures of a group
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxGroup)]
struct Group {
    grouping: GroupKey,
    /// Sessions with a clock in the group
    sessions_count: u64,
    compliance: Compliance,
    percentiles: Percentiles,
}

/// Which group
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxGroupKey)]
struct GroupKey {
    /// What groups
    #[serde(rename = "type")]
    kind: Grouping,
    /// Id of policy and team (a UUID), number of an agent, word of a channel; null of sessions without one
    #[schema(required)]
    id: Option<GroupId>,
    /// Its name
    name: String,
}

/// Id of a group
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxGroupId)]
#[serde(untagged)]
enum GroupId {
    Number(i64),
    Text(String),
}

/// Figures over time
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxTrend)]
struct Trend {
    granularity: query::Granularity,
    /// Every day or week of the range, in order
    data: Vec<Point>,
}

/// The figures of a day or week
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxPoint)]
struct Point {
    /// The day, or the Monday that begins the week
    #[schema(format = "date", example = "2026-05-04")]
    date: String,
    /// Sessions created then that have a clock
    sessions_count: u64,
    compliance: Compliance,
    percentiles: Percentiles,
}

/// What went wrong
#[derive(Serialize, ToSchema)]
#[schema(as = OpenCxError)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refusal {
    status_code: u16,
    /// Name of the status
    error: &'static str,
    /// What is wrong and what is allowed
    message: String,
}

failures!(Refusal);

/// An error in the vendor's shape.
pub(super) fn refuse(error: &Error) -> Response {
    let status: StatusCode = status(error);
    let name = status.canonical_reason().unwrap_or("Error");
    let refusal = Refusal { status_code: status.as_u16(), error: name, message: error.to_string() };
    (status, Json(refusal)).into_response()
}

impl From<Outcomes> for Outcome {
    fn from(outcomes: Outcomes) -> Outcome {
        Outcome {
            fulfilled: outcomes.fulfilled,
            breached: outcomes.breached,
            completed_after_breach: outcomes.completed_after_breach,
            active: outcomes.active,
            rate: outcomes.rate().unwrap_or(0.0),
        }
    }
}

/// The percentiles that every answer has.
fn percentiles() -> Vec<Percentile> {
    [50.0, 90.0, 95.0].into_iter().filter_map(Percentile::of).collect()
}

fn shown(clocks: &Clocks) -> (Compliance, Percentiles) {
    let [first_reply, next_reply, resolution] = clocks.outcomes;
    let compliance = Compliance {
        overall: first_reply.and(next_reply).and(resolution).rate().unwrap_or(0.0),
        first_reply: first_reply.into(),
        next_reply: next_reply.into(),
        resolution: resolution.into(),
    };
    let [first_reply, next_reply, resolution] = [0, 1, 2].map(|metric: usize| {
        let seconds = |place: usize| clocks.counted[metric].percentiles.get(place).map_or(0.0, |ms| ms / 1_000.0);
        Seconds { p50: seconds(0), p90: seconds(1), p95: seconds(2) }
    });
    (compliance, Percentiles { first_reply, next_reply, resolution })
}

/// SLA analytics overview
///
/// How many sessions are under an SLA policy, how their clocks stand, and how long completed ones took.
#[utoipa::path(
    get, path = "/sla/analytics", tag = "open.cx", operation_id = "openCxOverview", params(OverviewQuery),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The figures", body = Overview),
        Failures,
    )
)]
pub async fn answer_overview(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let work = |lookups| async move {
        let query: OverviewQuery = parameters(&uri)?;
        overview(&lookups, query.into()).await.map(Json)
    };
    gate.answer(gate.bearer(&headers).await, Permission::ReadAnalytics, refuse, work).await
}

/// SLA analytics breakdown
///
/// The same figures by policy, team, agent or channel, the group with the most sessions first.
#[utoipa::path(
    get, path = "/sla/analytics/breakdown", tag = "open.cx", operation_id = "openCxBreakdown", params(BreakdownQuery),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "A list of groups", body = Vec<Group>),
        Failures,
    )
)]
pub async fn answer_breakdown(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let work = |lookups| async move {
        let query: BreakdownQuery = parameters(&uri)?;
        let grouping = query.grouping()?;
        breakdown(&lookups, query.into(), grouping).await.map(Json)
    };
    gate.answer(gate.bearer(&headers).await, Permission::ReadAnalytics, refuse, work).await
}

/// SLA analytics trend
///
/// The same figures by the day or week in which sessions were created.
#[utoipa::path(
    get, path = "/sla/analytics/trend", tag = "open.cx", operation_id = "openCxTrend", params(TrendQuery),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "Every bucket of the range", body = Trend),
        Failures,
    )
)]
pub async fn answer_trend(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let work = |lookups| async move {
        let query: TrendQuery = parameters(&uri)?;
        let granularity = query.granularity()?;
        trend(&lookups, query.into(), granularity).await.map(Json)
    };
    gate.answer(gate.bearer(&headers).await, Permission::ReadAnalytics, refuse, work).await
}

async fn overview(lookups: &Lookups, narrowing: Narrowing) -> Result<Overview, Error> {
    let scope = narrowing.scope(lookups).await?;
    let asks = [sla::cases(&scope, Vec::new()), sla::clocks(&scope, Vec::new(), &percentiles())];
    let answers = lookups.answer_each(asks).await?;
    let [cases, clocks] = &answers[..] else { return Err(Error::Internal) };
    let found = cases.groups.first().map(|group| sla::cases_of(group, 0)).unwrap_or_default();
    let (compliance, percentiles) = shown(&sla::clocks_of(&clocks.groups, &[], 0));
    Ok(Overview {
        coverage_rate: found.coverage().unwrap_or(0.0),
        total_sessions: found.total,
        sla_sessions: found.with_policy,
        compliance,
        percentiles,
    })
}

async fn breakdown(lookups: &Lookups, narrowing: Narrowing, grouping: Grouping) -> Result<Vec<Group>, Error> {
    let scope = narrowing.scope(lookups).await?;
    let attribute = FilterAttribute::from(grouping);
    let by = vec![GroupBy::Attribute(attribute)];
    let asks = [sla::clocks(&scope, by.clone(), &percentiles()), sla::clock_cases(&scope, by)];
    let answers = lookups.answer_each(asks).await?;
    let [clocks, cases] = &answers[..] else { return Err(Error::Internal) };
    let counted = cases.groups.iter().filter_map(|group| Some((group.key.first()?.clone(), group.cells.first()?.rows)));
    let counted: Vec<_> = counted.filter(|(_, sessions)| *sessions > 0).collect();
    let values: Vec<Arc<str>> = counted.iter().filter_map(|(value, _)| value.clone()).collect();
    let names = lookups.labels(attribute, &values).await?;
    let ids: Vec<String> = values.iter().map(ToString::to_string).collect();
    let agents = match grouping {
        Grouping::Agent if !ids.is_empty() => lookups.agents(&ids).await?,
        _ => Default::default(),
    };
    let workspace = &lookups.viewer().workspace;
    let id_of = |value: &Arc<str>| match grouping {
        Grouping::Policy => GroupId::Text(uuid_of(workspace, Thing::Policy, value).to_string()),
        Grouping::Team => GroupId::Text(uuid_of(workspace, Thing::Team, value).to_string()),
        Grouping::Channel => GroupId::Text(channel::write(Vendor::OpenCx, value).to_owned()),
        // An agent that no line names has no number.
        Grouping::Agent => match agents.get(&**value) {
            Some(agent) => GroupId::Number(agent.number),
            None => GroupId::Text(value.to_string()),
        },
    };
    let group = |(value, sessions): (Option<Arc<str>>, u64)| {
        let (compliance, percentiles) = shown(&sla::clocks_of(&clocks.groups, std::slice::from_ref(&value), 0));
        let name = value.as_ref().and_then(|value| names.get(value)).cloned().unwrap_or_else(|| "None".to_owned());
        let grouping = GroupKey { kind: grouping, id: value.as_ref().map(id_of), name };
        (value, Group { grouping, sessions_count: sessions, compliance, percentiles })
    };
    let mut groups: Vec<_> = counted.into_iter().map(group).collect();
    groups.sort_by(|(a_value, a), (b_value, b)| {
        let by_size = b.sessions_count.cmp(&a.sessions_count);
        by_size.then_with(|| a.grouping.name.cmp(&b.grouping.name)).then_with(|| a_value.cmp(b_value))
    });
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

async fn trend(lookups: &Lookups, narrowing: Narrowing, granularity: query::Granularity) -> Result<Trend, Error> {
    let scope = narrowing.scope(lookups).await?;
    let buckets = scope.buckets(granularity.into()).map_err(|error| Error::Limit(error.to_string()))?;
    if buckets.is_empty() {
        return Ok(Trend { granularity, data: Vec::new() });
    }
    let asks = [
        sla::clocks(&scope, Vec::new(), &percentiles()).in_buckets(&buckets),
        sla::clock_cases(&scope, Vec::new()).in_buckets(&buckets),
    ];
    let answers = lookups.answer_each(asks).await?;
    let [clocks, cases] = &answers[..] else { return Err(Error::Internal) };
    let point = |(place, bucket): (usize, &Bucket)| {
        let cell = cases.groups.first().and_then(|group| group.cells.get(place));
        let (compliance, percentiles) = shown(&sla::clocks_of(&clocks.groups, &[], place));
        let sessions_count = cell.map_or(0, |cell| cell.rows);
        Point { date: bucket.label.clone(), sessions_count, compliance, percentiles }
    };
    Ok(Trend { granularity, data: buckets.iter().enumerate().map(point).collect() })
}
