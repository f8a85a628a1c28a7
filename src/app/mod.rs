//! Use cases: the only place where store, engine, import and auth meet.

pub mod analytics;
pub mod clock;
pub mod demo;
pub mod error;
pub mod ingest;
pub mod lookups;
mod picture;
pub mod rebuild;
pub mod records;
pub mod revisions;
pub mod source;
pub mod start;
pub mod viewer;

use crate::store::Store;

pub use clock::Clock;
pub use error::Error;
pub use ingest::IngestReport;
pub use lookups::{Lookups, Stats};
pub use picture::Cache;

/// What every door shares: the database and the clock. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The clock; asked once a request.
    pub clock: Clock,
    rules: lookups::RulesCache,
    rebuilding: rebuild::Rebuilding,
    pictures: picture::Pictures,
    revisions: revisions::Revisions,
}

impl App {
    /// The use cases over a database that is open and migrated.
    pub fn new(store: Store, clock: Clock) -> App {
        App {
            store,
            clock,
            rules: lookups::RulesCache::default(),
            rebuilding: rebuild::Rebuilding::default(),
            pictures: picture::Pictures::default(),
            revisions: revisions::Revisions::default(),
        }
    }
}
