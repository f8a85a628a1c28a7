//! Kayako's case metrics: its sample (conformance case K1), names and order, and the same figures as the graph.

use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{Header, bearer, encoded, get, graph, names_in_order};
use crate::analytics::questions::demo;
use crate::world::{WORKSPACE, World};

/// The fields of the vendor's sample, in its order; its two names that the vendor's table has otherwise are those of the table.
const FIELDS: &str = "is_first_contact_resolved was_reopened last_reopened_at first_assignment_at last_assignment_at
    last_activity_by_requester_at last_activity_by_assignee_at last_reply_by_agent_at last_reply_by_assignee_at
    last_reply_by_requester_at last_reply_by_customer_at agent_updated_at customer_updated_at requester_updated_at team_updated_at
    priority_updated_at type_updated_at status_update_at reopen_count resolution_at agents_to_resolution replies_to_resolution
    last_replier resolved_by resolution_calendar_time resolution_business_time average_calendar_response_time
    average_business_response_time agent_first_calendar_response_time agent_first_business_response_time agent_calendar_wait_time
    agent_business_wait_time customer_calendar_wait_time customer_business_wait_time priority_change_count sla_change_count
    agent_reply_count requester_reply_count assignee_change_count team_change_count agent_touch_count resource_type";

/// The sample: created by a customer with the assignee set, one agent reply with a status change in one action 402 seconds later, outside
/// business hours. The zone is five hours ahead, as the sample's.
const WORLD: &str = r#"
{"type":"workspace","name":"Acme","timezone":"Asia/Karachi","business_hours":"office"}
{"type":"business_hours","id":"office","name":"Office","timezone":"UTC","weekly":{"monday":[["09:00","17:00"]]}}
{"type":"agent","id":"a1","number":1,"name":"Sarah Chen","kind":"human"}
{"type":"team","id":"support","name":"Support"}
{"type":"case","id":"k1","number":7,"created_at":"2016-03-10T07:27:42Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"assignee":"a1","team":"support"}
{"type":"message","case":"k1","id":"m1","at":"2016-03-10T07:27:42Z","author":{"kind":"customer","id":"cu1"},"opening":true}
{"type":"message","case":"k1","id":"m2","at":"2016-03-10T07:34:24Z","author":{"kind":"agent","id":"a1"},"action":"x1"}
{"type":"status_change","case":"k1","id":"s1","at":"2016-03-10T07:34:24Z","status":"open","actor":{"kind":"agent","id":"a1"},"action":"x1"}
{"type":"case","id":"k2","created_at":"2026-05-10T07:27:42Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"}}
{"type":"message","case":"k2","id":"m3","at":"2026-05-10T07:28:42Z","author":{"kind":"customer","id":"cu1"}}
"#;

async fn world() -> World {
    let world = World::new().await;
    assert_eq!(world.ingest(WORLD.trim_start()).await["rejected"], json!([]));
    world
}

fn path(id: &str) -> String {
    format!("/api/v1/cases/{}/metrics.json", encoded(id))
}

