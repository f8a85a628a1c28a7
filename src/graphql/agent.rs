//! Agents.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject};

use super::context::{Ask, ask};
use super::enums::{AgentKind, OrderDirection, PresenceStatus};
use super::error::shown;
use super::node::{Kind, global_id, source_id};
use super::page::{self, Connection};
use super::scalars::{DateTime, Long};
use super::scope::{Scoped, scoped_object};
use super::team::Team;
use crate::model::{self, FilterAttribute, Order};

/// An agent.
pub struct Agent(pub Arc<model::Agent>);

impl Agent {
    /// The agent of an id, if there is an id and such an agent.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, id: Option<&String>) -> async_graphql::Result<Option<Agent>> {
        match id {
            Some(id) => Ok(ask.load.agents.find(id.clone()).await?.map(Agent)),
            None => Ok(None),
        }
    }
}

impl Scoped for Agent {
    fn scope(&self) -> (FilterAttribute, &str) {
        (FilterAttribute::Agent, &self.0.id)
    }
}

scoped_object! {
    /// Somebody, or a program, answering cases
    Agent {
        /// Global id
        pub async fn id(&self) -> ID {
            global_id(Kind::Agent, &self.0.id)
        }
        /// The number people quote; given by the source, or assigned once from 2^40 up
        async fn number(&self) -> Long {
            Long(self.0.number)
        }
        /// The source's id
        async fn external_id(&self) -> &str {
            &self.0.id
        }
        /// Display name
        async fn name(&self) -> &str {
            &self.0.name
        }
        /// Login name; null when the source does not say
        async fn username(&self) -> Option<&str> {
            self.0.username.as_deref()
        }
        /// Human or bot
        async fn kind(&self) -> AgentKind {
            self.0.kind.into()
        }
        /// Indicates the agent still works here
        async fn is_active(&self) -> bool {
            self.0.is_active
        }
        /// Whether the agent can be reached now; offline when the source never said
        async fn presence(&self, ctx: &Context<'_>) -> async_graphql::Result<PresenceStatus> {
            let spell = ask(ctx)?.load.presence.find(self.0.id.clone()).await?;
            Ok(spell.map_or(PresenceStatus::Offline, |spell| spell.status.into()))
        }
        /// Since when; null when the source never said
        async fn presence_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
            let spell = ask(ctx)?.load.presence.find(self.0.id.clone()).await?;
            Ok(spell.map(|spell| DateTime(spell.from_at)))
        }
        /// Teams the agent belongs to
        async fn teams(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Team>> {
            Ok(ask(ctx)?.load.teams.find_all(&self.0.teams).await?.into_iter().map(Team).collect())
        }
    }
}

/// Which agent; exactly one field is given
#[derive(Clone, Debug, OneofObject)]
pub enum AgentBy {
    /// Global id
    Id(ID),
    /// The source's id
    ExternalId(String),
    /// Login name
    Username(String),
    /// Number
    Number(Long),
}

/// What agents can be ordered by
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::AgentOrderField")]
pub enum AgentOrderField {
    /// Display name
    Name,
    /// Number
    Number,
}

/// Order of agents
#[derive(Clone, Copy, Debug, InputObject)]
pub struct AgentOrder {
    /// What they are ordered by, then by id
    field: AgentOrderField,
    /// Which way
    direction: OrderDirection,
}

/// Fields of the root.
#[derive(Default)]
pub struct AgentQuery;

#[Object]
impl AgentQuery {
    /// An agent; null when there is none
    async fn agent(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one")] by: AgentBy,
    ) -> async_graphql::Result<Option<Agent>> {
        let ask = ask(ctx)?;
        let found = match by {
            AgentBy::Id(id) => {
                let id = source_id(Kind::Agent, &id, "by.id").map_err(|error| shown(&error))?;
                return Agent::find(ask, Some(&id)).await;
            }
            AgentBy::ExternalId(id) => return Agent::find(ask, Some(&id)).await,
            AgentBy::Username(name) => {
                let found = ask.lookups.agents_by_username(std::slice::from_ref(&name)).await;
                found.map(|mut found| found.remove(&name))
            }
            AgentBy::Number(Long(number)) => {
                ask.lookups.agents_by_number(&[number]).await.map(|mut found| found.remove(&number))
            }
        };
        Ok(found.map_err(|error| shown(&error))?.map(|agent| Agent(Arc::new(agent))))
    }

    /// Agents
    #[expect(clippy::too_many_arguments, reason = "the field has them")]
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn agents(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Text that name, login name, the source's id or number contain, whatever its case; null: any"
        )]
        search: Option<String>,
        #[graphql(desc = "Order; null: by name")] order_by: Option<AgentOrder>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Agent>>> {
        let window = page::window(first, after, last, before)?;
        let by_name = AgentOrder { field: AgentOrderField::Name, direction: OrderDirection::Asc };
        let order = order_by.unwrap_or(by_name);
        let order = Order { field: order.field.into(), direction: order.direction.into() };
        let page = ask(ctx)?.lookups.agents_page(search.as_deref(), order, &window).await;
        let page = page.map_err(|error| shown(&error))?;
        let object = |agent| Agent(Arc::new(agent));
        Ok(Some(Connection::new(page, object, move |lookups| {
            let search = search.clone();
            async move { lookups.count_agents(search.as_deref()).await }
        })))
    }
}
