//! The rules by which a workspace's cases are derived: its reference data, compiled for looking things up.

use std::collections::{HashMap, HashSet};

use super::schedule::Schedule;
use crate::model::{Actor, ActorKind, BusinessHours, Case, CaseStatus, Instant, Reference, SlaPolicy, Status};

/// The compiled form of `Reference`. Cheap to share, never changed.
#[derive(Debug)]
pub struct Rules {
    /// Whether public messages of bots are no replies.
    pub ignore_bot_messages: bool,
    /// Silence from which a case that staff close counts as abandoned.
    pub abandon_after_ms: i64,
    bots: HashSet<String>,
    statuses: HashMap<String, Vec<Status>>,
    policies: HashMap<String, Vec<SlaPolicy>>,
    schedules: HashMap<String, Schedule>,
    team_hours: HashMap<String, String>,
    workspace_hours: Option<String>,
}

/// Who did something, after the directory has said who is a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author<'a> {
    /// Somebody outside the organisation; the requester, when the source does not say who.
    Customer(Option<&'a str>),
    /// A human agent.
    Agent(Option<&'a str>),
    /// A bot.
    Bot(Option<&'a str>),
    /// The helpdesk, or nobody named.
    System,
}

impl<'a> Author<'a> {
    /// Which agent or bot; `None` for anybody else and when the source does not say.
    pub fn agent(self) -> Option<&'a str> {
        match self {
            Author::Agent(id) | Author::Bot(id) => id,
            Author::Customer(_) | Author::System => None,
        }
    }

    /// Which human agent.
    pub fn human_agent(self) -> Option<&'a str> {
        if let Author::Agent(id) = self { id } else { None }
    }
}

/// A status as a case holds it: of the version in force when the case entered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldStatus<'a> {
    /// A category's word or the id of a named status.
    pub id: &'a str,
    /// Its category.
    pub category: CaseStatus,
    /// Whether the resolution clock counts in it.
    pub is_sla_active: bool,
    /// When the case entered it.
    pub since: Instant,
}

impl Rules {
    /// Compiles a workspace's reference data.
    pub fn compile(reference: &Reference) -> Rules {
        Rules {
            ignore_bot_messages: reference.workspace.ignore_bot_messages,
            abandon_after_ms: reference.workspace.abandon_after_ms,
            bots: reference.bots.clone(),
            statuses: by_version(&reference.statuses, |s| (&s.id, s.from)),
            policies: by_version(&reference.policies, |p| (&p.id, p.from)),
            schedules: by_version(&reference.business_hours, |h| (&h.id, h.from))
                .into_iter()
                .map(|(id, versions): (String, Vec<BusinessHours>)| (id, Schedule::compile(&versions)))
                .collect(),
            team_hours: reference.team_hours.clone(),
            workspace_hours: reference.workspace.business_hours.clone(),
        }
    }

    /// Who an actor is.
    pub fn author<'a>(&self, actor: Option<&'a Actor>) -> Author<'a> {
        let Some(actor) = actor else { return Author::System };
        let id = actor.id.as_deref();
        match actor.kind {
            ActorKind::Customer => Author::Customer(id),
            ActorKind::Agent if id.is_some_and(|id| self.is_bot(id)) => Author::Bot(id),
            ActorKind::Agent => Author::Agent(id),
            ActorKind::Bot => Author::Bot(id),
            ActorKind::System => Author::System,
        }
    }

    /// Indicates the directory lists the agent as a bot.
    pub fn is_bot(&self, agent: &str) -> bool {
        self.bots.contains(agent)
    }

    /// Indicates public messages of that author are replies.
    pub fn replies(&self, author: Author<'_>) -> bool {
        match author {
            Author::Agent(_) => true,
            Author::Bot(_) => !self.ignore_bot_messages,
            Author::Customer(_) | Author::System => false,
        }
    }

    /// The status `id` for a case that enters it at `at`. An id that no status has counts as open.
    pub fn status<'a>(&self, id: &'a str, at: Instant) -> HeldStatus<'a> {
        let version = self.statuses.get(id).and_then(|versions| in_force(versions, |s| s.from, at));
        match version {
            Some(status) => {
                HeldStatus { id, category: status.category, is_sla_active: status.is_sla_active(), since: at }
            }
            None => {
                let category = CaseStatus::from_word(id).unwrap_or(CaseStatus::Open);
                HeldStatus { id, category, is_sla_active: category.is_sla_active(), since: at }
            }
        }
    }

    /// Display name of the status `id` for a case that entered it at `at`; that of a category's own word, where no line gives
    /// another, is the word in English.
    pub fn status_label(&self, id: &str, at: Instant) -> String {
        let version = self.statuses.get(id).and_then(|versions| in_force(versions, |s| s.from, at));
        match (version, CaseStatus::from_word(id)) {
            (Some(status), Some(category)) if status.label == id => category.label().to_owned(),
            (Some(status), _) => status.label.clone(),
            (None, Some(category)) => category.label().to_owned(),
            (None, None) => id.to_owned(),
        }
    }

    /// The policy that applies to a case as created: the first enabled one, by position and id, in the version in force at its
    /// creation, whose conditions all hold.
    pub fn choose_policy(&self, case: &Case) -> Option<&SlaPolicy> {
        self.policies
            .values()
            .filter_map(|versions| in_force(versions, |p| p.from, case.created_at))
            .filter(|policy| policy.is_enabled && holds(policy, case))
            .min_by_key(|policy| (policy.position, &policy.id))
    }

    /// The version of a policy that an SLA event at `at` names: the one in force at the case's creation, else at the event.
    pub fn named_policy(&self, id: &str, created_at: Instant, at: Instant) -> Option<&SlaPolicy> {
        let versions = self.policies.get(id)?;
        in_force(versions, |p| p.from, created_at).or_else(|| in_force(versions, |p| p.from, at))
    }

    /// The schedule by which business time of a case counts while `team` has it; `None`: business time is calendar time.
    pub fn schedule(&self, team: Option<&str>) -> Option<&Schedule> {
        let id = team.and_then(|t| self.team_hours.get(t)).or(self.workspace_hours.as_ref())?;
        self.schedules.get(id)
    }
}

fn by_version<T: Clone>(all: &[T], key: impl Fn(&T) -> (&String, Option<Instant>)) -> HashMap<String, Vec<T>> {
    let mut map: HashMap<String, Vec<T>> = HashMap::new();
    for one in all {
        map.entry(key(one).0.clone()).or_default().push(one.clone());
    }
    for versions in map.values_mut() {
        versions.sort_by_key(|v| key(v).1);
    }
    map
}

/// The last version whose start is not after `at`; a version without start is in force since ever.
fn in_force<T>(versions: &[T], from: impl Fn(&T) -> Option<Instant>, at: Instant) -> Option<&T> {
    versions.iter().rev().find(|v| from(v).is_none_or(|start| start <= at))
}

fn holds(policy: &SlaPolicy, case: &Case) -> bool {
    let any = |allowed: &[String], value: Option<&str>| {
        allowed.is_empty() || value.is_some_and(|v| allowed.iter().any(|a| a == v))
    };
    let conditions = &policy.conditions;
    any(&conditions.channel, Some(&case.channel))
        && any(&conditions.team, case.team.as_deref())
        && any(&conditions.queue, case.queue.as_deref())
        && any(&conditions.priority, case.priority.as_deref())
        && any(&conditions.case_type, case.case_type.as_deref())
        && (conditions.tag.is_empty() || case.tags.iter().any(|t| conditions.tag.contains(t)))
}
