//! Hand-made cases for tests: a story tells what happened when, counted from the case's creation, and derives the rows.
//!
//! `story("2026-03-02T09:00Z").customer("+0s").agent("+6m42s", "a1")` is a case of customer `cu1`, on which events without an
//! actor were done by the system. What follows an event (`by`, `action`, `seq` …) is about that event.

use super::{CaseRecord, Derived, Rules, derive};
use crate::model::{
    Actor, ActorKind, AssignmentKind, BusinessHours, Case, CaseLine, CaseStatus, ChangeField, DayInterval, Event,
    EventBody, Instant, Patch, Reference, SlaPolicy, Status, Visibility, Workspace,
};

/// A case being told.
#[derive(Clone, Debug)]
pub struct Story {
    /// The case as created.
    pub case: Case,
    /// What happened, in the order told.
    pub events: Vec<Event>,
    /// The workspace's rules.
    pub reference: Reference,
}

/// A case created at `created_at`, of customer `cu1`, by e-mail.
pub fn story(created_at: &str) -> Story {
    let line = CaseLine {
        id: "c1".to_owned(),
        created_at: Instant::parse(created_at),
        channel: Some("email".to_owned()),
        requester: Patch::Value("cu1".to_owned()),
        ..CaseLine::default()
    };
    Story { case: Case::create(line, 7).unwrap(), events: Vec::new(), reference: Reference::new(Workspace::named("w")) }
}

/// When most stories begin: nine o'clock of a Monday.
pub const MONDAY: &str = "2026-03-02T09:00:00Z";

/// A story that begins on `MONDAY`.
pub fn monday() -> Story {
    story(MONDAY)
}

/// The instant so long after `MONDAY`, as a row has it.
pub fn at(text: &str) -> Option<Instant> {
    Some(Instant::parse(MONDAY).unwrap().plus_ms(ms(text)))
}

/// The milliseconds of a text, as a row has them.
pub fn took(text: &str) -> Option<i64> {
    Some(ms(text))
}

/// Milliseconds of a text such as `6m42s`, `-1h`, `+400d` or `1s500ms`.
pub fn ms(text: &str) -> i64 {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut sum = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let unit = match unit {
            "d" => 86_400_000,
            "h" => 3_600_000,
            "m" => 60_000,
            "s" => 1_000,
            "ms" => 1,
            _ => panic!("{text}: no unit {unit}"),
        };
        sum += number.parse::<i64>().unwrap() * unit;
        rest = tail;
    }
    sign * sum
}

impl Story {
    /// An instant counted from the case's creation, or one written out.
    pub fn at(&self, text: &str) -> Instant {
        match text.as_bytes() {
            [b'+' | b'-', ..] => self.case.created_at.plus_ms(ms(text)),
            _ => Instant::parse(text).unwrap(),
        }
    }

    /// Changes the case as created.
    pub fn given(mut self, edit: impl FnOnce(&mut Case)) -> Story {
        edit(&mut self.case);
        self
    }

    /// The agent who has the case from its creation on.
    pub fn assigned(self, agent: &str) -> Story {
        self.given(|case| case.assignee = Some(agent.to_owned()))
    }

    /// Changes the workspace's rules.
    pub fn rules(mut self, edit: impl FnOnce(&mut Reference)) -> Story {
        edit(&mut self.reference);
        self
    }

    /// Lists an agent as a bot.
    pub fn bot_agent(self, agent: &str) -> Story {
        self.rules(|reference| reference.bots.extend([agent.to_owned()]))
    }

    /// Makes public messages of bots replies.
    pub fn bots_reply(self) -> Story {
        self.rules(|reference| reference.workspace.ignore_bot_messages = false)
    }

    /// Gives the workspace business hours: 09:00 to 17:00 from Monday to Friday in `zone`.
    pub fn office(self, zone: &str) -> Story {
        self.rules(|reference| {
            reference.workspace.business_hours = Some("office".to_owned());
            reference.business_hours.push(hours("office", zone, 5, 9 * 60, 17 * 60));
        })
    }

    /// Gives a team business hours of its own: every day, between two minutes of the day in UTC.
    pub fn team_hours(self, team: &str, from_minute: u16, until_minute: u16) -> Story {
        self.rules(|reference| {
            reference.team_hours.insert(team.to_owned(), team.to_owned());
            reference.business_hours.push(hours(team, "UTC", 7, from_minute, until_minute));
        })
    }

    /// Names a status of a category.
    pub fn named_status(self, id: &str, category: CaseStatus) -> Story {
        self.rules(|reference| reference.statuses.push(Status { category, ..Status::named(id, None) }))
    }

    /// Adds a policy that applies to cases of a priority.
    pub fn policy(self, id: &str, priority: &str) -> Story {
        self.rules(|reference| {
            let mut policy = SlaPolicy::named(id, None);
            policy.conditions.priority = vec![priority.to_owned()];
            reference.policies.push(policy);
        })
    }

    /// Something happens, by nobody named.
    pub fn event(mut self, at: &str, body: EventBody) -> Story {
        let id = format!("e{:03}", self.events.len());
        let at = self.at(at);
        self.events.push(Event { id, case: self.case.id.clone(), at, seq: None, actor: None, action: None, body });
        self
    }

