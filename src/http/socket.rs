//! `/graphql` as a WebSocket, over which subscriptions are told: graphql-transport-ws, whose letter we keep ourselves (`transport`), and its
//! elder graphql-ws, which the library speaks. Whoever opens one says who they are in `connection_init`: `{"authorization": "Bearer …"}`.
//! A page of another site may open one, too, but has no token to send.

mod legacy;
mod talk;
mod transport;

use std::sync::Arc;

use async_graphql_axum::GraphQLProtocol;
use axum::body::Body;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{State, WebSocketUpgrade};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::error::Failure;
use super::log::REQUEST_ID;
use super::{Door, graphql as over_http, header_text};
use crate::app::Error;
use talk::Talk;

/// Answers GET: by a WebSocket where that is asked for.
pub async fn answer(
    door: State<Arc<Door>>,
    protocol: Result<GraphQLProtocol, StatusCode>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request<Body>,
) -> Response {
    let Ok(upgrade) = upgrade else { return over_http::answer(door, request).await };
    let State(door) = door;
    // A frame's announced length is made room for before anything of it has come.
    let upgrade = upgrade.max_message_size(door.limits.body_bytes).max_frame_size(door.limits.body_bytes);
    let request_id = header_text(request.headers(), REQUEST_ID).unwrap_or_default().to_owned();
    let sockets = door.sockets.clone();
    let talk = Talk::new(door, request_id);
    let speaks_newer = offers(request.headers(), transport::PROTOCOL);
    match protocol {
        _ if speaks_newer => upgrade
            .protocols([transport::PROTOCOL])
            .on_upgrade(move |socket| sockets.track_future(transport::serve(socket, talk))),
        Ok(elder) => upgrade
            .protocols([legacy::PROTOCOL])
            .on_upgrade(move |socket| sockets.track_future(legacy::serve(socket, elder, talk))),
        Err(_) => {
            let text = "sec-websocket-protocol names none of `graphql-transport-ws` and `graphql-ws`";
            Failure::from(Error::Invalid(text.to_owned())).into_response()
        }
    }
}

/// Indicates a client speaks that protocol.
fn offers(headers: &HeaderMap, protocol: &str) -> bool {
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let mut offered = offered.iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(','));
    offered.any(|offered| offered.trim() == protocol)
}

/// The token in what opens a connection.
fn token_of(payload: &Value) -> Option<String> {
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    let header = text("authorization").or_else(|| text("Authorization")).map(str::to_owned);
    header.or_else(|| text("token").map(|token| format!("Bearer {token}")))
}
