//! The log of changes: which cases and agents each revision touched, written with the revision, so that a picture of the workspace can
//! follow without being redrawn. It is kept for some thousands of revisions.
//!
//! Ids of what was erased stay in it no longer than in the tombstones, which keep them for good.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use super::StoreError;
use super::bulk;
use super::entity::{change, workspace};
use super::picture::SnapshotReader;
use super::row::{from_json, to_json};
use super::transaction::Transaction;
use crate::model::Instant;

/// Revisions whose changes are kept.
const KEPT: i64 = 4_096;
/// Older ones are taken out once in so many revisions.
const PRUNED_EACH: i64 = 64;
/// A revision that touches more is not listed: drawing anew takes no longer.
const LISTED: usize = 100_000;

/// A revision of a workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// Its number; 0 before the first.
    pub revision: i64,
    /// When it was made.
    pub as_of: Instant,
    /// Tells it from another of the same number; `None` when that is not known.
    pub mark: Option<i64>,
}

/// What was touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Cases whose rows were written or removed.
    pub cases: BTreeSet<String>,
    /// Agents whose presence, teams or kind were.
    pub agents: BTreeSet<String>,
    /// Indicates that something was erased.
    pub erases: bool,
}

/// Notes what a revision touched, in the transaction that makes it.
pub async fn note<'a>(
    db: &Transaction,
    (workspace, revision): (&str, i64),
    cases: &[String],
    agents: impl IntoIterator<Item = &'a str>,
    erases: bool,
) -> Result<(), StoreError> {
    let agents: Vec<&str> = agents.into_iter().collect();
    let touched = cases.len() + agents.len();
    let is_listed = touched <= LISTED;
    let row = change::Model {
        workspace: workspace.to_owned(),
        revision,
        mark: rand::random(),
        cases: is_listed.then(|| to_json(&cases)).transpose()?,
        agents: is_listed.then(|| to_json(&agents)).transpose()?,
        touched: i64::try_from(touched).unwrap_or(i64::MAX),
        erases,
    };
    bulk::upsert::<change::Entity>(db, vec![row]).await?;
    if revision % PRUNED_EACH == 0 {
        change::Entity::delete_many()
            .filter(change::Column::Workspace.eq(workspace))
            .filter(change::Column::Revision.lte(revision - KEPT))
            .exec(db)
            .await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Sum {
    revisions: i64,
    touched: Option<i64>,
}

impl SnapshotReader {
    /// The revision that is read.
    pub async fn freshness(&self) -> Result<Freshness, StoreError> {
        let row = workspace::Entity::find_by_id(self.workspace())
            .select_only()
            .columns([workspace::Column::Revision, workspace::Column::AsOf])
            .into_tuple::<(i64, i64)>();
        let Some((revision, as_of)) = row.one(self.db()).await? else { return Ok(Freshness::default()) };
        let mark = self.mark(revision).await?;
        Ok(Freshness { revision, as_of: Instant::from_ms(as_of), mark })
    }

    async fn mark(&self, revision: i64) -> Result<Option<i64>, StoreError> {
        let row = change::Entity::find_by_id((self.workspace().to_owned(), revision))
            .select_only()
            .column(change::Column::Mark)
            .into_tuple::<i64>();
        Ok(row.one(self.db()).await?)
    }

    /// What the revisions after one touched, up to the one that is read; `None` when that is not known, or more than `limit` ids, so that
    /// it is better to draw anew.
    pub async fn changes_since(&self, since: &Freshness, limit: i64) -> Result<Option<Touched>, StoreError> {
        let now = self.freshness().await?.revision;
        // A database that was put back to an earlier state, and went on from there, is no continuation.
        let is_known = since.revision == 0 || (since.mark.is_some() && self.mark(since.revision).await? == since.mark);
        if since.revision > now || !is_known {
            return Ok(None);
        }
        let changes = change::Entity::find()
            .filter(change::Column::Workspace.eq(self.workspace()))
            .filter(change::Column::Revision.gt(since.revision));
        let sum = changes.clone().select_only().expr_as(Expr::col(change::Column::Revision).count(), "revisions");
        // Of whole numbers PostgreSQL makes the sum a decimal.
        let sum = sum.expr_as(Expr::col(change::Column::Touched).sum().cast_as("bigint"), "touched");
        let Some(Sum { revisions, touched }) = sum.into_model::<Sum>().one(self.db()).await? else { return Ok(None) };
        if revisions != now - since.revision || touched.unwrap_or_default() > limit {
            return Ok(None);
        }
        let mut all = Touched::default();
        for row in changes.all(self.db()).await? {
            let (Some(cases), Some(agents)) = (row.cases, row.agents) else { return Ok(None) };
            all.cases.extend(from_json::<Vec<String>>("change.cases", &cases)?);
            all.agents.extend(from_json::<Vec<String>>("change.agents", &agents)?);
            all.erases |= row.erases;
        }
        Ok(Some(all))
    }
}

#[cfg(test)]
mod tests;
