//! Taking lines in: one transaction a batch, from the lines to the derived rows.
//!
//! What the lines are about is looked up, the lines are laid over it in memory (`lay`, pure), whatever they name is made, the
//! touched cases are derived again from all their events, and what differs is written. The workspace's row is changed first, so
//! that its writers follow one another and revisions are committed in order.

mod anonymous;
mod before;
mod kept;
mod known;
mod lay;
mod look_up;
mod names;
mod numbers;
mod ours;
mod prepared;
mod rederive;
mod rows;
mod save;
mod series;
mod slot;
mod standing;
mod touched;
mod transaction;

pub(super) use anonymous::is_mark;
pub use rederive::Rederived;
pub(super) use rederive::count_cases;
pub use series::Series;

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use self::known::Known;
use self::lay::Laid;
use self::prepared::Prepared;
use super::entity::workspace;
use super::{Store, StoreError, reference};
use crate::model::{Instant, NumberedLine, Reject, WorkspaceId};

/// Lines that touch more cases than this at once have them derived in the background.
pub const CASES_AT_ONCE: u64 = 10_000;

/// Lines of a batch whose events may be taken for new: looking up fewer costs little, and more are not to be held twice.
const ASSUMING_LINES: RangeInclusive<usize> = 512..=50_000;

/// Which of the events that lines are about are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Events {
    /// All.
    LookedUp,
    /// Some, and the others if one of those is there.
    Sampled,
}

/// What to do with lines beside bad ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// Good lines land.
    EachGood,
    /// Good lines land when there are no bad ones.
    AllOrNothing,
    /// Nothing lands; the bad lines are looked for.
    Nothing,
}

/// What a batch did.
#[derive(Debug, Default)]
pub struct Ingested {
    /// Lines that made a difference.
    pub accepted: u64,
    /// Lines that made none.
    pub unchanged: u64,
    /// Lines that cannot be used.
    pub rejects: Vec<Reject>,
    /// Events whose case has not come, counted by that case.
    pub waiting: HashMap<String, u64>,
    /// Events before their case, and ends before their start.
    pub anomalies: u64,
    /// Revision after the batch.
    pub revision: i64,
    /// Cases still to be derived again, when the batch asks for it.
    pub rederiving: Option<u64>,
    /// Indicates that cases are still to be derived again, whichever batch asked for it.
    pub is_rederiving: bool,
    /// Cases whose rows were written or removed, in order.
    pub cases: Vec<String>,
    /// Indicates that something was erased.
    pub erases: bool,
}

impl Ingested {
    /// Of lines that change nothing.
    fn same(laid: Laid, row: &workspace::Model) -> Ingested {
        let Laid { accepted, unchanged, rejects } = laid;
        let (revision, is_rederiving) = (row.revision, row.rederive_after.is_some());
        Ingested { accepted, unchanged, rejects, revision, is_rederiving, ..Ingested::default() }
    }
}

impl Store {
    /// Takes lines into a workspace, which is made when it is not there. What is answered is durable.
    ///
    /// # Errors
    /// When the database fails; then nothing has landed.
    pub async fn ingest(
        &self,
        workspace: &WorkspaceId,
        lines: Vec<NumberedLine>,
        landing: Landing,
        now: Instant,
    ) -> Result<Ingested, StoreError> {
        self.ingest_by(workspace, lines, landing, now, Events::Sampled).await
    }

    async fn ingest_by(
        &self,
        workspace: &WorkspaceId,
        lines: Vec<NumberedLine>,
        landing: Landing,
        now: Instant,
        events: Events,
    ) -> Result<Ingested, StoreError> {
        // Events of an import are new as a rule, and looking each of them up is a good part of the work. So a few are looked up, and when
        // none of those is there, all are taken for new. Where that was wrong their keys say so, and the batch starts afresh.
        let lines = Arc::new(lines);
        if events == Events::Sampled && ASSUMING_LINES.contains(&lines.len()) {
            match self.attempt(workspace, Arc::clone(&lines), landing, now, Events::Sampled).await {
                Ok(None) | Err(StoreError::Duplicate(_)) => {
                    tracing::debug!("a batch has events that are there already")
                }
                Ok(Some(ingested)) => return Ok(ingested),
                Err(error) => return Err(error),
            }
        }
        let ingested = self.attempt(workspace, lines, landing, now, Events::LookedUp).await?;
        ingested.ok_or(StoreError::Derivation)
    }

    /// `None` when events were taken for new that may not be.
    async fn attempt(
        &self,
        workspace: &WorkspaceId,
        lines: Arc<Vec<NumberedLine>>,
        landing: Landing,
        now: Instant,
        events: Events,
    ) -> Result<Option<Ingested>, StoreError> {
        let transaction = self.begin().await?;
        let row = transaction::lock(&transaction, workspace, now).await?;
        let known = Known::new(reference::read(&transaction, &row).await?);
        let (known, laid) = known.take(&transaction, &row.id, lines, events).await?;
        // A line may lack what only the first of its event must have.
        if known.takes_events_for_new && !laid.rejects.is_empty() {
            transaction.rollback().await?;
            return Ok(None);
        }
        let is_refused = landing == Landing::Nothing || (landing == Landing::AllOrNothing && !laid.rejects.is_empty());
        if is_refused || !known.is_dirty() {
            transaction.rollback().await?;
            let laid = if is_refused { Laid { accepted: 0, unchanged: 0, ..laid } } else { laid };
            // The revision of this transaction was never made.
            let row = workspace::Model { revision: row.revision - 1, ..row };
            return Ok(Some(Ingested::same(laid, &row)));
        }
        let prepared = Prepared::of(&transaction, known, row, laid, now).await?;
        self.land(transaction, prepared).await.map(Some)
    }
}
