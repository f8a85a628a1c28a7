//! Queues.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::context::{Ask, ask};
use super::directory_by::DirectoryBy;
use super::error::shown;
use super::node::{Kind, global_id, source_id};
use super::page::{self, Connection};
use super::scope::{Scoped, scoped_object};
use super::team::Team;
use crate::model::{self, FilterAttribute};

/// A queue.
pub struct Queue(pub Arc<model::Queue>);

impl Queue {
    /// The queue of an id, if there is an id and such a queue.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, id: Option<&String>) -> async_graphql::Result<Option<Queue>> {
        match id {
            Some(id) => Ok(ask.load.queues.find(id.clone()).await?.map(Queue)),
            None => Ok(None),
        }
    }
}

impl Scoped for Queue {
    fn scope(&self) -> (FilterAttribute, &str) {
        (FilterAttribute::Queue, &self.0.id)
    }
}

scoped_object! {
    /// A queue that cases wait in
    Queue {
        /// Global id
        pub async fn id(&self) -> ID {
            global_id(Kind::Queue, &self.0.id)
        }
        /// The source's id
        async fn external_id(&self) -> &str {
            &self.0.id
        }
        /// Display name
        async fn name(&self) -> &str {
            &self.0.name
        }
        /// Team that works on it; null when the source names none
        async fn team(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Team>> {
            Team::find(ask(ctx)?, self.0.team.as_ref()).await
        }
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct QueueQuery;

#[Object]
impl QueueQuery {
    /// A queue; null when there is none
    async fn queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one")] by: DirectoryBy,
    ) -> async_graphql::Result<Option<Queue>> {
        let ask = ask(ctx)?;
        let id = match by {
            DirectoryBy::Id(id) => source_id(Kind::Queue, &id, "by.id").map_err(|error| shown(&error))?,
            DirectoryBy::ExternalId(id) => id,
            DirectoryBy::Name(name) => {
                let found = ask.lookups.queues_by_name(std::slice::from_ref(&name)).await;
                let found = found.map_err(|error| shown(&error))?.remove(&name);
                return Ok(found.map(|row| Queue(Arc::new(row))));
            }
        };
        Ok(ask.load.queues.find(id).await?.map(Queue))
    }

    /// Queues by name
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn queues(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Queue>>> {
        let window = page::window(first, after, last, before)?;
        let page = ask(ctx)?.lookups.queues_page(&window).await.map_err(|error| shown(&error))?;
        let object = |row| Queue(Arc::new(row));
        Ok(Some(Connection::new(page, object, |lookups| async move { lookups.count_queues().await })))
    }
}
