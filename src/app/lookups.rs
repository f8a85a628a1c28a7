//! Looking things up: everything that is found by key or paged, as one viewer may see it.
//!
//! By-key methods take many keys and make one statement of them, so that loaders can batch; keys that nothing visible has are absent
//! from the answer. Nothing is returned, counted or explained of a case whose team now the viewer does not see.

mod cases;
mod clocks;
mod directory;
mod labels;
mod names;
mod rules;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::Stream;
use tokio::sync::OnceCell;

pub use crate::model::CaseQuestion;
pub use crate::record::{ClockInterval, ClockReason};
pub use crate::store::{Stats, WorkspaceState};
pub use cases::TimelineQuestion;
pub use clocks::{ClockKey, ClockNow};
pub use labels::word_label;
pub use names::NamesCache;
pub use rules::RulesCache;

use super::analytics::ScanStats;
use super::revisions::Revision;
use super::viewer::require;
use super::{App, Error, Meter};
use crate::engine::Snapshot;
use crate::model::{Instant, Permission, Viewer};
use crate::record::Rules;
use crate::store::{Reader, Store};

/// One viewer's eyes for the length of one request; made by `App::lookups`. Every method asks for the permission to read cases and
/// fails with `Forbidden` without it.
#[derive(Debug)]
pub struct Lookups {
    store: Store,
    kept: RulesCache,
    reader: Reader,
    viewer: Arc<Viewer>,
    now: Instant,
    stats: Arc<Stats>,
    rules: OnceCell<Arc<Rules>>,
    pub(super) app: App,
    snapshot: OnceCell<Arc<Snapshot>>,
    scans: Arc<ScanStats>,
    looked: AtomicBool,
}

impl App {
    /// Looks with the eyes of `viewer`, at the instant it is; statements are counted in `stats`. Made once a request.
    pub fn lookups(&self, viewer: Arc<Viewer>, stats: Arc<Stats>) -> Lookups {
        Lookups {
            store: self.store.clone(),
            kept: self.rules.clone(),
            reader: self.store.reader(viewer.clone(), stats.clone()),
            viewer,
            now: self.clock.now(),
            stats,
            rules: OnceCell::new(),
            app: self.clone(),
            snapshot: OnceCell::new(),
            scans: Arc::default(),
            looked: AtomicBool::new(false),
        }
    }
}

impl Lookups {
    /// Who looks.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }
    /// The request's now.
    pub fn now(&self) -> Instant {
        self.look();
        self.now
    }
    /// Indicates the data or the time have been looked at, and not the viewer alone.
    pub fn has_looked(&self) -> bool {
        self.looked.load(Ordering::Relaxed)
    }
    fn look(&self) {
        self.looked.store(true, Ordering::Relaxed);
    }
    /// What it takes, to be read when it is done.
    pub fn meter(&self) -> Meter {
        Meter { statements: Arc::clone(&self.stats), scans: Arc::clone(&self.scans) }
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
        Ok(self.reader()?.workspace_state().await?)
    }

    /// The rules by which the workspace's cases are derived; kept between requests until the workspace changes, so that a request
    /// counts one statement for them at most.
    ///
    /// # Errors
    /// As `workspace`.
    pub async fn rules(&self) -> Result<Arc<Rules>, Error> {
        let reader = self.reader()?;
        let find = || self.kept.get(&self.store, reader, &self.viewer.workspace);
        Ok(self.rules.get_or_try_init(find).await?.clone())
    }

    /// The workspace as all figures of this request see it, drawn or caught up when the first one asks.
    ///
    /// # Errors
    /// As `App::snapshot`.
    pub async fn snapshot(&self) -> Result<&Arc<Snapshot>, Error> {
        self.look();
        self.snapshot.get_or_try_init(|| self.app.snapshot(&self.viewer)).await
    }
    /// The workspace as it is, and again after every change.
    ///
    /// # Errors
    /// As `App::revisions`.
    pub async fn revisions(&self) -> Result<impl Stream<Item = Revision> + Send + use<>, Error> {
        self.look();
        self.app.revisions(&self.viewer).await
    }
    /// The database.
    pub(super) fn store(&self) -> &Store {
        self.look();
        &self.store
    }
    /// What answering from the picture took so far.
    pub fn scan_stats(&self) -> &Arc<ScanStats> {
        &self.scans
    }

    /// The only way to the rows: for those who may read cases.
    fn reader(&self) -> Result<&Reader, Error> {
        self.look();
        require(&self.viewer, Permission::ReadCases)?;
        Ok(&self.reader)
    }
}
