//! What a clock has counted between two instants, and when the count reached its goal.

use super::phase::{Phase, Phases};
use crate::model::{ClockMode, Instant};
use crate::record::schedule::{HORIZON_MS, Hours};

/// One mode's milliseconds, in the hours of a case.
#[derive(Clone, Copy)]
pub(super) struct Meter<'h> {
    /// Which milliseconds count.
    pub(super) mode: ClockMode,
    /// Those in which business time counts.
    pub(super) hours: &'h Hours<'h>,
}

/// The count of one mode from a clock's start up to an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count {
    /// Milliseconds counted.
    pub(super) ms: i64,
    /// Indicates something was counted and the last counted stretch ended before the instant.
    pub(super) has_stopped: bool,
}

impl Count {
    /// The count by which a clock that completes at the instant is judged.
    pub(super) fn judged_ms(self) -> i64 {
        self.ms + i64::from(self.has_stopped)
    }
}

impl Meter<'_> {
    /// Counts the running phases of `[from, until)`.
    pub(super) fn count(self, phases: &Phases, from: Instant, until: Instant) -> Count {
        let mut count = Count { ms: 0, has_stopped: false };
        for (start, end, phase) in phases.within(from, until) {
            if phase == Phase::Running {
                count.ms += self.ms(start, end);
            }
            if end == until {
                let counts_to_the_end = phase == Phase::Running && self.ms(end.plus_ms(-1), end) > 0;
                count.has_stopped = count.ms > 0 && !counts_to_the_end;
            }
        }
        count
    }

    /// The earliest instant up to `until` at which the count from `from` reaches the goal.
    pub(super) fn reached_at(self, phases: &Phases, goal_ms: i64, from: Instant, until: Instant) -> Option<Instant> {
        if goal_ms <= 0 {
            return Some(from);
        }
        let mut left = goal_ms;
        for (start, end, _) in phases.within(from, until).filter(|(_, _, phase)| *phase == Phase::Running) {
            let ms = self.ms(start, end);
            if ms >= left {
                return self.reach(start, left, end.since(start));
            }
            left -= ms;
        }
        None
    }

    /// The earliest instant at which, running on from `from`, `ms` more are counted; `None` when not within 5,000 days.
    pub(super) fn reached_on(self, from: Instant, ms: i64) -> Option<Instant> {
        self.reach(from, ms, HORIZON_MS)
    }

    fn ms(self, from: Instant, until: Instant) -> i64 {
        match self.mode {
            ClockMode::Calendar => until.since(from).max(0),
            ClockMode::Business => self.hours.open_ms(from, until),
        }
    }

    fn reach(self, from: Instant, ms: i64, within_ms: i64) -> Option<Instant> {
        match self.mode {
            ClockMode::Calendar => (ms <= within_ms).then(|| from.plus_ms(ms)),
            ClockMode::Business => self.hours.reach(from, ms, within_ms),
        }
    }
}
