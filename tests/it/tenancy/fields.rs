//! Every field of the schema's definition, found there: one that the schema gains is asked here, too, or this fails.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::sdl::Sdl;
use super::{Worlds, ask, check_strangers};

/// Fields that say nothing in the worlds, and why.
const SILENT: &[(&str, &str)] = &[
    ("MetricDefinition.deprecated", "no metric is deprecated"),
    ("Viewer.teams", "null to a viewer of all teams, as the right one is"),
];

/// Objects of a type within an answer, wherever they are: those whose `__typename` is it.
fn objects<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| objects(item, name, found)),
        Value::Object(fields) => {
            if fields.get("__typename").is_some_and(|found| found == name) {
                found.push(value);
            }
            fields.values().for_each(|value| objects(value, name, found));
        }
        _ => {}
    }
}

/// Indicates a field was answered with something.
fn is_there(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => items.iter().any(|item| !item.is_null()),
        Some(_) => true,
    }
}

#[tokio::test]
async fn every_field_gives_data_to_the_right_viewer_and_nothing_to_others() {
    let (worlds, sdl) = (Worlds::new().await, Sdl::read());
    let (ways, mut silent, mut wrong, mut asked) = (sdl.ways(), BTreeSet::new(), BTreeSet::new(), 0);
    for (name, ways) in ways.iter().filter(|(name, _)| sdl.is_object(name)) {
        let mut open: BTreeMap<String, String> =
            sdl.fields(name).iter().map(|field| (field.name.node.to_string(), sdl.asked(name, field))).collect();
        for way in ways {
            let all: Vec<&str> = sdl_texts(&open);
            let query = way.asking(&format!("__typename {}", all.join(" ")));
            let answer = ask(&worlds.both, &worlds.owner, &query).await.json();
            asked += 1;
            // What is wrong with the request is a fault of this test, or of the graph.
            for error in answer["errors"].as_array().into_iter().flatten() {
                wrong.insert(format!("{name}: {}", error["message"]));
            }
            let mut found = Vec::new();
            objects(&answer["data"], name, &mut found);
            check_strangers(&worlds, &query).await;
            open.retain(|field, _| !found.iter().any(|object| is_there(object.get(field))));
            if open.is_empty() {
                break;
            }
        }
        silent.extend(open.into_keys().map(|field| format!("{name}.{field}")));
    }
    for (field, _) in SILENT {
        assert!(silent.remove(*field), "{field} says something after all; take it off the list");
    }
    let unreached: Vec<&String> = sdl
        .0
        .keys()
        .filter(|name| {
            sdl.is_object(name) && !ways.contains_key(*name) && *name != "Subscription" && *name != "Revision"
        })
        .collect();
    assert!(wrong.is_empty(), "wrong requests: {wrong:#?}");
    assert!(asked > 100, "only {asked} requests were made");
    assert!(unreached.is_empty(), "no way leads to {unreached:?}");
    assert!(silent.is_empty(), "these fields say nothing to anybody, so that nothing is shown: {silent:#?}");
}

fn sdl_texts(open: &BTreeMap<String, String>) -> Vec<&str> {
    open.values().map(String::as_str).collect()
}
