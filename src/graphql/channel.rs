//! Channels.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::context::{Ask, ask};
use super::error::shown;
use super::node::{Kind, global_id};
use super::scope::{Scoped, scoped_object};
use crate::model::{self, FilterAttribute};

/// A channel.
pub struct Channel(pub Arc<model::Channel>);

impl Channel {
    /// The channel of a key; one that nobody described is labelled by its key.
    ///
    /// # Errors
    /// As the loader.
    pub async fn get(ask: &Ask, id: &str) -> async_graphql::Result<Channel> {
        let found = ask.load.channels.find(id.to_owned()).await?;
        Ok(Channel(found.unwrap_or_else(|| Arc::new(model::Channel::named(id)))))
    }
}

impl Scoped for Channel {
    fn scope(&self) -> (FilterAttribute, &str) {
        (FilterAttribute::Channel, &self.0.id)
    }
}

scoped_object! {
    /// A way by which customers and the organisation reach each other
    Channel {
        /// Global id
        pub async fn id(&self) -> ID {
            global_id(Kind::Channel, &self.0.id)
        }
        /// The source's id, such as email; what filters take
        async fn external_id(&self) -> &str {
            &self.0.id
        }
        /// Display name
        async fn label(&self) -> &str {
            &self.0.label
        }
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct ChannelQuery;

#[Object]
impl ChannelQuery {
    /// Every channel, by the source's id
    async fn channels(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<Channel>>> {
        let channels = ask(ctx)?.lookups.all_channels().await.map_err(|error| shown(&error))?;
        Ok(Some(channels.into_iter().map(|channel| Channel(Arc::new(channel))).collect()))
    }
}
