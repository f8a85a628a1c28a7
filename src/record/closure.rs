//! Closures: transitions into a closed status from another category (SEMANTICS 8.1).

use crate::model::{Instant, words};

words! {
    /// What kind of party closed a case (Dixa's words).
    ClosedBy {
        /// A human agent.
        Agent = "agent",
        /// A customer.
        Enduser = "enduser",
        /// A bot, the system or nobody named.
        Unknown = "unknown",
    }
}

/// One closure.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosureRecord {
    /// 0 for the first closure of the case, then counting.
    pub ordinal: i32,
    /// When.
    pub closed_at: Instant,
    /// By what kind of party.
    pub closed_by: ClosedBy,
    /// The human agent who closed it.
    pub closing_agent: Option<String>,
    /// The closing agent, else the assignee then.
    pub agent: Option<String>,
    /// Assignee then; `abandoned` figures go by it.
    pub assignee: Option<String>,
    /// Team then.
    pub team: Option<String>,
    /// Queue then.
    pub queue: Option<String>,
    /// Creation to close.
    pub chat_duration_ms: Option<i64>,
    /// Since the assignee then became it, to close.
    pub service_ms: Option<i64>,
    /// Silence before the close when staff had the last word.
    pub inactivity_ms: Option<i64>,
    /// Indicates staff closed it after a silence of at least the workspace's timeout.
    pub is_abandoned: bool,
}

/// Derives the rows of a replayed case.
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<ClosureRecord> {
    Vec::new()
}
