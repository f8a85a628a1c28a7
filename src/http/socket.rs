//! `/graphql` as a WebSocket (graphql-transport-ws, and its elder graphql-ws), over which subscriptions are told. Whoever opens one says
//! who they are in `connection_init`: `{"authorization": "Bearer …"}`.

use std::any::TypeId;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::http::ALL_WEBSOCKET_PROTOCOLS;
use async_graphql::{Data, Executor, Request as Operation, Response as Executed};
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::body::Body;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::Semaphore;

use super::error::Failure;
use super::{Door, document, graphql as over_http};
use crate::app::Error;
use crate::app::viewer::authenticate;
use crate::graphql;
use crate::graphql::error::{refused, shown};
use crate::model::Viewer;

/// Largest message, in bytes: as large as a body may be.
const LIMIT_MESSAGE_BYTES: usize = over_http::LIMIT_BODY_BYTES;
/// Most operations at once on one connection.
const LIMIT_OPERATIONS: usize = 100;
/// Longest silence after which a client is taken for gone.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Answers GET: by a WebSocket where that is asked for.
pub async fn answer(
    door: State<Arc<Door>>,
    protocol: Result<GraphQLProtocol, StatusCode>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request<Body>,
) -> Response {
    let Ok(upgrade) = upgrade else { return over_http::answer(door, request).await };
    let Ok(protocol) = protocol else {
        let text = "sec-websocket-protocol names none of `graphql-transport-ws` and `graphql-ws`";
        return Failure::from(Error::Invalid(text.to_owned())).into_response();
    };
    let State(door) = door;
    let upgrade = upgrade.max_message_size(LIMIT_MESSAGE_BYTES).protocols(ALL_WEBSOCKET_PROTOCOLS);
    upgrade.on_upgrade(move |socket| async move {
        let judge = Arc::clone(&door);
        let session = Session { door, slots: Arc::new(Semaphore::new(LIMIT_OPERATIONS)) };
        GraphQLWebSocket::new(socket, session, protocol)
            .on_connection_init(move |payload| async move { admit(&judge, &payload) })
            .keepalive_timeout(KEEPALIVE)
            .serve()
            .await;
    })
}

/// Who opens a connection.
fn admit(door: &Door, payload: &serde_json::Value) -> async_graphql::Result<Data> {
    let text = |name: &str| payload.get(name).and_then(serde_json::Value::as_str);
    let header = text("authorization").or_else(|| text("Authorization")).map(str::to_owned);
    let header = header.or_else(|| text("token").map(|token| format!("Bearer {token}")));
    let viewer =
        authenticate(&door.verifier, header.as_deref(), door.app.clock.now()).map_err(|error| shown(&error))?;
    let mut data = Data::default();
    data.insert(Arc::new(viewer));
    Ok(data)
}

/// One connection's operations, each with loaders of its own.
#[derive(Clone)]
struct Session {
    door: Arc<Door>,
    /// A permit for each operation that is being answered or listened to.
    slots: Arc<Semaphore>,
}

impl Session {
    /// The operation's answers, once it is within the bounds that hold for requests too.
    fn admit(&self, mut operation: Operation, viewer: &Arc<Viewer>) -> Result<BoxStream<'static, Executed>, Error> {
        document::check_text(&operation.query)?;
        let (variables, name) = (operation.variables.clone(), operation.operation_name.clone());
        if let Ok(parsed) = operation.parsed_query()
            && let Some((_, asked)) = document::find_operation(parsed, name.as_deref())
        {
            document::check_variables(asked, &variables)?;
        }
        let slot = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| {
            Error::Limit(format!(
                "more than {LIMIT_OPERATIONS} operations at once on one connection; at most that many are allowed"
            ))
        })?;
        let Door { schema, app, limits, .. } = &*self.door;
        let answers = graphql::execute_stream(schema, operation, app, Arc::clone(viewer), limits.request_timeout);
        Ok(answers
            .map(move |answer| {
                // Given back when the last answer is, or nobody listens any more.
                let _ = &slot;
                answer
            })
            .boxed())
    }
}

impl Executor for Session {
    async fn execute(&self, _: Operation) -> Executed {
        // Connections run everything as streams.
        Executed::from_errors(vec![refused(&Error::Internal)])
    }

    fn execute_stream(&self, operation: Operation, data: Option<Arc<Data>>) -> BoxStream<'static, Executed> {
        let viewer = data.as_deref().and_then(|data| data.get(&TypeId::of::<Arc<Viewer>>()));
        let answers = match viewer.and_then(|viewer| viewer.downcast_ref::<Arc<Viewer>>()) {
            Some(viewer) => self.admit(operation, viewer),
            None => Err(Error::Unauthenticated("send `connection_init` with a token first".to_owned())),
        };
        answers.unwrap_or_else(|error| stream::iter([Executed::from_errors(vec![refused(&error)])]).boxed())
    }
}
