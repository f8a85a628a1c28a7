//! Looking up what the lines of a batch name: a statement a few hundred keys.

use std::collections::BTreeMap;

use foldhash::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Events;
use super::anonymous;
use super::before::{left, owners, still_has};
use super::kept::fill;
use super::known::{CaseEntry, Known};
use super::names::Names;
use super::slot::Slot;
use super::standing::EventEntry;
use crate::model::batch::ErasedKind;
use crate::model::{Case, ChangeField, EventKind, Line, NumberedLine, Presence};
use crate::store::bulk::{self, Among, Keys, numbers, texts};
use crate::store::entity::{agent, agent_team, case_record, event, presence, support_case, tombstone};
use crate::store::{StoreError, row};

/// Events of a kind that are looked up to tell whether those of a batch are new.
const SAMPLE: usize = 32;

/// Ids that lines are about.
#[derive(Default)]
struct Wanted<'a> {
    names: Names,
    cases: HashSet<&'a str>,
    events: BTreeMap<EventKind, Vec<&'a str>>,
    presence: BTreeMap<&'a str, Vec<i64>>,
    case_numbers: Vec<i64>,
    agent_numbers: Vec<i64>,
    erased_customers: Vec<&'a str>,
    erases: bool,
}

impl<'a> Wanted<'a> {
    fn of(lines: &'a [NumberedLine]) -> Wanted<'a> {
        let mut wanted = Wanted::default();
        for line in lines {
            wanted.add(&line.line);
        }
        wanted
    }

    fn add(&mut self, line: &'a Line) {
        let names = &mut self.names;
        match line {
            Line::Agent(line) => {
                names.agents.insert(line.id.clone());
                self.agent_numbers.extend(line.number);
            }
            Line::Team(line) => drop(names.teams.insert(line.id.clone())),
            Line::Queue(line) => drop(names.queues.insert(line.id.clone())),
            Line::Tag(line) => drop(names.tags.insert(line.id.clone())),
            Line::Channel(line) => drop(names.channels.insert(line.id.clone())),
            Line::ContactPoint(line) => drop(names.contact_points.insert(line.id.clone())),
            Line::Customer(line) => drop(names.customers.insert(line.id.clone())),
            Line::Presence(line) => self.presence.entry(&line.agent).or_default().push(line.at.ms()),
            Line::Case(line) => {
                self.cases.insert(&line.id);
                self.case_numbers.extend(line.number);
            }
            Line::Event(line) => {
                self.cases.insert(&line.case);
                let kind = line.body.kind();
                self.events.entry(kind).or_default().push(&line.id);
                if let (EventKind::Rating, Some(id)) = (kind, anonymous::customer(line.actor.value())) {
                    names.customers.insert(id.to_owned());
                }
            }
            Line::Erase(erase) => {
                self.erases = true;
                match erase.of {
                    ErasedKind::Case => drop(self.cases.insert(&erase.id)),
                    ErasedKind::Message => self.events.entry(EventKind::Message).or_default().push(&erase.id),
                    ErasedKind::Agent => drop(names.agents.insert(erase.id.clone())),
                    ErasedKind::Customer => {
                        names.customers.insert(erase.id.clone());
                        self.erased_customers.push(&erase.id);
                    }
                }
            }
            // All versions of a workspace are known from the start.
            Line::Workspace(_) | Line::BusinessHours(_) | Line::Status(_) | Line::SlaPolicy(_) => {}
        }
    }
}

impl Known {
    /// Looks up everything that the lines are about; what they only name comes later.
    pub async fn look_up(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        lines: &[NumberedLine],
        events: Events,
    ) -> Result<(), StoreError> {
        let wanted = Wanted::of(lines);
        let first = tombstone::Entity::find().filter(tombstone::Column::Workspace.eq(workspace)).one(db).await?;
        self.has_erased = first.is_some();
        self.look_up_names(db, workspace, &wanted.names).await?;
        self.look_up_erased(db, workspace, ErasedKind::Agent, wanted.names.agents.iter()).await?;
        self.look_up_cases(db, workspace, wanted.cases.iter()).await?;
        self.look_up_erased(db, workspace, ErasedKind::Case, wanted.cases.iter()).await?;
        let messages = wanted.events.get(&EventKind::Message).map(Vec::as_slice).unwrap_or_default();
        self.look_up_erased(db, workspace, ErasedKind::Message, messages.iter()).await?;
        self.take_events_of_before(&wanted.events);
        self.look_up_events(db, workspace, &wanted, events).await?;
        self.take_presence_of_before(&wanted.presence);
        for (agent, instants) in wanted.presence {
            self.look_up_presence(db, workspace, agent, &instants).await?;
        }
        let among = Among { workspace, and: None, column: "number" };
        let before = self.before.as_deref();
        let cases = before.map(|before| &before.cases);
        let may_be_given = |number: &i64| self.ours.as_ref().is_none_or(|ours| ours.may_have_number(*number));
        let case_numbers = numbers(wanted.case_numbers.iter().copied().filter(may_be_given));
        for row in bulk::select::<case_record::Entity>(db, among, &case_numbers).await? {
            if still_has(cases, &row.case_id, |entry| entry.case.number == row.number) {
                self.case_numbers.insert(row.number, row.case_id);
            }
        }
        let agents = before.map(|before| &before.agents);
        let agent_numbers = numbers(wanted.agent_numbers.iter().copied());
        for row in bulk::select::<agent::Entity>(db, among, &agent_numbers).await? {
            if still_has(agents, &row.id, |agent| agent.number == row.number) {
                self.agent_numbers.insert(row.number, row.id);
            }
        }
        if let Some(before) = before {
            self.case_numbers.extend(owners(&before.case_numbers, &wanted.case_numbers));
            self.agent_numbers.extend(owners(&before.agent_numbers, &wanted.agent_numbers));
        }
        self.look_up_cases_of(db, workspace, &wanted.erased_customers).await
    }

