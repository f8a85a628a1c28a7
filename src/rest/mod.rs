//! The REST dialects of the five systems that the graph unifies, for the scripts, dashboards and SDKs that call those already. One file
//! a dialect, each only translating: it reads the vendor's request, calls the use cases that the graph calls, and renders the vendor's
//! shape. Vendor words (conversation, room, session) live here and nowhere else. `openapi` describes all of them.

/// Declares `Failures`: how a request can fail, in the vendor's shape of an error, for the description alone. The second shape is that of an
/// error about the token, where the vendor has another.
macro_rules! failures {
    ($refusal:ty) => {
        failures!($refusal, $refusal);
    };
    ($refusal:ty, $unauthorized:ty) => {
        /// How a request can fail
        #[derive(utoipa::IntoResponses)]
        #[allow(dead_code, reason = "for the description only")]
        enum Failures {
            /// Something is wrong with the request
            #[response(status = 400)]
            Wrong($refusal),
            /// Token missing or not accepted
            #[response(status = 401)]
            Unauthorized($unauthorized),
            /// Token may not read that
            #[response(status = 403)]
            Forbidden($refusal),
            /// Too many requests of this token
            #[response(status = 429)]
            TooOften($refusal),
            /// Cannot be answered for the moment
            #[response(status = 503)]
            Unavailable($refusal),
        }
    };
}

mod channel;
mod dixa;
mod external_id;
mod kayako;
pub mod openapi;
mod opencx;
pub mod page_key;
mod pingback;
mod rocketchat;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::told::note_answer;
use crate::app::viewer::require;
use crate::app::{Admission, App, Error, Identity, Lookups, Spent, Told};
use crate::auth::Seal;
use crate::model::{Permission, Viewer};

/// Longest body that a dialect takes, in bytes.
const LIMIT_BODY_BYTES: usize = 256 * 1024;

/// What the dialects open on.
#[derive(Debug)]
pub struct Gate {
    /// The use cases.
    pub app: Arc<App>,
    /// Judge of tokens and keys.
    pub identity: Identity,
    /// Whether there is room.
    pub admission: Arc<Admission>,
    /// Longest time of a request.
    pub timeout: Duration,
    /// Marks page keys.
    pub seal: Seal,
}

/// Renders an error in a vendor's shape.
type Refuse = fn(&Error) -> Response;

/// Every dialect, mounted.
pub fn router(gate: Arc<Gate>) -> Router {
    let (router, _) = openapi::routes().split_for_parts();
    router.with_state(gate)
}

impl Gate {
    /// Lets a viewer in who has the permission, works with that viewer's eyes for as long as a request may take, and renders what comes of
    /// it; errors as the vendor does. Nothing of the request is looked at for anybody else.
    async fn answer<R, W, F>(
        &self,
        viewer: Result<Arc<Viewer>, Error>,
        permission: Permission,
        refuse: Refuse,
        work: W,
    ) -> Response
    where
        R: IntoResponse,
        W: FnOnce(Lookups) -> F,
        F: Future<Output = Result<R, Error>>,
    {
        let mut told = Told::default();
        let answered = match viewer {
            Ok(viewer) => {
                told.viewer = Some(Arc::clone(&viewer));
                self.in_time(self.work(viewer, permission, work, &mut told.spent)).await
            }
            Err(error) => Err(error),
        };
        let mut response = match answered {
            Ok(body) => body.into_response(),
            Err(error) => {
                told.code = Some(error.code().to_owned());
                refuse(&error)
            }
        };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        note_answer(told);
        response
    }

    async fn work<R, W, F>(
        &self,
        viewer: Arc<Viewer>,
        permission: Permission,
        work: W,
        spent: &mut Spent,
    ) -> Result<R, Error>
    where
        W: FnOnce(Lookups) -> F,
        F: Future<Output = Result<R, Error>>,
    {
        self.admission.count(&viewer, 1)?;
        require(&viewer, permission)?;
        let pass = self.admission.enter().await?;
        let lookups = self.app.lookups(viewer, Arc::default());
        let meter = lookups.meter();
        let worked = work(lookups).await;
        *spent = Spent { waited_seconds: pass.waited_seconds, ..meter.spent() };
        worked
    }

