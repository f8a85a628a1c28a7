//! Taking lines in: one transaction a batch, from the lines to the derived rows.
//!
//! What the lines are about is looked up, the lines are laid over it in memory (`lay`, pure), whatever they name is made, the
//! touched cases are derived again from all their events, and what differs is written. The workspace's row is changed first, so
//! that its writers follow one another and revisions are committed in order.

mod anonymous;
mod kept;
mod known;
mod lay;
mod look_up;
mod names;
mod numbers;
mod rederive;
mod rows;
mod save;
mod slot;
mod standing;
mod touched;
mod transaction;

pub(super) use anonymous::is_mark;
pub use rederive::Rederived;

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use sea_orm::{ConnectionTrait, DatabaseBackend};

use self::known::{CaseEntry, Known};
use self::lay::Laid;
use self::rows::Rows;
use self::slot::Slot;
use self::standing::EventEntry;
use self::transaction::{Pen, blocking};
use super::bulk::{self, Among, texts};
use super::entity::{event, workspace};
use super::transaction::Transaction;
use super::{Store, StoreError, reference, row};
use crate::model::{Instant, NumberedLine, Reject, WorkspaceId};
use crate::record::Rules;

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
        // Events of an import are new as a rule, and looking each of them up is a good part of the work. So a few are looked up, and when
        // none of those is there, all are taken for new. Where that was wrong their keys say so, and the batch starts afresh.
        if ASSUMING_LINES.contains(&lines.len()) {
            match self.attempt(workspace, lines.clone(), landing, now, Events::Sampled).await {
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
        lines: Vec<NumberedLine>,
        landing: Landing,
        now: Instant,
        events: Events,
    ) -> Result<Option<Ingested>, StoreError> {
        let transaction = self.begin().await?;
        let mut row = transaction::lock(&transaction, workspace, now).await?;
        let mut known = Known::new(reference::read(&transaction, &row).await?);
        known.look_up(&transaction, &row.id, &lines, events).await?;
        let (mut known, laid) = blocking(move || {
            let laid = known.lay_lines(lines);
            (known, laid)
        })
        .await?;
        // A line may lack what only the first of its event must have.
        if known.takes_events_for_new && !laid.rejects.is_empty() {
            transaction.rollback().await?;
            return Ok(None);
        }
        let is_refused = landing == Landing::Nothing || (landing == Landing::AllOrNothing && !laid.rejects.is_empty());
        if is_refused || !known.is_dirty() {
            transaction.rollback().await?;
            let Laid { accepted, unchanged, rejects } = laid;
            let (accepted, unchanged) = if is_refused { (0, 0) } else { (accepted, unchanged) };
            // The revision of this transaction was never made.
            let (revision, is_rederiving) = (row.revision - 1, row.rederive_after.is_some());
            let ingested = Ingested { accepted, unchanged, rejects, revision, is_rederiving, ..Ingested::default() };
            return Ok(Some(ingested));
        }
        let names = known.names();
        known.look_up_names(&transaction, &row.id, &names).await?;
        known.make_named(&names);
        known.assign_numbers(&transaction, &mut row).await?;
        let ingested = Ingested {
            accepted: laid.accepted,
            unchanged: laid.unchanged,
            rejects: laid.rejects,
            revision: row.revision,
            ..Ingested::default()
        };
        let erases = !known.newly_erased.is_empty();
        let ingested = land(&transaction, known, &mut row, ingested).await?;
        row.as_of = now.ms();
        bulk::upsert::<workspace::Entity>(&transaction, vec![row]).await?;
        transaction.commit().await?;
        if erases {
            self.forget_log().await;
        }
        Ok(Some(ingested))
    }
}

/// Derives what is touched and writes everything but the workspace row.
async fn land(
    db: &Transaction,
    mut known: Known,
    row: &mut workspace::Model,
    mut ingested: Ingested,
) -> Result<Ingested, StoreError> {
    let mut touched = known.touched();
    // A line that does not stand leaves its event with the case that it had, which no line may name.
    known.look_up_cases(db, &row.id, touched.iter()).await?;
    ingested.waiting = known.waiting();
    if known.changes_rules() {
        let stored = rederive::count_cases(db, &row.id).await?;
        if stored <= CASES_AT_ONCE {
            touched.extend(rederive::case_ids(db, &row.id).await?);
            known.look_up_cases(db, &row.id, touched.iter()).await?;
        } else {
            row.rederive_after = Some(String::new());
            ingested.rederiving = Some(stored);
        }
    }
    let stored = stored_events(db, &mut known, &row.id, &touched).await?;
    known.save(db, &row.id).await?;
    ingested.is_rederiving = row.rederive_after.is_some();
    if let Some(settings) = &known.settings.now {
        row::reference::lay_workspace(settings, row);
    }
    let todos = Todos { backend: db.get_database_backend(), workspace: row.id.clone(), touched, stored };
    let (cases, anomalies) = transaction::write(db, move |pen| todos.put(known, pen)).await?;
    ingested.cases = cases;
    ingested.anomalies = anomalies;
    Ok(ingested)
}

/// The stored events of the touched cases that are there.
async fn stored_events(
    db: &Transaction,
    known: &mut Known,
    workspace: &str,
    touched: &BTreeSet<String>,
) -> Result<Vec<EventEntry>, StoreError> {
    let there = touched.iter().filter(|id| known.cases.get(*id).is_some_and(|slot| slot.now.is_some()));
    let keys = texts(there);
    let among = Among { workspace, and: None, column: "case_id" };
    let stored = bulk::select::<event::Entity>(db, among, &keys).await?;
    let stored = stored.into_iter().map(look_up::to_entry).collect::<Result<Vec<_>, _>>()?;
    known.look_up_customers_of(db, workspace, &stored).await?;
    Ok(stored)
}

/// What is left once everything is looked up: deriving, and writing cases, events and what is derived from them.
struct Todos {
    backend: DatabaseBackend,
    workspace: String,
    touched: BTreeSet<String>,
    stored: Vec<EventEntry>,
}

impl Todos {
    /// Derives the touched cases and puts down what is to be written; gives the cases whose rows were written or removed, and the
    /// number of anomalies. Deriving goes on while cases and events are being written.
    fn put(self, mut known: Known, pen: &Pen) -> Result<(Vec<String>, u64), StoreError> {
        let Todos { backend, workspace, touched, stored } = self;
        let rules = Rules::compile(&known.reference().ok_or(StoreError::Derivation)?);
        let (todos, anomalies) = known.gather(&touched, stored);
        let rows = std::thread::scope(|scope| {
            let deriving = scope.spawn(|| Rows::derive(&workspace, &todos, &rules));
            pen.put(known.case_pieces(backend, &workspace)?);
            known.put_events(pen, backend, &workspace);
            deriving.join().map_err(|_| StoreError::Derivation)?
        })?;
        let is_replaced = |slot: &Slot<CaseEntry>| slot.before.is_some() && slot.now.is_some();
        let replaced = texts(touched.iter().filter(|id| known.cases.get(*id).is_some_and(is_replaced)));
        pen.put(rows.pieces(backend, &workspace, &replaced));
        let is_there = |slot: &Slot<CaseEntry>| slot.before.is_some() || slot.now.is_some();
        let cases = touched.into_iter().filter(|id| known.cases.get(id).is_some_and(is_there));
        Ok((cases.collect(), anomalies))
    }
}
