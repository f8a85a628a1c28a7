//! Transactions that write, and work that would keep other tasks waiting.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::model::{FIRST_ASSIGNED_NUMBER, Instant, Workspace, WorkspaceId};
use crate::store::entity::workspace;
use crate::store::{Store, StoreError};

impl Store {
    /// Begins a transaction that writes. SQLite takes its lock at once, so that nothing read in it goes stale.
    pub(in crate::store) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let is_sqlite = self.writer.get_database_backend() == DatabaseBackend::Sqlite;
        let options = TransactionOptions {
            sqlite_transaction_mode: is_sqlite.then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Empties SQLite's write-ahead log, in which erased texts would else stay until it is next overwritten. What it cannot do now,
    /// because somebody is reading, is done with the next checkpoint.
    pub(super) async fn forget_log(&self) {
        if self.writer.get_database_backend() == DatabaseBackend::Sqlite
            && let Err(error) = self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await
        {
            tracing::warn!(%error, "the write-ahead log still holds what was erased");
        }
    }
}

/// Takes the workspace's row, made when it is not there, with the revision that this transaction makes. Others who write to the
/// workspace wait for the end of this transaction.
pub async fn lock(
    db: &impl ConnectionTrait,
    workspace: &WorkspaceId,
    now: Instant,
) -> Result<workspace::Model, StoreError> {
    let settings = Workspace::named(&workspace.0);
    let new = workspace::Model {
        id: settings.id,
        name: settings.name,
        timezone: settings.timezone,
        business_hours: settings.business_hours,
        abandon_after_ms: settings.abandon_after_ms,
        ignore_bot_messages: settings.ignore_bot_messages,
        revision: 0,
        next_case_number: FIRST_ASSIGNED_NUMBER,
        next_agent_number: FIRST_ASSIGNED_NUMBER,
        rederive_after: None,
        as_of: now.ms(),
    };
    let nothing = OnConflict::column(workspace::Column::Id).do_nothing().to_owned();
    workspace::Entity::insert(new.clone().into_active_model()).on_conflict(nothing).exec_without_returning(db).await?;
    workspace::Entity::update_many()
        .col_expr(workspace::Column::Revision, Expr::col(workspace::Column::Revision).add(1))
        .filter(workspace::Column::Id.eq(workspace.0.as_str()))
        .exec(db)
        .await?;
    let row = workspace::Entity::find_by_id(workspace.0.as_str()).one(db).await?;
    Ok(row.unwrap_or(new))
}

/// Runs work on a thread where it keeps nobody waiting.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Derivation)
}
