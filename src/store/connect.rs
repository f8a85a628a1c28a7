//! Opening the database: SQLite in a file (one connection writes, several read), or PostgreSQL (several do either).
//!
//! What is read for requests goes over connections of their own, on which the database ends a statement that takes too long, or that nobody
//! waits for any more. Every wait is bounded, so that a database that is locked, full or gone makes requests fail and never hang; and a connection that
//! went through a failure is used again only when it is known to be sound.

use std::time::{Duration, Instant as Moment};

use migrations::{MigrationStatus, Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DbErr, EntityTrait, QuerySelect,
    RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use super::StoreError;
use super::entity::workspace;
use super::waiting::Question;

/// Connections that read for requests at the same time; on PostgreSQL as many may write.
const READERS: u32 = 8;
/// Connections that read for what the program does by itself, such as drawing a picture.
const OWN_READERS: u32 = 4;
/// A statement of PostgreSQL's that nobody waits for is given that long to end by itself.
const GRACE: Duration = Duration::from_secs(1);
/// SQLite looks after so many of its instructions whether a statement takes too long, or for nobody: about every millisecond.
const LOOKED_EACH: i32 = 10_000;
/// Prepared statements kept by each connection: every table's insert in a few sizes, and the reads.
const STATEMENTS: usize = 512;
/// Longest wait for a connection, and again for another process or transaction that holds what is to be written, unless told
/// otherwise.
pub const DEFAULT_WAIT: Duration = Duration::from_secs(10);
/// Longest time of a statement for a request, unless told otherwise.
pub const DEFAULT_STATEMENT: Duration = Duration::from_secs(30);
/// Names the lock of those who bring a schema up to date: any number that nobody else takes.
const MIGRATION_LOCK: i64 = 0x6465_736b_6772;
/// Pause before a database that others hold is connected to again.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// Longest wait of somebody who only wants to know whether the database answers.
const READINESS_WAIT: Duration = Duration::from_secs(3);

/// What is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No file; one would be made.
    Nothing,
    /// A database whose tables are not of the newest schema, or are not there.
    Older,
    /// A database as it should be.
    Current,
}

/// The database. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    /// Reads for requests.
    pub(super) asker: DatabaseConnection,
    pub(super) reader: DatabaseConnection,
    pub(super) writer: DatabaseConnection,
    /// What is sent in transactions that write, for a test to look at.
    #[cfg(test)]
    pub(super) sent: Option<super::transaction::Sent>,
}

impl Store {
    /// Opens the database at `url`: `sqlite://FILE` (made when missing; `?mode=…` is understood) or `postgres://…`.
    ///
    /// # Errors
    /// When the address is neither, or the database cannot be reached.
    pub async fn open(url: &str) -> Result<Store, StoreError> {
        Store::open_waiting(url, DEFAULT_WAIT, DEFAULT_STATEMENT).await
    }

