//! How the databases go about what the store asks them: every statement by which it reads, explained and judged.
//!
//! SQLite's planner goes by figures of ours, so its plans are those of a million cases. PostgreSQL's goes by what is there, so it is
//! given enough to plan for, and told to do without what pays for thousands of rows and not for a million.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement, TransactionTrait};

use super::testing::TestStore;
use super::transaction::Sent;

mod tests;
pub mod world;

/// Tables that grow with the cases.
const LARGE: [&str; 8] =
    ["case_history", "case_record", "case_tag", "customer", "event", "presence", "presence_record", "support_case"];

/// More rows than these are not sorted where an index has them in order.
const MANY: u64 = 1_000;

/// What a statement may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Look keys up in large tables. Of what it finds, and of small tables, it may do anything.
    LookUp,
    /// Go along this index in the list's order, and look keys up.
    Walk(&'static str),
    /// Go through all of an index of the workspace, since all is asked for.
    CountAll,
}

/// A statement and its plan.
#[derive(Debug)]
pub struct Plan {
    sql: String,
    lines: Vec<String>,
    backend: DatabaseBackend,
}

impl Plan {
    /// What it does that it may not; empty: nothing.
    pub fn faults(&self, may: May) -> Vec<String> {
        // Beside the statement of a page or count there are those that look up what belongs to its rows.
        let may = if self.sql.contains(" LIMIT ") || self.sql.contains("COUNT(") {
            may
        } else if self.sql.contains("MIN(") {
            May::CountAll
        } else {
            May::LookUp
        };
        let mut faults = match self.backend {
            DatabaseBackend::Sqlite => self.faults_of_sqlite(may),
            _ => self.faults_of_postgres(may),
        };
        // PostgreSQL may think of something better for the few rows that it expects.
        if let May::Walk(index) = may
            && self.backend == DatabaseBackend::Sqlite
            && !self.lines.iter().any(|line| line.contains(index))
        {
            faults.push(format!("does not use {index}"));
        }
        faults
    }

    fn faults_of_sqlite(&self, may: May) -> Vec<String> {
        let has = |text: &str| self.lines.iter().any(|line| line == text);
        // Rows of several walks are sorted once they are few: their ids, and then the rows of the first ones.
        let mut sorts_left = if has("CO-ROUTINE walk") { 2 } else { 0 };
        let is_fault = |line: &&String| {
            if line.contains("USE TEMP B-TREE") {
                sorts_left -= 1;
                return matches!(may, May::Walk(_)) && sorts_left < 0;
            }
            let mut words = line.split(' ');
            let (verb, table) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let is_whole = verb == "SCAN" || line.ends_with("(workspace=?)");
            let is_part = has(&format!("CO-ROUTINE {table}"));
            is_whole && LARGE.contains(&table) && !is_part && !may.read_all_by(line)
        };
        self.lines.iter().filter(is_fault).cloned().collect()
    }

    fn faults_of_postgres(&self, may: May) -> Vec<String> {
        let is_node = |line: &str| line.contains("->") || !line.starts_with(' ');
        let mut faults = Vec::new();
        for (at, line) in self.lines.iter().enumerate().filter(|(_, line)| is_node(line)) {
            // A bitmap is of an index, whose name begins with the table's.
            let read = line.split(" on ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
            let is_large = LARGE
                .iter()
                .any(|table| read.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')));
            let mut below = self.lines.iter().skip(at + 1).take_while(|line| !is_node(line));
            let is_narrow = below.any(|line| line.contains("Index Cond: ") && line.contains(" AND "));
            let is_read =
                line.contains("Scan") && is_large && !line.contains("Bitmap Heap Scan") && !line.contains("Tid Scan");
            let sorts_many = line.contains("Sort  (") && expected_rows(line) > MANY;
            if (is_read && !is_narrow && !may.read_all_by(line)) || sorts_many {
                faults.push(line.clone());
            }
        }
        faults
    }
}

/// Rows that PostgreSQL expects of a step.
fn expected_rows(line: &str) -> u64 {
    let rows = line.split("rows=").nth(1).and_then(|rest| rest.split(' ').next());
    rows.and_then(|rows| rows.parse().ok()).unwrap_or_default()
}

impl May {
    /// Indicates a line of a plan reads all of the workspace by an index by which it may.
    fn read_all_by(self, line: &str) -> bool {
        match self {
            May::LookUp => false,
            May::Walk(index) => line.contains(&format!(" {index} ")),
            May::CountAll => line.contains(" COVERING INDEX ") || line.contains("Index Only Scan "),
        }
    }
}

/// Explains what the store reads.
pub struct Plans {
    pub test: TestStore,
    sent: Sent,
    faults: Vec<String>,
}

impl Plans {
    pub async fn open(name: &str) -> Plans {
        let mut test = TestStore::open(name).await;
        let sent = Sent::default();
        test.store.sent = Some(Arc::clone(&sent));
        for database in [&mut test.store.asker, &mut test.store.reader] {
            let read = Arc::clone(&sent);
            database.set_metric_callback(move |info| read.lock().unwrap().push(info.statement.clone()));
        }
        Plans { test, sent, faults: Vec::new() }
    }

    /// Lets what was sent so far be.
    pub fn forget(&self) {
        self.sent.lock().unwrap().clear();
    }

    /// Judges what was sent since this was last asked, which must be something.
    pub async fn judge(&mut self, what: &str, may: May) {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        let mut judged = 0;
        for statement in sent {
            let verb = statement.sql.split(' ').next().unwrap_or_default();
            if !["SELECT", "DELETE", "UPDATE"].contains(&verb) {
                continue;
            }
            let plan = explain(&self.test.store.reader, statement).await;
            judged += 1;
            let faults = plan.faults(may);
            if !faults.is_empty() {
                let (sql, lines) = (plan.sql.chars().take(2_000).collect::<String>(), plan.lines.join("\n    "));
                self.faults.push(format!("{what} may {may:?}: {faults:#?}\n  {sql}\n    {lines}"));
            }
        }
        self.forget();
        assert!(judged > 0, "{what}: nothing was read");
    }

    /// Fails when something was wrong with a statement.
    pub fn end(self) {
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n\n"));
    }
}

async fn explain(db: &DatabaseConnection, statement: Statement) -> Plan {
    let transaction = db.begin().await.unwrap();
    let backend = db.get_database_backend();
    let (word, column) = match backend {
        DatabaseBackend::Sqlite => ("EXPLAIN QUERY PLAN", "detail"),
        _ => ("EXPLAIN", "QUERY PLAN"),
    };
    if backend == DatabaseBackend::Postgres {
        for way in ["seqscan", "hashjoin", "mergejoin"] {
            transaction.execute_unprepared(&format!("SET LOCAL enable_{way} = off")).await.unwrap();
        }
    }
    let explaining = Statement { sql: format!("{word} {}", statement.sql), ..statement.clone() };
    let rows = transaction.query_all_raw(explaining).await.unwrap();
    let lines = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    transaction.rollback().await.unwrap();
    Plan { sql: statement.sql, lines, backend }
}
