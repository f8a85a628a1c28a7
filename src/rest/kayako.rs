//! Kayako's case metrics: `GET /api/v1/cases/:id/metrics.json`. Names and order are Kayako's; it publishes names and types only, so every
//! meaning is that of our case metrics.
//!
//! Where its table and its sample differ we go by the table (`last_reopened_at`, `agent_updated_at`), and what never happened is null where
//! the sample shows 1970. `status_update_at` is what we call `statusUpdatedAt`. Times are whole seconds, 0 when there is nothing to count;
//! instants are in the workspace's zone. `:id` is the case's number, else its id. Business times of a workspace without business hours
//! are calendar times.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Gate, Nothing, named, parameters, status};
use crate::app::{Error, Lookups};
use crate::metric::Zone;
use crate::model::instant::whole_seconds;
use crate::model::{Instant, Permission};
use crate::record::case::PersonKind;
use crate::record::{CaseRecord, Person};

/// Kind of the resource.
const RESOURCE: &str = "case_metric";

/// Metrics of a case
#[derive(Serialize, ToSchema)]
#[schema(as = KayakoCaseMetrics)]
struct Envelope {
    /// Status of the response
    #[schema(example = 200)]
    status: u16,
    data: Metrics,
    /// Kind of the data: case_metric
    #[schema(example = "case_metric")]
    resource: &'static str,
}

/// Every figure of one case; instants, with the offset of the workspace's zone, are null when it never happened
#[derive(Serialize, ToSchema)]
#[schema(as = KayakoMetrics)]
struct Metrics {
    /// Resolved, never reopened, with at most one agent reply before
    is_first_contact_resolved: bool,
    was_reopened: bool,
    #[schema(format = DateTime, required)]
    last_reopened_at: Option<String>,
    /// First assignment to an agent; one given at creation is none
    #[schema(format = DateTime, required)]
    first_assignment_at: Option<String>,
    #[schema(format = DateTime, required)]
    last_assignment_at: Option<String>,
    #[schema(format = DateTime, required)]
    last_activity_by_requester_at: Option<String>,
    #[schema(format = DateTime, required)]
    last_activity_by_assignee_at: Option<String>,
    #[schema(format = DateTime, required)]
    last_reply_by_agent_at: Option<String>,
    #[schema(format = DateTime, required)]
    last_reply_by_assignee_at: Option<String>,
    /// The opening message is no reply
    #[schema(format = DateTime, required)]
    last_reply_by_requester_at: Option<String>,
    #[schema(format = DateTime, required)]
    last_reply_by_customer_at: Option<String>,
    #[schema(format = DateTime, required)]
    agent_updated_at: Option<String>,
    #[schema(format = DateTime, required)]
    customer_updated_at: Option<String>,
    #[schema(format = DateTime, required)]
    requester_updated_at: Option<String>,
    #[schema(format = DateTime, required)]
    team_updated_at: Option<String>,
    #[schema(format = DateTime, required)]
    priority_updated_at: Option<String>,
    #[schema(format = DateTime, required)]
    type_updated_at: Option<String>,
    #[schema(format = DateTime, required)]
    status_update_at: Option<String>,
    reopen_count: i32,
    /// Null while the case is not resolved or closed
    #[schema(format = DateTime, required)]
    resolution_at: Option<String>,
    agents_to_resolution: i32,
    replies_to_resolution: i32,
    /// Author of the latest public message
    #[schema(required)]
    last_replier: Option<User>,
    /// Author of the resolution; null for automation
    #[schema(required)]
    resolved_by: Option<User>,
    /// Seconds, as are all times
    resolution_calendar_time: i32,
    resolution_business_time: i32,
    average_calendar_response_time: i32,
    average_business_response_time: i32,
    agent_first_calendar_response_time: i32,
    agent_first_business_response_time: i32,
    agent_calendar_wait_time: i32,
    agent_business_wait_time: i32,
    customer_calendar_wait_time: i32,
    customer_business_wait_time: i32,
    priority_change_count: i32,
    sla_change_count: i32,
    agent_reply_count: i32,
    requester_reply_count: i32,
    assignee_change_count: i32,
    team_change_count: i32,
    agent_touch_count: i32,
    /// case_metric
    #[schema(example = "case_metric")]
    resource_type: &'static str,
}

/// A user
#[derive(Serialize, ToSchema)]
#[schema(as = KayakoUser)]
struct User {
    id: UserId,
    /// user
    #[schema(example = "user")]
    resource_type: &'static str,
}

/// Number of an agent; id of a customer, who has no number
#[derive(Serialize, ToSchema)]
#[schema(as = KayakoUserId)]
#[serde(untagged)]
enum UserId {
    Number(i64),
    Text(String),
}

/// What went wrong
#[derive(Serialize, ToSchema)]
#[schema(as = KayakoErrors)]
pub(super) struct Refusal {
    /// Status of the response
    status: u16,
    errors: Vec<Reason>,
    /// Always empty
    notifications: Vec<String>,
}

/// One thing that is wrong
#[derive(Serialize, ToSchema)]
#[schema(as = KayakoError)]
pub(super) struct Reason {
    /// AUTHENTICATION_FAILED, PERMISSIONS_DENIED, RESOURCE_NOT_FOUND, FIELD_INVALID or SERVICE_UNAVAILABLE
    code: &'static str,
    /// What is wrong and what is allowed
    message: String,
}

failures!(Refusal);

