//! Rocket.Chat's livechat analytics: agent overview and overview. Names, shapes and number formats are Rocket.Chat's, down to
//! `00:00:60`; of `from` and `to` only the dates count, in the workspace's zone, both inclusive.
//!
//! What we do otherwise: agents are ordered by their true values (Rocket.Chat orders lengths of time by their hours only), equal ones by
//! name; a room without messages counts as none and not as one; a resolved room is not open, of which Rocket.Chat knows nothing. Chat
//! durations are of closed cases: where a source only ever resolves they are empty. Permission `view-livechat-manager` is that to read
//! analytics. A room is a case, a department a team.

mod format;
mod overview;
mod query;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Gate, status, text_of};
use crate::app::{Error, Lookups};
use crate::metric::Scope;
use crate::metric::agent_overview::AgentMeasure;
use crate::model::{Agent, Permission, Viewer};
use format::{clock, percent};
use overview::{Chart, Figure};
use query::{Query, Wrong};

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const USER: HeaderName = HeaderName::from_static("x-user-id");

/// What each agent did
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatAgentOverview)]
struct AgentOverview {
    /// Names of the two columns; absent, with the data, for a name that is not known and dates that cannot be read
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    head: Option<[Column; 2]>,
    /// One row an agent who has a value
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    data: Option<Vec<Row>>,
    /// Always true
    success: bool,
}

/// A column
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatColumn)]
struct Column {
    name: &'static str,
}

/// An agent's value
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatRow)]
struct Row {
    /// Username; the name of an agent without one
    name: String,
    value: Value,
}

/// A number, a percentage such as `66.67%`, or a length of time as `HH:MM:SS`
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = RocketChatValue)]
#[serde(untagged)]
enum Value {
    Number(u64),
    Text(String),
}

/// Figures; or success alone, for a name that is not known and dates that cannot be read
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatOverview)]
#[serde(untagged)]
enum Overview {
    Figures(Vec<Figure>),
    Nothing(Success),
}

/// Nothing to tell
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatSuccess)]
struct Success {
    /// Always true
    success: bool,
}

/// What went wrong
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatError)]
pub(super) struct Refusal {
    /// Always false
    success: bool,
    /// What is wrong
    error: String,
    /// Kind of error
    #[serde(rename = "errorType", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    kind: Option<&'static str>,
}

/// Nobody is logged in
#[derive(Serialize, ToSchema)]
#[schema(as = RocketChatUnauthorized)]
pub(super) struct Unauthorized {
    /// error
    status: &'static str,
    message: &'static str,
}

failures!(Refusal, Unauthorized);

/// An error in the vendor's shape.
pub(super) fn refuse(error: &Error) -> Response {
    let (text, kind) = match error {
        Error::Unauthenticated(_) => {
            let body = Unauthorized { status: "error", message: "You must be logged in to do this." };
            return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
        }
        Error::Forbidden(_) => {
            ("User does not have the permissions required for this action [error-unauthorized]".to_owned(), None)
        }
        Error::Invalid(text) => (text.clone(), text.ends_with(query::INVALID).then_some("invalid-params")),
        other => (other.to_string(), None),
    };
    (status(error), Json(Refusal { success: false, error: text, kind })).into_response()
}

impl Gate {
    /// The viewer of a token whose subject the other header names.
    async fn user(&self, headers: &HeaderMap) -> Result<Arc<Viewer>, Error> {
        let missing = || Error::Unauthenticated("token or user id is missing".to_owned());
        let (token, user) =
            (text_of(headers, &TOKEN).ok_or_else(missing)?, text_of(headers, &USER).ok_or_else(missing)?);
        let viewer = self.token(token).await?;
        if viewer.subject != user {
            return Err(Error::Unauthenticated("user id is not the token's subject".to_owned()));
        }
        Ok(viewer)
    }
}

/// The measure of a name, and what its column is called.
fn measure(name: &str) -> Option<(AgentMeasure, &'static str)> {
    Some(match name {
        "Total_conversations" => (AgentMeasure::CaseShare, "%_of_conversations"),
        "Avg_chat_duration" => (AgentMeasure::AverageChatDuration, "Avg_chat_duration"),
        "Total_messages" => (AgentMeasure::Messages, "Total_messages"),
        "Avg_first_response_time" => (AgentMeasure::AverageFirstResponseTime, "Avg_first_response_time"),
        "Best_first_response_time" => (AgentMeasure::BestFirstResponseTime, "Best_first_response_time"),
        "Avg_response_time" => (AgentMeasure::AverageResponseTime, "Avg_response_time"),
        "Avg_reaction_time" => (AgentMeasure::AverageReactionTime, "Avg_reaction_time"),
        _ => return None,
    })
}

