//! A gateway of a test's own: a new database, the router in process, real tokens, and a clock that stands still. SQLite in a
//! temporary folder; PostgreSQL when `DESKGRAPH_TEST_DATABASE_URL` names a server where databases may be made.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use deskgraph::app::{AdmissionBounds, App, Clock};
use deskgraph::auth::{Grant, Seal, Secret, Verifier, token};
use deskgraph::graphql::{self, Bounds};
use deskgraph::http::{self, Door, Limits};
use deskgraph::model::{Instant, Role, WorkspaceId};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::desk;

/// The instant that it is in every world.
pub const NOW: &str = "2026-06-01T12:00:00Z";
/// The workspace that tests use when they need only one.
pub const WORKSPACE: &str = "acme";

/// See the module.
pub struct World {
    pub router: Router,
    /// What the router opens on.
    pub door: Arc<Door>,
    pub secret: Secret,
    /// The use cases behind the router.
    pub app: Arc<App>,
    /// Where its database is.
    pub database_url: String,
    _folder: tempfile::TempDir,
}

/// What a request was answered with.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl World {
    pub async fn new() -> World {
        let secret = Secret::random();
        World::with(Verifier::from_secret(&secret), secret, usual_limits()).await
    }

    /// A world with its own judge of tokens and its own bounds.
    pub async fn with(verifier: Verifier, secret: Secret, limits: Limits) -> World {
        let (url, folder) = place().await;
        let open = |app, seal| any_number(Door::new(app, graphql::build(), verifier, seal, limits));
        World::over(url, folder, now(), secret, open).await
    }

    /// A world with bounds of its own on what may be asked, whose door is opened by `open`.
    pub async fn opened(bounds: Bounds, limits: Limits, open: impl FnOnce(Door) -> Door) -> World {
        let (secret, (url, folder)) = (Secret::random(), place().await);
        let verifier = Verifier::from_secret(&secret);
        let open = |app, seal| open(Door::new(app, graphql::build_within(bounds), verifier, seal, limits));
        World::over(url, folder, now(), secret, open).await
    }

    async fn over(
        url: String,
        folder: tempfile::TempDir,
        now: Instant,
        secret: Secret,
        open: impl FnOnce(Arc<App>, Seal) -> Door,
    ) -> World {
        let app = Arc::new(App::open(&url, Clock::Fixed(now)).await.unwrap());
        let door = Arc::new(open(Arc::clone(&app), Seal::of(&secret).unwrap()));
        World { router: http::router(Arc::clone(&door)), door, secret, app, database_url: url, _folder: folder }
    }

    /// Another gateway over the same data, where it is another instant; this one must outlive it.
    pub async fn at(&self, now: Instant) -> World {
        let (secret, folder) = (Secret::random(), tempfile::tempdir().unwrap());
        let verifier = Verifier::from_secret(&secret);
        let open = |app, seal| any_number(Door::new(app, graphql::build(), verifier, seal, usual_limits()));
        World::over(self.database_url.clone(), folder, now, secret, open).await
    }

    /// A token for the usual workspace that sees all teams.
    pub fn token(&self, role: Role) -> String {
        self.token_for(WORKSPACE, role, None)
    }

    pub fn token_for(&self, workspace: &str, role: Role, teams: Option<&[&str]>) -> String {
        let grant = Grant {
            subject: "kim".to_owned(),
            workspace: WorkspaceId(workspace.to_owned()),
            role,
            teams: teams.map(|teams| teams.iter().map(|&team| team.to_owned()).collect()),
            lifetime_ms: 3_600_000,
        };
        token::issue(&self.secret, &grant, self.app.clock.now()).unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: head.status, headers: head.headers, bytes }
    }

    /// Asks the graph by POST; the token's holder is the usual owner.
    pub async fn ask(&self, query: &str) -> Value {
        self.ask_as(&self.token(Role::Owner), query, json!({})).await
    }

    pub async fn ask_as(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = post("/graphql", token).header(header::CONTENT_TYPE, "application/json").header("x-stats", "1");
        self.send(request.body(body.into()).unwrap()).await.json()
    }

    /// Sends lines as the usual owner and returns the report.
    pub async fn ingest(&self, lines: &str) -> Value {
        self.ingest_as(&self.token(Role::Owner), lines).await
    }

    pub async fn ingest_as(&self, token: &str, lines: &str) -> Value {
        let request = post("/ingest", token).header(header::CONTENT_TYPE, "application/x-ndjson");
        let answer = self.send(request.body(lines.to_owned().into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }
}

/// Lets a viewer ask as often as a test can.
fn any_number(door: Door) -> Door {
    door.with_admission(AdmissionBounds { rate: 0, ..AdmissionBounds::default() })
}

/// A database of nobody's yet, and the folder it may be in.
async fn place() -> (String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = match std::env::var("DESKGRAPH_TEST_DATABASE_URL") {
        Ok(server) => desk::make_database(&server).await,
        Err(_) => format!("sqlite://{}", folder.path().join("world.db").display()),
    };
    (url, folder)
}

pub fn usual_limits() -> Limits {
    Limits { ingest_timeout: Duration::from_secs(60), ingest_bytes: 8 << 20, ..Limits::default() }
}

pub fn now() -> Instant {
    Instant::parse(NOW).unwrap()
}

pub fn post(path: &str, token: &str) -> axum::http::request::Builder {
    Request::builder().method(Method::POST).uri(path).header(header::AUTHORIZATION, format!("Bearer {token}"))
}
