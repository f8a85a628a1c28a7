//! Schedules: which instants a set of business hours leaves open, and how much of a span that is.

use crate::model::{BusinessHours, Instant};

/// Every version of one schedule, compiled.
#[derive(Debug)]
pub struct Schedule {}

impl Schedule {
    /// Compiles the versions of one schedule, sorted by start, the one without start first. Before the first version's start time
    /// counts as calendar time.
    pub fn compile(_versions: &[BusinessHours]) -> Schedule {
        Schedule {}
    }
    /// Milliseconds of `[from, until)` in business hours; 0 when `until` is not after `from`.
    pub fn open_ms(&self, from: Instant, until: Instant) -> i64 {
        until.since(from).max(0)
    }
}

/// The business time of one case: the schedule of the team that has it at each instant.
#[derive(Clone, Debug)]
pub struct Hours<'a> {
    /// From when which schedule counts (`None`: calendar time), in time order; the first entry holds since ever.
    spans: Vec<(Instant, Option<&'a Schedule>)>,
}

impl<'a> Hours<'a> {
    /// Business time under schedules that change at instants, in time order; the first holds since ever.
    pub fn new(spans: Vec<(Instant, Option<&'a Schedule>)>) -> Hours<'a> {
        Hours { spans }
    }
    /// Milliseconds of `[from, until)` in business hours; 0 when `until` is not after `from`.
    pub fn open_ms(&self, from: Instant, until: Instant) -> i64 {
        let mut sum = 0;
        for (i, (start, schedule)) in self.spans.iter().enumerate() {
            let start = if i == 0 { from } else { from.max(*start) };
            let end = self.spans.get(i + 1).map_or(until, |(next, _)| until.min(*next));
            if start < end {
                sum += schedule.map_or(end.since(start), |s| s.open_ms(start, end));
            }
        }
        sum
    }
}
