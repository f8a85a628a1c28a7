//! What goes around every request: its id, security headers, compression, and the one line that it leaves in the log, in the audit log
//! where one is kept, and in the meters. Neither tokens nor bodies are ever in that; variables only in an audit log that is to have them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::Extractor;
use tower::ServiceExt;
use tower_http::compression::Compression;
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::meters::{Meters, Seen};
use crate::app::Told;
use crate::app::clock::Stopwatch;
use crate::app::told::noting;
use crate::model::hex;

/// The header that carries a request's id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Target of the lines of the audit log; see `cli::start_log`.
pub const AUDIT: &str = "deskgraph::audit";
/// Whether an audit log is kept. (To ask the subscriber would make it forget the next line of another log: filters of several logs keep what
/// they found of the last question.)
static IS_AUDITED: AtomicBool = AtomicBool::new(false);

/// From now on an audit log is kept.
pub fn keep_audit() {
    IS_AUDITED.store(true, Ordering::Relaxed);
}

/// Indicates somebody keeps a log of who asked what.
pub fn is_audited() -> bool {
    IS_AUDITED.load(Ordering::Relaxed)
}

/// What stands for the status of a request whose client did not wait for one; nobody is sent it.
const HUNG_UP: u16 = 499;
/// Longest id that is taken over from a client, in bytes.
const LIMIT_ID_BYTES: usize = 128;

/// Gives the request an id, lets it run within a span, and tells of it.
pub async fn log_request(State(meters): State<Arc<Meters>>, mut request: Request, next: Next) -> Response {
    let stopwatch = Stopwatch::start();
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_plain(id)).cloned().unwrap_or_else(make_id);
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let id_text = id.to_str().unwrap_or_default();
    let span = tracing::debug_span!(target: "deskgraph::trace", "request", %method, path = path_of(&path), request_id = id_text);
    follow_trace(&span, &request);
    let mut open = Open { meters, method, path, id: id.clone(), stopwatch, notes: Arc::default(), is_answered: false };
    let mut response = noting(Arc::clone(&open.notes), compressed(request, next)).instrument(span).await;
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    // Keep browsers from guessing.
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    open.answered(response.status().as_u16());
    response
}

/// Answers a request, compressed for who takes that; for others nothing is done about it.
async fn compressed(request: Request, next: Next) -> Response {
    if !request.headers().contains_key(header::ACCEPT_ENCODING) {
        let mut response = next.run(request).await;
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
        return response;
    }
    match Compression::new(next).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// A request that is not answered yet. One whose client hangs up is dropped unanswered, and leaves its lines all the same: what it did up to
/// there is done.
struct Open {
    meters: Arc<Meters>,
    method: Method,
    path: Option<MatchedPath>,
    id: HeaderValue,
    stopwatch: Stopwatch,
    notes: Arc<Mutex<Told>>,
    is_answered: bool,
}

impl Open {
    fn answered(&mut self, status: u16) {
        self.is_answered = true;
        self.tell(status, &self.noted());
    }

    fn noted(&self) -> Told {
        std::mem::take(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn tell(&self, status: u16, told: &Told) {
        let seen =
            Seen { method: self.method.as_str(), path: path_of(&self.path), status, ms: self.stopwatch.elapsed_ms() };
        tell(&self.meters, seen, told, self.id.to_str().unwrap_or_default());
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.is_answered {
            self.tell(HUNG_UP, &Told { code: Some("CLIENT_GONE".to_owned()), ..self.noted() });
        }
    }
}

/// The path as it is mounted.
fn path_of(path: &Option<MatchedPath>) -> &str {
    path.as_ref().map_or("(none)", MatchedPath::as_str)
}

/// Makes the span one of the trace that the caller is in, when it says so (`traceparent`) and spans are sent to a collector.
fn follow_trace(span: &tracing::Span, request: &Request) {
    if span.is_disabled() {
        return;
    }
    let context = opentelemetry::global::get_text_map_propagator(|reader| reader.extract(&Headers(request.headers())));
    // It only fails where no collector is.
    drop(span.set_parent(context));
}

/// Headers as the reader of traces wants them.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }
    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

/// Writes the lines of a request, or of an operation of a WebSocket, and counts it.
pub fn tell(meters: &Meters, seen: Seen<'_>, told: &Told, request_id: &str) {
    let Seen { method, path, status, ms } = seen;
    let viewer = told.viewer.as_deref();
    let (subject, workspace) = (viewer.map(|v| v.subject.as_str()), viewer.map(|v| v.workspace.0.as_str()));
    let (operation, code) = (told.operation.as_deref(), told.code.as_deref());
    tracing::info!(
        target: "deskgraph::http",
        method, path, status, ms, operation, code, subject, workspace, request_id,
        "request"
    );
    meters.count(seen, told);
    if viewer.is_some() && is_audited() {
        let asked = told.asked.as_ref();
        tracing::info!(
            target: AUDIT,
            subject, workspace,
            role = viewer.map(|viewer| viewer.role.word()),
            teams = viewer.and_then(|viewer| viewer.teams.as_ref()).map(|teams| teams.iter().cloned().collect::<Vec<_>>().join(",")),
            method, path, operation,
            fields = asked.map(|asked| asked.fields.as_str()),
            document = asked.map(|asked| asked.document.as_str()),
            variables = asked.and_then(|asked| asked.variables.as_deref()),
            status, code, request_id,
            "asked"
        );
    }
}

/// Indicates a client's id may stand in a log line and a header as it is.
fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=LIMIT_ID_BYTES).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(b))
}

/// An id of our own: 128 bits by chance, in hexadecimal.
pub fn make_id() -> HeaderValue {
    let id: [u8; 16] = rand::random();
    HeaderValue::try_from(hex(&id)).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
