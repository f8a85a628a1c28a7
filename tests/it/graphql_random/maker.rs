//! Random operations of a schema, as text for the graph and as a tree for the checker.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Value;
use async_graphql::parser::types::Type;
use rand::Rng;
use rand::seq::IndexedRandom;
use serde_json::{Map, json};

use super::types::{Field, named};
use super::values::Values;

/// One thing of a selection.
pub enum Item {
    Field(Asked),
    /// A fragment in place or, with its name, one that is spread.
    Fragment {
        on: Option<String>,
        name: Option<String>,
        directive: Directive,
        under: Vec<Item>,
    },
}

/// A field that is asked.
pub struct Asked {
    pub key: String,
    pub name: String,
    pub of: Type,
    arguments: String,
    pub directive: Directive,
    pub under: Vec<Item>,
}

/// The text of a directive, and whether the selection stays.
#[derive(Clone)]
pub struct Directive {
    text: String,
    pub keeps: bool,
}

/// A field without arguments or directives of which nothing more is asked.
fn leaf(key: &str, name: &str, of: &str) -> Item {
    let directive = Directive { text: String::new(), keeps: true };
    let (key, name, of) = (key.to_owned(), name.to_owned(), Type::new(of).unwrap());
    Item::Field(Asked { key, name, of, arguments: String::new(), directive, under: Vec::new() })
}

/// A request.
pub struct Request {
    pub body: serde_json::Value,
    pub items: Vec<Item>,
    /// Indicates the items are what the text asks for; otherwise the text was damaged.
    pub is_as_asked: bool,
}

pub struct Maker<'t> {
    pub values: Values<'t>,
    declared: Vec<String>,
    variables: Map<String, serde_json::Value>,
    /// Fields that may still be asked.
    left: usize,
    names: usize,
}