#[tokio::test]
async fn k1_the_sample_field_for_field() {
    let world = world().await;
    let answer = get(&world, &path("7"), &[bearer(&world, Role::Agent)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let replied = json!("2016-03-10T12:34:24+05:00");
    let mut expected = serde_json::Map::new();
    for field in FIELDS.split_whitespace() {
        let is_instant = field.ends_with("_at") || ["last_replier", "resolved_by"].contains(&field);
        expected.insert(field.to_owned(), if is_instant { Value::Null } else { json!(0) });
    }
    for (field, value) in [
        ("is_first_contact_resolved", json!(false)),
        ("was_reopened", json!(false)),
        ("last_activity_by_assignee_at", replied.clone()),
        ("last_reply_by_agent_at", replied.clone()),
        ("last_reply_by_assignee_at", replied.clone()),
        ("agent_updated_at", replied.clone()),
        ("status_update_at", replied),
        ("last_replier", json!({"id": 1, "resource_type": "user"})),
        ("agent_first_calendar_response_time", json!(402)),
        ("agent_reply_count", json!(1)),
        ("agent_touch_count", json!(1)),
        ("resource_type", json!("case_metric")),
    ] {
        expected.insert(field.to_owned(), value);
    }
    assert_eq!(answer.json(), json!({"status": 200, "data": expected, "resource": "case_metric"}));
    let mut names = vec!["status", "data"];
    for field in FIELDS.split_whitespace() {
        names.push(field);
        if field == "last_replier" {
            names.extend(["id", "resource_type"]);
        }
    }
    names.push("resource");
    assert_eq!(names_in_order(&answer.text()), names);
}

#[tokio::test]
async fn what_never_happened_is_null_and_never_1970() {
    let world = world().await;
    let data = get(&world, &path("7"), &[bearer(&world, Role::Agent)]).await.json()["data"].clone();
    assert_eq!((&data["last_assignment_at"], &data["resolution_at"]), (&json!(null), &json!(null)));
    assert!(!data.to_string().contains("1970"));
    assert_eq!((data.get("last_reopen_at"), data.get("agent_update_at")), (None, None));
}

#[tokio::test]
async fn a_case_is_found_by_number_and_by_id() {
    let world = world().await;
    let headers = [bearer(&world, Role::Agent)];
    let by_number = get(&world, &path("7"), &headers).await.json();
    assert_eq!(get(&world, &path("k1"), &headers).await.json(), by_number);
    let customer = get(&world, &path("k2"), &headers).await.json()["data"]["last_replier"].clone();
    assert_eq!(customer, json!({"id": "cu1", "resource_type": "user"}));
}

#[tokio::test]
async fn errors_are_in_kayakos_envelope() {
    let world = world().await;
    let sales = world.token_for(WORKSPACE, Role::Agent, Some(&["sales"]));
    let stranger = world.token_for("elsewhere", Role::Owner, None);
    let token = |token: &str| vec![("authorization", format!("Bearer {token}"))];
    let check = async |headers: Vec<Header>, path: &str, status: u16, code: &str| {
        let answer = get(&world, path, &headers).await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), &body["status"]), (status, &json!(status)), "{body}");
        assert_eq!((&body["errors"][0]["code"], &body["notifications"]), (&json!(code), &json!([])), "{body}");
        assert_eq!(names_in_order(&answer.text()), ["status", "errors", "code", "message", "notifications"]);
    };
    check(vec![], &path("7"), 401, "AUTHENTICATION_FAILED").await;
    check(token("nonsense"), &path("7"), 401, "AUTHENTICATION_FAILED").await;
    check(vec![bearer(&world, Role::Agent)], &path("8"), 404, "RESOURCE_NOT_FOUND").await;
    check(vec![bearer(&world, Role::Agent)], &path("nobody's/case"), 404, "RESOURCE_NOT_FOUND").await;
    check(vec![bearer(&world, Role::Agent)], "/api/v1/cases/%FF/metrics.json", 400, "FIELD_INVALID").await;
    check(vec![bearer(&world, Role::Agent)], &path(&"9".repeat(3_000)), 404, "RESOURCE_NOT_FOUND").await;
    check(vec![bearer(&world, Role::Agent)], &format!("{}?fields=all", path("7")), 400, "FIELD_INVALID").await;
    check(token(&sales), &path("7"), 404, "RESOURCE_NOT_FOUND").await;
    check(token(&stranger), &path("7"), 404, "RESOURCE_NOT_FOUND").await;
    let support = world.token_for(WORKSPACE, Role::Agent, Some(&["support"]));
    assert_eq!(get(&world, &path("7"), &token(&support)).await.status, 200);
}

#[tokio::test]
async fn figures_are_those_of_the_graph() {
    let world = demo().await;
    let camel = |name: &str| {
        let mut words = name.split('_');
        let first = words.next().unwrap().to_owned();
        words.fold(first, |whole, word| whole + &word[..1].to_uppercase() + &word[1..])
    };
    let fields: Vec<&str> = FIELDS.split_whitespace().filter(|field| *field != "resource_type").collect();
    let ours = |field: &str| if field == "status_update_at" { "statusUpdatedAt".to_owned() } else { camel(field) };
    let of_graph: Vec<String> = fields.iter().map(|field| ours(field)).collect();
    let person = "{ ... on Agent { number } ... on Customer { externalId } }";
    let selection = of_graph.join(" ").replace("lastReplier", &format!("lastReplier {person}"));
    let selection = selection.replace("resolvedBy", &format!("resolvedBy {person}"));
    let query = format!("{{ cases(first: 60) {{ edges {{ node {{ number metrics {{ {selection} }} }} }} }} }}");
    let data = graph(&world, &query).await;
    let cases = data["cases"]["edges"].as_array().unwrap();
    assert_eq!(cases.len(), 60);
    for case in cases {
        let (number, ours_of) = (&case["node"]["number"], &case["node"]["metrics"]);
        let answer = get(&world, &path(&number.to_string()), &[bearer(&world, Role::Agent)]).await.json();
        for (field, name) in fields.iter().zip(&of_graph) {
            let (theirs, ours) = (&answer["data"][field], &ours_of[name]);
            let what = format!("{number} {field}");
            if theirs["resource_type"] == "user" {
                assert!(
                    theirs["id"] == ours["number"] || theirs["id"] == ours["externalId"],
                    "{what}: {theirs} {ours}"
                );
            } else if field.ends_with("_at") && !ours.is_null() {
                let instant = |text: &Value| text.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second();
                assert_eq!(instant(theirs), instant(ours), "{what}");
            } else {
                assert_eq!(theirs, ours, "{what}");
            }
        }
    }
}
