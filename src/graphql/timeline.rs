//! The timeline of a case: its events in the order in which they happened.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, ID, Interface, OutputType, Positioned, ServerResult, Value};

use super::case::Case;
use super::case_event::{Assignment, Message, PropertyChange, RatingEvent, SlaApplication, StatusChange, object};
use super::context::ask;
use super::enums::CaseEventKind;
use super::error::shown;
use super::page::{self, Connection};
use super::person::Actor;
use super::scalars::{DateTime, Long};
use crate::app::lookups::TimelineQuestion;
use crate::model::{Event, Page, Window};

/// Something that happened to a case
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Global id"),
    field(
        name = "external_id",
        ty = "String",
        desc = "The source's id, unique among events of one kind; a hash of the event when the source gave none"
    ),
    field(name = "case", ty = "Case", desc = "The case"),
    field(name = "at", ty = "DateTime", desc = "When it happened; of a rating, when it was given"),
    field(
        name = "seq",
        ty = "Option<Long>",
        desc = "The source's own order among events of one instant; null comes first"
    ),
    field(
        name = "actor",
        ty = "Option<Actor>",
        desc = "Author of a message, actor of anything else; null when unknown"
    ),
    field(
        name = "action",
        ty = "Option<String>",
        desc = "What the event was saved together with: events of one actor with one action are one touch; null: by itself"
    )
)]
#[allow(missing_docs, reason = "each is the type of its name")]
pub enum CaseEvent {
    Assignment(Assignment),
    Message(Message),
    PropertyChange(PropertyChange),
    RatingEvent(RatingEvent),
    SlaApplication(SlaApplication),
    StatusChange(StatusChange),
}

/// Says in the schema that `CaseEvent` implements `Node`. The library only learns that of an interface that is a variant of the other's
/// enum, and then lists it among the other's possible types, which an interface cannot be.
pub struct CaseEventIsNode;

impl OutputType for CaseEventIsNode {
    fn type_name() -> Cow<'static, str> {
        <CaseEvent as OutputType>::type_name()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.add_implements(&<CaseEvent as OutputType>::type_name(), "Node");
        <CaseEvent as OutputType>::create_type_info(registry)
    }
    async fn resolve(
        &self,
        _ctx: &ContextSelectionSet<'_>,
        _field: &Positioned<async_graphql::parser::types::Field>,
    ) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

/// A page of a case's events, as the field that gives it; not read when only their number is selected.
///
/// # Errors
/// As `Lookups::timeline_page`.
pub async fn events(
    ctx: &Context<'_>,
    case: &str,
    kinds: Option<Vec<CaseEventKind>>,
    window: &Window,
) -> async_graphql::Result<Connection<CaseEvent>> {
    let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
    let question = TimelineQuestion { case: case.to_owned(), kinds };
    let page = match page::wants_rows(ctx) {
        true => ask(ctx)?.lookups.timeline_page(&question, window).await.map_err(|error| shown(&error))?,
        false => Page::empty(),
    };
    let event = |event: Event| object(Arc::new(event)).into();
    Ok(Connection::new(page, event, move |lookups| {
        let question = question.clone();
        async move { lookups.count_timeline(&question).await }
    }))
}
