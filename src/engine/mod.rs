//! The picture: derived rows in columns in memory, redrawn at will, which answers every aggregate by one pass over them. It never writes
//! to the store and holds nothing that cannot be redrawn from it; it renders and never decides (`metric` has decided).
//!
//! `picture` keeps one workspace's newest `snapshot`: per kind a `table` of immutable `chunk`s of `column`s in time order, the `cases`
//! that rows belong to, and the `dictionary` of each domain.
//!
//! `run` executes scans on a snapshot: `plan` compiles each (names by `source`, `condition`s and `filter`s to tests, `place` for buckets,
//! `group` for keys), `batches` walks the chunks, `fill` adds to the cells of `accumulate` and to `pile`s. `rows` lists what is behind a number.

mod accumulate;
mod answer;
mod batches;
mod build;
pub mod cases;
pub mod chunk;
pub mod column;
mod condition;
mod crew;
pub mod dictionary;
mod due;
pub mod error;
pub mod file;
mod fill;
mod filter;
mod group;
pub mod ids;
pub mod limits;
mod local;
mod mark;
mod mask;
mod merge;
mod open;
mod packed;
mod pages;
mod percentile;
pub mod picture;
mod pile;
mod place;
mod plan;
mod remember;
pub mod rows;
pub mod run;
pub mod snapshot;
mod source;
#[cfg(test)]
mod testing;
mod threads;
mod view;

pub use error::EngineError;
pub use limits::{Limits, Stats};
pub use rows::{Row, RowKey, RowsOf, RowsPage};
pub use run::{Outcome, Ran};
pub use snapshot::Snapshot;
