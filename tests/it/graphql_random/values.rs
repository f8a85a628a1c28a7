//! Random values for arguments: mostly such as mean something in the demo, some at the edge, some of another type.

use std::collections::BTreeMap;

use async_graphql::parser::types::{BaseType, Type};
use async_graphql::{Name, Number, Value, indexmap::IndexMap};
use deskgraph::graphql::node::parse_global_id;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::types::{Input, Kind, Types};

/// Values of one name that are remembered at most.
const LIMIT_KNOWN: usize = 300;

/// Makes values.
pub struct Values<'t> {
    pub types: &'t Types,
    pub chance: StdRng,
    /// Texts that earlier answers had, by the name of the field, and those of type ID under `ID`.
    pub known: BTreeMap<String, Vec<String>>,
    /// The type that the field has whose arguments are made.
    pub wanted: String,
}

impl Values<'_> {
    /// Remembers a text of an answer; a global id also by what it is of.
    pub fn learn(&mut self, name: &str, text: &str) {
        if let Some((kind, _)) = parse_global_id(text).filter(|_| name == "ID") {
            self.learn(&format!("ID {kind}"), text);
        }
        let known = self.known.entry(name.to_owned()).or_default();
        if known.len() < LIMIT_KNOWN {
            known.push(text.to_owned());
        }
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.chance.random_bool(probability)
    }

    pub fn one_of<'s>(&mut self, texts: &[&'s str]) -> &'s str {
        texts.choose(&mut self.chance).unwrap()
    }

    fn learnt(&mut self, name: &str) -> Option<String> {
        self.known.get(name)?.choose(&mut self.chance).cloned()
    }

    pub fn junk(&mut self) -> Value {
        match self.chance.random_range(0..9) {
            0 => Value::Null,
            1 => Value::from(self.chance.random::<i64>()),
            2 => Value::from(self.chance.random::<f64>() * 1e300),
            3 => Value::List(vec![Value::List(Vec::new())]),
            4 => Value::Object(IndexMap::from_iter([(Name::new("nope"), Value::Null)])),
            5 => Value::from("x".repeat(self.chance.random_range(0..3_000))),
            6 => Value::Enum(Name::new("NOPE")),
            7 => Value::Boolean(true),
            _ => Value::from(self.one_of(&["", "é\u{0}", "%_\\", "\"\"\"", "9223372036854775808", "2026-02-30", "😀"])),
        }
    }

    /// Whether a value is given at all, for what need not have one.
    pub fn is_given(&mut self, input: &Input) -> bool {
        let is_required = !input.of.nullable && !input.has_default;
        let probability = match input.name.as_str() {
            _ if is_required => 0.995,
            "first" => 0.85,
            "last" | "after" | "before" => 0.015,
            _ => 0.25,
        };
        self.happens(probability)
    }

    pub fn value(&mut self, name: &str, of: &Type, depth: usize) -> Value {
        if self.happens(0.006) {
            return self.junk();
        }
        if of.nullable && self.happens(0.03) {
            return Value::Null;
        }
        let base = match &of.base {
            BaseType::List(inner) => {
                let count = self.chance.random_range(1..4);
                return Value::List((0..count).map(|_| self.value(name, inner, depth + 1)).collect());
            }
            BaseType::Named(base) => base.to_string(),
        };
        match self.types.kind(&base) {
            Kind::Enum(values) => Value::Enum(Name::new(values.choose(&mut self.chance).unwrap())),
            Kind::Input { fields, is_one_of: true } => {
                let mut count = if self.happens(0.98) { 1 } else { self.chance.random_range(0..3) };
                let mut object = IndexMap::new();
                while count > 0 {
                    count -= 1;
                    let field = fields.choose(&mut self.chance).unwrap();
                    let of = Type { nullable: self.happens(0.02), ..field.of.clone() };
                    object.insert(Name::new(&field.name), self.value(&field.name, &of, depth + 1));
                }
                Value::Object(object)
            }
            Kind::Input { fields, .. } => {
                let mut object = IndexMap::new();
                for field in fields {
                    let is_deep = depth > 3 && field.of.nullable;
                    if !is_deep && self.is_given(field) {
                        object.insert(Name::new(&field.name), self.value(&field.name, &field.of, depth + 1));
                    }
                }
                Value::Object(object)
            }
            _ => self.scalar(name, &base),
        }
    }

    fn scalar(&mut self, name: &str, of: &str) -> Value {
        let is_edge = self.happens(0.02);
        match of {
            "Int" | "Long" if is_edge => {
                let edges =
                    [-1, 0, 100, 101, i64::from(i32::MAX), i64::from(i32::MIN), (1 << 53) - 1, 1 << 53, i64::MIN];
                Value::from(*edges.choose(&mut self.chance).unwrap())
            }
            "Int" | "Long" => {
                let bound = match name {
                    "first" | "last" => 0..5,
                    "hourOfDay" => 0..24,
                    "dayOfWeek" => 1..8,
                    _ => 1..60,
                };
                Value::from(self.chance.random_range(bound))
            }
            "Float" => {
                let edge = *[0.0, -1.0, 1e308, 5e-324].choose(&mut self.chance).unwrap();
                let usual = self.chance.random::<f64>() * 100.0;
                Value::Number(Number::from_f64(if is_edge { edge } else { usual }).unwrap())
            }
            "Boolean" => Value::Boolean(self.chance.random()),
            _ if is_edge => self.junk(),
            _ => Value::from(self.text(name, of)),
        }
    }

    fn text(&mut self, name: &str, of: &str) -> String {
        let day = self.chance.random_range(1..29);
        match (of, name) {
            ("TimeZone", _) => self.one_of(&["UTC", "Europe/Copenhagen", "Australia/Lord_Howe"]).to_owned(),
            ("DateTime", "until") => format!("2026-05-{day:02}T10:00:00+02:00"),
            ("DateTime", _) => format!("2026-04-{day:02}T00:00:00Z"),
            ("Date", _) => format!("2026-05-{day:02}"),
            ("ID", _) => self.id(name).unwrap_or_else(|| "x".to_owned()),
            (_, "last") => self.one_of(&["P30D", "PT12H", "P1M2DT3H", "P1Y"]).to_owned(),
            (_, "after" | "before") => self.learnt("cursor").unwrap_or_default(),
            (_, "search") => self.one_of(&["a", "re", "1", "%", "É"]).to_owned(),
            _ => self.learnt(name).unwrap_or_else(|| self.one_of(&["email", "x", "high", ""]).to_owned()),
        }
    }

    /// A global id, mostly of what an argument of that name takes.
    fn id(&mut self, name: &str) -> Option<String> {
        let kind = match name {
            "id" => self.wanted.clone(),
            "requester" => "Customer".to_owned(),
            _ => name[..1].to_uppercase() + &name[1..],
        };
        let of_kind = self.learnt(&format!("ID {kind}"));
        let takes_any = kind == "Node" || kind == "Ids" || self.happens(0.05);
        if takes_any { self.learnt("ID") } else { of_kind }
    }
}
