//! Assignments: events that name an agent, a team or a queue, and changes of team (SEMANTICS 8.1).

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ordinal;
use super::timeline::{Step, Timeline};
use crate::model::{AssignmentKind, Event, EventBody, Instant};

/// One assignment. After an offer, agent, team and queue are still the case's own.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct AssignmentRecord {
    /// 0 for the first row of the case, then counting.
    pub ordinal: i32,
    /// When.
    pub assigned_at: Instant,
    /// How; `None` for a change of team.
    pub kind: Option<AssignmentKind>,
    /// Agent after it.
    pub agent: Option<String>,
    /// Team after it.
    pub team: Option<String>,
    /// Queue after it.
    pub queue: Option<String>,
    /// Agent before it.
    pub previous_agent: Option<String>,
    /// Team before it.
    pub previous_team: Option<String>,
    /// Queue before it.
    pub previous_queue: Option<String>,
    /// Indicates it gives the case to an agent (and is no offer): metric `assignments`.
    pub names_agent: bool,
    /// Indicates a previous agent, team or queue is no longer the case's: metric `transfers`.
    pub is_transfer: bool,
}

/// Indicates the event gives the case to an agent, the one who has it already included; an offer gives nothing (SEMANTICS 8.1).
pub fn names_agent(event: &Event) -> bool {
    match &event.body {
        EventBody::Assignment { kind, agent, .. } => *kind != AssignmentKind::Offer && agent.value().is_some(),
        _ => false,
    }
}

/// Derives the rows of a replayed case.
pub fn derive(timeline: &Timeline<'_>) -> Vec<AssignmentRecord> {
    let mut rows = Vec::new();
    for step in timeline.steps.iter().filter(|step| is_row(step)) {
        rows.push(assign(rows.len(), step));
    }
    rows
}

fn is_row(step: &Step<'_>) -> bool {
    let names_any = match &step.event.body {
        EventBody::Assignment { agent, team, queue, .. } => {
            agent.value().is_some() || team.value().is_some() || queue.value().is_some()
        }
        _ => false,
    };
    names_any || step.before.team != step.after.team
}

fn assign(count: usize, step: &Step<'_>) -> AssignmentRecord {
    let (before, after) = (&step.before, &step.after);
    let text = |value: Option<&str>| value.map(str::to_owned);
    let is_lost = |before: Option<&str>, after: Option<&str>| before.is_some() && before != after;
    let kind = match step.event.body {
        EventBody::Assignment { kind, .. } => Some(kind),
        _ => None,
    };
    AssignmentRecord {
        ordinal: ordinal(count),
        assigned_at: step.event.at,
        kind,
        agent: text(after.assignee),
        team: text(after.team),
        queue: text(after.queue),
        previous_agent: text(before.assignee),
        previous_team: text(before.team),
        previous_queue: text(before.queue),
        names_agent: names_agent(step.event),
        // An offer changes nothing, so that it is never one.
        is_transfer: is_lost(before.assignee, after.assignee)
            || is_lost(before.team, after.team)
            || is_lost(before.queue, after.queue),
    }
}

#[cfg(test)]
mod tests;
