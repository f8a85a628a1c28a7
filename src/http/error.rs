//! How errors of the use cases look over HTTP: a status, and a body that names the code by which programs tell them apart.
//! `/graphql` has its own shape for the same errors; see `graphql.rs`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::Error;

/// The status of an error.
pub const fn status(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Invalid(_) => StatusCode::BAD_REQUEST,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Limit(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An error as a plain door answers it; the status may be set by the door where HTTP has a closer one.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    error: Error,
}

impl Failure {
    /// The error under a status of HTTP's own, such as 415.
    pub const fn new(status: StatusCode, error: Error) -> Failure {
        Failure { status, error }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure { status: status(&error), error }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = json!({"error": {"code": self.error.code(), "message": self.error.to_string()}});
        let mut response = (self.status, Json(body)).into_response();
        say_what_to_do(&mut response);
        response
    }
}

/// Seconds after which a client may try again what was not possible for the moment.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// Seconds after which a viewer may ask again who has asked too often: there is room for at least one request a second.
const RETRY_SOON: HeaderValue = HeaderValue::from_static("1");

/// What a client can do about it, where HTTP has a header for that: RFC 9110 wants every 401 to say which scheme is asked for, and
/// lets a 503 say when to try again, as RFC 6585 does a 429.
pub fn say_what_to_do(response: &mut Response) {
    match response.status() {
        StatusCode::UNAUTHORIZED => {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        StatusCode::TOO_MANY_REQUESTS => {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_SOON);
        }
        _ => {}
    }
}
