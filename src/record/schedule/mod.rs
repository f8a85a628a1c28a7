//! Schedules: which instants a set of business hours leaves open, how much of a span that is, and when so much is reached.
//!
//! `table` works one version out; here versions of one schedule, and schedules of the teams that have a case, follow one another.

mod spans;
mod table;
#[cfg(test)]
pub(crate) mod tests;

pub use spans::{Openness, Spans};

use self::table::Table;
use crate::model::{BusinessHours, Instant};

/// Longest span in which a count is looked for: 5,000 days.
pub const HORIZON_MS: i64 = 5_000 * Instant::DAY_MS;

/// Every version of one schedule, compiled.
#[derive(Debug)]
pub struct Schedule {
    /// From when which version counts (`None`: calendar time), in time order; the first entry holds since ever.
    versions: Vec<(Instant, Option<Table>)>,
}

/// The business time of one case: the schedule of the team that has it at each instant.
#[derive(Clone, Debug)]
pub struct Hours<'a> {
    /// From when which version of which schedule counts (`None`: calendar time), in time order; the first entry holds since ever.
    pieces: Vec<(Instant, Option<&'a Table>)>,
    changed_at: Option<Instant>,
}

impl Schedule {
    /// Compiles the versions of one schedule, sorted by start, the one without start first. Before the first version's start time
    /// counts as calendar time.
    pub fn compile(versions: &[BusinessHours]) -> Schedule {
        let mut compiled = Vec::with_capacity(versions.len() + 1);
        if versions.first().is_none_or(|first| first.from.is_some()) {
            compiled.push((Instant::MIN, None));
        }
        compiled.extend(versions.iter().map(|v| (v.from.unwrap_or(Instant::MIN), Some(Table::compile(v)))));
        Schedule { versions: compiled }
    }

    /// Milliseconds of `[from, until)` in business hours; 0 when `until` is not after `from`.
    pub fn open_ms(&self, from: Instant, until: Instant) -> i64 {
        Hours::of(Some(self)).open_ms(from, until)
    }
}

impl<'a> Hours<'a> {
    /// Business time under schedules that change at instants, in time order; the first holds since ever, `None` is calendar time.
    pub fn new(spans: Vec<(Instant, Option<&'a Schedule>)>) -> Hours<'a> {
        let changed_at = spans.get(1..).and_then(<[_]>::last).map(|(at, _)| *at);
        let mut pieces: Vec<(Instant, Option<&'a Table>)> = Vec::with_capacity(spans.len());
        for (index, (start, schedule)) in spans.iter().enumerate() {
            let start = if index == 0 { Instant::MIN } else { *start };
            let end = spans.get(index + 1).map_or(Instant::MAX, |(next, _)| *next);
            let Some(schedule) = schedule else {
                pieces.push((start, None));
                continue;
            };
            let in_force = schedule.versions.partition_point(|(from, _)| *from <= start).saturating_sub(1);
            for (from, table) in &schedule.versions[in_force..] {
                if *from < end || *from <= start {
                    pieces.push((start.max(*from), table.as_ref()));
                }
            }
        }
        if pieces.is_empty() {
            pieces.push((Instant::MIN, None));
        }
        Hours { pieces, changed_at }
    }

    /// Business time under one schedule throughout; calendar time without one.
    pub fn of(schedule: Option<&'a Schedule>) -> Hours<'a> {
        Hours::new(vec![(Instant::MIN, schedule)])
    }

    /// When the schedule last became another one; `None` when one holds throughout.
    pub fn changed_at(&self) -> Option<Instant> {
        self.changed_at
    }

    /// Milliseconds of `[from, until)` in business hours; 0 when `until` is not after `from`.
    pub fn open_ms(&self, from: Instant, until: Instant) -> i64 {
        self.pieces(from, until)
            .map(|(start, end, table)| table.map_or(end - start, |table| table.open_ms(start, end)))
            .sum()
    }

    /// The earliest instant at which `ms` have been open since `from`: `from` itself for 0 or less. `None` when that is more than
    /// `within_ms` after `from`, or never.
    pub fn reach(&self, from: Instant, ms: i64, within_ms: i64) -> Option<Instant> {
        if ms <= 0 {
            return Some(from);
        }
        let mut left = ms;
        for (start, end, table) in self.pieces(from, from.plus_ms(within_ms)) {
            let reached = match table {
                Some(table) => table.reach(start, left, end),
                None if left <= end - start => Ok(start + left),
                None => Err(left - (end - start)),
            };
            match reached {
                Ok(at) => return Some(Instant::from_ms(at)),
                Err(more) => left = more,
            }
        }
        None
    }

    /// The spans of `[from, until)` that are open and those that are not, in time order, without gaps; neighbours differ.
    pub fn spans(&self, from: Instant, until: Instant) -> Spans<'_> {
        Spans::new(self, from, until)
    }

    /// Whether it is open at `at`, and until when at least that stays so.
    fn openness(&self, at: Instant) -> (Openness, Instant) {
        let piece = self.piece(at);
        let end = self.pieces.get(piece + 1).map_or(Instant::MAX, |(next, _)| *next);
        match self.pieces[piece].1 {
            Some(table) => {
                let (openness, until) = table.openness(at.ms());
                (openness, Instant::from_ms(until).min(end))
            }
            None => (Openness::Open, end),
        }
    }

    /// Index of the piece that holds at `at`.
    fn piece(&self, at: Instant) -> usize {
        self.pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1)
    }

    /// The parts of `[from, until)` and what counts in each, in milliseconds.
    fn pieces(&self, from: Instant, until: Instant) -> impl Iterator<Item = (i64, i64, Option<&'a Table>)> {
        let first = self.piece(from);
        self.pieces[first..]
            .iter()
            .enumerate()
            .take_while(move |(index, (start, _))| *index == 0 || *start < until)
            .filter_map(move |(index, (start, table))| {
                let end = self.pieces.get(first + index + 1).map_or(until, |(next, _)| until.min(*next));
                let start = if index == 0 { from } else { *start };
                (start < end).then_some((start.ms(), end.ms(), *table))
            })
    }
}
