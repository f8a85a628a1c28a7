//! The lock that writers of one workspace take, and work that would keep other tasks waiting.

use std::task::{Poll, ready};

use futures_util::stream;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, QueryFilter};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::model::{FIRST_ASSIGNED_NUMBER, Instant, Workspace, WorkspaceId};
use crate::store::entity::workspace;
use crate::store::transaction::{Piece, Transaction};
use crate::store::{Store, StoreError};

/// Pieces made ahead of the one that is being written: about those of a batch of an import, so that all of them can be ready when their
/// turn comes.
const AHEAD: usize = 512;

impl Store {
    /// Empties SQLite's write-ahead log, in which erased texts would else stay until it is next overwritten. What it cannot do now,
    /// because somebody is reading, is done with the next checkpoint.
    pub(super) async fn forget_log(&self) {
        if self.writer.get_database_backend() == DatabaseBackend::Sqlite
            && let Err(error) = self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await
        {
            tracing::warn!(%error, "the write-ahead log still holds what was erased");
        }
    }
}

/// Takes the workspace's row, made when it is not there, with the revision that this transaction makes. Others who write to the
/// workspace wait for the end of this transaction.
pub async fn lock(
    db: &impl ConnectionTrait,
    workspace: &WorkspaceId,
    now: Instant,
) -> Result<workspace::Model, StoreError> {
    let new = new_row(workspace, now);
    let nothing = OnConflict::column(workspace::Column::Id).do_nothing().to_owned();
    workspace::Entity::insert(new.clone().into_active_model()).on_conflict(nothing).exec_without_returning(db).await?;
    workspace::Entity::update_many()
        .col_expr(workspace::Column::Revision, Expr::col(workspace::Column::Revision).add(1))
        .filter(workspace::Column::Id.eq(workspace.0.as_str()))
        .exec(db)
        .await?;
    let row = workspace::Entity::find_by_id(workspace.0.as_str()).one(db).await?;
    Ok(row.unwrap_or(new))
}

/// The row of a workspace that is not there.
pub fn new_row(workspace: &WorkspaceId, now: Instant) -> workspace::Model {
    let settings = Workspace::named(&workspace.0);
    workspace::Model {
        id: settings.id,
        name: settings.name,
        timezone: settings.timezone,
        business_hours: settings.business_hours,
        abandon_after_ms: settings.abandon_after_ms,
        ignore_bot_messages: settings.ignore_bot_messages,
        revision: 0,
        next_case_number: FIRST_ASSIGNED_NUMBER,
        next_agent_number: FIRST_ASSIGNED_NUMBER,
        rederive_after: None,
        as_of: now.ms(),
    }
}

/// Runs work on a thread where it keeps nobody waiting.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Derivation)
}

/// Gives up what takes a while to free, where that keeps nobody waiting.
pub fn discard<T: Send + 'static>(large: T) {
    drop(tokio::task::spawn_blocking(move || drop(large)));
}

/// When a piece may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// At any time: it adds rows of keys that nobody has.
    Any,
    /// When the workspace's row is held: it takes the place of what is there.
    Own,
}

/// Where pieces go that are to be written.
#[derive(Clone)]
pub struct Pen(mpsc::Sender<(Turn, Piece)>);

impl Pen {
    /// Puts pieces down, in order; waits while enough are waiting. Once writing has failed there is nobody to take them.
    pub fn put(&self, pieces: impl IntoIterator<Item = Piece>) {
        self.put_in(Turn::Own, pieces);
    }

    /// Puts pieces down that add rows of keys that nobody has: they may be written before what others write is known.
    pub fn put_new(&self, pieces: impl IntoIterator<Item = Piece>) {
        self.put_in(Turn::Any, pieces);
    }

    fn put_in(&self, turn: Turn, pieces: impl IntoIterator<Item = Piece>) {
        for piece in pieces {
            if self.0.blocking_send((turn, piece.prepared())).is_err() {
                return;
            }
        }
    }

    /// Indicates nobody will take a further piece.
    pub fn is_left(&self) -> bool {
        self.0.is_closed()
    }
}

/// Pieces that are being made, on threads of their own, whether or not somebody writes them yet. Dropping it ends the making.
pub enum Making<T> {
    /// Some are still to come.
    Going {
        /// Those made.
        pieces: mpsc::Receiver<(Turn, Piece)>,
        /// What making them gives.
        made: JoinHandle<Result<T, StoreError>>,
    },
    /// All are made, and written but for some.
    Made(Vec<Piece>, T),
}

impl<T: Send + 'static> Making<T> {
    /// Begins to make what `make` puts down.
    pub fn begin(make: impl FnOnce(&Pen) -> Result<T, StoreError> + Send + 'static) -> Making<T> {
        let (sender, pieces) = mpsc::channel(AHEAD);
        Making::Going { pieces, made: tokio::task::spawn_blocking(move || make(&Pen(sender))) }
    }

    /// Writes those pieces, as they come, that need not wait for their turn.
    pub async fn write_new(self, db: &Transaction) -> Result<Making<T>, StoreError> {
        let Making::Going { mut pieces, made } = self else { return Ok(self) };
        let mut left = Vec::new();
        let new = stream::poll_fn(|context| {
            loop {
                match ready!(pieces.poll_recv(context)) {
                    Some((Turn::Own, piece)) => left.push(piece),
                    new => return Poll::Ready(new.map(|(_, piece)| piece)),
                }
            }
        });
        db.write_all(new).await?;
        Ok(Making::Made(left, made.await.map_err(|_| StoreError::Derivation)??))
    }

    /// Writes the pieces as they come; gives what `make` gives.
    pub async fn write(self, db: &Transaction) -> Result<T, StoreError> {
        match self {
            Making::Going { mut pieces, made } => {
                let all = stream::poll_fn(|context| pieces.poll_recv(context).map(|next| next.map(|(_, piece)| piece)));
                db.write_all(all).await?;
                made.await.map_err(|_| StoreError::Derivation)?
            }
            Making::Made(left, made) => {
                db.write_all(stream::iter(left)).await?;
                Ok(made)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn making_ends_when_nobody_wants_what_is_made() {
        let (ended, end) = tokio::sync::oneshot::channel();
        let making = Making::begin(move |pen| {
            let sql = || Piece::Copy { sql: String::new(), rows: Vec::new() };
            while !pen.is_left() {
                pen.put([sql()]);
            }
            ended.send(()).map_err(|()| StoreError::Derivation)
        });
        drop(making);
        assert!(tokio::time::timeout(Duration::from_secs(60), end).await.unwrap().is_ok());
    }
}
