//! Reading as one viewer: the connection that every lookup goes through. It counts its statements, refuses to write, and knows which
//! workspace and which teams' cases may be seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, ExecResult,
    QueryFilter, QueryResult, Statement, Value,
};

use tracing::Instrument;

use super::entity::case_record;
use super::error::HOLDS_NUL;
use super::waiting::asking;
use super::{Store, StoreError};
use crate::model::{FilterAttribute, FilterTerm, Test, Viewer};

/// Most keys that one statement looks for; SQLite binds 32,766 values.
const MAX_KEYS: usize = 16_384;

/// What answering one request took.
#[derive(Debug, Default)]
pub struct Stats {
    sql_statements: AtomicU64,
}

impl Stats {
    /// SQL statements sent so far.
    pub fn sql_statements(&self) -> u64 {
        self.sql_statements.load(Ordering::Relaxed)
    }
}

/// The database as one viewer may read it.
#[derive(Clone, Debug)]
pub struct Reader {
    db: DatabaseConnection,
    stats: Arc<Stats>,
    viewer: Arc<Viewer>,
}

impl Store {
    /// Reads as `viewer`, counting statements in `stats`. That the viewer may read at all is for the caller to have checked.
    pub fn reader(&self, viewer: Arc<Viewer>, stats: Arc<Stats>) -> Reader {
        Reader { db: self.asker.clone(), stats, viewer }
    }
}

impl Reader {
    /// The workspace it reads.
    pub(super) fn workspace(&self) -> &str {
        &self.viewer.workspace.0
    }

    /// Rows of the workspace; for a table that has a column of that name.
    pub(super) fn in_workspace(&self) -> Expr {
        Expr::col("workspace").eq(self.workspace())
    }

    /// Indicates the viewer does not see every case.
    pub(super) fn is_restricted(&self) -> bool {
        self.viewer.teams.is_some()
    }

    /// Cases of the workspace that the viewer sees.
    pub(super) fn visible_cases(&self) -> Condition {
        let teams = self.viewer.teams.as_ref();
        Condition::all()
            .add(case_record::Column::Workspace.eq(self.workspace()))
            .add_option(teams.map(|teams| case_record::Column::Team.is_in(teams.iter().map(String::as_str))))
    }

    /// What a restricted viewer demands of a case: that one of the viewer's teams has it now.
    pub(super) fn team_term(&self) -> Option<FilterTerm> {
        let teams = self.viewer.teams.as_ref()?;
        Some(FilterTerm { attribute: FilterAttribute::Team, test: Test::In(teams.iter().cloned().collect()) })
    }

    /// Rows whose column names a case that the viewer sees; nothing to demand when the viewer sees all.
    pub(super) fn of_visible_cases(&self, case: impl ColumnTrait) -> Condition {
        if self.is_restricted() { self.of_seen_cases(case) } else { Condition::all() }
    }

    /// Rows whose column names a case that has come and that the viewer sees.
    pub(super) fn of_seen_cases(&self, case: impl ColumnTrait) -> Condition {
        // By the one row, since of the viewer's cases as a list there may be as many as there are cases.
        let of_case = case_record::Column::CaseId.into_expr().equals(case.as_column_ref());
        let seen = Query::select()
            .expr(Expr::val(1))
            .from(case_record::Entity)
            .cond_where(self.visible_cases().add(of_case))
            .take();
        Condition::all().add(Expr::exists(seen))
    }

    /// Rows of the workspace by the values of one column, one statement for all of them, that meet `more`.
    pub(super) async fn rows_by<E, K>(
        &self,
        column: E::Column,
        keys: &[K],
        more: Condition,
    ) -> Result<Vec<E::Model>, StoreError>
    where
        E: EntityTrait,
        K: Clone + Into<Value>,
    {
        let mut rows = Vec::new();
        for keys in key_lists(keys) {
            let select = E::find().filter(self.in_workspace()).filter(column.is_in(keys)).filter(more.clone());
            let found = select.all(self).await?;
            if rows.is_empty() {
                rows = found;
            } else {
                rows.extend(found);
            }
        }
        Ok(rows)
    }
}

/// Refuses a text that PostgreSQL cannot take and at which SQLite ends a search pattern.
fn check_texts(statement: &Statement) -> Result<(), DbErr> {
    let holds_nul = |value: &Value| matches!(value, Value::String(Some(text)) if text.contains('\0'));
    match statement.values.iter().flat_map(|values| &values.0).any(holds_nul) {
        true => Err(DbErr::Custom(HOLDS_NUL.to_owned())),
        false => Ok(()),
    }
}

/// Keys as one statement each may look for them: the last repeated up to a power of two, so that few statements are prepared for any
/// number of keys.
pub(super) fn key_lists<K: Clone>(keys: &[K]) -> impl Iterator<Item = Vec<K>> {
    keys.chunks(MAX_KEYS).map(|keys| {
        let missing = keys.len().next_power_of_two().saturating_sub(keys.len());
        keys.iter().chain(keys.last().into_iter().cycle().take(missing)).cloned().collect()
    })
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }
    async fn execute_raw(&self, _statement: Statement) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("a reader does not write".to_owned()))
    }
    async fn execute_unprepared(&self, _sql: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("a reader does not write".to_owned()))
    }
    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        check_texts(&statement)?;
        self.stats.sql_statements.fetch_add(1, Ordering::Relaxed);
        let span = sql_span(&statement);
        asking(self.db.query_one_raw(statement)).instrument(span).await
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        check_texts(&statement)?;
        self.stats.sql_statements.fetch_add(1, Ordering::Relaxed);
        let span = sql_span(&statement);
        asking(self.db.query_all_raw(statement)).instrument(span).await
    }
}

/// A span of one statement: its text, which has places for values and not the values.
fn sql_span(statement: &Statement) -> tracing::Span {
    tracing::debug_span!(target: "deskgraph::trace", "sql", statement = statement.sql)
}

#[cfg(test)]
mod tests;
