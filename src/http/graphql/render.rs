//! Answers as GraphQL over HTTP has them: which status, which media type, with `data` or without.

use std::collections::BTreeMap;
use std::io::{self, Write};

use async_graphql::{Response as Executed, ServerError};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;

use super::{Refusal, bad_request};
use crate::app::Error;
use crate::graphql::error::refused;
use crate::http::error::say_what_to_do;
use crate::http::negotiate::Answer;

/// Headers that an answer has.
const HEADERS: usize = 12;

/// The body of an answer. `data` is absent when nothing ran.
#[derive(Serialize)]
pub struct Answered<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a async_graphql::Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, async_graphql::Value>,
}

impl<'a> Answered<'a> {
    /// Of what the library answered. Nothing ran when there is no data and no error has a place in it.
    pub fn of(executed: &'a Executed) -> Answered<'a> {
        let nothing_ran = executed.data == async_graphql::Value::Null
            && !executed.errors.is_empty()
            && executed.errors.iter().all(|error| error.path.is_empty());
        let data = (!nothing_ran).then_some(&executed.data);
        Answered { errors: &executed.errors, data, extensions: &executed.extensions }
    }

    /// Indicates nothing ran.
    pub fn nothing_ran(&self) -> bool {
        self.data.is_none()
    }
}

/// The library writes line 0 where there is no place; the specification counts from 1.
pub fn drop_no_places(executed: &mut Executed) {
    for error in &mut executed.errors {
        error.locations.retain(|place| place.line > 0);
    }
}

/// The status of an answer.
pub fn status_of(answer: Answer, answered: &Answered<'_>) -> StatusCode {
    match answer {
        Answer::Response if answered.nothing_ran() => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

/// Writes an answer, or several as a list, unless that takes more than so many bytes.
///
/// # Errors
/// `Limit` then.
pub fn write(answered: &(impl Serialize + ?Sized), limit: usize) -> Result<Bytes, Refusal> {
    let mut bounded = Bounded { bytes: Vec::new(), limit };
    match serde_json::to_writer(&mut bounded, answered) {
        Ok(()) => Ok(bounded.bytes.into()),
        Err(error) if error.is_io() => {
            let text = format!("answer has more than {limit} bytes; ask for less, by pages");
            Err(bad_request(Error::Limit(text)))
        }
        Err(error) => {
            tracing::error!(%error, "answer could not be written");
            Err((StatusCode::INTERNAL_SERVER_ERROR, Error::Internal))
        }
    }
}

/// Takes so many bytes and no more.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Renders a request that was refused before it reached the library, or whose answer was.
pub fn refuse(answer: Answer, (status, error): Refusal) -> Response {
    let mut error = refused(&error);
    error.locations.clear();
    let answered = Answered { errors: &[error], data: None, extensions: &BTreeMap::new() };
    let body = write(&answered, usize::MAX).unwrap_or_default();
    let mut response = with_type(answer, status, body);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    say_what_to_do(&mut response);
    response
}

/// A body in the media type of the answer.
pub fn with_type(answer: Answer, status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // Those that are still to come included.
    headers.reserve(HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type()));
    response
}

/// The code of the first error.
pub fn code_of(errors: &[ServerError]) -> Option<String> {
    match errors.first()?.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code.clone()),
        _ => None,
    }
}
