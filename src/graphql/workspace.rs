//! Workspaces.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::business_hours::BusinessHours;
use super::context::ask;
use super::node::{Kind, global_id};
use super::scalars::{DateTime, Long, TimeZone};
use crate::app::lookups::WorkspaceState;

/// A workspace.
pub struct Workspace(pub Arc<WorkspaceState>);

/// One organisation's data and the settings by which it is counted
#[Object]
impl Workspace {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::Workspace, &self.0.workspace.id)
    }
    /// The id that tokens name
    async fn external_id(&self) -> &str {
        &self.0.workspace.id
    }
    /// Display name
    async fn name(&self) -> &str {
        &self.0.workspace.name
    }
    /// Time zone of questions that name none
    async fn timezone(&self) -> TimeZone {
        TimeZone(self.0.workspace.timezone.clone())
    }
    /// Schedule of cases whose team has none, in the version in force now; null: business time is calendar time
    async fn business_hours(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<BusinessHours>> {
        match &self.0.workspace.business_hours {
            Some(id) => BusinessHours::in_force(ask(ctx)?, id).await,
            None => Ok(None),
        }
    }
    /// When the data last changed; null before any came
    async fn as_of(&self) -> Option<DateTime> {
        self.0.as_of.map(DateTime)
    }
    /// Number of the last change; 0 before any data came
    async fn revision(&self) -> Long {
        Long(self.0.revision)
    }
    /// Number of cases that still show figures from before a changed schedule, status or setting
    async fn rederiving(&self) -> Long {
        Long(self.0.rederiving)
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct WorkspaceQuery;

#[Object]
impl WorkspaceQuery {
    /// The viewer's workspace
    async fn workspace(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Workspace>> {
        Ok(Some(Workspace(ask(ctx)?.workspace().await?)))
    }
}
