//! Writing what a batch has changed.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::kept::save;
use super::known::Known;
use super::rows;
use super::slot::dirty;
use crate::model::batch::ErasedKind;
use crate::model::{EventKind, Instant};
use crate::record::presence as spells;
use crate::store::bulk::{self, Among, texts};
use crate::store::entity::{
    agent_team, business_hours, case_record, event, presence, presence_record, sla_policy, status, support_case,
    tombstone,
};
use crate::store::{StoreError, row};

impl Known {
    /// Indicates there is something to write.
    pub fn is_dirty(&self) -> bool {
        self.settings.is_dirty()
            || !self.newly_erased.is_empty()
            || self.cases.values().any(|slot| slot.is_dirty())
            || self.events.values().any(|slot| slot.is_dirty())
            || self.presence.values().any(|slot| slot.is_dirty())
            || self.customers.values().any(|slot| slot.is_dirty())
            || self.agents.values().any(|slot| slot.is_dirty())
            || self.teams.values().any(|slot| slot.is_dirty())
            || self.queues.values().any(|slot| slot.is_dirty())
            || self.tags.values().any(|slot| slot.is_dirty())
            || self.channels.values().any(|slot| slot.is_dirty())
            || self.contact_points.values().any(|slot| slot.is_dirty())
            || self.business_hours.values().any(|slot| slot.is_dirty())
            || self.statuses.values().any(|slot| slot.is_dirty())
            || self.policies.values().any(|slot| slot.is_dirty())
    }

    /// Writes everything but the workspace row and the derived rows of cases.
    pub async fn save(&self, db: &impl ConnectionTrait, workspace: &str) -> Result<(), StoreError> {
        self.save_reference(db, workspace).await?;
        save(db, workspace, &self.agents).await?;
        self.save_agent_teams(db, workspace).await?;
        save(db, workspace, &self.teams).await?;
        save(db, workspace, &self.queues).await?;
        save(db, workspace, &self.tags).await?;
        save(db, workspace, &self.channels).await?;
        save(db, workspace, &self.contact_points).await?;
        save(db, workspace, &self.customers).await?;
        self.save_presence(db, workspace).await?;
        self.save_erased(db, workspace).await?;
        self.save_cases(db, workspace).await?;
        self.save_events(db, workspace).await
    }

    async fn save_reference(&self, db: &impl ConnectionTrait, workspace: &str) -> Result<(), StoreError> {
        let hours = dirty(&self.business_hours).map(|h| row::reference::of_business_hours(workspace, h));
        bulk::upsert::<business_hours::Entity>(db, hours.collect::<Result<_, _>>()?).await?;
        let statuses = dirty(&self.statuses).map(|s| row::reference::of_status(workspace, s));
        bulk::upsert::<status::Entity>(db, statuses.collect()).await?;
        let policies = dirty(&self.policies).map(|p| row::reference::of_sla_policy(workspace, p));
        bulk::upsert::<sla_policy::Entity>(db, policies.collect::<Result<_, _>>()?).await
    }

    async fn save_agent_teams(&self, db: &impl ConnectionTrait, workspace: &str) -> Result<(), StoreError> {
        let moved: Vec<_> = self
            .agents
            .values()
            .filter(|slot| slot.before.as_ref().map(|a| &a.teams) != slot.now.as_ref().map(|a| &a.teams))
            .filter_map(|slot| slot.now.as_ref())
            .collect();
        let among = Among { workspace, and: None, column: "agent" };
        bulk::delete::<agent_team::Entity>(db, among, texts(moved.iter().map(|agent| &agent.id))).await?;
        let teams = moved.iter().flat_map(|agent| row::directory::of_agent_teams(workspace, agent));
        bulk::insert::<agent_team::Entity>(db, teams.collect()).await
    }

    /// Presence lines, and the spells of each agent from the last one on that no line touches.
    async fn save_presence(&self, db: &impl ConnectionTrait, workspace: &str) -> Result<(), StoreError> {
        let mut since: BTreeMap<&str, Instant> = BTreeMap::new();
        for line in dirty(&self.presence) {
            let at = since.entry(&line.agent).or_insert(line.at);
            *at = line.at.min(*at);
        }
        let lines = dirty(&self.presence).map(|line| row::directory::of_presence(workspace, line));
        bulk::upsert::<presence::Entity>(db, lines.collect()).await?;
        for (agent, at) in since {
            save_spells(db, workspace, agent, at).await?;
        }
        Ok(())
    }

