//! Deriving all of a workspace's cases again, piece by piece, after what they are derived by has changed.
//!
//! The workspace's row keeps how far it has come, so that it goes on after a crash where it stopped.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::known::CaseEntry;
use super::rows::{self, Target, Todo};
use super::transaction::{Making, lock};
use crate::model::{Event, Instant, WorkspaceId};
use crate::record::Rules;
use crate::store::bulk::{self, Among, texts};
use crate::store::entity::{event, support_case, workspace};
use crate::store::{Store, StoreError, change, reference, row};

/// What one piece of deriving again did.
#[derive(Debug)]
pub struct Rederived {
    /// Cases derived, in order.
    pub cases: Vec<String>,
    /// Revision after it.
    pub revision: i64,
    /// Indicates more is to come.
    pub is_unfinished: bool,
}

impl Store {
    /// Workspaces with cases that are still to be derived again.
    pub async fn workspaces_to_rederive(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        let ids: Vec<String> = workspace::Entity::find()
            .select_only()
            .column(workspace::Column::Id)
            .filter(workspace::Column::RederiveAfter.is_not_null())
            .into_tuple()
            .all(&self.reader)
            .await?;
        Ok(ids.into_iter().map(WorkspaceId).collect())
    }

    /// Derives the next `limit_cases` cases of a workspace again, in a transaction of their own; `None` when there is nothing to do.
    pub async fn rederive(
        &self,
        workspace: &WorkspaceId,
        limit_cases: u64,
        now: Instant,
    ) -> Result<Option<Rederived>, StoreError> {
        let transaction = self.begin().await?;
        let mut row = lock(&transaction, workspace, now).await?;
        let Some(after) = row.rederive_after.take() else {
            transaction.rollback().await?;
            return Ok(None);
        };
        let found = support_case::Entity::find()
            .filter(support_case::Column::Workspace.eq(row.id.as_str()))
            .filter(support_case::Column::Id.gt(after))
            .order_by_asc(support_case::Column::Id)
            .limit(limit_cases)
            .all(&transaction)
            .await?;
        let is_unfinished = found.len() as u64 == limit_cases;
        let found = with_events(&transaction, &row.id, found).await?;
        let cases: Vec<String> = found.iter().map(|found| found.entry.case.id.clone()).collect();
        let reference = reference::read(&transaction, &row).await?;
        let (backend, id) = (transaction.get_database_backend(), row.id.clone());
        let making = Making::begin(move |pen| {
            let replaced = texts(found.iter().map(|found| &found.entry.case.id));
            let todos: Vec<_> = found.iter().map(Found::todo).collect();
            let target = Target { backend, workspace: &id, replaced: &replaced };
            rows::put(pen, target, &todos, &Rules::compile(&reference))
        });
        making.write(&transaction).await?;
        let revision = row.revision;
        change::note(&transaction, (&row.id, revision), &cases, None, false).await?;
        row.rederive_after = cases.last().filter(|_| is_unfinished).cloned();
        row.as_of = now.ms();
        bulk::upsert::<workspace::Entity>(&transaction, vec![row]).await?;
        transaction.commit().await?;
        Ok(Some(Rederived { cases, revision, is_unfinished }))
    }
}

/// A case with all its events.
struct Found {
    entry: CaseEntry,
    events: Vec<Event>,
}

impl Found {
    fn todo(&self) -> Todo<'_> {
        let CaseEntry { case, is_anonymous } = &self.entry;
        Todo { case, events: self.events.iter().collect(), is_anonymous: *is_anonymous }
    }
}

async fn with_events(
    db: &impl ConnectionTrait,
    workspace: &str,
    found: Vec<support_case::Model>,
) -> Result<Vec<Found>, StoreError> {
    let among = Among { workspace, and: None, column: "case_id" };
    let keys = texts(found.iter().map(|row| &row.id));
    let mut events: HashMap<String, Vec<Event>> = HashMap::new();
    for row in bulk::select::<event::Entity>(db, among, &keys).await? {
        let event = row::event::to_event(row)?;
        events.entry(event.case.clone()).or_default().push(event);
    }
    let todo = |row: support_case::Model| {
        let is_anonymous = row.is_anonymous;
        let case = row::case::to_case(row)?;
        let events = events.remove(&case.id).unwrap_or_default();
        Ok(Found { entry: CaseEntry { case, is_anonymous }, events })
    };
    found.into_iter().map(todo).collect()
}

/// Number of a workspace's cases.
pub async fn count_cases(db: &impl ConnectionTrait, workspace: &str) -> Result<u64, StoreError> {
    let cases = support_case::Entity::find().filter(support_case::Column::Workspace.eq(workspace));
    Ok(cases.count(db).await?)
}

/// Ids of a workspace's cases.
pub async fn case_ids(db: &impl ConnectionTrait, workspace: &str) -> Result<BTreeSet<String>, StoreError> {
    let ids: Vec<String> = support_case::Entity::find()
        .select_only()
        .column(support_case::Column::Id)
        .filter(support_case::Column::Workspace.eq(workspace))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().collect())
}
