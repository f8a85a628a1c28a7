//! Loading the demo, in the background of a server that already answers.

use std::sync::Arc;

use super::{Plan, WORKSPACE};
use crate::app::source::{batches, read_ahead};
use crate::app::viewer::local_owner;
use crate::app::{App, Error, IngestReport, Stats};
use crate::model::{Instant, WorkspaceId};

/// How a demo came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoReport {
    /// The workspace was complete; nothing was done.
    Reused,
    /// All lines of the plan were loaded, some of them perhaps before.
    Loaded {
        /// What it was made from.
        plan: Plan,
        /// Lines that changed something.
        accepted: u64,
        /// Lines that were there already.
        unchanged: u64,
    },
}

/// Loads the demo unless its workspace is complete; one that was left half loaded is taken up as it was begun, whatever is asked for
/// now.
///
/// # Errors
/// `Unavailable` when the database does not answer; `Internal` when the demo's own lines are not taken.
pub async fn load(app: &App, seed: u64, cases: u32) -> Result<DemoReport, Error> {
    let viewer = Arc::new(local_owner(WorkspaceId(WORKSPACE.to_owned())));
    let there = app.lookups(Arc::clone(&viewer), Arc::new(Stats::default())).workspace().await?;
    let plan = if there.revision == 0 {
        let now = app.clock.now();
        // To the minute: the plan is written out in the workspace's name.
        Plan { seed, cases, now: Instant::from_ms(now.ms() - now.ms().rem_euclid(60_000)) }
    } else {
        let Some(plan) = Plan::unfinished(&there.workspace.name) else { return Ok(DemoReport::Reused) };
        plan
    };
    tracing::info!(cases = plan.cases, until = %plan.now, "loading the demo, newest cases first");
    let batches = batches(read_ahead(move || Ok(Box::new(plan.source()))));
    let (mut accepted, mut unchanged) = (0, 0);
    let done = |report: IngestReport| {
        if let Some(reject) = report.rejected.first() {
            tracing::error!(
                line = reject.line,
                field = reject.field,
                reason = reject.reason,
                "a demo line was rejected"
            );
            return Err(Error::Internal);
        }
        accepted += report.accepted;
        unchanged += report.unchanged;
        tracing::info!(lines = accepted + unchanged, "loading the demo");
        Ok(())
    };
    app.ingest_all(&viewer, batches, app.clock.now(), done).await?;
    tracing::info!(accepted, unchanged, "the demo is complete");
    Ok(DemoReport::Loaded { plan, accepted, unchanged })
}
