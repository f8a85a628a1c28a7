//! `/graphql`: GraphQL over HTTP by its specification, which the library's own responder is not.
//!
//! A request that is not well formed is answered 4xx without `data`. A document that does not parse or validate is 400 to a client
//! that takes `application/graphql-response+json` and 200 to one that only takes `application/json`. Every error has a code.
//! What only a site of its own could send by itself (a form, plain text, GET without a token) reaches nothing: a token is never a cookie.

pub mod operation;
pub mod parameters;
pub mod render;

use std::pin::pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use futures_util::future::join_all;

use super::error::status;
use super::fixed::{Asked as FixedKey, Fixed};
use super::log::{is_audited, watched};
use super::negotiate::Answer;
use super::{Door, header_text, within};
use crate::app::told::note_answer;
use crate::app::{Error, Pass, Spent, Told};
use crate::graphql::Executed;
use crate::model::Viewer;
use operation::{How, perform, prepare};
use parameters::{Asked, Operation, check_content_type, of_body, of_url, read_body};
use render::{Answered, code_of, refuse, status_of, with_type, write};

/// With the value 1 asks what answering took, in `extensions.stats`.
const X_STATS: HeaderName = HeaderName::from_static("x-stats");
/// What the request was estimated to cost, in fields.
pub const X_COST_ESTIMATED: HeaderName = HeaderName::from_static("x-cost-estimated");
/// What a request may cost at most.
pub const X_COST_MAX: HeaderName = HeaderName::from_static("x-cost-max");

/// A refusal before anything ran: the status and the error.
pub type Refusal = (StatusCode, Error);

/// Answers POST, with all that is done around a request.
pub async fn answer_watched(State(door): State<Arc<Door>>, request: Request<Body>) -> Response {
    watched(Arc::clone(&door), request, |request| answer(State(Arc::clone(&door)), request)).await
}