    /// Looks up people and places by id, and which of the customers were erased.
    pub async fn look_up_names(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        names: &Names,
    ) -> Result<(), StoreError> {
        let before = self.before.as_deref();
        let agents = fill(db, workspace, &mut self.agents, before.map(|b| &b.agents), ids(&names.agents)).await?;
        let among = Among { workspace, and: None, column: "agent" };
        let mut teams: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in bulk::select::<agent_team::Entity>(db, among, &texts(agents)).await? {
            teams.entry(row.agent).or_default().push(row.team);
        }
        for (agent, mut teams) in teams {
            teams.sort();
            if let Some(agent) = self.agents.get_mut(&agent).and_then(|slot| slot.now.as_mut()) {
                agent.teams = teams;
                let stored = agent.clone();
                self.agents.insert(stored.id.clone(), Slot::stored(stored));
            }
        }
        fill(db, workspace, &mut self.teams, before.map(|b| &b.teams), ids(&names.teams)).await?;
        fill(db, workspace, &mut self.queues, before.map(|b| &b.queues), ids(&names.queues)).await?;
        fill(db, workspace, &mut self.tags, before.map(|b| &b.tags), ids(&names.tags)).await?;
        fill(db, workspace, &mut self.channels, before.map(|b| &b.channels), ids(&names.channels)).await?;
        fill(db, workspace, &mut self.contact_points, before.map(|b| &b.contact_points), ids(&names.contact_points))
            .await?;
        let known = before.map(|b| &b.customers);
        let customers = fill(db, workspace, &mut self.customers, known, ids(&names.customers)).await?;
        self.look_up_erased(db, workspace, ErasedKind::Customer, customers.iter()).await
    }

    /// Looks up which customers were erased that waiting events name: their case has only come now.
    pub async fn look_up_customers_of(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        stored: &[EventEntry],
    ) -> Result<(), StoreError> {
        let customers = stored.iter().filter_map(|entry| anonymous::requester_of_event(&entry.event));
        self.look_up_erased(db, workspace, ErasedKind::Customer, customers).await
    }

    async fn look_up_erased<S: AsRef<str>>(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        kind: ErasedKind,
        ids: impl Iterator<Item = S>,
    ) -> Result<(), StoreError> {
        if !self.has_erased {
            return Ok(());
        }
        let among = Among { workspace, and: Some(("kind", kind.word())), column: "id" };
        let rows = bulk::select::<tombstone::Entity>(db, among, &texts(ids)).await?;
        self.erased.entry(kind).or_default().extend(rows.into_iter().map(|row| row.id));
        Ok(())
    }

    /// Looks up cases that are not known yet.
    pub async fn look_up_cases<S: AsRef<str>>(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        ids: impl IntoIterator<Item = S>,
    ) -> Result<(), StoreError> {
        let mut missing: Vec<S> = ids.into_iter().filter(|id| !self.cases.contains_key(id.as_ref())).collect();
        let before = self.before.as_ref().map(|before| &before.cases);
        missing.retain(|id| {
            let of_before = before.and_then(|cases| cases.get(id.as_ref()));
            self.cases.insert(id.as_ref().to_owned(), of_before.map_or_else(Slot::default, left));
            of_before.is_none()
        });
        missing.retain(|id| self.may_be_stored(id.as_ref()));
        let among = Among { workspace, and: None, column: "id" };
        for row in bulk::select::<support_case::Entity>(db, among, &texts(&missing)).await? {
            self.add_case(row)?;
        }
        Ok(())
    }

