//! A case replayed: its events in order, and what the case was before and after each. Every derivation reads this and nothing else.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::rules::{Author, HeldStatus, Rules};
use super::schedule::Hours;
use crate::model::{AssignmentKind, Case, ChangeField, Event, EventBody, Instant, Patch, SlaPolicy, Visibility};

/// What a case is at an instant.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// Its status.
    pub status: HeldStatus<'a>,
    /// Agent who has it.
    pub assignee: Option<&'a str>,
    /// When that agent became the assignee; creation for the one given on the case line.
    pub served_since: Option<Instant>,
    /// Team that has it.
    pub team: Option<&'a str>,
    /// Queue it is in.
    pub queue: Option<&'a str>,
    /// Priority.
    pub priority: Option<&'a str>,
    /// Type.
    pub case_type: Option<&'a str>,
    /// Subject.
    pub subject: Option<&'a str>,
    /// Channel.
    pub channel: &'a str,
    /// Customer whose case it is.
    pub requester: Option<&'a str>,
    /// How often a tag has been put on or taken off since creation. The tags themselves are kept once, not for every event.
    pub tag_changes: usize,
    /// Policy it is under, in its version.
    pub policy: Option<&'a SlaPolicy>,
}

/// What an event is, beyond its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The message that opened the case; never a reply.
    Opening,
    /// A public message of somebody whose messages are replies.
    Reply,
    /// A public message of a customer.
    CustomerMessage,
    /// Any other message: a note, or a public message of a bot that does not count or of the system.
    OtherMessage,
    /// No message.
    Other,
}

/// One event and the case on both sides of it.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The event.
    pub event: &'a Event,
    /// Who did it.
    pub author: Author<'a>,
    /// What it is.
    pub role: Role,
    /// The case just before.
    pub before: State<'a>,
    /// The case just after.
    pub after: State<'a>,
}

/// A case replayed.
#[derive(Debug)]
pub struct Timeline<'a> {
    /// The case as created.
    pub case: &'a Case,
    /// The rules it was replayed by.
    pub rules: &'a Rules,
    /// The case just after creation.
    pub created: State<'a>,
    /// Its events in the order in which they happened.
    pub steps: Vec<Step<'a>>,
    /// Its tags after all of them.
    pub tags: BTreeSet<&'a str>,
    hours: OnceCell<Hours<'a>>,
}

impl<'a> Timeline<'a> {
    /// Replays a case. The order in which the events are given does not matter.
    pub fn replay(case: &'a Case, events: impl IntoIterator<Item = &'a Event>, rules: &'a Rules) -> Timeline<'a> {
        let mut ordered: Vec<&Event> = events.into_iter().collect();
        ordered.sort_by(|a, b| a.order(b));
        let opening = opening_message(&ordered, rules);
        let created = State::at_creation(case, rules);
        let mut state = created.clone();
        let mut tags: BTreeSet<&str> = case.tags.iter().map(String::as_str).collect();
        let mut steps = Vec::with_capacity(ordered.len());
        for (index, event) in ordered.into_iter().enumerate() {
            let before = state.clone();
            state.apply(event, case, rules);
            state.tag_changes += usize::from(change_tags(&mut tags, event));
            let author = rules.author(event.actor.as_ref());
            let role = role(event, author, opening == Some(index), rules);
            steps.push(Step { event, author, role, before, after: state.clone() });
        }
        Timeline { case, rules, created, steps, tags, hours: OnceCell::new() }
    }

    /// The case after all its events.
    pub fn now(&self) -> &State<'a> {
        self.steps.last().map_or(&self.created, |step| &step.after)
    }

    /// The step of the message that opened the case.
    pub fn opening(&self) -> Option<&Step<'a>> {
        self.steps.iter().find(|step| step.role == Role::Opening)
    }

    /// The case after all events up to and including `at`.
    pub fn state_at(&self, at: Instant) -> &State<'a> {
        let count = self.steps.partition_point(|step| step.event.at <= at);
        count.checked_sub(1).map_or(&self.created, |last| &self.steps[last].after)
    }

    /// The case's business time: the schedule of the team that has it at each instant.
    pub fn hours(&self) -> &Hours<'a> {
        self.hours.get_or_init(|| {
            let mut spans = vec![(Instant::MIN, self.rules.schedule(self.created.team))];
            for step in &self.steps {
                if step.before.team != step.after.team {
                    spans.push((step.event.at, self.rules.schedule(step.after.team)));
                }
            }
            Hours::new(spans)
        })
    }

    /// Business milliseconds from `from` to `until`; `None` when that would be negative.
    pub fn business_ms(&self, from: Instant, until: Instant) -> Option<i64> {
        (from <= until).then(|| self.hours().open_ms(from, until))
    }

    /// Indicates the author is the requester just before the step; a customer whom the source does not name is.
    pub fn is_by_requester(step: &Step<'a>) -> bool {
        matches!(step.author, Author::Customer(id) if id.is_none() || id == step.before.requester)
    }
}

