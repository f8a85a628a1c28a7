//! The clocks of a case, written a second time straight from the rules: events are replayed by hand and every second is looked at
//! and either counts or does not. Shares no code with the derivation it checks; works in whole seconds.

use crate::model::{
    ActorKind, BusinessHours, Case, CaseStatus, ChangeField, ClockMode, Event, EventBody, Instant, Patch, Reference,
    SlaMetric, SlaPolicy, Visibility,
};
use crate::record::schedule::tests::naive::OpenMinutes;

/// Everything that has happened, and the seconds `[from, until)` that can be looked at.
#[derive(Debug)]
pub(super) struct World {
    pub(super) reference: Reference,
    pub(super) case: Case,
    pub(super) events: Vec<Event>,
    pub(super) from: i64,
    pub(super) until: i64,
}

/// When a goal is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    At(i64),
    Never,
    /// Not while anybody was looking.
    Beyond,
}

/// One clock; the counts are calendar, then business, at completion or at the asked second.
#[derive(Debug)]
pub(super) struct NaiveClock {
    pub(super) metric: SlaMetric,
    pub(super) ordinal: i32,
    pub(super) policy: String,
    pub(super) policy_from: Option<Instant>,
    pub(super) mode: ClockMode,
    pub(super) goal: i64,
    pub(super) started: i64,
    pub(super) completed: Option<i64>,
    pub(super) due: Due,
    pub(super) counted: [i64; 2],
    /// Milliseconds.
    pub(super) judged: Option<[i64; 2]>,
    pub(super) is_paused: bool,
    pub(super) is_left_out: bool,
    pub(super) agent: Option<String>,
    pub(super) team: Option<String>,
    pub(super) queue: Option<String>,
}

/// The case at an instant.
#[derive(Clone)]
struct Now<'w> {
    at: i64,
    category: CaseStatus,
    is_sla_active: bool,
    priority: Option<&'w str>,
    assignee: Option<&'w str>,
    team: Option<&'w str>,
    queue: Option<&'w str>,
    policy: Option<&'w SlaPolicy>,
}

pub(super) struct Naive<'w> {
    world: &'w World,
    events: Vec<&'w Event>,
    /// The case at creation, then after each event.
    states: Vec<Now<'w>>,
    /// Every second that can be looked at.
    seconds: Vec<Second>,
}

/// What one second is.
#[derive(Clone, Copy)]
struct Second {
    is_open: bool,
    is_terminal: bool,
    is_sla_active: bool,
}

fn seconds(at: Instant) -> i64 {
    at.ms() / 1000
}

impl<'w> Naive<'w> {
    pub(super) fn new(world: &'w World) -> Naive<'w> {
        let mut events: Vec<&Event> = world.events.iter().collect();
        // At one instant those without a place in the source's order come first.
        events.sort_by_key(|event| (event.at, event.seq.is_some(), event.seq, event.id.clone()));
        let mut naive = Naive { world, events, states: Vec::new(), seconds: Vec::new() };
        let mut now = naive.created();
        naive.states.push(now.clone());
        for index in 0..naive.events.len() {
            naive.apply(naive.events[index], &mut now);
            naive.states.push(now.clone());
        }
        naive.look_at_every_second();
        naive
    }

    fn created(&self) -> Now<'w> {
        let case = &self.world.case;
        let any =
            |list: &[String], value: Option<&str>| list.is_empty() || list.iter().any(|v| Some(v.as_str()) == value);
        let mut policies: Vec<&SlaPolicy> = Vec::new();
        for policy in &self.world.reference.policies {
            let in_force = self.version(&policy.id, case.created_at);
            if in_force.is_some_and(|version| std::ptr::eq(version, policy)) && policy.is_enabled {
                policies.push(policy);
            }
        }
        policies.sort_by_key(|policy| (policy.position, policy.id.clone()));
        let policy = policies.into_iter().find(|policy| {
            any(&policy.conditions.priority, case.priority.as_deref())
                && any(&policy.conditions.team, case.team.as_deref())
        });
        let (category, is_sla_active) = self.status("new");
        Now {
            at: i64::MIN,
            category,
            is_sla_active,
            priority: case.priority.as_deref(),
            assignee: case.assignee.as_deref(),
            team: case.team.as_deref(),
            queue: case.queue.as_deref(),
            policy,
        }
    }

