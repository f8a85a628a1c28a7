//! Teams.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::business_hours::BusinessHours;
use super::context::{Ask, ask};
use super::directory_by::DirectoryBy;
use super::error::shown;
use super::node::{Kind, global_id, source_id};
use super::page::{self, Connection};
use super::scope::{Scoped, scoped_object};
use crate::model::{self, FilterAttribute};

/// A team.
pub struct Team(pub Arc<model::Team>);

impl Team {
    /// The team of an id, if there is an id and such a team.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, id: Option<&String>) -> async_graphql::Result<Option<Team>> {
        match id {
            Some(id) => Ok(ask.load.teams.find(id.clone()).await?.map(Team)),
            None => Ok(None),
        }
    }
}

impl Scoped for Team {
    fn scope(&self) -> (FilterAttribute, &str) {
        (FilterAttribute::Team, &self.0.id)
    }
}

scoped_object! {
    /// A team of agents
    Team {
        /// Global id
        pub async fn id(&self) -> ID {
            global_id(Kind::Team, &self.0.id)
        }
        /// The source's id
        async fn external_id(&self) -> &str {
            &self.0.id
        }
        /// Display name
        async fn name(&self) -> &str {
            &self.0.name
        }
        /// Schedule by which business time of its cases counts, in the version in force now; null: the workspace's
        async fn business_hours(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<BusinessHours>> {
            match &self.0.business_hours {
                Some(id) => BusinessHours::in_force(ask(ctx)?, id).await,
                None => Ok(None),
            }
        }
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct TeamQuery;

#[Object]
impl TeamQuery {
    /// A team; null when there is none
    async fn team(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one")] by: DirectoryBy,
    ) -> async_graphql::Result<Option<Team>> {
        let ask = ask(ctx)?;
        let id = match by {
            DirectoryBy::Id(id) => source_id(Kind::Team, &id, "by.id").map_err(|error| shown(&error))?,
            DirectoryBy::ExternalId(id) => id,
            DirectoryBy::Name(name) => {
                let found = ask.lookups.teams_by_name(std::slice::from_ref(&name)).await;
                let found = found.map_err(|error| shown(&error))?.remove(&name);
                return Ok(found.map(|row| Team(Arc::new(row))));
            }
        };
        Ok(ask.load.teams.find(id).await?.map(Team))
    }

    /// Teams by name
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn teams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Team>>> {
        let window = page::window(first, after, last, before)?;
        let page = ask(ctx)?.lookups.teams_page(&window).await.map_err(|error| shown(&error))?;
        let object = |row| Team(Arc::new(row));
        Ok(Some(Connection::new(page, object, |lookups| async move { lookups.count_teams().await })))
    }
}
