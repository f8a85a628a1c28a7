//! Every endpoint: those of the dialects as their description lists them, the graph's two, ingest, and what is told over the WebSocket.

use async_graphql::parser::types::FieldDefinition;
use axum::body::Body;
use axum::http::{Method, Request, header};
use deskgraph::graphql::Bounds;
use deskgraph::http::{Door, OpenTo};
use deskgraph::model::Role;
use serde_json::{Value, json};

use super::lines::lines;
use super::sdl::{Sdl, base};
use super::{ACME, Worlds, ask, fill, says_something};
use crate::rest::encoded;
use crate::socket::Client;
use crate::world::{Answer, World, usual_limits};

/// What is asked of each operation; one that the description gains must be given something.
fn requests() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let range = "from=2026-05-01T00:00:00.000Z&to=2026-06-01T00:00:00.000Z";
    let question = |id: &str, what: &str| {
        let period = json!({"_type": "Interval", "start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"});
        json!({"id": id, what: period, "timezone": "UTC", "aggregations": ["Count"], "filters": []})
    };
    let records = || {
        let mut body = question("closed_conversations", "periodFilter");
        body.as_object_mut().unwrap().remove("aggregations");
        body
    };
    let leak = |text: String| -> &'static str { text.leak() };
    vec![
        ("openCxOverview", "get", leak(format!("/sla/analytics?{range}")), Value::Null),
        ("openCxBreakdown", "get", leak(format!("/sla/analytics/breakdown?{range}&group_by=agent")), Value::Null),
        ("openCxTrend", "get", leak(format!("/sla/analytics/trend?{range}&granularity=day")), Value::Null),
        ("dixaMetrics", "get", "/v1/analytics/metrics", Value::Null),
        ("dixaMetric", "get", "/v1/analytics/metrics/closed_conversations", Value::Null),
        ("dixaMetricData", "post", "/v1/analytics/metrics", question("closed_conversations", "periodFilter")),
        ("dixaRecords", "get", "/v1/analytics/records", Value::Null),
        ("dixaRecord", "get", "/v1/analytics/records/closed_conversations", Value::Null),
        ("dixaRecordsData", "post", "/v1/analytics/records", records()),
        ("dixaFilterValues", "get", "/v1/analytics/filter/agent_id", Value::Null),
        (
            "rocketChatAgentOverview",
            "get",
            leak(format!("/api/v1/livechat/analytics/agent-overview?name=Total_messages&{range}")),
            Value::Null,
        ),
        (
            "rocketChatOverview",
            "get",
            leak(format!("/api/v1/livechat/analytics/overview?name=Conversations&{range}")),
            Value::Null,
        ),
        ("kayakoCaseMetrics", "get", "/api/v1/cases/1000/metrics.json", Value::Null),
        ("pingbackOverview", "get", "/api/v1/analytics/overview", Value::Null),
    ]
}

