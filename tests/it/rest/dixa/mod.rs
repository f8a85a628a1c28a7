//! Dixa Analytics: its samples, its conformance cases, its errors, and the same numbers as the graph. Catalogues, pages and refusals have
//! files of their own.

mod catalogue;
mod pages;
mod refusals;

use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{Header, assert_near, get, graph, names_in_order, post};
use crate::analytics::questions::demo;
use crate::analytics::{Chat, Chats};
use crate::world::{Answer, World};

const METRICS: &str = "/v1/analytics/metrics";
const RECORDS: &str = "/v1/analytics/records";

fn key(world: &World) -> [Header; 1] {
    [("authorization", world.token(Role::Manager))]
}

async fn get_data(world: &World, path: &str) -> Value {
    let answer = get(world, path, &key(world)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()["data"].clone()
}

async fn post_data(world: &World, path: &str, body: Value) -> Value {
    let answer = post(world, path, &key(world), &body).await;
    assert_eq!(answer.status, 200, "{path} {body}: {}", answer.text());
    answer.json()["data"].clone()
}

/// Asserts that a list begins so; what follows is ours.
fn assert_begins(list: &Value, expected: &[Value]) {
    assert_eq!(list.as_array().unwrap()[..expected.len()], *expected);
}

async fn refused(world: &World, path: &str, body: &str) -> Answer {
    let answer = post(world, path, &key(world), body).await;
    assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text());
    assert_eq!(names_in_order(&answer.text()), ["message"]);
    answer
}

/// A world of 42 conversations by email that were closed in the week before (25 to 31 May 2026; it is Monday, 1 June), two by phone, and
/// one closed the week before that.
async fn closed() -> World {
    let world = World::new().await;
    let mut lines = vec![
        r#"{"type":"workspace","name":"Acme","timezone":"UTC"}"#.to_owned(),
        r#"{"type":"agent","id":"a1","name":"Kim"}"#.to_owned(),
        r#"{"type":"queue","id":"q1","name":"Front"}"#.to_owned(),
        r#"{"type":"contact_point","id":"p1","channel":"phone_voice","address":"+4511223344","label":"Main line"}"#
            .to_owned(),
    ];
    let mut chat = |number: u32, channel: &str, closed: &str| {
        lines.push(format!(
            r#"{{"type":"case","id":"c{number}","number":{number},"created_at":"2026-05-10T09:00:00Z","channel":"{channel}","initial_channel":"{channel}","direction":"inbound","requester":"cu1","queue":"q1","contact_point":"p1"}}"#
        ));
        lines.push(format!(
            r#"{{"type":"status_change","case":"c{number}","at":"{closed}","status":"closed","actor":{{"kind":"agent","id":"a1"}}}}"#
        ));
    };
    for number in 1..=42 {
        chat(number, "email", &format!("2026-05-{}T10:00:00Z", 25 + number % 7));
    }
    chat(184_472, "phone_voice", "2026-05-26T10:23:14.293Z");
    chat(184_473, "phone_voice", "2026-05-27T10:24:04.259Z");
    chat(60, "email", "2026-05-24T12:00:00Z");
    assert_eq!(world.ingest(&lines.join("\n")).await["rejected"], json!([]));
    world
}

/// The sample's request.
fn sample() -> Value {
    json!({
        "id": "closed_conversations",
        "periodFilter": {"value": {"_type": "PreviousWeek"}, "_type": "Preset"},
        "filters": [{"attribute": "channel", "values": ["email"]}],
        "aggregations": ["Count"],
        "timezone": "Europe/Copenhagen",
    })
}

#[tokio::test]
async fn d1_the_sample_of_metric_data() {
    let world = closed().await;
    let answer = post(&world, METRICS, &key(&world), sample()).await;
    let expected = json!({"data": {
        "id": "closed_conversations",
        "aggregates": [{"value": 42, "measure": "Count", "_type": "LongAggregateValue"}],
    }});
    assert_eq!((answer.status.as_u16(), answer.json()), (200, expected));
    assert_eq!(names_in_order(&answer.text()), ["data", "id", "aggregates", "value", "measure", "_type"]);
}

