//! Deriving cases again in the background, after a change that touches more of them than one answer should wait for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{App, Error};
use crate::model::WorkspaceId;

/// Cases of one transaction: others who write wait this long at most.
const CASES: u64 = 500;

/// Workspaces whose cases are being derived again by this program, so that each is by one task only; true when it was asked for
/// again meanwhile.
#[derive(Clone, Debug, Default)]
pub struct Rebuilding(Arc<Mutex<HashMap<WorkspaceId, bool>>>);

impl Rebuilding {
    /// True when the caller is to do it; else the one who does is told to look again.
    fn begin(&self, workspace: &WorkspaceId) -> bool {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_running = running.contains_key(workspace);
        running.insert(workspace.clone(), is_running);
        !is_running
    }
    /// False when it was asked for again since it began or this last said so: what asked may have come after the last piece.
    fn end(&self, workspace: &WorkspaceId) -> bool {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match running.get_mut(workspace) {
            Some(again) if *again => {
                *again = false;
                false
            }
            _ => {
                running.remove(workspace);
                true
            }
        }
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
            loop {
                match app.rebuild_all(&workspace).await {
                    Ok(cases) => tracing::info!(%workspace, cases, "derived all cases again"),
                    // Already logged with its cause; the next batch or start goes on.
                    Err(_) => tracing::error!(%workspace, "stopped deriving cases again"),
                }
                if app.rebuilding.end(&workspace) {
                    return;
                }
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

#[cfg(test)]
mod tests {
    use super::{Rebuilding, WorkspaceId};

    #[test]
    fn what_is_asked_for_meanwhile_is_done_too() {
        let (rebuilding, workspace) = (Rebuilding::default(), WorkspaceId("acme".to_owned()));
        assert!(rebuilding.begin(&workspace));
        assert!(!rebuilding.begin(&workspace));
        assert!(!rebuilding.begin(&workspace));
        assert!(!rebuilding.end(&workspace));
        assert!(rebuilding.end(&workspace));
        assert!(rebuilding.begin(&workspace));
        assert!(rebuilding.end(&workspace));
    }
}
