//! Request ids and the one line that each request leaves in the log. Neither tokens, nor bodies, nor variables are ever in it.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::Told;
use crate::app::clock::Stopwatch;

/// The header that carries a request's id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id that is taken over from a client, in bytes.
const LIMIT_ID_BYTES: usize = 128;

/// Gives the request an id, lets it run, and writes its line.
pub async fn log_request(mut request: Request, next: Next) -> Response {
    let stopwatch = Stopwatch::start();
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_plain(id)).cloned().unwrap_or_else(make_id);
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id.clone());
    let told = response.extensions_mut().remove::<Told>().unwrap_or_default();
    let viewer = told.viewer.as_deref();
    tracing::info!(
        target: "deskgraph::http",
        method = %method,
        path,
        status = response.status().as_u16(),
        ms = stopwatch.elapsed_ms(),
        operation = told.operation,
        code = told.code,
        subject = viewer.map(|viewer| viewer.subject.as_str()),
        workspace = viewer.map(|viewer| viewer.workspace.0.as_str()),
        request_id = id.to_str().unwrap_or_default(),
        "request"
    );
    response
}

/// Indicates a client's id may stand in a log line and a header as it is.
fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=LIMIT_ID_BYTES).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(b))
}

fn make_id() -> HeaderValue {
    let id: u128 = rand::random();
    HeaderValue::from_str(&format!("{id:032x}")).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
