//! The one integration test binary: every feature through its door.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(missing_docs)]

mod auth;
mod demo;
mod desk;
mod door;
mod graph;
mod ingest;
mod lookups;
mod schema;
mod tidy;
mod world;
