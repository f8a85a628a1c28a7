//! Periods as the graph asks for them.

use async_graphql::{Enum, InputObject, OneofObject};

use super::scalars::DateTime;
use crate::model;

/// Period with a name; those up to now end when the request is asked, and weeks are ISO weeks
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::PeriodPreset")]
pub enum PeriodPreset {
    /// From the start of today until now
    Today,
    /// The whole day before today
    Yesterday,
    /// From Monday until now
    ThisWeek,
    /// The whole week before this one
    PreviousWeek,
    /// From the first of the month until now
    ThisMonth,
    /// The whole month before this one
    PreviousMonth,
    /// From the first of the quarter until now
    ThisQuarter,
    /// The whole quarter before this one
    PreviousQuarter,
    /// From 1 January until now
    ThisYear,
    /// The whole year before this one
    PreviousYear,
    /// From the start of the day six days ago until now
    #[graphql(name = "LAST_7_DAYS")]
    Last7Days,
    /// From the start of the day 29 days ago until now
    #[graphql(name = "LAST_30_DAYS")]
    Last30Days,
    /// From the start of the day 89 days ago until now
    #[graphql(name = "LAST_90_DAYS")]
    Last90Days,
}

/// Period between two instants
#[derive(Clone, Debug, InputObject)]
pub struct IntervalInput {
    /// Start, inclusive
    from: DateTime,
    /// End, exclusive
    until: DateTime,
}

/// Period of time; exactly one field is given
#[derive(Clone, Debug, OneofObject)]
pub enum PeriodInput {
    /// Period with a name
    Preset(PeriodPreset),
    /// Period between two instants
    Interval(IntervalInput),
    /// ISO 8601 duration back from now, such as P30D or PT12H; date parts move local calendar days, time parts exact seconds
    Last(String),
}

impl From<PeriodInput> for model::Period {
    fn from(input: PeriodInput) -> model::Period {
        match input {
            PeriodInput::Preset(preset) => model::Period::Preset(preset.into()),
            PeriodInput::Interval(interval) => {
                model::Period::Interval { from: interval.from.0, until: interval.until.0 }
            }
            PeriodInput::Last(duration) => model::Period::Last(duration),
        }
    }
}
