//! Batches that follow one another: while one is being written, the next is looked up, laid over it and derived. PostgreSQL, which can
//! write for several at once, is then given what is new of the next, too; it comes to be seen after the one before, as ever.
//!
//! What is looked up ahead is right as long as nobody else writes to the workspace meanwhile. Its revision says whether somebody did; then
//! the batch starts afresh, as one that comes alone.

use std::sync::Arc;

use futures_util::future::join;
use sea_orm::{ColumnTrait, DatabaseBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tokio_util::task::AbortOnDropHandle;

use super::known::Known;
use super::ours::Ours;
use super::prepared::Prepared;
use super::transaction::discard;
use super::{ASSUMING_LINES, Events, Ingested, Landing, transaction};
use crate::model::{Instant, Line, NumberedLine, WorkspaceId};
use crate::store::entity::{event, support_case, workspace};
use crate::store::transaction::Transaction;
use crate::store::{Store, StoreError, reference};

/// Batches of one source on their way into a workspace. Each lands by itself, as [`Store::ingest`] has its good lines land.
pub struct Series {
    store: Store,
    workspace: WorkspaceId,
    now: Instant,
    ahead: Option<Ahead>,
}

/// A batch that has not landed yet.
struct Ahead {
    lines: Vec<NumberedLine>,
    events: Events,
    found: Found,
    /// What the source has brought up to this batch.
    ours: Option<Ours>,
}

/// What looking ahead has found.
enum Found {
    /// What is to be written, and what the next batch is laid over.
    Coming(Coming, Before),
    /// That nothing is.
    Same(Ingested),
    /// That the batch must be looked up in the transaction that writes it.
    Nothing,
}

/// A batch on its way into the database.
enum Coming {
    /// Nothing of it is written.
    Prepared(Box<Prepared>),
    /// What is new of it is being written.
    Begun(AbortOnDropHandle<Result<(Transaction, Prepared), StoreError>>),
}

/// What the next batch is laid over.
struct Before {
    row: workspace::Model,
    known: Arc<Known>,
}

impl Store {
    /// Begins to take in the batches of a source.
    pub fn series(&self, workspace: WorkspaceId, now: Instant) -> Series {
        Series { store: self.clone(), workspace, now, ahead: None }
    }
}

impl Series {
    /// Takes the next batch and writes the one before it meanwhile, however long the next one takes to come: says what that did, when
    /// there was one. To be called until there is none left: after a batch that is `None` nothing is on its way any more.
    ///
    /// # Errors
    /// When the database fails; then the batch before has not landed.
    pub async fn step(
        &mut self,
        next: impl Future<Output = Option<Vec<NumberedLine>>>,
    ) -> Result<Option<Ingested>, StoreError> {
        let Some(Ahead { lines, events, found, ours }) = self.ahead.take() else {
            self.ahead = self.look_ahead(next.await, None, None).await;
            return Ok(None);
        };
        let (landed, ahead) = match found {
            Found::Coming(coming, before) => {
                let preparing = async { self.look_ahead(next.await, Some(before), ours).await };
                join(self.land_unless_late(coming), preparing).await
            }
            Found::Same(ingested) => {
                let (is_same, next) = join(self.is_at(ingested.revision), next).await;
                let same = is_same.map(|is_same| is_same.then_some(ingested));
                (same, self.look_ahead(next, None, ours).await)
            }
            Found::Nothing => {
                let (landed, next) = join(self.land_alone(lines, events), next).await;
                let landed = landed?;
                let ours = ours.and_then(|ours| ours.after(landed.revision));
                self.ahead = self.look_ahead(next, None, ours).await;
                return Ok(Some(landed));
            }
        };
        match landed {
            Ok(Some(ingested)) => {
                self.ahead = ahead;
                discard(lines);
                return Ok(Some(ingested));
            }
            Ok(None) => tracing::debug!("somebody else has written to the workspace"),
            Err(StoreError::Duplicate(_)) => tracing::debug!("a batch has events that are there already"),
            Err(error) => return Err(error),
        }
        self.ahead = ahead.map(|ahead| Ahead { found: Found::Nothing, ours: None, ..ahead });
        self.land_alone(lines, Events::LookedUp).await.map(Some)
    }

    /// Looks a batch up and lays it, on another thread than the one that writes, unless that is better left until it is written. What
    /// fails will then fail again, or not.
    async fn look_ahead(
        &self,
        lines: Option<Vec<NumberedLine>>,
        before: Option<Before>,
        ours: Option<Ours>,
    ) -> Option<Ahead> {
        let lines = Arc::new(lines?);
        let events = if ASSUMING_LINES.contains(&lines.len()) { Events::Sampled } else { Events::LookedUp };
        let mut ahead = Ahead { lines: Vec::new(), events, found: Found::Nothing, ours: None };
        if !lines.iter().any(|line| matches!(line.line, Line::Erase(_))) {
            let scout = Scout { store: self.store.clone(), workspace: self.workspace.clone(), now: self.now };
            let of = Arc::clone(&lines);
            let finding = tokio::spawn(async move { scout.look(&of, before, ours, events).await });
            match AbortOnDropHandle::new(finding).await {
                Ok(Ok(found)) => ahead = found,
                Ok(Err(error)) => tracing::debug!(%error, "a batch could not be looked up ahead"),
                Err(error) => tracing::warn!(%error, "looking a batch up ahead has failed"),
            }
        }
        Some(Ahead { lines: Arc::unwrap_or_clone(lines), ..ahead })
    }

    /// Writes a batch; `None` when the workspace is no longer as it was looked up, or others are writing to it now.
    async fn land_unless_late(&self, coming: Coming) -> Result<Option<Ingested>, StoreError> {
        match coming {
            Coming::Prepared(prepared) => self.land_in(self.store.begin().await?, *prepared).await,
            Coming::Begun(beginning) => {
                let begun = beginning.await.map_err(|_| StoreError::Derivation)?;
                let landing = async { begun.map(|(transaction, prepared)| self.land_in(transaction, prepared))?.await };
                match landing.await {
                    Err(StoreError::Busy(_)) => Ok(None),
                    landed => landed,
                }
            }
        }
    }

    async fn land_in(&self, transaction: Transaction, prepared: Prepared) -> Result<Option<Ingested>, StoreError> {
        let row = transaction::lock(&transaction, &self.workspace, self.now).await?;
        if row.revision != prepared.row.revision {
            transaction.rollback().await?;
            return Ok(None);
        }
        self.store.land(transaction, prepared).await.map(Some)
    }

    async fn land_alone(&self, lines: Vec<NumberedLine>, events: Events) -> Result<Ingested, StoreError> {
        self.store.ingest_by(&self.workspace, lines, Landing::EachGood, self.now, events).await
    }

    /// Indicates the workspace has that revision still.
    async fn is_at(&self, revision: i64) -> Result<bool, StoreError> {
        let row = workspace::Entity::find_by_id(self.workspace.0.as_str()).one(&self.store.reader).await?;
        Ok(row.is_some_and(|row| row.revision == revision))
    }
}

/// Looks batches up while others are being written.
struct Scout {
    store: Store,
    workspace: WorkspaceId,
    now: Instant,
}

impl Scout {
    /// What is to be written of a batch, and which of its events are to be looked up when that must be found again.
    async fn look(
        &self,
        lines: &Arc<Vec<NumberedLine>>,
        before: Option<Before>,
        ours: Option<Ours>,
        events: Events,
    ) -> Result<Ahead, StoreError> {
        let (row, mut known, ours) = match before {
            Some(Before { row, known }) => {
                let ours = ours.and_then(|ours| ours.after(row.revision));
                (row, Known::after(known).ok_or(StoreError::Derivation)?, ours)
            }
            None => {
                let found = workspace::Entity::find_by_id(self.workspace.0.as_str()).one(&self.store.reader).await?;
                let row = found.unwrap_or_else(|| transaction::new_row(&self.workspace, self.now));
                let ours = self.ours_at(row.revision, ours).await?;
                let known = Known::new(reference::read(&self.store.reader, &row).await?);
                (row, known, ours)
            }
        };
        let ours = ours.map(Arc::new);
        known.ours.clone_from(&ours);
        let (found, events) = self.find(lines, row, known, events).await?;
        let ours = ours.and_then(Arc::into_inner).and_then(|ours| ours.with(lines));
        Ok(Ahead { lines: Vec::new(), events, found, ours })
    }

    /// What the source alone has brought to the workspace up to a revision, if that is known.
    async fn ours_at(&self, revision: i64, ours: Option<Ours>) -> Result<Option<Ours>, StoreError> {
        if let Some(ours) = ours {
            return Ok((ours.revision == revision).then_some(ours));
        }
        // In the order of an index, or all of the other workspaces might be read to find none of this one.
        let (db, workspace) = (&self.store.reader, self.workspace.0.as_str());
        let cases = support_case::Entity::find().select_only().column(support_case::Column::Id);
        let cases = cases.filter(support_case::Column::Workspace.eq(workspace)).order_by_asc(support_case::Column::Id);
        let events = event::Entity::find().select_only().column(event::Column::Id);
        let events = events.filter(event::Column::Workspace.eq(workspace)).order_by_asc(event::Column::Kind);
        let case: Option<String> = cases.into_tuple().one(db).await?;
        let event: Option<String> = events.order_by_asc(event::Column::Id).into_tuple().one(db).await?;
        Ok((case.is_none() && event.is_none()).then(|| Ours::at(revision)))
    }

    async fn find(
        &self,
        lines: &Arc<Vec<NumberedLine>>,
        mut row: workspace::Model,
        known: Known,
        events: Events,
    ) -> Result<(Found, Events), StoreError> {
        let db = &self.store.reader;
        let (known, laid) = known.take(db, &row.id, Arc::clone(lines), events).await?;
        if known.takes_events_for_new && !laid.rejects.is_empty() {
            return Ok((Found::Nothing, Events::LookedUp));
        }
        if known.has_erased || known.changes_rules() {
            return Ok((Found::Nothing, events));
        }
        if !known.is_dirty() {
            return Ok((Found::Same(Ingested::same(laid, &row)), events));
        }
        row.revision += 1;
        let prepared = Prepared::of(db, known, row, laid, self.now).await?;
        let left = Before { row: prepared.row.clone(), known: Arc::clone(&prepared.known) };
        let coming = if db.get_database_backend() == DatabaseBackend::Postgres {
            let store = self.store.clone();
            Coming::Begun(AbortOnDropHandle::new(tokio::spawn(async move { prepared.begin(&store).await })))
        } else {
            Coming::Prepared(Box::new(prepared))
        };
        Ok((Found::Coming(coming, left), events))
    }
}
