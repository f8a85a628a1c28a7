//! Judgements that have been passed on a document: what is right of it stays right as long as what is asked with differs only in ways that
//! make no difference to the judge, the library's validation. Pages send the same document over and over with other instants.
//!
//! The judge looks at the document and at values of variables: whether they fit the arguments they are given to, and how many rows a list
//! may have. Any two instants, as text, are the same to it: each fits a scalar or a text, and neither fits anything else.

use std::sync::{Mutex, PoisonError};

use async_graphql::parser::types::{BaseType, ExecutableDocument};
use async_graphql::{Name, Value, Variables};

use crate::model::Instant;

/// Judgements that are kept of a document.
const MOST: usize = 4;
/// Memory that what one was passed on may take, about, in bytes.
const LIMIT_BYTES: usize = 1_024;
/// Memory that all that is kept of a document takes, about, in bytes.
pub const KEPT_BYTES: usize = MOST * LIMIT_BYTES;
/// What a value takes besides its text.
const VALUE_BYTES: usize = 100;

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
    /// That it is an instant.
    Instant,
}

impl Matter {
    /// What is judged when a document of one operation is asked with these values; `None` when that is too much to keep, and for a document of
    /// several, of which all are judged.
    pub fn of(document: &ExecutableDocument, asked: Option<&str>, variables: &Variables) -> Option<Matter> {
        let mut operations = document.operations.iter();
        let (Some((_, operation)), None) = (operations.next(), operations.next()) else { return None };
        let definitions = operation.node.variable_definitions.iter().map(|definition| &definition.node);
        // The judge looks up those that are declared.
        let declared = definitions.filter_map(|definition| {
            let (name, value) = variables.get_key_value(&definition.name.node)?;
            let is_instant = match (&definition.var_type.node.base, value) {
                (BaseType::Named(of), Value::String(text)) => of == "DateTime" && Instant::parse(text).is_some(),
                _ => false,
            };
            Some((name, value, is_instant))
        });
        let mut left = LIMIT_BYTES.checked_sub(asked.map_or(0, str::len))?;
        let mut values = Vec::new();
        for (name, value, is_instant) in declared {
            left = left.checked_sub(name.len() + VALUE_BYTES)?;
            let seen = if is_instant {
                Seen::Instant
            } else {
                left = without(left, value)?;
                Seen::Value(value.clone())
            };
            values.push((name.clone(), seen));
        }
        Some(Matter { operation: asked.map(str::to_owned), values })
    }
}

/// What is left of so many bytes without those of a value; `None` when that has more.
fn without(left: usize, value: &Value) -> Option<usize> {
    let left = left.checked_sub(VALUE_BYTES)?;
    match value {
        Value::String(text) => left.checked_sub(text.len()),
        Value::Enum(name) => left.checked_sub(name.len()),
        Value::Binary(bytes) => left.checked_sub(bytes.len()),
        Value::List(items) => items.iter().try_fold(left, without),
        Value::Object(fields) => {
            fields.iter().try_fold(left, |left, (name, value)| without(left.checked_sub(name.len())?, value))
        }
        Value::Null | Value::Number(_) | Value::Boolean(_) => Some(left),
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
