//! Groups, series, earlier spans and the rows behind a number: what holds between them, whatever the data.

use deskgraph::app::demo::Plan;
use serde_json::Value;

use super::{Chat, Chats, ask, get};
use crate::world::{World, now};

/// A small demo.
pub async fn demo() -> World {
    let world = World::new().await;
    let lines: Vec<String> = Plan { seed: 7, cases: 300, now: now() }.lines().collect();
    for part in lines.chunks(4_000) {
        let report = world.ingest(&part.join("\n")).await;
        assert_eq!(report["rejected"], serde_json::json!([]));
    }
    world
}

fn counts(points: &Value) -> i64 {
    points.as_array().unwrap().iter().map(|point| get(point, "metric.count").as_i64().unwrap()).sum()
}

const COUNTS: [&str; 9] = [
    "createdCases",
    "resolvedCases",
    "closedCases",
    "reopenedCases",
    "assignments",
    "transfers",
    "messages",
    "agentMessages",
    "ratings",
];

#[tokio::test]
async fn groups_and_series_sum_to_the_whole_and_records_count_to_the_number() {
    let world = demo().await;
    let mut seen = 0;
    for metric in COUNTS {
        for zone in ["UTC", "Australia/Lord_Howe", "Asia/Kathmandu"] {
            let query = format!(
                r#"{{ metrics(period: {{preset: LAST_90_DAYS}}, timezone: "{zone}") {{ {metric} {{
                    count sampleSize records(first: 1) {{ totalCount edges {{ node {{ primaryTimestamp {{ timestamp }} fields {{ name }} case {{ id }} }} }} }}
                    days: series(grain: DAY) {{ label metric {{ count }} }}
                    hours: series(grain: HOUR) {{ metric {{ count }} }}
                    weeks: series(grain: WEEK) {{ metric {{ count }} }}
                    by(dimension: AGENT, first: 3, others: true) {{ key {{ isOthers }} metric {{ count }} }}
                    channels: by(dimension: CHANNEL, first: 100) {{ metric {{ count records {{ totalCount }} }} }}
                    hour: by(dimension: HOUR_OF_DAY, first: 100) {{ metric {{ count }} }}
                }} }} }}"#
            );
            let data = ask(&world, &query).await;
            let found = &data["metrics"][metric];
            let count = found["count"].as_i64().unwrap();
            seen += count;
            for part in ["days", "hours", "weeks", "by", "channels", "hour"] {
                assert_eq!(counts(&found[part]), count, "{metric} {part} {zone}");
            }
            assert_eq!(found["records"]["totalCount"], count, "{metric} {zone}");
            assert_eq!(found["records"]["edges"].as_array().unwrap().len(), usize::from(count > 0), "{metric}");
            for group in found["channels"].as_array().unwrap() {
                assert_eq!(get(group, "metric.records.totalCount"), get(group, "metric.count"), "{metric}");
            }
            let days = found["days"].as_array().unwrap();
            assert_eq!(days.len(), 90, "{zone}");
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[tokio::test]
async fn pages_of_records_walk_through_every_row_once() {
    let world = demo().await;
    let (mut after, mut ids, mut last) = (Value::Null, Vec::new(), String::from("9"));
    loop {
        let query = format!(
            "{{ metrics(period: {{preset: LAST_90_DAYS}}) {{ messages {{ count records(first: 100, after: {after}) {{
                totalCount edges {{ node {{ id primaryTimestamp {{ name timestamp }} }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
        );
        let data = ask(&world, &query).await;
        let records = get(&data, "metrics.messages.records");
        for edge in records["edges"].as_array().unwrap() {
            let at = get(edge, "node.primaryTimestamp.timestamp").as_str().unwrap().to_owned();
            assert!(at <= last, "{at} after {last}");
            last = at;
            ids.push(get(edge, "node.id").as_str().unwrap().to_owned());
        }
        if !get(records, "pageInfo.hasNextPage").as_bool().unwrap() {
            assert_eq!(ids.len() as i64, records["totalCount"].as_i64().unwrap());
            break;
        }
        after = get(records, "pageInfo.endCursor").clone();
    }
    let count = ids.len();
    let first = ids[0].clone();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    let data =
        ask(&world, &format!(r#"{{ node(id: "{first}") {{ id ... on Record {{ fields {{ name }} }} }} }}"#)).await;
    assert_eq!(data["node"]["id"], first);
}

#[tokio::test]
async fn tables_say_the_same_as_metrics() {
    let world = demo().await;
    let query = "{
        table(metrics: [{metric: CREATED_CASES}, {metric: FIRST_RESPONSE_TIME, aggregation: P90, as: \"p90\"}], dimensions: [CHANNEL],
            grain: MONTH, period: {preset: THIS_YEAR}, limit: 5) {
            columns { name type unit } rows isTruncated totalRows
        }
        metrics(period: {preset: THIS_YEAR}) { createdCases { count } firstResponseTime { percentile(p: 90) } }
        whole: table(metrics: [{metric: CREATED_CASES}, {metric: FIRST_RESPONSE_TIME, aggregation: P90}], period: {preset: THIS_YEAR}) { rows }
        all: table(metrics: [{metric: CREATED_CASES}], dimensions: [CHANNEL, PRIORITY], period: {preset: THIS_YEAR}) { rows }
    }";
    let data = ask(&world, query).await;
    let names: Vec<&str> =
        get(&data, "table.columns").as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["month", "month_from", "channel", "channel_label", "created_cases_count", "p90"]);
    assert_eq!(get(&data, "table.rows").as_array().unwrap().len(), 5);
    assert_eq!(get(&data, "table.isTruncated"), true);
    assert_eq!(get(&data, "whole.rows.0.0"), get(&data, "metrics.createdCases.count"));
    assert_eq!(get(&data, "whole.rows.0.1"), get(&data, "metrics.firstResponseTime.percentile"));
    let sum: i64 = get(&data, "all.rows").as_array().unwrap().iter().map(|row| row[4].as_i64().unwrap()).sum();
    assert_eq!(Value::from(sum), *get(&data, "metrics.createdCases.count"));
}

#[tokio::test]
async fn a_table_has_no_buckets_of_what_is_now() {
    let world = Chats::default().add(Chat::default()).world().await;
    for metric in ["OPEN_CASES", "UNASSIGNED_CASES", "ACTIVE_AGENTS"] {
        let table = |grain: &str| {
            let metrics = format!("[{{metric: CREATED_CASES}}, {{metric: {metric}}}]");
            format!("{{ table(metrics: {metrics}, grain: {grain}, period: {{preset: THIS_QUARTER}}) {{ totalRows }} }}")
        };
        assert_eq!(ask(&world, &table("null")).await["table"]["totalRows"], 1, "{metric}");
        let answer = world.ask(&table("MONTH")).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(&metric.to_lowercase()) && message.contains("`grain`"), "{message}");
    }
}

#[tokio::test]
async fn the_catalogue_says_what_can_be_asked() {
    let world = demo().await;
    let query = "{ metricDefinitions(first: 100) { totalCount edges { node { key name description unit better dimensions filters { attribute }
        aggregations { aggregation } record { key fields { name type } } } } }
        metricDefinition(id: FIRST_RESPONSE_TIME) { data(period: {preset: LAST_90_DAYS}) { ... on LongAggregateValue { aggregation value }
            ... on DoubleAggregateValue { aggregation double: value } } }
        filterValues(attribute: CHANNEL) { edges { node { value label subject { id } } } }
        agents: filterValues(attribute: AGENT, search: \"a\", first: 2) { totalCount edges { node { value label } } } }";
    let data = ask(&world, query).await;
    assert_eq!(get(&data, "metricDefinitions.totalCount"), 34);
    assert_eq!(get(&data, "metricDefinition.data").as_array().unwrap().len(), 9);
    assert!(!get(&data, "filterValues.edges").as_array().unwrap().is_empty());
    assert!(get(&data, "agents.totalCount").as_i64().unwrap() > 0);
}

#[tokio::test]
async fn what_comes_in_is_in_the_next_figure() {
    let world = demo().await;
    let open = |data: &Value| get(data, "metrics.openCases.count").as_i64().unwrap();
    let before = open(&ask(&world, "{ metrics { openCases { count } } }").await);
    world.ingest(r#"{"type":"case","id":"new one","created_at":"2026-06-01T11:00:00Z","channel":"web"}"#).await;
    assert_eq!(open(&ask(&world, "{ metrics { openCases { count } } }").await), before + 1);
    world.ingest(r#"{"type":"status_change","case":"new one","at":"2026-06-01T11:30:00Z","status":"closed"}"#).await;
    assert_eq!(open(&ask(&world, "{ metrics { openCases { count } } }").await), before);
    world.ingest(r#"{"type":"erase","of":"case","id":"new one"}"#).await;
    assert_eq!(open(&ask(&world, "{ metrics { openCases { count } } }").await), before);
}

/// Points and groups whose values are at hand are answered another way than those of which more is asked.
#[tokio::test]
async fn points_and_groups_are_the_same_however_they_are_asked() {
    let world = demo().await;
    let count = "count sampleSize";
    let share = "percentage numerator denominator sampleSize";
    let length = "a: average median p: percentile(p: 90) minimum maximum sum standardDeviation sampleSize";
    let kinds =
        [("createdCases", count), ("csat", share), ("firstResponseTime", length), ("repliesToResolution", length)];
    for (metric, fields) in kinds {
        let ask_with = |key: &str, metric_fields: &str| {
            format!(
                r#"{{ metrics(period: {{preset: LAST_90_DAYS}}, timezone: "Europe/Copenhagen") {{ {metric} {{
                    series(grain: WEEK) {{ from until l: label metric {{ {metric_fields} }} }}
                    by(dimension: AGENT, first: 3, others: true) {{ key {{ {key} }} metric {{ {metric_fields} }} }}
                }} }} }}"#
            )
        };
        let key = "value label isOthers";
        let plain = ask(&world, &ask_with(key, fields)).await;
        let (of_key, of_metric) = (format!("... {{ {key} }}"), format!("... {{ {fields} }}"));
        let through = ask(&world, &ask_with(&of_key, &of_metric)).await;
        assert_eq!(plain.to_string(), through.to_string(), "{metric}");
        assert!(plain["metrics"][metric]["series"].as_array().is_some_and(|points| points.len() >= 12));
        assert!(plain["metrics"][metric]["by"].as_array().is_some_and(|groups| groups.len() == 4));
        // Part of it at hand, part not.
        let more = ask(&world, &ask_with("label subject { id }", &format!("{fields} metric"))).await;
        for (place, point) in plain["metrics"][metric]["series"].as_array().unwrap().iter().enumerate() {
            let mut other = more["metrics"][metric]["series"][place].clone();
            let name = other["metric"].as_object_mut().unwrap().remove("metric");
            assert!(name.is_some_and(|name| name.is_string()));
            assert_eq!(*point, other, "{metric}");
        }
    }
}
