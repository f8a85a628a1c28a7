//! What answering takes: a page of cases with all that is around them is one statement a kind of thing, whatever its size.

use deskgraph::model::Role;
use serde_json::Value;

use super::world::{Graph, viewer};

const PAGE: &str = "edges { node {
    number subject status statusLabel channel { label }
    requester { name } assignee { name } team { name } queue { name } tags { name }
    metrics { agentReplyCount averageCalendarResponseTime lastReplier { __typename } }
    slaClocks { metric state goalSeconds policy { name } }
    ratings { score } } }";

async fn stats(graph: &Graph, query: &str) -> (Value, u64, u64) {
    let response = graph.respond(viewer("acme", Role::Agent, None), query).await;
    assert_eq!(response.get("errors"), None, "{query}");
    let stats = &response["extensions"]["stats"];
    (response["data"].clone(), stats["sqlStatements"].as_u64().unwrap(), stats["loaderBatches"].as_u64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_takes_the_same_statements_whatever_its_size() {
    let graph = Graph::with_many().await;
    // The rules are kept between requests.
    stats(&graph, "{ cases(first: 1) { edges { node { statusLabel } } } }").await;
    let mut taken = Vec::new();
    for rows in [1, 10, 100] {
        let query =
            format!("{{ cases(first: {rows}, filter: {{caseType: [\"many\"]}}, timezone: \"UTC\") {{ {PAGE} }} }}");
        let (data, statements, batches) = stats(&graph, &query).await;
        let cases = data["cases"]["edges"].as_array().unwrap();
        assert_eq!(cases.len(), rows);
        for case in cases {
            let case = &case["node"];
            for thing in ["requester", "assignee", "team", "queue"] {
                assert!(case[thing]["name"].is_string(), "{thing} of {case}");
            }
            assert_eq!(case["tags"].as_array().unwrap().len(), 2);
            assert_eq!(case["slaClocks"].as_array().unwrap().len(), 2);
            assert_eq!(case["ratings"].as_array().unwrap().len(), 1);
        }
        taken.push((statements, batches));
    }
    assert_eq!(taken[0], taken[1]);
    assert_eq!(taken[1], taken[2]);
    // Cases, customers, agents, teams, queues, tags, channels, clocks, policies, ratings, and whether the rules are still those of the
    // workspace.
    let (statements, batches) = taken[2];
    assert!(statements <= 11, "{statements} statements");
    assert!(batches <= 10, "{batches} batches");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reached_through_other_things_is_batched_too() {
    let graph = Graph::with_many().await;
    let more = "edges { node { attributes { name } slaPolicy { targets { goalSeconds } } contactPoint { label }
        slaClocks { case { number } agent { name } explanation { seconds } } ratings { agent { name teams { name } presence } } } }";
    let mut taken = Vec::new();
    for rows in [1, 10, 100] {
        let query =
            format!("{{ cases(first: {rows}, filter: {{caseType: [\"many\"]}}, timezone: \"UTC\") {{ {more} }} }}");
        let (data, statements, batches) = stats(&graph, &query).await;
        assert_eq!(data["cases"]["edges"].as_array().unwrap().len(), rows);
        taken.push((statements, batches));
    }
    assert_eq!(taken[0], taken[1]);
    assert_eq!(taken[1], taken[2]);
}

#[tokio::test]
async fn a_thing_is_looked_up_once_however_often_it_is_asked_for() {
    let graph = Graph::with_many().await;
    let one = "{ a: cases(first: 50) { edges { node { assignee { name } } } } }";
    let twice = "{ a: cases(first: 50) { edges { node { assignee { name teams { name } } again: assignee { username } slaClocks { agent { name } } } } } }";
    let (_, _, batches) = stats(&graph, one).await;
    assert_eq!(batches, 1);
    let (_, _, batches) = stats(&graph, twice).await;
    assert!(batches <= 3, "agents, clocks, and teams when an agent has any: {batches}");
}

#[tokio::test]
async fn the_number_of_all_rows_is_counted_only_when_asked_for() {
    let graph = Graph::with_many().await;
    let (_, without, _) = stats(&graph, "{ cases(first: 1) { edges { node { number } } } }").await;
    let (_, with, _) = stats(&graph, "{ cases(first: 1) { totalCount edges { node { number } } } }").await;
    assert_eq!(with, without + 1);
}

#[tokio::test]
async fn rows_are_read_only_when_asked_for() {
    let graph = Graph::with_many().await;
    let (data, alone, _) = stats(&graph, "{ cases { __typename totalCount } }").await;
    assert!(data["cases"]["totalCount"].as_u64().unwrap() > 100, "{data}");
    assert_eq!(alone, 1);
    // However the rows are asked for.
    for selected in ["... on CaseConnection { rows: edges { cursor } }", "...Info", "pageInfo { hasNextPage }"] {
        let query = format!(
            "{{ cases(first: 1) {{ {selected} }} }} fragment Info on CaseConnection {{ pageInfo {{ endCursor }} }}"
        );
        let query = if selected == "...Info" { query } else { query.split(" fragment").next().unwrap().to_owned() };
        let (data, statements, _) = stats(&graph, &query).await;
        let found = &data["cases"];
        assert_eq!(statements, 1, "{found}");
        let info = &found["pageInfo"];
        assert!(found["rows"][0]["cursor"].is_string() || info["hasNextPage"] == true || info["endCursor"].is_string());
    }
    let (data, _, _) = stats(&graph, "{ cases(first: 1) { edges { node { timeline { totalCount } } } } }").await;
    assert!(data["cases"]["edges"][0]["node"]["timeline"]["totalCount"].is_u64(), "{data}");
}

#[tokio::test]
async fn stats_are_shown_only_when_asked_for() {
    let graph = Graph::new().await;
    let schema = deskgraph::graphql::build();
    let question = schema.question("{ viewer { subject } }").unwrap();
    let viewer = std::sync::Arc::new(viewer("acme", Role::Agent, None));
    let response = deskgraph::graphql::execute(&schema, question, &graph.desk.app, viewer, false).await;
    assert!(response.response.extensions.is_empty());
}
