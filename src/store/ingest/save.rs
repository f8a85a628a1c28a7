//! Writing what a batch has changed.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QueryOrder};

use super::kept::save;
use super::known::{CaseEntry, Known};
use super::rows;
use super::slot::dirty;
use super::standing::EventEntry;
use super::transaction::Pen;
use crate::model::batch::ErasedKind;
use crate::model::{EventKind, Instant};
use crate::record::presence as spells;
use crate::store::bulk::{self, Among, texts};
use crate::store::entity::{
    agent_team, business_hours, event, presence, presence_record, sla_policy, status, support_case, tombstone,
};
use crate::store::row::case::SupportCaseRow;
use crate::store::row::event::EventRow;
use crate::store::transaction::{Piece, Transaction};
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

    /// Writes everything but the workspace row, the cases, their events and what is derived from them.
    pub async fn save(&self, db: &Transaction, workspace: &str) -> Result<(), StoreError> {
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
        self.save_erased(db, workspace).await
    }

    async fn save_reference(&self, db: &Transaction, workspace: &str) -> Result<(), StoreError> {
        let hours = dirty(&self.business_hours).map(|h| row::reference::of_business_hours(workspace, h));
        bulk::upsert::<business_hours::Entity>(db, hours.collect::<Result<_, _>>()?).await?;
        let statuses = dirty(&self.statuses).map(|s| row::reference::of_status(workspace, s));
        bulk::upsert::<status::Entity>(db, statuses.collect()).await?;
        let policies = dirty(&self.policies).map(|p| row::reference::of_sla_policy(workspace, p));
        bulk::upsert::<sla_policy::Entity>(db, policies.collect::<Result<_, _>>()?).await
    }

    async fn save_agent_teams(&self, db: &Transaction, workspace: &str) -> Result<(), StoreError> {
        let moved: Vec<_> = self
            .agents
            .values()
            .filter(|slot| slot.before.as_ref().map(|a| &a.teams) != slot.now.as_ref().map(|a| &a.teams))
            .filter_map(|slot| slot.now.as_ref())
            .collect();
        let among = Among { workspace, and: None, column: "agent" };
        bulk::delete::<agent_team::Entity>(db, among, &texts(moved.iter().map(|agent| &agent.id))).await?;
        let teams = moved.iter().flat_map(|agent| row::directory::of_agent_teams(workspace, agent));
        bulk::insert::<agent_team::Entity>(db, teams.collect()).await
    }

    /// Presence lines, and the spells of each agent from the last one on that no line touches.
    async fn save_presence(&self, db: &Transaction, workspace: &str) -> Result<(), StoreError> {
        let mut since: BTreeMap<&str, Instant> = BTreeMap::new();
        for line in dirty(&self.presence) {
            let at = since.entry(&line.agent).or_insert(line.at);
            *at = line.at.min(*at);
        }
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for slot in self.presence.values().filter(|slot| slot.is_dirty()) {
            let Some(line) = &slot.now else { continue };
            let row = row::directory::of_presence(workspace, line);
            if slot.before.is_some() { old.push(row) } else { new.push(row) }
        }
        bulk::upsert::<presence::Entity>(db, old).await?;
        bulk::insert::<presence::Entity>(db, new).await?;
        let mut spells = Vec::new();
        for (agent, at) in since {
            spells.append(&mut take_spells(db, workspace, agent, at).await?);
        }
        bulk::insert::<presence_record::Entity>(db, spells).await
    }

    async fn save_erased(&self, db: &Transaction, workspace: &str) -> Result<(), StoreError> {
        let stones = self.newly_erased.iter().map(|(kind, id)| tombstone::Model {
            workspace: workspace.to_owned(),
            kind: kind.word().to_owned(),
            id: id.clone(),
        });
        bulk::upsert::<tombstone::Entity>(db, stones.collect()).await?;
        let erased = self.newly_erased.iter().filter(|(kind, _)| *kind == ErasedKind::Case);
        let cases = texts(erased.map(|(_, id)| id));
        bulk::delete::<support_case::Entity>(db, Among { workspace, and: None, column: "id" }, &cases).await?;
        let among = Among { workspace, and: None, column: "case_id" };
        bulk::delete::<event::Entity>(db, among, &cases).await?;
        for piece in rows::deleted(db.get_database_backend(), workspace, &cases) {
            db.write(piece).await?;
        }
        Ok(())
    }

    /// Puts down the pieces that write what has changed of cases.
    pub fn put_cases<'a>(&'a self, pen: &Pen, backend: DatabaseBackend, workspace: &'a str) -> Result<(), StoreError> {
        let (mut old, mut new) = (Vec::new(), Vec::new());
        for slot in self.cases.values().filter(|slot| slot.is_dirty()) {
            let Some(entry) = slot.now.as_deref() else { continue };
            if slot.before.is_some() { old.push(entry) } else { new.push(entry) }
        }
        let keys = texts(old.iter().map(|entry| &entry.case.id));
        let rows = |mut entries: Vec<&'a CaseEntry>| {
            // Neighbours in the table are written one after the other.
            entries.sort_unstable_by(|a, b| a.case.id.cmp(&b.case.id));
            let row = |entry: &'a CaseEntry| SupportCaseRow::new(workspace, &entry.case, entry.is_anonymous);
            entries.into_iter().map(row).collect::<Result<Vec<_>, _>>()
        };
        let (old, new) = (rows(old)?, rows(new)?);
        let among = Among { workspace, and: None, column: "id" };
        pen.put_new(bulk::insert_pieces::<support_case::Entity>(backend, new));
        pen.put(bulk::replace_pieces::<support_case::Entity>(backend, among, &keys, old));
        Ok(())
    }

    /// Puts down the pieces that write what has changed of events, kind by kind, since the columns of the other kinds are null.
    pub fn put_events(&self, pen: &Pen, backend: DatabaseBackend, workspace: &str) {
        let mut gone: BTreeMap<EventKind, Vec<&str>> = BTreeMap::new();
        let mut changed: BTreeMap<EventKind, Vec<&EventEntry>> = BTreeMap::new();
        let mut new: BTreeMap<EventKind, Vec<&EventEntry>> = BTreeMap::new();
        for ((kind, id), slot) in self.events.iter().filter(|(_, slot)| slot.is_dirty()) {
            // It may have moved to another case, which leads its key: out with the old row, in with the new.
            let is_there = slot.before.is_some();
            if is_there {
                gone.entry(*kind).or_default().push(id);
            }
            if let Some(entry) = &slot.now {
                let kinds = if is_there { &mut changed } else { &mut new };
                kinds.entry(*kind).or_default().push(entry);
            }
        }
        // Neighbours in the table are written one after the other.
        let places = places_of(new.values().chain(changed.values()).flatten().map(|entry| entry.event.case.as_str()));
        let pieces = |entries| event_pieces(backend, workspace, &places, entries);
        for entries in new.into_values() {
            pen.put_new(pieces(entries));
        }
        for (kind, ids) in gone {
            let among = Among { workspace, and: Some(("kind", kind.word())), column: "id" };
            pen.put(bulk::delete_pieces::<event::Entity>(backend, among, &texts(ids)));
        }
        for entries in changed.into_values() {
            pen.put(pieces(entries));
        }
    }
}

fn event_pieces<'a>(
    backend: DatabaseBackend,
    workspace: &'a str,
    places: &HashMap<&str, usize>,
    mut entries: Vec<&'a EventEntry>,
) -> impl Iterator<Item = Piece> + use<'a> {
    entries.sort_by_cached_key(|entry| places.get(entry.event.case.as_str()).copied());
    let row = |entry: &'a EventEntry| EventRow { workspace, of: &entry.event, standing: entry.standing };
    let rows = entries.into_iter().map(row);
    bulk::insert_pieces::<event::Entity>(backend, rows)
}

/// The places of texts in their order: to sort many things by few texts.
fn places_of<'a>(texts: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut texts: Vec<&str> = texts.collect::<HashSet<&str>>().into_iter().collect();
    texts.sort_unstable();
    texts.into_iter().zip(0..).collect()
}

/// The spells of an agent from the last one on that begins before `at`; those that were there are taken out.
async fn take_spells(
    db: &Transaction,
    workspace: &str,
    agent: &str,
    at: Instant,
) -> Result<Vec<presence_record::Model>, StoreError> {
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
    Ok(spells.iter().map(|spell| row::directory::of_presence_record(workspace, spell)).collect())
}
