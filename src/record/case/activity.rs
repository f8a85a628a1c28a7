//! Who did something on a case, and when last (SEMANTICS 3.3).
//!
//! An agent is a human agent; a bot whose messages are replies is one for those messages and for nothing else (8.1).

use std::collections::HashSet;

use super::{CaseRecord, Person};
use crate::model::EventBody;
use crate::record::rules::Author;
use crate::record::timeline::{Role, Step, Timeline};

/// Dates activity and updates, counts touches, and finds who replied last.
pub fn date(record: &mut CaseRecord, timeline: &Timeline<'_>) {
    let mut actions: HashSet<(Author<'_>, &str)> = HashSet::new();
    for step in &timeline.steps {
        if is_update(step) {
            date_update(record, step);
        }
        if is_touch(step) && step.event.action.as_deref().is_none_or(|action| actions.insert((step.author, action))) {
            record.agent_touch_count += 1;
        }
    }
    let latest_word = |step: &&Step<'_>| step.is_public_message() && step.author != Author::System;
    record.last_replier = timeline.steps.iter().rev().find(latest_word).and_then(Person::author_or_bot);
}

fn date_update(record: &mut CaseRecord, step: &Step<'_>) {
    let at = Some(step.event.at);
    if is_by_agent(step) {
        record.agent_updated_at = at;
        if is_by_assignee(step) {
            record.last_activity_by_assignee_at = at;
        }
    }
    if matches!(step.author, Author::Customer(_)) {
        record.customer_updated_at = at;
    }
    if Timeline::is_by_requester(step) {
        record.requester_updated_at = at;
        record.last_activity_by_requester_at = at;
    }
}

/// Indicates an update: a message, the opening one excluded, or an assignment, status change or change that changed something
/// (SEMANTICS 8.1).
fn is_update(step: &Step<'_>) -> bool {
    match step.event.body {
        EventBody::Message { .. } => step.role != Role::Opening,
        EventBody::Assignment { .. } | EventBody::StatusChange { .. } | EventBody::Change { .. } => step.is_change(),
        EventBody::Sla { .. } | EventBody::Rating { .. } => false,
    }
}

/// Indicates an agent's reply, note, assignment, status change or change, one that changed nothing included (SEMANTICS 8.1).
fn is_touch(step: &Step<'_>) -> bool {
    let counts = match step.event.body {
        EventBody::Message { .. } => step.role != Role::Opening,
        EventBody::Assignment { .. } | EventBody::StatusChange { .. } | EventBody::Change { .. } => true,
        EventBody::Sla { .. } | EventBody::Rating { .. } => false,
    };
    counts && is_by_agent(step)
}

fn is_by_agent(step: &Step<'_>) -> bool {
    matches!(step.author, Author::Agent(_)) || step.role == Role::Reply
}

/// Indicates its author is the agent who had the case just before.
pub fn is_by_assignee(step: &Step<'_>) -> bool {
    step.author.agent().is_some_and(|agent| step.before.assignee == Some(agent))
}
