//! Status spells: stretches in one status, cut where assignee, team or queue change, so that a backlog is attributed as it was.

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ordinal;
use super::timeline::{State, Timeline};
use crate::model::{CaseStatus, Instant};

/// One stretch. Stretches of no length are left out.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct StatusSpellRecord {
    /// 0 for the first stretch of the case, then counting.
    pub ordinal: i32,
    /// The status: a category's word or the id of a named status.
    pub status_id: String,
    /// Its category.
    pub status: CaseStatus,
    /// Start, inclusive.
    pub from_at: Instant,
    /// End, exclusive; `None` now.
    pub until_at: Option<Instant>,
    /// Assignee in it.
    pub agent: Option<String>,
    /// Team in it.
    pub team: Option<String>,
    /// Queue in it.
    pub queue: Option<String>,
}

/// Derives the rows of a replayed case: they tile the time from its creation on. What happened before creation only says how it
/// begins.
pub fn derive(timeline: &Timeline<'_>) -> Vec<StatusSpellRecord> {
    let mut rows: Vec<StatusSpellRecord> = Vec::new();
    let mut steps = timeline.steps.iter().peekable();
    let mut held = &timeline.created;
    let mut from_at = timeline.case.created_at;
    loop {
        // Of what happens up to one instant only the end is a stretch.
        while let Some(step) = steps.next_if(|step| step.event.at <= from_at) {
            held = &step.after;
        }
        if !rows.last().is_some_and(|last| is_same(last, held)) {
            if let Some(last) = rows.last_mut() {
                last.until_at = Some(from_at);
            }
            rows.push(begin(rows.len(), held, from_at));
        }
        let Some(next) = steps.peek() else { return rows };
        from_at = next.event.at;
    }
}

fn is_same(spell: &StatusSpellRecord, held: &State<'_>) -> bool {
    spell.status_id == held.status.id
        && spell.status == held.status.category
        && spell.agent.as_deref() == held.assignee
        && spell.team.as_deref() == held.team
        && spell.queue.as_deref() == held.queue
}

fn begin(count: usize, held: &State<'_>, from_at: Instant) -> StatusSpellRecord {
    StatusSpellRecord {
        ordinal: ordinal(count),
        status_id: held.status.id.to_owned(),
        status: held.status.category,
        from_at,
        until_at: None,
        agent: held.assignee.map(str::to_owned),
        team: held.team.map(str::to_owned),
        queue: held.queue.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