#[tokio::test]
async fn questions_may_be_put_in_several_forms() {
    let world = closed().await;
    let count = async |change: &dyn Fn(&mut Value)| {
        let mut body = sample();
        change(&mut body);
        post_data(&world, METRICS, body).await["aggregates"][0]["value"].clone()
    };
    assert_eq!(count(&|body| body["filters"][0]["values"] = json!(["EMAIL"])).await, 42);
    assert_eq!(count(&|body| body["filters"][0]["values"] = json!(["email", "PstnPhone"])).await, 44);
    assert_eq!(count(&|body| body["filters"] = json!([])).await, 44);
    assert_eq!(count(&|body| body["filters"] = json!([{"attribute": "channel"}])).await, 44);
    assert_eq!(count(&|body| body["periodFilter"]["value"] = json!("PreviousWeek")).await, 42);
    let interval = json!({"_type": "Interval", "start": "2026-05-24T00:00:00Z", "end": "2026-06-01T00:00:00+00:00"});
    assert_eq!(count(&|body| body["periodFilter"] = interval.clone()).await, 43);
    // On Kiritimati the Sunday before is Monday by noon in UTC, and so is the last Sunday, which takes six out.
    assert_eq!(count(&|body| body["timezone"] = json!("Pacific/Kiritimati")).await, 37);
    let filter = |attribute: &str, value: &str| json!([{"attribute": attribute, "values": [value]}]);
    assert_eq!(count(&|body| body["filters"] = filter("contact_point", "+4511223344")).await, 44);
    assert_eq!(count(&|body| body["filters"] = filter("contact_point", "p1")).await, 0);
    assert_eq!(count(&|body| body["filters"] = filter("initial_direction", "INBOUND")).await, 44);
    assert_eq!(count(&|body| body["filters"] = filter("agent_id", "a1")).await, 44);
    let queue = get_data(&world, "/v1/analytics/filter/queue_id").await[0]["value"].clone();
    assert_eq!(count(&|body| body["filters"] = filter("queue_id", queue.as_str().unwrap())).await, 44);
    assert_eq!(count(&|body| body["filters"] = filter("queue_id", "00000000-0000-0000-0000-000000000000")).await, 0);
    // Both of several filters.
    let both = json!([filter("channel", "email")[0], filter("agent_id", "a2")[0]]);
    assert_eq!(count(&|body| body["filters"] = both.clone()).await, 0);
}

#[tokio::test]
async fn a_channel_of_the_workspaces_own_goes_out_and_comes_in() {
    let mut chats = Chats::default();
    // What others call email is another channel here.
    for channel in ["mail", "email", "email"] {
        chats.add(Chat { channel: Some(channel), ..Chat::default() });
    }
    let world = chats.world().await;
    let values = get_data(&world, "/v1/analytics/filter/channel").await;
    assert_eq!(values, json!([{"value": "EMAIL", "label": "Email"}, {"value": "mail"}]));
    for (value, expected) in [("mail", 1), ("EMAIL", 2), ("Email", 2)] {
        let body = json!({"id": "created_conversations", "filters": [{"attribute": "channel", "values": [value]}], "timezone": "UTC"});
        assert_eq!(post_data(&world, METRICS, body).await["aggregates"][0]["value"], expected, "{value}");
    }
}

#[tokio::test]
async fn d2_csat_is_one_percentage() {
    let mut chats = Chats::default();
    for score in [5, 4, 3, 1] {
        chats.add(Chat { score: Some(score), ..Chat::default() });
    }
    let world = chats.world().await;
    let body = json!({"id": "csat", "periodFilter": {"_type": "Preset", "value": {"_type": "PreviousMonth"}}, "timezone": "UTC"});
    let expected = json!({"id": "csat", "aggregates": [{"value": 50.0, "measure": "Percentage", "_type": "DoubleAggregateValue"}]});
    assert_eq!(post_data(&world, METRICS, body).await, expected);
}

#[tokio::test]
async fn d3_the_sample_of_records() {
    let world = closed().await;
    let body = json!({
        "id": "closed_conversations",
        "periodFilter": {"value": {"_type": "PreviousWeek"}, "_type": "Preset"},
        "filters": [{"attribute": "initial_direction", "values": ["INBOUND"]}, {"attribute": "channel", "values": ["PSTN_PHONE"]}],
        "timezone": "Europe/Copenhagen",
    });
    let data = post_data(&world, RECORDS, body).await;
    let record = |number: i64, at: &str| {
        let text = |name: &str, value: &str, label: &str| json!({"name": name, "field": {"value": value, "label": label, "_type": "StringField"}});
        let long = |name: &str| json!({"name": name, "field": {"value": number, "_type": "LongField"}});
        let fields = vec![
            long("csid"),
            text("initial_direction", "INBOUND", "Inbound"),
            text("initial_channel", "PSTN_PHONE", "Phone"),
            text("contact_point", "+4511223344", "+4511223344"),
        ];
        (json!({"name": "closed_at", "timestamp": at}), fields)
    };
    let records = data.as_array().unwrap();
    assert_eq!(records.len(), 2);
    for (found, (timestamp, fields)) in records.iter().zip([
        // The newest first; anchored on the close, where the sample shows the creation.
        record(184_473, "2026-05-27T10:24:04.259Z"),
        record(184_472, "2026-05-26T10:23:14.293Z"),
    ]) {
        assert_eq!(found["primaryTimestampField"], timestamp);
        assert_begins(&found["fields"], &fields);
        let field = |name: &str| {
            found["fields"].as_array().unwrap().iter().find(|of| of["name"] == name).map(|of| of["field"].clone())
        };
        assert_eq!(field("closed_by").unwrap()["value"], "Agent");
        assert_eq!(field("agent_id"), Some(json!({"value": "a1", "label": "Kim", "_type": "StringField"})));
        let queue = field("queue_id").unwrap();
        assert_eq!((&queue["label"], &queue["_type"]), (&json!("Front"), &json!("UUIDField")));
        assert_eq!(field("is_abandoned").unwrap()["_type"], "BooleanField");
        assert_eq!(field("closed_at"), Some(json!({"value": timestamp["timestamp"], "_type": "InstantField"})));
        assert_eq!(found.get("value"), None);
    }
}

