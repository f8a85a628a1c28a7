//! The database behind a world, looked at past the program: one connection, on which the oracles' rows are kept as temporary tables.

use deskgraph::model::Instant;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, QueryResult, Statement};

use super::file::{Oracle, of_events};

/// The targets of every version of every policy, which are kept as JSON.
const TARGETS_ON_SQLITE: &str = "SELECT p.workspace, p.id, p.from_at, json_extract(t.value, '$.metric') AS metric, \
    json_extract(t.value, '$.priority') AS priority, json_extract(t.value, '$.goal_ms') AS goal_ms, \
    json_extract(t.value, '$.clock') AS clock FROM sla_policy p, json_each(p.targets) t";
const TARGETS_ON_POSTGRES: &str = "SELECT p.workspace, p.id, p.from_at, t ->> 'metric' AS metric, t ->> 'priority' AS priority, \
    CAST(t ->> 'goal_ms' AS bigint) AS goal_ms, t ->> 'clock' AS clock \
    FROM sla_policy p, jsonb_array_elements(CAST(p.targets AS jsonb)) t";

/// A row, each value as text.
pub type Row = Vec<Option<String>>;

/// See the module.
pub struct Ledger {
    database: DatabaseConnection,
    pub workspace: String,
    pub now: i64,
}

impl Ledger {
    pub async fn open(url: &str, workspace: &str, now: Instant) -> Ledger {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).min_connections(1);
        let database = Database::connect(options).await.unwrap();
        Ledger { database, workspace: workspace.to_owned(), now: now.ms() }
    }

    pub fn is_postgres(&self) -> bool {
        self.database.get_database_backend() == DatabaseBackend::Postgres
    }

    fn fill(&self, sql: &str) -> String {
        let targets = if self.is_postgres() { TARGETS_ON_POSTGRES } else { TARGETS_ON_SQLITE };
        let sql = sql.replace(":targets", targets);
        let binary = if self.is_postgres() { "COLLATE \"C\"" } else { "" };
        let sql = sql.replace(":workspace", &quote(&self.workspace)).replace(":binary", binary);
        sql.replace(":now", &self.now.to_string())
    }

    /// Keeps the rows of an oracle as the table `o_NAME`.
    pub async fn keep(&self, oracle: &Oracle) {
        self.run(&format!("CREATE TEMPORARY TABLE o_{} AS\n{}", oracle.name, oracle.sql)).await;
    }

    /// Makes the tables that the oracles over the event tables read.
    pub async fn replay(&self) {
        self.run(&of_events("timeline")).await;
        self.run(&of_events("clocks")).await;
    }

    pub async fn run(&self, script: &str) {
        let result = self.database.execute_unprepared(&self.fill(script)).await;
        result.unwrap_or_else(|error| panic!("{error}\n{script}"));
    }

    pub async fn rows(&self, sql: &str) -> Vec<Row> {
        let statement = Statement::from_string(self.database.get_database_backend(), self.fill(sql));
        let rows = self.database.query_all_raw(statement).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        rows.iter().map(|row| (0..row.column_names().len()).map(|index| text(row, index)).collect()).collect()
    }
}

fn text(row: &QueryResult, index: usize) -> Option<String> {
    if let Ok(value) = row.try_get_by_index::<Option<String>>(index) {
        return value;
    }
    if let Ok(value) = row.try_get_by_index::<Option<i64>>(index) {
        return value.map(|value| value.to_string());
    }
    if let Ok(value) = row.try_get_by_index::<Option<i32>>(index) {
        return value.map(|value| value.to_string());
    }
    row.try_get_by_index::<Option<f64>>(index).unwrap().map(|value| value.to_string())
}

/// A text as SQL writes it.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
