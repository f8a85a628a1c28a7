//! Reading a workspace: its settings and how fresh it is.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::StoreError;
use super::entity::{support_case, workspace};
use super::reader::Reader;
use super::row::reference::to_workspace;
use crate::model::{Instant, Workspace};

/// A workspace and how fresh its data is.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceState {
    /// Settings.
    pub workspace: Workspace,
    /// Number of the last change; 0 before the first.
    pub revision: i64,
    /// When the last change was made; `None` before the first.
    pub as_of: Option<Instant>,
    /// Cases that still show figures from before a changed schedule, status or setting.
    pub rederiving: i64,
}

impl Reader {
    /// The workspace; one that has no data yet is a workspace of which only the id is known.
    pub async fn workspace_state(&self) -> Result<WorkspaceState, StoreError> {
        let id = self.workspace();
        let Some(row) = workspace::Entity::find_by_id(id).one(self).await? else {
            return Ok(WorkspaceState { workspace: Workspace::named(id), revision: 0, as_of: None, rederiving: 0 });
        };
        let rederiving = match &row.rederive_after {
            None => 0,
            Some(done) => {
                let left = support_case::Entity::find()
                    .filter(support_case::Column::Workspace.eq(id))
                    .filter(support_case::Column::Id.gt(done));
                super::case::count(left.count(self).await?)?
            }
        };
        Ok(WorkspaceState {
            workspace: to_workspace(&row),
            revision: row.revision,
            as_of: (row.revision > 0).then(|| Instant::from_ms(row.as_of)),
            rederiving,
        })
    }

    /// Number of the workspace's last change and when it was made; 0 and `None` before the first.
    pub async fn freshness(&self) -> Result<(i64, Option<Instant>), StoreError> {
        let row = workspace::Entity::find_by_id(self.workspace())
            .select_only()
            .column(workspace::Column::Revision)
            .column(workspace::Column::AsOf)
            .into_tuple::<(i64, i64)>();
        let (revision, as_of) = row.one(self).await?.unwrap_or_default();
        Ok((revision, (revision > 0).then(|| Instant::from_ms(as_of))))
    }

    /// Number of the workspace's last change; 0 before the first.
    pub async fn revision(&self) -> Result<i64, StoreError> {
        let revision = workspace::Entity::find_by_id(self.workspace())
            .select_only()
            .column(workspace::Column::Revision)
            .into_tuple::<i64>();
        Ok(revision.one(self).await?.unwrap_or_default())
    }
}