    /// The viewer of a bearer token.
    async fn bearer(&self, headers: &HeaderMap) -> Result<Arc<Viewer>, Error> {
        self.in_time(self.identity.of_header(text_of(headers, &header::AUTHORIZATION))).await
    }

    /// The viewer of a token that stands in a header by itself.
    async fn token(&self, token: &str) -> Result<Arc<Viewer>, Error> {
        self.in_time(self.identity.of_token(token)).await
    }

    /// The body of a viewer's request; read before a place at work is taken, since it comes as slowly as the client likes. Of nobody's request
    /// nothing is read.
    async fn read(&self, viewer: &Result<Arc<Viewer>, Error>, content: Body) -> Result<Bytes, Error> {
        if viewer.is_err() { Ok(Bytes::new()) } else { self.in_time(read_body(content)).await }
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let late = |_| Error::Unavailable(format!("request took longer than {:?}; ask for less", self.timeout));
        tokio::time::timeout(self.timeout, work).await.map_err(late).flatten()
    }
}

/// The status that goes with an error.
fn status(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Invalid(_) | Error::Limit(_) => StatusCode::BAD_REQUEST,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The text of a header; `None` when it is absent or no text.
fn text_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The part of a path that names something; one that is no text is refused in the vendor's shape.
fn named(part: Result<Path<String>, PathRejection>) -> Result<String, Error> {
    part.map(|Path(text)| text).map_err(|_| Error::Invalid("path is no text in UTF-8".to_owned()))
}

/// No parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The parameters behind the question mark; a parameter that is not known, comes twice or cannot be read is refused.
fn parameters<T: DeserializeOwned>(uri: &Uri) -> Result<T, Error> {
    let Query(read) = Query::<T>::try_from_uri(uri).map_err(|rejection| {
        let text = rejection.body_text();
        let reason = text.split_once(": ").map_or(text.as_str(), |(_, reason)| reason);
        Error::Invalid(format!("parameters of the URL: {reason}"))
    })?;
    Ok(read)
}

/// The body of a request, if it is not too long.
async fn read_body(body: Body) -> Result<Bytes, Error> {
    let cut = |_| Error::Limit(format!("body is cut off or has more than {LIMIT_BODY_BYTES} bytes"));
    axum::body::to_bytes(body, LIMIT_BODY_BYTES).await.map_err(cut)
}

/// The body of a request, as JSON of that shape.
fn body<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| Error::Invalid(format!("body: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every error in every dialect: its status, and that nothing of the inside is told.
    #[tokio::test]
    async fn errors_look_as_each_vendor_has_them() {
        let text = || "text".to_owned();
        let errors = [
            (Error::Unauthenticated(text()), 401, 401),
            (Error::Forbidden(text()), 403, 403),
            // Dixa documents no status for what is not there.
            (Error::NotFound(text()), 404, 400),
            (Error::Invalid(text()), 400, 400),
            (Error::Limit(text()), 400, 400),
            (Error::Conflict(text()), 409, 409),
            (Error::TooOften { seconds: 1 }, 429, 429),
            (Error::Unavailable(text()), 503, 503),
            (Error::Internal, 500, 500),
        ];
        let dialects: [(&str, Refuse, &[&str]); 5] = [
            ("open.cx", opencx::refuse, &["error", "message", "statusCode"]),
            ("Dixa", dixa::refuse, &["message"]),
            ("Rocket.Chat", rocketchat::refuse, &["error", "success"]),
            ("Kayako", kayako::refuse, &["errors", "notifications", "status"]),
            ("Pingback", pingback::refuse, &["error", "message"]),
        ];
        for (error, usual, of_dixa) in &errors {
            for (name, refuse, members) in &dialects {
                let response = refuse(error);
                let expected = if *name == "Dixa" { of_dixa } else { usual };
                assert_eq!(response.status().as_u16(), *expected, "{name} {error:?}");
                let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
                let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                let found: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
                let is_login = *name == "Rocket.Chat" && *usual == 401;
                assert_eq!(found, if is_login { &["message", "status"] } else { *members }, "{name} {error:?}: {body}");
            }
        }
    }
}