impl<'a> Step<'a> {
    /// Indicates a message that the customer may read, an opening one included.
    pub fn is_public_message(&self) -> bool {
        matches!(self.event.body, EventBody::Message { visibility: Visibility::Public, .. })
    }
    /// Indicates a public message of any customer, an opening one included: what customer runs are made of.
    pub fn is_customer_message(&self) -> bool {
        self.is_public_message() && matches!(self.author, Author::Customer(_))
    }
    /// Indicates the status moved to another category.
    pub fn is_transition(&self) -> bool {
        self.before.status.category != self.after.status.category
    }
    /// Indicates the work was over with it: from a status that is not terminal into one that is.
    pub fn is_resolution(&self) -> bool {
        !self.before.status.category.is_terminal() && self.after.status.category.is_terminal()
    }
    /// Indicates the work began again with it: from a terminal status into one that is not.
    pub fn is_reopening(&self) -> bool {
        self.before.status.category.is_terminal() && !self.after.status.category.is_terminal()
    }
    /// Indicates it put the case under another policy, another version of it, or none.
    pub fn is_policy_change(&self) -> bool {
        let version = |state: &State<'a>| state.policy.map(|policy| (&policy.id, policy.from));
        version(&self.before) != version(&self.after)
    }
    /// Indicates it changed what the case is; an SLA event only changes the policy and does not count.
    pub fn is_change(&self) -> bool {
        let (b, a) = (&self.before, &self.after);
        b.status.id != a.status.id
            || b.assignee != a.assignee
            || b.team != a.team
            || b.queue != a.queue
            || b.priority != a.priority
            || b.case_type != a.case_type
            || b.subject != a.subject
            || b.channel != a.channel
            || b.requester != a.requester
            || b.tag_changes != a.tag_changes
    }
}

impl<'a> State<'a> {
    fn at_creation(case: &'a Case, rules: &'a Rules) -> State<'a> {
        let assignee = case.assignee.as_deref();
        State {
            status: rules.status("new", case.created_at),
            assignee,
            served_since: assignee.map(|_| case.created_at),
            team: case.team.as_deref(),
            queue: case.queue.as_deref(),
            priority: case.priority.as_deref(),
            case_type: case.case_type.as_deref(),
            subject: case.subject.as_deref(),
            channel: &case.channel,
            requester: case.requester.as_deref(),
            tag_changes: 0,
            policy: rules.choose_policy(case),
        }
    }

    fn apply(&mut self, event: &'a Event, case: &'a Case, rules: &'a Rules) {
        match &event.body {
            EventBody::Message { .. } | EventBody::Rating { .. } => {}
            EventBody::Assignment { kind: AssignmentKind::Offer, .. } => {}
            EventBody::Assignment { agent, team, queue, .. } => {
                let before = self.assignee;
                set(&mut self.assignee, agent);
                set(&mut self.team, team);
                set(&mut self.queue, queue);
                if self.assignee != before {
                    self.served_since = self.assignee.map(|_| event.at);
                }
            }
            EventBody::StatusChange { status } => {
                if self.status.id != status {
                    self.status = rules.status(status, event.at);
                }
            }
            EventBody::Change { field, to } => self.change(*field, to.as_deref()),
            EventBody::Sla { policy } => {
                self.policy = policy.as_deref().and_then(|id| rules.named_policy(id, case.created_at, event.at));
            }
        }
    }

    fn change(&mut self, field: ChangeField, to: Option<&'a str>) {
        match field {
            ChangeField::Priority => self.priority = to,
            ChangeField::CaseType => self.case_type = to,
            ChangeField::Team => self.team = to,
            ChangeField::Requester => self.requester = to,
            ChangeField::Subject => self.subject = to,
            // A case always has a channel; taking it away changes nothing.
            ChangeField::Channel => self.channel = to.unwrap_or(self.channel),
            ChangeField::TagAdded | ChangeField::TagRemoved => {}
        }
    }
}

/// Puts a tag on or takes it off, as the event says; true when that made a difference.
fn change_tags<'a>(tags: &mut BTreeSet<&'a str>, event: &'a Event) -> bool {
    match &event.body {
        EventBody::Change { field: ChangeField::TagAdded, to: Some(tag) } => tags.insert(tag),
        EventBody::Change { field: ChangeField::TagRemoved, to: Some(tag) } => tags.remove(tag.as_str()),
        _ => false,
    }
}

fn set<'a>(slot: &mut Option<&'a str>, patch: &'a Patch<String>) {
    match patch {
        Patch::Absent => {}
        Patch::Null => *slot = None,
        Patch::Value(value) => *slot = Some(value),
    }
}

/// The message that opened the case: the first that a source marks so; when nobody says so, the first public customer message that no
/// reply comes before.
fn opening_message(events: &[&Event], rules: &Rules) -> Option<usize> {
    let flag = |event: &Event| match event.body {
        EventBody::Message { opening, .. } => opening,
        _ => None,
    };
    if let Some(marked) = events.iter().position(|event| flag(event) == Some(true)) {
        return Some(marked);
    }
    for (index, event) in events.iter().enumerate() {
        let EventBody::Message { visibility: Visibility::Public, opening, .. } = event.body else { continue };
        let author = rules.author(event.actor.as_ref());
        if rules.replies(author) {
            return None;
        }
        if matches!(author, Author::Customer(_)) {
            return (opening != Some(false)).then_some(index);
        }
    }
    None
}

fn role(event: &Event, author: Author<'_>, is_opening: bool, rules: &Rules) -> Role {
    let EventBody::Message { visibility, .. } = event.body else { return Role::Other };
    match (visibility, author) {
        _ if is_opening => Role::Opening,
        (Visibility::Public, author) if rules.replies(author) => Role::Reply,
        (Visibility::Public, Author::Customer(_)) => Role::CustomerMessage,
        _ => Role::OtherMessage,
    }
}
