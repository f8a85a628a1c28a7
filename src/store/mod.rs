//! The database: SeaORM entities, reading and writing. Rows go in and come out as words of `model` and `record`.

mod api_key;
mod bulk;
mod case;
mod change;
mod clock;
mod connect;
mod directory;
mod entity;
mod error;
mod event;
mod filter;
mod ingest;
mod lead;
mod page;
mod picture;
#[cfg(test)]
mod plans;
mod policy;
mod reader;
mod reference;
mod row;
#[cfg(test)]
pub mod testing;
mod transaction;
mod waiting;
mod workspace;

pub use change::{Freshness, Touched};
pub use connect::{DEFAULT_STATEMENT, DEFAULT_WAIT, Found, Store};
pub use error::StoreError;
pub use ingest::{Ingested, Landing, Rederived, Series};
pub use picture::{AgentState, SnapshotReader};
pub use reader::{Reader, Stats};
pub use workspace::WorkspaceState;
