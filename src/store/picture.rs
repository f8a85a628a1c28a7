//! Reading derived rows whole, for the columnar picture: of all active cases batch by batch, and of those that have changed. A reader of a
//! snapshot sees one revision, whatever is written meanwhile.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    AccessMode, ColumnTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, IsolationLevel, QueryFilter,
    QueryOrder, QuerySelect, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use super::bulk::{self, Among, Keys, texts};
use super::entity::{agent, agent_team, case_history, case_record, presence_record, workspace};
use super::row::case_record::to_case_record;
use super::row::directory::to_presence_record;
use super::row::record::lay_history;
use super::{Store, StoreError};
use crate::model::{AgentKind, CaseState, WorkspaceId};
use crate::record::{Derived, PresenceRecord};

/// An agent with presence spells (none of a bot, or of one who is not there) and teams.
pub type AgentState = (String, Vec<PresenceRecord>, Vec<String>);

/// See the module.
pub struct SnapshotReader {
    db: DatabaseTransaction,
    workspace: String,
}

impl Store {
    /// Number of a workspace's last change; 0 before the first.
    pub async fn revision(&self, workspace: &WorkspaceId) -> Result<i64, StoreError> {
        let revision = workspace::Entity::find_by_id(workspace.0.as_str())
            .select_only()
            .column(workspace::Column::Revision)
            .into_tuple::<i64>();
        Ok(revision.one(&self.reader).await?.unwrap_or_default())
    }

    /// The workspaces that have data, by id.
    pub async fn workspaces(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        let ids: Vec<String> = workspace::Entity::find()
            .select_only()
            .column(workspace::Column::Id)
            .order_by_asc(workspace::Column::Id)
            .into_tuple()
            .all(&self.reader)
            .await?;
        Ok(ids.into_iter().map(WorkspaceId).collect())
    }

    /// Number of a workspace's cases, those that do not count included.
    pub async fn count_cases(&self, workspace: &WorkspaceId) -> Result<u64, StoreError> {
        super::ingest::count_cases(&self.reader, &workspace.0).await
    }

    /// Reads a workspace as it is now. To be dropped soon: what is deleted meanwhile stays in the database for it.
    pub async fn snapshot_reader(&self, workspace: &WorkspaceId) -> Result<SnapshotReader, StoreError> {
        let is_sqlite = self.reader.get_database_backend() == DatabaseBackend::Sqlite;
        let options = TransactionOptions {
            // SQLite's transactions see one state of themselves.
            isolation_level: (!is_sqlite).then_some(IsolationLevel::RepeatableRead),
            access_mode: (!is_sqlite).then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: is_sqlite.then_some(SqliteTransactionMode::Deferred),
        };
        let db = self.reader.begin_with_options(options).await?;
        Ok(SnapshotReader { db, workspace: workspace.0.clone() })
    }
}

/// Which cases' rows.
enum Which {
    /// Those of the cases from one to another, both included.
    Between(String, String),
    /// Those of listed cases.
    Among(Keys),
}

impl SnapshotReader {
    pub(super) fn db(&self) -> &DatabaseTransaction {
        &self.db
    }
    pub(super) fn workspace(&self) -> &str {
        &self.workspace
    }

    /// The active ones of the next cases by id, in the database's order of texts, with all that is derived from them; and the last of
    /// the cases, `None` when there are no more.
    pub async fn cases_after(&self, case: &str, limit: u64) -> Result<(Vec<Derived>, Option<String>), StoreError> {
        let cases = case_record::Entity::find()
            .filter(case_record::Column::Workspace.eq(self.workspace.as_str()))
            .filter(case_record::Column::CaseId.gt(case))
            .order_by_asc(case_record::Column::CaseId)
            .limit(limit)
            .all(&self.db)
            .await?;
        let (Some(first), Some(last)) = (cases.first(), cases.last()) else { return Ok((Vec::new(), None)) };
        let last = last.case_id.clone();
        let which = Which::Between(first.case_id.clone(), last.clone());
        Ok((self.derived(cases, &which).await?, Some(last)))
    }

