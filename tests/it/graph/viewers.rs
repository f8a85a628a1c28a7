//! Who sees what: a viewer of some teams sees those teams' cases by whatever path, and nobody sees another workspace.

use deskgraph::graphql::node::{Kind, global_id, version_key};
use deskgraph::model::Role;
use serde_json::{Value, json};

use super::world::{Graph, texts, viewer};

/// Ids of the graph that lead to case c1 of team t1.
fn ids() -> Vec<String> {
    let ids = [
        (Kind::Case, "c1"),
        (Kind::Message, "m1"),
        (Kind::Assignment, "e2"),
        (Kind::StatusChange, "e4"),
        (Kind::PropertyChange, "e7"),
        (Kind::SlaApplication, "e9"),
        (Kind::RatingEvent, "r1"),
        (Kind::Rating, "r1"),
        (Kind::SlaClock, "first_reply:0:c1"),
        (Kind::Customer, "cu1"),
    ];
    ids.iter().map(|(kind, key)| global_id(*kind, key).to_string()).collect()
}

fn paths() -> Vec<(&'static str, String)> {
    let list = r#"{ edges { node { externalId } } }"#;
    let mut paths = vec![
        ("case.externalId", r#"{ case(by: {externalId: "c1"}) { externalId } }"#.to_owned()),
        ("case.externalId", r#"{ case(by: {number: 184472}) { externalId } }"#.to_owned()),
        ("cases.edges.node.externalId", format!("{{ cases {list} }}")),
        ("cases.edges.node.externalId", format!(r#"{{ cases(search: "refund") {list} }}"#)),
        ("cases.edges.node.externalId", format!(r#"{{ cases(filter: {{team: ["t1"]}}) {list} }}"#)),
        ("agent.cases.edges.node.externalId", format!(r#"{{ agent(by: {{externalId: "a1"}}) {{ cases {list} }} }}"#)),
        ("team.cases.edges.node.externalId", format!(r#"{{ team(by: {{externalId: "t1"}}) {{ cases {list} }} }}"#)),
        (
            "tags.edges.node.cases.edges.node.externalId",
            format!("{{ tags {{ edges {{ node {{ cases {list} }} }} }} }}"),
        ),
        ("channels.cases.edges.node.externalId", format!("{{ channels {{ cases {list} }} }}")),
        (
            "slaPolicy.cases.edges.node.externalId",
            format!(r#"{{ slaPolicy(by: {{externalId: "gold"}}) {{ cases {list} }} }}"#),
        ),
    ];
    for id in ids() {
        paths.push(("node.id", format!(r#"{{ node(id: "{id}") {{ id }} }}"#)));
        paths.push(("nodes.id", format!(r#"{{ nodes(ids: ["{id}"]) {{ id }} }}"#)));
    }
    paths
}

/// Indicates an answer leads to the case or something of it.
fn leads_to_it(response: &Value, path: &str) -> bool {
    let found = texts(&response["data"], path);
    found.split(' ').any(|text| text == "c1" || ids().iter().any(|id| id == text))
}

#[tokio::test]
async fn a_case_is_seen_by_its_team_only_whatever_the_path() {
    let graph = Graph::new().await;
    for (path, query) in paths() {
        let all = graph.respond(viewer("acme", Role::Owner, None), &query).await;
        assert!(leads_to_it(&all, path), "the owner sees it: {query}: {all}");
        let own = graph.respond(viewer("acme", Role::Agent, Some(&["t1"])), &query).await;
        assert!(leads_to_it(&own, path), "its team sees it: {query}: {own}");
        let other = graph.respond(viewer("acme", Role::Agent, Some(&["t2"])), &query).await;
        assert!(!leads_to_it(&other, path), "another team does not: {query}: {other}");
        let nobody = graph.respond(viewer("acme", Role::Agent, Some(&[])), &query).await;
        assert!(!leads_to_it(&nobody, path), "no team does not: {query}: {nobody}");
        let elsewhere = graph.respond(viewer("other", Role::Owner, None), &query).await;
        assert!(!leads_to_it(&elsewhere, path), "another workspace does not: {query}: {elsewhere}");
    }
}

#[tokio::test]
async fn counts_are_of_what_is_seen() {
    let graph = Graph::new().await;
    let query = r#"{ viewer { teams { name } } cases { totalCount } channels { externalId cases { totalCount } } }"#;
    let response = graph.respond(viewer("acme", Role::Agent, Some(&["t2"])), query).await;
    assert_eq!(response["data"]["viewer"]["teams"], json!([{"name": "Technics"}]));
    assert_eq!(response["data"]["cases"]["totalCount"], 1);
    assert_eq!(response["data"]["channels"][0]["cases"]["totalCount"], 0);
}

#[tokio::test]
async fn merging_does_not_open_a_case() {
    let graph = Graph::new().await;
    graph
        .ingest("acme", r#"{"type":"case","id":"c6","created_at":"2026-05-30T08:00:00Z","state":"merged","merged_into":"c1","team":"t2"}"#)
        .await;
    let query = r#"{ case(by: {externalId: "c6"}) { externalId mergedInto { externalId } } }"#;
    let response = graph.respond(viewer("acme", Role::Agent, Some(&["t2"])), query).await;
    assert_eq!(response["data"]["case"], json!({"externalId": "c6", "mergedInto": null}));
}

#[tokio::test]
async fn workspaces_do_not_see_each_other() {
    let graph = Graph::new().await;
    let places = [
        (Kind::Agent, "a1".to_owned()),
        (Kind::Team, "t1".to_owned()),
        (Kind::Queue, "q1".to_owned()),
        (Kind::Tag, "vip".to_owned()),
        (Kind::Channel, "email".to_owned()),
        (Kind::ContactPoint, "cp1".to_owned()),
        (Kind::Customer, "cu1".to_owned()),
        (Kind::SlaPolicy, version_key("gold", None)),
        (Kind::BusinessHours, version_key("office", None)),
        (Kind::Workspace, "acme".to_owned()),
    ];
    for (kind, key) in places {
        let query = format!(r#"{{ node(id: "{}") {{ id }} }}"#, global_id(kind, &key).as_str());
        let own = graph.respond(viewer("acme", Role::Owner, None), &query).await;
        assert_ne!(own["data"]["node"], json!(null), "{kind}");
        let elsewhere = graph.respond(viewer("other", Role::Owner, None), &query).await;
        assert_eq!(elsewhere["data"]["node"], json!(null), "{kind}");
    }
    let lists = ["agents", "teams", "queues", "tags", "contactPoints", "slaPolicies", "cases"];
    for list in lists {
        let query = format!("{{ {list} {{ totalCount edges {{ node {{ id }} }} }} }}");
        let elsewhere = graph.respond(viewer("other", Role::Owner, None), &query).await;
        assert_eq!(elsewhere["data"][list], json!({"totalCount": 0, "edges": []}), "{list}");
    }
    let elsewhere =
        graph.respond(viewer("other", Role::Owner, None), "{ channels { id } workspace { name revision asOf } }").await;
    assert_eq!(elsewhere["data"], json!({"channels": [], "workspace": {"name": "other", "revision": 0, "asOf": null}}));
}
