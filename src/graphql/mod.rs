//! The GraphQL door: objects that wrap the model's and the records' values, one file a noun, over `app::Lookups`.

mod agent;
mod business_hours;
mod case;
mod case_event;
mod case_metrics;
mod channel;
mod contact_point;
mod context;
mod customer;
mod directory_by;
mod enums;
pub mod error;
mod filter;
pub mod limit;
mod loader;
pub mod node;
mod page;
mod period;
mod person;
mod queue;
mod rating;
mod scalars;
mod scope;
mod shape;
mod sla_clock;
mod sla_policy;
mod tag;
mod team;
mod timeline;
mod viewer;
mod workspace;

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, Request, Response, SDLExportOptions, value};

use context::Ask;

use crate::app::App;
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
);

/// The graph, ready to be asked. Cheap to clone.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The graph.
pub fn build() -> Schema {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription)
        .register_output_type::<node::Node>()
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

/// Answers a request as `viewer` may see the data, with loaders of its own and one `now`. Every error has an `extensions.code`; with
/// `shows_stats` the response's `extensions.stats` says what it took.
pub async fn execute(
    schema: &Schema,
    mut request: Request,
    app: &App,
    viewer: Arc<Viewer>,
    shows_stats: bool,
) -> Response {
    let document = request.parsed_query().ok().cloned();
    if let Some(Err(error)) = document.as_ref().map(limit::check) {
        return Response::from_errors(vec![error::refused(&error)]);
    }
    let operation = request.operation_name.clone();
    let ask = Arc::new(Ask::new(app.lookups(viewer, Arc::default())));
    let mut response = schema.execute(request.data(Arc::clone(&ask))).await;
    error::code_library_errors(&mut response);
    if let Some(document) = document {
        shape::complete(&mut response, &document, operation.as_deref());
    }
    if !shows_stats {
        return response;
    }
    let stats = value!({
        "sqlStatements": ask.lookups.stats().sql_statements(),
        "loaderBatches": ask.loader_batches(),
    });
    response.extension("stats", stats)
}