/// Sends a request with the token in every form that a dialect may want it in.
pub async fn send(world: &World, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let bare = path.starts_with("/v1/analytics");
    let authorization = if bare { token.to_owned() } else { format!("Bearer {token}") };
    let mut request =
        Request::builder().method(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap()).uri(path);
    request =
        request.header(header::AUTHORIZATION, authorization).header("x-auth-token", token).header("x-user-id", "kim");
    request = request.header(header::CONTENT_TYPE, "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    world.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn every_operation_of_the_dialects_answers_the_right_viewer_alone() {
    let worlds = Worlds::new().await;
    let document = send(&worlds.both, "", "get", "/openapi.json", &Value::Null).await.json();
    let mut described: Vec<String> = Vec::new();
    for methods in document["paths"].as_object().unwrap().values() {
        described
            .extend(methods.as_object().unwrap().values().map(|of| of["operationId"].as_str().unwrap().to_owned()));
    }
    let requests = requests();
    let mut asked: Vec<&str> = requests.iter().map(|(operation, ..)| *operation).collect();
    described.sort();
    asked.sort_unstable();
    assert_eq!(asked, described);
    for (operation, method, path, body) in &requests {
        let answer = send(&worlds.both, &worlds.owner, method, path, body).await;
        assert_eq!(answer.status, 200, "{operation}: {}", answer.text());
        assert!(says_something(&answer.json()), "{operation}: {}", answer.text());
        for of in &worlds.strangers {
            let found = send(&worlds.both, &of.token, method, path, body).await;
            let expected = send(&of.alone, &of.token, method, path, body).await;
            let what = format!("{operation}: {} got {} instead of {}", of.name, found.text(), expected.text());
            assert!((found.status, found.text()) == (expected.status, expected.text()), "{what}");
        }
        for (name, token) in &worlds.bad {
            let answer = send(&worlds.both, token, method, path, body).await;
            assert_eq!(answer.status, 401, "{operation}, {name}: {}", answer.text());
            assert!(!answer.text().contains(ACME), "{operation}, {name}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn the_graph_is_asked_by_get_as_it_is_by_post() {
    let worlds = Worlds::new().await;
    let query = "{ workspace { name } cases { totalCount edges { node { subject } } } }";
    let path = format!("/graphql?query={}", encoded(query));
    let get = async |world: &World, token: &str| send(world, token, "get", &path, &Value::Null).await;
    assert!(get(&worlds.both, &worlds.owner).await.text().contains("acmemark open one"));
    for of in &worlds.strangers {
        let found = get(&worlds.both, &of.token).await.text();
        assert_eq!(found, get(&of.alone, &of.token).await.text(), "{}", of.name);
        assert_eq!(found, ask(&worlds.both, &of.token, query).await.text(), "{}", of.name);
    }
    for (name, token) in &worlds.bad {
        let answer = get(&worlds.both, token).await;
        assert!(answer.status == 401 && answer.json().get("data").is_none(), "{name}: {}", answer.text());
    }
}

#[tokio::test]
async fn lines_go_into_the_workspace_of_who_sends_them() {
    let worlds = Worlds::new().await;
    let query = "{ workspace { name revision } cases(first: 100) { edges { node { externalId subject } } } tags { edges { node { name } } } }";
    let before = ask(&worlds.both, &worlds.owner, query).await.text();
    let lines = "{\"type\":\"case\",\"id\":\"c10\",\"subject\":\"taken over\"}\n{\"type\":\"erase\",\"of\":\"case\",\"id\":\"c1x\"}\n";
    let ingest = async |token: &str| {
        let request = crate::world::post("/ingest", token).header(header::CONTENT_TYPE, "application/x-ndjson");
        worlds.both.send(request.body(lines.to_owned().into()).unwrap()).await
    };
    for (name, token) in &worlds.bad {
        assert_eq!(ingest(token).await.status, 401, "{name}");
    }
    for role in [Role::Agent, Role::Manager] {
        assert_eq!(ingest(&worlds.both.token_for("acme", role, None)).await.status, 403, "{role}");
    }
    assert_eq!(ingest(&worlds.strangers[0].token).await.status, 200);
    assert_eq!(ask(&worlds.both, &worlds.owner, query).await.text(), before);
    let other = ask(&worlds.both, &worlds.strangers[0].token, query).await.text();
    assert!(other.contains("taken over") && !other.contains("othermark open one"), "{other}");
}

#[tokio::test]
async fn what_is_told_of_lines_is_of_the_senders_workspace() {
    let worlds = Worlds::new().await;
    let lines = [
        r#"{"type":"case","id":"c10","subject":"acmemark c10"}"#,
        r#"{"type":"message","case":"c11","id":"c11-m1","at":"2026-05-26T08:17:00Z","author":{"kind":"customer","id":"cu1"},"opening":true}"#,
        r#"{"type":"message","case":"c99","id":"new","at":"2026-05-26T08:17:00Z","author":{"kind":"agent","id":"a1"}}"#,
        r#"{"type":"case","id":"new","number":1000,"created_at":"2026-05-26T08:17:00Z","channel":"email"}"#,
        r#"{"type":"agent","id":"a9","number":17,"name":"New","username":"acmemark-sarah"}"#,
        r#"{"type":"status_change","case":"c10","id":"x","at":"2026-05-26T08:17:00Z","status":"no such status"}"#,
    ];
    for of in &worlds.strangers {
        let mut told = Vec::new();
        for world in [&worlds.both, &of.alone] {
            let request = crate::world::post("/ingest", &of.token).header(header::CONTENT_TYPE, "application/x-ndjson");
            let answer = world.send(request.body(lines.join("\n").into()).unwrap()).await;
            told.push((answer.status, answer.json()));
        }
        assert_eq!(told[0], told[1], "{}", of.name);
        assert_eq!(told[0].0, if of.name == "a team" { 403 } else { 200 }, "{}: {}", of.name, told[0].1);
    }
}

/// The first message about a request over a WebSocket of its own.
async fn first(world: &World, token: &str, query: &str) -> Value {
    let mut client = Client::open(world, json!({ "token": token })).await;
    assert_eq!(client.next().await, Some(json!({"type": "connection_ack"})));
    client.send(json!({"type": "subscribe", "id": "1", "payload": {"query": query}})).await;
    let message = client.next().await.unwrap();
    assert_eq!(message["type"], "next", "{query}: {message}");
    message["payload"].clone()
}

#[tokio::test]
async fn what_is_asked_over_the_websocket_is_answered_as_by_post() {
    let (worlds, sdl) = (Worlds::new().await, Sdl::read());
    let queries = [
        "{ cases { totalCount edges { node { subject } } } metrics { createdCases { count } } }",
        r#"{ c10: case(by: {externalId: "c10"}) { subject } c20: case(by: {externalId: "c20"}) { subject } }"#,
    ];
    let told = |field: &FieldDefinition| {
        format!("subscription {{ {} {} }}", field.name.node, sdl.contents(&base(&field.ty.node), 1))
    };
    let mut asked: Vec<String> = queries.map(str::to_owned).to_vec();
    // Whatever is told by itself; so one that the schema gains is asked, too.
    asked.extend(sdl.fields("Subscription").into_iter().map(told));
    assert!(asked.len() > queries.len());
    for query in &asked {
        let owned = first(&worlds.both, &worlds.owner, query).await;
        assert!(says_something(&owned["data"]) && owned.get("errors").is_none(), "{query}: {owned}");
        for of in &worlds.strangers {
            let found = first(&worlds.both, &of.token, query).await;
            assert_eq!(found, first(&of.alone, &of.token, query).await, "{}: {query}", of.name);
            if queries.contains(&query.as_str()) {
                assert_ne!(found, owned, "{}: {query}", of.name);
                assert_eq!(found["data"], ask(&worlds.both, &of.token, query).await.json()["data"], "{}", of.name);
            }
        }
    }
}

#[tokio::test]
async fn what_anybody_may_ask_names_nobody() {
    let open = |door: Door| door.open_to(OpenTo { metrics: true, ..OpenTo::default() });
    let world = World::opened(Bounds::default(), usual_limits(), open).await;
    fill(&world, "acme", &lines(ACME, 1)).await;
    let owner = world.token_for("acme", Role::Owner, None);
    let query = "{ cases { edges { node { subject } } } metrics { createdCases { count } } }";
    assert!(ask(&world, &owner, query).await.text().contains(ACME));
    for path in ["/api/v1/cases/1000/metrics.json", "/sla/analytics?team_id=t1", "/v1/analytics/filter/agent_id"] {
        send(&world, &owner, "get", path, &Value::Null).await;
    }
    let paths = ["/metrics", "/healthz", "/readyz", "/openapi", "/openapi.json", "/graphiql", "/", "/nothing"];
    for path in paths {
        let text = send(&world, "", "get", path, &Value::Null).await.text();
        let named = [ACME, "\"acme\"", "c10", "\"t1\"", "1000/metrics"].into_iter().find(|name| text.contains(name));
        assert_eq!(named, None, "{path}: {text}");
    }
}

#[tokio::test]
async fn who_listens_is_told_of_their_own_workspace() {
    let worlds = Worlds::new().await;
    let query = "subscription { revision { revision asOf } }";
    let listen = async |token: &str| {
        let mut client = Client::open(&worlds.both, json!({ "token": token })).await;
        assert_eq!(client.next().await, Some(json!({"type": "connection_ack"})));
        client.send(json!({"type": "subscribe", "id": "1", "payload": {"query": query}})).await;
        client
    };
    let revision = |message: Option<Value>| message.unwrap()["payload"]["data"]["revision"]["revision"].clone();
    let mut other = listen(&worlds.strangers[0].token).await;
    let mut nowhere = listen(&worlds.strangers[1].token).await;
    let mut team = listen(&worlds.strangers[2].token).await;
    let mut owner = listen(&worlds.owner).await;
    assert_eq!(revision(team.next().await), 1);
    assert_eq!(
        [revision(owner.next().await), revision(other.next().await), revision(nowhere.next().await)],
        [json!(1), json!(1), json!(0)]
    );
    let tag = |name: &str| format!(r#"{{"type":"tag","id":"new","name":"{name}"}}"#);
    for n in 2..4 {
        worlds.both.ingest_as(&worlds.owner, &tag(&n.to_string())).await;
        assert_eq!(revision(owner.next().await), n);
        assert_eq!(revision(team.next().await), n);
    }
    // The next that the others hear is of their own change.
    worlds.both.ingest_as(&worlds.strangers[0].token, &tag("mine")).await;
    assert_eq!(revision(other.next().await), 2);
    worlds.both.ingest_as(&worlds.strangers[1].token, &tag("mine")).await;
    assert_eq!(revision(nowhere.next().await), 1);
    for (name, token) in &worlds.bad {
        let mut client = Client::open(&worlds.both, json!({ "token": token })).await;
        assert_eq!(client.closed().await, 4403, "{name}");
    }
}
