//! Deriving cases again in the background, after a change that touches more of them than one answer should wait for.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::{App, Error};
use crate::model::WorkspaceId;

/// Cases of one transaction: others who write wait this long at most.
const CASES: u64 = 500;

/// Workspaces whose cases are being derived again by this program, so that each is by one task only.
#[derive(Clone, Debug, Default)]
pub struct Rebuilding(Arc<Mutex<HashSet<WorkspaceId>>>);

impl Rebuilding {
    fn begin(&self, workspace: &WorkspaceId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(workspace.clone())
    }
    fn end(&self, workspace: &WorkspaceId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(workspace);
    }
}

impl App {
    /// Goes on deriving where an earlier run of the program stopped. Call it once at the start, within a runtime.
    ///
    /// # Errors
    /// When the database does not say what is left to do.
    pub async fn resume_rebuilding(&self) -> Result<(), Error> {
        for workspace in self.store.workspaces_to_rederive().await? {
            self.rebuild(workspace);
        }
        Ok(())
    }

    /// Derives a workspace's cases again in the background, unless that is being done already.
    pub(super) fn rebuild(&self, workspace: WorkspaceId) {
        if !self.rebuilding.begin(&workspace) {
            return;
        }
        let app = self.clone();
        tokio::spawn(async move {
            let outcome = app.rebuild_all(&workspace).await;
            app.rebuilding.end(&workspace);
            match outcome {
                Ok(cases) => tracing::info!(%workspace, cases, "derived all cases again"),
                // Already logged with its cause; the next start goes on.
                Err(_) => tracing::error!(%workspace, "stopped deriving cases again"),
            }
        });
    }

    /// Derives what is left of a workspace's cases again, now; gives their number.
    ///
    /// # Errors
    /// When the database fails; what was done stays done.
    pub async fn rebuild_all(&self, workspace: &WorkspaceId) -> Result<usize, Error> {
        let mut cases = 0;
        while let Some(piece) = self.store.rederive(workspace, CASES, self.clock.now()).await? {
            cases += piece.cases.len();
            if !piece.is_unfinished {
                break;
            }
            tokio::task::yield_now().await;
        }
        Ok(cases)
    }
}
