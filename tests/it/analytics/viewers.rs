//! Who sees which figures.

use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{Chat, Chats, get};
use crate::world::{WORKSPACE, World};

/// Three cases of team t1 and two of t2, in all kinds of rows.
async fn world() -> World {
    let mut chats = Chats::default();
    for place in 0..5_u32 {
        chats.add(Chat {
            assignee: Some("a1"),
            reply: Some(("a1", 10)),
            resolved_after: Some(600),
            closed_after: Some(700),
            score: Some(5),
            ..Chat::default()
        });
        let team = if place < 3 { "t1" } else { "t2" };
        chats.line(&format!(
            r#"{{"type":"assignment","case":"c{place}","at":"2026-05-20T09:00:01Z","kind":"assign","agent":"a1","team":"{team}"}}"#
        ));
    }
    chats.line(r#"{"type":"presence","agent":"a1","at":"2026-05-20T09:00:00Z","status":"available"}"#);
    chats.world().await
}

const QUESTION: &str = "{ metrics(period: {preset: THIS_YEAR}) {
    createdCases { count records { totalCount } } resolvedCases { count } closedCases { count } assignments { count } ratings { count }
    messages { count by(dimension: TEAM) { key { value } metric { count } } } backlogCases { count } responseTime { sampleSize }
    } table(metrics: [{metric: CREATED_CASES}], period: {preset: THIS_YEAR}) { rows }
    records(record: RESOLUTION, period: {preset: THIS_YEAR}) { totalCount edges { node { case { externalId } } } }
    filterValues(attribute: TEAM) { edges { node { value } } }
    overview(period: {preset: THIS_YEAR}) { totalCases } slaAnalytics(period: {preset: THIS_YEAR}) { totalCases }
    agentOverview(measure: CASE_SHARE, period: {preset: THIS_YEAR}) { rows { value } } }";

#[tokio::test]
async fn a_team_sees_figures_of_its_cases_only() {
    let world = world().await;
    let asked = async |teams: Option<&[&str]>| {
        let token = world.token_for(WORKSPACE, Role::Manager, teams);
        let answer = world.ask_as(&token, QUESTION, json!({})).await;
        assert!(answer["errors"].is_null(), "{}", answer["errors"]);
        answer["data"].clone()
    };
    let counts = |data: &Value| {
        let paths = [
            "metrics.createdCases.count",
            "metrics.createdCases.records.totalCount",
            "metrics.resolvedCases.count",
            "metrics.closedCases.count",
            "metrics.assignments.count",
            "metrics.ratings.count",
            "metrics.messages.count",
            "metrics.responseTime.sampleSize",
            "table.rows.0.0",
            "records.totalCount",
            "overview.totalCases",
            "slaAnalytics.totalCases",
        ];
        paths.map(|path| get(data, path).as_i64().unwrap_or_else(|| panic!("{path}: {data}")))
    };
    let (all, one, none) = (asked(None).await, asked(Some(&["t1"])).await, asked(Some(&["t9"])).await);
    assert_eq!(counts(&all), [5, 5, 5, 5, 5, 5, 5, 0, 5, 5, 5, 5]);
    assert_eq!(counts(&one), [3, 3, 3, 3, 3, 3, 3, 0, 3, 3, 3, 3]);
    assert_eq!(counts(&none), [0; 12]);
    assert_eq!(get(&one, "filterValues.edges"), &json!([{"node": {"value": "t1"}}]));
    assert_eq!(get(&none, "filterValues.edges"), &json!([]));
    // A case that moves is the other team's at once, with all its rows.
    world
        .ingest(r#"{"type":"assignment","case":"c0","at":"2026-05-21T09:00:01Z","kind":"transfer","team":"t2"}"#)
        .await;
    assert_eq!(get(&asked(Some(&["t1"])).await, "metrics.resolvedCases.count"), 2);
}

#[tokio::test]
async fn presence_is_no_teams_and_figures_no_agents() {
    let world = world().await;
    let query = "{ metrics { createdCases { count } activeAgents { count } agentPresence { seconds } } }";
    let token = world.token_for(WORKSPACE, Role::Manager, Some(&["t1"]));
    let answer = world.ask_as(&token, query, json!({})).await;
    assert_eq!(
        answer["data"]["metrics"],
        json!({"createdCases": {"count": 3}, "activeAgents": null, "agentPresence": null})
    );
    let codes: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|e| &e["extensions"]["code"]).collect();
    assert_eq!(codes, ["FORBIDDEN", "FORBIDDEN"]);
    let token = world.token_for(WORKSPACE, Role::Agent, None);
    let answer = world.ask_as(&token, "{ metrics { createdCases { count } } viewer { subject } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(answer["data"]["viewer"]["subject"], "kim");
    let token = world.token_for("another", Role::Owner, None);
    let answer = world.ask_as(&token, "{ metrics { createdCases { count } } }", json!({})).await;
    assert_eq!(answer["data"]["metrics"]["createdCases"]["count"], 0);
}