/// An error in the vendor's shape.
pub(super) fn refuse(error: &Error) -> Response {
    let code = match error {
        Error::Unauthenticated(_) => "AUTHENTICATION_FAILED",
        Error::Forbidden(_) => "PERMISSIONS_DENIED",
        Error::NotFound(_) => "RESOURCE_NOT_FOUND",
        Error::Invalid(_) | Error::Limit(_) | Error::Conflict(_) => "FIELD_INVALID",
        Error::TooOften { .. } => "RATE_LIMIT_EXCEEDED",
        Error::Unavailable(_) => "SERVICE_UNAVAILABLE",
        Error::Internal => "INTERNAL_ERROR",
    };
    let status = status(error);
    let errors = vec![Reason { code, message: error.to_string() }];
    (status, Json(Refusal { status: status.as_u16(), errors, notifications: Vec::new() })).into_response()
}

/// Metrics of a case
///
/// Every figure of one case that the token's holder sees.
#[utoipa::path(
    get, path = "/api/v1/cases/{id}/metrics.json", tag = "Kayako", operation_id = "kayakoCaseMetrics",
    params(("id" = String, Path, description = "Number of the case, else its id", example = "1")),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The figures", body = Envelope),
        (status = 404, description = "No such case, or none that the token's holder sees", body = Refusal),
        Failures,
    )
)]
pub async fn answer_metrics(
    State(gate): State<Arc<Gate>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let work = |lookups| async move {
        let Nothing {} = parameters(&uri)?;
        let case = find(&lookups, &named(id)?).await?;
        let data = metrics(&lookups, &case).await?;
        Ok(Json(Envelope { status: 200, data, resource: RESOURCE }))
    };
    gate.answer(gate.bearer(&headers).await, Permission::ReadCases, refuse, work).await
}

/// The case of a number or id.
async fn find(lookups: &Lookups, id: &str) -> Result<CaseRecord, Error> {
    if let Ok(number) = id.parse::<i64>()
        && let Some(case) = lookups.cases_by_number(&[number]).await?.remove(&number)
    {
        return Ok(case);
    }
    let missing = || Error::NotFound("there is no such case, or none that you see".to_owned());
    lookups.cases(&[id.to_owned()]).await?.remove(id).ok_or_else(missing)
}

async fn user(lookups: &Lookups, person: Option<&Person>) -> Result<Option<User>, Error> {
    let Some(person) = person else { return Ok(None) };
    let ids = [person.id.clone()];
    let id = match person.kind {
        PersonKind::Agent => lookups.agents(&ids).await?.remove(&person.id).map(|agent| UserId::Number(agent.number)),
        PersonKind::Customer => None,
    };
    let id = id.unwrap_or_else(|| UserId::Text(person.id.clone()));
    Ok(Some(User { id, resource_type: "user" }))
}

async fn metrics(lookups: &Lookups, case: &CaseRecord) -> Result<Metrics, Error> {
    let zone = Zone::find(&lookups.workspace().await?.workspace.timezone)?;
    let at = |instant: Option<Instant>| instant.map(|instant| shown(instant, &zone));
    let time = |ms: Option<i64>| whole_seconds(ms, 1);
    Ok(Metrics {
        is_first_contact_resolved: case.is_first_contact_resolved,
        was_reopened: case.reopen_count > 0,
        last_reopened_at: at(case.last_reopened_at),
        first_assignment_at: at(case.first_assignment_at),
        last_assignment_at: at(case.last_assignment_at),
        last_activity_by_requester_at: at(case.last_activity_by_requester_at),
        last_activity_by_assignee_at: at(case.last_activity_by_assignee_at),
        last_reply_by_agent_at: at(case.last_reply_by_agent_at),
        last_reply_by_assignee_at: at(case.last_reply_by_assignee_at),
        last_reply_by_requester_at: at(case.last_reply_by_requester_at),
        last_reply_by_customer_at: at(case.last_reply_by_customer_at),
        agent_updated_at: at(case.agent_updated_at),
        customer_updated_at: at(case.customer_updated_at),
        requester_updated_at: at(case.requester_updated_at),
        team_updated_at: at(case.team_updated_at),
        priority_updated_at: at(case.priority_updated_at),
        type_updated_at: at(case.type_updated_at),
        status_update_at: at(case.status_updated_at),
        reopen_count: case.reopen_count,
        resolution_at: at(case.resolution_at),
        agents_to_resolution: case.agents_to_resolution,
        replies_to_resolution: case.replies_to_resolution,
        last_replier: user(lookups, case.last_replier.as_ref()).await?,
        resolved_by: user(lookups, case.resolved_by.as_ref()).await?,
        resolution_calendar_time: time(case.resolution_calendar_ms),
        resolution_business_time: time(case.resolution_business_ms),
        average_calendar_response_time: whole_seconds(case.customer_wait_calendar_ms, case.reply_gap_count),
        average_business_response_time: whole_seconds(case.customer_wait_business_ms, case.reply_gap_count),
        agent_first_calendar_response_time: time(case.first_response_calendar_ms),
        agent_first_business_response_time: time(case.first_response_business_ms),
        agent_calendar_wait_time: time(case.agent_wait_calendar_ms),
        agent_business_wait_time: time(case.agent_wait_business_ms),
        customer_calendar_wait_time: time(case.customer_wait_calendar_ms),
        customer_business_wait_time: time(case.customer_wait_business_ms),
        priority_change_count: case.priority_change_count,
        sla_change_count: case.sla_change_count,
        agent_reply_count: case.agent_reply_count,
        requester_reply_count: case.requester_reply_count,
        assignee_change_count: case.assignee_change_count,
        team_change_count: case.team_change_count,
        agent_touch_count: case.agent_touch_count,
        resource_type: RESOURCE,
    })
}

/// An instant as Kayako writes it: `2016-03-10T12:34:24+05:00`.
fn shown(instant: Instant, zone: &Zone) -> String {
    let local = instant.to_timestamp().to_zoned(zone.rules().clone());
    local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
