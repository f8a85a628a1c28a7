//! A transaction that writes. SeaORM's own copies every value that it binds and cannot speak COPY, which together is most of what
//! writing many rows costs; this one does neither, and everything else goes through SeaORM as ever.

use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::sqlite::SqliteArguments;
use sea_orm::sqlx::{self, AssertSqlSafe, Database, IntoArguments, PgConnection, Postgres, Sqlite};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use super::Store;
use super::bulk::copy::{HEADER, TRAILER};

/// A part of what is written: as much as one statement takes.
pub enum Piece {
    /// A statement with its values.
    Statement(Statement),
    /// A statement of SQLite with its values ready to be bound.
    Bound(String, SqliteArguments),
    /// A COPY of PostgreSQL from standard input, and the rows in its binary format.
    Copy {
        /// `COPY … FROM STDIN BINARY`.
        sql: String,
        /// Rows, without header and trailer.
        rows: Vec<u8>,
    },
}

/// A transaction that writes; rolled back when it is dropped.
pub struct Transaction {
    backend: DatabaseBackend,
    connection: Mutex<Connection>,
    #[cfg(test)]
    sent: Option<Sent>,
}

/// Statements that were sent.
#[cfg(test)]
pub type Sent = std::sync::Arc<std::sync::Mutex<Vec<Statement>>>;

enum Connection {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(Begun),
}

/// A transaction of PostgreSQL. Its connection goes back to the others once it has ended, and is closed when it is dropped before: whoever
/// is no longer waited for may have been in the midst of a COPY, of which the server would take what comes next for a part.
struct Begun {
    connection: PoolConnection<Postgres>,
    has_ended: bool,
}

impl Begun {
    async fn new(connection: PoolConnection<Postgres>) -> Result<Begun, sqlx::Error> {
        let mut begun = Begun { connection, has_ended: false };
        sqlx::raw_sql("BEGIN").execute(&mut *begun.connection).await?;
        Ok(begun)
    }

    async fn end(mut self, how: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(how).execute(&mut *self.connection).await?;
        self.has_ended = true;
        Ok(())
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if !self.has_ended {
            self.connection.close_on_drop();
        }
    }
}

impl Store {
    /// Begins a transaction that writes. SQLite takes its lock at once, so that nothing read in it goes stale.
    pub(super) async fn begin(&self) -> Result<Transaction, DbErr> {
        let backend = self.writer.get_database_backend();
        let connection = match backend {
            DatabaseBackend::Postgres => {
                let pool = self.writer.get_postgres_connection_pool();
                let connection = pool.acquire().await.map_err(not_begun)?;
                Connection::Postgres(Begun::new(connection).await.map_err(not_begun)?)
            }
            _ => {
                let pool = self.writer.get_sqlite_connection_pool();
                Connection::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.map_err(not_begun)?)
            }
        };
        Ok(Transaction {
            backend,
            connection: Mutex::new(connection),
            #[cfg(test)]
            sent: self.sent.clone(),
        })
    }
}

impl Piece {
    /// Does now what the connection would else do with nothing else going on.
    pub fn prepared(self) -> Piece {
        match self {
            Piece::Statement(Statement { sql, values: Some(values), db_backend: DatabaseBackend::Sqlite }) => {
                Piece::Bound(sql, IntoArguments::<Sqlite>::into_arguments(SqlxValues(values)))
            }
            piece => piece,
        }
    }
}

impl Transaction {
    /// Waits that long at most for what others hold, until its end. SQLite's has all that it will ever need.
    pub async fn wait_at_most(&self, wait: Duration) -> Result<(), DbErr> {
        if self.backend == DatabaseBackend::Postgres {
            self.execute_unprepared(&format!("SET LOCAL lock_timeout = {}", wait.as_millis())).await?;
        }
        Ok(())
    }

