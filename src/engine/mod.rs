//! The picture: derived rows in columns in memory, redrawn at will, which answers every aggregate by one pass over them. It never writes
//! to the store and holds nothing that cannot be redrawn from it; it renders and never decides (`metric` has decided).
//!
//! `picture` keeps one workspace's newest `snapshot`: per kind a `table` of immutable `chunk`s of `column`s in time order, the `cases`
//! that rows belong to, and the `dictionary` of each domain. `run` executes a scan on a snapshot.

mod build;
pub mod cases;
pub mod chunk;
pub mod column;
pub mod dictionary;
pub mod file;
pub mod ids;
mod mark;
mod merge;
mod pages;
pub mod picture;
pub mod snapshot;