/// Answers GET and POST.
pub async fn answer(State(door): State<Arc<Door>>, request: Request<Body>) -> Response {
    let mut told = Told::default();
    let accept = joined(request.headers(), header::ACCEPT);
    let mut response = match Answer::choose(accept.as_deref()) {
        None => {
            let text = "accept allows neither `application/graphql-response+json` nor `application/json`";
            let error = Error::Invalid(text.to_owned());
            told.code = Some(error.code().to_owned());
            refuse(Answer::Json, (StatusCode::NOT_ACCEPTABLE, error))
        }
        Some(answer) => {
            let ran = {
                let run = pin!(run(&door, request, answer, &mut told));
                within(door.limits.request_timeout, run).await.map_err(at_status).flatten()
            };
            match ran {
                Ok(response) => response,
                Err(refusal) => {
                    told.code = Some(refusal.1.code().to_owned());
                    refuse(answer, refusal)
                }
            }
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-encoding, authorization"));
    if told.spent.cost > 0 {
        headers.insert(X_COST_ESTIMATED, told.spent.cost.into());
        headers.insert(X_COST_MAX, door.schema.bounds().cost.into());
    }
    note_answer(told);
    response
}

async fn run(door: &Door, request: Request<Body>, answer: Answer, told: &mut Told) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let is_post = head.method == Method::POST;
    if is_post {
        check_content_type(&head.headers)?;
    }
    let authorization = header_text(&head.headers, header::AUTHORIZATION);
    let viewer = door.identity.of_header(authorization).await.map_err(at_status)?;
    told.viewer = Some(Arc::clone(&viewer));
    door.admission.count(&viewer, 1).map_err(at_status)?;
    let how = How { is_get: !is_post, shows_stats: header_text(&head.headers, X_STATS) == Some("1") };
    if !is_post {
        let operation = of_url(&head.uri, &door.limits)?;
        return Box::pin(one(door, viewer, operation, how, (answer, None), told)).await;
    }
    let asked = FixedKey { viewer: Arc::clone(&viewer), answer, body: read_body(body, &door.limits).await? };
    // The audit log wants to know what was asked.
    if let Some(fixed) = door.fixed.find(&asked).filter(|_| !how.shows_stats && !is_audited()) {
        told.operation = fixed.operation;
        told.spent.cost = fixed.cost;
        return Ok(with_type(answer, StatusCode::OK, fixed.body));
    }
    match of_body(&asked.body, &door.limits)? {
        // Large, and not to be moved about with what is answered already.
        Asked::One(operation) => Box::pin(one(door, viewer, operation, how, (answer, Some(asked)), told)).await,
        Asked::Batch(operations) => Box::pin(batch(door, viewer, operations, how, answer, told)).await,
    }
}

/// Answers one operation; what follows from its body alone is kept.
async fn one(
    door: &Door,
    viewer: Arc<Viewer>,
    operation: Operation,
    how: How,
    (answer, asked): (Answer, Option<FixedKey>),
    told: &mut Told,
) -> Result<Response, Refusal> {
    let prepared = prepare(door, operation, told)?;
    let pass = enter(door, told).await?;
    let executed = perform(door, viewer, prepared, how, told).await?;
    drop(pass);
    told.code = code_of(&executed.response.errors);
    let answered = Answered::of(&executed.response);
    let body = write(&answered, door.limits.response_bytes)?;
    if let Some(asked) = asked.filter(|_| executed.is_fixed && executed.response.errors.is_empty()) {
        let (operation, cost) = (told.operation.clone(), told.spent.cost);
        door.fixed.keep(asked, Fixed { operation, cost, body: body.clone() });
    }
    Ok(with_type(answer, status_of(answer, &answered), body))
}

/// Answers several operations, all at once, in one place at work. Each counts as a request of its viewer.
async fn batch(
    door: &Door,
    viewer: Arc<Viewer>,
    operations: Vec<Operation>,
    how: How,
    answer: Answer,
    told: &mut Told,
) -> Result<Response, Refusal> {
    let more = u32::try_from(operations.len().saturating_sub(1)).unwrap_or(u32::MAX);
    door.admission.count(&viewer, more).map_err(at_status)?;
    let pass = enter(door, told).await?;
    let performed = join_all(operations.into_iter().map(|operation| {
        let viewer = Arc::clone(&viewer);
        async move {
            let mut told = Told::default();
            let executed = match prepare(door, operation, &mut told) {
                Ok(prepared) => perform(door, viewer, prepared, how, &mut told).await,
                Err(refusal) => Err(refusal),
            };
            (executed.unwrap_or_else(|(_, error)| Executed::refused(&error)), told)
        }
    }));
    let performed = performed.await;
    drop(pass);
    let names: Vec<&str> = performed.iter().filter_map(|(_, told)| told.operation.as_deref()).collect();
    told.operation = (!names.is_empty()).then(|| names.join(","));
    for (executed, of_one) in &performed {
        told.spent.add(&of_one.spent);
        told.code = told.code.take().or_else(|| code_of(&executed.response.errors));
        if let (Some(asked), Some(more)) = (&mut told.asked, &of_one.asked) {
            asked.add(more);
        } else {
            told.asked = told.asked.take().or_else(|| of_one.asked.clone());
        }
    }
    let answered: Vec<Answered<'_>> = performed.iter().map(|(executed, _)| Answered::of(&executed.response)).collect();
    let body = write(&answered, door.limits.response_bytes)?;
    Ok(with_type(answer, StatusCode::OK, body))
}

/// Waits for a place at work.
pub async fn enter(door: &Door, told: &mut Told) -> Result<Pass, Refusal> {
    let pass = door.admission.enter().await.map_err(at_status)?;
    told.spent = Spent { waited_seconds: pass.waited_seconds, ..told.spent };
    Ok(pass)
}

/// An error under the status that it has at every door.
pub fn at_status(error: Error) -> Refusal {
    (status(&error), error)
}

/// A document over a bound is a wrong request, not a body too large.
fn bad_request(error: Error) -> Refusal {
    (StatusCode::BAD_REQUEST, error)
}

fn invalid(text: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, Error::Invalid(text.to_owned()))
}

/// A header that may come several times, as one list.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every request moves it to where it is run.
    #[test]
    fn what_a_request_runs_as_stays_small() {
        fn bytes<A, B, F>(_: impl Fn(A, B) -> F) -> usize {
            size_of::<F>()
        }
        let (alone, watched) = (bytes(answer), bytes(answer_watched));
        assert!(alone <= 3_072 && watched <= 4_096, "{alone} and {watched} bytes");
    }
}
