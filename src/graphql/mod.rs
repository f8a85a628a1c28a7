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
mod customer;
mod dimension;
mod directory_by;
mod enums;
pub mod error;
pub mod filter;
mod filter_value;
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
use std::time::Duration;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{EmptyMutation, MergedObject, Name, Request, Response, SDLExportOptions, value};
use futures_util::stream::{self, BoxStream, StreamExt};

use context::Ask;

use crate::app::{App, Error};
use crate::model::Viewer;

/// What can be asked
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

/// The graph, ready to be asked. Cheap to clone.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, subscription::Subscription>;

/// The graph.
pub fn build() -> Schema {
    Schema::build(Query::default(), EmptyMutation, subscription::Subscription)
        .register_output_type::<node::Node>()
        .register_output_type::<metric::Metric>()
        .register_output_type::<timeline::CaseEventIsNode>()
        .limit_depth(limit::MAX_DEPTH)
        .limit_complexity(limit::MAX_COST)
        .limit_directives(limit::MAX_DIRECTIVES)
        .finish()
}

/// The schema definition of the graph, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    build().sdl_with_options(SDLExportOptions::new().include_specified_by().use_space_ident())
}

/// An answer.
#[derive(Debug)]
pub struct Executed {
    /// What is answered.
    pub response: Response,
    /// Indicates it follows from the request and the viewer alone, and is the same at all times.
    pub is_fixed: bool,
}

/// Answers a request as `viewer` may see the data, with loaders of its own and one `now`. Every error has an `extensions.code`; with
/// `shows_stats` the response's `extensions.stats` says what it took.
pub async fn execute(
    schema: &Schema,
    mut request: Request,
    app: &App,
    viewer: Arc<Viewer>,
    shows_stats: bool,
) -> Executed {
    let document = request.parsed_query().ok().cloned();
    if let Some(Err(error)) = document.as_ref().map(limit::check) {
        return Executed { response: Response::from_errors(vec![error::refused(&error)]), is_fixed: true };
    }
    document.iter().for_each(|document| give_defaults(&mut request, document));
    let (operation, variables) = (request.operation_name.clone(), request.variables.clone());
    let ask = Arc::new(Ask::new(app.lookups(viewer, Arc::default())));
    let mut response = schema.execute(request.data(Arc::clone(&ask))).await;
    error::code_library_errors(&mut response);
    if let Some(document) = document {
        shape::complete(&mut response, &document, operation.as_deref(), &variables);
    }
    let is_fixed = !ask.lookups.has_looked() && !shows_stats;
    if !shows_stats {
        return Executed { response, is_fixed };
    }
    let stats = value!({
        "sqlStatements": ask.lookups.stats().sql_statements(),
        "loaderBatches": ask.loader_batches(),
        "scans": ask.lookups.scan_stats().scans(),
        "rowsScanned": ask.lookups.scan_stats().rows_scanned(),
        "engineMs": ask.lookups.scan_stats().engine_ms(),
    });
    Executed { response: response.extension("stats", stats), is_fixed }
}

/// Answers a subscription, or anything else once, as `execute` does, within `longest`. A request that is over a bound is answered with that
/// error alone.
pub fn execute_stream(
    schema: &Schema,
    mut request: Request,
    app: &Arc<App>,
    viewer: Arc<Viewer>,
    longest: Duration,
) -> BoxStream<'static, Response> {
    let document = request.parsed_query().ok().cloned();
    if let Some(Err(error)) = document.as_ref().map(limit::check) {
        return stream::iter([Response::from_errors(vec![error::refused(&error)])]).boxed();
    }
    document.iter().for_each(|document| give_defaults(&mut request, document));
    let (schema, app) = (schema.clone(), Arc::clone(app));
    let is_subscription =
        document.is_some_and(|document| limit::subscribes(&document, request.operation_name.as_deref()));
    if !is_subscription {
        let answer = async move {
            let answer = async { execute(&schema, request, &app, viewer, false).await.response };
            tokio::time::timeout(longest, answer).await.unwrap_or_else(|_| {
                let text = format!("request took longer than {longest:?}; ask for less or try again");
                Response::from_errors(vec![error::refused(&Error::Unavailable(text))])
            })
        };
        return stream::once(answer).boxed();
    }
    let ask = Arc::new(Ask::new(app.lookups(viewer, Arc::default())));
    let answers = schema.execute_stream(request.data(ask));
    answers
        .map(|mut response| {
            error::code_library_errors(&mut response);
            response
        })
        .boxed()
}

/// Gives variables without a value their defaults. The library knows those everywhere but in the conditions of `@skip` and `@include`.
fn give_defaults(request: &mut Request, document: &ExecutableDocument) {
    let asked = request.operation_name.as_deref();
    let is_asked = |found: Option<&Name>| asked.is_none() || found.map(Name::as_str) == asked;
    let Some((_, operation)) = document.operations.iter().find(|(found, _)| is_asked(*found)) else { return };
    for definition in operation.node.variable_definitions.iter().map(|definition| &definition.node) {
        if let Some(default) = &definition.default_value {
            let name = definition.name.node.clone();
            request.variables.entry(name).or_insert_with(|| default.node.clone());
        }
    }
}