    /// Makes it durable and seen.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self.connection.into_inner() {
            Connection::Sqlite(transaction) => transaction.commit().await,
            Connection::Postgres(begun) => begun.end("COMMIT").await,
        }
        .map_err(not_run)
    }

    /// Undoes it.
    pub async fn rollback(self) -> Result<(), DbErr> {
        match self.connection.into_inner() {
            Connection::Sqlite(transaction) => transaction.rollback().await,
            Connection::Postgres(begun) => begun.end("ROLLBACK").await,
        }
        .map_err(not_run)
    }

    /// Writes a piece.
    pub async fn write(&self, piece: Piece) -> Result<(), DbErr> {
        self.write_all(stream::iter([piece])).await
    }

    /// Writes pieces as they come. Rows that follow one another for the same columns of a table are one COPY, during which the server
    /// never waits for an answer to be asked for more.
    pub async fn write_all(&self, mut pieces: impl Stream<Item = Piece> + Unpin) -> Result<(), DbErr> {
        let mut connection = self.connection.lock().await;
        let mut next = pieces.next().await;
        while let Some(piece) = next {
            next = match (piece, &mut *connection) {
                (Piece::Copy { sql, rows }, Connection::Postgres(begun)) => {
                    copy(&mut begun.connection, &sql, rows, &mut pieces).await.map_err(not_run)?
                }
                (Piece::Bound(sql, arguments), Connection::Sqlite(connection)) => {
                    self.note(&Statement::from_string(self.backend, sql.as_str()));
                    let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                    query.execute(&mut **connection).await.map_err(not_run)?;
                    pieces.next().await
                }
                (Piece::Copy { .. }, Connection::Sqlite(_)) | (Piece::Bound(..), Connection::Postgres(_)) => {
                    return Err(DbErr::Custom("a piece for another database".to_owned()));
                }
                (Piece::Statement(statement), connection) => {
                    self.note(&statement);
                    connection.execute(statement).await?;
                    pieces.next().await
                }
            };
        }
        Ok(())
    }

    /// Shows a test what is sent.
    #[cfg(test)]
    fn note(&self, statement: &Statement) {
        if let Some(Ok(mut sent)) = self.sent.as_ref().map(|sent| sent.lock()) {
            sent.push(statement.clone());
        }
    }
    #[cfg(not(test))]
    fn note(&self, _statement: &Statement) {}
}

impl Connection {
    async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Connection::Sqlite(connection) => {
                query(statement).execute(&mut **connection).await.map(ExecResult::from).map_err(not_run)
            }
            Connection::Postgres(begun) => {
                query(statement).execute(&mut *begun.connection).await.map(ExecResult::from).map_err(not_run)
            }
        }
    }
}

/// Copies rows, and those of the pieces that follow for the same columns; gives the first other piece.
async fn copy(
    connection: &mut PgConnection,
    sql: &str,
    rows: Vec<u8>,
    pieces: &mut (impl Stream<Item = Piece> + Unpin),
) -> Result<Option<Piece>, sqlx::Error> {
    let mut copy = connection.copy_in_raw(sql).await?;
    copy.send(HEADER).await?;
    copy.send(rows).await?;
    let other = loop {
        match pieces.next().await {
            Some(Piece::Copy { sql: next, rows }) if next == sql => drop(copy.send(rows).await?),
            other => break other,
        }
    };
    copy.send(TRAILER).await?;
    copy.finish().await?;
    Ok(other)
}

/// The statement with its values moved, not copied.
fn query<DB: Database>(statement: Statement) -> Query<'static, DB, SqlxValues>
where
    SqlxValues: IntoArguments<DB>,
{
    let Statement { sql, values, .. } = statement;
    sqlx::query_with(AssertSqlSafe(sql), SqlxValues(values.unwrap_or(Values(Vec::new()))))
}

fn not_begun(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

fn not_run(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.note(&statement);
        self.connection.lock().await.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut *self.connection.lock().await {
            Connection::Sqlite(connection) => {
                sql.execute(&mut **connection).await.map(ExecResult::from).map_err(not_run)
            }
            Connection::Postgres(begun) => {
                sql.execute(&mut *begun.connection).await.map(ExecResult::from).map_err(not_run)
            }
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.note(&statement);
        match &mut *self.connection.lock().await {
            Connection::Sqlite(connection) => {
                let row = query(statement).fetch_optional(&mut **connection).await.map_err(not_run)?;
                Ok(row.map(QueryResult::from))
            }
            Connection::Postgres(begun) => {
                let row = query(statement).fetch_optional(&mut *begun.connection).await.map_err(not_run)?;
                Ok(row.map(QueryResult::from))
            }
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.note(&statement);
        match &mut *self.connection.lock().await {
            Connection::Sqlite(connection) => {
                let rows = query(statement).fetch_all(&mut **connection).await.map_err(not_run)?;
                Ok(rows.into_iter().map(QueryResult::from).collect())
            }
            Connection::Postgres(begun) => {
                let rows = query(statement).fetch_all(&mut *begun.connection).await.map_err(not_run)?;
                Ok(rows.into_iter().map(QueryResult::from).collect())
            }
        }
    }
}
