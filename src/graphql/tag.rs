//! Tags.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::context::ask;
use super::error::shown;
use super::node::{Kind, global_id};
use super::page::{self, Connection};
use super::scope::{Scoped, scoped_object};
use crate::model::{self, FilterAttribute};

/// A tag.
pub struct Tag(pub Arc<model::Tag>);

impl Scoped for Tag {
    fn scope(&self) -> (FilterAttribute, &str) {
        (FilterAttribute::Tag, &self.0.id)
    }
}

scoped_object! {
    /// A label put on cases
    Tag {
        /// Global id
        pub async fn id(&self) -> ID {
            global_id(Kind::Tag, &self.0.id)
        }
        /// The source's id
        async fn external_id(&self) -> &str {
            &self.0.id
        }
        /// Display name
        async fn name(&self) -> &str {
            &self.0.name
        }
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct TagQuery;

#[Object]
impl TagQuery {
    /// Tags by name
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Tag>>> {
        let window = page::window(first, after, last, before)?;
        let page = ask(ctx)?.lookups.tags_page(&window).await.map_err(|error| shown(&error))?;
        let object = |row| Tag(Arc::new(row));
        Ok(Some(Connection::new(page, object, |lookups| async move { lookups.count_tags().await })))
    }
}
