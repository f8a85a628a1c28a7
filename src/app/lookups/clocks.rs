//! SLA clocks of cases, how they stand now, and why.

use std::collections::HashMap;

use super::Lookups;
use crate::app::Error;
use crate::model::{Instant, SlaMetric, SlaState, words};
use crate::record::SlaClockRecord;

/// Which clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockKey {
    /// The case.
    pub case: String,
    /// What is measured.
    pub metric: SlaMetric,
    /// Which of the case's clocks of that metric.
    pub ordinal: i32,
}

/// A clock and how it stands at the request's now.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockNow {
    /// Which.
    pub key: ClockKey,
    /// The clock.
    pub record: SlaClockRecord,
    /// How it stands.
    pub state: SlaState,
    /// Milliseconds counted until completion or now, in its own mode.
    pub elapsed_ms: i64,
    /// Counted milliseconds left to the goal; negative past it; `None` once completed.
    pub remaining_ms: Option<i64>,
}

words! {
    /// Why a stretch of a clock was counted or not.
    ClockReason {
        /// Counted.
        Running = "running",
        /// The status is not SLA-active.
        Paused = "paused",
        /// Outside business hours.
        OutsideBusinessHours = "outside_business_hours",
        /// A holiday.
        Holiday = "holiday",
        /// The case was over.
        Terminal = "terminal",
    }
}

/// A stretch of a clock that was counted as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockInterval {
    /// Start, inclusive.
    pub from: Instant,
    /// End, exclusive.
    pub until: Instant,
    /// Indicates it was counted.
    pub is_counted: bool,
    /// Why.
    pub reason: ClockReason,
}

impl Lookups {
    /// The clocks of each case, by metric and ordinal, without those left out of every figure.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`.
    pub async fn clocks(&self, _cases: &[String]) -> Result<HashMap<String, Vec<ClockNow>>, Error> {
        Err(Error::Internal)
    }

    /// What each clock counted and what not, interval by interval from its start until completion or now.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`.
    pub async fn explanations(&self, _clocks: &[ClockKey]) -> Result<HashMap<ClockKey, Vec<ClockInterval>>, Error> {
        Err(Error::Internal)
    }
}
