//! What is refused, and to whom.

use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{METRICS, RECORDS, closed, key, refused, sample};
use crate::analytics::{Chat, Chats};
use crate::rest::{Header, get, names_in_order, post};
use crate::world::{WORKSPACE, World};

#[tokio::test]
async fn what_is_wrong_is_a_400_with_a_message() {
    let world = closed().await;
    let check = async |change: &dyn Fn(&mut Value), expected: &str| {
        let mut body = sample();
        change(&mut body);
        for path in [METRICS, RECORDS] {
            if path == RECORDS {
                body.as_object_mut().unwrap().remove("aggregations");
                if expected == "aggregations" {
                    continue;
                }
            }
            let answer = refused(&world, path, &body.to_string()).await;
            let message = answer.json()["message"].as_str().unwrap().to_owned();
            assert!(message.contains(expected), "{body}: {message}");
        }
    };
    check(&|body| body["id"] = json!("nothing"), "`nothing`").await;
    check(&|body| body["id"] = json!("x".repeat(100_000)), "id").await;
    check(&|body| body["timezone"] = json!("Mars/Olympus"), "timezone").await;
    check(&|body| drop(body.as_object_mut().unwrap().remove("timezone")), "timezone").await;
    check(&|body| body["periodFilter"]["value"]["_type"] = json!("LastWeek"), "periodFilter").await;
    check(&|body| body["periodFilter"]["_type"] = json!("Year"), "Year").await;
    let backwards = json!({"_type": "Interval", "start": "2026-05-02T00:00:00Z", "end": "2026-05-01T00:00:00Z"});
    check(&|body| body["periodFilter"] = backwards.clone(), "periodFilter.start").await;
    let no_instant = json!({"_type": "Interval", "start": "2026-05-02", "end": "2026-05-03T00:00:00Z"});
    check(&|body| body["periodFilter"] = no_instant.clone(), "periodFilter.start").await;
    check(&|body| body["filters"][0]["attribute"] = json!("colour"), "colour").await;
    check(&|body| body["filters"][0]["values"] = json!(vec!["x"; 101]), "101").await;
    check(&|body| body["filters"][0]["values"] = json!([1]), "integer").await;
    check(&|body| body["filters"] = json!([{"attribute": "hour_of_day", "values": ["24"]}]), "hour").await;
    check(&|body| body["aggregations"] = json!(["Median"]), "aggregations").await;
    check(&|body| body["aggregations"] = json!(["Average"]), "aggregations").await;
    check(&|body| body["surprise"] = json!(1), "surprise").await;
    for body in ["", "{", "[]", "null", &" ".repeat(300_000), "\u{0}"] {
        refused(&world, METRICS, body).await;
        refused(&world, RECORDS, body).await;
    }
    for path in [
        "metrics/nothing",
        "records/nothing",
        "filter/nothing",
        "metrics?pageLimit=0",
        "records?pageLimit=301",
        "metrics/csat?x=1",
        "metrics/%FF",
        "filter/%FF",
    ] {
        let answer = get(&world, &format!("/v1/analytics/{path}"), &key(&world)).await;
        assert_eq!(
            (answer.status.as_u16(), names_in_order(&answer.text())),
            (400, vec!["message".to_owned()]),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_token_stands_by_itself() {
    let world = World::new().await;
    let check = async |header: Option<String>, status: u16| {
        let headers: Vec<Header> = header.into_iter().map(|value| ("authorization", value)).collect();
        for path in ["metrics", "metrics/csat", "records", "records/ratings", "filter/channel"] {
            let answer = get(&world, &format!("/v1/analytics/{path}"), &headers).await;
            assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        }
        for path in [METRICS, RECORDS] {
            // Before anything is said of the body.
            let answer =
                post(&world, path, &headers, if status == 200 { sample().to_string() } else { "{".to_owned() }).await;
            let expected = if path == RECORDS && status == 200 { 400 } else { status };
            assert_eq!(answer.status.as_u16(), expected, "{path}: {}", answer.text());
        }
    };
    check(Some(world.token(Role::Manager)), 200).await;
    check(Some(format!("Bearer {}", world.token(Role::Manager))), 200).await;
    check(None, 401).await;
    check(Some("nonsense".to_owned()), 401).await;
    check(Some("Basic x".to_owned()), 401).await;
    check(Some(world.token(Role::Agent)), 403).await;
}

#[tokio::test]
async fn viewers_of_some_teams_see_their_conversations_and_no_presence() {
    let mut chats = Chats::default();
    chats.add(Chat::default()).line(
        r#"{"type":"case","id":"t","created_at":"2026-05-20T09:00:00Z","channel":"sms","requester":"cu1","team":"support","assignee":"a1"}"#,
    );
    let world = chats.world().await;
    let token = world.token_for(WORKSPACE, Role::Manager, Some(&["support"]));
    let headers = [("authorization", token)];
    let period = json!({"_type": "Preset", "value": {"_type": "PreviousMonth"}});
    let body = |id: &str| json!({"id": id, "periodFilter": period, "timezone": "UTC"});
    let answer = post(&world, METRICS, &headers, body("created_conversations")).await.json();
    assert_eq!(answer["data"]["aggregates"][0]["value"], 1, "{answer}");
    let answer = post(&world, RECORDS, &headers, body("conversations")).await.json();
    assert_eq!(answer["data"].as_array().unwrap().len(), 1, "{answer}");
    let channels = get(&world, "/v1/analytics/filter/channel", &headers).await.json();
    assert_eq!(channels["data"], json!([{"value": "SMS"}]));
    for (path, id) in [(METRICS, "agent_presence"), (METRICS, "active_agents"), (RECORDS, "agent_presence")] {
        assert_eq!(post(&world, path, &headers, body(id)).await.status, 403, "{path} {id}");
    }
}
