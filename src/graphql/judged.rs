//! Judgements that have been passed on a document: what is right of it stays right as long as what is asked with differs only in ways that
//! make no difference to the judge. Pages send the same document over and over with other instants.
//!
//! The judge looks at the document, which operation is asked, and values of variables: whether they fit the argument they are given to,
//! and how many rows a list may have. He looks at no value of a scalar of ours, such as an instant, beyond whether it is null or a list:
//! what is wrong with one, its field says.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, OperationDefinition, TypeKind, TypeSystemDefinition};
use async_graphql::{Name, Value, Variables};

/// Judgements that are kept of a document.
const MOST: usize = 4;
/// Longest values that are kept with one, in words and bytes of text.
const LIMIT_SIZE: usize = 256;
/// Memory that all that is kept of a document takes, about, in bytes.
pub const KEPT_BYTES: usize = MOST * 512;

/// Names of the scalars that the graph declares.
static SCALARS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let definitions = parse_schema(super::sdl()).map(|document| document.definitions).unwrap_or_default();
    let names = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(of) if matches!(of.node.kind, TypeKind::Scalar) => {
            Some(of.node.name.node.to_string())
        }
        _ => None,
    });
    names.collect()
});

/// What a judgement was passed on, beside the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Matter {
    operation: Option<String>,
    values: Vec<(Name, Seen)>,
}

/// What the judge sees of a value.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    /// All of it.
    Value(Value),
    /// That it is neither null nor a list.
    One,
}

impl Matter {
    /// What is judged when an operation is asked with these values; `None` when that is too much to keep.
    pub fn of(asked: Option<&str>, operation: &OperationDefinition, variables: &Variables) -> Option<Matter> {
        let is_ours = |name: &Name| {
            let mut definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
            let definition = definitions.find(|definition| definition.name.node == *name);
            definition.is_some_and(|definition| match &definition.var_type.node.base {
                BaseType::Named(of) => SCALARS.contains(of.as_str()),
                BaseType::List(_) => false,
            })
        };
        let mut values = Vec::with_capacity(variables.len());
        let mut size = 0;
        for (name, value) in variables.iter() {
            let seen = match value {
                Value::Null | Value::List(_) => Seen::Value(value.clone()),
                _ if is_ours(name) => Seen::One,
                _ => Seen::Value(value.clone()),
            };
            size += match &seen {
                Seen::Value(value) => size_of_value(value),
                Seen::One => 1,
            };
            values.push((name.clone(), seen));
        }
        (size <= LIMIT_SIZE).then(|| Matter { operation: asked.map(str::to_owned), values })
    }
}

fn size_of_value(value: &Value) -> usize {
    1 + match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().map(size_of_value).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + size_of_value(value)).sum(),
        _ => 0,
    }
}

/// Judgements on one document, the newest last: nothing wrong, and what it costs.
#[derive(Debug, Default)]
pub struct Judgements(Mutex<Vec<(Matter, u64)>>);

impl Judgements {
    /// What a request costs that was found to be right.
    pub fn find(&self, matter: &Matter) -> Option<u64> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(of, _)| of == matter).map(|(_, cost)| *cost)
    }

    /// Keeps that a request was right.
    pub fn keep(&self, matter: Matter, cost: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().any(|(of, _)| *of == matter) {
            return;
        }
        if kept.len() == MOST {
            kept.remove(0);
        }
        kept.push((matter, cost));
    }
}
