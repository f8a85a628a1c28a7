//! The schema as clients see it: `schema.graphql` is what the code generates, everything in it is described, and names, pages and
//! identity follow one pattern.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn types() -> BTreeMap<String, TypeDefinition> {
    let document = parse_schema(deskgraph::graphql::sdl()).unwrap();
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some((definition.node.name.node.to_string(), definition.node)),
        _ => None,
    });
    types.collect()
}

fn fields(definition: &TypeDefinition) -> Vec<&FieldDefinition> {
    match &definition.kind {
        TypeKind::Object(object) => object.fields.iter().map(|field| &field.node).collect(),
        TypeKind::Interface(interface) => interface.fields.iter().map(|field| &field.node).collect(),
        _ => Vec::new(),
    }
}

fn inputs(definition: &TypeDefinition) -> Vec<&InputValueDefinition> {
    match &definition.kind {
        TypeKind::InputObject(input) => input.fields.iter().map(|field| &field.node).collect(),
        _ => Vec::new(),
    }
}

fn implements(definition: &TypeDefinition) -> Vec<&str> {
    match &definition.kind {
        TypeKind::Object(object) => object.implements.iter().map(|name| name.node.as_str()).collect(),
        TypeKind::Interface(interface) => interface.implements.iter().map(|name| name.node.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Each element that can be described: where it is, and its description.
fn described() -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    for (name, definition) in types() {
        let text =
            |description: &Option<async_graphql::Positioned<String>>| description.as_ref().map(|d| d.node.clone());
        all.push((name.clone(), text(&definition.description)));
        for field in fields(&definition) {
            all.push((format!("{name}.{}", field.name.node), text(&field.description)));
            for argument in &field.arguments {
                let place = format!("{name}.{}({})", field.name.node, argument.node.name.node);
                all.push((place, text(&argument.node.description)));
            }
        }
        for input in inputs(&definition) {
            all.push((format!("{name}.{}", input.name.node), text(&input.description)));
        }
        if let TypeKind::Enum(definition) = &definition.kind {
            for value in &definition.values {
                all.push((format!("{name}.{}", value.node.value.node), text(&value.node.description)));
            }
        }
    }
    all
}

#[test]
fn schema_file_is_what_the_code_generates() {
    let (file, generated) = (path("schema.graphql"), deskgraph::graphql::sdl());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &generated).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == generated, "schema.graphql is stale; run scripts/generate");
}

#[test]
fn everything_is_described() {
    let all = described();
    assert!(all.len() > 300, "only {} elements were found", all.len());
    let wrong: Vec<_> = all
        .iter()
        .filter(|(_, text)| match text {
            None => true,
            Some(text) => text.len() < 3 || text.starts_with(char::is_lowercase) || text.trim_end().ends_with('.'),
        })
        .collect();
    assert!(wrong.is_empty(), "no description, or one that starts in lower case or ends in a full stop: {wrong:#?}");
}

