//! What an answer owes to what was asked: fields in the order asked and no others, nothing null that cannot be, values of their types.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{BaseType, Type};
use async_graphql::{Name, Value};

use super::maker::{Asked, Item};
use super::types::{Kind, Types, named};

/// Walks through an answer.
pub struct Checker<'t> {
    pub types: &'t Types,
    /// Texts that were met, each with the name of its field, or `ID`.
    pub met: Vec<(String, String)>,
}

/// A field of an object, with all selections under its key.
struct Wanted<'i> {
    asked: &'i Asked,
    under: Vec<&'i [Item]>,
}

type Found = Result<(), String>;

impl Checker<'_> {
    fn collect<'i>(&self, sets: &[&'i [Item]], object: &str, into: &mut IndexMap<&'i str, Wanted<'i>>) {
        for item in sets.iter().copied().flatten() {
            match item {
                Item::Field(asked) if asked.directive.keeps => {
                    let wanted = into.entry(&asked.key).or_insert_with(|| Wanted { asked, under: Vec::new() });
                    wanted.under.push(&asked.under);
                }
                Item::Fragment { on, directive, under, .. }
                    if directive.keeps && on.as_deref().is_none_or(|on| self.types.applies(on, object)) =>
                {
                    self.collect(&[under], object, into);
                }
                _ => {}
            }
        }
    }

    /// The fields of an object of a type that may be abstract.
    pub fn object(&mut self, found: &IndexMap<Name, Value>, on: &str, sets: &[&[Item]]) -> Found {
        let object = match found.get("__typename") {
            Some(Value::String(object)) if self.types.is_abstract(on) => object.clone(),
            _ => on.to_owned(),
        };
        if !self.types.applies(on, &object) {
            return Err(format!("{object} is no {on}"));
        }
        let mut wanted = IndexMap::new();
        self.collect(sets, &object, &mut wanted);
        let keys: Vec<&str> = found.keys().map(Name::as_str).collect();
        if !keys.iter().eq(wanted.keys()) {
            return Err(format!("{object} has {keys:?}, asked are {:?}", wanted.keys().collect::<Vec<_>>()));
        }
        for (value, (key, wanted)) in found.values().zip(wanted) {
            let under = |error| format!("{key}: {error}");
            self.value(value, &wanted.asked.of, &wanted).map_err(under)?;
        }
        Ok(())
    }

    fn value(&mut self, found: &Value, of: &Type, wanted: &Wanted<'_>) -> Found {
        match (found, &of.base) {
            (Value::Null, _) if of.nullable => Ok(()),
            (Value::Null, _) => Err(format!("null is no {of}")),
            (Value::List(items), BaseType::List(inner)) => {
                items.iter().try_for_each(|item| self.value(item, inner, wanted))
            }
            (_, BaseType::List(_)) => Err(format!("{found} is no {of}")),
            (Value::Object(fields), BaseType::Named(name)) if self.types.composite(name).is_some() => {
                self.object(fields, name, &wanted.under)
            }
            _ => self.leaf(found, named(of), &wanted.asked.name),
        }
    }

    fn leaf(&mut self, found: &Value, of: &str, field: &str) -> Found {
        let fits = match (self.types.kind(of), found) {
            (Kind::Enum(values), Value::String(word)) => values.contains(word),
            (Kind::Scalar, _) if of == "JSON" => true,
            (Kind::Scalar, Value::Boolean(_)) => of == "Boolean",
            (Kind::Scalar, Value::Number(number)) => match of {
                "Int" => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
                "Long" => number.as_i64().is_some(),
                _ => of == "Float",
            },
            (Kind::Scalar, Value::String(text)) => {
                let name = if field.to_lowercase().ends_with("cursor") { "cursor" } else { field };
                self.met.push((if of == "ID" { "ID" } else { name }.to_owned(), text.clone()));
                !["Int", "Long", "Float", "Boolean"].contains(&of)
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(format!("{found} is no {of}")) }
    }
}
