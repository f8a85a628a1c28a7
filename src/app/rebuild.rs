//! Deriving cases again in the background, after a change that touches more of them than one answer should wait for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{App, Error};
use crate::model::WorkspaceId;

/// Cases of one transaction: others who write wait this long at most.
const CASES: u64 = 500;
/// Longest time of one transaction; a database that is gone without a word would keep it for ever.
const LIMIT: Duration = Duration::from_secs(300);
/// Pauses while the database cannot be used: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

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

    /// Indicates that cases of a workspace are still to be derived again.
    ///
    /// # Errors
    /// When the database does not say.
    pub async fn is_rebuilding(&self, workspace: &WorkspaceId) -> Result<bool, Error> {
        Ok(self.store.workspaces_to_rederive().await?.contains(workspace))
    }

    /// Derives a workspace's cases again in the background, unless that is being done already.
    pub(super) fn rebuild(&self, workspace: WorkspaceId) {
        if !self.rebuilding.begin(&workspace) {
            return;
        }
        let app = self.clone();
        tokio::spawn(async move {
            loop {
                app.rebuild_patiently(&workspace).await;
                if app.rebuilding.end(&workspace) {
                    return;
                }
            }
        });
    }

    /// Derives what is left, however often the database is out of reach meanwhile.
    async fn rebuild_patiently(&self, workspace: &WorkspaceId) {
        let mut pause = PAUSES.0;
        loop {
            // Errors have been logged with their causes.
            match self.rebuild_all(workspace).await {
                Ok(0) => return,
                Ok(cases) => return tracing::info!(%workspace, cases, "derived all cases again"),
                Err(Error::Unavailable(_)) => {
                    tracing::warn!(%workspace, seconds = pause.as_secs(), "deriving cases again waits for the database");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(PAUSES.1);
                }
                // The next batch or start goes on.
                Err(_) => return tracing::error!(%workspace, "stopped deriving cases again"),
            }
        }
    }

    /// Derives what is left of a workspace's cases again, now; gives their number.
    ///
    /// # Errors
    /// When the database fails; what was done stays done.
    pub async fn rebuild_all(&self, workspace: &WorkspaceId) -> Result<usize, Error> {
        let mut cases = 0;
        loop {
            let piece = tokio::time::timeout(LIMIT, self.store.rederive(workspace, CASES, self.clock.now())).await;
            let piece = piece.map_err(|_| Error::Unavailable("the database does not answer".to_owned()))?;
            let Some(piece) = piece? else { break };
            cases += piece.cases.len();
            self.nudge_picture(workspace, piece.revision);
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
