//! What a request is estimated to cost, and watching over its fields.
//!
//! The cost of a document is the number of fields that it may resolve: each field counts 1 and what is asked below it; below a list that is
//! counted as often as the list may have rows, by `first` and `last` where it has them; a page, and what is worked out over all rows, counts 100
//! more.
//! Each field whose cost depends on a list says so where it is declared (`complexity`). It is judged before anything runs.

use std::sync::Arc;

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextResolve, NextValidation, ResolveInfo,
};
use async_graphql::{ServerError, ServerResult, ValidationResult, Value, async_trait};
use tracing::Instrument;

use super::context::Ask;
use super::error::refused;
use super::limit::{Bounds, at_most};

/// Judges requests by these bounds, and makes a span of each field at the root.
pub struct Watch(pub Bounds);

impl ExtensionFactory for Watch {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Watch(self.0))
    }
}

#[async_trait::async_trait]
impl Extension for Watch {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let found = next.run(ctx).await?;
        if let Ok(ask) = ctx.data::<Arc<Ask>>() {
            ask.note_cost(found.complexity);
        }
        at_most("levels of fields in the request", found.depth, self.0.depth)
            .and_then(|()| at_most("fields that the request may resolve", found.complexity, self.0.cost))
            .map_err(|error| vec![refused(&error)])?;
        Ok(found)
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        if info.path_node.parent.is_some() {
            return next.run(ctx, info).await;
        }
        let span = tracing::debug_span!(target: "deskgraph::trace", "field", field = info.name, alias = info.alias);
        next.run(ctx, info).instrument(span).await
    }
}
