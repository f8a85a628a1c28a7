//! Use cases: the only place where store, engine, import and auth meet.

pub mod admission;
pub mod analytics;
mod answers;
pub mod api_keys;
pub mod clock;
pub mod demo;
pub mod error;
pub mod identity;
pub mod ingest;
mod log_bound;
pub mod lookups;
mod picture;
pub mod rebuild;
pub mod records;
pub mod revisions;
pub mod source;
pub mod start;
pub mod told;
pub mod viewer;

use std::time::Duration;

use crate::engine::Limits;
use crate::store::Store;

pub use admission::{Admission, AdmissionBounds, Pass};
pub use answers::{ANSWER_BYTES, Answers};
pub use clock::Clock;
pub use error::Error;
pub use identity::Identity;
pub use ingest::IngestReport;
pub use log_bound::{Line, LogBound};
pub use lookups::{Lookups, Stats};
pub use picture::{Cache, PicturesState};
pub use told::{Asked, Lines, Meter, Spent, Told};

/// What every door shares: the database and the clock. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The clock; asked once a request.
    pub clock: Clock,
    rules: lookups::RulesCache,
    names: lookups::NamesCache,
    rebuilding: rebuild::Rebuilding,
    pictures: picture::Pictures,
    answers: Answers,
    revisions: revisions::Revisions,
    scan_bounds: ScanBounds,
}

/// Bounds of the passes over rows that are made together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanBounds {
    /// Most memory that all of them may take, in bytes.
    pub memory_bytes: usize,
    /// Longest time that one may take.
    pub time: Duration,
}

impl Default for ScanBounds {
    fn default() -> ScanBounds {
        let Limits { memory_bytes, time, .. } = Limits::default();
        ScanBounds { memory_bytes, time }
    }
}

impl App {
    /// The use cases over a database that is open and migrated.
    pub fn new(store: Store, clock: Clock) -> App {
        App {
            store,
            clock,
            rules: lookups::RulesCache::default(),
            names: lookups::NamesCache::default(),
            rebuilding: rebuild::Rebuilding::default(),
            pictures: picture::Pictures::default(),
            answers: Answers::default(),
            revisions: revisions::Revisions::default(),
            scan_bounds: ScanBounds::default(),
        }
    }

    /// Bounds passes over rows so. Call it before anything is asked.
    #[must_use]
    pub fn with_scan_bounds(mut self, bounds: ScanBounds) -> App {
        self.scan_bounds = bounds;
        self
    }

    /// The bounds of a pass that ends when nobody waits for it any more.
    fn scan_limits(&self, abandon: &analytics::Abandon) -> Limits {
        let ScanBounds { memory_bytes, time } = self.scan_bounds;
        Limits { memory_bytes, time, cancelled: abandon.flag(), ..Limits::default() }
    }

    /// Keeps answers so. Call it before anything is asked.
    #[must_use]
    pub fn with_answers(mut self, answers: Answers) -> App {
        self.answers = answers;
        self
    }
}
