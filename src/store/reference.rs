//! Reading what derivation looks at: a workspace's reference data, and cases with their events.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::bulk::{self, Among, texts};
use super::entity::{agent, business_hours, event, sla_policy, status, support_case, team, workspace};
use super::row;
use super::{Store, StoreError};
use crate::model::{AgentKind, Case, Event, Reference, WorkspaceId};

impl Store {
    /// Everything of a workspace that deriving looks at; `None` when there is no such workspace.
    pub async fn reference(&self, workspace: &WorkspaceId) -> Result<Option<Reference>, StoreError> {
        match workspace::Entity::find_by_id(workspace.0.as_str()).one(&self.reader).await? {
            Some(row) => Ok(Some(read(&self.reader, &row).await?)),
            None => Ok(None),
        }
    }

    /// Cases as created, each with its events in no order; ids that no case has are left out.
    pub async fn cases_with_events(
        &self,
        workspace: &WorkspaceId,
        ids: &[String],
    ) -> Result<Vec<(Case, Vec<Event>)>, StoreError> {
        let among = |column| Among { workspace: &workspace.0, and: None, column };
        let cases = bulk::select::<support_case::Entity>(&self.reader, among("id"), texts(ids)).await?;
        let mut events: HashMap<String, Vec<Event>> = HashMap::new();
        for row in bulk::select::<event::Entity>(&self.reader, among("case_id"), texts(ids)).await? {
            let event = row::event::to_event(row)?;
            events.entry(event.case.clone()).or_default().push(event);
        }
        let with_events = |row| {
            let case = row::case::to_case(row)?;
            let events = events.remove(&case.id).unwrap_or_default();
            Ok((case, events))
        };
        cases.into_iter().map(with_events).collect()
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
