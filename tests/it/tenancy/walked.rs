//! Every field asked for all that is in it, with every argument at every value: a field that shows others' rows only when it is followed, or
//! only under a filter, a search or a cursor, shows them here.

use std::collections::BTreeSet;

use async_graphql::parser::types::FieldDefinition;
use deskgraph::model::{Cursor, Instant, Key};
use serde_json::Value;

use super::sdl::{PERIOD, Sdl, Way, base};
use super::{Worlds, ask, check_strangers, told};

/// Calls of one request, and bytes of it that they take, about.
const CALLS: usize = 6;
const BYTES: usize = 50_000;
/// Ways that are tried once there is one by which a team finds something, for another by which it does not.
const PATIENCE: usize = 4;

/// Fields in which nothing is by the ways that are walked, and why; that they say something to somebody is for `fields` to find.
const EMPTY: &[(&str, &str)] = &[
    ("Case.mergedInto", "the ways lead to cases that go on; `Query.case` is asked for some that do not"),
    ("NumberMetric.change", "the first figure of this type had nothing to be compared with"),
    ("Record.value", "the first rows are only counted"),
    ("Scope.filter", "the ways have no filter"),
    ("Viewer.teams", "null to a viewer of all teams, as the right one is"),
];

impl Sdl {
    /// All that is in an object, and a little of what that leads to.
    pub fn contents(&self, name: &str, levels: usize) -> String {
        let mut parts = vec!["__typename".to_owned()];
        for field in self.fields(name) {
            let of = base(&field.ty.node);
            // Lists and figures of what is led to are asked where the field itself is; definitions are everybody's.
            let is_of_its_own = !field.arguments.is_empty() && name != "Metrics";
            if is_of_its_own || of.ends_with("Definition") {
                continue;
            }
            let call = self.calls(name, field, &[]).remove(0);
            match self.objects(&of).is_empty() {
                true => parts.push(call),
                false if levels > 0 => parts.push(format!("{call} {}", self.contents(&of, levels - 1))),
                false => {}
            }
        }
        if self.fields(name).is_empty() {
            for object in self.objects(name) {
                // Members of one name may have different types.
                let leaves = self
                    .fields(&object)
                    .into_iter()
                    .filter(|field| field.arguments.is_empty() && self.objects(&base(&field.ty.node)).is_empty());
                let leaves: Vec<_> = leaves.map(|field| format!("{object}_{0}: {0}", field.name.node)).collect();
                parts.push(format!("... on {object} {{ __typename {} }}", leaves.join(" ")));
            }
        }
        format!("{{ {} }}", parts.join(" "))
    }

    /// Indicates objects of a type have an identity.
    pub fn has_id(&self, name: &str) -> bool {
        self.fields(name).iter().any(|field| field.name.node == "id")
    }

    /// What is asked below a field.
    fn under(&self, field: &FieldDefinition) -> String {
        let of = base(&field.ty.node);
        let levels = match of.as_str() {
            _ if of.ends_with("Connection") => 3,
            "Metrics" => 1,
            _ if self.has_id(&of) => 1,
            _ => 2,
        };
        if self.objects(&of).is_empty() { String::new() } else { self.contents(&of, levels) }
    }
}

/// Cursors anywhere in an answer.
fn cursors(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| cursors(item, found)),
        Value::Object(fields) => {
            found.extend(fields.get("cursor").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| cursors(value, found));
        }
        _ => {}
    }
}

/// Indicates there is a row, or of what has no rows a value.
fn has_rows(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(has_rows),
        Value::Object(fields) => {
            fields.get("edges").is_none_or(|edges| edges.as_array().is_some_and(|rows| !rows.is_empty()))
        }
        _ => true,
    }
}

/// What a field is, anywhere in an answer.
fn answers<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| answers(item, key, found)),
        Value::Object(fields) => {
            found.extend(fields.get(key));
            fields.values().for_each(|value| answers(value, key, found));
        }
        _ => {}
    }
}

/// The first way by which the owner finds something that a viewer of team t2 does not, and the first by which they find something, too.
async fn two_ways<'a>(worlds: &Worlds, ways: &'a [Way]) -> Vec<&'a Way> {
    let (mut hidden, mut seen, mut tried_since) = (None, None, 0);
    // Lists within lists cost more than may be asked.
    let pages = |way: &Way| {
        ["edges", "nodes(", "channels {"].map(|list| way.asking("").matches(list).count()).iter().sum::<usize>()
    };
    let fewest = ways.iter().map(pages).min().unwrap_or_default();
    for way in ways.iter().filter(|way| pages(way) == fewest) {
        tried_since += usize::from(seen.is_some());
        let query = way.asking("here: __typename");
        let mut is_found = [false, false];
        for (place, token) in [&worlds.owner, &worlds.strangers[2].token].into_iter().enumerate() {
            let answer = ask(&worlds.both, token, &query).await.json();
            let mut found = Vec::new();
            answers(&answer["data"], "here", &mut found);
            is_found[place] = !found.is_empty();
        }
        match is_found {
            [true, false] => hidden = hidden.or(Some(way)),
            [true, true] => seen = seen.or(Some(way)),
            [false, _] => {}
        }
        if seen.is_some() && (hidden.is_some() || tried_since == PATIENCE) {
            break;
        }
    }
    hidden.into_iter().chain(seen).collect()
}

