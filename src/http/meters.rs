//! What the gateway does, counted for Prometheus: requests by door, operation and outcome, how long they took and what they cost, what they
//! had read, who waits, what was taken in, how the pictures are. Nothing in it tells whose data it was.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use quick_cache::Equivalent;
use quick_cache::sync::Cache;

use crate::app::{Admission, App, Told};

/// The media type in which the meters are told.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Most operation names that are told apart; clients choose them, so that there could be any number.
const LIMIT_NAMES: usize = 200;
/// Longest name, in bytes.
const LIMIT_NAME_BYTES: usize = 100;
/// Methods that are told apart; `WS` is an operation of a WebSocket.
const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "OPTIONS", "WS"];
/// Kinds of requests whose counters are at hand.
const AT_HAND: usize = 200;
/// What stands for the names beyond.
const OTHER: &str = "(other)";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    path: String,
    operation: Cow<'static, str>,
    outcome: Cow<'static, str>,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Path {
    path: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// One request, as it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Its method, or `WS` for an operation of a WebSocket.
    pub method: &'a str,
    /// The path as it is mounted, without what names a thing.
    pub path: &'a str,
    /// What it was answered with.
    pub status: u16,
    /// How long that took, in milliseconds.
    pub ms: f64,
}

/// What a request is counted by, without names of its own.
#[derive(Hash)]
struct Asked<'a> {
    method: &'a str,
    path: &'a str,
    operation: &'a str,
    outcome: &'a str,
    status: u16,
}

impl Equivalent<Request> for Asked<'_> {
    fn equivalent(&self, request: &Request) -> bool {
        let Request { method, path, operation, outcome, status } = request;
        (self.method, self.path, self.operation, self.outcome, self.status)
            == (*method, path.as_str(), operation.as_ref(), outcome.as_ref(), *status)
    }
}

type Timed = Family<Path, Histogram, fn() -> Histogram>;

/// See the module.
pub struct Meters {
    registry: Registry,
    names: Mutex<BTreeSet<String>>,
    requests: Family<Request, Counter>,
    seconds: Timed,
    /// Those of the requests that come most, at hand.
    at_hand: Cache<Request, (Counter, Histogram)>,
    cost: Histogram,
    waited: Histogram,
    statements: Counter,
    batches: Counter,
    scans: Counter,
    rows: Counter,
    engine_seconds: Counter<f64, std::sync::atomic::AtomicU64>,
    lines: Family<Outcome, Counter>,
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meters")
    }
}

impl Meters {
    /// Meters at zero.
    pub fn new(app: &App, admission: &Arc<Admission>) -> Meters {
        let seconds: fn() -> Histogram = || Histogram::new(exponential_buckets(0.000_5, 2.0, 17));
        let mut meters = Meters {
            registry: Registry::with_prefix("deskgraph"),
            names: Mutex::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            at_hand: Cache::new(AT_HAND),
            cost: Histogram::new(exponential_buckets(1.0, 4.0, 10)),
            waited: Histogram::new(exponential_buckets(0.001, 4.0, 8)),
            statements: Counter::default(),
            batches: Counter::default(),
            scans: Counter::default(),
            rows: Counter::default(),
            engine_seconds: Counter::default(),
            lines: Family::default(),
        };
        let built = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        let registry = &mut meters.registry;
        registry.register("build", "The program", built);
        registry.register("requests", "Requests, by how they came, operation and outcome", meters.requests.clone());
        let help = "Time from a request's head to its answer's";
        registry.register_with_unit("request", help, Unit::Seconds, meters.seconds.clone());
        registry.register("request_cost", "Estimated cost of GraphQL requests, in fields", meters.cost.clone());
        let help = "Time that requests waited for a place at work";
        registry.register_with_unit("queue_wait", help, Unit::Seconds, meters.waited.clone());
        registry.register("sql_statements", "SQL statements sent for requests", meters.statements.clone());
        registry.register("loader_batches", "Look-ups that loaders made", meters.batches.clone());
        registry.register("scans", "Passes over the rows of a kind", meters.scans.clone());
        registry.register("rows_scanned", "Rows that these looked at", meters.rows.clone());
        registry.register_with_unit("engine", "Time that they took", Unit::Seconds, meters.engine_seconds.clone());
        registry.register("ingest_lines", "Lines sent in, by what became of them", meters.lines.clone());
        registry.register_collector(Box::new(State { app: app.clone(), admission: Arc::clone(admission) }));
        meters
    }

    /// Counts a request.
    pub fn count(&self, seen: Seen<'_>, told: &Told) {
        let (counter, seconds) = self.of_request(seen, told);
        counter.inc();
        seconds.observe(seen.ms / 1_000.0);
        let spent = &told.spent;
        if spent.cost > 0 {
            self.cost.observe(spent.cost as f64);
        }
        if told.viewer.is_some() {
            self.waited.observe(spent.waited_seconds);
        }
        self.statements.inc_by(spent.sql_statements);
        self.batches.inc_by(spent.loader_batches);
        self.scans.inc_by(spent.scans);
        self.rows.inc_by(spent.rows_scanned);
        self.engine_seconds.inc_by(spent.engine_ms / 1_000.0);
        if let Some(lines) = told.lines {
            let counts = [("accepted", lines.accepted), ("unchanged", lines.unchanged), ("rejected", lines.rejected)];
            for (outcome, count) in counts {
                self.lines.get_or_create(&Outcome { outcome }).inc_by(count);
            }
        }
    }

