//! Looking things up: everything that is found by key or paged, as one viewer may see it.
//!
//! By-key methods take many keys and make one statement of them, so that loaders can batch; keys that nothing visible has are absent
//! from the answer. Nothing is returned, counted or explained of a case whose team now the viewer does not see.

mod cases;
mod clocks;
mod directory;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use crate::model::CaseQuestion;
pub use cases::TimelineQuestion;
pub use clocks::{ClockInterval, ClockKey, ClockNow, ClockReason};

use super::Error;
use crate::model::{Instant, Viewer, Workspace};
use crate::record::Rules;

/// What answering one request took.
#[derive(Debug, Default)]
pub struct Stats {
    sql_statements: AtomicU64,
}

impl Stats {
    /// SQL statements sent so far.
    pub fn sql_statements(&self) -> u64 {
        self.sql_statements.load(Ordering::Relaxed)
    }
    /// Counts a statement about to be sent.
    pub fn count_statement(&self) {
        self.sql_statements.fetch_add(1, Ordering::Relaxed);
    }
}

/// A workspace and how fresh its data is.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceState {
    /// Settings.
    pub workspace: Workspace,
    /// Number of the last change.
    pub revision: i64,
    /// When the last change was made; `None` before the first.
    pub as_of: Option<Instant>,
    /// Cases that still show figures from before a changed schedule, status or setting.
    pub rederiving: i64,
}

/// One viewer's eyes for the length of one request; made by `App::lookups`. Every method asks for the permission to read cases and
/// fails with `Forbidden` without it.
#[derive(Clone, Debug)]
pub struct Lookups {
    viewer: Arc<Viewer>,
    now: Instant,
    stats: Arc<Stats>,
}

impl Lookups {
    /// Looks with the eyes of `viewer` at the instant `now`; statements are counted in `stats`.
    pub fn new(viewer: Arc<Viewer>, now: Instant, stats: Arc<Stats>) -> Lookups {
        Lookups { viewer, now, stats }
    }
    /// Who looks.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }
    /// The request's now.
    pub fn now(&self) -> Instant {
        self.now
    }
    /// What it took so far.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// The viewer's workspace; one that has no data yet is a workspace of which only the id is known, at revision 0.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`.
    pub async fn workspace(&self) -> Result<WorkspaceState, Error> {
        Err(Error::Internal)
    }

    /// The rules by which the workspace's cases are derived; kept between requests until the workspace changes.
    ///
    /// # Errors
    /// As `workspace`.
    pub async fn rules(&self) -> Result<Arc<Rules>, Error> {
        Err(Error::Internal)
    }
}
