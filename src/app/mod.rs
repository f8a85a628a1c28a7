//! Use cases: the only place where store, engine, import and auth meet.

pub mod analytics;
mod answers;
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
mod told;
pub mod viewer;

use crate::store::Store;

pub use answers::{ANSWER_BYTES, Answers};
pub use clock::Clock;
pub use error::Error;
pub use ingest::IngestReport;
pub use lookups::{Lookups, Stats};
pub use picture::Cache;
pub use told::Told;

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
    answers: Answers,
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
            answers: Answers::default(),
            revisions: revisions::Revisions::default(),
        }
    }

    /// Keeps answers so. Call it before anything is asked.
    #[must_use]
    pub fn with_answers(mut self, answers: Answers) -> App {
        self.answers = answers;
        self
    }
}