    fn apply(&self, event: &'w Event, now: &mut Now<'w>) {
        now.at = seconds(event.at);
        let set = |slot: &mut Option<&'w str>, patch: &'w Patch<String>| match patch {
            Patch::Absent => {}
            Patch::Null => *slot = None,
            Patch::Value(value) => *slot = Some(value),
        };
        match &event.body {
            EventBody::Assignment { agent, team, queue, .. } => {
                set(&mut now.assignee, agent);
                set(&mut now.team, team);
                set(&mut now.queue, queue);
            }
            EventBody::StatusChange { status } => {
                (now.category, now.is_sla_active) = self.status(status);
            }
            EventBody::Change { field: ChangeField::Priority, to } => now.priority = to.as_deref(),
            EventBody::Change { field: ChangeField::Team, to } => now.team = to.as_deref(),
            EventBody::Sla { policy } => {
                now.policy = policy
                    .as_deref()
                    .and_then(|id| self.version(id, self.world.case.created_at).or_else(|| self.version(id, event.at)));
            }
            _ => {}
        }
    }

    fn version(&self, policy: &str, at: Instant) -> Option<&'w SlaPolicy> {
        let versions = self.world.reference.policies.iter().filter(|version| version.id == policy);
        versions.filter(|version| version.from.is_none_or(|from| from <= at)).max_by_key(|version| version.from)
    }

    fn status(&self, id: &str) -> (CaseStatus, bool) {
        let named = self.world.reference.statuses.iter().find(|status| status.id == id);
        let category = named.map_or_else(|| CaseStatus::from_word(id).unwrap_or(CaseStatus::Open), |s| s.category);
        let by_category = !matches!(category, CaseStatus::Pending | CaseStatus::OnHold);
        (category, named.and_then(|status| status.sla_active).unwrap_or(by_category))
    }

    fn now(&self) -> &Now<'w> {
        self.states.last().unwrap()
    }

    /// In a second, the case is as it was after every event up to the second's start.
    fn look_at_every_second(&mut self) {
        let reference = &self.world.reference;
        let open_minutes = |hours| (hours, OpenMinutes::new(hours, self.world.from, self.world.until));
        let versions: Vec<(&BusinessHours, OpenMinutes)> = reference.business_hours.iter().map(open_minutes).collect();
        let mut index = 0;
        for second in self.world.from..self.world.until {
            while self.states.get(index + 1).is_some_and(|next| next.at <= second) {
                index += 1;
            }
            let state = &self.states[index];
            let id = state.team.and_then(|team| reference.team_hours.get(team));
            let id = id.or(reference.workspace.business_hours.as_ref());
            let started = versions.iter().filter(|(v, _)| v.from.is_none_or(|from| from.ms() <= second * 1000));
            let in_force = started.filter(|(v, _)| Some(&v.id) == id).max_by_key(|(v, _)| v.from);
            self.seconds.push(Second {
                is_open: in_force.is_none_or(|(_, minutes)| minutes.is_open(second)),
                is_terminal: matches!(state.category, CaseStatus::Resolved | CaseStatus::Closed),
                is_sla_active: state.is_sla_active,
            });
        }
    }

    fn second(&self, second: i64) -> Second {
        self.seconds[usize::try_from(second - self.world.from).unwrap()]
    }

    fn is_running(state: &Now<'w>, metric: SlaMetric) -> bool {
        let is_terminal = matches!(state.category, CaseStatus::Resolved | CaseStatus::Closed);
        !is_terminal && (metric != SlaMetric::Resolution || state.is_sla_active)
    }

    fn counts(&self, second: i64, mode: ClockMode) -> bool {
        mode == ClockMode::Calendar || self.second(second).is_open
    }

    /// Index of the event that opened the case.
    fn opening(&self) -> Option<usize> {
        let is_opening = |event: &&Event| matches!(event.body, EventBody::Message { opening: Some(true), .. });
        if let Some(index) = self.events.iter().position(is_opening) {
            return Some(index);
        }
        let first_customer = self.events.iter().position(|event| self.is_customers(event))?;
        let is_replied = self.events[..first_customer].iter().any(|event| self.is_agents(event));
        let EventBody::Message { opening, .. } = self.events[first_customer].body else { return None };
        (!is_replied && opening != Some(false)).then_some(first_customer)
    }

    fn is_customers(&self, event: &Event) -> bool {
        Self::is_public(event) && event.actor.as_ref().is_some_and(|actor| actor.kind == ActorKind::Customer)
    }

    /// A public message that is a reply unless it opened the case.
    fn is_agents(&self, event: &Event) -> bool {
        let bots = &self.world.reference.bots;
        Self::is_public(event)
            && event.actor.as_ref().is_some_and(|actor| {
                let is_bot = actor.kind == ActorKind::Bot || actor.id.as_ref().is_some_and(|id| bots.contains(id));
                match actor.kind {
                    ActorKind::Agent | ActorKind::Bot => !is_bot || !self.world.reference.workspace.ignore_bot_messages,
                    ActorKind::Customer | ActorKind::System => false,
                }
            })
    }

    fn is_public(event: &Event) -> bool {
        matches!(event.body, EventBody::Message { visibility: Visibility::Public, .. })
    }

    /// Every clock of the case, its counts those at `asked`.
    pub(super) fn clocks(&self, asked: i64) -> Vec<NaiveClock> {
        let opening = self.opening();
        let opener = opening.map(|index| self.events[index].actor.as_ref()).unwrap_or(self.world.case.creator.as_ref());
        let is_agents_case = opener.is_some_and(|actor| matches!(actor.kind, ActorKind::Agent | ActorKind::Bot));
        let is_reply = |index: &usize| opening != Some(*index) && self.is_agents(self.events[*index]);
        let is_customers = |index: &usize| self.is_customers(self.events[*index]);
        let all = || 0..self.events.len();
        let mut clocks = Vec::new();

        let first_customer = all().find(is_customers);
        let may_answer_from = if is_agents_case { first_customer } else { Some(0) };
        let first_reply = may_answer_from.and_then(|from| (from..self.events.len()).find(is_reply));
        let started = if is_agents_case {
            first_customer.map(|index| seconds(self.events[index].at))
        } else {
            Some(seconds(self.world.case.created_at))
        };
        if let Some(started) = started {
            clocks.extend(self.clock((SlaMetric::FirstReply, 0), started, first_reply, asked));
        }

        let mut ordinal = 0;
        let mut next = first_reply.map_or(self.events.len(), |index| index + 1);
        while let Some(run) = (next..self.events.len()).find(is_customers) {
            let reply = (run..self.events.len()).find(is_reply);
            let started = seconds(self.events[run].at);
            clocks.extend(self.clock((SlaMetric::NextReply, ordinal), started, reply, asked));
            ordinal += 1;
            next = reply.map_or(self.events.len(), |index| index + 1);
        }

        let is_terminal = |state: &Now<'_>| matches!(state.category, CaseStatus::Resolved | CaseStatus::Closed);
        let resolution =
            all().rev().find(|index| !is_terminal(&self.states[*index]) && is_terminal(&self.states[index + 1]));
        let resolution = resolution.filter(|_| is_terminal(self.now()));
        let started = seconds(self.world.case.created_at);
        clocks.extend(self.clock((SlaMetric::Resolution, 0), started, resolution, asked));
        clocks
    }

    /// One clock, completed by the event of an index.
    fn clock(&self, name: (SlaMetric, i32), started: i64, completing: Option<usize>, asked: i64) -> Option<NaiveClock> {
        let (metric, ordinal) = name;
        let state = completing.map_or(self.now(), |index| &self.states[index + 1]);
        let policy = state.policy?;
        let of = |priority: Option<&str>| {
            policy.targets.iter().find(|t| t.metric == metric && t.priority.as_deref() == priority)
        };
        let target = state.priority.and_then(|priority| of(Some(priority))).or_else(|| of(None))?;
        let completed = completing.map(|index| seconds(self.events[index].at));
        if completed.is_some_and(|completed| completed < started) {
            return None;
        }
        let goal = target.goal_ms / 1000;
        let is_running_now = Self::is_running(self.now(), metric);
        // The last event that stopped the clock.
        let stopped = (0..self.events.len())
            .rev()
            .find(|i| Self::is_running(&self.states[*i], metric) && !Self::is_running(&self.states[i + 1], metric))
            .map(|index| seconds(self.events[index].at));
        let is_terminal_now = matches!(self.now().category, CaseStatus::Resolved | CaseStatus::Closed);
        let is_shelved = completed.is_none() && is_terminal_now;
        let end = completed.unwrap_or(asked);
        let walks = [ClockMode::Calendar, ClockMode::Business].map(|mode| self.walk(metric, mode, started, end));
        let judged_at = completed.or(stopped.filter(|_| is_shelved).map(|at| at.max(started)));
        let judged = judged_at.map(|at| {
            walks.each_ref().map(|counted| {
                let counted: Vec<i64> = counted.iter().copied().filter(|second| *second < at).collect();
                let ms = i64::try_from(counted.len()).unwrap() * 1000;
                ms + i64::from(counted.last().is_some_and(|last| last + 1 < at))
            })
        });
        let counted = walks.each_ref().map(|seconds| i64::try_from(seconds.len()).unwrap());
        let own = &walks[usize::from(target.clock == ClockMode::Business)];
        let due = self.due(goal, target.clock, started, own, (end, completed.is_some() || is_running_now));
        let is_left_out = is_shelved && !matches!((due, stopped), (Due::At(due), Some(stopped)) if due < stopped);
        let replier =
            completing.filter(|_| metric != SlaMetric::Resolution).map(|index| self.events[index].actor.as_ref());
        let text = |value: Option<&str>| value.map(str::to_owned);
        Some(NaiveClock {
            metric,
            ordinal,
            policy: policy.id.clone(),
            policy_from: policy.from,
            mode: target.clock,
            goal,
            started,
            completed,
            due,
            counted,
            judged,
            is_paused: completed.is_none() && !is_running_now,
            is_left_out,
            agent: replier.map_or(text(state.assignee), |actor| actor.and_then(|actor| actor.id.clone())),
            team: text(state.team),
            queue: text(state.queue),
        })
    }

    /// The seconds of `[from, until)` that a clock counts.
    fn walk(&self, metric: SlaMetric, mode: ClockMode, from: i64, until: i64) -> Vec<i64> {
        let runs = |second: Second| !second.is_terminal && (metric != SlaMetric::Resolution || second.is_sla_active);
        (from..until).filter(|at| runs(self.second(*at)) && self.counts(*at, mode)).collect()
    }

    /// When the goal is reached, in the counted seconds or, when the clock runs on, in those after `end`.
    fn due(&self, goal: i64, mode: ClockMode, started: i64, counted: &[i64], (end, runs_on): (i64, bool)) -> Due {
        if goal == 0 {
            return Due::At(started);
        }
        let on = (end.max(started)..self.world.until).filter(|second| runs_on && self.counts(*second, mode));
        match counted.iter().copied().chain(on).nth(usize::try_from(goal - 1).unwrap()) {
            Some(last) => Due::At(last + 1),
            None if runs_on => Due::Beyond,
            None => Due::Never,
        }
    }
}
