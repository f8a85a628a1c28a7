//! The catalogues: Dixa's samples first, word for word.

use serde_json::{Value, json};

use super::{METRICS, RECORDS, assert_begins, get_data, key};
use crate::rest::{get, names_in_order};
use crate::world::World;

fn filters(names: &[&str]) -> Vec<Value> {
    names
        .iter()
        .map(|name| json!({"filterAttribute": name, "description": format!("Used to filter by the {name}")}))
        .collect()
}

const SIX: [&str; 6] = ["agent_id", "queue_id", "channel", "initial_direction", "tag_id", "contact_point"];

#[tokio::test]
async fn a_metric_is_described_as_in_the_sample() {
    let world = World::new().await;
    let csat = get_data(&world, &format!("{METRICS}/csat")).await;
    assert_eq!(csat["id"], "csat");
    assert_eq!(
        csat["description"],
        "(Number of satisfied customers (4 and 5)/ Number of survey responses) x 100 = % of satisfied customers"
    );
    assert_begins(&csat["filters"], &filters(&SIX));
    assert_eq!(csat["aggregations"], json!([{"measure": "Percentage", "description": "Calculated Percentage"}]));
    assert_eq!(csat["relatedRecordIds"], json!(["ratings"]));
    let answer = get(&world, &format!("{METRICS}/csat"), &key(&world)).await.text();
    let mut names = names_in_order(&answer);
    names.dedup();
    names.retain(|name| !["filterAttribute", "measure"].contains(&name.as_str()));
    names.dedup();
    assert_eq!(
        names,
        ["data", "id", "description", "filters", "description", "aggregations", "description", "relatedRecordIds"]
    );
}

#[tokio::test]
async fn the_catalogues_begin_with_dixas_own() {
    let world = World::new().await;
    let metrics = get_data(&world, &format!("{METRICS}?pageLimit=300")).await;
    let ids = |list: &Value| {
        list.as_array().unwrap().iter().map(|of| of["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&metrics)[..2], ["csat", "closed_conversations"]);
    let closed = &metrics[1];
    assert_eq!(closed["description"], "Closed conversation data");
    assert_begins(&closed["filters"], &filters(&SIX[1..]));
    assert_eq!(closed["aggregations"], json!([{"measure": "Count", "description": "Conversation closed count"}]));
    assert_eq!(closed["relatedRecordIds"], json!(["closed_conversations"]));
    for id in ["conversation_assignments_per_agent", "first_response_time", "created_conversations"] {
        assert!(ids(&metrics).contains(&id.to_owned()), "{id}");
    }
    let records = get_data(&world, RECORDS).await;
    assert_eq!(ids(&records)[..2], ["ratings", "closed_conversations"]);
    // Each names the other.
    for metric in metrics.as_array().unwrap() {
        for record in metric["relatedRecordIds"].as_array().unwrap() {
            let record = records.as_array().unwrap().iter().find(|of| of["id"] == *record).unwrap();
            assert!(record["relatedMetricIds"].as_array().unwrap().contains(&metric["id"]), "{}", metric["id"]);
        }
        assert_eq!(get_data(&world, &format!("{METRICS}/{}", metric["id"].as_str().unwrap())).await, *metric);
    }
    for record in records.as_array().unwrap() {
        assert_eq!(get_data(&world, &format!("{RECORDS}/{}", record["id"].as_str().unwrap())).await, *record);
    }
}

#[tokio::test]
async fn records_are_described_as_in_the_sample() {
    let world = World::new().await;
    let field = |name: &str, description: &str, nullable: bool| json!({"field": name, "description": description, "nullable": nullable});
    let ratings = get_data(&world, &format!("{RECORDS}/ratings")).await;
    assert_eq!((&ratings["id"], &ratings["description"]), (&json!("ratings"), &json!("Conversation Ratings")));
    assert_begins(&ratings["filters"], &filters(&SIX));
    assert_begins(&ratings["relatedMetricIds"], &[json!("csat")]);
    let queue = "The queue which the conversation was part of when the conversation was";
    assert_begins(
        &ratings["fieldsMetadata"],
        &[
            field("conversation_id", "Conversation ID", false),
            field("agent_id", "The agent assigned to the conversation", true),
            field("queue_id", &format!("{queue} offered"), true),
        ],
    );
    let closed = get_data(&world, &format!("{RECORDS}/closed_conversations")).await;
    assert_eq!(closed["description"], "Closed conversation data");
    assert_begins(&closed["filters"], &filters(&SIX[1..]));
    assert_begins(&closed["relatedMetricIds"], &[json!("closed_conversations")]);
    assert_begins(
        &closed["fieldsMetadata"],
        &[
            field("closed_at", "Timestamp of when the conversation was closed", false),
            field("conversation_id", "Conversation ID", false),
            field("agent_id", "The agent closing the conversation", true),
            field("queue_id", &format!("{queue} closed"), true),
            field("closed_by", "User closing the conversation (Agent, Enduser or Unknown)", false),
        ],
    );
}
