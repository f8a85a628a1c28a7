//! Why a clock's count is what it is: the intervals that were and were not counted, so that anyone can redo the sum.

use super::SlaClockRecord;
use super::phase::{Phase, Phases};
use crate::model::{ClockMode, Instant, words};
use crate::record::Timeline;
use crate::record::schedule::Openness;

words! {
    /// Why an interval was counted or not. What stops a clock comes before the business hours.
    ClockReason {
        /// Counted.
        Running = "running",
        /// The case's status stops the clock.
        Paused = "paused",
        /// Business hours are closed.
        OutsideBusinessHours = "outside_business_hours",
        /// Business hours are closed for a holiday.
        Holiday = "holiday",
        /// The case is resolved or closed.
        Terminal = "terminal",
    }
}

/// One interval of a clock's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockInterval {
    /// Start.
    pub from: Instant,
    /// End; the next interval's start.
    pub until: Instant,
    /// Why it is or is not counted.
    pub reason: ClockReason,
}

impl ClockInterval {
    /// Indicates the clock counted it.
    pub fn is_counted(&self) -> bool {
        self.reason == ClockReason::Running
    }
    /// Its length in milliseconds.
    pub fn ms(&self) -> i64 {
        self.until.since(self.from)
    }
}

/// The intervals of a clock of this case from its start to its completion, or to `now`; each is worked out when asked for. They follow
/// one another without gaps, neighbours differ in reason, and the counted ones sum to what the clock has counted in its mode.
pub fn explain<'t>(
    timeline: &'t Timeline<'_>,
    clock: &SlaClockRecord,
    now: Instant,
) -> impl Iterator<Item = ClockInterval> + use<'t> {
    let from = clock.started_at;
    // The counts of an open clock hold up to the case's last event, even when that is later than now.
    let counted_until = clock.running_since.or(clock.paused_since).unwrap_or(from);
    let until = clock.completed_at.unwrap_or(now.max(counted_until));
    let phases: Vec<_> = Phases::of(timeline, clock.metric).within(from, until).collect();
    let (hours, mode) = (timeline.hours(), clock.clock);
    let parts = phases.into_iter().flat_map(move |(start, end, phase)| {
        let is_cut = phase == Phase::Running && mode == ClockMode::Business;
        let whole = (!is_cut).then_some((start, end, Openness::Open));
        let cut = is_cut.then(|| hours.spans(start, end)).into_iter().flatten();
        whole.into_iter().chain(cut).map(move |(from, until, openness)| {
            let reason = match (phase, openness) {
                (Phase::Paused, _) => ClockReason::Paused,
                (Phase::Terminal, _) => ClockReason::Terminal,
                (Phase::Running, Openness::Open) => ClockReason::Running,
                (Phase::Running, Openness::OutsideHours) => ClockReason::OutsideBusinessHours,
                (Phase::Running, Openness::Holiday) => ClockReason::Holiday,
            };
            ClockInterval { from, until, reason }
        })
    });
    joined(parts)
}

/// Joins neighbours of one reason, as a pause of no length leaves them.
fn joined(parts: impl Iterator<Item = ClockInterval>) -> impl Iterator<Item = ClockInterval> {
    let mut parts = parts.peekable();
    std::iter::from_fn(move || {
        let mut interval = parts.next()?;
        while let Some(next) = parts.next_if(|next| next.reason == interval.reason) {
            interval.until = next.until;
        }
        Some(interval)
    })
}
