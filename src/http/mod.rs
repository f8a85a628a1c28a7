//! The HTTP server: mounts the doors, and does once for all of them what each would otherwise do by itself: request ids, log lines,
//! compression and security headers (`log`), panics. What a door answers is its own business.

pub mod assets;
pub mod document;
pub mod error;
pub mod fixed;
pub mod graphiql;
pub mod graphql;
pub mod health;
pub mod ingest;
pub mod limits;
pub mod listener;
pub mod log;
pub mod meters;
pub mod negotiate;
pub mod openapi;
pub mod socket;
pub mod tls;

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::FutureExt;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::app::{Admission, AdmissionBounds, App, Error, Identity, LogBound};
use crate::auth::{Seal, Verifier};
use crate::graphql::Schema;
use crate::rest::{self, Gate};
use error::{Failure, say_what_to_do};
use fixed::FixedAnswers;
pub use limits::Limits;
use listener::BoundedListener;
use meters::Meters;
pub use tls::Tls;
use tls::TlsListener;

/// How long a browser remembers what it may do.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// What the doors open on.
pub struct Door {
    /// The use cases.
    pub app: Arc<App>,
    /// The graph.
    pub schema: Schema,
    /// Judge of tokens and keys.
    pub identity: Identity,
    /// Whether there is room.
    pub admission: Arc<Admission>,
    /// Bounds.
    pub limits: Limits,
    /// Marks page keys.
    pub seal: Seal,
    /// Answers that are the same at all times.
    pub fixed: FixedAnswers,
    /// One permit for each ingest request that is being worked on.
    pub ingest_slots: Semaphore,
    /// Counts everything.
    pub meters: Arc<Meters>,
    /// Bounds what requests write to the log.
    pub log_bound: LogBound,
    /// What a browser may do with answers on pages of other sites.
    pub open_to: OpenTo,
    /// Cancelled when the gateway is to stop.
    pub stopping: CancellationToken,
    /// The WebSockets that are open.
    pub sockets: TaskTracker,
}

impl Door {
    /// A door that opens on these, as wide as usual.
    pub fn new(app: Arc<App>, schema: Schema, verifier: Verifier, seal: Seal, limits: Limits) -> Door {
        let admission = Arc::new(Admission::new(AdmissionBounds::default()));
        Door {
            identity: Identity::new(&app, verifier),
            meters: Arc::new(Meters::new(&app, &admission)),
            admission,
            app,
            schema,
            limits,
            seal,
            fixed: FixedAnswers::default(),
            log_bound: LogBound::at_most(limits.log_lines),
            ingest_slots: Semaphore::new(limits.ingest_running),
            open_to: OpenTo::default(),
            stopping: CancellationToken::new(),
            sockets: TaskTracker::new(),
        }
    }

    /// Lets in as many as that.
    #[must_use]
    pub fn with_admission(mut self, bounds: AdmissionBounds) -> Door {
        self.admission = Arc::new(Admission::new(bounds));
        self.meters = Arc::new(Meters::new(&self.app, &self.admission));
        self
    }

    /// Opens to pages of these sites, and perhaps tells the meters to whoever asks.
    #[must_use]
    pub fn open_to(mut self, open_to: OpenTo) -> Door {
        self.open_to = open_to;
        self
    }
}

/// Who but programs with a token may have something of the gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenTo {
    /// Sites whose pages may read answers, such as `https://desk.example`; `*`: all. None is let in without a token.
    pub origins: Vec<String>,
    /// Indicates `/metrics` answers at this door, to whoever asks.
    pub metrics: bool,
}

