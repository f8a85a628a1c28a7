//! The WebSocket: who may open it, and what it tells.

use std::sync::Arc;
use std::time::Duration;

use deskgraph::graphql::Bounds;
use deskgraph::http::{self, Limits};
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

pub struct Client(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Client {
    /// A connection to a world's router, opened with that payload.
    pub async fn open(world: &World, payload: Value) -> Client {
        let mut client = Client::connect(world).await;
        client.send(json!({"type": "connection_init", "payload": payload})).await;
        client
    }

    /// A connection on which nothing has been said yet.
    async fn connect(world: &World) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = world.router.clone();
        tokio::spawn(http::serve(listener, 100, router, std::future::pending()));
        Client::connect_to(&address).await
    }

    /// A connection to a gateway at that address.
    pub async fn connect_to(address: &str) -> Client {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (socket, _) = connect_async(request).await.unwrap();
        Client(socket)
    }

    /// A connection that is open for an agent.
    async fn admitted(world: &World) -> Client {
        let mut client = Client::open(world, json!({"token": world.token(Role::Agent)})).await;
        assert_eq!(client.next().await, Some(json!({"type": "connection_ack"})));
        client
    }

    /// The code with which the connection is closed next.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing came") {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("closed without a code: {other:?}"),
            }
        }
    }

    async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text.to_owned())).await.unwrap();
    }

    pub async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message; `None` when the connection was closed.
    pub async fn next(&mut self) -> Option<Value> {
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
    let code = |message: &Value| message["payload"][0]["extensions"]["code"].clone();
    let refused = client.next().await.unwrap();
    assert_eq!(
        (&refused["type"], &refused["id"], code(&refused)),
        (&json!("error"), &json!("deep"), json!("LIMIT_EXCEEDED"))
    );
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
    for payload in [json!({}), json!(null), json!({"authorization": "Bearer nonsense"}), json!({"token": "nonsense"})] {
        let mut client = Client::open(&world, payload.clone()).await;
        assert_eq!(client.closed().await, 4403, "{payload}");
    }
}

const SUBSCRIBE: &str = r#"{"id":"1","type":"subscribe","payload":{"query":"subscription { revision { revision } }"}}"#;

#[tokio::test]
async fn a_connection_that_breaks_the_protocol_is_closed_with_its_code() {
    let world = World::new().await;
    let wrong = [
        "no json",
        "[]",
        r#"{"type":"dance"}"#,
        r#"{"id":"1"}"#,
        r#"{"type":"subscribe"}"#,
        r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
        r#"{"type":"complete"}"#,
        r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
        r#"{"type":"subscribe","id":"1","payload":{}}"#,
        r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
        r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
    ];
    for text in wrong {
        let mut client = Client::admitted(&world).await;
        client.say(text).await;
        assert_eq!(client.closed().await, 4400, "{text}");
    }
    let mut client = Client::admitted(&world).await;
    client.0.send(Message::binary(SUBSCRIBE.as_bytes().to_vec())).await.unwrap();
    assert_eq!(client.closed().await, 4400);
    let mut client = Client::connect(&world).await;
    client.say(SUBSCRIBE).await;
    assert_eq!(client.closed().await, 4401);
    let mut client = Client::admitted(&world).await;
    client.send(json!({"type": "connection_init", "payload": {"token": world.token(Role::Agent)}})).await;
    assert_eq!(client.closed().await, 4429);
    let mut client = Client::admitted(&world).await;
    client.say(SUBSCRIBE).await;
    client.say(SUBSCRIBE).await;
    assert_eq!(client.closed().await, 4409);
}

#[tokio::test]
async fn who_says_nothing_at_first_is_not_waited_for() {
    let limits = Limits { socket_init_wait: Duration::from_millis(20), ..Limits::default() };
    let world = World::opened(Bounds::default(), limits, |door| door).await;
    assert_eq!(Client::connect(&world).await.closed().await, 4408);
}

#[tokio::test]
async fn a_connection_ends_with_its_key() {
    let limits = Limits { socket_judged_each: Duration::from_millis(20), ..Limits::default() };
    let world = World::opened(Bounds::default(), limits, |door| door).await;
    let owner = deskgraph::app::viewer::local_owner(deskgraph::model::WorkspaceId("acme".to_owned()));
    let wish =
        deskgraph::app::api_keys::KeyWish { name: "page".into(), role: Role::Agent, teams: None, expires_at: None };
    let (key, fresh) = world.app.make_api_key(&owner, wish).await.unwrap();
    let mut client = Client::open(&world, json!({"token": fresh.text()})).await;
    assert_eq!(client.next().await, Some(json!({"type": "connection_ack"})));
    world.app.revoke_api_key(&owner, &key.id).await.unwrap();
    assert_eq!(client.closed().await, 4403);
}

#[tokio::test]
async fn wrong_operations_are_answered_and_the_connection_goes_on() {
    let world = World::new().await;
    let mut client = Client::admitted(&world).await;
    for (id, query) in
        [("a", "{"), ("b", "{ nothing }"), ("c", "subscription { nothing }"), ("d", "query($n: Int!) { __typename }")]
    {
        client.send(json!({"type": "subscribe", "id": id, "payload": {"query": query}})).await;
        let message = client.next().await.unwrap();
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message}");
        assert_eq!(message["payload"][0]["extensions"]["code"], "BAD_USER_INPUT", "{message}");
    }
    client.send(json!({"type": "ping", "payload": {"n": 1}})).await;
    assert_eq!(client.next().await, Some(json!({"type": "pong", "payload": {"n": 1}})));
    // An id is free again when what it named has ended, and what was ended by the client says no more.
    for _ in 0..2 {
        client.send(json!({"type": "subscribe", "id": "e", "payload": {"query": "{ __typename }"}})).await;
        assert_eq!(client.next().await.unwrap()["payload"]["data"]["__typename"], "Query");
        assert_eq!(client.next().await, Some(json!({"type": "complete", "id": "e"})));
    }
    client.say(SUBSCRIBE).await;
    assert_eq!(client.next().await.unwrap()["payload"]["data"]["revision"]["revision"], 0);
    client.send(json!({"type": "complete", "id": "1"})).await;
    client.send(json!({"type": "ping"})).await;
    assert_eq!(client.next().await, Some(json!({"type": "pong"})));
    world.ingest(r#"{"type":"tag","id":"t","name":"Tag"}"#).await;
    client.say(SUBSCRIBE).await;
    let message = client.next().await.unwrap();
    assert_eq!((&message["id"], &message["payload"]["data"]["revision"]["revision"]), (&json!("1"), &json!(1)));
}
