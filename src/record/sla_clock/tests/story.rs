//! A case told in a few lines, and its clocks in a line each.

use crate::model::{
    Actor, ActorKind, AssignmentKind, BusinessHours, Case, CaseLine, ChangeField, ClockMode, Event, EventBody, Instant,
    Patch, Reference, SlaMetric, SlaPolicy, SlaTarget, Visibility, Workspace,
};
use crate::record::schedule::tests::version;
use crate::record::sla_clock::{ClockInterval, SlaClockRecord, derive, explain};
use crate::record::{Rules, Timeline};

pub(super) use crate::model::ClockMode::{Business, Calendar};
pub(super) use crate::model::SlaMetric::{FirstReply, NextReply, Resolution};

/// A case under the policy `p`. Events of one instant happen in the order in which they are told.
pub(super) struct Story {
    pub(super) reference: Reference,
    pub(super) case: Case,
    pub(super) events: Vec<Event>,
}

pub(super) fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}:00Z")).or_else(|| Instant::parse(text)).unwrap()
}

/// A target for cases of every priority.
pub(super) fn target(metric: SlaMetric, clock: ClockMode, goal_minutes: i64) -> SlaTarget {
    SlaTarget { metric, priority: None, goal_ms: goal_minutes * 60_000, clock }
}

impl Story {
    /// A customer's case of 2026, Monday 5 January at 10:00 unless said otherwise, without business hours.
    pub(super) fn new(targets: &[SlaTarget]) -> Story {
        let mut reference = Reference::new(Workspace::named("w"));
        reference.policies = vec![SlaPolicy { targets: targets.to_vec(), ..SlaPolicy::named("p", None) }];
        let created_at = Some(at("2026-01-05T10:00"));
        let case = Case::create(CaseLine { id: "c".to_owned(), created_at, ..CaseLine::default() }, 1).unwrap();
        Story { reference, case, events: Vec::new() }
    }
    /// Created at another instant.
    pub(super) fn created(mut self, when: &str) -> Story {
        self.case.created_at = at(when);
        self
    }
    /// Business hours of the workspace: Monday to Friday 9 to 17 UTC, holidays as given.
    pub(super) fn office(self, holidays: &str) -> Story {
        self.hours("UTC", "mon..fri 09:00-17:00", holidays)
    }
    /// Business hours of the workspace.
    pub(super) fn hours(mut self, zone: &str, week: &str, holidays: &str) -> Story {
        self.reference.business_hours.push(BusinessHours { id: "w".to_owned(), ..version(zone, week, holidays) });
        self.reference.workspace.business_hours = Some("w".to_owned());
        self
    }
    /// Business hours of a team.
    pub(super) fn team_hours(mut self, team: &str, week: &str) -> Story {
        self.reference.business_hours.push(BusinessHours { id: team.to_owned(), ..version("UTC", week, "") });
        self.reference.team_hours.insert(team.to_owned(), team.to_owned());
        self
    }
    pub(super) fn event(mut self, when: &str, actor: Option<Actor>, body: EventBody) -> Story {
        let seq = i64::try_from(self.events.len()).unwrap();
        let id = format!("e{seq}");
        let event = Event { id, case: "c".to_owned(), at: at(when), seq: Some(seq), actor, action: None, body };
        self.events.push(event);
        self
    }
    fn says(self, when: &str, kind: ActorKind, id: &str) -> Story {
        let body = EventBody::Message { visibility: Visibility::Public, opening: None, edited_at: None };
        self.event(when, Some(Actor { kind, id: Some(id.to_owned()) }), body)
    }
    pub(super) fn customer(self, when: &str) -> Story {
        self.says(when, ActorKind::Customer, "cu")
    }
    pub(super) fn reply(self, when: &str) -> Story {
        self.says(when, ActorKind::Agent, "a1")
    }
    pub(super) fn bot(self, when: &str) -> Story {
        self.says(when, ActorKind::Bot, "b1")
    }
    pub(super) fn status(self, when: &str, status: &str) -> Story {
        self.event(when, None, EventBody::StatusChange { status: status.to_owned() })
    }
    pub(super) fn change(self, when: &str, field: ChangeField, to: &str) -> Story {
        self.event(when, None, EventBody::Change { field, to: Some(to.to_owned()) })
    }
    pub(super) fn assign(self, when: &str, agent: &str, team: &str) -> Story {
        let [agent, team] = [agent, team].map(|id| Patch::Value(id.to_owned()));
        let kind = AssignmentKind::Assign;
        self.event(when, None, EventBody::Assignment { kind, agent, team, queue: Patch::Absent })
    }
    pub(super) fn policy(self, when: &str, policy: Option<&str>) -> Story {
        self.event(when, None, EventBody::Sla { policy: policy.map(str::to_owned) })
    }

    pub(super) fn clocks(&self) -> Vec<SlaClockRecord> {
        let rules = Rules::compile(&self.reference);
        derive(&Timeline::replay(&self.case, &self.events, &rules))
    }
    pub(super) fn explanation(&self, metric: SlaMetric, now: &str) -> Vec<ClockInterval> {
        let rules = Rules::compile(&self.reference);
        let timeline = Timeline::replay(&self.case, &self.events, &rules);
        let clock = derive(&timeline).into_iter().find(|clock| clock.metric == metric).unwrap();
        explain(&timeline, &clock, at(now)).collect()
    }
    /// Checks every clock of the case, told as `told` tells it.
    pub(super) fn check(&self, now: &str, expected: &[&str]) {
        let clocks = self.clocks();
        let told: Vec<String> = clocks.iter().map(|clock| tell(clock, at(now))).collect();
        assert_eq!(told, expected);
        // Events that come late change nothing.
        let rules = Rules::compile(&self.reference);
        let late: Vec<Event> = self.events.iter().rev().cloned().collect();
        assert_eq!(derive(&Timeline::replay(&self.case, &late, &rules)), clocks);
    }
}

/// `metric state: from START, END, counted MINUTES[+1], due DUE`, minutes in the clock's own mode; `+1` when it is judged by a
/// millisecond more. Instants of 2026 without the year.
fn tell(clock: &SlaClockRecord, now: Instant) -> String {
    let show = |at: Instant| {
        let text = at.to_string();
        let text = text.strip_suffix(":00.000Z").unwrap_or(&text);
        text.strip_prefix("2026-").unwrap_or(text).to_owned()
    };
    let state = if clock.is_left_out { "left out".to_owned() } else { clock.state(now).to_string() };
    let end = match (clock.completed_at, clock.paused_since, clock.running_since) {
        (Some(at), None, None) => format!("done {}", show(at)),
        (None, Some(at), None) => format!("paused {}", show(at)),
        (None, None, Some(at)) => format!("running {}", show(at)),
        other => format!("{other:?}"),
    };
    let counted_ms = clock.counted_ms(clock.clock);
    assert_eq!(counted_ms % 60_000, 0);
    let more = clock.judged_ms(clock.clock).map_or(0, |judged_ms| judged_ms - counted_ms);
    let more = if more == 0 { String::new() } else { format!("+{more}") };
    let due = clock.due_at.map_or("never".to_owned(), show);
    let (metric, from) = (clock.metric, show(clock.started_at));
    format!("{metric} {state}: from {from}, {end}, counted {}{more}, due {due}", counted_ms / 60_000)
}