    /// Opens the database as `open` does, to wait `wait` at most for a connection, and again for what others hold, and to end statements for
    /// requests that take longer than `statement`.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_waiting(url: &str, wait: Duration, statement: Duration) -> Result<Store, StoreError> {
        if url.starts_with("sqlite:") && !url.contains(":memory:") {
            let writer = connect_patiently(&sqlite(url, 1, wait, None), wait).await?;
            let reader = connect_patiently(&sqlite(url, OWN_READERS, wait, None), wait).await?;
            let asker = connect_patiently(&sqlite(url, READERS, wait, Some(statement)), wait).await?;
            return Ok(Store::of(asker, reader, writer));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            // Who waits to write keeps nobody from reading.
            let writer = Database::connect(postgres(url, READERS, wait, None)).await?;
            let reader = Database::connect(postgres(url, OWN_READERS, wait, None)).await?;
            let asker = Database::connect(postgres(url, READERS, wait, Some(statement))).await?;
            return Ok(Store::of(asker, reader, writer));
        }
        Err(StoreError::Address)
    }

    /// What is at `url`; changes nothing there.
    ///
    /// # Errors
    /// As `open`.
    pub async fn look(url: &str, wait: Duration) -> Result<Found, StoreError> {
        let file = url.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches("//"));
        let file = file.and_then(|rest| rest.split('?').next());
        if file.is_some_and(|file| !std::path::Path::new(file).exists()) {
            return Ok(Found::Nothing);
        }
        let store = Store::open_waiting(url, wait, DEFAULT_STATEMENT).await?;
        let found = store.is_current().await;
        store.close().await?;
        Ok(if found? { Found::Current } else { Found::Older })
    }

    async fn is_current(&self) -> Result<bool, StoreError> {
        let found = Migrator::get_migration_with_status_read_only(&self.reader).await?;
        Ok(found.iter().all(|migration| migration.status() == MigrationStatus::Applied))
    }

    fn of(asker: DatabaseConnection, reader: DatabaseConnection, writer: DatabaseConnection) -> Store {
        Store {
            asker,
            reader,
            writer,
            #[cfg(test)]
            sent: None,
        }
    }

    /// Brings the schema up to date, in one transaction: of several programs that start at once one does it and the others find it
    /// done, and one that is killed leaves nothing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if self.is_current().await? {
            return Ok(());
        }
        // Of SeaORM's own, as migrations ask for.
        let is_sqlite = self.writer.get_database_backend() == DatabaseBackend::Sqlite;
        let options = TransactionOptions {
            sqlite_transaction_mode: is_sqlite.then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.writer.begin_with_options(options).await?;
        if transaction.get_database_backend() == DatabaseBackend::Postgres {
            transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        }
        Migrator::up(&transaction, None).await?;
        transaction.commit().await?;
        if is_sqlite {
            self.forget_tables().await?;
        }
        Ok(())
    }

    /// Closes the connections that know the tables as they were: SQLite takes a quoted name that it does not know for a text, and so a new
    /// column would be read by no name.
    async fn forget_tables(&self) -> Result<(), StoreError> {
        for database in [&self.asker, &self.reader] {
            while let Some(connection) = database.get_sqlite_connection_pool().try_acquire() {
                connection.close().await.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))?;
            }
        }
        Ok(())
    }

    /// Reads a row, or finds that there is none; within a few seconds.
    ///
    /// # Errors
    /// When the database does not answer, or not in time.
    pub async fn check_readable(&self) -> Result<(), StoreError> {
        let read = workspace::Entity::find().select_only().column(workspace::Column::Revision).limit(1);
        let read = read.into_tuple::<i64>().one(&self.reader);
        tokio::time::timeout(READINESS_WAIT, read).await.map_err(|_| StoreError::Silent)??;
        Ok(())
    }

    /// Closes every connection once its work is done. Other clones can no longer be used either.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close(self) -> Result<(), StoreError> {
        self.asker.close().await?;
        self.reader.close().await?;
        Ok(self.writer.close().await?)
    }
}

fn bounded(url: &str, connections: u32, wait: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(wait).connect_timeout(wait).sqlx_logging(false);
    options
}

