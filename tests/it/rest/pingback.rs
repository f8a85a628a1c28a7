//! Pingback's overview: its sample, its conformance cases, and what we do otherwise.

use deskgraph::model::Role;
use serde_json::json;

use super::{assert_near, bearer, get, graph, names_in_order};
use crate::analytics::questions::demo;
use crate::analytics::{Chat, Chats};
use crate::world::World;

const PATH: &str = "/api/v1/analytics/overview";

async fn overview(world: &World) -> serde_json::Value {
    let answer = get(world, PATH, &[bearer(world, Role::Manager)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Three conversations on 20 May, one of them resolved and rated, one by a channel for which Pingback has a word of its own.
fn chats() -> Chats {
    let mut chats = Chats::default();
    chats
        .line(r#"{"type":"agent","id":"a1","name":"Sarah Chen"}"#)
        .line(r#"{"type":"agent","id":"a2","name":"James Rivera"}"#)
        .line(r#"{"type":"presence","agent":"a1","at":"2026-06-01T08:00:00Z","status":"available"}"#)
        .line(r#"{"type":"presence","agent":"a2","at":"2026-06-01T08:00:00Z","status":"offline"}"#)
        .line(r#"{"type":"presence","agent":"a3","at":"2026-06-01T08:00:00Z","status":"away"}"#)
        .add(Chat {
            channel: Some("whatsapp"),
            assignee: Some("a1"),
            reply: Some(("a1", 47)),
            resolved_after: Some(384),
            score: Some(5),
            ..Chat::default()
        })
        .add(Chat { channel: Some("web"), assignee: Some("a2"), score: Some(2), ..Chat::default() })
        .add(Chat { channel: Some("web"), assignee: Some("a2"), score: Some(4), ..Chat::default() });
    chats
}

#[tokio::test]
async fn p4_the_sample_has_its_names_and_kinds() {
    let world = chats().world().await;
    let answer = get(&world, PATH, &[bearer(&world, Role::Manager)]).await;
    assert_eq!(answer.header("content-type"), "application/json");
    let expected = json!({
        "total_conversations": 3,
        "avg_first_response": 47,
        "resolution_rate": 33.3,
        "active_agents": 2,
        "channel_mix": {"whatsapp": 33.3, "widget": 66.7},
        "top_agents": [{"name": "Sarah Chen", "resolved": 1}],
        "quick_pulse_open": 2,
        "median_handle_time": 384,
        "customer_happiness": 67,
    });
    assert_eq!(answer.json(), expected);
    let mut names = names_in_order(&answer.text());
    names.retain(|name| expected.get(name).is_some());
    let order = [
        "total_conversations",
        "avg_first_response",
        "resolution_rate",
        "active_agents",
        "channel_mix",
        "top_agents",
        "quick_pulse_open",
        "median_handle_time",
        "customer_happiness",
    ];
    assert_eq!(names, order);
}

#[tokio::test]
async fn customer_happiness_is_real_and_not_98() {
    let mut chats = Chats::default();
    for score in [5, 1, 1, 1] {
        chats.add(Chat { score: Some(score), ..Chat::default() });
    }
    assert_eq!(overview(&chats.world().await).await["customer_happiness"], 25);
}

#[tokio::test]
async fn p3_the_window_is_thirty_times_24_hours_but_for_what_is_open_now() {
    let mut chats = Chats::default();
    let case = |id: &str, at: &str| {
        format!(r#"{{"type":"case","id":"{id}","created_at":"{at}","channel":"email","requester":"cu1"}}"#)
    };
    // It is 2026-06-01T12:00:00Z.
    chats.line(&case("in", "2026-05-02T12:00:00Z")).line(&case("out", "2026-05-02T11:59:59.999Z"));
    let answer = overview(&chats.world().await).await;
    assert_eq!((&answer["total_conversations"], &answer["quick_pulse_open"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn an_empty_workspace_has_zeros() {
    let world = World::new().await;
    let expected = json!({
        "total_conversations": 0, "avg_first_response": 0, "resolution_rate": 0.0, "active_agents": 0, "channel_mix": {},
        "top_agents": [], "quick_pulse_open": 0, "median_handle_time": 0, "customer_happiness": 0,
    });
    assert_eq!(overview(&world).await, expected);
}

#[tokio::test]
async fn p1_p2_shares_sum_to_100_and_at_most_five_agents_are_named() {
    let world = demo().await;
    let answer = overview(&world).await;
    let tenths =
        answer["channel_mix"].as_object().unwrap().values().map(|share| (share.as_f64().unwrap() * 10.0).round());
    assert_eq!(tenths.sum::<f64>(), 1_000.0, "{answer}");
    let top = answer["top_agents"].as_array().unwrap();
    let resolved: Vec<i64> = top.iter().map(|agent| agent["resolved"].as_i64().unwrap()).collect();
    assert!(top.len() == 5 && resolved.is_sorted_by(|a, b| a >= b), "{answer}");
}

#[tokio::test]
async fn numbers_are_those_of_the_graph() {
    let world = demo().await;
    let answer = overview(&world).await;
    let query = r#"{ overview(period: {last: "PT720H"}) {
        totalCases averageFirstResponseSeconds resolutionRate activeAgents openCases averageHandleSeconds customerSatisfaction
        topAgents { agent { name } resolved } channelMix { percentage } } }"#;
    let ours = &graph(&world, query).await["overview"];
    let whole = |name: &str| json!(ours[name].as_f64().unwrap().round());
    for (theirs, ours) in [
        ("total_conversations", ours["totalCases"].clone()),
        ("avg_first_response", whole("averageFirstResponseSeconds")),
        ("resolution_rate", json!((ours["resolutionRate"].as_f64().unwrap() * 10.0).round() / 10.0)),
        ("active_agents", ours["activeAgents"].clone()),
        ("quick_pulse_open", ours["openCases"].clone()),
        ("median_handle_time", whole("averageHandleSeconds")),
        ("customer_happiness", whole("customerSatisfaction")),
    ] {
        assert_near(&answer[theirs], &ours, theirs);
    }
    let names = |list: &serde_json::Value, name: fn(&serde_json::Value) -> serde_json::Value| {
        list.as_array().unwrap().iter().map(|of| (name(of), of["resolved"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&answer["top_agents"], |of| of["name"].clone()),
        names(&ours["topAgents"], |of| of["agent"]["name"].clone())
    );
    assert_eq!(answer["channel_mix"].as_object().unwrap().len(), ours["channelMix"].as_array().unwrap().len());
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let world = chats().world().await;
    let check = async |headers: &[super::Header], path: &str, status: u16, code: &str| {
        let answer = get(&world, path, headers).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (status, &json!(code)), "{}", answer.text());
    };
    check(&[], PATH, 401, "UNAUTHENTICATED").await;
    check(&[("authorization", "Bearer nonsense".to_owned())], PATH, 401, "UNAUTHENTICATED").await;
    check(&[("authorization", world.token(Role::Manager))], PATH, 401, "UNAUTHENTICATED").await;
    check(&[bearer(&world, Role::Agent)], PATH, 403, "FORBIDDEN").await;
    check(&[bearer(&world, Role::Agent)], &format!("{PATH}?days=7"), 403, "FORBIDDEN").await;
    check(&[bearer(&world, Role::Manager)], &format!("{PATH}?days=7"), 400, "BAD_USER_INPUT").await;
}

#[tokio::test]
async fn a_token_of_some_teams_sees_their_cases_and_no_presence() {
    let mut chats = chats();
    chats.line(r#"{"type":"case","id":"t","created_at":"2026-05-20T09:00:00Z","channel":"email","requester":"cu1","team":"support"}"#);
    let world = chats.world().await;
    let token = world.token_for(crate::world::WORKSPACE, Role::Manager, Some(&["support"]));
    let answer = get(&world, PATH, &[("authorization", format!("Bearer {token}"))]).await.json();
    assert_eq!((&answer["total_conversations"], &answer["active_agents"]), (&json!(1), &json!(null)), "{answer}");
}
