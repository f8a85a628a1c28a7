//! Contact points.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::channel::Channel;
use super::context::ask;
use super::error::shown;
use super::node::{Kind, global_id};
use super::page::{self, Connection};
use crate::model;

/// A contact point.
pub struct ContactPoint(pub Arc<model::ContactPoint>);

/// An address of the organisation that customers write to or call
#[Object]
impl ContactPoint {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::ContactPoint, &self.0.id)
    }
    /// The source's id
    async fn external_id(&self) -> &str {
        &self.0.id
    }
    /// Display name
    async fn label(&self) -> &str {
        &self.0.label
    }
    /// The address or number itself; null when the source does not say
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }
    /// Channel it belongs to; null when the source does not say
    async fn channel(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Channel>> {
        match &self.0.channel {
            Some(id) => Channel::get(ask(ctx)?, id).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct ContactPointQuery;

#[Object]
impl ContactPointQuery {
    /// Contact points by label
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn contact_points(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<ContactPoint>>> {
        let window = page::window(first, after, last, before)?;
        let page = ask(ctx)?.lookups.contact_points_page(&window).await.map_err(|error| shown(&error))?;
        let object = |row| ContactPoint(Arc::new(row));
        Ok(Some(Connection::new(page, object, |lookups| async move { lookups.count_contact_points().await })))
    }
}