/// The scope of a request; `None` where Rocket.Chat answers success and nothing else.
async fn scope(lookups: &Lookups, uri: &Uri, knows: impl Fn(&str) -> bool) -> Result<Option<(Query, Scope)>, Error> {
    let query = Query::read(uri)?;
    if !knows(&query.name) {
        return Ok(None);
    }
    match query.scope(lookups).await {
        Ok(scope) => Ok(Some((query, scope))),
        Err(Wrong::Dates) => Ok(None),
        Err(Wrong::Else(error)) => Err(error),
    }
}

/// Agent overview
///
/// What each agent did with the rooms created in the window.
#[utoipa::path(
    get, path = "/api/v1/livechat/analytics/agent-overview", tag = "Rocket.Chat", operation_id = "rocketChatAgentOverview",
    params(query::AgentOverviewParameters), security(("rocketChatToken" = [], "rocketChatUser" = [])),
    responses(
        (status = 200, description = "The rows", body = AgentOverview),
        Failures,
    )
)]
pub async fn answer_agent_overview(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let work = |lookups| async move {
        let found = scope(&lookups, &uri, |name| measure(name).is_some()).await?;
        let of = found.and_then(|(query, scope)| Some((measure(&query.name)?, scope)));
        let Some(((measure, header), scope)) = of else {
            return Ok(Json(AgentOverview { head: None, data: None, success: true }));
        };
        let head = [Column { name: "Agent" }, Column { name: header }];
        let data = rows(&lookups, measure, &scope).await?;
        Ok(Json(AgentOverview { head: Some(head), data: Some(data), success: true }))
    };
    gate.answer(gate.user(&headers).await, Permission::ReadAnalytics, refuse, work).await
}

async fn rows(lookups: &Lookups, measure: AgentMeasure, scope: &Scope) -> Result<Vec<Row>, Error> {
    let answer = lookups.answer_one(measure.ask(scope)).await?;
    let values = measure.values(&answer.groups);
    let ids: Vec<String> = values.iter().map(|(id, _)| id.to_string()).collect();
    let mut agents = match ids.is_empty() {
        true => Default::default(),
        false => lookups.agents(&ids).await?,
    };
    let mut rows: Vec<_> =
        values.into_iter().filter_map(|(id, value)| Some((name(agents.remove(&*id)?), value))).collect();
    measure.sort(&mut rows, |(name, id)| (name.clone(), id.clone()));
    let value = |value: f64| match measure {
        AgentMeasure::CaseShare => Value::Text(percent(value)),
        // A whole number.
        AgentMeasure::Messages => Value::Number(value as u64),
        _ => Value::Text(clock(value / 1_000.0)),
    };
    Ok(rows.into_iter().map(|((name, _), of)| Row { name, value: value(of) }).collect())
}

/// What an agent is called, and the id by which equal names are told apart.
fn name(agent: Agent) -> (String, String) {
    (agent.username.unwrap_or(agent.name), agent.id)
}

/// Overview
///
/// Figures of the rooms created in the window: `Conversations` or `Productivity`.
#[utoipa::path(
    get, path = "/api/v1/livechat/analytics/overview", tag = "Rocket.Chat", operation_id = "rocketChatOverview",
    params(query::OverviewParameters), security(("rocketChatToken" = [], "rocketChatUser" = [])),
    responses(
        (status = 200, description = "The figures, by title", body = Overview),
        Failures,
    )
)]
pub async fn answer_overview(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let work = |lookups| async move {
        let found = scope(&lookups, &uri, |name| Chart::find(name).is_some()).await?;
        let of = found.and_then(|(query, scope)| Some((Chart::find(&query.name)?, scope)));
        let overview = match of {
            Some((chart, scope)) => Overview::Figures(chart.load(&lookups, &scope).await?),
            None => Overview::Nothing(Success { success: true }),
        };
        Ok(Json(overview))
    };
    gate.answer(gate.user(&headers).await, Permission::ReadAnalytics, refuse, work).await
}
