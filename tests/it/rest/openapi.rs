//! The description of the dialects, and a tester that lives by it: requests made at random of what the document says and of what it does
//! not, each answered with a status and a body that the document has.

use std::collections::BTreeMap;

use deskgraph::model::Role;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::{Header, encoded, get, post};
use crate::analytics::questions::demo;
use crate::world::World;

/// Requests of each operation.
const REQUESTS: usize = 120;

async fn document(world: &World) -> Value {
    let answer = get(world, "/openapi.json", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    answer.json()
}

/// The operations: path, method, description.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push((path.clone(), method.clone(), operation.clone()));
        }
    }
    found
}

/// A schema that can be looked up from where it stands.
fn rooted(document: &Value, schema: &Value) -> Value {
    let mut rooted = schema.clone();
    rooted["components"] = document["components"].clone();
    rooted
}

#[tokio::test]
async fn the_document_describes_every_dialect_and_itself() {
    let world = World::new().await;
    let document = document(&world).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let operations = operations(&document);
    let tags: Vec<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for tag in &tags {
        assert!(operations.iter().any(|(_, _, operation)| operation["tags"] == json!([tag])), "{tag} has no operation");
    }
    for (path, method, operation) in &operations {
        for name in ["summary", "description", "operationId"] {
            assert!(operation[name].as_str().is_some_and(|text| !text.is_empty()), "{method} {path} has no {name}");
        }
        assert!(tags.contains(&operation["tags"][0].as_str().unwrap()), "{method} {path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{method} {path}: {parameter}");
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let schema = &response["content"]["application/json"]["schema"];
            assert!(schema.is_object(), "{method} {path} {status} has no body");
            jsonschema::validator_for(&rooted(&document, schema)).unwrap();
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        jsonschema::validator_for(&rooted(&document, schema)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// Makes values of a schema, and others.
struct Maker<'a> {
    document: &'a Value,
    chance: StdRng,
    /// Values that mean something in the world, by the name of what takes them.
    known: &'a BTreeMap<String, Vec<String>>,
    /// Where the request goes.
    path: String,
}

impl Maker<'_> {
    fn resolve<'v>(&'v self, schema: &'v Value) -> &'v Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    fn junk(&mut self) -> Value {
        let texts = ["", "0", "-1", "null", "é\u{0}", "%", "9223372036854775808", "2026-02-30", "[]", "😀"];
        match self.chance.random_range(0..8) {
            0 => json!(null),
            1 => json!(self.chance.random::<i64>()),
            2 => json!(self.chance.random::<f64>() * 1e300),
            3 => json!([[]]),
            4 => json!({"_type": "Nothing"}),
            5 => json!("x".repeat(self.chance.random_range(0..3_000))),
            _ => json!(texts.choose(&mut self.chance).unwrap()),
        }
    }

    /// A value of a schema, of what takes a certain name; once in a while something else.
    fn value(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        if depth > 8 || self.chance.random_bool(0.02) {
            return self.junk();
        }
        let schema = self.resolve(schema).clone();
        for several in ["oneOf", "anyOf"] {
            if let Some(one) = schema[several].as_array().and_then(|all| all.choose(&mut self.chance)) {
                return self.value(name, one, depth + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = serde_json::Map::new();
            for part in parts {
                if let Value::Object(members) = self.value(name, part, depth + 1) {
                    whole.extend(members);
                }
            }
            return Value::Object(whole);
        }
        if let Some(value) = schema["enum"].as_array().and_then(|all| all.choose(&mut self.chance)) {
            return value.clone();
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        let kind = schema["type"].to_string();
        let is_leaf = !kind.contains("array") && !kind.contains("object");
        let here = self.known.get(&format!("{name} at {}", self.path));
        if let Some(known) = here.or_else(|| self.known.get(name)).filter(|_| is_leaf && self.chance.random_bool(0.8)) {
            let text = known.choose(&mut self.chance).unwrap();
            let is_number = kind.contains("integer");
            return text.parse::<i64>().ok().filter(|_| is_number).map_or_else(|| json!(text), |number| json!(number));
        }
        self.of_type(name, &schema, depth)
    }

    fn of_type(&mut self, name: &str, schema: &Value, depth: usize) -> Value {
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.choose(&mut self.chance).cloned().unwrap_or_default(),
            kind => kind.clone(),
        };
        match kind.as_str().unwrap_or("string") {
            "object" => {
                let required = schema["required"].as_array().cloned().unwrap_or_default();
                let mut members = serde_json::Map::new();
                for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                    let is_required = required.contains(&json!(name));
                    if self.chance.random_bool(if is_required { 0.97 } else { 0.6 }) {
                        members.insert(name.clone(), self.value(name, schema, depth + 1));
                    }
                }
                Value::Object(members)
            }
            "array" => {
                let count = self.chance.random_range(0..3);
                (0..count).map(|_| self.value(name, &schema["items"], depth + 1)).collect()
            }
            "integer" => json!(self.chance.random_range(-1_i64..400)),
            "number" => json!(self.chance.random::<f64>()),
            "boolean" => json!(self.chance.random::<bool>()),
            "null" => json!(null),
            _ if schema["format"] == "date-time" => {
                json!(format!(
                    "2026-05-{:02}T0{}:00:00Z",
                    self.chance.random_range(1..32),
                    self.chance.random_range(0..9)
                ))
            }
            _ if schema["format"] == "uuid" => json!("7d444840-9dc0-11d1-b245-5ffdce74fad2"),
            _ => self.junk(),
        }
    }

    fn text(&mut self, name: &str, parameter: &Value) -> String {
        let example = parameter["example"].as_str().filter(|_| self.chance.random_bool(0.5));
        match example {
            Some(example) => example.to_owned(),
            None => match self.value(name, &parameter["schema"], 0) {
                Value::String(text) => text,
                other => other.to_string(),
            },
        }
    }

    /// The path of a request with its parameters.
    fn path(&mut self, path: &str, operation: &Value) -> String {
        let (mut path, mut query) = (path.to_owned(), Vec::new());
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            match parameter["in"].as_str() {
                Some("path") => {
                    let value = self.text(&format!("in path {name}"), parameter);
                    let value = if value.is_empty() { "x" } else { &value };
                    path = path.replace(&format!("{{{name}}}"), &encoded(value));
                }
                Some("query") => {
                    let wanted = if parameter["required"] == true { 0.9 } else { 0.4 };
                    if self.chance.random_bool(wanted) {
                        query.push(format!("{name}={}", encoded(&self.text(name, parameter))));
                    }
                }
                _ => {}
            }
        }
        if self.chance.random_bool(0.05) {
            query.push("surprise=1".to_owned());
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }
}

/// The headers of every way in, mostly good.
fn headers(world: &World, operation: &Value, chance: &mut StdRng) -> Vec<Header> {
    let role = *[Role::Owner, Role::Owner, Role::Owner, Role::Manager, Role::Agent].choose(chance).unwrap();
    let token = if chance.random_bool(0.95) { world.token(role) } else { "nonsense".to_owned() };
    let mut headers = Vec::new();
    for name in operation["security"][0].as_object().into_iter().flat_map(|schemes| schemes.keys()) {
        headers.push(match name.as_str() {
            "bearer" => ("authorization", format!("Bearer {token}")),
            "dixa" => ("authorization", token.clone()),
            "rocketChatToken" => ("x-auth-token", token.clone()),
            _ => ("x-user-id", if chance.random_bool(0.95) { "kim".to_owned() } else { "lee".to_owned() }),
        });
    }
    if chance.random_bool(0.03) {
        headers.clear();
    }
    headers
}

/// What means something in a demo.
async fn known(world: &World) -> BTreeMap<String, Vec<String>> {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let zones = list(&["UTC", "Europe/Copenhagen", "Asia/Kathmandu"]);
    let mut known = BTreeMap::from([
        ("timezone".to_owned(), zones),
        ("channel".to_owned(), list(&["email", "web", "whatsapp"])),
        ("from".to_owned(), list(&["2026-05-01", "2026-05-01T10:00:00Z", "2026-04-01"])),
        ("to".to_owned(), list(&["2026-05-31", "2026-05-31T10:00:00Z"])),
        ("agent_id".to_owned(), list(&["1", "2", "3"])),
        ("csidFilter".to_owned(), list(&["1", "17"])),
        ("attribute".to_owned(), list(&["channel", "agent_id", "queue_id", "status", "contact_point", "hour_of_day"])),
        ("in path filterAttribute".to_owned(), list(&["channel", "agent_id", "queue_id", "contact_point", "tag_id"])),
        ("values".to_owned(), list(&["EMAIL", "open", "7"])),
        ("aggregations".to_owned(), list(&["Count"])),
        ("start".to_owned(), list(&["2026-05-01T00:00:00Z", "2026-05-09T10:30:00+02:00"])),
        ("end".to_owned(), list(&["2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z"])),
        ("value".to_owned(), list(&["PreviousWeek", "ThisMonth", "Tomorrow"])),
        ("_type".to_owned(), list(&["PreviousWeek", "ThisMonth", "ThisYear"])),
        ("name".to_owned(), list(&["Total_conversations", "Avg_reaction_time", "Conversations", "Productivity"])),
    ]);
    let data = super::graph(world, "{ cases(first: 3) { edges { node { number externalId } } } }").await;
    let cases = data["cases"]["edges"].as_array().unwrap();
    let ids = cases
        .iter()
        .flat_map(|edge| [edge["node"]["number"].to_string(), edge["node"]["externalId"].as_str().unwrap().to_owned()]);
    known.insert("in path id".to_owned(), ids.collect());
    for operation in ["metrics", "records"] {
        let answer =
            get(world, &format!("/v1/analytics/{operation}"), &[("authorization", world.token(Role::Owner))]).await;
        let Ok(list) = serde_json::from_slice::<Value>(&answer.bytes) else { continue };
        let ids: Vec<String> = list["data"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|of| of["id"].as_str().map(str::to_owned))
            .collect();
        known.insert(format!("id at /v1/analytics/{operation}"), ids.clone());
        known.insert(format!("in path {}Id", operation.trim_end_matches('s')), ids);
    }
    known
}

#[tokio::test]
async fn whatever_is_asked_is_answered_as_the_document_says() {
    let world = demo().await;
    let document = document(&world).await;
    let known = known(&world).await;
    let seed =
        std::env::var("DESKGRAPH_REST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("DESKGRAPH_REST_SEED={seed} repeats this");
    let mut maker =
        Maker { document: &document, chance: StdRng::seed_from_u64(seed), known: &known, path: String::new() };
    let mut statuses: BTreeMap<String, BTreeMap<u16, usize>> = BTreeMap::new();
    for (path, method, operation) in operations(&document) {
        let mut validators = BTreeMap::new();
        for (status, response) in operation["responses"].as_object().unwrap() {
            let schema = rooted(&document, &response["content"]["application/json"]["schema"]);
            validators.insert(status.clone(), jsonschema::validator_for(&schema).unwrap());
        }
        maker.path.clone_from(&path);
        for _ in 0..REQUESTS {
            let url = maker.path(&path, &operation);
            let headers = headers(&world, &operation, &mut maker.chance);
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = match schema.is_object() {
                false => String::new(),
                true if maker.chance.random_bool(0.02) => "{\"id\": ".to_owned(),
                true => maker.value("", schema, 0).to_string(),
            };
            let answer = match method.as_str() {
                "get" => get(&world, &url, &headers).await,
                _ => post(&world, &url, &headers, &body).await,
            };
            let what = format!("{method} {url} {body}: {} {}", answer.status, answer.text());
            assert!(answer.status.as_u16() < 500, "{what}");
            let validator =
                validators.get(answer.status.as_str()).unwrap_or_else(|| panic!("status not described: {what}"));
            if let Err(error) = validator.validate(&answer.json()) {
                panic!("{what}\n{error} at {}", error.instance_path());
            }
            *statuses.entry(format!("{method} {path}")).or_default().entry(answer.status.as_u16()).or_default() += 1;
        }
    }
    println!("{statuses:#?}");
    for (operation, statuses) in &statuses {
        let good = statuses.get(&200).copied().unwrap_or_default();
        assert!(good > 0, "{operation} never succeeds: {statuses:?}");
        assert!(statuses.keys().any(|status| *status >= 400), "{operation} never refuses: {statuses:?}");
    }
}
