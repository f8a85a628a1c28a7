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

/// Derives one agent's spells from the agent's presence lines, in whatever order they are given.
pub fn derive(_lines: &[Presence]) -> Vec<PresenceRecord> {
    Vec::new()
}
