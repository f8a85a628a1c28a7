//! The dialects asked for everything that they can be asked for: every figure, group, filter, case and page, page keys of others included.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Worlds;
use super::endpoints::send;
use crate::world::Answer;

/// Calls in all, at least.
const LEAST: usize = 250;
const RANGE: &str = "from=2026-05-01T00:00:00.000Z&to=2026-06-01T00:00:00.000Z";

/// A call: method, path, body.
type Call = (&'static str, String, Value);

fn get(path: String) -> Call {
    ("get", path, Value::Null)
}

/// Texts of members of that name, anywhere.
fn members(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| members(item, name, found)),
        Value::Object(fields) => {
            found.extend(fields.get(name).and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| members(value, name, found));
        }
        _ => {}
    }
}

async fn owned(worlds: &Worlds, (method, path, body): &Call) -> Answer {
    send(&worlds.both, &worlds.owner, method, path, body).await
}

/// What the owner is told under that name.
async fn known(worlds: &Worlds, call: &Call, name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let answer = owned(worlds, call).await;
    assert_eq!(answer.status, 200, "{call:?}: {}", answer.text());
    members(&answer.json(), name, &mut found);
    found
}

async fn of_open_cx(worlds: &Worlds, calls: &mut Vec<Call>) {
    for (group, parameter) in
        [("policy", "policy_id"), ("team", "team_id"), ("agent", "agent_id"), ("channel", "channel")]
    {
        let breakdown = get(format!("/sla/analytics/breakdown?{RANGE}&group_by={group}"));
        let mut values = known(worlds, &breakdown, "group_id").await;
        values.extend(["gold", "t1", "t2", "a1", "a2", "email"].map(str::to_owned));
        calls.push(breakdown);
        for value in values {
            for path in ["?", "/breakdown?group_by=team&", "/breakdown?group_by=agent&", "/trend?granularity=week&"] {
                calls.push(get(format!("/sla/analytics{path}{RANGE}&{parameter}={value}")));
            }
        }
    }
}

/// Questions of one list of Dixa's, about each of its ids; with the next page of each, as the owner is told to ask for it.
async fn of_dixa(worlds: &Worlds, list: &str, calls: &mut Vec<Call>) -> usize {
    let path = format!("/v1/analytics/{list}");
    let ids = known(worlds, &get(path.clone()), "id").await;
    assert!(ids.len() > 2, "{ids:?}");
    let mut pages = 0;
    for id in &ids {
        calls.push(get(format!("{path}/{id}")));
        let definition = owned(worlds, &get(format!("{path}/{id}"))).await.json();
        let mut measures = BTreeSet::new();
        members(&definition, "measure", &mut measures);
        for filters in [json!([]), json!([{"attribute": "agent_id", "values": ["a1"]}])] {
            let period = json!({"_type": "Interval", "start": "2026-04-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"});
            let mut body = json!({"id": id, "periodFilter": period, "timezone": "UTC", "filters": filters});
            if list == "metrics" {
                body["aggregations"] = json!(measures);
            }
            calls.push(("post", path.clone(), body.clone()));
            let first = ("post", format!("{path}?pageLimit=1"), body.clone());
            let mut keys = BTreeSet::new();
            if let Ok(answer) = serde_json::from_slice::<Value>(&owned(worlds, &first).await.bytes) {
                members(&answer["meta"], "next", &mut keys);
            }
            calls.push(first);
            // A key, or the path with it.
            let keys = keys.iter().filter_map(|key| key.rsplit("pageKey=").next()?.split('&').next());
            for key in keys {
                pages += 1;
                calls.push(("post", format!("{path}?pageLimit=1&pageKey={key}"), body.clone()));
            }
        }
    }
    pages
}

fn of_the_others(calls: &mut Vec<Call>) {
    for attribute in ["channel", "agent_id", "queue_id", "status", "contact_point", "hour_of_day", "tag_id", "team_id"]
    {
        for limit in ["", "?pageLimit=1"] {
            calls.push(get(format!("/v1/analytics/filter/{attribute}{limit}")));
        }
    }
    let agents = "Total_conversations Avg_chat_duration Total_messages Avg_first_response_time Best_first_response_time
        Avg_response_time Avg_reaction_time";
    for department in ["", "&departmentId=t1", "&departmentId=t2"] {
        for name in agents.split_whitespace() {
            calls.push(get(format!("/api/v1/livechat/analytics/agent-overview?name={name}&{RANGE}{department}")));
        }
        for name in ["Conversations", "Productivity"] {
            calls.push(get(format!("/api/v1/livechat/analytics/overview?name={name}&{RANGE}{department}")));
        }
    }
    for case in "1000 1001 2000 2001 90 91 92 93 94 95 96 77 c10 c20 c1x c2x c1v c2v c1m c2m c99".split_whitespace() {
        calls.push(get(format!("/api/v1/cases/{case}/metrics.json")));
    }
    calls.push(get("/api/v1/analytics/overview".to_owned()));
}

#[tokio::test]
async fn whatever_a_dialect_is_asked_it_tells_nothing_of_others() {
    let worlds = Worlds::new().await;
    let mut calls = Vec::new();
    of_open_cx(&worlds, &mut calls).await;
    of_dixa(&worlds, "metrics", &mut calls).await;
    let pages = of_dixa(&worlds, "records", &mut calls).await;
    of_the_others(&mut calls);
    assert!(calls.len() > LEAST && pages > 5, "only {} calls, {pages} of them for a next page", calls.len());
    let mut answered: BTreeMap<u16, usize> = BTreeMap::new();
    for call in &calls {
        let (method, path, body) = call;
        let answer = owned(&worlds, call).await;
        assert!(answer.status.as_u16() < 500, "{call:?}: {}", answer.text());
        *answered.entry(answer.status.as_u16()).or_default() += 1;
        for of in &worlds.strangers {
            let found = send(&worlds.both, &of.token, method, path, body).await;
            let expected = send(&of.alone, &of.token, method, path, body).await;
            let what = format!("{}: {call:?} got {} instead of {}", of.name, found.text(), expected.text());
            assert!((found.status, found.text()) == (expected.status, expected.text()), "{what}");
        }
        for (name, token) in &worlds.bad {
            assert_eq!(send(&worlds.both, token, method, path, body).await.status, 401, "{name}: {call:?}");
        }
    }
    println!("{answered:?}");
    assert!(answered[&200] * 2 > calls.len(), "most are in vain: {answered:?}");
}
