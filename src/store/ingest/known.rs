//! All that a batch touches, in memory: what its lines name is looked up first, then the lines are laid over it one by one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::HashMapExt;

use super::ours::Ours;
use super::slot::{Map, Slot, Table};
use super::standing::EventEntry;
use crate::model::batch::ErasedKind;
use crate::model::{
    Agent, AgentKind, BusinessHours, Case, Channel, ContactPoint, Customer, EventKind, Instant, Presence, Queue,
    Reference, SlaPolicy, Status, Tag, Team, Workspace,
};

/// Key of a version: id and start.
pub type Version = (String, Option<Instant>);
/// Key of an event: ids are unique by kind.
pub type EventKey = (EventKind, String);

/// A case, and whether a customer of it was erased.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseEntry {
    /// As created.
    pub case: Case,
    /// Its texts are kept out.
    pub is_anonymous: bool,
}

/// Everything a batch has looked up, with what its lines have made of it.
#[derive(Debug)]
#[allow(missing_docs, reason = "each is the noun of its name")]
pub struct Known {
    /// The batch before, where that may not be in the database yet: what it has goes for what is stored.
    pub before: Option<Arc<Known>>,
    /// What may be in the database, where that is known.
    pub ours: Option<Arc<Ours>>,
    pub settings: Slot<Workspace>,
    pub business_hours: HashMap<Version, Slot<BusinessHours>>,
    pub statuses: HashMap<Version, Slot<Status>>,
    pub policies: HashMap<Version, Slot<SlaPolicy>>,
    pub agents: Table<Agent>,
    pub teams: Table<Team>,
    pub queues: Table<Queue>,
    pub tags: Table<Tag>,
    pub channels: Table<Channel>,
    pub contact_points: Table<ContactPoint>,
    pub customers: Table<Customer>,
    pub presence: Map<(String, Instant), Slot<Presence>>,
    pub cases: Table<Box<CaseEntry>>,
    pub events: Map<EventKey, Slot<Box<EventEntry>>>,
    /// Indicates events were not looked up, since some that were are not there.
    pub takes_events_for_new: bool,
    /// Whose case a number is, of the numbers that lines give.
    pub case_numbers: Map<i64, String>,
    /// Whose agent a number is, likewise.
    pub agent_numbers: Map<i64, String>,
    /// Indicates something was ever erased.
    pub has_erased: bool,
    /// Ids that were erased, of those looked up.
    pub erased: HashMap<ErasedKind, HashSet<String>>,
    /// What this batch erased.
    pub newly_erased: Vec<(ErasedKind, String)>,
    /// Cases that name an erased customer of this batch, as stored.
    pub cases_of_erased: HashMap<String, HashSet<String>>,
    bots: HashSet<String>,
    team_hours: HashMap<String, String>,
}

impl Known {
    /// A workspace of which only the reference data has been looked up.
    pub fn new(reference: Reference) -> Known {
        let hours = reference.business_hours.into_iter().map(|h| ((h.id.clone(), h.from), Slot::stored(h)));
        let statuses = reference.statuses.into_iter().map(|s| ((s.id.clone(), s.from), Slot::stored(s)));
        let policies = reference.policies.into_iter().map(|p| ((p.id.clone(), p.from), Slot::stored(p)));
        Known {
            before: None,
            ours: None,
            settings: Slot::stored(reference.workspace),
            business_hours: hours.collect(),
            statuses: statuses.collect(),
            policies: policies.collect(),
            agents: Table::new(),
            teams: Table::new(),
            queues: Table::new(),
            tags: Table::new(),
            channels: Table::new(),
            contact_points: Table::new(),
            customers: Table::new(),
            presence: Map::new(),
            cases: Table::new(),
            events: Map::new(),
            takes_events_for_new: false,
            case_numbers: Map::new(),
            agent_numbers: Map::new(),
            has_erased: false,
            erased: HashMap::new(),
            newly_erased: Vec::new(),
            cases_of_erased: HashMap::new(),
            bots: reference.bots,
            team_hours: reference.team_hours,
        }
    }

    /// A workspace as the batch before leaves it.
    pub fn after(before: Arc<Known>) -> Option<Known> {
        let reference = before.reference()?;
        Some(Known { before: Some(before), ..Known::new(reference) })
    }

    /// Indicates the case, or events of it, may be in the database.
    pub fn may_be_stored(&self, case: &str) -> bool {
        self.ours.as_ref().is_none_or(|ours| ours.may_have(case))
    }

    /// Indicates that id was erased.
    pub fn is_erased(&self, kind: ErasedKind, id: &str) -> bool {
        self.erased.get(&kind).is_some_and(|ids| ids.contains(id))
    }

    /// The reference data as the lines have left it.
    pub fn reference(&self) -> Option<Reference> {
        let mut bots = self.bots.clone();
        for agent in self.agents.values().filter_map(|slot| slot.now.as_ref()) {
            if agent.kind == AgentKind::Bot {
                bots.insert(agent.id.clone());
            } else {
                bots.remove(&agent.id);
            }
        }
        let mut team_hours = self.team_hours.clone();
        for team in self.teams.values().filter_map(|slot| slot.now.as_ref()) {
            match &team.business_hours {
                Some(hours) => team_hours.insert(team.id.clone(), hours.clone()),
                None => team_hours.remove(&team.id),
            };
        }
        Some(Reference {
            workspace: self.settings.now.clone()?,
            business_hours: self.business_hours.values().filter_map(|slot| slot.now.clone()).collect(),
            statuses: self.statuses.values().filter_map(|slot| slot.now.clone()).collect(),
            policies: self.policies.values().filter_map(|slot| slot.now.clone()).collect(),
            bots,
            team_hours,
        })
    }

    /// Indicates that what cases are derived by has changed, mere names aside. An agent or team that was not there before is named
    /// by no stored case.
    pub fn changes_rules(&self) -> bool {
        let settings = |w: &Workspace| (w.business_hours.clone(), w.abandon_after_ms, w.ignore_bot_messages);
        differs(&self.settings, settings)
            || self
                .business_hours
                .values()
                .any(|slot| differs(slot, |h| BusinessHours { name: String::new(), ..h.clone() }))
            || self.statuses.values().any(|slot| differs(slot, |s| Status { label: String::new(), ..s.clone() }))
            || self.policies.values().any(|slot| differs(slot, |p| SlaPolicy { name: String::new(), ..p.clone() }))
            || self.agents.values().any(|slot| slot.before.is_some() && differs(slot, |agent| agent.kind))
            || self.teams.values().any(|slot| slot.before.is_some() && differs(slot, |t| t.business_hours.clone()))
    }
}

fn differs<T, K: PartialEq>(slot: &Slot<T>, key: impl Fn(&T) -> K) -> bool {
    slot.before.as_ref().map(&key) != slot.now.as_ref().map(&key)
}