/// Asks a field by a way in every manner. Returns how many calls that were, and whether the owner found a row.
async fn walk(worlds: &Worlds, sdl: &Sdl, way: &Way, parent: &str, field: &FieldDefinition) -> (usize, bool) {
    let under = sdl.under(field);
    let plain = format!("call: {} {under}", sdl.calls(parent, field, &[])[0]);
    let mut known = BTreeSet::new();
    cursors(&told(&worlds.both, &worlds.owner, &way.asking(&plain)).await["data"], &mut known);
    // From the start and from the end of what the owner is shown.
    let known: Vec<String> = known.iter().take(2).chain(known.iter().next_back()).cloned().collect();
    let calls = sdl.calls(parent, field, &known);
    let mut is_there = false;
    for part in calls.chunks((BYTES / (under.len() + 1)).clamp(1, CALLS)) {
        let parts: Vec<_> =
            part.iter().enumerate().map(|(place, call)| format!("call{place}: {call} {under}")).collect();
        let query = way.asking(&parts.join(" "));
        let answer = told(&worlds.both, &worlds.owner, &query).await;
        let is_too_much = answer.to_string().contains("LIMIT_EXCEEDED");
        assert!(!is_too_much, "{query} is too much: {}", answer["errors"]);
        for place in 0..part.len() {
            let mut found = Vec::new();
            answers(&answer["data"], &format!("call{place}"), &mut found);
            is_there |= found.into_iter().any(has_rows);
        }
        check_strangers(worlds, &query).await;
    }
    (calls.len(), is_there)
}

/// Walks through the fields of the types that are wanted.
async fn walk_through(is_wanted: impl Fn(&Sdl, &str) -> bool, least: usize) {
    let (worlds, sdl) = (Worlds::new().await, Sdl::read());
    let (ways, mut empty, mut asked) = (sdl.ways(), BTreeSet::new(), 0);
    for (name, ways) in ways.iter().filter(|(name, _)| sdl.is_object(name) && is_wanted(&sdl, name)) {
        let ways = two_ways(&worlds, ways).await;
        for field in sdl.fields(name) {
            // What is but a value is asked with all the others, in `fields`.
            if field.arguments.is_empty() && sdl.objects(&base(&field.ty.node)).is_empty() {
                continue;
            }
            let mut is_there = false;
            for way in &ways {
                let (calls, found) = walk(&worlds, &sdl, way, name, field).await;
                asked += calls;
                is_there |= found;
            }
            if !is_there {
                empty.insert(format!("{name}.{}", field.name.node));
            }
        }
    }
    for (field, _) in EMPTY.iter().filter(|(field, _)| is_wanted(&sdl, field.split('.').next().unwrap())) {
        assert!(empty.remove(*field), "{field} has something after all; take it off the list");
    }
    assert!(asked > least, "only {asked} calls were made");
    assert!(empty.is_empty(), "nothing is in these, so that nothing is shown: {empty:#?}");
}

#[tokio::test]
async fn fields_of_things_are_followed_with_every_argument_and_show_nothing_of_others() {
    walk_through(|sdl, name| sdl.has_id(name) || name == "Query", 600).await;
}

#[tokio::test]
async fn fields_of_what_things_are_made_of_are_followed_likewise() {
    walk_through(|sdl, name| !sdl.has_id(name) && name != "Query", 400).await;
}

#[tokio::test]
async fn a_cursor_that_somebody_writes_does_not_tell_which_cases_there_are() {
    let worlds = Worlds::new().await;
    let at = Instant::parse("2026-05-26T08:17:00Z").unwrap().ms();
    let page = async |token: &str, way: &str, case: &str| {
        let keys = vec![Key::Number(at), Key::from(case), Key::Number(0)];
        let cursor = Cursor { order: "records".to_owned(), keys };
        let rows = "edges { node { case { externalId } } }";
        let query = format!("{{ records(record: CASE, period: {PERIOD}, {way}: \"{cursor}\") {{ {rows} }} }}");
        told(&worlds.both, token, &query).await
    };
    let team = &worlds.strangers[2].token;
    for way in ["after", "before"] {
        assert_eq!(page(team, way, "c10").await, page(team, way, "c99").await, "{way}");
    }
    let (own, none) = (page(team, "after", "c20").await, page(team, "after", "c99").await);
    assert_ne!(own, none, "a case of their own is found");
    assert_ne!(page(&worlds.owner, "after", "c10").await, page(&worlds.owner, "after", "c99").await);
}
