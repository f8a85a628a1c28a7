//! Presence spells of agents. They belong to no case.

use crate::model::{Instant, Presence, PresenceStatus};

/// One stretch of one presence status.
#[derive(Clone, Debug, PartialEq)]
pub struct PresenceRecord {
    /// The agent.
    pub agent: String,
    /// The status.
    pub status: PresenceStatus,
    /// Start, inclusive.
    pub from_at: Instant,
    /// End, exclusive; `None` now.
    pub until_at: Option<Instant>,
}

/// Derives one agent's spells from the agent's presence lines, in whatever order they are given; of two for one instant the last given
/// stands. The same status again is no new spell.
pub fn derive(lines: &[Presence]) -> Vec<PresenceRecord> {
    let mut ordered: Vec<&Presence> = lines.iter().collect();
    // Stable: what is given last stays last in its instant.
    ordered.sort_by_key(|line| line.at);
    let mut rows: Vec<PresenceRecord> = Vec::new();
    for (index, line) in ordered.iter().enumerate() {
        if ordered.get(index + 1).is_some_and(|next| next.at == line.at) {
            continue;
        }
        if let Some(last) = rows.last_mut() {
            if last.status == line.status {
                continue;
            }
            last.until_at = Some(line.at);
        }
        rows.push(PresenceRecord { agent: line.agent.clone(), status: line.status, from_at: line.at, until_at: None });
    }
    rows
}

#[cfg(test)]
mod tests;
