//! The answer in the shape that the GraphQL specification gives it. The library puts fields in the order in which they became ready,
//! leaves out those that failed, does not let the failure of a field that cannot be null reach its parent, and when tools ask for the
//! schema does not say what an interface implements. (That it takes an object of which nothing is asked for null, `empty` mends.)

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, ExecutableDocument, Type, TypeKind, TypeSystemDefinition};
use async_graphql::{Name, PathSegment, Positioned, Response, Value, Variables};

use super::empty;

mod plan;

use plan::Field;
pub use plan::Shape;

/// Interfaces that each interface implements.
static IMPLEMENTED: LazyLock<HashMap<String, Vec<Name>>> = LazyLock::new(|| {
    let definitions = parse_schema(super::sdl()).map(|document| document.definitions).unwrap_or_default();
    let interfaces = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => match definition.node.kind {
            TypeKind::Interface(interface) => Some((definition.node.name.node, interface.implements)),
            _ => None,
        },
        _ => None,
    });
    let names = |names: Vec<Positioned<Name>>| names.into_iter().map(|name| name.node).collect();
    interfaces.map(|(name, implements)| (name.to_string(), names(implements))).collect()
});

/// Where errors are.
#[derive(Default)]
struct Errors {
    fields: HashMap<String, Errors>,
    items: HashMap<usize, Errors>,
}

/// Orders the fields of the answer to an operation of `document` as they were asked, gives those that failed the value null, and their
/// parents where they cannot be null. All variables that have a value have it in `variables`, be it their default.
pub fn complete(
    response: &mut Response,
    (document, shape): (&ExecutableDocument, &Shape),
    operation: Option<&str>,
    variables: &Variables,
) {
    let ran = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    if !ran {
        return;
    }
    let Some(fields) = shape.fields(document, operation, variables) else { return };
    let mut errors = Errors::default();
    for error in &response.errors {
        errors.add(&error.path);
    }
    let data = match std::mem::take(&mut response.data) {
        Value::Object(values) => values,
        _ => IndexMap::new(),
    };
    let errors = (!response.errors.is_empty()).then_some(&errors);
    response.data = object(data, &fields, errors).unwrap_or_default();
}

/// The value of an object; `None` when a field of it that cannot be null is.
fn object(mut values: IndexMap<Name, Value>, fields: &[Field], errors: Option<&Errors>) -> Option<Value> {
    let is_as_asked = |(field, (key, value)): (&Field, (&Name, &Value))| field.key == *key && *value != Value::Null;
    if errors.is_none() && values.len() == fields.len() && fields.iter().zip(&values).all(is_as_asked) {
        for (field, found) in fields.iter().zip(values.values_mut()) {
            *found = value(std::mem::take(found), field.of_type, &field.under, None)?;
        }
        return Some(Value::Object(values));
    }
    let mut ordered = IndexMap::with_capacity(values.len());
    for field in fields {
        let errors = errors.and_then(|errors| errors.fields.get(field.key.as_str()));
        let found = match values.swap_remove(&field.key) {
            // What is neither there nor failed was asked on another type, or skipped.
            None if errors.is_none() => continue,
            Some(Value::Null) if field.of_type.is_none() && field.name == "interfaces" => {
                let described = |name: &str| {
                    let key = &fields.iter().find(|field| field.name == name)?.key;
                    ordered.get(key).or_else(|| values.get(key))
                };
                interfaces(described("kind"), described("name"), &field.under).unwrap_or_default()
            }
            found => found.unwrap_or_default(),
        };
        ordered.insert(field.key.clone(), value(found, field.of_type, &field.under, errors)?);
    }
    Some(Value::Object(ordered))
}

/// What a type of that kind and name implements when it is an interface; `None` when it is none, or when more is asked of them than
/// tools do.
fn interfaces(kind: Option<&Value>, name: Option<&Value>, under: &[Field]) -> Option<Value> {
    let (Value::Enum(kind), Value::String(name)) = (kind?, name?) else { return None };
    if kind != "INTERFACE" {
        return None;
    }
    let describe = |name: &Name| {
        let fields = under.iter().map(|field| {
            let value = match field.name.as_str() {
                "__typename" => Value::from("__Type"),
                "kind" => Value::Enum(kind.clone()),
                "name" => Value::from(name.as_str()),
                "ofType" => Value::Null,
                _ => return None,
            };
            Some((field.key.clone(), value))
        });
        fields.collect::<Option<_>>().map(Value::Object)
    };
    IMPLEMENTED.get(name)?.iter().map(describe).collect::<Option<_>>().map(Value::List)
}

