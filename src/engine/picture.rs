//! One workspace's picture: its newest snapshot, and what is needed to make the next one from what has changed.
//!
//! A change is laid into the next snapshot, in as many pieces as are convenient, and published at once: nobody sees half of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::build::{Rows, names, presence_chunks};
use super::cases::Cases;
use super::chunk::{Chunk, Live, Table};
use super::dictionary::Dictionaries;
use super::mark::{Days, Going};
use super::merge::{settle, tidy};
use super::pages::{CaseNow, TagSets};
use super::snapshot::{Snapshot, serial};
use crate::model::{CaseState, Instant};
use crate::record::{Derived, Domain, PresenceRecord, RecordKind};

/// What is known now of some cases and agents.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    /// Cases by id; `None`: gone.
    pub cases: Vec<(String, Option<Derived>)>,
    /// Agents.
    pub presence: Vec<AgentNow>,
}

/// What the picture keeps of an agent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentNow {
    /// The agent's id.
    pub agent: String,
    /// Presence spells of a human agent; none of a bot.
    pub spells: Vec<PresenceRecord>,
    /// The agent's teams.
    pub teams: Vec<String>,
}

/// What has changed up to a revision.
#[derive(Clone, Debug)]
pub struct Change {
    /// The revision.
    pub revision: i64,
    /// When that was written.
    pub as_of: Instant,
    /// All that has changed since the revision before.
    pub laid: Laid,
}

/// See the module.
#[derive(Debug)]
pub struct Picture {
    current: RwLock<Arc<Snapshot>>,
    next: Mutex<Next>,
}

/// The snapshot that is being made.
#[derive(Debug)]
struct Next {
    snapshot: Snapshot,
    /// By slot.
    days: Vec<Days>,
    tag_sets: TagSets,
    /// Kinds that rows were laid into since the last snapshot.
    is_laid: [bool; RecordKind::ALL.len()],
}

impl Picture {
    /// Of a workspace without data.
    pub fn empty() -> Picture {
        let table = |kind: &RecordKind| Table { names: Arc::new(names(*kind)), chunks: Vec::new() };
        let mut tables = RecordKind::ALL.iter().map(table);
        Picture::of(Snapshot {
            serial: serial(),
            revision: 0,
            as_of: Instant::default(),
            dictionaries: Arc::default(),
            cases: Cases::default(),
            agent_teams: Arc::default(),
            tables: std::array::from_fn(|_| tables.next().unwrap_or_default()),
        })
    }

    /// Of a snapshot that was kept.
    pub fn of(mut snapshot: Snapshot) -> Picture {
        let tag_sets = TagSets::of(&mut snapshot.cases);
        let mut days = vec![Days::default(); snapshot.cases.len];
        for table in case_tables(&snapshot.tables) {
            table.chunks.iter().for_each(|live| note(&mut days, &live.chunk));
        }
        Picture {
            current: RwLock::new(Arc::new(snapshot.clone())),
            next: Mutex::new(Next { snapshot, days, tag_sets, is_laid: Default::default() }),
        }
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces what has changed; seen by whoever asks for the snapshot from now on. Takes time: call it where that keeps nobody waiting.
    pub fn apply(&self, change: Change) {
        self.lay(change.laid);
        self.publish(change.revision, change.as_of);
    }

    /// Replaces a part of what has changed, to be seen when it is published. The same again makes no difference.
    pub fn lay(&self, laid: Laid) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.lay_cases(&laid.cases);
        next.lay_presence(&laid.presence);
    }

    /// Shows what was laid.
    pub fn publish(&self, revision: i64, as_of: Instant) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        for place in 0..next.is_laid.len() {
            if std::mem::take(&mut next.is_laid[place]) {
                tidy(&mut next.snapshot.tables[place]);
            }
        }
        (next.snapshot.serial, next.snapshot.revision, next.snapshot.as_of) = (serial(), revision, as_of);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next.snapshot.clone());
    }

    /// Puts all rows laid so far in order of time, which serves whoever asks for a period. Call it once, after the first drawing.
    pub fn settle(&self) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.snapshot.tables.iter_mut().for_each(settle);
        next.is_laid = Default::default();
    }
}

/// The tables of kinds that belong to cases.
fn case_tables(tables: &[Table]) -> impl Iterator<Item = &Table> {
    tables.iter().zip(RecordKind::ALL).filter(|(_, kind)| **kind != RecordKind::Presence).map(|(table, _)| table)
}

/// Notes when the rows of a chunk lie.
fn note(days: &mut [Days], chunk: &Chunk) {
    for (row, slot) in chunk.slots.iter().enumerate() {
        days[*slot as usize].add(chunk.time.at(row));
    }
}

