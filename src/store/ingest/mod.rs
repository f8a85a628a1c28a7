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

use sea_orm::{ConnectionTrait, DatabaseTransaction};

use self::known::Known;
use self::lay::Laid;
use self::rows::Rows;
use self::transaction::blocking;
use super::bulk::{self, Among, texts};
use super::entity::{event, workspace};
use super::{Store, StoreError, reference, row};
use crate::model::{Instant, NumberedLine, Reject, WorkspaceId};
use crate::record::Rules;

/// Lines that touch more cases than this at once have them derived in the background.
pub const CASES_AT_ONCE: u64 = 10_000;

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
        let transaction = self.begin().await?;
        let mut row = transaction::lock(&transaction, workspace, now).await?;
        let mut known = Known::new(reference::read(&transaction, &row).await?);
        known.look_up(&transaction, &row.id, &lines).await?;
        let (mut known, laid) = blocking(move || {
            let laid = known.lay_lines(lines);
            (known, laid)
        })
        .await?;
        let is_refused = landing == Landing::Nothing || (landing == Landing::AllOrNothing && !laid.rejects.is_empty());
        if is_refused || !known.is_dirty() {
            transaction.rollback().await?;
            let Laid { accepted, unchanged, rejects } = laid;
            let (accepted, unchanged) = if is_refused { (0, 0) } else { (accepted, unchanged) };
            // The revision of this transaction was never made.
            let (revision, is_rederiving) = (row.revision - 1, row.rederive_after.is_some());
            return Ok(Ingested { accepted, unchanged, rejects, revision, is_rederiving, ..Ingested::default() });
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
        Ok(ingested)
    }
}

/// Derives what is touched and writes everything but the workspace row.
async fn land(
    db: &DatabaseTransaction,
    mut known: Known,
    row: &mut workspace::Model,
    mut ingested: Ingested,
) -> Result<Ingested, StoreError> {
    let mut touched = known.touched();
    // A line that does not stand leaves its event with the case that it had, which no line may name.
    known.look_up_cases(db, &row.id, &touched.iter().cloned().collect::<Vec<_>>()).await?;
    ingested.waiting = known.waiting();
    if known.changes_rules() {
        let stored = rederive::count_cases(db, &row.id).await?;
        if stored <= CASES_AT_ONCE {
            touched.extend(rederive::case_ids(db, &row.id).await?);
        } else {
            row.rederive_after = Some(String::new());
            ingested.rederiving = Some(stored);
        }
    }
    let (known, rows, anomalies) = derive(db, known, &row.id, &touched).await?;
    ingested.anomalies = anomalies;
    known.save(db, &row.id).await?;
    let replaced: Vec<String> = touched
        .iter()
        .filter(|id| known.cases.get(*id).is_some_and(|slot| slot.before.is_some() && slot.now.is_some()))
        .cloned()
        .collect();
    rows::delete_derived(db, &row.id, &replaced).await?;
    rows.insert(db).await?;
    ingested.is_rederiving = row.rederive_after.is_some();
    if let Some(settings) = &known.settings.now {
        row::reference::lay_workspace(settings, row);
    }
    ingested.cases = touched
        .into_iter()
        .filter(|id| known.cases.get(id).is_some_and(|s| s.before.is_some() || s.now.is_some()))
        .collect();
    Ok(ingested)
}

/// Derives the touched cases; also gives the number of anomalies.
async fn derive(
    db: &impl ConnectionTrait,
    mut known: Known,
    workspace: &str,
    touched: &BTreeSet<String>,
) -> Result<(Known, Rows, u64), StoreError> {
    let ids: Vec<String> = touched.iter().cloned().collect();
    known.look_up_cases(db, workspace, &ids).await?;
    let there = ids.iter().filter(|id| known.cases.get(*id).is_some_and(|slot| slot.now.is_some()));
    let keys = texts(there);
    if keys.is_empty() {
        return Ok((known, Rows::default(), 0));
    }
    let among = Among { workspace, and: None, column: "case_id" };
    let stored = bulk::select::<event::Entity>(db, among, keys).await?;
    let stored = stored.into_iter().map(look_up::to_entry).collect::<Result<Vec<_>, _>>()?;
    known.look_up_customers_of(db, workspace, &stored).await?;
    let Some(reference) = known.reference() else { return Err(StoreError::Derivation) };
    let (workspace, touched) = (workspace.to_owned(), touched.clone());
    blocking(move || {
        let (todos, anomalies) = known.gather(&touched, stored);
        let rows = Rows::derive(&workspace, &todos, &Rules::compile(&reference))?;
        Ok((known, rows, anomalies))
    })
    .await?
}
