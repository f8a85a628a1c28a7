//! Metrics: one figure of a scope and everything that hangs on it. `answered` asks, `order` sorts groups, `wants` looks ahead at what is
//! selected, so that one request's fields are answered together; `objects` are the types, `at_hand` what they show without a look-up,
//! `check` what may be asked.

mod answered;
mod at_hand;
mod check;
mod objects;
mod order;
mod wants;

pub use answered::{Answered, answer, answer_of, cells, groups, whole};
pub use check::{accept, accept_kind, check_first, check_percentiles};
pub use objects::{CountMetric, DurationMetric, Metric, NumberMetric, RatioMetric, SnapshotMetric};
pub use wants::argument;

/// Metrics for tests.
#[cfg(test)]
pub mod testing {
    use super::Answered;
    use crate::metric::{Figures, MetricId, Percentile, Scope, Zone, catalog};
    use crate::model::{ClockMode, Instant};

    /// First response times of which the median alone is known.
    pub fn first_responses(median_ms: f64) -> Answered {
        Answered {
            metric: catalog::find(MetricId::FirstResponseTime),
            clock: ClockMode::Calendar,
            scope: Scope::whenever(Zone::find("UTC").unwrap(), None, Instant::default()).into(),
            figures: Figures { percentiles: vec![median_ms], ..Figures::default() },
            percentiles: [Percentile::MEDIAN].into(),
        }
    }
}
