//! Requests at random, of several viewers at once.

use std::collections::BTreeMap;

use async_graphql::parser::types::FieldDefinition;
use deskgraph::model::{Cursor, Instant, Key};
use futures_util::future::{join, join_all};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use super::sdl::{Sdl, base};
use super::{ACME, OTHER, Worlds, first_difference, told};

/// Requests, and how many are asked at once.
const REQUESTS: usize = 240;
const AT_ONCE: usize = 12;
const DEPTH: usize = 6;

/// Makes selections of the schema.
struct Maker<'a> {
    sdl: &'a Sdl,
    chance: StdRng,
    aliases: usize,
}

impl Maker<'_> {
    /// A field as it is usually asked, or with any argument at any of its values.
    fn call(&mut self, name: &str, field: &FieldDefinition) -> String {
        if self.chance.random_bool(0.4) {
            return self.sdl.calls(name, field, &cursors()).choose(&mut self.chance).unwrap().clone();
        }
        let forms = self.sdl.arguments(name, field);
        format!("{}{}", field.name.node, forms.choose(&mut self.chance).cloned().unwrap_or_default())
    }

    /// Some fields of a type.
    fn selection(&mut self, name: &str, depth: usize) -> String {
        let fields = self.sdl.fields(name);
        let wanted = if name == "Query" { 2 } else { self.chance.random_range(1..5) };
        let mut parts = vec!["__typename".to_owned()];
        for _ in 0..wanted {
            let Some(&field) = fields.choose(&mut self.chance) else { break };
            let call = self.call(name, field);
            let objects = self.sdl.objects(&base(&field.ty.node));
            self.aliases += 1;
            let call = format!("f{}: {call}", self.aliases);
            if objects.is_empty() {
                parts.push(call);
            } else if depth < DEPTH {
                let inner: Vec<String> = if objects.len() == 1 {
                    vec![self.selection(&objects[0], depth + 1)]
                } else {
                    let object = objects.choose(&mut self.chance).unwrap().clone();
                    vec![
                        "__typename".to_owned(),
                        format!("... on {object} {{ {} }}", self.selection(&object, depth + 1)),
                    ]
                };
                parts.push(format!("{call} {{ {} }}", inner.join(" ")));
            }
        }
        parts.join(" ")
    }
}

/// Places in lists of cases and of rows, next to cases of both teams.
fn cursors() -> Vec<String> {
    let at = Instant::parse("2026-05-26T08:17:00Z").unwrap().ms();
    let cursor = |order: &str, keys: Vec<Key>| Cursor { order: order.to_owned(), keys }.to_string();
    let of = |case: &str| {
        let row = vec![Key::Number(at), Key::from(case), Key::Number(0)];
        [cursor("created_at", vec![Key::Number(at), Key::from(case)]), cursor("records", row)]
    };
    ["c10", "c20", "c99"].into_iter().flat_map(of).collect()
}

/// Indicates a row of somebody's is in an answer: something with an identity that is no definition.
fn has_rows(sdl: &Sdl, value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| has_rows(sdl, item)),
        Value::Object(fields) => {
            let name = fields.get("__typename").and_then(Value::as_str).unwrap_or_default();
            let is_row =
                sdl.has_id(name) && !name.ends_with("Definition") && !["Workspace", "FilterValue"].contains(&name);
            is_row || fields.values().any(|value| has_rows(sdl, value))
        }
        _ => false,
    }
}

#[tokio::test]
async fn whatever_is_asked_at_once_nobody_gets_what_is_of_others() {
    let (worlds, sdl) = (Worlds::new().await, Sdl::read());
    let seed =
        std::env::var("DESKGRAPH_TENANCY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("DESKGRAPH_TENANCY_SEED={seed} repeats this");
    let mut maker = Maker { sdl: &sdl, chance: StdRng::seed_from_u64(seed), aliases: 0 };
    let mut full: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for round in 0..REQUESTS / AT_ONCE {
        let queries: Vec<String> = (0..AT_ONCE)
            .map(|_| {
                maker.aliases = 0;
                format!("{{ {} }}", maker.selection("Query", 0))
            })
            .collect();
        // All at once in the world of both; one after the other where a viewer is alone.
        let viewers: Vec<_> =
            (0..AT_ONCE).map(|place| &worlds.strangers[[0, 2, 0, 2, 1][(place + round) % 5]]).collect();
        let asked = queries.iter().zip(&viewers).map(|(query, viewer)| told(&worlds.both, &viewer.token, query));
        // The owner asks the same in the midst of them, so that there is something to mix up.
        let owned = queries.iter().map(|query| told(&worlds.both, &worlds.owner, query));
        let (found, owned) = join(join_all(asked), join_all(owned)).await;
        for (query, owned) in queries.iter().zip(&owned) {
            assert!(!owned.to_string().contains(OTHER) || query.contains(OTHER), "the owner: {query}: {owned}");
            let (some, all) = full.entry("the owner").or_default();
            *some += usize::from(has_rows(&sdl, &owned["data"]));
            *all += 1;
        }
        for ((query, viewer), found) in queries.iter().zip(&viewers).zip(found) {
            let expected = told(&viewer.alone, &viewer.token, query).await;
            let difference = first_difference(&found, &expected, "data");
            assert!(
                found == expected,
                "{} got what is not theirs: {query}
{difference}",
                viewer.name
            );
            let foreign = if viewer.name == "a team" { OTHER } else { ACME };
            assert!(
                !found.to_string().contains(foreign) || query.contains(foreign),
                "{}: {query}: {found}",
                viewer.name
            );
            let (some, all) = full.entry(viewer.name).or_default();
            *some += usize::from(has_rows(&sdl, &found["data"]));
            *all += 1;
        }
    }
    println!("{full:?}");
    let (some, all) = full
        .iter()
        .filter(|(name, _)| !name.contains("not there"))
        .fold((0, 0), |sum, (_, of)| (sum.0 + of.0, sum.1 + of.1));
    assert!(some * 2 >= all, "only {some} of {all} answers have rows");
}
