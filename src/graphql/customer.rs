//! Customers.

use std::sync::Arc;

use async_graphql::{ID, Object};

use super::context::Ask;
use super::node::{Kind, global_id};
use super::scalars::DateTime;
use crate::model;

/// A customer.
pub struct Customer(pub Arc<model::Customer>);

impl Customer {
    /// The customer of an id, if there is an id and such a customer.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, id: Option<&String>) -> async_graphql::Result<Option<Customer>> {
        match id {
            Some(id) => Ok(ask.load.customers.find(id.clone()).await?.map(Customer)),
            None => Ok(None),
        }
    }
}

/// Somebody who asks for support
#[Object]
impl Customer {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::Customer, &self.0.id)
    }
    /// The source's id
    async fn external_id(&self) -> &str {
        &self.0.id
    }
    /// Display name; null when unknown or erased
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
    /// When the customer first came; null when the source does not say
    async fn created_at(&self) -> Option<DateTime> {
        self.0.created_at.map(DateTime)
    }
}
