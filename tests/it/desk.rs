//! A database of a test's own behind the use cases, without a door: lines go in, tables are looked at. SQLite in a temporary folder;
//! PostgreSQL when `DESKGRAPH_TEST_DATABASE_URL` names a server where databases may be made.

use std::io::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};

use deskgraph::app::viewer::local_owner;
use deskgraph::app::{App, Clock, IngestReport};
use deskgraph::import::{Ndjson, Source};
use deskgraph::model::{Batch, Instant, Viewer, WorkspaceId};
use deskgraph::store::Store;
use futures_util::stream;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};

/// The instant that it is at every desk.
pub const NOW: &str = "2026-06-01T12:00:00Z";

/// See the module.
pub struct Desk {
    pub app: App,
    pub viewer: Viewer,
    /// For looking at tables past the store.
    pub database: DatabaseConnection,
    /// Where the files of an SQLite database are; empty with another.
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub async fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let url = match std::env::var("DESKGRAPH_TEST_DATABASE_URL") {
            Ok(server) => make_database(&server).await,
            Err(_) => format!("sqlite://{}", folder.path().join("desk.db").display()),
        };
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        let app = App::new(store, Clock::Fixed(Instant::parse(NOW).unwrap()));
        let database = Database::connect(&url).await.unwrap();
        Desk { app, viewer: local_owner(WorkspaceId("acme".to_owned())), database, folder }
    }

    /// Takes lines as one batch.
    pub async fn take(&self, lines: &str) -> IngestReport {
        self.app.ingest(&self.viewer, batch(lines), false, self.app.clock.now()).await.unwrap()
    }

    /// Takes the batches of one source: each is looked up while the one before it is being written.
    pub async fn take_all(&self, batches: &[String]) -> IngestReport {
        let batches: Vec<_> = batches.iter().map(|lines| Ok(batch(lines))).collect();
        let mut total = IngestReport::default();
        let add = |report| {
            total.add(report, usize::MAX);
            Ok(())
        };
        self.app.ingest_all(&self.viewer, stream::iter(batches), self.app.clock.now(), add).await.unwrap();
        total
    }

    /// Takes all lines or none.
    pub async fn take_atomic(&self, lines: &str) -> IngestReport {
        self.app.ingest(&self.viewer, batch(lines), true, self.app.clock.now()).await.unwrap()
    }

    /// Takes lines that are all good and make a difference.
    pub async fn accept(&self, lines: &str) -> IngestReport {
        let report = self.take(lines).await;
        let expected = (lines.lines().filter(|line| !line.trim().is_empty()).count() as u64, 0, Vec::new());
        assert_eq!((report.accepted, report.unchanged, report.rejected.clone()), expected);
        report
    }

    /// The rows that a query gives, each as its values parted by `|`.
    pub async fn rows(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.database.get_database_backend(), sql);
        let rows = self.database.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| columns(row).map(|name| text(row, &name)).collect::<Vec<_>>().join("|")).collect()
    }

    /// A table as text, but for some columns: a line a row, sorted.
    pub async fn dump(&self, table: &str, without: &[&str]) -> Vec<String> {
        let sql = format!("SELECT * FROM \"{table}\"");
        let statement = Statement::from_string(self.database.get_database_backend(), sql);
        let rows = self.database.query_all_raw(statement).await.unwrap();
        let line = |row: &QueryResult| {
            let shown = columns(row).filter(|name| !without.contains(&name.as_str()));
            let shown = shown.map(|name| format!("{name}={}", text(row, &name)));
            format!("{table}: {}", shown.collect::<Vec<_>>().join(" "))
        };
        let mut lines: Vec<String> = rows.iter().map(line).collect();
        lines.sort();
        lines
    }
}

/// The batch of some lines.
pub fn batch(lines: &str) -> Batch {
    let now = Instant::parse(NOW).unwrap();
    let mut source = Ndjson::new(Cursor::new(lines.to_owned()), now);
    source.next_batch(usize::MAX).unwrap().unwrap_or_default()
}

fn columns(row: &QueryResult) -> impl Iterator<Item = String> + use<> {
    row.column_names().into_iter()
}

fn text(row: &QueryResult, name: &str) -> String {
    let shown = |value: Option<String>| value.unwrap_or_else(|| "null".to_owned());
    if let Ok(value) = row.try_get::<Option<String>>("", name) {
        return shown(value);
    }
    if let Ok(value) = row.try_get::<Option<i64>>("", name) {
        return shown(value.map(|value| value.to_string()));
    }
    if let Ok(value) = row.try_get::<Option<i32>>("", name) {
        return shown(value.map(|value| value.to_string()));
    }
    shown(row.try_get::<Option<bool>>("", name).unwrap().map(|value| u8::from(value).to_string()))
}

pub async fn make_database(server: &str) -> String {
    make_database_like(server, "template1").await
}

/// Makes a database with the rows of another of the server's, which nobody may be using.
pub async fn make_database_like(server: &str, template: &str) -> String {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("desk_{}_{number}", std::process::id());
    let connection = Database::connect(server).await.unwrap();
    connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    connection.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
    connection.close().await.unwrap();
    let (head, parameters) = server.split_once('?').map_or((server, String::new()), |(h, p)| (h, format!("?{p}")));
    let (head, _) = head.rsplit_once('/').unwrap();
    format!("{head}/{name}{parameters}")
}
