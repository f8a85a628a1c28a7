//! Running the gateway: what it tells Prometheus, the audit log and a collector of traces, TLS, and what `check-config` finds.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, header};
use axum::routing::post as route_post;
use deskgraph::auth::{Grant, Secret, token};
use deskgraph::graphql::Bounds;
use deskgraph::http::{Limits, OpenTo};
use deskgraph::model::{Instant, Role, WorkspaceId};
use serde_json::{Value, json};

use crate::socket::Client;
use crate::world::{World, post};

const KEY: &str = "a secret of the tests, long enough to be one";
const NOW: &str = "2026-06-01T12:00:00Z";

/// `deskgraph serve` as a process; dropping it kills it.
struct Gateway {
    child: Child,
    base: String,
}

impl Gateway {
    fn start(folder: &Path, words: &[&str]) -> Gateway {
        let mut command = deskgraph(folder, &["serve", "--listen", "127.0.0.1:0", "--now", NOW]);
        let mut child = command.args(words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let base = first.trim().strip_prefix("Deskgraph listens on ").unwrap_or_else(|| panic!("{first}")).to_owned();
        Gateway { child, base }
    }

    /// Tells it to end, and waits until it has.
    fn stop(mut self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn deskgraph(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deskgraph"));
    command.current_dir(folder).args(words).env("DESKGRAPH_SIGNING_KEY", KEY).env_remove("DESKGRAPH_DATABASE_URL");
    command
}

fn bearer(lifetime_ms: i64) -> String {
    let workspace = WorkspaceId("acme".to_owned());
    let grant = Grant { subject: "kim".to_owned(), workspace, role: Role::Owner, teams: None, lifetime_ms };
    let token = token::issue(&Secret::new(KEY).unwrap(), &grant, Instant::parse(NOW).unwrap()).unwrap();
    format!("Bearer {token}")
}

fn client() -> reqwest::Client {
    deskgraph::auth::key_source::choose_cryptography();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap()
}

async fn ask(client: &reqwest::Client, base: &str, body: &Value) -> Value {
    let request = client.post(format!("{base}/graphql")).header("authorization", bearer(3_600_000));
    let request = request.header("content-type", "application/json").header("x-request-id", "ask-1");
    let answer = request.header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let answer = answer.body(body.to_string()).send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[tokio::test]
async fn prometheus_is_told_what_was_done_and_not_whose_it_was() {
    let opened = OpenTo { metrics: true, ..OpenTo::default() };
    let world = World::opened(Bounds::default(), Limits::default(), |door| door.open_to(opened)).await;
    world.ingest("{\"type\":\"case\",\"id\":\"c1\",\"created_at\":\"2026-05-30T08:00:00Z\"}\nnonsense\n").await;
    world.ask("query Board { metrics { createdCases { count } } cases { edges { node { subject } } } }").await;
    world.ask("query Typo { nothing }").await;
    let request = post("/graphql", "no token").header(header::CONTENT_TYPE, "application/json");
    world.send(request.body("{}".into()).unwrap()).await;
    let scrape = async || {
        let answer = world.send(Request::get("/metrics").body(Body::empty()).unwrap()).await;
        assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
        answer.text()
    };
    let text = scrape().await;
    let value = |start: &str| {
        let line = text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}: {text}"));
        line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
    };
    let of = |path: &str, operation: &str, outcome: &str, status: u16| {
        let labels = format!(r#"path="{path}",operation="{operation}",outcome="{outcome}",status="{status}""#);
        value(&format!(r#"deskgraph_requests_total{{method="POST",{labels}}}"#))
    };
    assert_eq!(of("/graphql", "Board", "OK", 200), 1.0);
    assert_eq!(of("/graphql", "Typo", "BAD_USER_INPUT", 200), 1.0);
    assert_eq!(of("/graphql", "", "UNAUTHENTICATED", 401), 1.0);
    assert_eq!(of("/ingest", "", "OK", 200), 1.0);
    assert_eq!(value(r#"deskgraph_ingest_lines_total{outcome="accepted"}"#), 1.0);
    assert_eq!(value(r#"deskgraph_ingest_lines_total{outcome="rejected"}"#), 1.0);
    assert_eq!(value("deskgraph_request_cost_count"), 1.0);
    assert_eq!(value(r#"deskgraph_request_seconds_count{path="/graphql"}"#), 3.0);
    for counted in [
        "scans_total",
        "rows_scanned_total",
        "sql_statements_total",
        "engine_seconds_total",
        "snapshots",
        "snapshot_bytes",
    ] {
        assert!(value(&format!("deskgraph_{counted} ")) > 0.0, "{counted}");
    }
    for present in
        ["queue_running", "queue_waiting", "snapshots_awaited", "snapshot_age_seconds", "resident_memory_bytes"]
    {
        assert!(value(&format!("deskgraph_{present} ")) >= 0.0, "{present}");
    }
    assert!(!text.contains("acme") && !text.contains("kim"), "{text}");
    // Nobody finds it where it was not asked for.
    let closed = World::new().await;
    assert_eq!(closed.send(Request::get("/metrics").body(Body::empty()).unwrap()).await.status.as_u16(), 404);
}

#[tokio::test]
async fn the_audit_log_says_who_asked_what_and_the_collector_how_it_went() {
    let folder = tempfile::tempdir().unwrap();
    // A collector that keeps what it is sent.
    let kept: Arc<Mutex<Vec<u8>>> = Arc::default();
    let keep = Arc::clone(&kept);
    let take = move |body: Bytes| async move { keep.lock().unwrap().extend_from_slice(&body) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let collector = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", route_post(take))).await });

    let words = ["--audit-log", "audit.jsonl", "--otlp-endpoint", &collector];
    let gateway = Gateway::start(folder.path(), &words);
    let client = client();
    let text = "query Who($hush: String) { viewer { role } cases(search: $hush) { totalCount } metrics { createdCases { count } } }";
    let body = json!({"query": text, "variables": {"hush": "hidden value"}});
    assert_eq!(ask(&client, &gateway.base, &body).await["data"]["viewer"]["role"], "OWNER");
    ask(&client, &gateway.base, &json!({"query": "{ nothing }"})).await;
    let refused = client.post(format!("{}/graphql", gateway.base)).header("content-type", "application/json");
    assert_eq!(refused.body("{}").send().await.unwrap().status().as_u16(), 401);
    tokio::task::spawn_blocking(move || gateway.stop()).await.unwrap();

    let log = fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{log}");
    let of = |line: &Value| {
        let keys =
            ["subject", "workspace", "role", "method", "path", "operation", "fields", "status", "code", "request_id"];
        json!(keys.map(|key| line[key].clone()))
    };
    let fields = "viewer,cases,metrics";
    let expected = json!(["kim", "acme", "owner", "POST", "/graphql", "Who", fields, 200, null, "ask-1"]);
    assert_eq!(of(&lines[0]), expected);
    let expected = json!(["kim", "acme", "owner", "POST", "/graphql", null, "nothing", 200, "BAD_USER_INPUT", "ask-1"]);
    assert_eq!(of(&lines[1]), expected);
    assert_eq!(lines[0]["document"].as_str().map(str::len), Some(64));
    assert!(!log.contains("hidden value") && !log.contains("totalCount"), "{log}");

    let spans = kept.lock().unwrap().clone();
    let has = |text: &str| spans.windows(text.len()).any(|found| found == text.as_bytes());
    for span in ["request", "field", "loader", "sql", "scan", "/graphql", "SELECT"] {
        assert!(has(span), "no span {span}");
    }
    let trace = [0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36];
    assert!(spans.windows(trace.len()).any(|found| found == trace), "the caller's trace is not gone on with");
    assert!(!has("hidden value"));
}

#[tokio::test]
async fn variables_are_in_the_audit_log_only_when_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = Gateway::start(folder.path(), &["--audit-log", "audit.jsonl", "--audit-variables", "on"]);
    let body = json!({"query": "query($hush: String) { cases(search: $hush) { totalCount } }", "variables": {"hush": "hidden value"}});
    ask(&client(), &gateway.base, &body).await;
    tokio::task::spawn_blocking(move || gateway.stop()).await.unwrap();
    let log = fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let line: Value = serde_json::from_str(log.trim()).unwrap();
    assert_eq!(line["variables"], r#"{"hush":"hidden value"}"#);
}

#[tokio::test]
async fn who_hangs_up_is_counted_and_what_has_landed_is_too() {
    let opened = OpenTo { metrics: true, ..OpenTo::default() };
    let world = World::opened(Bounds::default(), Limits::default(), |door| door.open_to(opened)).await;
    let metrics = async || world.send(Request::get("/metrics").body(Body::empty()).unwrap()).await.text();
    // A client that sends nothing more; dropping the answer is what the server does when the client is gone.
    let body = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = post("/graphql", &world.token(Role::Owner)).header(header::CONTENT_TYPE, "application/json");
    let sent = world.send(request.body(body).unwrap());
    assert!(tokio::time::timeout(Duration::from_millis(100), sent).await.is_err());
    let labels = r#"{method="POST",path="/graphql",operation="",outcome="CLIENT_GONE",status="499"}"#;
    assert!(metrics().await.contains(&format!("deskgraph_requests_total{labels} 1")), "{}", metrics().await);
    // The first part of this body lands; the rest is none that can be unpacked.
    let line = |n: usize| format!("{{\"type\":\"tag\",\"id\":\"t{n}\"}}\n");
    let parts = [Ok((0..20_000).map(line).collect::<String>()), Err(std::io::Error::other("gone"))];
    let request = post("/ingest", &world.token(Role::Owner)).header(header::CONTENT_TYPE, "application/x-ndjson");
    let body = Body::from_stream(futures_util::stream::iter(parts));
    let answer = world.send(request.body(body).unwrap()).await;
    assert!(answer.status.is_client_error(), "{}", answer.text());
    let text = metrics().await;
    let landed = text.lines().find_map(|line| line.strip_prefix("deskgraph_ingest_lines_total{outcome=\"accepted\"} "));
    assert!(landed.is_some_and(|count| count.parse::<u64>().unwrap() >= 1_000), "{text}");
}

#[tokio::test]
async fn open_sockets_are_told_that_the_gateway_goes() {
    let folder = tempfile::tempdir().unwrap();
    let gateway = Gateway::start(folder.path(), &[]);
    let address = gateway.base.trim_start_matches("http://").to_owned();
    let token = bearer(3_600_000);
    let mut client = Client::connect_to(&address).await;
    client.send(json!({"type": "connection_init", "payload": {"authorization": token}})).await;
    assert_eq!(client.next().await, Some(json!({"type": "connection_ack"})));
    let stopped = tokio::task::spawn_blocking(move || gateway.stop());
    assert_eq!(client.closed().await, 1001);
    stopped.await.unwrap();
}

/// A certificate for this machine, and its key, in the files of a folder.
fn certify(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.pem()
}

fn trusting(pem: &str) -> reqwest::Client {
    deskgraph::auth::key_source::choose_cryptography();
    let certificate = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    reqwest::Client::builder().no_proxy().tls_certs_only([certificate]).build().unwrap()
}

#[tokio::test]
async fn the_gateway_serves_by_tls() {
    let folder = tempfile::tempdir().unwrap();
    let pem = certify(folder.path());
    let tls = ["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem"];
    let gateway = Gateway::start(folder.path(), &tls);
    assert!(gateway.base.starts_with("https://"), "{}", gateway.base);
    let answer = ask(&trusting(&pem), &gateway.base, &json!({"query": "{ viewer { role } }"})).await;
    assert_eq!(answer["data"]["viewer"]["role"], "OWNER");
    // Who speaks no TLS gets nothing, who trusts nobody asks nothing, and neither keeps others out.
    let plain = gateway.base.replace("https://", "http://");
    assert!(client().get(format!("{plain}/healthz")).send().await.is_err());
    assert!(client().get(format!("{}/healthz", gateway.base)).send().await.is_err());
    let address = gateway.base.trim_start_matches("https://").to_owned();
    let health = deskgraph(folder.path(), &["health", "--listen", &address, "--tls-cert-file", "cert.pem"]).output();
    assert!(health.unwrap().status.success());
}

#[tokio::test]
async fn new_certificates_are_used_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let old = certify(folder.path());
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let tls = deskgraph::http::Tls::read(&cert, &key).unwrap();
    let world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/healthz", listener.local_addr().unwrap());
    tokio::spawn(deskgraph::http::serve_tls(listener, 100, tls.clone(), world.router.clone(), std::future::pending()));
    assert!(trusting(&old).get(&url).send().await.is_ok());
    let new = certify(folder.path());
    assert!(tls.read_again());
    assert!(trusting(&new).get(&url).send().await.is_ok());
    assert!(trusting(&old).get(&url).send().await.is_err());
    // Half a file, as one sees it while it is written, changes nothing.
    fs::write(&cert, &new[..new.len() / 2]).unwrap();
    assert!(!tls.read_again());
    assert!(trusting(&new).get(&url).send().await.is_ok());
}

#[test]
fn check_config_finds_everything_that_is_wrong_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let check = |words: &[&str]| {
        let ran = deskgraph(folder.path(), &["check-config", "--listen", "127.0.0.1:0"]).args(words).output().unwrap();
        (ran.status.success(), String::from_utf8(ran.stdout).unwrap())
    };
    let (good, said) = check(&[]);
    assert!(good && !said.contains("WRONG") && said.contains("there is none yet"), "{said}");
    assert!(!said.contains(KEY), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "it left files");
    certify(folder.path());
    let words = ["--page-key-file", "absent", "--tls-cert-file", "cert.pem", "--tls-key-file", "cert.pem"];
    let (good, said) = check(&words);
    let wrong: Vec<&str> = said.lines().filter(|line| line.starts_with("WRONG")).collect();
    assert!(!good && wrong.len() == 2, "{said}");
    assert!(wrong[0].starts_with("WRONG  page keys: page key file absent") && wrong[1].contains("TLS"), "{said}");
    let migrated = deskgraph(folder.path(), &["migrate"]).output().unwrap();
    assert!(migrated.status.success());
    assert!(check(&[]).1.contains("its tables are up to date"));
}
