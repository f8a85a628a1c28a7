//! Errors: each has a code, one tile's leaves the others, and bounds are said.

use deskgraph::model::{Permission, Role};
use serde_json::{Value, json};

use super::world::{Graph, viewer};

async fn first_error(graph: &Graph, query: &str) -> (Value, String) {
    let response = graph.respond(viewer("acme", Role::Owner, None), query).await;
    let error = &response["errors"][0];
    (error["extensions"]["code"].clone(), error["message"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn errors_have_codes() {
    let graph = Graph::new().await;
    let check = async |query: &str, code: &str, text: &str| {
        let (found, message) = first_error(&graph, query).await;
        assert_eq!(found, code, "{query}: {message}");
        assert!(message.contains(text), "{query}: {message}");
    };
    check("{ cases(", "BAD_USER_INPUT", "expected").await;
    check("{ nope }", "BAD_USER_INPUT", "nope").await;
    check("{ case(by: {}) { id } }", "BAD_USER_INPUT", "exactly one field").await;
    check(r#"{ case(by: {number: 1, externalId: "c1"}) { id } }"#, "BAD_USER_INPUT", "exactly one field").await;
    check("{ case(by: {number: 9007199254740992}) { id } }", "BAD_USER_INPUT", "").await;
    check(r#"{ cases(timezone: "Mars/Olympus") { totalCount } }"#, "BAD_USER_INPUT", "").await;
    check(r#"{ cases(period: {last: "soon"}) { totalCount } }"#, "BAD_USER_INPUT", "period.last").await;
    check("{ cases(first: -1) { totalCount } }", "BAD_USER_INPUT", "first").await;
    check("{ cases(first: 1, last: 1) { totalCount } }", "BAD_USER_INPUT", "last").await;
    check("{ cases(first: 101) { totalCount } }", "LIMIT_EXCEEDED", "100").await;
    check(r#"{ cases(after: "x") { totalCount } }"#, "BAD_USER_INPUT", "after").await;
    check("{ cases(filter: {hourOfDay: [24]}) { totalCount } }", "BAD_USER_INPUT", "hourOfDay").await;
    check(r#"{ node(id: "x") { id } }"#, "BAD_USER_INPUT", "id").await;
    check(r#"{ cases(search: "\u0000") { totalCount } }"#, "BAD_USER_INPUT", "NUL").await;
    check(r#"{ case(by: {externalId: "\u0000"}) { id } }"#, "BAD_USER_INPUT", "NUL").await;
    check(r#"{ team(by: {name: "a\u0000"}) { id } }"#, "BAD_USER_INPUT", "NUL").await;
    check(r#"{ cases(filter: {priority: ["\u0000"]}) { totalCount } }"#, "BAD_USER_INPUT", "NUL").await;
    let tag = deskgraph::graphql::node::global_id(deskgraph::graphql::node::Kind::Tag, "vip");
    let wrong_kind = format!(r#"{{ cases(filter: {{agent: ["{}"]}}) {{ totalCount }} }}"#, tag.as_str());
    check(&wrong_kind, "BAD_USER_INPUT", "filter.agent").await;
    let ids = vec!["\"x\""; 101].join(",");
    check(&format!("{{ nodes(ids: [{ids}]) {{ id }} }}"), "LIMIT_EXCEEDED", "100").await;
    let values = vec!["\"x\""; 101].join(",");
    check(&format!("{{ cases(filter: {{agent: [{values}]}}) {{ totalCount }} }}"), "LIMIT_EXCEEDED", "100").await;
    let deep = format!("{{ case(by: {{number: 2}}) {{ {} id {} }} }}", "mergedInto {".repeat(15), "}".repeat(15));
    check(&deep, "LIMIT_EXCEEDED", "17 levels").await;
    let wide = "{ agents(first: 100) { edges { node { cases(first: 100) { edges { node { timeline(first: 100) { edges { node { id } } } } } } } } } }";
    check(wide, "LIMIT_EXCEEDED", "at most 200000").await;
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let graph = Graph::new().await;
    let data = graph.ask("{ cases(first: 1) { edges { cursor } } }").await;
    let query = format!(
        "{{ cases(after: {}, orderBy: {{field: NUMBER, direction: ASC}}) {{ edges {{ cursor }} }} }}",
        data["cases"]["edges"][0]["cursor"]
    );
    assert_eq!(first_error(&graph, &query).await.0, "BAD_USER_INPUT");
}

#[tokio::test]
async fn one_fields_error_leaves_the_others() {
    let graph = Graph::new().await;
    let query = "{ bad: cases(first: 101) { totalCount } good: cases(first: 1) { totalCount } viewer { subject } }";
    let response = graph.respond(viewer("acme", Role::Agent, None), query).await;
    assert_eq!(response["errors"].as_array().unwrap().len(), 1);
    assert_eq!(response["errors"][0]["path"], json!(["bad"]));
    assert_eq!(response["data"], json!({"bad": null, "good": {"totalCount": 4}, "viewer": {"subject": "kim"}}));
}

#[tokio::test]
async fn who_may_not_read_cases_sees_only_themselves() {
    let graph = Graph::new().await;
    let mut stranger = viewer("acme", Role::Agent, None);
    stranger.permissions.remove(&Permission::ReadCases);
    let query = r#"{ viewer { subject } cases { totalCount } agents { totalCount } workspace { name } }"#;
    let response = graph.respond(stranger, query).await;
    let codes: Vec<_> =
        response["errors"].as_array().unwrap().iter().map(|error| error["extensions"]["code"].clone()).collect();
    assert_eq!(codes, ["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
    assert_eq!(response["data"]["viewer"], json!({"subject": "kim"}));
}

#[tokio::test]
async fn the_tools_introspection_is_within_the_bounds() {
    let graph = Graph::new().await;
    let reference = (0..9).fold("kind name".to_owned(), |inner, _| format!("kind name ofType {{ {inner} }}"));
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }}
            subscriptionType {{ name kind }} types {{ ...FullType }} directives {{ name description isRepeatable locations
            args(includeDeprecated: true) {{ ...InputValue }} }} }} }}
        fragment FullType on __Type {{ kind name description specifiedByURL
            fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }}
                type {{ ...TypeRef }} isDeprecated deprecationReason }}
            inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
            possibleTypes {{ ...TypeRef }} }}
        fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason }}
        fragment TypeRef on __Type {{ {reference} }}"
    );
    let data = graph.ask(&query).await;
    let types = data["__schema"]["types"].as_array().unwrap();
    let node = types.iter().find(|found| found["name"] == "Node").unwrap();
    assert!(node["possibleTypes"].as_array().unwrap().iter().all(|possible| possible["kind"] == "OBJECT"));
}

#[tokio::test]
async fn the_schema_says_what_its_interfaces_implement() {
    let graph = Graph::new().await;
    let asked = "kind name of: interfaces { is: name kind __typename ofType { name } }";
    let query = format!(
        r#"{{ event: __type(name: "CaseEvent") {{ {asked} }} node: __type(name: "Node") {{ {asked} }}
             enum: __type(name: "Role") {{ {asked} }} }}"#
    );
    let node = json!({"is": "Node", "kind": "INTERFACE", "__typename": "__Type", "ofType": null});
    let expected = json!({
        "event": {"kind": "INTERFACE", "name": "CaseEvent", "of": [node]},
        "node": {"kind": "INTERFACE", "name": "Node", "of": []},
        "enum": {"kind": "ENUM", "name": "Role", "of": null},
    });
    assert_eq!(graph.ask(&query).await, expected);
}
