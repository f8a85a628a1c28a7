//! Every endpoint: those of the dialects as their description lists them, the graph's two, ingest, and what is told over the WebSocket.

use axum::body::Body;
use axum::http::{Method, Request, header};
use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{ACME, Worlds, ask, says_something};
use crate::rest::encoded;
use crate::socket::Client;
use crate::world::{Answer, World};

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
async fn send(world: &World, token: &str, method: &str, path: &str, body: &Value) -> Answer {
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
    let mut owner = listen(&worlds.owner).await;
    assert_eq!(
        [revision(owner.next().await), revision(other.next().await), revision(nowhere.next().await)],
        [json!(1), json!(1), json!(0)]
    );
    let tag = |name: &str| format!(r#"{{"type":"tag","id":"new","name":"{name}"}}"#);
    for n in 2..4 {
        worlds.both.ingest_as(&worlds.owner, &tag(&n.to_string())).await;
        assert_eq!(revision(owner.next().await), n);
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
