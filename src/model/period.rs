//! Periods of time and how they become absolute: a preset, an interval or a duration back from now, in a zone.

use jiff::tz::TimeZone;

use super::{FieldError, Instant, words};

words! {
    /// Periods with a name. Those up to now end at the question's now; weeks are ISO weeks.
    PeriodPreset {
        /// From the start of today until now.
        Today = "today",
        /// The whole day before today.
        Yesterday = "yesterday",
        /// From Monday until now.
        ThisWeek = "this_week",
        /// The whole week before this one.
        PreviousWeek = "previous_week",
        /// From the first of the month until now.
        ThisMonth = "this_month",
        /// The whole month before this one.
        PreviousMonth = "previous_month",
        /// From the first of the quarter until now.
        ThisQuarter = "this_quarter",
        /// The whole quarter before this one.
        PreviousQuarter = "previous_quarter",
        /// From 1 January until now.
        ThisYear = "this_year",
        /// The whole year before this one.
        PreviousYear = "previous_year",
        /// From the start of the day six days ago until now.
        Last7Days = "last_7_days",
        /// From the start of the day 29 days ago until now.
        Last30Days = "last_30_days",
        /// From the start of the day 89 days ago until now.
        Last90Days = "last_90_days",
    }
}

/// A period as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Period {
    /// By name.
    Preset(PeriodPreset),
    /// Between two instants: `from` inclusive, `until` exclusive.
    Interval {
        /// Start, inclusive.
        from: Instant,
        /// End, exclusive.
        until: Instant,
    },
    /// An ISO 8601 duration back from now: date parts move local calendar days, time parts exact seconds.
    Last(String),
}

/// Instants from `from` (inclusive) until `until` (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Start, inclusive.
    pub from: Instant,
    /// End, exclusive; never before `from`.
    pub until: Instant,
}

/// The zone of an IANA name.
///
/// # Errors
/// When there is no such zone.
pub fn find_zone(name: &str) -> Result<TimeZone, FieldError> {
    let bad = || FieldError::new("timezone", "is no IANA time zone, such as Europe/Copenhagen");
    if name.len() > 64 {
        return Err(bad());
    }
    TimeZone::get(name).map_err(|_| bad())
}

impl Period {
    /// The instants it means in `zone` at `now`.
    ///
    /// # Errors
    /// When an interval does not end after it starts, or a duration is none, negative, zero or out of the calendar.
    pub fn resolve(&self, _zone: &TimeZone, now: Instant) -> Result<Span, FieldError> {
        match self {
            Period::Interval { from, until } => Ok(Span { from: *from, until: *until }),
            Period::Preset(_) | Period::Last(_) => Ok(Span { from: Instant::MIN, until: now }),
        }
    }
}
