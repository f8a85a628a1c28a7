//! The HTTP server: mounts the doors, and does once for all of them what each would otherwise do by itself: request ids, log lines,
//! compression, panics, security headers. What a door answers is its own business.

pub mod assets;
pub mod document;
pub mod error;
pub mod fixed;
pub mod graphiql;
pub mod graphql;
pub mod health;
pub mod ingest;
pub mod listener;
pub mod log;
pub mod negotiate;
pub mod openapi;
pub mod socket;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::{App, Error};
use crate::auth::{Seal, Verifier};
use crate::graphql::Schema;
use crate::rest::{self, Gate};
use error::{Failure, say_what_to_do};
use fixed::FixedAnswers;
use listener::{BoundedListener, LIMIT_CONNECTIONS};

/// How long requests may take and how large they may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest time of a request.
    pub request_timeout: Duration,
    /// Longest time of an ingest request.
    pub ingest_timeout: Duration,
    /// Largest body of an ingest request once unpacked, in bytes.
    pub ingest_bytes: u64,
}

/// What the doors open on.
pub struct Door {
    /// The use cases.
    pub app: Arc<App>,
    /// The graph.
    pub schema: Schema,
    /// Judge of tokens.
    pub verifier: Verifier,
    /// Bounds.
    pub limits: Limits,
    /// Marks page keys.
    pub seal: Seal,
    /// Answers that are the same at all times.
    pub fixed: FixedAnswers,
    /// One permit for each ingest request that is being worked on.
    pub ingest_slots: Semaphore,
}

/// Most ingest requests that are worked on at a time; others wait. A workspace's writers queue in the database anyway.
const INGEST_SLOTS: usize = 4;

impl Door {
    /// A door that opens on these.
    pub fn new(app: Arc<App>, schema: Schema, verifier: Verifier, seal: Seal, limits: Limits) -> Door {
        Door {
            app,
            schema,
            verifier,
            limits,
            seal,
            fixed: FixedAnswers::default(),
            ingest_slots: Semaphore::new(INGEST_SLOTS),
        }
    }
}

/// Every door, mounted.
pub fn router(door: Arc<Door>) -> Router {
    // As one layer, outermost first: the router boxes what each of its own layers answers.
    let around = ServiceBuilder::new()
        .layer(from_fn(log::log_request))
        // Keep browsers from guessing.
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| panicked()));
    let gate = Gate {
        app: Arc::clone(&door.app),
        verifier: door.verifier.clone(),
        timeout: door.limits.request_timeout,
        seal: door.seal.clone(),
    };
    let dialects = rest::router(Arc::new(gate)).layer(map_response(with_advice));
    Router::new()
        .route("/graphql", get(socket::answer).post(graphql::answer))
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
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(around)
}

/// Serves until `stopped`, then until the requests that have begun are answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = BoundedListener::new(listener, LIMIT_CONNECTIONS);
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

/// A fault of ours; the panic itself has been written to standard error where it happened.
fn panicked() -> Response {
    tracing::error!("a request panicked");
    Failure::from(Error::Internal).into_response()
}

/// A header of every answer.
fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// The text of a header; `None` when it is absent or no text.
fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Runs what a request asks for, but no longer than that.
async fn within<T>(span: Duration, work: impl Future<Output = T>) -> Result<T, Error> {
    tokio::time::timeout(span, work)
        .await
        .map_err(|_| Error::Unavailable(format!("request took longer than {span:?}; ask for less or try again")))
}