fn postgres(url: &str, connections: u32, wait: Duration, statement: Option<Duration>) -> ConnectOptions {
    let mut options = bounded(url, connections, wait);
    // Asked below instead, where the answer is not waited for without end.
    options.test_before_acquire(false);
    options.map_sqlx_postgres_opts(|o| o.statement_cache_capacity(STATEMENTS));
    // A plan for whatever value would walk through every case for the few of one team, and one kept from when a table was empty would read
    // all of it once it is full. Locks of a gateway whose machine is gone are given up once the server notices, which by itself takes it hours.
    let mut settings = format!(
        "SET plan_cache_mode = force_custom_plan; SET lock_timeout = {}; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3",
        wait.as_millis()
    );
    if let Some(statement) = statement {
        // A server too old to notice that nobody is there any more (PostgreSQL 13) still ends what takes too long.
        settings += &format!(
            "; SET statement_timeout = {}; SELECT set_config(name, '{}', false) FROM pg_settings WHERE name = 'client_connection_check_interval'",
            statement.as_millis(),
            GRACE.as_millis()
        );
    }
    let grace = if statement.is_some() { GRACE.min(wait) } else { wait };
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let settings = settings.clone();
        pool.after_connect(move |connection, _| {
            let settings = AssertSqlSafe(settings.clone());
            Box::pin(async move { connection.execute(settings).await.map(drop) })
        })
        // Of connections that the server left without a word all can be found so within one wait, and there is time for a new one.
        .before_acquire(move |connection, _| Box::pin(answers(connection, wait / (READERS + 2))))
        // Coming back a connection waits for what it was asked last, for ever if the server is gone without a word.
        .after_release(move |connection, _| Box::pin(answers(connection, grace)))
    });
    options
}

/// Finds that the server at the other end is there. A connection that fails at this is given up.
async fn answers(connection: &mut PgConnection, within: Duration) -> Result<bool, sqlx::Error> {
    let answered = tokio::time::timeout(within, connection.ping()).await;
    answered.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map(|()| true)
}

/// Connects, again and again as long as others hold what that needs. SQLite waits for locks by itself, but not when two programs give the same
/// new file its log: one of them is told at once that it is busy.
async fn connect_patiently(options: &ConnectOptions, wait: Duration) -> Result<DatabaseConnection, StoreError> {
    let since = Moment::now();
    loop {
        match Database::connect(options.clone()).await.map_err(StoreError::from) {
            Err(StoreError::Busy(_)) if since.elapsed() < wait => tokio::time::sleep(AGAIN_AFTER).await,
            connected => return connected,
        }
    }
}

fn sqlite(url: &str, connections: u32, wait: Duration, statement: Option<Duration>) -> ConnectOptions {
    let mut options = bounded(url, connections, wait);
    // It is in this process, and nothing is learnt by asking whether it is there.
    options.test_before_acquire(false);
    options.min_connections(1).map_sqlx_sqlite_opts(move |o| {
        // Erased texts must not stay in free pages, hence secure_delete.
        o.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(wait)
            .foreign_keys(false)
            .statement_cache_capacity(STATEMENTS)
            .pragma("secure_delete", "ON")
            .pragma("cache_size", "-65536")
            // Pages that several batches change are copied into the database once.
            .pragma("wal_autocheckpoint", "4000")
            .pragma("temp_store", "MEMORY")
    });
    options.map_sqlx_sqlite_pool_opts(move |pool| {
        pool.after_connect(move |connection, _| Box::pin(watch(connection, statement)))
            .before_acquire(move |connection, _| {
                Box::pin(async move { watch(connection, statement).await.map(|()| true) })
            })
            .after_release(|connection, _| {
                Box::pin(async move {
                    // What the connection was asked last comes to its end first, a rollback that nobody waited for, too.
                    connection.ping().await?;
                    // SQLite ends a transaction by itself when writing fails. The connection does not notice, and every later one on it
                    // would be part of one that never began: answered, and never committed.
                    Ok(!connection.is_in_transaction())
                })
            })
    });
    options
}

/// Has SQLite end what takes longer than `statement` from when it is asked next, and what is asked when the current question is over.
async fn watch(connection: &mut SqliteConnection, statement: Option<Duration>) -> Result<(), sqlx::Error> {
    let Some(statement) = statement else { return Ok(()) };
    let question = Question::current();
    let mut handle = connection.lock_handle().await?;
    let mut begun = None;
    handle.set_progress_handler(LOOKED_EACH, move || {
        let is_waited_for = question.as_ref().is_none_or(|question| !question.is_over());
        is_waited_for && begun.get_or_insert_with(Moment::now).elapsed() < statement
    });
    Ok(())
}

#[cfg(test)]
mod tests;
