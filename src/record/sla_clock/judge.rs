//! How an open clock stands by another promise than its own.

use super::SlaClockRecord;
use crate::model::{ClockMode, Instant, SlaState};
use crate::record::schedule::{HORIZON_MS, Hours, Schedule};

/// What is known of an open clock; each as of `SlaClockRecord`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the record's field of its name")]
pub struct OpenClock {
    pub mode: ClockMode,
    pub goal_ms: i64,
    pub due_at: Option<Instant>,
    pub is_left_out: bool,
    pub running_since: Option<Instant>,
    pub counted_calendar_ms: i64,
    pub counted_business_ms: i64,
    pub judged_calendar_ms: Option<i64>,
    pub judged_business_ms: Option<i64>,
}

impl OpenClock {
    /// What judging needs of a record; of an open one.
    pub fn of(record: &SlaClockRecord) -> OpenClock {
        OpenClock {
            mode: record.clock,
            goal_ms: record.goal_ms,
            due_at: record.due_at,
            is_left_out: record.is_left_out,
            running_since: record.running_since,
            counted_calendar_ms: record.counted_calendar_ms,
            counted_business_ms: record.counted_business_ms,
            judged_calendar_ms: record.judged_calendar_ms,
            judged_business_ms: record.judged_business_ms,
        }
    }

    /// How it stands at `now` when `goal_ms` of `mode` are allowed; `None` when it is left out. `schedule` is that of the team that the
    /// case has now. By its own goal and mode it stands as the record does.
    pub fn state(&self, goal_ms: i64, mode: ClockMode, now: Instant, schedule: Option<&Schedule>) -> Option<SlaState> {
        let is_breached = if (goal_ms, mode) == (self.goal_ms, self.mode) {
            if self.is_left_out {
                return None;
            }
            self.due_at.is_some_and(|due_at| due_at < now)
        } else if let Some(judged_ms) = self.judged_ms(mode) {
            // A reply clock of a terminal case: its goal was reached before, or it does not count.
            if judged_ms <= goal_ms {
                return None;
            }
            true
        } else {
            self.is_used_up(goal_ms, mode, now, schedule)
        };
        Some(if is_breached { SlaState::Breached } else { SlaState::Active })
    }

    /// Indicates the count reached the goal before `now`.
    fn is_used_up(&self, goal_ms: i64, mode: ClockMode, now: Instant, schedule: Option<&Schedule>) -> bool {
        let left_ms = goal_ms - self.counted_ms(mode);
        let Some(since) = self.running_since else { return left_ms <= 0 };
        let due_at = match mode {
            _ if left_ms <= 0 => Some(since),
            ClockMode::Calendar => (left_ms <= HORIZON_MS).then(|| since.plus_ms(left_ms)),
            ClockMode::Business => Hours::of(schedule).reach(since, left_ms, HORIZON_MS),
        };
        due_at.is_some_and(|due_at| due_at < now)
    }

    fn counted_ms(&self, mode: ClockMode) -> i64 {
        match mode {
            ClockMode::Calendar => self.counted_calendar_ms,
            ClockMode::Business => self.counted_business_ms,
        }
    }

    fn judged_ms(&self, mode: ClockMode) -> Option<i64> {
        match mode {
            ClockMode::Calendar => self.judged_calendar_ms,
            ClockMode::Business => self.judged_business_ms,
        }
    }
}
