//! The GraphQL door: objects that wrap the model's and the records' values, one file a noun, over `app::Lookups`.

mod agent;
mod agent_overview;
mod business_hours;
mod case;
mod case_event;
mod case_metrics;
mod catalogue_enums;
mod channel;
mod contact_point;
mod context;
mod cost;
mod customer;
mod dimension;
mod directory_by;
pub mod document;
mod empty;
mod enums;
pub mod error;
pub mod filter;
mod filter_value;
mod judged;
pub mod limit;
mod loader;
mod metric;
mod metric_definition;
mod metrics;
pub mod node;
mod overview;
mod page;
mod period;
mod person;
mod question;
mod queue;
mod rating;
mod ready;
mod record;
mod record_definition;
mod scalars;
mod scope;
mod shape;
mod sla_analytics;
mod sla_clock;
mod sla_policy;
mod subscription;
mod table;
mod tag;
mod team;
mod timeline;
mod viewer;
mod workspace;

use std::sync::Arc;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{
    EmptyMutation, MergedObject, Name, Request, Response, SDLExportOptions, SchemaBuilder, ServerError, ValidationMode,
    Variables, value,
};
use futures_util::stream::{self, BoxStream, StreamExt};

pub use limit::Bounds;

use context::Ask;
use document::{Document, Documents};
use judged::Matter;

use crate::app::{App, Error, Spent};
use crate::model::Viewer;

/// What can be asked
///
/// A request costs the number of fields that it may resolve, and more than the gateway allows is refused before anything runs. A field costs 1
/// and what is asked below it; below a list that counts as often as the list may have rows, by `first` or `last`, else by its usual length
/// (50 rows of a page, 100 buckets of a series); a page, a group and a series cost 100 more, a table 1,000, for the look-up or the pass over
/// rows that they are. The answer's headers `X-Cost-Estimated` and `X-Cost-Max` say what a request costs and what it may cost
#[derive(MergedObject, Default)]
pub struct Query(
    viewer::ViewerQuery,
    workspace::WorkspaceQuery,
    node::NodeQuery,
    case::CaseQuery,
    agent::AgentQuery,
    team::TeamQuery,
    queue::QueueQuery,
    tag::TagQuery,
    channel::ChannelQuery,
    contact_point::ContactPointQuery,
    sla_policy::SlaPolicyQuery,
    metrics::MetricsQuery,
    sla_analytics::SlaAnalyticsQuery,
    overview::OverviewQuery,
    agent_overview::AgentOverviewQuery,
    metric_definition::CatalogueQuery,
    table::TableQuery,
    record::RecordsQuery,
    filter_value::FilterValueQuery,
);

/// The types of the graph, as the library holds them.
type Types = async_graphql::Schema<Query, EmptyMutation, subscription::Subscription>;

/// The graph, ready to be asked. Cheap to clone.
#[derive(Clone)]
pub struct Schema {
    /// They judge what they are asked.
    types: Types,
    /// The same for what has been judged.
    plain: Types,
    bounds: Bounds,
    documents: Documents,
}

impl Schema {
    /// The bounds of what one request may ask.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// What a document asks that is this text, of its only operation and without values of variables.
    ///
    /// # Errors
    /// What the parser says of one that is not well formed.
    pub fn question(&self, text: &str) -> Result<Question, ServerError> {
        let document = self.documents.read(text, &self.bounds)?;
        Ok(Question { document, operation: None, variables: Variables::default() })
    }
}

/// The graph, with the usual bounds.
pub fn build() -> Schema {
    build_within(Bounds::default())
}

/// The graph, with bounds of one's own.
pub fn build_within(bounds: Bounds) -> Schema {
    let plain = types_within(&bounds).validation_mode(ValidationMode::Fast).finish();
    let watch = cost::Watch { bounds, plain: plain.clone() };
    let types = types_within(&bounds).limit_directives(bounds.directives).extension(watch).finish();
    Schema { types, plain, bounds, documents: Documents::default() }
}

fn types_within(bounds: &Bounds) -> SchemaBuilder<Query, EmptyMutation, subscription::Subscription> {
    let mut builder = async_graphql::Schema::build(Query::default(), EmptyMutation, subscription::Subscription)
        .register_output_type::<node::Node>()
        .register_output_type::<metric::Metric>()
        .register_output_type::<timeline::CaseEventIsNode>();
    if !bounds.has_introspection {
        builder = builder.disable_introspection();
    }
    if !bounds.has_suggestions {
        builder = builder.disable_suggestions();
    }
    builder
}

/// The schema definition of the graph, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    build().types.sdl_with_options(SDLExportOptions::new().include_specified_by().use_space_ident())
}

/// An answer.
#[derive(Debug)]
pub struct Executed {
    /// What is answered.
    pub response: Response,
    /// Indicates it follows from the request and the viewer alone, and is the same at all times.
    pub is_fixed: bool,
    /// What it took.
    pub spent: Spent,
}

impl Executed {
    /// The answer to a request that is not answered.
    pub fn refused(error: &Error) -> Executed {
        let response = Response::from_errors(vec![error::refused(error)]);
        Executed { response, is_fixed: true, spent: Spent::default() }
    }
}

/// A request to answer: a document, which of its operations, and values of variables.
pub struct Question {
    /// What is asked.
    pub document: Arc<Document>,
    /// Which operation, when there are several.
    pub operation: Option<String>,
    /// Values of variables.
    pub variables: Variables,
}