/// Every door, mounted.
pub fn router(door: Arc<Door>) -> Router {
    let around = from_fn_with_state(Arc::clone(&door), log::log_request);
    // Layers box what they pass on. The door that is opened most often does by itself what is done around the others.
    let graphql = get(socket::answer).fallback(no_such_method).layer(around.clone()).post(graphql::answer_watched);
    let graphql = Router::new().route("/graphql", graphql).with_state(Arc::clone(&door));
    let cors = cors(&door.open_to.origins);
    let gate = Gate {
        app: Arc::clone(&door.app),
        identity: door.identity.clone(),
        admission: Arc::clone(&door.admission),
        timeout: door.limits.request_timeout,
        seal: door.seal.clone(),
    };
    let dialects = rest::router(Arc::new(gate)).layer(map_response(with_advice));
    let metrics = door.open_to.metrics.then(|| metrics_router(&door.meters));
    let doors = Router::new()
        .route("/graphql/ws", get(socket::answer))
        .route("/graphiql", get(graphiql::page))
        .route("/graphiql/{file}", get(assets::file))
        .route("/openapi", get(openapi::page))
        .route("/openapi.json", get(openapi::document))
        .route("/ingest", post(ingest::take))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/", get(|| async { Redirect::temporary("graphiql") }))
        .with_state(door)
        .merge(dialects)
        .merge(metrics.unwrap_or_default())
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(around)
        .merge(graphql);
    match cors {
        Some(cors) => doors.layer(cors),
        None => doors,
    }
}

/// `/metrics` alone.
pub fn metrics_router(meters: &Arc<Meters>) -> Router {
    async fn answer(State(meters): State<Arc<Meters>>) -> Response {
        match meters.text() {
            Ok(text) => ([(header::CONTENT_TYPE, meters::CONTENT_TYPE)], text).into_response(),
            Err(_) => Failure::from(Error::Internal).into_response(),
        }
    }
    Router::new().route("/metrics", get(answer)).with_state(Arc::clone(meters))
}

/// What pages of other sites may do; `None` when there are none, and browsers allow nothing.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    if origins.is_empty() {
        return None;
    }
    let allowed = match origins.iter().any(|origin| origin == "*") {
        true => AllowOrigin::any(),
        false => AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok())),
    };
    let shown = [log::REQUEST_ID, graphql::X_COST_ESTIMATED, graphql::X_COST_MAX, header::RETRY_AFTER];
    let layer = CorsLayer::new().allow_origin(allowed).allow_methods([Method::GET, Method::POST]);
    Some(layer.allow_headers(AllowHeaders::mirror_request()).expose_headers(shown).max_age(REMEMBERED))
}

/// Serves at most so many connections at a time, until `stopped`, then until the requests that have begun are answered.
pub async fn serve(
    listener: TcpListener,
    connections: usize,
    router: Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = BoundedListener::new(listener, connections);
    axum::serve(listener, router).with_graceful_shutdown(stopped).await
}

/// As `serve`, by TLS.
pub async fn serve_tls(
    listener: TcpListener,
    connections: usize,
    tls: Tls,
    router: Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = TlsListener::new(BoundedListener::new(listener, connections), tls);
    axum::serve(listener, router).with_graceful_shutdown(stopped).await
}

async fn with_advice(mut response: Response) -> Response {
    say_what_to_do(&mut response);
    response
}

async fn no_such_path() -> Failure {
    const PATHS: &str = "/graphql, /graphiql, /ingest, /openapi, /healthz, /readyz, nor one of a dialect";
    Failure::from(Error::NotFound(format!("path is none of {PATHS}")))
}

async fn no_such_method() -> Failure {
    // The framework adds `Allow`.
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, Error::Invalid("method is not one that this path takes".to_owned()))
}

/// Answers a panic, too: a fault of ours, which has been written to standard error where it happened.
async fn calm<F: Future<Output = Response>>(answer: impl FnOnce() -> F) -> Response {
    let answer = pin!(answer());
    AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("a request panicked");
        Failure::from(Error::Internal).into_response()
    })
}

/// The text of a header; `None` when it is absent or no text.
fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Runs what a request asks for, but no longer than that.
async fn within<T>(span: Duration, work: impl Future<Output = T>) -> Result<T, Error> {
    let mut work = pin!(work);
    // What need not wait needs no clock either.
    if let Poll::Ready(done) = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        return Ok(done);
    }
    tokio::time::timeout(span, work)
        .await
        .map_err(|_| Error::Unavailable(format!("request took longer than {span:?}; ask for less or try again")))
}
