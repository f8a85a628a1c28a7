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

use super::error::Failure;
use super::{Door, graphql as over_http};
use crate::app::Error;
use crate::app::viewer::authenticate;
use crate::graphql;
use crate::graphql::error::{refused, shown};
use crate::model::Viewer;

/// Largest message, in bytes: as large as a body may be.
const LIMIT_MESSAGE_BYTES: usize = over_http::LIMIT_BODY_BYTES;
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
        GraphQLWebSocket::new(socket, Session(door), protocol)
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
struct Session(Arc<Door>);

impl Executor for Session {
    async fn execute(&self, _: Operation) -> Executed {
        // Connections run everything as streams.
        Executed::from_errors(vec![refused(&Error::Internal)])
    }

    fn execute_stream(&self, operation: Operation, data: Option<Arc<Data>>) -> BoxStream<'static, Executed> {
        let viewer = data.as_deref().and_then(|data| data.get(&TypeId::of::<Arc<Viewer>>()));
        match viewer.and_then(|viewer| viewer.downcast_ref::<Arc<Viewer>>()) {
            Some(viewer) => graphql::execute_stream(&self.0.schema, operation, &self.0.app, Arc::clone(viewer)),
            None => {
                let error = Error::Unauthenticated("send `connection_init` with a token first".to_owned());
                stream::iter([Executed::from_errors(vec![refused(&error)])]).boxed()
            }
        }
    }
}
