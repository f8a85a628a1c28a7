//! graphql-ws, the protocol of subscriptions-transport-ws, as the library speaks it.

use std::any::TypeId;
use std::pin::pin;
use std::sync::Arc;

use async_graphql::{Data, Executor, Request, Response};
use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::extract::ws::WebSocket;
use futures_util::future::select;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::{Map, Value};
use tokio::sync::watch;

use super::talk::{Said, Talk, no_place};
use super::token_of;
use crate::app::Error;
use crate::graphql::error::shown;
use crate::http::Limits;
use crate::http::graphql::parameters::{Operation, check_variables_size};
use crate::model::Viewer;

/// What a client calls it.
pub const PROTOCOL: &str = "graphql-ws";

/// Talks until one of the two has enough.
pub async fn serve(socket: WebSocket, protocol: GraphQLProtocol, talk: Talk) {
    let session = Session(talk.clone());
    let (admitted, is_admitted) = watch::channel(None);
    let judge = talk.clone();
    // The protocol has no way to ask whether a client is there; one that is gone ends with its connection or its token.
    let serving = GraphQLWebSocket::new(socket, session, protocol)
        .on_connection_init(move |payload| async move { admit(&judge, &payload, admitted).await })
        .keepalive_timeout(None)
        .serve();
    select(pin!(serving), pin!(until_refused(&talk, is_admitted))).await;
}

/// Who opens a connection; by which token is told to who judges it again.
async fn admit(talk: &Talk, payload: &Value, admitted: watch::Sender<Option<Token>>) -> async_graphql::Result<Data> {
    let token = token_of(payload);
    let viewer = talk.door.identity.of_header(token.as_deref()).await.map_err(|error| shown(&error))?;
    admitted.send_replace(Some(token));
    let mut data = Data::default();
    data.insert(viewer);
    Ok(data)
}

/// What a client said of itself.
type Token = Option<String>;

/// Ends when nobody was let in for too long, or who was is no more, or the gateway stops.
async fn until_refused(talk: &Talk, mut admitted: watch::Receiver<Option<Token>>) {
    let limits = talk.door.limits;
    let waited = tokio::time::timeout(limits.socket_init_wait, admitted.wait_for(Option::is_some)).await;
    let Ok(Ok(token)) = waited.map(|token| token.map(|token| token.clone().flatten())) else { return };
    loop {
        if talk.door.stopping.run_until_cancelled(tokio::time::sleep(limits.socket_judged_each)).await.is_none() {
            return;
        }
        if let Err(Error::Unauthenticated(_)) = talk.door.identity.of_header(token.as_deref()).await {
            return;
        }
    }
}

/// The variables of a request, if they are not too long.
fn variables_of(request: &Request, limits: &Limits) -> Result<Map<String, Value>, Error> {
    let text = serde_json::to_string(&request.variables).map_err(|_| Error::Internal)?;
    check_variables_size(&text, limits).map_err(|(_, error)| error)?;
    serde_json::from_str(&text).map_err(|_| Error::Internal)
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
        let variables = match variables_of(&request, &self.0.door.limits) {
            Ok(variables) => variables,
            Err(error) => return stream::iter([Response::from_errors(vec![no_place(&error)])]).boxed(),
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
