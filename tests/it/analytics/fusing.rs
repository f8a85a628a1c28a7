//! What one request costs: one pass over each kind of rows, whatever it asks; one tile's error leaves the others.

use deskgraph::model::Role;
use serde_json::Value;

use super::{Chat, Chats};
use crate::world::World;

async fn world() -> World {
    let mut chats = Chats::default();
    for place in 0..24_u32 {
        chats.add(Chat {
            channel: Some(["web", "email", "sms"][place as usize % 3]),
            assignee: Some(["a1", "a2", "a3", "a4"][place as usize % 4]),
            reply: Some((["a1", "a2"][place as usize % 2], 10 + place)),
            messages: place as usize % 3,
            resolved_after: (place % 2 == 0).then_some(600 + place),
            closed_after: (place % 4 == 0).then_some(900 + place),
            score: (place % 3 == 0).then_some(1 + (place % 5) as u8),
        });
    }
    chats.world().await
}

async fn scans(world: &World, query: &str) -> i64 {
    let answer = world.ask(query).await;
    assert!(answer["errors"].is_null(), "{query}: {}", answer["errors"]);
    answer["extensions"]["stats"]["scans"].as_i64().unwrap_or_else(|| panic!("{answer}"))
}

#[tokio::test]
async fn a_dashboard_is_one_pass_over_each_kind_of_rows() {
    let world = world().await;
    let query = "{ metrics(period: {preset: THIS_YEAR}) {
        createdCases { count previous { count } change series(grain: MONTH) { metric { count } } by(dimension: CHANNEL) { key { label } metric { count } } }
        reopenedCases { count } openCases { count } unassignedCases { count } resolutionRate { percentage } reopenRate { percentage }
        slaCoverage { percentage } firstResponseTime { average median percentile(p: 90) series(grain: WEEK) { metric { average } } }
        reactionTime { average } handleTime { average p95: percentile(p: 95) } serviceTime { average } customerWaitTime { sum } agentWaitTime { sum }
        resolvedCases { count previous { count } by(dimension: AGENT, others: true) { metric { count } } }
        resolutionTime { average median } repliesToResolution { average } firstContactResolutionRate { percentage }
        closedCases { count } abandonmentRate { percentage }
        csat { percentage series(grain: DAY) { metric { percentage } } } ratings { count }
    } }";
    // Cases, resolutions, closures, ratings.
    assert_eq!(scans(&world, query).await, 4);
}

#[tokio::test]
async fn figures_of_a_page_of_agents_are_one_pass_over_each_kind_of_rows() {
    let world = world().await;
    let query = "{ agents(first: 100) { edges { node { name metrics(period: {preset: THIS_YEAR}) {
        createdCases { count } openCases { count } resolutionRate { percentage } firstResponseTime { average }
        handleTime { average } resolvedCases { count } resolutionTime { median } repliesToResolution { average }
    } } } } }";
    assert_eq!(scans(&world, query).await, 2);
    let query = "{ teams { edges { node { slaAnalytics(period: {preset: THIS_YEAR}) { totalCases compliance { overall } } } } } }";
    assert!(scans(&world, query).await <= 2);
}

#[tokio::test]
async fn series_of_groups_are_few_passes() {
    let world = world().await;
    let query = "{ metrics(period: {preset: THIS_YEAR}) { createdCases {
        by(dimension: AGENT, first: 10) { key { value } metric { count series(grain: DAY) { label metric { count } } } }
    } } }";
    assert!(scans(&world, query).await <= 2);
    let query = "{ metrics(period: {preset: THIS_YEAR}) { createdCases {
        series(grain: MONTH) { metric { count previous { count } by(dimension: CHANNEL) { metric { count } } } }
    } } }";
    assert!(scans(&world, query).await <= 2);
}

#[tokio::test]
async fn names_are_looked_up_once_until_something_changes() {
    let world = world().await;
    let first = async |expected: &str, statements: bool| {
        let query = r#"{ metrics(period: {preset: THIS_YEAR}, timezone: "UTC") { createdCases {
            by(dimension: AGENT, orderBy: LABEL_ASC) { key { label } }
        } } }"#;
        let answer = world.ask(query).await;
        assert!(answer["errors"].is_null(), "{answer}");
        let label = &answer["data"]["metrics"]["createdCases"]["by"][0]["key"]["label"];
        assert_eq!(label, expected, "{answer}");
        let sent = answer["extensions"]["stats"]["sqlStatements"].as_i64().unwrap();
        assert_eq!(sent > 0, statements, "{answer}");
    };
    world.ingest(r#"{"type":"agent","id":"a3","name":"Aaron"}"#).await;
    first("Aaron", true).await;
    first("Aaron", false).await;
    world.ingest(r#"{"type":"agent","id":"a3","name":"Aaliyah"}"#).await;
    first("Aaliyah", true).await;
    first("Aaliyah", false).await;
    // Of another workspace nothing is known.
    let stranger = world.token_for("other", Role::Owner, None);
    let query = "{ metrics(period: {preset: THIS_YEAR}) { createdCases { by(dimension: AGENT) { key { label } } } } }";
    let answer = world.ask_as(&stranger, query, Value::Null).await;
    assert_eq!(answer["data"]["metrics"]["createdCases"]["by"], serde_json::json!([]), "{answer}");
}

#[tokio::test]
async fn one_tiles_error_leaves_the_others() {
    let world = world().await;
    let query = r#"{ metrics(period: {preset: THIS_YEAR}, filter: {channel: ["web"]}) {
        createdCases { count } activeAgents { count } csat { percentage series(grain: HOUR) { label } } agentPresence { seconds }
        resolvedCases { count by(dimension: HOUR_OF_DAY, first: 1000) { key { value } } }
    } }"#;
    let answer = world.ask(query).await;
    let metrics = &answer["data"]["metrics"];
    assert_eq!(metrics["createdCases"]["count"], 8);
    assert_eq!((&metrics["activeAgents"], &metrics["agentPresence"]), (&Value::Null, &Value::Null));
    assert_eq!((&metrics["resolvedCases"]["by"], &metrics["resolvedCases"]["count"]), (&Value::Null, &Value::from(4)));
    let errors = answer["errors"].as_array().unwrap();
    let mut codes: Vec<_> = errors.iter().map(|e| e["extensions"]["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["BAD_USER_INPUT", "BAD_USER_INPUT", "LIMIT_EXCEEDED"], "{errors:?}");
    let text = errors.iter().map(|e| e["message"].as_str().unwrap()).find(|text| text.contains("active_agents"));
    assert_eq!(
        text,
        Some("metric `active_agents` cannot be filtered or grouped by `channel`; try one of: agent, team")
    );
}