#[test]
fn names_follow_one_pattern() {
    let camel = |name: &str| name.starts_with(char::is_lowercase) && name.chars().all(char::is_alphanumeric);
    let pascal = |name: &str| name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric);
    let screaming = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let mut wrong = Vec::new();
    for (name, definition) in types() {
        if !pascal(&name) {
            wrong.push(name.clone());
        }
        for field in fields(&definition) {
            let word = field.name.node.as_str();
            let of_type = field.ty.node.to_string();
            let is_id = word.ends_with("Id") && word != "externalId" && word != "statusId";
            let is_boolean =
                of_type.starts_with("Boolean") && !["is", "has", "was"].iter().any(|w| word.starts_with(w));
            if !camel(word) || is_id || (is_boolean && word != "counted" && name != "BooleanField") {
                wrong.push(format!("{name}.{word}: {of_type}"));
            }
        }
        wrong.extend(inputs(&definition).iter().filter(|i| !camel(&i.name.node)).map(|i| i.name.node.to_string()));
        if let TypeKind::Enum(definition) = &definition.kind {
            let values = definition.values.iter().map(|value| value.node.value.node.to_string());
            wrong.extend(values.filter(|value| !screaming(value)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pages_are_relay_connections() {
    let types = types();
    let of = |name: &str| -> BTreeMap<String, String> {
        let all = fields(&types[name]);
        all.iter().map(|field| (field.name.node.to_string(), field.ty.node.to_string())).collect()
    };
    let connections: Vec<_> = types.keys().filter_map(|name| name.strip_suffix("Connection")).collect();
    assert!(connections.len() >= 8, "{connections:?}");
    for noun in connections {
        let connection = of(&format!("{noun}Connection"));
        assert_eq!(connection["edges"], format!("[{noun}Edge!]!"));
        assert_eq!(connection["pageInfo"], "PageInfo!");
        assert_eq!(connection["totalCount"], "Long");
        let edge = of(&format!("{noun}Edge"));
        assert_eq!((edge["node"].as_str(), edge["cursor"].as_str()), (format!("{noun}!").as_str(), "String!"));
        assert!(implements(&types[noun]).contains(&"Node"), "{noun} is paged, so it is a Node");
    }
    for (name, definition) in &types {
        for field in fields(definition).iter().filter(|field| field.ty.node.to_string().contains("Connection")) {
            let arguments: BTreeSet<_> = field.arguments.iter().map(|a| a.node.name.node.as_str()).collect();
            for argument in ["first", "after", "last", "before"] {
                assert!(arguments.contains(argument), "{name}.{} lacks {argument}", field.name.node);
            }
        }
    }
}

#[test]
fn what_has_identity_is_a_node_and_the_rest_is_listed() {
    let kept = std::fs::read_to_string(path("tests/lint-exempt.txt")).unwrap();
    let kept: BTreeSet<_> = kept.lines().map(str::to_owned).collect();
    let is_value = |name: &String, definition: &TypeDefinition| {
        matches!(definition.kind, TypeKind::Object(_))
            && !fields(definition).iter().any(|field| field.name.node == "id")
            && !["Connection", "Edge"].iter().any(|suffix| name.ends_with(suffix))
            && !["PageInfo", "Query", "Mutation", "Subscription"].contains(&name.as_str())
    };
    let types = types();
    let values: BTreeSet<_> =
        types.iter().filter(|(name, definition)| is_value(name, definition)).map(|(name, _)| name.clone()).collect();
    assert_eq!(values, kept, "tests/lint-exempt.txt lists the object types without an id");
    for (name, definition) in &types {
        let has_id = fields(definition).iter().any(|field| field.name.node == "id") && name != "Node";
        assert_eq!(has_id, implements(definition).contains(&"Node"), "{name} has an id exactly when it is a Node");
    }
}

/// Names of types that would show the rows of a table or view: without what tells the table of a noun from the noun.
fn nouns_with_rows() -> BTreeSet<String> {
    let mut nouns = BTreeSet::new();
    let files = |folder: &str| std::fs::read_dir(path(folder)).unwrap().map(|entry| entry.unwrap().path());
    let tables = files("src/store/entity").map(|file| (file, "table_name = \""));
    let views = files("migrations").filter(|file| file.extension().is_some_and(|end| end == "rs"));
    for (file, before) in tables.chain(views.map(|file| (file, " name: \""))) {
        let code = std::fs::read_to_string(file).unwrap();
        for table in code.split(before).skip(1).filter_map(|rest| rest.split('"').next()) {
            let noun = table.trim_start_matches("support_").trim_end_matches("_record");
            let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
            nouns.insert(noun.split('_').map(capital).collect());
        }
    }
    nouns
}

#[test]
fn what_has_a_table_row_has_identity() {
    let (types, nouns) = (types(), nouns_with_rows());
    let kept = std::fs::read_to_string(path("tests/lint-exempt.txt")).unwrap();
    let exempt: Vec<_> = kept.lines().filter(|name| nouns.contains(*name)).collect();
    assert!(exempt.is_empty(), "these have table rows and may not be in tests/lint-exempt.txt: {exempt:?}");
    let (mut shown, nodes): (BTreeSet<_>, BTreeSet<_>) = (
        types.keys().filter(|name| nouns.contains(*name)).map(String::as_str).collect(),
        types.iter().filter(|(_, d)| implements(d).contains(&"Node")).map(|(name, _)| name.as_str()).collect(),
    );
    assert!(shown.is_subset(&nodes), "{:?}", shown.difference(&nodes));
    // Every event is a row of the one table of events.
    shown.extend(types.iter().filter(|(_, d)| implements(d).contains(&"CaseEvent")).map(|(name, _)| name.as_str()));
    shown.insert("CaseEvent");
    // A record is a row of any of the derived tables; the catalogue and the values that rows have are lists of their own.
    shown.extend(["Record", "MetricDefinition", "RecordDefinition", "FilterValue"]);
    assert_eq!(shown, nodes, "a node is what has a row, so tables and types are named alike");
}

#[test]
fn the_released_schema_is_that_of_the_version() {
    let kept = std::fs::read_to_string(path("tests/frontend/released.graphql")).unwrap();
    let release = kept.split("release ").nth(1).and_then(|rest| rest.split(". ").next());
    assert_eq!(release, Some(env!("CARGO_PKG_VERSION")), "a release runs scripts/generate --release");
    parse_schema(&kept).unwrap();
}

#[test]
fn nouns_offer_their_cases() {
    let types = types();
    for noun in ["Agent", "Team", "Queue", "Tag", "Channel", "SlaPolicy"] {
        let names: BTreeSet<_> = fields(&types[noun]).iter().map(|field| field.name.node.as_str()).collect();
        assert!(names.contains("cases"), "{noun} has {names:?}");
    }
    assert_eq!(implements(&types["CaseEvent"]), ["Node"]);
}

#[test]
fn roots_can_fail_alone() {
    for field in fields(&types()["Query"]) {
        let is_nullable = field.ty.node.nullable;
        assert_eq!(is_nullable, field.name.node != "viewer", "Query.{}", field.name.node);
    }
}
