//! Drawing a picture from the database, and laying into it what has changed since.
//!
//! Drawing reads batch by batch, each as it is at that moment, and goes through the log of changes afterwards for what was written
//! meanwhile; so it keeps nothing from being written or cleaned up, however long it takes. What has changed is read as of one revision.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use tokio::task::{JoinHandle, spawn_blocking};

use super::cache::PAUSE;
use super::{Drawn, Kept};
use crate::app::{App, Error};
use crate::engine::picture::{AgentNow, Laid, Picture};
use crate::engine::snapshot::Snapshot;
use crate::model::WorkspaceId;
use crate::record::Derived;
use crate::store::{AgentState, Freshness, SnapshotReader, Touched};

/// Cases that are read and laid at once.
const CASES: usize = 2_000;
/// Agents likewise; each may have thousands of presence spells.
const AGENTS: usize = 32;
/// Cases after which drawing says how far it is.
const CASES_SAID: usize = 100_000;
/// Most changed cases and agents, counted in each revision, that are followed one by one.
const CHANGES: i64 = 500_000;
/// Of more changed cases than these and half of all, drawing anew takes no longer.
const FEW: usize = 20_000;
/// Drawing is begun so often while more is changed in the time it takes than the log of changes holds.
const ATTEMPTS: usize = 3;

impl App {
    /// Brings a picture up to date; whoever calls it has the turn.
    pub(super) async fn catch_up(&self, workspace: &WorkspaceId, kept: &Arc<Kept>) -> Result<Arc<Snapshot>, Error> {
        let drawn = match kept.drawn() {
            Some(drawn) => Some(drawn),
            None => self.load_picture(workspace).await,
        };
        if let Some(drawn) = drawn {
            if let Some((now, erases)) = self.lay_changes(workspace, &drawn, false).await? {
                if now.freshness != drawn.freshness {
                    self.save_later(workspace, kept, if erases { Duration::ZERO } else { PAUSE });
                }
                return Ok(kept.keep(now));
            }
            // Two of them may not fit.
            drop(drawn);
            kept.forget();
        }
        for _ in 0..ATTEMPTS {
            let drawn = self.draw(workspace).await?;
            if let Some((now, _)) = self.lay_changes(workspace, &drawn, true).await? {
                self.save_later(workspace, kept, Duration::ZERO);
                return Ok(kept.keep(now));
            }
        }
        tracing::warn!(%workspace, "the workspace changes faster than its picture can be drawn");
        Err(Error::Unavailable("the workspace is changing too fast; try again later".to_owned()))
    }

    /// Lays what was written since a picture was drawn into it; also whether any of that erased something. `None` when it is better drawn
    /// anew.
    async fn lay_changes(
        &self,
        workspace: &WorkspaceId,
        drawn: &Drawn,
        is_new: bool,
    ) -> Result<Option<(Drawn, bool)>, Error> {
        let reader = self.store.snapshot_reader(workspace).await?;
        let now = reader.freshness().await?;
        if now == drawn.freshness {
            return Ok(Some((drawn.clone(), false)));
        }
        let Some(touched) = reader.changes_since(&drawn.freshness, CHANGES).await? else { return Ok(None) };
        if !is_new && touched.cases.len() > FEW + drawn.picture.snapshot().cases.len / 2 {
            return Ok(None);
        }
        let (cases, agents, erases) = (touched.cases.len(), touched.agents.len(), touched.erases);
        let mut brush = Brush::new(Arc::clone(&drawn.picture));
        let laid = lay_touched(&reader, touched, &mut brush).await;
        // Nothing must be laid later than what the next one lays.
        brush.rest().await?;
        laid?;
        drop(reader);
        if erases {
            self.answers.forget();
            self.names.forget();
            self.forget_picture(workspace, now.revision).await;
        }
        brush.publish(now, false).await?;
        tracing::debug!(%workspace, revision = now.revision, cases, agents, "brought the picture up to date");
        Ok(Some((Drawn { picture: Arc::clone(&drawn.picture), freshness: now }, erases)))
    }