    async fn save_erased(&self, db: &impl ConnectionTrait, workspace: &str) -> Result<(), StoreError> {
        let stones = self.newly_erased.iter().map(|(kind, id)| tombstone::Model {
            workspace: workspace.to_owned(),
            kind: kind.word().to_owned(),
            id: id.clone(),
        });
        bulk::upsert::<tombstone::Entity>(db, stones.collect()).await?;
        let erased = self.newly_erased.iter().filter(|(kind, _)| *kind == ErasedKind::Case);
        let cases: Vec<String> = erased.map(|(_, id)| id.clone()).collect();
        bulk::delete::<support_case::Entity>(db, Among { workspace, and: None, column: "id" }, texts(&cases)).await?;
        rows::delete::<event::Entity>(db, workspace, &cases).await?;
        rows::delete::<case_record::Entity>(db, workspace, &cases).await?;
        rows::delete_derived(db, workspace, &cases).await
    }

    async fn save_cases(&self, db: &impl ConnectionTrait, workspace: &str) -> Result<(), StoreError> {
        let mut cases: Vec<_> = dirty(&self.cases).collect();
        cases.sort_unstable_by(|a, b| a.case.id.cmp(&b.case.id));
        let rows = cases.into_iter().map(|entry| row::case::of_case(workspace, &entry.case, entry.is_anonymous));
        bulk::upsert::<support_case::Entity>(db, rows.collect::<Result<_, _>>()?).await
    }

    async fn save_events(&self, db: &impl ConnectionTrait, workspace: &str) -> Result<(), StoreError> {
        // Changed events may have moved to another case, which leads their key: out with the old row, in with the new.
        let mut old: BTreeMap<EventKind, Vec<&str>> = BTreeMap::new();
        for ((kind, id), slot) in &self.events {
            if slot.before.is_some() && slot.is_dirty() {
                old.entry(*kind).or_default().push(id);
            }
        }
        for (kind, ids) in old {
            let among = Among { workspace, and: Some(("kind", kind.word())), column: "id" };
            bulk::delete::<event::Entity>(db, among, texts(ids)).await?;
        }
        let mut events: Vec<_> = dirty(&self.events).collect();
        events.sort_unstable_by(|a, b| (&a.event.case, &a.event.id).cmp(&(&b.event.case, &b.event.id)));
        let rows = events.into_iter().map(|entry| row::event::of_event(workspace, &entry.event, entry.standing));
        bulk::insert::<event::Entity>(db, rows.collect()).await
    }
}

async fn save_spells(db: &impl ConnectionTrait, workspace: &str, agent: &str, at: Instant) -> Result<(), StoreError> {
    let earlier = presence_record::Entity::find()
        .filter(presence_record::Column::Workspace.eq(workspace))
        .filter(presence_record::Column::Agent.eq(agent))
        .filter(presence_record::Column::FromAt.lt(at.ms()))
        .order_by_desc(presence_record::Column::FromAt)
        .one(db)
        .await?;
    let from = earlier.map_or(at.ms(), |spell| spell.from_at);
    let lines = presence::Entity::find()
        .filter(presence::Column::Workspace.eq(workspace))
        .filter(presence::Column::Agent.eq(agent))
        .filter(presence::Column::At.gte(from))
        .all(db)
        .await?;
    let lines: Vec<_> = lines.into_iter().map(row::directory::to_presence).collect::<Result<_, _>>()?;
    presence_record::Entity::delete_many()
        .filter(presence_record::Column::Workspace.eq(workspace))
        .filter(presence_record::Column::Agent.eq(agent))
        .filter(presence_record::Column::FromAt.gte(from))
        .exec(db)
        .await?;
    let spells = spells::derive(&lines);
    let rows = spells.iter().map(|spell| row::directory::of_presence_record(workspace, spell));
    bulk::insert::<presence_record::Entity>(db, rows.collect()).await
}