    /// What counts requests like that one.
    fn of_request(&self, seen: Seen<'_>, told: &Told) -> (Counter, Histogram) {
        let without_code = if seen.status < 400 { "OK" } else { "REFUSED" };
        // Clients may make methods up.
        let method = METHODS.into_iter().find(|known| *known == seen.method).unwrap_or(OTHER);
        let operation = self.known(told.operation.as_deref().unwrap_or_default());
        let outcome = told.code.as_deref().unwrap_or(without_code);
        let asked = Asked { method, path: seen.path, operation: &operation, outcome, status: seen.status };
        if let Some(found) = self.at_hand.get(&asked) {
            return found;
        }
        let outcome = told.code.clone().map_or(without_code.into(), Cow::Owned);
        let request = Request { method, path: seen.path.to_owned(), operation, outcome, status: seen.status };
        let seconds = self.seconds.get_or_create_owned(&Path { path: seen.path.to_owned() });
        let counters = (self.requests.get_or_create_owned(&request), seconds);
        self.at_hand.insert(request, counters.clone());
        counters
    }

    /// An operation's name, if it is one of the first that came.
    fn known(&self, name: &str) -> Cow<'static, str> {
        if name.is_empty() {
            return "".into();
        }
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = names.contains(name);
        if !is_known && (names.len() >= LIMIT_NAMES || name.len() > LIMIT_NAME_BYTES) {
            return OTHER.into();
        }
        if !is_known {
            names.insert(name.to_owned());
        }
        name.to_owned().into()
    }

    /// Everything, as Prometheus reads it.
    ///
    /// # Errors
    /// When it cannot be written, which a text can.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// What is read when it is asked for.
#[derive(Debug)]
struct State {
    app: App,
    admission: Arc<Admission>,
}

impl Collector for State {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let pictures = self.app.pictures_state();
        let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mut gauge = |name: &str, help: &str, unit: Option<Unit>, value: i64| {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, unit.as_ref(), gauge.metric_type())?)
        };
        gauge("queue_running", "Requests at work", None, whole(self.admission.running()))?;
        gauge("queue_waiting", "Requests that wait for a place at work", None, whole(self.admission.waiting()))?;
        gauge("snapshots", "Workspaces whose picture is drawn", None, whole(pictures.drawn))?;
        gauge("snapshots_awaited", "Workspaces whose picture is not drawn yet", None, whole(pictures.awaited))?;
        gauge("snapshot", "Memory of all pictures", Some(Unit::Bytes), whole(pictures.bytes))?;
        if let Some(resident) = resident_bytes() {
            gauge("resident_memory", "Memory of the program", Some(Unit::Bytes), resident)?;
        }
        let help = "Longest time since a picture was known to be of the newest revision";
        let age = ConstGauge::new(pictures.oldest_seconds);
        age.encode(encoder.encode_descriptor("snapshot_age", help, Some(&Unit::Seconds), age.metric_type())?)
    }
}

/// Memory of the program that is in the machine's, where the system says.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{AdmissionBounds, Clock, Spent};
    use crate::model::Instant;

    #[tokio::test]
    async fn counts_what_it_is_told_and_names_no_more_operations_than_it_should() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("meters.db").display());
        let app = App::open(&url, Clock::Fixed(Instant::from_ms(0))).await.unwrap();
        let meters = Meters::new(&app, &Arc::new(Admission::new(AdmissionBounds::default())));
        let seen = Seen { method: "POST", path: "/graphql", status: 200, ms: 2.0 };
        for number in 0..LIMIT_NAMES + 50 {
            let spent = Spent { cost: 7, scans: 2, ..Spent::default() };
            meters.count(seen, &Told { operation: Some(format!("Op{number}")), spent, ..Told::default() });
        }
        meters.count(Seen { method: "MADEUP", ..seen }, &Told::default());
        let text = meters.text().unwrap();
        assert!(!text.contains("MADEUP"));
        let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
        let labels = r#"{method="POST",path="/graphql",operation="(other)",outcome="OK",status="200"}"#;
        assert_eq!(line(&format!("deskgraph_requests_total{labels}")), format!("deskgraph_requests_total{labels} 50"));
        assert_eq!(line("deskgraph_scans_total"), "deskgraph_scans_total 500");
        assert_eq!(line("deskgraph_request_cost_sum"), "deskgraph_request_cost_sum 1750.0");
        assert_eq!(line("deskgraph_queue_running"), "deskgraph_queue_running 0");
        assert!(text.ends_with("# EOF\n"));
    }
}
