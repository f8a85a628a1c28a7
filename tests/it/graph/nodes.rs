//! Global ids: every type that has them is found by them again, and only by the right kind.

use std::collections::BTreeSet;

use deskgraph::graphql::node::{Kind, global_id};
use serde_json::{Value, json};

use super::world::Graph;

const EVERYTHING: &str = r#"{
    workspace { __typename id businessHours { __typename id } }
    case(by: {externalId: "c1"}) { __typename id
        channel { __typename id } contactPoint { __typename id } requester { __typename id } assignee { __typename id }
        team { __typename id } tags { __typename id } slaPolicy { __typename id } slaClocks { __typename id } ratings { __typename id }
        timeline { edges { node { __typename id } } } }
    queue(by: {externalId: "q1"}) { __typename id }
    second: slaPolicy(by: {externalId: "plain"}) { __typename id }
    metricDefinition(id: CSAT) { __typename id record { __typename id } }
    records(record: MESSAGE, period: {preset: THIS_YEAR}, first: 1) { edges { node { __typename id } } }
    filterValues(attribute: CHANNEL, first: 1) { edges { node { __typename id } } }
}"#;

/// Type and id of each object in an answer.
fn identities(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(name)), Some(Value::String(id))) = (fields.get("__typename"), fields.get("id")) {
                found.push((name.clone(), id.clone()));
            }
            fields.values().for_each(|value| identities(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| identities(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_object_is_found_by_its_id() {
    let graph = Graph::new().await;
    let mut found = Vec::new();
    identities(&graph.ask(EVERYTHING).await, &mut found);
    let types: BTreeSet<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    let all: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    assert_eq!(types, all, "the world has one of each type");
    let ids: BTreeSet<_> = found.iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), found.len(), "ids are unique");
    for (name, id) in &found {
        let node = graph.ask(&format!(r#"{{ node(id: "{id}") {{ __typename id ... on CaseEvent {{ at }} }} }}"#)).await;
        assert_eq!((&node["node"]["__typename"], &node["node"]["id"]), (&json!(name), &json!(id)));
    }
    let list: Vec<_> = found.iter().map(|(_, id)| format!("{id:?}")).collect();
    let nodes = graph.ask(&format!("{{ nodes(ids: [{}]) {{ id }} }}", list.join(", "))).await;
    let again: Vec<_> = nodes["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
    assert_eq!(again, found.iter().map(|(_, id)| id.as_str()).collect::<Vec<_>>(), "in the order asked");
}

#[tokio::test]
async fn ids_of_nothing_are_null_and_ids_of_the_wrong_type_refused() {
    let graph = Graph::new().await;
    let missing = deskgraph::graphql::node::global_id(Kind::Case, "nope");
    let case = deskgraph::graphql::node::global_id(Kind::Case, "c1");
    let data = graph
        .ask(&format!(
            r#"{{ node(id: "{m}") {{ id }} nodes(ids: ["{c}", "{m}"]) {{ id }} case(by: {{id: "{m}"}}) {{ id }} same: case(by: {{id: "{c}"}}) {{ externalId }} }}"#,
            m = missing.as_str(),
            c = case.as_str(),
        ))
        .await;
    assert_eq!(data["node"], json!(null));
    assert_eq!(data["nodes"], json!([{"id": case.as_str()}, null]));
    assert_eq!((&data["case"], &data["same"]["externalId"]), (&json!(null), &json!("c1")));
}

#[tokio::test]
async fn versions_have_ids_of_their_own() {
    let graph = Graph::new().await;
    let start = deskgraph::model::Instant::parse("2027-01-01T00:00:00Z").unwrap();
    let later = deskgraph::graphql::node::version_key("gold", Some(start));
    let later = deskgraph::graphql::node::global_id(Kind::SlaPolicy, &later);
    let query = format!(
        r#"{{ slaPolicy(by: {{id: "{0}"}}) {{ id name from externalId }} now: slaPolicy(by: {{externalId: "gold"}}) {{ id name }}
            cases(filter: {{slaPolicy: ["{0}"]}}) {{ totalCount }} }}"#,
        later.as_str()
    );
    let data = graph.ask(&query).await;
    assert_eq!(
        data["slaPolicy"],
        json!({"id": later.as_str(), "name": "Gold 2027", "from": "2027-01-01T00:00:00.000Z", "externalId": "gold"})
    );
    assert_eq!(data["now"]["name"], "Gold");
    assert_ne!(data["now"]["id"], data["slaPolicy"]["id"]);
    assert_eq!(data["cases"]["totalCount"], 1, "a filter means the policy, not the version");
}

#[tokio::test]
async fn an_object_of_which_nothing_is_asked_is_there_all_the_same() {
    let graph = Graph::new().await;
    let case = global_id(Kind::Case, "c1");
    let check = async |selection: &str, expected: Value| {
        let query = format!(r#"{{ node(id: "{}") {{ {selection} }} }}"#, case.as_str());
        assert_eq!(graph.ask(&query).await["node"], expected, "{selection}");
    };
    check("... on Agent { name }", json!({})).await;
    check("id @skip(if: true)", json!({})).await;
    check("... on Case { number } ... on Agent { name }", json!({"number": 184_472})).await;
    let nobody =
        format!(r#"{{ node(id: "{}") {{ ... on Agent {{ name }} }} }}"#, global_id(Kind::Case, "none").as_str());
    assert_eq!(graph.ask(&nobody).await["node"], json!(null));
    // Of values of several types, those of one.
    let query =
        "{ records(record: CASE, first: 1) { edges { node { fields { value { ... on LongField { value } } } } } } }";
    let fields = graph.ask(query).await["records"]["edges"][0]["node"]["fields"].clone();
    let values: Vec<&Value> = fields.as_array().unwrap().iter().map(|field| &field["value"]).collect();
    assert!(values.contains(&&json!({})) && values.iter().any(|value| value["value"].is_i64()), "{fields}");
}
