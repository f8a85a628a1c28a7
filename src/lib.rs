//! Deskgraph: one typed GraphQL graph over all of a support organisation's data.

pub mod model;

pub mod record;

pub mod auth;
pub mod import;
pub mod store;

pub mod app;

pub mod graphql;

pub mod http;

pub mod cli;
pub mod config;
pub mod server;
