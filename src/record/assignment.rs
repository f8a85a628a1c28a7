//! Assignments: events that name an agent, a team or a queue, and changes of team (SEMANTICS 8.1).

use crate::model::{AssignmentKind, Instant};

/// One assignment. After an offer, agent, team and queue are still the case's own.
#[derive(Clone, Debug, PartialEq)]
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

/// Derives the rows of a replayed case.
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<AssignmentRecord> {
    Vec::new()
}
