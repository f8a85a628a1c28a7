//! A tester that lives by the schema: operations made at random of what it says and of what it does not, each answered without a fault of
//! ours, every error with a code, and data in the shape that was asked.

mod checker;
mod maker;
mod types;
mod values;

use std::collections::BTreeMap;

use async_graphql::Value as Data;
use async_graphql::parser::types::Type;
use axum::http::header;
use deskgraph::model::Role;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use crate::analytics::questions::demo;
use crate::world::{Answer, World, post};
use checker::Checker;
use maker::{Maker, Request};
use types::Types;
use values::Values;

/// Requests in all.
const REQUESTS: usize = 400;
/// The codes that an error may have.
const CODES: [&str; 6] = ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "BAD_USER_INPUT", "CONFLICT", "LIMIT_EXCEEDED"];

async fn send(world: &World, body: &Value, chance: &mut StdRng) -> Answer {
    let role =
        if chance.random_bool(0.9) { Role::Owner } else { *[Role::Manager, Role::Agent].choose(chance).unwrap() };
    let teams: Option<&[&str]> = if chance.random_bool(0.05) { Some(&["t1"]) } else { None };
    let token = match chance.random_bool(0.99) {
        true => world.token_for(crate::world::WORKSPACE, role, teams),
        false => "nonsense".to_owned(),
    };
    let accept = ["application/json", "application/graphql-response+json"].choose(chance).unwrap();
    let request = post("/graphql", &token).header(header::CONTENT_TYPE, "application/json");
    world.send(request.header(header::ACCEPT, *accept).body(body.to_string().into()).unwrap()).await
}

/// The codes of the errors, each of which is well formed.
fn codes(body: &Value) -> Result<Vec<String>, String> {
    let Some(errors) = body.get("errors") else { return Ok(Vec::new()) };
    let errors = errors.as_array().filter(|errors| !errors.is_empty()).ok_or("errors are no list, or empty")?;
    let mut codes = Vec::new();
    for error in errors {
        let code = error["extensions"]["code"].as_str().filter(|code| CODES.contains(code));
        codes.push(code.ok_or_else(|| format!("no code that is known: {error}"))?.to_owned());
        if error["message"].as_str().is_none_or(str::is_empty) {
            return Err(format!("no message: {error}"));
        }
        let mut places = error["locations"].as_array().into_iter().flatten();
        if !places.all(|place| place["line"].as_u64() > Some(0) && place["column"].as_u64() > Some(0)) {
            return Err(format!("a place before the first: {error}"));
        }
    }
    Ok(codes)
}

/// What an answer owes whatever was asked, and its data; the codes of its errors come back.
fn check(answer: &Answer, request: &Request, checker: &mut Checker<'_>) -> Result<Vec<String>, String> {
    if answer.status.as_u16() >= 500 {
        return Err("a fault of ours".to_owned());
    }
    let body = answer.json();
    let codes = codes(&body)?;
    let members = body.as_object().ok_or("no object")?;
    if !members.keys().all(|key| ["data", "errors", "extensions"].contains(&key.as_str())) {
        return Err("members that no answer has".to_owned());
    }
    // In the order of the text, which this reader keeps.
    let Ok(Data::Object(read)) = serde_json::from_slice::<Data>(&answer.bytes) else {
        return Err("no object".to_owned());
    };
    match read.get("data") {
        None if codes.is_empty() => return Err("neither data nor errors".to_owned()),
        None | Some(Data::Null) => {}
        Some(Data::Object(fields)) if request.is_as_asked => checker.object(fields, "Query", &[&request.items])?,
        Some(Data::Object(_)) => {}
        Some(other) => return Err(format!("data is {other}")),
    }
    Ok(codes)
}

#[tokio::test]
async fn whatever_is_asked_is_answered_as_the_schema_says() {
    let world = demo().await;
    let types = Types::read();
    let seed: u64 =
        std::env::var("DESKGRAPH_GRAPHQL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("DESKGRAPH_GRAPHQL_SEED={seed} repeats this");
    let values =
        Values { types: &types, chance: StdRng::seed_from_u64(seed), known: BTreeMap::new(), wanted: String::new() };
    let mut maker = Maker::new(values);
    let mut doors = StdRng::seed_from_u64(seed.wrapping_add(1));
    let (mut good, mut refusals) = (0, BTreeMap::<String, usize>::new());
    for _ in 0..REQUESTS {
        let request = maker.request();
        let answer = send(&world, &request.body, &mut doors).await;
        let mut checker = Checker { types: &types, met: Vec::new() };
        let codes = check(&answer, &request, &mut checker)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{} {}", request.body, answer.status, answer.text()));
        for (name, text) in checker.met {
            maker.values.learn(&name, &text);
        }
        good += usize::from(codes.is_empty());
        if let Some(code) = codes.first() {
            let message = answer.json()["errors"][0]["message"].to_string();
            *refusals.entry(format!("{code} {}", message.chars().take(70).collect::<String>())).or_default() += 1;
        }
    }
    println!("{good} of {REQUESTS} without errors; {refusals:#?}");
    assert!(good * 2 >= REQUESTS, "only {good} of {REQUESTS} are answered without errors");
    assert!(refusals.keys().any(|refusal| refusal.starts_with("BAD_USER_INPUT")), "nothing was refused");
}

#[test]
fn the_tester_sees_the_schema() {
    let types = Types::read();
    assert!(types.composite("Query").is_some_and(|(fields, _)| fields.len() > 20));
    assert!(types.composite("Node").is_some_and(|(_, possible)| possible.len() > 15));
    assert_eq!(types::named(&Type::new("[[Case!]]!").unwrap()), "Case");
}
