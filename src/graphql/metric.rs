//! Metrics: one figure of a scope and everything that hangs on it. `answered` asks, `order` sorts groups, `wants` looks ahead at what is
//! selected, so that one request's fields are answered together; `objects` are the types.

mod answered;
mod objects;
mod order;
mod wants;

pub use answered::{
    Answered, accept, accept_kind, answer, answer_of, cells, check_first, check_percentiles, groups, whole,
};
pub use objects::{CountMetric, DurationMetric, Metric, NumberMetric, RatioMetric, SnapshotMetric};
pub use wants::argument;