/// A value of a type, which is any when not known; `None` when it is null and cannot be.
fn value(found: Value, of_type: Option<&Type>, under: &[Field], errors: Option<&Errors>) -> Option<Value> {
    let is_nullable = of_type.is_none_or(|of_type| of_type.nullable);
    let completed = match found {
        Value::List(items) => {
            let inner = of_type.and_then(|of_type| match &of_type.base {
                BaseType::List(inner) => Some(inner.as_ref()),
                BaseType::Named(_) => None,
            });
            let item = |(i, item)| value(item, inner, under, errors.and_then(|errors| errors.items.get(&i)));
            items.into_iter().enumerate().map(item).collect::<Option<_>>().map(Value::List)
        }
        Value::Object(values) if !under.is_empty() => object(values, under, errors),
        // Everything of it is skipped.
        Value::Object(values) if values.contains_key(empty::KEY) => Some(Value::Object(IndexMap::new())),
        // An object all of whose fields failed.
        Value::Null if errors.is_some_and(|errors| !errors.fields.is_empty()) => object(IndexMap::new(), under, errors),
        Value::Null => None,
        scalar => Some(scalar),
    };
    match completed {
        None if is_nullable => Some(Value::Null),
        completed => completed,
    }
}

impl Errors {
    fn add(&mut self, path: &[PathSegment]) {
        let mut place = self;
        for segment in path {
            place = match segment {
                PathSegment::Field(name) => place.fields.entry(name.clone()).or_default(),
                PathSegment::Index(index) => place.items.entry(*index).or_default(),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{ServerError, value as json};

    use super::*;

    fn check(query: &str, data: Value, failed: &[&str], expected: &str) {
        let document = async_graphql::parser::parse_query(query).unwrap();
        let mut response = Response::new(data);
        for path in failed {
            let segment = |part: &str| match part.parse() {
                Ok(index) => PathSegment::Index(index),
                Err(_) => PathSegment::Field(part.to_owned()),
            };
            response.errors.push(ServerError::new("no", None).with_path(path.split('.').map(segment).collect()));
        }
        let variables = Variables::from_json(serde_json::json!({"yes": true}));
        // Kept or not.
        let shapes = [Shape::of_words(99), Shape::of_words(0)];
        for shape in [&shapes[0], &shapes[0], &shapes[1]] {
            let mut copy = Response::new(response.data.clone());
            copy.errors.clone_from(&response.errors);
            complete(&mut copy, (&document, shape), None, &variables);
            assert_eq!(serde_json::to_string(&copy.data).unwrap(), expected, "{query}");
        }
    }

    #[test]
    fn fields_are_in_the_order_asked_and_failures_are_null() {
        check(
            "{ viewer { subject } b: workspace { name id } ...f } fragment f on Query { a: agents { totalCount } }",
            json!({"a": {"totalCount": 1}, "b": {"id": "x", "name": "y"}, "viewer": {"subject": "z"}}),
            &[],
            r#"{"viewer":{"subject":"z"},"b":{"name":"y","id":"x"},"a":{"totalCount":1}}"#,
        );
        check(
            "{ cases { totalCount edges { cursor } } agents { totalCount } }",
            json!({"cases": {"edges": []}}),
            &["cases.totalCount", "agents"],
            r#"{"cases":{"totalCount":null,"edges":[]},"agents":null}"#,
        );
        // What is left out gives nothing its place.
        check(
            "query($yes: Boolean) { b @skip(if: true) c @skip(if: $yes) a ... @include(if: false) { d } b c d }",
            json!({"a": 1, "b": 2, "c": 3, "d": 4}),
            &[],
            r#"{"a":1,"b":2,"c":3,"d":4}"#,
        );
        // Everything of the object failed, which the library answers with null.
        check(
            "{ cases { totalCount } }",
            json!({"cases": null}),
            &["cases.totalCount"],
            r#"{"cases":{"totalCount":null}}"#,
        );
        check("{ agents { totalCount } }", Value::Null, &["agents"], r#"{"agents":null}"#);
    }

    #[test]
    fn what_cannot_be_null_takes_its_parent_along() {
        check(
            "{ cases { edges { node { number channel { label } } } } workspace { name } }",
            json!({"cases": {"edges": [{"node": {"number": 1, "channel": {"label": "k"}}}, {"node": {"number": 2}}]}, "workspace": {"name": "w"}}),
            &["cases.edges.1.node.channel"],
            r#"{"cases":null,"workspace":{"name":"w"}}"#,
        );
        check(
            "{ nodes(ids: []) { id ... on Agent { presence } } }",
            json!({"nodes": [{"id": "a"}, {"id": "b", "presence": "BUSY"}]}),
            &["nodes.0.presence"],
            r#"{"nodes":[null,{"id":"b","presence":"BUSY"}]}"#,
        );
        check("{ viewer { subject role } }", json!({"viewer": {"subject": "s"}}), &["viewer.role"], "null");
    }

    #[test]
    fn what_the_type_does_not_have_or_the_request_skips_stays_out() {
        check(
            "{ node(id: 1) { id ... on Agent { name } ... on Case { number } } __schema { types { name kind } } }",
            json!({"__schema": {"types": [{"kind": "OBJECT", "name": "T"}]}, "node": {"number": 1, "id": "a"}}),
            &[],
            r#"{"node":{"id":"a","number":1},"__schema":{"types":[{"name":"T","kind":"OBJECT"}]}}"#,
        );
    }
}