    fn add_case(&mut self, row: support_case::Model) -> Result<(), StoreError> {
        let is_anonymous = row.is_anonymous;
        let case = row::case::to_case(row)?;
        self.cases.insert(case.id.clone(), Slot::stored(Box::new(CaseEntry { case, is_anonymous })));
        Ok(())
    }

    async fn look_up_events(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        wanted: &Wanted<'_>,
        events: Events,
    ) -> Result<(), StoreError> {
        let of_before = self.events.len();
        // A table that grows moves what it has.
        self.events.reserve(wanted.events.values().map(Vec::len).sum());
        // What is erased must be known to be there.
        if events == Events::Sampled && !self.has_erased && !wanted.erases {
            for (kind, ids) in &wanted.events {
                let step = ids.len().div_ceil(SAMPLE).max(1);
                self.look_up_events_of(db, workspace, *kind, &texts(ids.iter().step_by(step))).await?;
            }
            self.takes_events_for_new = self.events.len() == of_before;
        }
        if !self.takes_events_for_new {
            for (kind, ids) in &wanted.events {
                self.look_up_events_of(db, workspace, *kind, &texts(ids)).await?;
            }
        }
        Ok(())
    }

    async fn look_up_events_of(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        kind: EventKind,
        ids: &Keys,
    ) -> Result<(), StoreError> {
        let among = Among { workspace, and: Some(("kind", kind.word())), column: "id" };
        for row in bulk::select::<event::Entity>(db, among, ids).await? {
            let entry = to_entry(row)?;
            self.events.entry((kind, entry.event.id.clone())).or_insert_with(|| Slot::stored(Box::new(entry)));
        }
        Ok(())
    }

    async fn look_up_presence(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        agent: &str,
        instants: &[i64],
    ) -> Result<(), StoreError> {
        let among = Among { workspace, and: Some(("agent", agent)), column: "at" };
        let keys = numbers(instants.iter().copied());
        for row in bulk::select::<presence::Entity>(db, among, &keys).await? {
            let line: Presence = row::directory::to_presence(row)?;
            self.presence.entry((line.agent.clone(), line.at)).or_insert_with(|| Slot::stored(line));
        }
        Ok(())
    }

    /// Looks up the cases whose texts go with these customers, and the ratings that they gave.
    async fn look_up_cases_of(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        customers: &[&str],
    ) -> Result<(), StoreError> {
        let mut found: Vec<(String, String)> = Vec::new();
        for column in ["requester", "creator_id"] {
            let among = Among { workspace, and: None, column };
            for row in bulk::select::<support_case::Entity>(db, among, &texts(customers)).await? {
                let case: Case = row::case::to_case(row)?;
                let of = anonymous::customers_of_case(&case).map(|customer| (customer.to_owned(), case.id.clone()));
                found.extend(of);
            }
        }
        let among = Among { workspace, and: Some(("kind", EventKind::Change.word())), column: "value" };
        for row in bulk::select::<event::Entity>(db, among, &texts(customers)).await? {
            if row.field.as_deref() == Some(ChangeField::Requester.word()) {
                found.extend(row.value.map(|customer| (customer, row.case_id)));
            }
        }
        let among = Among { workspace, and: Some(("kind", EventKind::Rating.word())), column: "actor_id" };
        for row in bulk::select::<event::Entity>(db, among, &texts(customers)).await? {
            let entry = to_entry(row)?;
            let key = (EventKind::Rating, entry.event.id.clone());
            self.events.entry(key).or_insert_with(|| Slot::stored(Box::new(entry)));
        }
        self.look_up_cases(db, workspace, found.iter().map(|(_, case)| case)).await?;
        for (customer, case) in found {
            self.cases_of_erased.entry(customer).or_default().insert(case);
        }
        Ok(())
    }
}

/// The entry of an event row.
pub fn to_entry(row: event::Model) -> Result<EventEntry, StoreError> {
    let standing = row.standing;
    Ok(EventEntry { event: row::event::to_event(row)?, standing })
}

fn ids(set: &HashSet<String>) -> impl Iterator<Item = &str> {
    set.iter().map(String::as_str)
}
