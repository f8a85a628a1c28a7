//! What the graph tells by itself.

use async_graphql::{Context, SimpleObject, Subscription};
use futures_util::{Stream, StreamExt};

use super::context::ask;
use super::error::shown;
use super::scalars::{DateTime, Long};
use crate::app::revisions;

/// A state of the workspace
#[derive(SimpleObject)]
pub struct Revision {
    /// Number of the last change; 0 before the first
    revision: Long,
    /// When it was made; null before the first
    as_of: Option<DateTime>,
}

impl From<revisions::Revision> for Revision {
    fn from(of: revisions::Revision) -> Revision {
        Revision { revision: Long(of.revision), as_of: of.as_of.map(DateTime) }
    }
}

/// What the graph tells by itself.
pub struct Subscription;

/// What is told by itself, as long as one listens
#[Subscription]
impl Subscription {
    /// The state of the workspace, at once and after every change, so that a page can ask again; several changes close together are told
    /// as one
    async fn revision(&self, ctx: &Context<'_>) -> async_graphql::Result<impl Stream<Item = Revision> + use<>> {
        let revisions = ask(ctx)?.lookups.revisions().await.map_err(|error| shown(&error))?;
        Ok(revisions.map(Revision::from))
    }
}