    /// What is derived from cases, of the active ones.
    pub async fn derived_of(&self, ids: &[String]) -> Result<Vec<Derived>, StoreError> {
        let which = Which::Among(texts(ids));
        let cases = self.rows::<case_record::Entity>(&which).await?;
        self.derived(cases, &which).await
    }

    /// The next agents by id, in the database's order of texts; empty after the last.
    pub async fn agents_after(&self, agent: &str, limit: u64) -> Result<Vec<AgentState>, StoreError> {
        let agents = agent::Entity::find()
            .filter(agent::Column::Workspace.eq(self.workspace.as_str()))
            .filter(agent::Column::Id.gt(agent))
            .order_by_asc(agent::Column::Id)
            .limit(limit)
            .all(&self.db)
            .await?;
        self.states(agents).await
    }

    /// Agents by id, of those that are there.
    pub async fn agents_of(&self, ids: &[String]) -> Result<Vec<AgentState>, StoreError> {
        let among = Among { workspace: &self.workspace, and: None, column: "id" };
        let agents = bulk::select::<agent::Entity>(&self.db, among, &texts(ids)).await?;
        self.states(agents).await
    }

    async fn states(&self, agents: Vec<agent::Model>) -> Result<Vec<AgentState>, StoreError> {
        let among = Among { workspace: &self.workspace, and: None, column: "agent" };
        let ids = |agents: &mut dyn Iterator<Item = &agent::Model>| texts(agents.map(|agent| &agent.id));
        let mut teams: HashMap<String, Vec<String>> = HashMap::new();
        for row in bulk::select::<agent_team::Entity>(&self.db, among, &ids(&mut agents.iter())).await? {
            teams.entry(row.agent).or_default().push(row.team);
        }
        let is_human = |agent: &&agent::Model| agent.kind == AgentKind::Human.word();
        let mut spells: HashMap<String, Vec<PresenceRecord>> = HashMap::new();
        let humans = ids(&mut agents.iter().filter(is_human));
        for row in bulk::select::<presence_record::Entity>(&self.db, among, &humans).await? {
            spells.entry(row.agent.clone()).or_default().push(to_presence_record(row)?);
        }
        let state = |agent: agent::Model| {
            let (spells, mut teams) =
                (spells.remove(&agent.id).unwrap_or_default(), teams.remove(&agent.id).unwrap_or_default());
            teams.sort();
            (agent.id, spells, teams)
        };
        Ok(agents.into_iter().map(state).collect())
    }

    /// Rows of a table that has a column `case_id`.
    async fn rows<E: EntityTrait>(&self, which: &Which) -> Result<Vec<E::Model>, StoreError> {
        let among = Among { workspace: &self.workspace, and: None, column: "case_id" };
        match which {
            Which::Among(keys) => bulk::select::<E>(&self.db, among, keys).await,
            Which::Between(first, last) => {
                let select = E::find()
                    .filter(Expr::col("workspace").eq(self.workspace.as_str()))
                    .filter(Expr::col("case_id").gte(first.as_str()))
                    .filter(Expr::col("case_id").lte(last.as_str()));
                Ok(select.all(&self.db).await?)
            }
        }
    }

    /// The active ones of some cases, with all their records.
    async fn derived(&self, cases: Vec<case_record::Model>, which: &Which) -> Result<Vec<Derived>, StoreError> {
        let mut all = Vec::with_capacity(cases.len());
        let mut places = HashMap::with_capacity(cases.len());
        for row in cases.into_iter().filter(|row| row.state == CaseState::Active.word()) {
            places.insert(row.case_id.clone(), all.len());
            all.push(Derived::of_case(to_case_record(row)?));
        }
        for row in self.rows::<case_history::Entity>(which).await? {
            if let Some(of) = places.get(&row.case_id).and_then(|place| all.get_mut(*place)) {
                lay_history(&row, of)?;
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
