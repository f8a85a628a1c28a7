//! People of either side, and who did something.

use async_graphql::{Context, Object, Union};

use super::agent::Agent;
use super::context::{Ask, ask};
use super::customer::Customer;
use super::enums::ActorKind;
use crate::model;
use crate::record;
use crate::record::case::PersonKind;

/// An agent or a customer
#[derive(Union)]
#[allow(missing_docs, reason = "each is the type of its name")]
pub enum Person {
    Agent(Agent),
    Customer(Customer),
}

impl Person {
    /// The person that a case row names.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, person: Option<&record::Person>) -> async_graphql::Result<Option<Person>> {
        let Some(person) = person else { return Ok(None) };
        Ok(match person.kind {
            PersonKind::Agent => Agent::find(ask, Some(&person.id)).await?.map(Person::from),
            PersonKind::Customer => Customer::find(ask, Some(&person.id)).await?.map(Person::from),
        })
    }
}

/// A party to an event.
pub struct Actor(pub model::Actor);

/// Who did something
#[Object]
impl Actor {
    /// What kind of party, as the source says; an agent whose own kind is bot counts as a bot whatever this says
    async fn kind(&self) -> ActorKind {
        self.0.kind.into()
    }
    /// The agent or customer; null when the source does not say who
    async fn person(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Person>> {
        let (ask, id) = (ask(ctx)?, self.0.id.as_ref());
        Ok(match self.0.kind {
            model::ActorKind::Customer => Customer::find(ask, id).await?.map(Person::from),
            model::ActorKind::Agent | model::ActorKind::Bot => Agent::find(ask, id).await?.map(Person::from),
            model::ActorKind::System => None,
        })
    }
}
