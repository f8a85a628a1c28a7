//! The pictures of workspaces: drawn at the start or when first asked for, and brought up to date by whoever asks next.
//!
//! A question reads the workspace's revision first. When the picture is of an earlier one, the question waits until what has changed since
//! is laid into it, wherever it was written; all that wait, wait for the same work. So nobody sees an earlier revision than the one that
//! an ingest was answered with before. The work is a task of its own: who stops waiting does not stop it.

mod cache;
mod draw;
#[cfg(test)]
mod tests;

pub use cache::Cache;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use super::clock::Stopwatch;
use super::viewer::require;
use super::{App, Error};
use crate::engine::picture::Picture;
use crate::engine::snapshot::Snapshot;
use crate::model::{Permission, Viewer, WorkspaceId};
use crate::store::Freshness;

/// A picture that is so many revisions behind is brought up to date even when nobody asks, so that who does need not wait long.
const FAR_BEHIND: i64 = 16;
/// A picture that nobody asks for follows this often: others may erase what its file holds.
const FOLLOWED_EACH: Duration = Duration::from_secs(60);
/// Pauses while the database cannot be used: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// All pictures. Cheap to clone; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Pictures(Arc<All>);

#[derive(Debug, Default)]
struct All {
    cache: Option<Cache>,
    kept: Mutex<HashMap<WorkspaceId, Arc<Kept>>>,
    /// Workspaces that were there at the start and have no picture yet.
    awaited: Mutex<BTreeSet<WorkspaceId>>,
}

/// The place of one workspace's picture.
#[derive(Debug, Default)]
struct Kept {
    drawn: RwLock<Option<Drawn>>,
    /// Runs since the picture was last known to be of the newest revision.
    newest: Mutex<Option<Stopwatch>>,
    /// Held by the one who draws or lays.
    turn: tokio::sync::Mutex<()>,
    /// Indicates that it will be written to its file.
    is_saving: AtomicBool,
    /// The latest revision that erased something. Held by the one who writes or removes the file, and never while waiting for the turn.
    erased: tokio::sync::Mutex<i64>,
}

/// How the pictures of all workspaces are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PicturesState {
    /// Workspaces that have one.
    pub drawn: usize,
    /// Workspaces that were there at the start and have none yet.
    pub awaited: usize,
    /// Memory that they hold, in bytes.
    pub bytes: usize,
    /// Longest time since one of them was known to be of the newest revision, in seconds.
    pub oldest_seconds: f64,
}

/// A picture, and of what.
#[derive(Clone, Debug)]
struct Drawn {
    picture: Arc<Picture>,
    freshness: Freshness,
}

impl Kept {
    fn drawn(&self) -> Option<Drawn> {
        self.drawn.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Shows a picture; gives its snapshot.
    fn keep(&self, drawn: Drawn) -> Arc<Snapshot> {
        let snapshot = drawn.picture.snapshot();
        *self.drawn.write().unwrap_or_else(PoisonError::into_inner) = Some(drawn);
        self.note_newest();
        snapshot
    }
    fn note_newest(&self) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Stopwatch::start());
    }
    fn forget(&self) {
        *self.drawn.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
    fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.drawn().map(|drawn| drawn.picture.snapshot())
    }
}

