//! Reading what derivation looks at besides a case's own events: a workspace's reference data.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entity::{agent, business_hours, sla_policy, status, team, workspace};
use super::row;
use super::{Store, StoreError};
use crate::model::{AgentKind, Reference, WorkspaceId};

impl Store {
    /// Everything of a workspace that deriving looks at; `None` when there is no such workspace.
    pub async fn reference(&self, workspace: &WorkspaceId) -> Result<Option<Reference>, StoreError> {
        match workspace::Entity::find_by_id(workspace.0.as_str()).one(&self.reader).await? {
            Some(row) => Ok(Some(read(&self.reader, &row).await?)),
            None => Ok(None),
        }
    }
}

/// The reference data of the workspace of `row`.
pub async fn read(db: &impl ConnectionTrait, row: &workspace::Model) -> Result<Reference, StoreError> {
    let id = row.id.as_str();
    let hours = business_hours::Entity::find().filter(business_hours::Column::Workspace.eq(id)).all(db).await?;
    let statuses = status::Entity::find().filter(status::Column::Workspace.eq(id)).all(db).await?;
    let policies = sla_policy::Entity::find().filter(sla_policy::Column::Workspace.eq(id)).all(db).await?;
    let bots: Vec<String> = agent::Entity::find()
        .select_only()
        .column(agent::Column::Id)
        .filter(agent::Column::Workspace.eq(id))
        .filter(agent::Column::Kind.eq(AgentKind::Bot.word()))
        .into_tuple()
        .all(db)
        .await?;
    let teams = team::Entity::find()
        .filter(team::Column::Workspace.eq(id))
        .filter(team::Column::BusinessHours.is_not_null())
        .all(db)
        .await?;
    Ok(Reference {
        workspace: row::reference::to_workspace(row),
        business_hours: hours.into_iter().map(row::reference::to_business_hours).collect::<Result<_, _>>()?,
        statuses: statuses.into_iter().map(row::reference::to_status).collect::<Result<_, _>>()?,
        policies: policies.into_iter().map(row::reference::to_sla_policy).collect::<Result<_, _>>()?,
        bots: bots.into_iter().collect(),
        team_hours: teams.into_iter().filter_map(|team| team.business_hours.map(|hours| (team.id, hours))).collect(),
    })
}