    /// Draws a workspace as it was at some revision, or, in parts, later.
    async fn draw(&self, workspace: &WorkspaceId) -> Result<Drawn, Error> {
        let begun = Stopwatch::now();
        // What happened meanwhile is not known: somebody may have been erased, or the database put back.
        self.answers.forget();
        self.names.forget();
        let freshness = self.store.snapshot_reader(workspace).await?.freshness().await?;
        let picture = Arc::new(Picture::empty());
        let mut brush = Brush::new(Arc::clone(&picture));
        self.draw_agents(workspace, &mut brush).await?;
        let cases = self.draw_cases(workspace, &mut brush).await?;
        brush.publish(freshness, true).await?;
        let (bytes, seconds) = (picture.snapshot().bytes().total(), begun.elapsed().as_secs_f32());
        tracing::info!(%workspace, cases, bytes, seconds, "drew the picture");
        Ok(Drawn { picture, freshness })
    }

    async fn draw_agents(&self, workspace: &WorkspaceId, brush: &mut Brush) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let reader = self.store.snapshot_reader(workspace).await?;
            let agents = reader.agents_after(&after, AGENTS as u64).await?;
            drop(reader);
            let Some((last, ..)) = agents.last() else { return Ok(()) };
            after.clone_from(last);
            let presence = agents.into_iter().map(agent_now).collect();
            brush.lay(Laid { cases: Vec::new(), presence }).await?;
        }
    }

    async fn draw_cases(&self, workspace: &WorkspaceId, brush: &mut Brush) -> Result<usize, Error> {
        let in_all = self.store.count_cases(workspace).await?;
        let (mut after, mut cases, mut said) = (String::new(), 0, 0);
        loop {
            let reader = self.store.snapshot_reader(workspace).await?;
            let (derived, last) = reader.cases_after(&after, CASES as u64).await?;
            drop(reader);
            let Some(last) = last else { return Ok(cases) };
            after = last;
            cases += derived.len();
            let laid = derived.into_iter().map(|of| (of.case.case.clone(), Some(of))).collect();
            brush.lay(Laid { cases: laid, presence: Vec::new() }).await?;
            if cases >= said + CASES_SAID {
                said = cases;
                tracing::info!(%workspace, cases, in_all, "drawing the picture");
            }
        }
    }
}

/// Lays the cases and agents that were touched, as they are now.
async fn lay_touched(reader: &SnapshotReader, touched: Touched, brush: &mut Brush) -> Result<(), Error> {
    let cases: Vec<String> = touched.cases.into_iter().collect();
    for ids in cases.chunks(CASES) {
        let derived = reader.derived_of(ids).await?;
        brush.lay(Laid { cases: with_gone(ids, derived), presence: Vec::new() }).await?;
    }
    let agents: Vec<String> = touched.agents.into_iter().collect();
    for ids in agents.chunks(AGENTS) {
        let presence = reader.agents_of(ids).await?.into_iter().map(agent_now).collect();
        brush.lay(Laid { cases: Vec::new(), presence }).await?;
    }
    Ok(())
}

/// The cases that were asked for: as they are, or gone.
fn with_gone(ids: &[String], derived: Vec<Derived>) -> Vec<(String, Option<Derived>)> {
    let mut found: HashMap<String, Derived> = derived.into_iter().map(|of| (of.case.case.clone(), of)).collect();
    ids.iter().map(|id| (id.clone(), found.remove(id))).collect()
}

fn agent_now((agent, spells, teams): AgentState) -> AgentNow {
    AgentNow { agent, spells, teams }
}

/// Lays one batch, where that keeps nobody waiting, while the next is read.
struct Brush {
    picture: Arc<Picture>,
    laying: Option<JoinHandle<()>>,
}

impl Brush {
    fn new(picture: Arc<Picture>) -> Brush {
        Brush { picture, laying: None }
    }

    async fn rest(&mut self) -> Result<(), Error> {
        match self.laying.take() {
            Some(laying) => laying.await.map_err(stopped),
            None => Ok(()),
        }
    }

    async fn lay(&mut self, laid: Laid) -> Result<(), Error> {
        self.rest().await?;
        let picture = Arc::clone(&self.picture);
        self.laying = Some(spawn_blocking(move || picture.lay(laid)));
        Ok(())
    }

    async fn publish(mut self, now: Freshness, is_first: bool) -> Result<(), Error> {
        self.rest().await?;
        let publishing = spawn_blocking(move || {
            if is_first {
                self.picture.settle();
            }
            self.picture.publish(now.revision, now.as_of);
        });
        publishing.await.map_err(stopped)
    }
}

/// A fault of ours: laying does not fail.
fn stopped(error: tokio::task::JoinError) -> Error {
    tracing::error!(%error, "laying rows into the picture stopped");
    Error::Internal
}