impl Next {
    fn lay_cases(&mut self, cases: &[(String, Option<Derived>)]) {
        let mut changed: BTreeMap<u32, Option<&Derived>> = BTreeMap::new();
        for (id, derived) in cases {
            match derived.as_ref().filter(|derived| derived.case.state == CaseState::Active) {
                Some(derived) => drop(changed.insert(self.snapshot.cases.ids.slot(id), Some(derived))),
                None => drop(self.snapshot.cases.ids.find(id).map(|slot| changed.insert(slot, None))),
            }
        }
        if changed.is_empty() {
            return;
        }
        self.bury(changed.keys().copied());
        let active: Vec<(u32, &Derived)> = changed.iter().filter_map(|(slot, of)| Some((*slot, (*of)?))).collect();
        self.days.resize(self.snapshot.cases.ids.len(), Days::default());
        let dictionaries = Arc::clone(&self.snapshot.dictionaries);
        let rows = Rows { cases: &active, dictionaries: &dictionaries };
        for &kind in RecordKind::ALL {
            let chunks = rows.chunks(kind);
            chunks.iter().for_each(|chunk| note(&mut self.days, chunk));
            self.add(kind, chunks);
        }
        let Next { snapshot, tag_sets, .. } = self;
        let now = |of: Option<&Derived>| match of {
            Some(of) => CaseNow::of(&of.case, &mut snapshot.cases, tag_sets, &dictionaries),
            None => CaseNow::default(),
        };
        let slots: Vec<u32> = changed.keys().copied().collect();
        let laid: Vec<CaseNow> = changed.into_values().map(now).collect();
        self.snapshot.cases.lay(&slots.into_iter().zip(laid).collect::<Vec<_>>());
    }

    /// Takes the rows of slots out.
    fn bury(&mut self, slots: impl Iterator<Item = u32>) {
        let mut going = Vec::new();
        for slot in slots {
            let Some(days) = self.days.get_mut(slot as usize) else { continue };
            if *days != Days::default() {
                going.push((slot, std::mem::take(days)));
            }
        }
        if going.is_empty() {
            return;
        }
        let going = Going::new(going);
        for &kind in RecordKind::ALL.iter().filter(|kind| **kind != RecordKind::Presence) {
            self.is_laid[kind as usize] |= going.mark(&mut self.snapshot.tables[kind as usize]);
        }
    }

    fn add(&mut self, kind: RecordKind, chunks: Vec<Chunk>) {
        self.is_laid[kind as usize] |= !chunks.is_empty();
        self.snapshot.tables[kind as usize].chunks.extend(chunks.into_iter().map(Live::whole));
    }

    fn lay_presence(&mut self, presence: &[AgentNow]) {
        if presence.is_empty() {
            return;
        }
        let dictionaries = Arc::clone(&self.snapshot.dictionaries);
        let code = |agent: &AgentNow| dictionaries.of(Domain::Agent).code(Some(&agent.agent));
        // Of one agent told twice the last stands.
        let agents: BTreeMap<u32, &AgentNow> = presence.iter().map(|agent| (code(agent), agent)).collect();
        let table = &mut self.snapshot.tables[RecordKind::Presence as usize];
        let is_changed = Going::new(agents.keys().map(|code| (*code, Days::always())).collect()).mark(table);
        self.is_laid[RecordKind::Presence as usize] |= is_changed;
        let spells = agents.iter().flat_map(|(code, agent)| {
            let mut spells: Vec<&PresenceRecord> = agent.spells.iter().collect();
            spells.sort_by_key(|spell| spell.from_at);
            spells.into_iter().enumerate().map(|(place, spell)| (*code, place, spell))
        });
        let chunks = presence_chunks(spells, &dictionaries);
        self.add(RecordKind::Presence, chunks);
        self.lay_teams(&agents, &dictionaries);
    }

    fn lay_teams(&mut self, agents: &BTreeMap<u32, &AgentNow>, dictionaries: &Dictionaries) {
        let mut changed: HashMap<u32, Arc<[u32]>> = HashMap::new();
        for (code, agent) in agents {
            let mut teams: Vec<u32> =
                agent.teams.iter().map(|team| dictionaries.of(Domain::Team).code(Some(team))).collect();
            teams.sort_unstable();
            teams.dedup();
            let held = self.snapshot.agent_teams.get(code).map(Arc::as_ref).unwrap_or_default();
            if held != teams.as_slice() {
                changed.insert(*code, teams.into());
            }
        }
        if changed.is_empty() {
            return;
        }
        let all = Arc::make_mut(&mut self.snapshot.agent_teams);
        all.extend(changed);
        all.retain(|_, teams| !teams.is_empty());
    }
}

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
