//! Values that can be filtered by: those that rows which the viewer sees have.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use futures_util::future::try_join_all;

use super::context::{Ask, ask};
use super::dimension::{labels, subject};
use super::error::shown;
use super::filter::FilterAttribute;
use super::metric::{answer_of, whole};
use super::node::{Kind, Node, global_id};
use super::page::{self, Connection};
use super::question::shown_value;
use crate::app::Error;
use crate::metric::values;
use crate::model::case_question::search_text;
use crate::model::{self, FieldError, Window};

/// Name of the order of values: by label, then value.
const ORDER: &str = "filter_values";

/// A value of an attribute.
#[derive(Clone)]
pub struct FilterValue {
    attribute: model::FilterAttribute,
    value: Arc<str>,
    label: String,
}

/// A value that rows can be filtered by
#[Object]
impl FilterValue {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::FilterValue, &format!("{}:{}", self.attribute, self.value))
    }
    /// The value, as filters take it
    async fn value(&self) -> String {
        shown_value(self.attribute, &self.value)
    }
    /// What it is called; null when that is the value itself
    async fn label(&self) -> Option<&str> {
        (self.label != *self.value).then_some(&*self.label)
    }
    /// The agent, team, queue, tag, channel, contact point, policy or customer behind it; null when there is none
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Node>> {
        subject(ask(ctx)?, self.attribute, &self.value).await
    }
}

impl FilterValue {
    /// The value that the key of a global id names, if rows that the viewer sees have it.
    ///
    /// # Errors
    /// As the loaders.
    pub async fn find(ask: &Ask, key: &str) -> async_graphql::Result<Option<FilterValue>> {
        let Some((attribute, value)) = key.split_once(':') else { return Ok(None) };
        let Some(attribute) = model::FilterAttribute::from_word(attribute) else { return Ok(None) };
        Ok(all(ask, attribute).await?.into_iter().find(|found| *found.value == *value))
    }

    fn keys(&self) -> (String, String) {
        (self.label.to_lowercase(), self.value.to_string())
    }
}

/// Every value of an attribute that rows which the viewer sees have, by label. Agents, teams and queues may be those of a moment: who
/// resolved a case that another has now.
async fn all(ask: &Ask, attribute: model::FilterAttribute) -> async_graphql::Result<Vec<FilterValue>> {
    let fixed = values::fixed(attribute);
    let is_fixed = fixed.is_some();
    let found = match fixed {
        Some(found) => found,
        None => used(ask, attribute).await?,
    };
    let values: Vec<Option<Arc<str>>> = found.into_iter().map(Some).collect();
    let names = labels(ask, attribute, &values).await?;
    let value = |value: Option<Arc<str>>| {
        let label = names.get(&value).cloned().unwrap_or_default();
        value.map(|value| FilterValue { attribute, value, label })
    };
    let mut found: Vec<FilterValue> = values.into_iter().filter_map(value).collect();
    if !is_fixed {
        found.sort_by_key(FilterValue::keys);
    }
    Ok(found)
}

async fn used(ask: &Ask, attribute: model::FilterAttribute) -> async_graphql::Result<Vec<Arc<str>>> {
    let asks = values::asks(attribute, ask.lookups.now()).map_err(|error| shown(&error.into()))?;
    let seen = asks.into_iter().filter(|of| ask.lookups.may_see(of.kind));
    let found = try_join_all(seen.map(|of| answer_of(ask, of))).await?;
    let answers = found.iter().map(|found| whole(found)).collect::<Result<Vec<_>, _>>()?;
    Ok(values::of(answers))
}

/// Fields of the root.
#[derive(Default)]
pub struct FilterValueQuery;

#[Object]
impl FilterValueQuery {
    /// Values that rows can be filtered by, by label: those that rows which the viewer sees have
    #[expect(clippy::too_many_arguments, reason = "the field has them")]
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn filter_values(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which attribute")] attribute: FilterAttribute,
        #[graphql(desc = "Only values whose label or value contains it, whatever its case; at most 200 characters")]
        search: Option<String>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<FilterValue>>> {
        let refused = |error: FieldError| shown(&Error::from(error));
        let window = page::window(first, after, last, before)?;
        let search = search_text(search.as_deref()).map_err(refused)?;
        let mut values = all(ask(ctx)?, attribute.into()).await?;
        if let Some(search) = search {
            values.retain(|of| of.label.to_lowercase().contains(&search) || of.value.to_lowercase().contains(&search));
        }
        page_of(values, &window).map(Some).map_err(refused)
    }
}

fn page_of(values: Vec<FilterValue>, window: &Window) -> Result<Connection<FilterValue>, FieldError> {
    let total = i64::try_from(values.len()).unwrap_or(i64::MAX);
    let page = window.page_by_text(&values, ORDER, FilterValue::keys)?;
    Ok(Connection::new(page, |of| of, move |_| async move { Ok(total) }))
}
