//! The numbers that can be taken of a metric's figure.

use super::definition::{Measure, Metric, Unit};
use super::figures::{Figures, Percentile};
use crate::model::words;

words! {
    /// Numbers that can be taken of a figure.
    Aggregation {
        /// Rows; of a metric by agent, agents.
        Count = "count",
        /// Share of rows, 0 to 100.
        Percentage = "percentage",
        /// Mean value.
        Average = "average",
        /// 50th percentile.
        Median = "median",
        /// 90th percentile.
        P90 = "p90",
        /// 95th percentile.
        P95 = "p95",
        /// All values together.
        Sum = "sum",
        /// Smallest value.
        Min = "min",
        /// Largest value.
        Max = "max",
        /// Population standard deviation.
        StdDev = "std_dev",
        /// Time by presence status.
        AgentPresenceDuration = "agent_presence_duration",
    }
}

const OF_VALUES: &[Aggregation] = &[
    Aggregation::Count,
    Aggregation::Average,
    Aggregation::Median,
    Aggregation::P90,
    Aggregation::P95,
    Aggregation::Sum,
    Aggregation::Min,
    Aggregation::Max,
    Aggregation::StdDev,
];

impl Aggregation {
    /// What it is, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Aggregation::Count => "Number of rows; of a metric by agent, number of agents",
            Aggregation::Percentage => "Share of the rows, 0 to 100; null without rows",
            Aggregation::Average => "Mean; null without rows",
            Aggregation::Median => "Median; null without rows",
            Aggregation::P90 => "90th percentile, by linear interpolation; null without rows",
            Aggregation::P95 => "95th percentile, by linear interpolation; null without rows",
            Aggregation::Sum => "All values together",
            Aggregation::Min => "Smallest; null without rows",
            Aggregation::Max => "Largest; null without rows",
            Aggregation::StdDev => "Population standard deviation; null without rows",
            Aggregation::AgentPresenceDuration => "Time in each presence status",
        }
    }

    /// The percentile that must be asked for to take it.
    pub fn percentile(self) -> Option<Percentile> {
        match self {
            Aggregation::Median => Some(Percentile::MEDIAN),
            Aggregation::P90 => Percentile::of(90.0),
            Aggregation::P95 => Percentile::of(95.0),
            _ => None,
        }
    }
}

impl Metric {
    /// What can be taken of it, the first one when nothing is said.
    pub fn aggregations(&self) -> &'static [Aggregation] {
        match self.measure {
            Measure::Count => &[Aggregation::Count],
            Measure::Share(_) => &[Aggregation::Percentage, Aggregation::Count],
            Measure::Duration { .. } | Measure::Number(_) | Measure::RowsPerAgent => OF_VALUES,
            Measure::Presence => &[Aggregation::AgentPresenceDuration],
        }
    }

    /// The aggregation that stands for the metric when a question names none.
    pub fn usual_aggregation(&self) -> Aggregation {
        match self.measure {
            Measure::Duration { .. } | Measure::Number(_) | Measure::RowsPerAgent => Aggregation::Average,
            _ => self.aggregations().first().copied().unwrap_or(Aggregation::Count),
        }
    }

    /// What an aggregation of it counts in.
    pub fn unit_of(&self, aggregation: Aggregation) -> Unit {
        match aggregation {
            Aggregation::Count => Unit::Count,
            _ => self.unit,
        }
    }

    /// An aggregation of a figure that was asked for with these percentiles, in the metric's unit; `None` without rows.
    pub fn take(&self, aggregation: Aggregation, figures: &Figures, percentiles: &[Percentile]) -> Option<f64> {
        let scale = if self.unit == Unit::Seconds { 1_000.0 } else { 1.0 };
        let value = match aggregation {
            Aggregation::Count => return Some(figures.rows as f64),
            Aggregation::Percentage => return figures.percentage(),
            Aggregation::Sum => Some(figures.sum as f64),
            Aggregation::Average => figures.average(),
            Aggregation::Min => figures.minimum.map(|value| value as f64),
            Aggregation::Max => figures.maximum.map(|value| value as f64),
            Aggregation::StdDev => figures.standard_deviation(),
            Aggregation::Median | Aggregation::P90 | Aggregation::P95 => {
                let place = percentiles.iter().position(|of| Some(*of) == aggregation.percentile());
                place.and_then(|place| figures.percentiles.get(place).copied())
            }
            Aggregation::AgentPresenceDuration => None,
        };
        value.map(|value| value / scale)
    }
}
