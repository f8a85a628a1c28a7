//! What the demo promises of itself, counted on its lines.

mod derived;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Plan;
use crate::model::Instant;

fn plan(seed: u64, cases: u32) -> Plan {
    Plan { seed, cases, now: Instant::parse("2026-11-18T14:20:00Z").unwrap() }
}

fn values(plan: Plan) -> Vec<Value> {
    plan.lines().map(|line| serde_json::from_str(&line).unwrap()).collect()
}

fn digest(plan: Plan) -> [u8; 32] {
    let mut hash = Sha256::new();
    plan.lines().for_each(|line| hash.update(line.as_bytes()));
    hash.finalize().into()
}

fn at(value: &Value, field: &str) -> Option<Instant> {
    value[field].as_str().map(|text| Instant::parse(text).unwrap())
}

#[test]
fn repeats_itself_by_seed() {
    assert_eq!(digest(plan(7, 300)), digest(plan(7, 300)));
    assert_ne!(digest(plan(7, 300)), digest(plan(8, 300)));
}

#[test]
fn has_the_people_and_places_it_promises() {
    let lines = values(plan(7, 400));
    let count = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert_eq!((count("agent"), count("team"), count("queue"), count("tag")), (40, 8, 10, 16));
    assert_eq!((count("case"), count("channel"), count("status")), (400, 6, 3));
    assert_eq!((count("sla_policy"), count("business_hours")), (4, 4));
    let ids: BTreeSet<_> =
        lines.iter().filter(|line| line["type"] == "sla_policy").map(|line| line["id"].as_str()).collect();
    assert_eq!(ids.len(), 3);
    assert!(count("presence") > 5_000);
}

#[test]
fn nothing_happens_after_now_or_before_its_case() {
    let plan = plan(11, 600);
    let lines = values(plan);
    let created: HashMap<&str, Instant> = lines
        .iter()
        .filter(|line| line["type"] == "case")
        .map(|line| (line["id"].as_str().unwrap(), at(line, "created_at").unwrap()))
        .collect();
    for line in &lines {
        for field in ["at", "created_at", "offered_at", "edited_at"] {
            assert!(at(line, field).is_none_or(|instant| instant <= plan.now), "{line}");
        }
        if let Some(case) = line["case"].as_str() {
            assert!(at(line, "at").unwrap() >= created[case], "{line}");
        }
    }
}

#[test]
fn event_ids_are_unique_by_kind() {
    let lines = values(plan(3, 500));
    let mut seen = BTreeSet::new();
    for line in lines.iter().filter(|line| line["case"].is_string() && line["type"] != "rating") {
        assert!(seen.insert((line["type"].as_str(), line["id"].as_str())), "{line}");
    }
}

#[test]
fn customers_come_before_the_cases_that_name_them() {
    let mut known = BTreeSet::new();
    for line in values(plan(5, 500)) {
        match line["type"].as_str() {
            Some("customer") => {
                known.insert((line["id"].as_str().unwrap().to_owned(), at(&line, "created_at").unwrap()));
            }
            Some("case") if line["requester"].is_string() => {
                let id = line["requester"].as_str().unwrap();
                let (_, since) = known.iter().find(|(known, _)| known == id).unwrap();
                assert!(*since <= at(&line, "created_at").unwrap(), "{line}");
            }
            _ => {}
        }
    }
}

#[test]
fn has_everything_that_the_graph_can_show() {
    let lines = values(plan(7, 3_000));
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for line in &lines {
        let kind = line["type"].as_str().unwrap();
        let detail = match kind {
            "assignment" => line["kind"].as_str(),
            "status_change" => line["status"].as_str(),
            "change" => line["field"].as_str(),
            "case" => line["state"].as_str(),
            "message" => line["author"]["kind"].as_str(),
            "rating" => Some(if line["score"].is_null() { "offered" } else { "given" }),
            _ => None,
        };
        *kinds.entry(format!("{kind} {}", detail.unwrap_or(""))).or_default() += 1;
    }
    let wanted = [
        "assignment assign",
        "assignment take",
        "assignment transfer",
        "assignment offer",
        "assignment unassign",
        "status_change open",
        "status_change pending",
        "status_change waiting_vendor",
        "status_change waiting_parts",
        "status_change in_review",
        "status_change resolved",
        "status_change closed",
        "change priority",
        "change tag_added",
        "change tag_removed",
        "change case_type",
        "case active",
        "case spam",
        "case merged",
        "message customer",
        "message agent",
        "message bot",
        "rating offered",
        "rating given",
        "sla ",
    ];
    for kind in wanted {
        assert!(kinds.contains_key(kind), "no `{kind}` among {kinds:#?}");
    }
    let scores: Vec<f64> = lines.iter().filter_map(|line| line["score"].as_f64()).collect();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    assert!((4.0..4.6).contains(&mean), "{mean}");
}

#[test]
fn a_half_loaded_demo_is_taken_up_with_its_own_plan() {
    let plan = plan(9, 12);
    let names: Vec<String> = values(plan)
        .iter()
        .filter(|line| line["type"] == "workspace")
        .map(|line| line["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.iter().map(|name| Plan::unfinished(name)).collect::<Vec<_>>(), [Some(plan), None]);
    assert_eq!(Plan::unfinished("Acme"), None);
}
