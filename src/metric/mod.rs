//! What a metric is, what a question means, what an answer looks like. No I/O, no `async`, no clock.
//!
//! `catalog` declares every metric; `scope` is the checked question (period, zone, filter, now) with `bucket` and `shift` for its
//! calendar; `ask` turns a metric and a scope into the block that answers it, `fuse` joins what one request asks into `scan`s, which is
//! what the engine is asked; `figures` is what comes back. `sla`, with the goals of a what-if in
//! `promise`, `agent_overview`, `chat_overview`, `overview` and `values` (what can be filtered by) are questions of their own.

pub mod agent_overview;
pub mod aggregation;
pub mod ask;
pub mod bucket;
pub mod catalog;
pub mod chat_overview;
pub mod definition;
pub mod figures;
pub mod fuse;
pub mod overview;
pub mod promise;
pub mod scan;
pub mod scope;
pub mod shares;
pub mod shift;
pub mod sla;
pub mod values;

pub use aggregation::Aggregation;
pub use ask::{Ask, Asked, TooManyBuckets};
pub use bucket::{Bucket, Grain};
pub use definition::{Better, Condition, Credit, Measure, Metric, MetricId, Placed, Unit};
pub use figures::{Figures, Percentile};
pub use fuse::{Plan, fuse};
pub use promise::{Goals, Promise, WorkspaceHours};
pub use scan::{
    Block, BlockAnswer, GroupAnswer, GroupBy, GroupCells, GroupKey, Measured, Scan, Selection, Value, Window,
};
pub use scope::{Origin, Scope, Zone};
pub use shift::Shift;
