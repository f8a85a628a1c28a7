//! Page keys: they lead through a list once, whatever comes meanwhile, and open nothing else.

use serde_json::{Value, json};

use super::{METRICS, RECORDS, closed, get_data, key};
use crate::rest::{get, post};
use crate::world::World;

fn body() -> Value {
    json!({
        "id": "closed_conversations",
        "periodFilter": {"_type": "Preset", "value": {"_type": "PreviousWeek"}},
        "timezone": "UTC",
    })
}

/// The path and query of an address of a page.
fn path(address: &Value) -> String {
    let address = address.as_str().unwrap();
    let rest = address.strip_prefix("http://desk.example").unwrap();
    rest.to_owned()
}

async fn records(world: &World, path: &str) -> Value {
    let mut headers = key(world).to_vec();
    headers.push(("host", "desk.example".to_owned()));
    let answer = post(world, path, &headers, body()).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn numbers(page: &Value) -> Vec<i64> {
    let number = |row: &Value| row["fields"][0]["field"]["value"].as_i64().unwrap();
    page["data"].as_array().unwrap().iter().map(number).collect()
}

#[tokio::test]
async fn records_are_walked_through_once_whatever_comes_meanwhile() {
    let world = closed().await;
    let whole = numbers(&records(&world, RECORDS).await);
    assert_eq!(whole.len(), 44);
    let mut page = records(&world, &format!("{RECORDS}?pageLimit=10")).await;
    assert_eq!(page["meta"].get("previous"), None);
    let mut walked = numbers(&page);
    let mut limit = 10;
    for step in 0.. {
        // New rows before and after the place: neither moves it.
        for (at, what) in [("2026-05-31T23:00:00Z", "late"), ("2026-05-25T00:00:01Z", "early")] {
            let id = format!("{what}{step}");
            world
                .ingest(&format!(
                    "{}\n{}",
                    json!({"type": "case", "id": id, "created_at": "2026-05-10T09:00:00Z", "channel": "web", "requester": "cu1"}),
                    json!({"type": "status_change", "case": id, "at": at, "status": "closed", "actor": {"kind": "system"}}),
                ))
                .await;
        }
        if page["meta"].get("next").is_none() {
            break;
        }
        // Another limit between pages.
        limit = if limit == 10 { 7 } else { 10 };
        let next = path(&page["meta"]["next"]);
        let (next, _) = next.split_once("&pageLimit=").unwrap();
        page = records(&world, &format!("{next}&pageLimit={limit}")).await;
        walked.extend(numbers(&page));
    }
    let mut seen = walked.clone();
    seen.retain(|number| whole.contains(number));
    assert_eq!(seen, whole, "a row was skipped, repeated or moved");
    walked.sort_unstable();
    let count = walked.len();
    walked.dedup();
    assert_eq!(walked.len(), count, "a row came twice");
}

#[tokio::test]
async fn the_way_back_is_the_way_there() {
    let world = closed().await;
    let first = records(&world, &format!("{RECORDS}?pageLimit=20")).await;
    let second = records(&world, &path(&first["meta"]["next"])).await;
    let third = records(&world, &path(&second["meta"]["next"])).await;
    assert_eq!((numbers(&third).len(), third["meta"].get("next")), (4, None));
    let back = records(&world, &path(&third["meta"]["previous"])).await;
    assert_eq!(numbers(&back), numbers(&second));
    let begin = records(&world, &path(&back["meta"]["previous"])).await;
    assert_eq!((numbers(&begin), begin["meta"].get("previous")), (numbers(&first), None));
}

#[tokio::test]
async fn catalogues_and_values_have_pages() {
    let world = closed().await;
    for list in [METRICS, RECORDS, "/v1/analytics/filter/hour_of_day", "/v1/analytics/filter/channel"] {
        let whole = get_data(&world, &format!("{list}?pageLimit=300")).await;
        let mut found = Vec::new();
        let mut next = Some(format!("{list}?pageLimit=7"));
        while let Some(path) = next {
            let page = get(&world, &path, &key(&world)).await.json();
            found.extend(page["data"].as_array().unwrap().clone());
            // Without a host the address is a path.
            next = page["meta"]["next"].as_str().map(str::to_owned);
        }
        assert_eq!(json!(found), whole, "{list}");
    }
    let hours = get_data(&world, "/v1/analytics/filter/hour_of_day").await;
    assert_eq!((hours.as_array().unwrap().len(), &hours[9]), (24, &json!({"value": "9", "label": "09:00"})));
    let channels = get_data(&world, "/v1/analytics/filter/channel").await;
    assert_eq!(channels, json!([{"value": "EMAIL", "label": "Email"}, {"value": "PSTN_PHONE", "label": "Phone"}]));
    let points = get_data(&world, "/v1/analytics/filter/contact_point").await;
    assert_eq!(points, json!([{"value": "+4511223344", "label": "Main line"}]));
}

#[tokio::test]
async fn keys_open_nothing_but_their_list() {
    let world = closed().await;
    let page = records(&world, &format!("{RECORDS}?pageLimit=10")).await;
    let next = path(&page["meta"]["next"]);
    let text = next.split_once("pageKey=").unwrap().1.split('&').next().unwrap().to_owned();
    let mut changed = text.clone().into_bytes();
    let middle = changed.len() / 2;
    changed[middle] = if changed[middle] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    let refused = async |path: String, body: Value| {
        let answer = match body.is_null() {
            true => get(&world, &path, &key(&world)).await,
            false => post(&world, &path, &key(&world), body).await,
        };
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        assert!(answer.json()["message"].as_str().unwrap().contains("pageKey"), "{}", answer.text());
    };
    for bad in [changed.as_str(), "", "AAAA", "%00", &"A".repeat(9_000)] {
        refused(format!("{RECORDS}?pageKey={bad}"), body()).await;
    }
    // Of another question, list, attribute.
    let mut other = body();
    other["timezone"] = json!("Europe/Copenhagen");
    refused(next.clone(), other).await;
    refused(format!("{RECORDS}?pageKey={text}"), Value::Null).await;
    refused(format!("{METRICS}?pageKey={text}"), Value::Null).await;
    refused(format!("/v1/analytics/filter/channel?pageKey={text}"), Value::Null).await;
    // Of another workspace.
    let stranger = world.token_for("elsewhere", deskgraph::model::Role::Owner, None);
    let answer = post(&world, &next, &[("authorization", stranger)], body()).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    // The same question, written otherwise.
    let again = format!(
        "{{\"timezone\": \"UTC\", \"periodFilter\": {}, \"id\": \"closed_conversations\"}}",
        body()["periodFilter"]
    );
    assert_eq!(post(&world, &next, &key(&world), again).await.status, 200);
}

#[tokio::test]
async fn addresses_are_those_by_which_the_client_came() {
    let world = closed().await;
    let addresses = records(&world, &format!("{RECORDS}?pageLimit=1")).await["meta"]["next"].clone();
    assert!(
        addresses.as_str().unwrap().starts_with("http://desk.example/v1/analytics/records?pageKey="),
        "{addresses}"
    );
    let mut headers = key(&world).to_vec();
    headers.push(("host", "desk.example".to_owned()));
    headers.push(("x-forwarded-proto", "https".to_owned()));
    let answer = post(&world, &format!("{RECORDS}?pageLimit=1"), &headers, body()).await.json();
    assert!(answer["meta"]["next"].as_str().unwrap().starts_with("https://desk.example/"), "{answer}");
}
