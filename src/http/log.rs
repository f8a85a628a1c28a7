//! What goes around every request: its id, security headers, compression, the line that it leaves in the log (`app::LogBound`) and in the audit log
//! where one is kept, and the meters. Neither tokens nor bodies are ever in that; variables only in an audit log that is to have them.

use std::convert::Infallible;
use std::future::ready;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::Extractor;
use tower::{ServiceExt, service_fn};
use tower_http::compression::Compression;
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::meters::Seen;
use super::{Door, calm};
use crate::app::clock::Stopwatch;
use crate::app::told::noting;
use crate::app::{Line, Told};
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

/// As `watched`, around any door.
pub async fn log_request(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    watched(door, request, |request| next.run(request)).await
}

/// Gives the request an id, lets it run within a span, and tells of it.
pub async fn watched<F: Future<Output = Response>>(
    door: Arc<Door>,
    mut request: Request,
    run: impl FnOnce(Request) -> F,
) -> Response {
    let stopwatch = Stopwatch::start();
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_plain(id)).cloned().unwrap_or_else(make_id);
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    if request.headers().contains_key(header::UPGRADE) {
        // What is said on a WebSocket is told under it, too.
        request.headers_mut().insert(REQUEST_ID, id.clone());
    }
    let id_text = id.to_str().unwrap_or_default();
    let span = tracing::debug_span!(target: "deskgraph::trace", "request", %method, path = path_of(&path), request_id = id_text);
    follow_trace(&span, &request);
    let mut open = Open { door, method, path, id: id.clone(), stopwatch, notes: Arc::default(), is_answered: false };
    let encodings: Vec<_> = request.headers().get_all(header::ACCEPT_ENCODING).iter().cloned().collect();
    let response = {
        // Pinned where it is made: what is large is not to be moved from one wrapping into the next.
        let answering = pin!(calm(|| run(request)));
        noting(Arc::clone(&open.notes), answering).instrument(span).await
    };
    let mut response = compressed(encodings, response).await;
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    // Keep browsers from guessing.
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    open.answered(response.status().as_u16());
    response
}

/// An answer as somebody takes it who accepts those encodings.
async fn compressed(accepted: Vec<HeaderValue>, mut response: Response) -> Response {
    if accepted.is_empty() {
        // A door that says itself what its answers depend on knows of it.
        if !response.headers().contains_key(header::VARY) {
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        return response;
    }
    let mut request = Request::new(Body::empty());
    for encoding in accepted {
        request.headers_mut().append(header::ACCEPT_ENCODING, encoding);
    }
    let mut answered = Some(response);
    let answer = service_fn(move |_: Request| ready(Ok::<_, Infallible>(answered.take().unwrap_or_default())));
    match Compression::new(answer).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// A request that is not answered yet. One whose client hangs up is dropped unanswered, and leaves its lines all the same: what it did up to
/// there is done.
struct Open {
    door: Arc<Door>,
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
        tell(&self.door, seen, told, self.id.to_str().unwrap_or_default());
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
pub fn tell(door: &Door, seen: Seen<'_>, told: &Told, request_id: &str) {
    let Seen { method, path, status, ms } = seen;
    let viewer = told.viewer.as_deref();
    let (subject, workspace) = (viewer.map(|v| v.subject.as_str()), viewer.map(|v| v.workspace.0.as_str()));
    let (operation, code) = (told.operation.as_deref(), told.code.as_deref());
    if let Some(Line { left_out }) = door.log_bound.take(status < 400 && code.is_none()) {
        tracing::info!(
            target: "deskgraph::http",
            method, path, status, ms, operation, code, subject, workspace, request_id, left_out,
            "request"
        );
    }
    door.meters.count(seen, told);
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
