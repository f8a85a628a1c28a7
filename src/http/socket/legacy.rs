//! graphql-ws, the protocol of subscriptions-transport-ws, as the library speaks it.

use std::any::TypeId;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Data, Executor, Request, Response};
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::extract::ws::WebSocket;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::Value;

use super::talk::{Said, Talk, no_place};
use super::token_of;
use crate::app::Error;
use crate::graphql::error::shown;
use crate::http::graphql::parameters::Operation;
use crate::model::Viewer;

/// What a client calls it.
pub const PROTOCOL: &str = "graphql-ws";
/// Longest silence after which a client is taken for gone.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Talks until one of the two has enough.
pub async fn serve(socket: WebSocket, protocol: GraphQLProtocol, talk: Talk) {
    let session = Session(talk.clone());
    GraphQLWebSocket::new(socket, session, protocol)
        .on_connection_init(move |payload| async move { admit(&talk, &payload).await })
        .keepalive_timeout(KEEPALIVE)
        .serve()
        .await;
}

/// Who opens a connection.
async fn admit(talk: &Talk, payload: &Value) -> async_graphql::Result<Data> {
    let viewer = talk.door.identity.of_header(token_of(payload).as_deref()).await.map_err(|error| shown(&error))?;
    let mut data = Data::default();
    data.insert(Arc::new(viewer));
    Ok(data)
}

/// The library asks it for answers.
#[derive(Clone)]
struct Session(Talk);

impl Executor for Session {
    async fn execute(&self, _: Request) -> Response {
        // Connections run everything as streams.
        Response::from_errors(vec![no_place(&Error::Internal)])
    }

    fn execute_stream(&self, request: Request, data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let viewer = data.as_deref().and_then(|data| data.get(&TypeId::of::<Arc<Viewer>>()));
        let Some(viewer) = viewer.and_then(|viewer| viewer.downcast_ref::<Arc<Viewer>>()) else {
            let error = Error::Unauthenticated("send `connection_init` with a token first".to_owned());
            return stream::iter([Response::from_errors(vec![no_place(&error)])]).boxed();
        };
        let Ok(Value::Object(variables)) = serde_json::to_value(&request.variables) else {
            return stream::iter([Response::from_errors(vec![no_place(&Error::Internal)])]).boxed();
        };
        let operation = Operation { text: request.query, name: request.operation_name, variables };
        let answers = self.0.clone().answers(Arc::clone(viewer), operation);
        let response = |said| match said {
            Said::Refused(errors) => Response::from_errors(errors),
            Said::Next(response) => response,
        };
        answers.map(response).boxed()
    }
}