impl<'t> Maker<'t> {
    pub fn new(values: Values<'t>) -> Maker<'t> {
        Maker { values, declared: Vec::new(), variables: Map::new(), left: 0, names: 0 }
    }

    fn new_name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A value as it stands in the text: itself, or a variable that has it.
    fn given(&mut self, value: Value, of: &Type) -> String {
        if !self.values.happens(0.2) {
            return value.to_string();
        }
        let name = self.new_name("v");
        let of = if self.values.happens(0.01) { "Int".to_owned() } else { of.to_string() };
        if self.values.happens(0.2) {
            self.declared.push(format!("${name}: {of} = {value}"));
        } else {
            self.declared.push(format!("${name}: {of}"));
            self.variables.insert(name.clone(), value.into_json().unwrap());
        }
        format!("${name}")
    }

    fn directive(&mut self) -> Directive {
        if !self.values.happens(0.06) {
            return Directive { text: String::new(), keeps: true };
        }
        let (value, includes) = (self.values.happens(0.7), self.values.happens(0.5));
        let shown = self.given(Value::Boolean(value), &Type::new("Boolean!").unwrap());
        let word = if includes { "include" } else { "skip" };
        Directive { text: format!(" @{word}(if: {shown})"), keeps: value == includes }
    }

    fn arguments(&mut self, field: &Field) -> String {
        let mut given = Vec::new();
        self.values.wanted = named(&field.of).to_owned();
        for argument in &field.arguments {
            if self.values.is_given(argument) {
                let value = self.values.value(&argument.name, &argument.of, 0);
                given.push(format!("{}: {}", argument.name, self.given(value, &argument.of)));
            }
        }
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }

    fn field(&mut self, field: &Field, key: String, depth: usize) -> Item {
        let arguments = self.arguments(field);
        let directive = self.directive();
        let under = self.select(named(&field.of), depth + 1);
        Item::Field(Asked { key, name: field.name.clone(), of: field.of.clone(), arguments, directive, under })
    }

    /// A selection on a type; of what has no fields none.
    fn select(&mut self, on: &str, depth: usize) -> Vec<Item> {
        let types = self.values.types;
        let Some((fields, possible)) = types.composite(on) else { return Vec::new() };
        let mut items = Vec::new();
        if types.is_abstract(on) || self.values.happens(0.1) {
            items.push(leaf("__typename", "__typename", "String!"));
        }
        let is_deep = depth > 5 || self.left == 0;
        let fit = |field: &&Field| !is_deep || types.composite(named(&field.of)).is_none();
        let fields: Vec<&Field> = fields.iter().filter(fit).collect();
        let mut keys = BTreeSet::new();
        for _ in 0..self.values.chance.random_range(1..4) {
            let Some(field) = fields.choose(&mut self.values.chance) else { break };
            self.left = self.left.saturating_sub(1);
            let is_new = keys.insert(field.name.clone());
            let has_alias = !is_new || depth > 0 && !field.arguments.is_empty() || self.values.happens(0.1);
            let key = if has_alias { self.new_name("a") } else { field.name.clone() };
            items.push(self.field(field, key, depth));
        }
        if !is_deep && self.values.happens(if possible.is_empty() { 0.08 } else { 0.8 }) {
            let object = possible.choose(&mut self.values.chance).cloned().unwrap_or_else(|| on.to_owned());
            let is_plain = possible.is_empty() && self.values.happens(0.2);
            items.push(self.fragment(&object, depth, is_plain));
        }
        if items.is_empty() {
            items.push(leaf("__typename", "__typename", "String!"));
        }
        items
    }

    /// A fragment, whose fields have keys of their own but for leaves, which may be asked again; a plain one names no type.
    fn fragment(&mut self, on: &str, depth: usize, is_plain: bool) -> Item {
        let mut under = self.select(on, depth + 1);
        for item in &mut under {
            match item {
                Item::Field(asked) if !asked.under.is_empty() => asked.key = self.new_name("a"),
                _ => {}
            }
        }
        let name = (!is_plain && self.values.happens(0.5)).then(|| self.new_name("F"));
        let on = (!is_plain).then(|| on.to_owned());
        Item::Fragment { on, name, directive: self.directive(), under }
    }

    /// The next request.
    pub fn request(&mut self) -> Request {
        self.declared.clear();
        self.variables.clear();
        self.names = 0;
        self.left = self.values.chance.random_range(3..40);
        let (kind, root) =
            if self.values.happens(0.01) { ("subscription", "Subscription") } else { ("query", "Query") };
        let mut items = self.select(root, 0);
        if self.values.happens(0.02) {
            items.push(leaf("__schema", "__schema { queryType { name } }", "JSON!"));
        }
        let mut fragments = BTreeMap::new();
        let selection = print(&items, &mut fragments);
        let declared = if self.declared.is_empty() { String::new() } else { format!("({})", self.declared.join(", ")) };
        let mut text = format!("{kind} Asked{declared} {selection}\n");
        text.extend(fragments.into_values());
        let mut body = json!({"variables": self.variables});
        if self.values.happens(0.1) {
            text.push_str("query Other { __typename }\n");
            let name = self.values.one_of(&["Asked", "Asked", "Asked", "Asked", "Nobody", ""]);
            body["operationName"] = json!(name);
        }
        let is_damaged = self.values.happens(0.04);
        if is_damaged {
            text = self.damage(text);
        }
        body["query"] = json!(text);
        Request { body, items, is_as_asked: !is_damaged && root == "Query" }
    }

    /// The text with something missing, something more or something else.
    fn damage(&mut self, mut text: String) -> String {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = *places.choose(&mut self.values.chance).unwrap();
        match self.values.chance.random_range(0..4) {
            0 => drop(text.remove(at)),
            1 => {
                text.insert_str(at, self.values.one_of(&[" nope ", "{", "}", "...Round ", "$nope", "\u{0}", "\"", "#"]))
            }
            2 => text.push_str("fragment Round on Query { ...Round }\n"),
            _ => text.truncate(at),
        }
        text
    }
}

/// The text of a selection; what is spread is added to the fragments.
fn print(items: &[Item], fragments: &mut BTreeMap<String, String>) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut parts = Vec::new();
    for item in items {
        parts.push(match item {
            Item::Field(asked) => {
                let is_alias = asked.name.split(' ').next() != Some(&asked.key);
                let alias = if is_alias { format!("{}: ", asked.key) } else { String::new() };
                let under = print(&asked.under, fragments);
                format!("{alias}{}{}{} {under}", asked.name, asked.arguments, asked.directive.text)
            }
            Item::Fragment { on, name, directive, under } => {
                let under = print(under, fragments);
                let on = on.as_deref().map(|on| format!("on {on}")).unwrap_or_default();
                match name {
                    None => format!("... {on}{} {under}", directive.text),
                    Some(name) => {
                        fragments.insert(name.clone(), format!("fragment {name} {on} {under}\n"));
                        format!("...{name}{}", directive.text)
                    }
                }
            }
        });
    }
    format!("{{ {} }}", parts.join(" "))
}
