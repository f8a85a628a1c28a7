//! Resolutions: transitions from a status that is not terminal into a terminal one (SEMANTICS 8).

use super::Person;
use crate::model::Instant;

/// One resolution.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolutionRecord {
    /// 0 for the first resolution of the case, then counting.
    pub ordinal: i32,
    /// When.
    pub resolved_at: Instant,
    /// Author; `None` for automation.
    pub resolved_by: Option<Person>,
    /// The author when a human agent, else the assignee then.
    pub agent: Option<String>,
    /// Assignee then.
    pub assignee: Option<String>,
    /// Team then.
    pub team: Option<String>,
    /// Queue then.
    pub queue: Option<String>,
    /// Indicates it was not followed by a reopening.
    pub is_standing: bool,
    /// Creation to it, terminal time between taken out.
    pub calendar_ms: Option<i64>,
    /// The same in business time.
    pub business_ms: Option<i64>,
    /// Agent replies up to it.
    pub replies: i32,
    /// Distinct agents who replied or were assignee up to it.
    pub agents: i32,
    /// Indicates nothing was reopened before or after and at most one reply was needed.
    pub is_first_contact: bool,
}

/// Derives the rows of a replayed case.
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<ResolutionRecord> {
    Vec::new()
}
