//! The WebSocket: who may open it, and what it tells.

use std::sync::Arc;
use std::time::Duration;

use deskgraph::http;
use deskgraph::model::Role;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::world::World;

/// Longest wait for a message.
const PATIENCE: Duration = Duration::from_secs(20);

struct Client(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Client {
    /// A connection to a world's router, opened with that payload.
    async fn open(world: &Arc<World>, payload: Value) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/graphql", listener.local_addr().unwrap());
        let router = world.router.clone();
        tokio::spawn(http::serve(listener, router, std::future::pending()));
        let mut request = url.into_client_request().unwrap();
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (socket, _) = connect_async(request).await.unwrap();
        let mut client = Client(socket);
        client.send(json!({"type": "connection_init", "payload": payload})).await;
        client
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message; `None` when the connection was closed.
    async fn next(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing came")?;
            match message.ok()? {
                Message::Text(text) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] == "ping" {
                        self.send(json!({"type": "pong"})).await;
                        continue;
                    }
                    return Some(message);
                }
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn a_page_is_told_when_there_is_something_new() {
    let world = Arc::new(World::new().await);
    let authorization = format!("Bearer {}", world.token(Role::Agent));
    let mut client = Client::open(&world, json!({"authorization": authorization})).await;
    assert_eq!(client.next().await, Some(json!({"type": "connection_ack"})));
    let query = "subscription { revision { revision asOf } }";
    client.send(json!({"type": "subscribe", "id": "1", "payload": {"query": query}})).await;
    let told = |message: Option<Value>| message.unwrap()["payload"]["data"]["revision"].clone();
    assert_eq!(told(client.next().await), json!({"revision": 0, "asOf": null}));
    for revision in 1..=3 {
        let line = format!(r#"{{"type":"tag","id":"t{revision}","name":"Tag"}}"#);
        assert_eq!(world.ingest(&line).await["revision"], revision);
        let now = told(client.next().await);
        assert_eq!((&now["revision"], now["asOf"].is_string()), (&json!(revision), true));
    }
    // Queries are answered over it too, each with its own loaders.
    let query = "{ viewer { subject } metrics { createdCases { count } } }";
    client.send(json!({"type": "subscribe", "id": "2", "payload": {"query": query}})).await;
    let answer = client.next().await.unwrap();
    assert_eq!(answer["payload"]["data"]["viewer"]["subject"], "kim");
    assert_eq!(answer["payload"]["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(client.next().await, Some(json!({"type": "complete", "id": "2"})));
}

#[tokio::test]
async fn operations_of_a_connection_are_bounded() {
    let world = Arc::new(World::new().await);
    let authorization = format!("Bearer {}", world.token(Role::Agent));
    let mut client = Client::open(&world, json!({"authorization": authorization})).await;
    assert_eq!(client.next().await, Some(json!({"type": "connection_ack"})));
    let deep = format!("{{ {} }}", "a {".repeat(10_000));
    client.send(json!({"type": "subscribe", "id": "deep", "payload": {"query": deep}})).await;
    let code = |message: &Value| message["payload"]["errors"][0]["extensions"]["code"].clone();
    assert_eq!(code(&client.next().await.unwrap()), "LIMIT_EXCEEDED");
    assert_eq!(client.next().await, Some(json!({"type": "complete", "id": "deep"})));
    for n in 0..=100 {
        let query = "subscription { revision { revision } }";
        client.send(json!({"type": "subscribe", "id": n.to_string(), "payload": {"query": query}})).await;
    }
    let (mut told, mut refused) = (0, 0);
    while told + refused < 101 {
        let message = client.next().await.unwrap();
        match code(&message) {
            Value::Null if message["type"] == "next" => told += 1,
            Value::Null => {}
            code => refused += usize::from(code == "LIMIT_EXCEEDED"),
        }
    }
    assert_eq!((told, refused), (100, 1));
}

#[tokio::test]
async fn nobody_is_told_anything_without_a_good_token() {
    let world = Arc::new(World::new().await);
    for payload in [json!({}), json!({"authorization": "Bearer nonsense"}), json!({"token": "nonsense"})] {
        let mut client = Client::open(&world, payload.clone()).await;
        assert_eq!(client.next().await, None, "{payload}");
    }
}