#[tokio::test]
async fn values_stand_where_something_is_measured() {
    let mut chats = Chats::default();
    chats.add(Chat { assignee: Some("a2"), reply: Some(("a1", 90)), score: Some(4), ..Chat::default() });
    let world = chats.world().await;
    let records = async |id: &str| {
        let body = json!({"id": id, "periodFilter": {"_type": "Preset", "value": {"_type": "PreviousMonth"}}, "timezone": "UTC"});
        post_data(&world, RECORDS, body).await
    };
    let first = records("first_response_time").await;
    assert_eq!(first[0]["value"], json!({"value": 90.0, "_type": "DoubleField"}));
    assert_eq!(
        first[0]["primaryTimestampField"],
        json!({"name": "created_at", "timestamp": "2026-05-20T09:00:00.000Z"})
    );
    // The agent is the one who replied, by whom filters go; not the one who has it.
    let agent = |name: &str| {
        first[0]["fields"].as_array().unwrap().iter().find(|of| of["name"] == name).unwrap()["field"]["value"].clone()
    };
    assert_eq!((agent("agent_id"), agent("current_agent_id")), (json!("a1"), json!("a2")));
    assert_eq!(records("ratings").await[0]["value"], json!({"value": 4, "_type": "LongField"}));
    assert_eq!(records("conversations").await[0].get("value"), None);
}

#[tokio::test]
async fn d4_assignments_per_agent_count_agents_and_sum_assignments() {
    let mut chats = Chats::default();
    chats.add(Chat::default()).add(Chat::default());
    for (place, (case, agent)) in [("c0", "a1"), ("c0", "a2"), ("c1", "a1")].into_iter().enumerate() {
        chats.line(&format!(
            r#"{{"type":"assignment","case":"{case}","id":"as{place}","at":"2026-05-20T1{place}:00:00Z","kind":"assign","agent":"{agent}"}}"#
        ));
    }
    let world = chats.world().await;
    let body = json!({
        "id": "conversation_assignments_per_agent",
        "periodFilter": {"_type": "Preset", "value": {"_type": "PreviousMonth"}},
        "aggregations": ["Count", "Sum"],
        "timezone": "UTC",
    });
    let expected = json!([
        {"value": 2, "measure": "Count", "_type": "LongAggregateValue"},
        {"value": 3.0, "measure": "Sum", "_type": "DoubleAggregateValue"},
    ]);
    assert_eq!(post_data(&world, METRICS, body).await["aggregates"], expected);
}

#[tokio::test]
async fn d5_conversations_may_stand_for_a_period_and_one_of_both_must_be() {
    let world = closed().await;
    let ask = async |body: Value| post_data(&world, METRICS, body).await["aggregates"][0]["value"].clone();
    let of = |numbers: Value| json!({"id": "closed_conversations", "csidFilter": numbers, "timezone": "UTC"});
    assert_eq!(ask(of(json!([1, 2, 60, 999]))).await, 3);
    let mut both = of(json!([1, 2, 60]));
    both["periodFilter"] = sample()["periodFilter"].clone();
    assert_eq!(ask(both).await, 2);
    assert_eq!(ask(of(json!([999]))).await, 0);
    let filters_alone = json!({"id": "closed_conversations", "filters": sample()["filters"], "timezone": "UTC"});
    assert_eq!(ask(filters_alone).await, 43);
    for body in [
        json!({"id": "closed_conversations", "timezone": "UTC"}),
        json!({"id": "closed_conversations", "filters": [], "timezone": "UTC"}),
        of(json!([])),
        of(json!((0..101).collect::<Vec<_>>())),
    ] {
        refused(&world, METRICS, &body.to_string()).await;
    }
}

