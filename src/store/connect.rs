//! Opening the database: SQLite in a file (one connection writes, several read), or PostgreSQL.

use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use super::StoreError;

/// Connections that read at the same time.
const READERS: u32 = 8;
/// How long to wait for a connection, and for another process that writes to the same file.
const WAIT: Duration = Duration::from_secs(30);
/// Prepared statements kept by each connection: every table's insert in a few sizes, and the reads.
const STATEMENTS: usize = 512;

/// The database. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) reader: DatabaseConnection,
    pub(super) writer: DatabaseConnection,
}

impl Store {
    /// Opens the database at `url`: `sqlite://FILE` (made when missing; `?mode=…` is understood) or `postgres://…`.
    ///
    /// # Errors
    /// When the address is neither, or the database cannot be reached.
    pub async fn open(url: &str) -> Result<Store, StoreError> {
        if url.starts_with("sqlite:") && !url.contains(":memory:") {
            let writer = Database::connect(sqlite(url, 1)).await?;
            let reader = Database::connect(sqlite(url, READERS)).await?;
            return Ok(Store { reader, writer });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = bounded(url, 2 * READERS);
            options.map_sqlx_postgres_opts(|o| o.statement_cache_capacity(STATEMENTS));
            let pool = Database::connect(options).await?;
            return Ok(Store { reader: pool.clone(), writer: pool });
        }
        Err(StoreError::Address)
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(Migrator::up(&self.writer, None).await?)
    }

    /// Indicates the database answers.
    pub async fn is_ready(&self) -> bool {
        self.reader.ping().await.is_ok()
    }

    /// Closes every connection once its work is done. Other clones can no longer be used either.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close(self) -> Result<(), StoreError> {
        self.reader.close().await?;
        Ok(self.writer.close().await?)
    }
}

fn bounded(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(WAIT).connect_timeout(WAIT).sqlx_logging(false);
    options
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = bounded(url, connections);
    options.min_connections(1).map_sqlx_sqlite_opts(|o| {
        // Erased texts must not stay in free pages, hence secure_delete.
        o.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT)
            .foreign_keys(false)
            .statement_cache_capacity(STATEMENTS)
            .pragma("secure_delete", "ON")
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "MEMORY")
    });
    options
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

    use super::*;

    #[tokio::test]
    async fn a_file_is_made_and_migrated_twice_without_harm() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("new.db").display());
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        store.migrate().await.unwrap();
        assert!(store.is_ready().await);
    }

    #[tokio::test]
    async fn the_planner_of_sqlite_knows_every_index() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("new.db").display())).await.unwrap();
        store.migrate().await.unwrap();
        let rows = |sql: &'static str| {
            let reader = store.reader.clone();
            async move { reader.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, sql)).await.unwrap() }
        };
        let unknown = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT IN \
                       (SELECT tbl FROM sqlite_stat1 WHERE idx = tbl UNION SELECT 'workspace') \
                       AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations' \
                       UNION SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL \
                       AND name NOT IN (SELECT idx FROM sqlite_stat1)";
        let unknown: Vec<String> = rows(unknown).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        assert_eq!(unknown, Vec::<String>::new());
        // It goes by them in connections that were open before: else many ids would not be worth an index.
        let plan = rows(
            "EXPLAIN QUERY PLAN SELECT * FROM event WHERE workspace = 'w' AND kind = 'x' AND id IN \
             ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p')",
        );
        let plan: String = plan.await[0].try_get("", "detail").unwrap();
        assert!(plan.contains("event_kind_id"), "{plan}");
    }

    #[tokio::test]
    async fn other_addresses_are_refused() {
        assert!(matches!(Store::open("mysql://x/y").await, Err(StoreError::Address)));
        assert!(matches!(Store::open("sqlite::memory:").await, Err(StoreError::Address)));
    }
}
