//! SLA clocks (SEMANTICS 8 and 8.1): what was promised, what was counted, what is due.

use crate::model::{ClockMode, Instant, SlaMetric};

/// One clock. Both modes are counted; the state is decided when asked (`state`).
#[derive(Clone, Debug, PartialEq)]
pub struct SlaClockRecord {
    /// What is measured.
    pub metric: SlaMetric,
    /// 0, and for next replies the number of the run after the first reply, from 0.
    pub ordinal: i32,
    /// Policy, by which it is or was judged.
    pub policy: String,
    /// Start of the policy's version; `None` for the first version.
    pub policy_from: Option<Instant>,
    /// Which milliseconds the goal counts.
    pub clock: ClockMode,
    /// Counted milliseconds allowed.
    pub goal_ms: i64,
    /// Start.
    pub started_at: Instant,
    /// Earliest instant at which the count reaches the goal; `None` while paused unless reached before, or when it is never
    /// reached within 5,000 days. Of a completed clock: when it was or, running on, would have been reached.
    pub due_at: Option<Instant>,
    /// Completion; `None` while open.
    pub completed_at: Option<Instant>,
    /// Indicates an open clock that does not count now, whatever the business hours: pending, on hold or terminal.
    pub is_paused: bool,
    /// Open and paused: since when.
    pub paused_since: Option<Instant>,
    /// Open and running: the counts below are up to this instant, and go on from it. `None` when paused or completed.
    pub running_since: Option<Instant>,
    /// Milliseconds counted at completion, or up to `paused_since` or `running_since`.
    pub counted_calendar_ms: i64,
    /// The same in business hours.
    pub counted_business_ms: i64,
    /// Completed: the count by which it is judged, one more than counted when it completed after the stretch in which the count
    /// was reached had ended.
    pub judged_calendar_ms: Option<i64>,
    /// The same in business hours.
    pub judged_business_ms: Option<i64>,
    /// Open reply clock of a terminal case whose goal was not reached before: it is no clock of any figure as long as the goals are
    /// those in force, and is kept for judging by others.
    pub is_left_out: bool,
    /// Replier of a reply clock, assignee at completion of a resolution clock; the assignee now while open.
    pub agent: Option<String>,
    /// Team of the case at completion; now while open.
    pub team: Option<String>,
    /// Queue likewise.
    pub queue: Option<String>,
}

/// Derives the rows of a replayed case.
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<SlaClockRecord> {
    Vec::new()
}
