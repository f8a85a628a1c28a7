//! Pingback's analytics overview: `GET /api/v1/analytics/overview`, the last 30 times 24 hours. Shape and names are Pingback's.
//!
//! What we do otherwise than its page says: `customer_happiness` is the share of ratings of 4 and 5 given in the window, not the constant
//! 98; `resolution_rate` counts cases that are resolved or closed now. `median_handle_time` is the mean, as Pingback says of its own.
//! Where nothing was measured a number is 0. `active_agents` is null to a token of some teams, which does not see presence.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::channel::{self, Vendor};
use super::{Gate, Nothing, parameters, status};
use crate::app::{Error, Lookups};
use crate::metric::{Scope, Zone, overview};
use crate::model::{FilterAttribute, Period, Permission};

/// The window: 30 times 24 hours up to now.
const WINDOW: &str = "PT720H";
/// Agents that the list of the best has.
const TOP: usize = 5;

/// Key support figures of the last 30 days
#[derive(Serialize, ToSchema)]
#[schema(as = PingbackOverview)]
struct Overview {
    /// Conversations started in the last 30 days
    #[schema(example = 1284)]
    total_conversations: u64,
    /// Average time in seconds from creation to the first agent reply; 0 without any
    #[schema(example = 47)]
    avg_first_response: i64,
    /// Percentage of those conversations that are resolved or closed now, to one decimal; 0 without any
    #[schema(example = 91.3, minimum = 0, maximum = 100)]
    resolution_rate: f64,
    /// Agents who are not offline now; null to a token of some teams
    #[schema(example = 3, required)]
    active_agents: Option<u64>,
    /// Percentage of those conversations by channel, to one decimal, summing to 100; empty without any
    channel_mix: BTreeMap<String, f64>,
    /// The 5 agents with the most resolved conversations in the last 30 days
    #[schema(max_items = 5)]
    top_agents: Vec<TopAgent>,
    /// Conversations in status new or open right now, whenever they started
    #[schema(example = 14)]
    quick_pulse_open: u64,
    /// Average time in seconds from creation to resolution; 0 without any
    #[schema(example = 384)]
    median_handle_time: i64,
    /// Percentage of the ratings given in the last 30 days that are 4 or 5 of 5; 0 without any
    #[schema(example = 98, minimum = 0, maximum = 100)]
    customer_happiness: i64,
}

/// One of the best
#[derive(Serialize, ToSchema)]
#[schema(as = PingbackTopAgent)]
struct TopAgent {
    /// Name of the agent
    #[schema(example = "Sarah Chen")]
    name: String,
    /// Conversations resolved
    #[schema(example = 312)]
    resolved: u64,
}

/// What went wrong
#[derive(Serialize, ToSchema)]
#[schema(as = PingbackError)]
pub(super) struct Refusal {
    /// Code of the error
    error: &'static str,
    /// What is wrong and what is allowed
    message: String,
}

failures!(Refusal);

/// An error in the vendor's shape.
pub(super) fn refuse(error: &Error) -> Response {
    (status(error), Json(Refusal { error: error.code(), message: error.to_string() })).into_response()
}

/// Analytics overview
///
/// Key support figures of the workspace over the last 30 days.
#[utoipa::path(
    get, path = "/api/v1/analytics/overview", tag = "Pingback", operation_id = "pingbackOverview",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The figures", body = Overview),
        Failures,
    )
)]
pub async fn answer_overview(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let work = |lookups| async move {
        let Nothing {} = parameters(&uri)?;
        load(&lookups).await.map(Json)
    };
    gate.answer(gate.bearer(&headers).await, Permission::ReadAnalytics, refuse, work).await
}

async fn load(lookups: &Lookups) -> Result<Overview, Error> {
    let zone = Zone::find(&lookups.workspace().await?.workspace.timezone)?;
    let scope = Scope::resolve(&Period::Last(WINDOW.to_owned()), zone, None, lookups.now())?;
    let mut asks = overview::asks(&scope).to_vec();
    asks.push(overview::resolved_by_agent(&scope));
    let mut answers = lookups.answer_each(asks).await?;
    let resolved = answers.pop().ok_or(Error::Internal)?;
    let refs: Vec<_> = answers.iter().map(|answer| &**answer).collect();
    let figures = overview::Overview::of(refs.try_into().map_err(|_| Error::Internal)?);
    let active = overview::active_agents(&scope);
    let active_agents = match lookups.may_see(active.kind) {
        true => Some(lookups.answer_one(active).await?.figures().rows),
        false => None,
    };
    let top = overview::contenders(&resolved.groups, TOP);
    let ids: Vec<_> = top.iter().map(|(agent, _)| Arc::clone(agent)).collect();
    let names = lookups.labels(FilterAttribute::Agent, &ids).await?;
    let top = overview::best(top, TOP, |agent| names.get(agent).map(String::as_str));
    let named = |(agent, resolved): (Arc<str>, u64)| {
        let name = names.get(&agent).cloned().unwrap_or_else(|| agent.to_string());
        TopAgent { name, resolved }
    };
    Ok(Overview {
        total_conversations: figures.created.rows,
        avg_first_response: whole_seconds(figures.first_response.average()),
        resolution_rate: figures.resolution.percentage().map_or(0.0, |share| (share * 10.0).round() / 10.0),
        active_agents,
        channel_mix: mix(&figures.channels),
        top_agents: top.into_iter().map(named).collect(),
        quick_pulse_open: figures.open.rows,
        median_handle_time: whole_seconds(figures.handle.average()),
        customer_happiness: figures.csat.percentage().map_or(0, |share| share.round() as i64),
    })
}

/// Shares by Pingback's words; channels of ours that have one word there are one.
fn mix(shares: &[overview::ChannelShare]) -> BTreeMap<String, f64> {
    let mut tenths: BTreeMap<String, u64> = BTreeMap::new();
    for share in shares {
        *tenths.entry(channel::write(Vendor::Pingback, &share.channel).to_owned()).or_default() += share.tenths;
    }
    tenths.into_iter().map(|(channel, tenths)| (channel, tenths as f64 / 10.0)).collect()
}

/// Milliseconds in whole seconds, half away from zero; 0 of nothing.
fn whole_seconds(ms: Option<f64>) -> i64 {
    ms.map_or(0, |ms| (ms / 1_000.0).round() as i64)
}