impl Pictures {
    fn with_cache(cache: Option<Cache>) -> Pictures {
        Pictures(Arc::new(All { cache, ..All::default() }))
    }
    fn cache(&self) -> Option<&Cache> {
        self.0.cache.as_ref()
    }
    fn of(&self, workspace: &WorkspaceId) -> Arc<Kept> {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(kept.entry(workspace.clone()).or_default())
    }
    fn find(&self, workspace: &WorkspaceId) -> Option<Arc<Kept>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner).get(workspace).cloned()
    }
    fn all(&self) -> Vec<WorkspaceId> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
    fn awaited(&self) -> std::sync::MutexGuard<'_, BTreeSet<WorkspaceId>> {
        self.0.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// The viewer's workspace as it is now, to answer all of one request's questions from. Takes one statement when nothing has changed.
    ///
    /// # Errors
    /// `Forbidden` without the permission to read cases; `Unavailable` when the picture cannot be brought up to date now.
    pub async fn snapshot(&self, viewer: &Viewer) -> Result<Arc<Snapshot>, Error> {
        require(viewer, Permission::ReadCases)?;
        self.snapshot_of(&viewer.workspace).await
    }

    async fn snapshot_of(&self, workspace: &WorkspaceId) -> Result<Arc<Snapshot>, Error> {
        let revision = self.store.revision(workspace).await?;
        if revision == 0 {
            // Nothing is kept of workspaces that are only named.
            return Ok(Picture::empty().snapshot());
        }
        let kept = self.pictures.of(workspace);
        if let Some(snapshot) = kept.snapshot() {
            // It may have been brought further meanwhile; or the database was put back to an earlier state.
            let is_newest = match snapshot.revision - revision {
                0 => true,
                ahead => ahead > 0 && self.store.revision(workspace).await? >= snapshot.revision,
            };
            if is_newest {
                kept.note_newest();
                return Ok(snapshot);
            }
        }
        self.follow(workspace.clone(), kept, revision).await
    }

    /// Brings a picture to a revision or a later one, or waits for who does.
    async fn follow(&self, workspace: WorkspaceId, kept: Arc<Kept>, revision: i64) -> Result<Arc<Snapshot>, Error> {
        let app = self.clone();
        let seen = kept.snapshot().map_or(0, |snapshot| snapshot.revision);
        let following = tokio::spawn(async move {
            let _turn = kept.turn.lock().await;
            match kept.snapshot().filter(|snapshot| snapshot.revision >= revision && snapshot.revision != seen) {
                Some(snapshot) => Ok(snapshot),
                None => app.catch_up(&workspace, &kept).await,
            }
        });
        following.await.unwrap_or(Err(Error::Internal))
    }

    /// Brings a picture that is far behind up to date in the background. One that nobody has asked for is left alone.
    pub(super) fn nudge_picture(&self, workspace: &WorkspaceId, revision: i64) {
        let Some(kept) = self.pictures.find(workspace) else { return };
        let is_far = kept.snapshot().is_some_and(|snapshot| revision - snapshot.revision >= FAR_BEHIND);
        if !is_far || kept.turn.try_lock().is_err() {
            return;
        }
        let (app, workspace) = (self.clone(), workspace.clone());
        // What went wrong has been logged; the next question tries again.
        tokio::spawn(async move { app.follow(workspace, kept, revision).await.map(drop) });
    }

    /// Begins to draw the pictures of all workspaces that are there, one after the other, in the background, and has them follow from then
    /// on. Until they are drawn the gateway is not ready, though it answers. Call it once at the start, within a runtime.
    ///
    /// # Errors
    /// When the database does not say which workspaces there are.
    pub async fn draw_pictures(&self) -> Result<(), Error> {
        let workspaces = self.store.workspaces().await?;
        self.pictures.awaited().extend(workspaces.iter().cloned());
        let app = self.clone();
        tokio::spawn(async move {
            for workspace in workspaces {
                app.draw_patiently(&workspace).await;
                app.pictures.awaited().remove(&workspace);
            }
            loop {
                tokio::time::sleep(FOLLOWED_EACH).await;
                for workspace in app.pictures.all() {
                    // What went wrong has been logged; the next round tries again.
                    drop(app.snapshot_of(&workspace).await);
                }
            }
        });
        Ok(())
    }

    /// Draws a picture, however often the database is out of reach meanwhile.
    async fn draw_patiently(&self, workspace: &WorkspaceId) {
        let mut pause = PAUSES.0;
        while let Err(error) = self.snapshot_of(workspace).await {
            if !matches!(error, Error::Unavailable(_)) {
                // Whoever asks tries again; what needs no picture is answered.
                return tracing::error!(%workspace, "the picture could not be drawn");
            }
            tracing::warn!(%workspace, seconds = pause.as_secs(), "drawing the picture waits for the database");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// How the pictures of all workspaces are.
    pub fn pictures_state(&self) -> PicturesState {
        let mut state = PicturesState { awaited: self.pictures_awaited(), ..PicturesState::default() };
        for workspace in self.pictures.all() {
            let Some(kept) = self.pictures.find(&workspace) else { continue };
            let Some(snapshot) = kept.snapshot() else { continue };
            let newest = *kept.newest.lock().unwrap_or_else(PoisonError::into_inner);
            state.drawn += 1;
            state.bytes += snapshot.bytes().total();
            state.oldest_seconds = newest.map_or(0.0, |newest| newest.elapsed_ms() / 1_000.0).max(state.oldest_seconds);
        }
        state
    }

    /// How many workspaces of those that were there at the start have no picture yet.
    pub fn pictures_awaited(&self) -> usize {
        self.pictures.awaited().len()
    }
}