    /// A public message of somebody named.
    pub fn message(self, at: &str, kind: ActorKind, id: Option<&str>) -> Story {
        let mut story =
            self.event(at, EventBody::Message { visibility: Visibility::Public, opening: None, edited_at: None });
        story.latest().actor = Some(Actor { kind, id: id.map(str::to_owned) });
        story
    }

    /// The requester writes.
    pub fn customer(self, at: &str) -> Story {
        self.customer_named(at, "cu1")
    }

    /// A customer writes.
    pub fn customer_named(self, at: &str, id: &str) -> Story {
        self.message(at, ActorKind::Customer, Some(id))
    }

    /// An agent writes to the customer.
    pub fn agent(self, at: &str, id: &str) -> Story {
        self.message(at, ActorKind::Agent, Some(id))
    }

    /// A bot writes to the customer.
    pub fn bot(self, at: &str, id: &str) -> Story {
        self.message(at, ActorKind::Bot, Some(id))
    }

    /// The helpdesk writes to the customer.
    pub fn system(self, at: &str) -> Story {
        self.message(at, ActorKind::System, None)
    }

    /// An agent writes a note.
    pub fn note(self, at: &str, id: &str) -> Story {
        self.agent(at, id).internal()
    }

    /// The case is assigned; each text is an id, `-` takes away, empty leaves as it is.
    pub fn assignment(self, at: &str, kind: AssignmentKind, [agent, team, queue]: [&str; 3]) -> Story {
        self.event(at, EventBody::Assignment { kind, agent: patch(agent), team: patch(team), queue: patch(queue) })
    }

    /// The case is assigned to an agent.
    pub fn assign(self, at: &str, agent: &str) -> Story {
        self.assignment(at, AssignmentKind::Assign, [agent, "", ""])
    }

    /// The status is set.
    pub fn status(self, at: &str, status: &str) -> Story {
        self.event(at, EventBody::StatusChange { status: status.to_owned() })
    }

    /// A property is set; empty takes it away.
    pub fn change(self, at: &str, field: ChangeField, to: &str) -> Story {
        self.event(at, EventBody::Change { field, to: (!to.is_empty()).then(|| to.to_owned()) })
    }

    /// A policy is applied; empty takes it away.
    pub fn sla(self, at: &str, policy: &str) -> Story {
        self.event(at, EventBody::Sla { policy: (!policy.is_empty()).then(|| policy.to_owned()) })
    }

    /// A rating is given, or only offered; agent, team and queue as in `assignment`.
    pub fn rating(self, at: &str, offered: &str, score: Option<i32>, [agent, team, queue]: [&str; 3]) -> Story {
        let offered_at = (!offered.is_empty()).then(|| self.at(offered));
        let (agent, team, queue) = (patch(agent), patch(team), patch(queue));
        self.event(at, EventBody::Rating { offered_at, score, comment: None, agent, team, queue })
    }

    /// The latest event was done by an agent.
    pub fn by(mut self, agent: &str) -> Story {
        self.latest().actor = Some(Actor { kind: ActorKind::Agent, id: Some(agent.to_owned()) });
        self
    }

    /// The latest event was done by somebody else.
    pub fn by_actor(mut self, kind: ActorKind, id: Option<&str>) -> Story {
        self.latest().actor = Some(Actor { kind, id: id.map(str::to_owned) });
        self
    }

    /// The latest event belongs to an action.
    pub fn action(mut self, action: &str) -> Story {
        self.latest().action = Some(action.to_owned());
        self
    }

    /// The latest event has a place among those of its instant.
    pub fn seq(mut self, seq: i64) -> Story {
        self.latest().seq = Some(seq);
        self
    }

    /// The latest message is a note.
    pub fn internal(mut self) -> Story {
        if let EventBody::Message { visibility, .. } = &mut self.latest().body {
            *visibility = Visibility::Internal;
        }
        self
    }

    /// The source says of the latest message whether it opened the case.
    pub fn opening(mut self, is_opening: bool) -> Story {
        if let EventBody::Message { opening, .. } = &mut self.latest().body {
            *opening = Some(is_opening);
        }
        self
    }

    /// Every row of the case.
    pub fn derive(&self) -> Derived {
        derive(&self.case, &self.events, &Rules::compile(&self.reference))
    }

    /// The case row.
    pub fn record(&self) -> CaseRecord {
        self.derive().case
    }

    fn latest(&mut self) -> &mut Event {
        self.events.last_mut().unwrap()
    }
}

fn patch(text: &str) -> Patch<String> {
    match text {
        "" => Patch::Absent,
        "-" => Patch::Null,
        value => Patch::Value(value.to_owned()),
    }
}

fn hours(id: &str, zone: &str, days: usize, from_minute: u16, until_minute: u16) -> BusinessHours {
    let mut hours = BusinessHours { timezone: zone.to_owned(), ..BusinessHours::named(id, None) };
    for day in &mut hours.weekly[..days] {
        day.push(DayInterval { from_minute, until_minute });
    }
    hours
}
