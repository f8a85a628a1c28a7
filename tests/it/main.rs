//! The one integration test binary: every feature through its door.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(missing_docs)]

mod analytics;
mod auth;
mod axe;
mod cli;
mod conformance;
mod demo;
mod desk;
mod door;
mod fuzz;
mod graph;
mod graphql_random;
mod identity;
mod incident_log;
mod ingest;
mod limits;
mod lookups;
mod operation;
mod oracle;
mod readme;
mod rest;
mod schema;
mod socket;
mod tenancy;
mod tidy;
mod world;