impl Question {
    /// Gives variables without a value their defaults. The library knows those everywhere but in the conditions of `@skip` and `@include`.
    fn give_defaults(&mut self) {
        let asked = self.operation.as_deref();
        let is_asked = |found: Option<&Name>| asked.is_none() || found.map(Name::as_str) == asked;
        let mut operations = self.document.parsed.operations.iter();
        let Some((_, operation)) = operations.find(|(found, _)| is_asked(*found)) else { return };
        for definition in operation.node.variable_definitions.iter().map(|definition| &definition.node) {
            if let Some(default) = &definition.default_value {
                let name = definition.name.node.clone();
                self.variables.entry(name).or_insert_with(|| default.node.clone());
            }
        }
    }

    /// What of it is judged; `None` when that is not to be kept.
    fn matter(&self) -> Option<Matter> {
        Matter::of(&self.document.parsed, self.operation.as_deref(), &self.variables)
    }

    /// As the library takes it, with the document or what it was mended to.
    fn request(&self, document: &ExecutableDocument) -> Request {
        let mut request = Request::new(String::new()).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation);
        request.set_parsed_query(document.clone());
        request
    }
}

/// Answers a question as `viewer` may see the data, with loaders of its own and one `now`. Every error has an `extensions.code`; with
/// `shows_stats` the response's `extensions.stats` says what it took.
pub async fn execute(
    schema: &Schema,
    mut question: Question,
    app: &App,
    viewer: Arc<Viewer>,
    shows_stats: bool,
) -> Executed {
    let document = Arc::clone(&question.document);
    if let Err(error) = &document.bounded {
        return Executed::refused(error);
    }
    question.give_defaults();
    let asked = document.mended.as_ref().unwrap_or(&document.parsed);
    let ask = Arc::new(Ask::new(app.lookups(viewer, Arc::default())));
    let request = || question.request(asked).data(Arc::clone(&ask));
    let span = cost::span(question.operation.as_deref());
    let matter = question.matter().filter(|_| span.is_disabled());
    let known = matter.as_ref().and_then(|matter| document.judged.find(matter));
    let mut response = match known {
        Some(cost) => {
            ask.note_cost(cost);
            schema.plain.execute(request()).await
        }
        None => schema.types.execute(request().data(cost::Judged::new(request(), span))).await,
    };
    if let (None, Some(matter), Some(cost)) = (known, matter, ask.judged_cost()) {
        document.judged.keep(matter, cost);
    }
    error::code_library_errors(&mut response);
    let (operation, of) = (question.operation.as_deref(), (&document.parsed, &document.shape));
    shape::complete(&mut response, of, operation, &question.variables);
    let is_fixed = !ask.lookups.has_looked() && !shows_stats;
    let spent = ask.spent();
    if !shows_stats {
        return Executed { response, is_fixed, spent };
    }
    let stats = value!({
        "sqlStatements": spent.sql_statements,
        "loaderBatches": spent.loader_batches,
        "scans": spent.scans,
        "rowsScanned": spent.rows_scanned,
        "engineMs": spent.engine_ms,
    });
    Executed { response: response.extension("stats", stats), is_fixed, spent }
}

/// Answers a subscription, one answer after the other. A question that is over a bound is answered with that error alone.
pub fn subscribe(
    schema: &Schema,
    mut question: Question,
    app: &App,
    viewer: Arc<Viewer>,
) -> BoxStream<'static, Response> {
    if let Err(error) = &question.document.bounded {
        return stream::iter([Response::from_errors(vec![error::refused(error)])]).boxed();
    }
    question.give_defaults();
    let request = question.request(&question.document.parsed);
    let ask = Arc::new(Ask::new(app.lookups(viewer, Arc::default())));
    let answers = schema.types.execute_stream(request.data(ask));
    answers
        .map(|mut response| {
            error::code_library_errors(&mut response);
            response
        })
        .boxed()
}

#[cfg(test)]
mod tests {
    use async_graphql::{ContainerType, Context};

    use super::agent::Agent;
    use super::case::Case;
    use super::case_metrics::CaseMetrics;
    use super::metric::{CountMetric, DurationMetric, RatioMetric};
    use super::record::Record;
    use super::sla_analytics::SlaAnalytics;
    use super::sla_clock::SlaClock;
    use super::team::Team;

    /// The library makes room for each field that it resolves: for the largest one of the type.
    #[test]
    fn what_resolves_a_field_stays_small() {
        fn bytes<'a, T: 'a, F>(_: impl Fn(&'a T, &'a Context<'a>) -> F) -> usize {
            size_of::<F>()
        }
        let found = [
            bytes::<Agent, _>(|agent, ctx| agent.resolve_field(ctx)),
            bytes::<Case, _>(|case, ctx| case.resolve_field(ctx)),
            bytes::<CaseMetrics, _>(|metrics, ctx| metrics.resolve_field(ctx)),
            bytes::<CountMetric, _>(|metric, ctx| metric.resolve_field(ctx)),
            bytes::<DurationMetric, _>(|metric, ctx| metric.resolve_field(ctx)),
            bytes::<RatioMetric, _>(|metric, ctx| metric.resolve_field(ctx)),
            bytes::<Record, _>(|record, ctx| record.resolve_field(ctx)),
            bytes::<SlaAnalytics, _>(|analytics, ctx| analytics.resolve_field(ctx)),
            bytes::<SlaClock, _>(|clock, ctx| clock.resolve_field(ctx)),
            bytes::<Team, _>(|team, ctx| team.resolve_field(ctx)),
        ];
        assert!(found.iter().all(|bytes| *bytes <= 1_024), "{found:?}");
    }
}
