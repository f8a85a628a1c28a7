//! A batch of which all is looked up and laid, and whose touched cases are being derived: what is left is to write.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseBackend};

use super::known::Known;
use super::lay::Laid;
use super::rows::{self, Target};
use super::slot::Slot;
use super::standing::EventEntry;
use super::transaction::{Making, Pen, blocking, discard};
use super::{CASES_AT_ONCE, Events, Ingested, look_up, rederive};
use crate::model::{Instant, NumberedLine};
use crate::record::Rules;
use crate::store::bulk::{self, Among, texts};
use crate::store::entity::{event, workspace};
use crate::store::transaction::Transaction;
use crate::store::{Store, StoreError, change, row};

/// How long a batch waits for others that begins to be written before its turn: less than PostgreSQL lets two wait for each other (a second)
/// before it fails one of them.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is to be written of a batch.
pub struct Prepared {
    /// The workspace's row, with the revision that the batch makes.
    pub row: workspace::Model,
    /// All that the batch touches, as it will be.
    pub known: Arc<Known>,
    /// What is written of cases, events and derived rows; gives the cases whose rows are written or removed.
    making: Making<Vec<String>>,
    ingested: Ingested,
}

impl Known {
    /// Looks up what the lines are about and lays them.
    pub async fn take(
        mut self,
        db: &impl ConnectionTrait,
        workspace: &str,
        lines: Arc<Vec<NumberedLine>>,
        events: Events,
    ) -> Result<(Known, Laid), StoreError> {
        self.look_up(db, workspace, &lines, events).await?;
        blocking(move || {
            let laid = self.lay_lines(&lines);
            (self, laid)
        })
        .await
    }
}

impl Prepared {
    /// Looks up whatever else the laid lines touch, and begins to make what is to be written.
    pub async fn of(
        db: &impl ConnectionTrait,
        mut known: Known,
        mut row: workspace::Model,
        laid: Laid,
        now: Instant,
    ) -> Result<Prepared, StoreError> {
        let names = known.names();
        known.look_up_names(db, &row.id, &names).await?;
        known.make_named(&names);
        known.assign_numbers(db, &mut row).await?;
        let mut touched = known.touched();
        // A line that does not stand leaves its event with the case that it had, which no line may name.
        known.look_up_cases(db, &row.id, touched.iter()).await?;
        let mut ingested = Ingested {
            accepted: laid.accepted,
            unchanged: laid.unchanged,
            rejects: laid.rejects,
            revision: row.revision,
            waiting: known.waiting(),
            erases: !known.newly_erased.is_empty(),
            ..Ingested::default()
        };
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
        ingested.is_rederiving = row.rederive_after.is_some();
        let stored = stored_events(db, &mut known, &row.id, &touched).await?;
        if let Some(settings) = &known.settings.now {
            row::reference::lay_workspace(settings, &mut row);
        }
        row.as_of = now.ms();
        // It is written by the time that this one is.
        discard(known.before.take());
        known.ours = None;
        let (known, touched, anomalies) = blocking(move || {
            let anomalies = known.settle(&touched, stored);
            (Arc::new(known), touched, anomalies)
        })
        .await?;
        ingested.anomalies = anomalies;
        let (backend, workspace, of) = (db.get_database_backend(), row.id.clone(), Arc::clone(&known));
        let making = Making::begin(move |pen| Prepared::put(&of, touched, backend, &workspace, pen));
        Ok(Prepared { row, known, making, ingested })
    }

    /// Begins to write what nobody has yet, before the batch's turn has come: in a transaction that does not hold the workspace's row, next to
    /// that of the batch before. Others may be about to add the same and wait for this one as soon as it waits for them; so it waits but
    /// briefly.
    pub async fn begin(self, store: &Store) -> Result<(Transaction, Prepared), StoreError> {
        let transaction = store.begin().await?;
        transaction.wait_at_most(PATIENCE).await?;
        let making = self.making.write_new(&transaction).await?;
        Ok((transaction, Prepared { making, ..self }))
    }

    /// Derives the touched cases and puts down what is to be written of cases, events and derived rows; gives the cases whose rows are
    /// written or removed.
    fn put(
        known: &Known,
        touched: BTreeSet<String>,
        backend: DatabaseBackend,
        workspace: &str,
        pen: &Pen,
    ) -> Result<Vec<String>, StoreError> {
        let rules = Rules::compile(&known.reference().ok_or(StoreError::Derivation)?);
        let is_replaced = |slot: &Slot<_>| slot.before.is_some() && slot.now.is_some();
        let replaced = texts(touched.iter().filter(|id| known.cases.get(*id).is_some_and(is_replaced)));
        let target = Target { backend, workspace, replaced: &replaced };
        let put_sources = || {
            known.put_events(pen, backend, workspace);
            known.put_cases(pen, backend, workspace)
        };
        let put_rows = || rows::put(pen, target, &known.todos(&touched), &rules);
        if rows::threads() == 1 {
            put_sources()?;
            put_rows()?;
        } else {
            std::thread::scope(|scope| {
                let deriving = scope.spawn(put_rows);
                put_sources()?;
                deriving.join().map_err(|_| StoreError::Derivation)?
            })?;
        }
        let is_there = |slot: &Slot<_>| slot.before.is_some() || slot.now.is_some();
        Ok(touched.into_iter().filter(|id| known.cases.get(id).is_some_and(is_there)).collect())
    }
}

impl Store {
    /// Writes a batch, in a transaction that holds the workspace's row, and makes it durable.
    pub(super) async fn land(&self, transaction: Transaction, prepared: Prepared) -> Result<Ingested, StoreError> {
        let Prepared { row, known, making, mut ingested } = prepared;
        known.save(&transaction, &row.id).await?;
        let agents = known.touched_agents();
        ingested.cases = making.write(&transaction).await?;
        let agents = agents.iter().map(String::as_str);
        change::note(&transaction, (&row.id, row.revision), &ingested.cases, agents, ingested.erases).await?;
        bulk::upsert::<workspace::Entity>(&transaction, vec![row]).await?;
        transaction.commit().await?;
        discard(known);
        if ingested.erases {
            self.forget_log().await;
        }
        Ok(ingested)
    }
}

/// The stored events of the touched cases that are there.
async fn stored_events(
    db: &impl ConnectionTrait,
    known: &mut Known,
    workspace: &str,
    touched: &BTreeSet<String>,
) -> Result<Vec<EventEntry>, StoreError> {
    let is_there = |id: &&String| known.cases.get(*id).is_some_and(|slot| slot.now.is_some());
    let keys = texts(touched.iter().filter(|id| is_there(id) && known.may_be_stored(id)));
    let among = Among { workspace, and: None, column: "case_id" };
    let stored = bulk::select::<event::Entity>(db, among, &keys).await?;
    let mut stored = stored.into_iter().map(look_up::to_entry).collect::<Result<Vec<_>, _>>()?;
    known.look_up_customers_of(db, workspace, &stored).await?;
    if let Some(before) = &known.before {
        before.lay_events_over(&mut stored, touched);
    }
    Ok(stored)
}
