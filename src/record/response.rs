//! Customer runs and their answers (SEMANTICS 7: customer run, responseTime).

use crate::model::Instant;

/// One customer run: from its first public customer message to the reply that ends it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseRecord {
    /// 0 for the first run of the case, then counting.
    pub ordinal: i32,
    /// First message of the run.
    pub started_at: Instant,
    /// The reply; `None` while unanswered.
    pub replied_at: Option<Instant>,
    /// Indicates the reply is the case's first (an open run: that no reply came before it).
    pub is_first: bool,
    /// Run start to reply; `None` while unanswered.
    pub calendar_ms: Option<i64>,
    /// The same in business time.
    pub business_ms: Option<i64>,
    /// Replier; the assignee now while unanswered.
    pub agent: Option<String>,
    /// Team of the case at the reply; now while unanswered.
    pub team: Option<String>,
    /// Queue likewise.
    pub queue: Option<String>,
}

/// Derives the rows of a replayed case.
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<ResponseRecord> {
    Vec::new()
}
