//! Telling who listens that a workspace has changed, on whichever gateway.
//!
//! One task a workspace that somebody listens to reads its revision now and then; all who listen share it, and it ends with the last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{Stream, stream};
use tokio::sync::watch;

use super::viewer::require;
use super::{App, Error};
use crate::model::{Instant, Permission, Viewer, WorkspaceId};
use crate::store::Reader;

/// How often a workspace is looked at: a change is told within this and what reading a row takes.
const PAUSE: Duration = Duration::from_millis(400);

/// A state of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Number of the last change; 0 before the first.
    pub revision: i64,
    /// When it was made; `None` before the first.
    pub as_of: Option<Instant>,
}

/// Who is told of which workspace. Cheap to clone; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Revisions(Arc<Mutex<HashMap<WorkspaceId, watch::Sender<Revision>>>>);

impl Revisions {
    fn told(&self) -> MutexGuard<'_, HashMap<WorkspaceId, watch::Sender<Revision>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// The viewer's workspace as it is, and again after every change; several close together are told as one.
    ///
    /// # Errors
    /// `Forbidden` without the permission to read cases; `Unavailable` when the database cannot be read now. Later the stream waits until
    /// it can.
    pub async fn revisions(&self, viewer: &Arc<Viewer>) -> Result<impl Stream<Item = Revision> + Send + use<>, Error> {
        require(viewer, Permission::ReadCases)?;
        let reader = self.store.reader(Arc::clone(viewer), Arc::default());
        let now = read(&reader).await?;
        let receiver = self.listen(&viewer.workspace, reader, now);
        let next = |(mut receiver, is_first): (watch::Receiver<Revision>, bool)| async move {
            if !is_first {
                receiver.changed().await.ok()?;
            }
            let revision = *receiver.borrow_and_update();
            Some((revision, (receiver, false)))
        };
        Ok(stream::unfold((receiver, true), next))
    }

    fn listen(&self, workspace: &WorkspaceId, reader: Reader, now: Revision) -> watch::Receiver<Revision> {
        let mut told = self.revisions.told();
        if let Some(sender) = told.get(workspace) {
            // Who comes now has looked later than the task that tells.
            sender.send_if_modified(|before| {
                let is_later = now.revision > before.revision;
                *before = if is_later { now } else { *before };
                is_later
            });
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(now);
        told.insert(workspace.clone(), sender);
        tokio::spawn(watch_workspace(self.revisions.clone(), workspace.clone(), reader));
        receiver
    }
}

async fn watch_workspace(revisions: Revisions, workspace: WorkspaceId, reader: Reader) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let found = read(&reader).await;
        let mut told = revisions.told();
        let Some(sender) = told.get(&workspace) else { return };
        if sender.receiver_count() == 0 {
            told.remove(&workspace);
            return;
        }
        // What went wrong has been logged; the next look tells what was missed.
        let Ok(now) = found else { continue };
        sender.send_if_modified(|before| {
            let is_other = *before != now;
            *before = now;
            is_other
        });
    }
}

async fn read(reader: &Reader) -> Result<Revision, Error> {
    let (revision, as_of) = reader.freshness().await?;
    Ok(Revision { revision, as_of })
}
