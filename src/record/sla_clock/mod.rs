//! SLA clocks (SEMANTICS 8 and 8.1): what was promised, what was counted, what is due.
//!
//! `lives` finds each clock's start and end, `phase` says when it runs, `count` counts, `explain` shows the count's parts,
//! `judge` asks what if the goals were others.

mod count;
mod explain;
mod judge;
mod lives;
mod phase;
#[cfg(test)]
mod tests;

pub use explain::{ClockInterval, ClockReason, explain};
pub use judge::OpenClock;
pub use lives::derive;

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::schedule::{Hours, Schedule};
use crate::model::{ClockMode, Instant, SlaMetric, SlaState};

/// One clock. Both modes are counted; the state is decided when asked (`state`).
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
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
    /// Open and running: the counts below are up to this instant, and go on from it in the schedule of the team that the case has
    /// now. `None` when paused or completed.
    pub running_since: Option<Instant>,
    /// Milliseconds counted at completion, or up to `paused_since` or `running_since`.
    pub counted_calendar_ms: i64,
    /// The same in business hours.
    pub counted_business_ms: i64,
    /// Completed: the count by which it is judged, one more than counted when it completed after the stretch in which the count
    /// was reached had ended. Of an open reply clock of a terminal case the same at the instant at which the case became so: by any
    /// goal that is not less, the clock is left out. `None` for other open clocks.
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

impl SlaClockRecord {
    /// How the clock stands at `now`. Only for clocks that are not left out.
    pub fn state(&self, now: Instant) -> SlaState {
        if self.completed_at.is_some() {
            let judged_ms = self.judged_ms(self.clock).unwrap_or_default();
            return if judged_ms <= self.goal_ms { SlaState::Fulfilled } else { SlaState::CompletedAfterBreach };
        }
        if self.due_at.is_some_and(|due_at| due_at < now) { SlaState::Breached } else { SlaState::Active }
    }

    /// Indicates the promise was broken by `now`, kept later or not.
    pub fn is_breached(&self, now: Instant) -> bool {
        matches!(self.state(now), SlaState::Breached | SlaState::CompletedAfterBreach)
    }

    /// What was counted in a mode at completion, or up to `paused_since` or `running_since`.
    pub fn counted_ms(&self, mode: ClockMode) -> i64 {
        match mode {
            ClockMode::Calendar => self.counted_calendar_ms,
            ClockMode::Business => self.counted_business_ms,
        }
    }

    /// The count in a mode by which a completed clock is judged.
    pub fn judged_ms(&self, mode: ClockMode) -> Option<i64> {
        match mode {
            ClockMode::Calendar => self.judged_calendar_ms,
            ClockMode::Business => self.judged_business_ms,
        }
    }

    /// What the clock has counted in its own mode up to `now`; `schedule` is that of the team that the case has now.
    pub fn elapsed_ms(&self, now: Instant, schedule: Option<&Schedule>) -> i64 {
        let running_ms = self.running_since.map_or(0, |since| match self.clock {
            ClockMode::Calendar => now.since(since).max(0),
            ClockMode::Business => Hours::of(schedule).open_ms(since, now),
        });
        self.counted_ms(self.clock) + running_ms
    }

    /// What an open clock may still count before its goal is reached, below 0 by what is counted beyond it; `None` when completed.
    pub fn remaining_ms(&self, now: Instant, schedule: Option<&Schedule>) -> Option<i64> {
        self.completed_at.is_none().then(|| self.goal_ms - self.elapsed_ms(now, schedule))
    }
}
