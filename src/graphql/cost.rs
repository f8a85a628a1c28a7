//! What a request is estimated to cost, and who answers it: the schema that makes a span of each field at the root, when spans are taken, else
//! one without extensions, through which the library carries every field and every item of a list at a fraction of the work.
//!
//! The cost of a document is the number of fields that it may resolve: each field counts 1 and what is asked below it; below a list that is
//! counted as often as the list may have rows, by `first` and `last` where it has them; a page, and what is worked out over all rows, counts 100
//! more.
//! Each field whose cost depends on a list says so where it is declared (`complexity`). It is judged before anything runs.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, NextValidation, ResolveInfo,
};
use async_graphql::{Request, Response, ServerError, ServerResult, ValidationResult, Value, async_trait};
use tracing::{Instrument, Span};

use super::Types;
use super::context::Ask;
use super::error::refused;
use super::limit::{Bounds, at_most};

/// Judges requests by bounds, and has them answered.
pub struct Watch {
    /// The bounds.
    pub bounds: Bounds,
    /// The same types without extensions, and without the judgement that has been passed already.
    pub plain: Types,
}

/// The request once more, for the schema that answers it once it is judged, and its span.
pub struct Judged(Mutex<Option<Request>>, Span);

impl Judged {
    /// Of what `Watch` is to judge.
    pub fn new(request: Request, span: Span) -> Judged {
        Judged(Mutex::new(Some(request)), span)
    }

    fn take(&self) -> Option<Request> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The span of an operation; it is disabled where none are taken.
pub fn span(operation: Option<&str>) -> Span {
    tracing::debug_span!(target: "deskgraph::trace", "operation", name = operation)
}

impl ExtensionFactory for Watch {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Watch { bounds: self.bounds, plain: self.plain.clone() })
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
        let ask = ctx.data::<Arc<Ask>>();
        if let Ok(ask) = ask {
            ask.note_cost(u64::try_from(found.complexity).unwrap_or(u64::MAX));
        }
        at_most("levels of fields in the request", found.depth, self.bounds.depth)
            .and_then(|()| at_most("fields that the request may resolve", found.complexity, self.bounds.cost))
            .map_err(|error| vec![refused(&error)])?;
        if let Ok(ask) = ask {
            ask.note_right();
        }
        Ok(found)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let judged = ctx.data::<Judged>().ok();
        // Of a subscription each answer has its own.
        let span = judged.map_or_else(|| span(operation_name), |Judged(_, span)| span.clone());
        match judged.filter(|_| span.is_disabled()).and_then(Judged::take) {
            Some(request) => self.plain.execute(request).await,
            None => next.run(ctx, operation_name).instrument(span).await,
        }
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
