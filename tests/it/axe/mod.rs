//! Under the axe: the program killed, the database full, gone, locked or shared by several writers. What was answered stays, nothing
//! is half-written, and nobody has to start the program again.
//!
//! These tests run the program itself, on a database of their own each: SQLite in a temporary folder, PostgreSQL when
//! `DESKGRAPH_TEST_DATABASE_URL` names a server where databases may be made.

mod blow;
mod full;
mod gateway;
mod gone;
mod killed;
mod line;
mod locked;
mod rederived;
mod served;
mod story;
mod writers;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rand::SeedableRng;
use rand::rngs::StdRng;
use sea_orm::{
    ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, IsolationLevel, QueryResult, Statement,
    TransactionTrait,
};

use crate::desk;

/// The instant that it is in every story.
const NOW: &str = "2026-06-01T12:00:00Z";
/// Whose data it is.
const WORKSPACE: &str = "acme";

/// A database that the program is let loose on, and a folder for its files.
struct Place {
    folder: tempfile::TempDir,
    url: String,
}

impl Place {
    /// A database without tables.
    async fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let url = match std::env::var("DESKGRAPH_TEST_DATABASE_URL") {
            Ok(server) => desk::make_database(&server).await,
            Err(_) => format!("sqlite://{}", folder.path().join("desk.db").display()),
        };
        Place { folder, url }
    }

    /// A database with the rows of another, which nobody uses.
    async fn like(other: &Place) -> Place {
        let folder = tempfile::tempdir().unwrap();
        if let Some(file) = other.sqlite_file() {
            let copy = folder.path().join("desk.db");
            copy_sqlite(&file, &copy);
            return Place { folder, url: format!("sqlite://{}", copy.display()) };
        }
        let (head, _) = other.url.split_once('?').unwrap_or((&other.url, ""));
        let (_, name) = head.rsplit_once('/').unwrap();
        let server = std::env::var("DESKGRAPH_TEST_DATABASE_URL").unwrap();
        Place { folder, url: desk::make_database_like(&server, name).await }
    }

    /// The file of an SQLite database.
    fn sqlite_file(&self) -> Option<PathBuf> {
        self.url.strip_prefix("sqlite://").map(PathBuf::from)
    }

    /// The program, told to use this database.
    fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deskgraph"));
        command.current_dir(self.folder.path()).args(words);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DESKGRAPH_")) {
            command.env_remove(name);
        }
        command
            .env("DESKGRAPH_DATABASE_URL", &self.url)
            .env("DESKGRAPH_WORKSPACE", WORKSPACE)
            .env("DESKGRAPH_NOW", NOW);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end, which must be a good one; gives what it printed.
    fn run(&self, words: &[&str]) -> String {
        let output = self.program(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", told(&output));
        told(&output)
    }

    /// Begins an import of these files.
    fn import(&self, files: &[PathBuf]) -> Child {
        let mut command = self.program(&["import"]);
        command.args(files).spawn().unwrap()
    }

    /// Imports files of these lines.
    fn import_all(&self, files: &[String]) {
        let output = self.import(&story::write(self.folder.path(), files)).wait_with_output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
    }

    async fn connect(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.unwrap()
    }

    /// Every row of every table. SQLite's files are copied first, so that whoever opens them next finds them as they were left.
    async fn rows(&self) -> Vec<String> {
        self.rows_without(&[]).await
    }

    /// The rows without columns of these names.
    async fn rows_without(&self, columns: &[&str]) -> Vec<String> {
        let Some(file) = self.sqlite_file() else { return dump(&self.url, columns).await };
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        if !file.exists() {
            return Vec::new();
        }
        copy_sqlite(&file, &copy);
        dump(&format!("sqlite://{}", copy.display()), columns).await
    }
}

/// What a program printed.
fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The database and its write-ahead log; the index of the log is made anew by whoever opens it.
fn copy_sqlite(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
    let log = |path: &Path| PathBuf::from(format!("{}-wal", path.display()));
    if log(from).exists() {
        fs::copy(log(from), log(to)).unwrap();
    }
}

/// Every table as the database's catalogue has it, each row with all its columns but some, in the order of their texts. Of the schema's
/// own history only the versions, since it knows when it was made.
async fn dump(url: &str, without: &[&str]) -> Vec<String> {
    let database = Database::connect(url).await.unwrap();
    let is_sqlite = database.get_database_backend() == DatabaseBackend::Sqlite;
    // One snapshot of all tables, whatever a server still does for a client that was killed.
    let isolation = (!is_sqlite).then_some(IsolationLevel::RepeatableRead);
    let snapshot = database.begin_with_config(isolation, None).await.unwrap();
    let tables = if is_sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    } else {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    };
    let mut lines = Vec::new();
    for table in texts(&snapshot, tables).await {
        // What each revision did, which says nothing without its number.
        if table == "change" && without.contains(&"revision") {
            continue;
        }
        let columns = if table == "seaql_migrations" {
            vec!["version".to_owned()]
        } else if is_sqlite {
            texts(&snapshot, &format!("SELECT name FROM pragma_table_info('{table}')")).await
        } else {
            let columns = "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public'";
            texts(&snapshot, &format!("{columns} AND table_name = '{table}' ORDER BY ordinal_position")).await
        };
        // Random on purpose.
        let columns = columns.iter().filter(|name| *name != "mark" && !without.contains(&name.as_str()));
        let columns = columns.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let row = if is_sqlite { format!("json_array({columns})") } else { format!("ROW({columns})::text") };
        let mut rows = texts(&snapshot, &format!("SELECT {row} FROM \"{table}\"")).await;
        rows.sort_unstable();
        lines.extend(rows.into_iter().map(|row| format!("{table} {row}")));
    }
    snapshot.rollback().await.unwrap();
    database.close().await.unwrap();
    lines
}

/// The texts that a query of one column gives.
async fn texts(database: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row: &QueryResult| row.try_get_by_index(0).unwrap()).collect()
}

/// Panics with the rows that only one side has.
fn assert_same(found: &[String], expected: &[String], what: &str) {
    if found == expected {
        return;
    }
    let only = |a: &[String], b: &[String]| {
        let b: HashSet<&String> = b.iter().collect();
        a.iter().filter(|row| !b.contains(row)).take(10).cloned().collect::<Vec<_>>()
    };
    panic!("{what}: too many {:#?}, missing {:#?}", only(found, expected), only(expected, found));
}

/// Chance whose seed is told when the test fails; `DESKGRAPH_AXE_SEED` repeats it.
fn chance() -> StdRng {
    let seed = std::env::var("DESKGRAPH_AXE_SEED").ok().map_or_else(rand::random, |seed| seed.parse().unwrap());
    println!("DESKGRAPH_AXE_SEED={seed} repeats this");
    StdRng::seed_from_u64(seed)
}