#[tokio::test]
async fn every_metric_answers_all_that_it_offers_and_every_record_its_fields() {
    let world = demo().await;
    let period = json!({"_type": "Preset", "value": {"_type": "ThisYear"}});
    for metric in get_data(&world, &format!("{METRICS}?pageLimit=300")).await.as_array().unwrap() {
        let body = json!({"id": metric["id"], "periodFilter": period, "timezone": "Europe/Copenhagen"});
        let data = post_data(&world, METRICS, body).await;
        let measures =
            |list: &Value| list.as_array().unwrap().iter().map(|of| of["measure"].clone()).collect::<Vec<_>>();
        assert_eq!(measures(&data["aggregates"]), measures(&metric["aggregations"]), "{}", metric["id"]);
    }
    for record in get_data(&world, RECORDS).await.as_array().unwrap() {
        let body = json!({"id": record["id"], "periodFilter": period, "timezone": "Europe/Copenhagen"});
        let rows = post_data(&world, RECORDS, body).await;
        let rows = rows.as_array().unwrap();
        assert!((1..=50).contains(&rows.len()), "{}", record["id"]);
        let name = |of: &Value, name: &str| of[name].as_str().unwrap().to_owned();
        for row in rows {
            let found: Vec<String> = row["fields"].as_array().unwrap().iter().map(|of| name(of, "name")).collect();
            for field in record["fieldsMetadata"].as_array().unwrap() {
                let is_there = found.contains(&name(field, "field"));
                assert!(is_there || field["nullable"] == true, "{} lacks {field}: {row}", record["id"]);
            }
            let known =
                |of: &String| record["fieldsMetadata"].as_array().unwrap().iter().any(|field| field["field"] == **of);
            assert!(found.iter().all(known), "{}: {found:?}", record["id"]);
        }
    }
}

#[tokio::test]
async fn numbers_are_those_of_the_graph() {
    let world = demo().await;
    let metrics = [
        ("csat", "csat { percentage }", "Percentage", "csat.percentage"),
        ("created_conversations", "createdCases { count }", "Count", "createdCases.count"),
        ("closed_conversations", "closedCases { count }", "Count", "closedCases.count"),
        ("first_response_time", "firstResponseTime { average }", "Average", "firstResponseTime.average"),
        ("resolution_time", "resolutionTime { maximum }", "Max", "resolutionTime.maximum"),
        ("response_time", "responseTime { standardDeviation }", "StdDev", "responseTime.standardDeviation"),
        ("backlog_conversations", "backlogCases { count }", "Count", "backlogCases.count"),
    ];
    let filters = [
        (json!([]), "{}"),
        (json!([{"attribute": "channel", "values": ["EMAIL"]}]), r#"{channel: ["email"]}"#),
        (json!([{"attribute": "priority", "values": ["high", "urgent"]}]), r#"{priority: ["high", "urgent"]}"#),
        (json!([{"attribute": "day_of_week", "values": ["1"]}]), "{dayOfWeek: [1]}"),
    ];
    for zone in ["UTC", "Europe/Copenhagen", "Asia/Kathmandu"] {
        for (preset, ours) in
            [("PreviousWeek", "PREVIOUS_WEEK"), ("ThisQuarter", "THIS_QUARTER"), ("PreviousMonth", "PREVIOUS_MONTH")]
        {
            for (filter, graph_filter) in &filters {
                let selection: String = metrics.iter().map(|(_, field, _, _)| format!("{field} ")).collect();
                let query = format!(
                    "{{ metrics(period: {{preset: {ours}}}, timezone: \"{zone}\", filter: {graph_filter}) {{ {selection} }} }}"
                );
                let found = graph(&world, &query).await["metrics"].clone();
                for (id, _, measure, path) in metrics {
                    let body = json!({
                        "id": id, "periodFilter": {"_type": "Preset", "value": {"_type": preset}}, "filters": filter,
                        "aggregations": [measure], "timezone": zone,
                    });
                    let theirs = post_data(&world, METRICS, body).await["aggregates"][0]["value"].clone();
                    assert_near(&theirs, crate::analytics::get(&found, path), &format!("{id} {query}"));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_filter_that_rows_have_no_column_for_is_ignored() {
    let world = demo().await;
    let ask = async |filters: Value| {
        let body = json!({"id": "agent_presence", "periodFilter": {"_type": "Preset", "value": {"_type": "PreviousWeek"}},
            "filters": filters, "timezone": "UTC"});
        post_data(&world, METRICS, body).await
    };
    let all = ask(json!([])).await;
    assert_eq!(all["aggregates"][0]["_type"], "AgentPresenceDurationValue");
    assert_eq!(all["aggregates"][0]["value"].as_array().unwrap().len(), 4);
    assert_eq!(ask(json!([{"attribute": "channel", "values": ["fax"]}])).await, all);
    assert_ne!(ask(json!([{"attribute": "agent_id", "values": ["nobody"]}])).await, all);
}
