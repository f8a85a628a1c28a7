//! What an answer is to look like: which fields, in the order asked, and the type of each.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, Directive, ExecutableDocument, Selection, SelectionSet, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned, Value, Variables};

/// Type of each field of each type.
type Types = HashMap<String, HashMap<String, Type>>;

static TYPES: LazyLock<Types> = LazyLock::new(|| {
    let definitions = parse_schema(crate::graphql::sdl()).map(|document| document.definitions).unwrap_or_default();
    let types = definitions.into_iter().filter_map(|definition| {
        let TypeSystemDefinition::Type(definition) = definition else { return None };
        let fields = match definition.node.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            _ => return None,
        };
        let fields = fields.into_iter().map(|field| (field.node.name.node.to_string(), field.node.ty.node));
        Some((definition.node.name.node.to_string(), fields.collect()))
    });
    types.collect()
});

/// A field of an answer: its key, its name, its type where the schema says it (it does not of what describes the schema), and the fields
/// under it in the order in which they were asked.
#[derive(Clone, Debug)]
pub struct Field {
    /// Under which it is in the answer.
    pub key: Name,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub of_type: Option<&'static Type>,
    /// What is asked of it.
    pub under: Vec<Field>,
}

/// The fields that each operation of a document asks for, kept once one was answered. Not of a document with conditions, since those depend
/// on variables, nor of one that asks for more fields than it has words, by fragments of fragments.
#[derive(Debug)]
pub struct Shape {
    most: usize,
    kept: OnceLock<Option<Operations>>,
}

/// The fields of each operation, by its name.
type Operations = Vec<(Option<Name>, Vec<Field>)>;

impl Shape {
    /// That of a document of so many words.
    pub fn of_words(words: usize) -> Shape {
        Shape { most: words, kept: OnceLock::new() }
    }

    /// The fields of one operation; `None` when there is no such operation.
    pub fn fields(
        &self,
        document: &ExecutableDocument,
        operation: Option<&str>,
        variables: &Variables,
    ) -> Option<Cow<'_, [Field]>> {
        let is_asked = |name: Option<&Name>| operation.is_none() || name.map(Name::as_str) == operation;
        let all = || document.operations.iter().map(|(name, of)| (name, &of.node.selection_set.node));
        let of = |set| plan(document, variables, "Query", &[set]);
        let keep = || {
            let all: Vec<_> =
                all().filter(|_| !has_conditions(document)).map(|(name, set)| (name.cloned(), of(set))).collect();
            let fields: usize = all.iter().map(|(_, fields)| count(fields)).sum();
            (!all.is_empty() && fields <= self.most).then_some(all)
        };
        if let Some(kept) = self.kept.get_or_init(keep) {
            let (_, fields) = kept.iter().find(|(name, _)| is_asked(name.as_ref()))?;
            return Some(fields.as_slice().into());
        }
        let (_, set) = all().find(|(name, _)| is_asked(*name))?;
        Some(of(set).into())
    }
}

fn count(fields: &[Field]) -> usize {
    fields.iter().map(|field| 1 + count(&field.under)).sum()
}

fn has_conditions(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).any(is_conditional)
}

fn is_conditional(set: &SelectionSet) -> bool {
    set.items.iter().any(|selection| {
        let under = match &selection.node {
            Selection::Field(field) => Some(&field.node.selection_set.node),
            Selection::InlineFragment(fragment) => Some(&fragment.node.selection_set.node),
            // Looked at by itself.
            Selection::FragmentSpread(_) => None,
        };
        !selection.node.directives().is_empty() || under.is_some_and(is_conditional)
    })
}

/// The fields that selections on a type ask for.
fn plan(document: &ExecutableDocument, variables: &Variables, on: &str, sets: &[&SelectionSet]) -> Vec<Field> {
    let mut asked: IndexMap<&str, Asked<'_>> = IndexMap::new();
    for set in sets {
        collect(document, variables, on, set, &mut asked);
    }
    let field = |Asked { key, name, of_type, sets }: Asked<'_>| {
        let under = plan(document, variables, of_type.map_or("", |of_type| named(&of_type.base)), &sets);
        Field { key: key.clone(), name: name.clone(), of_type, under }
    };
    asked.into_values().map(field).collect()
}

/// What selections ask for under one key.
struct Asked<'a> {
    key: &'a Name,
    name: &'a Name,
    of_type: Option<&'static Type>,
    sets: Vec<&'a SelectionSet>,
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    variables: &Variables,
    on: &str,
    set: &'a SelectionSet,
    asked: &mut IndexMap<&'a str, Asked<'a>>,
) {
    for selection in set.items.iter().filter(|selection| !is_skipped(selection.node.directives(), variables)) {
        match &selection.node {
            Selection::Field(field) => {
                let (key, name) = (&field.node.response_key().node, &field.node.name.node);
                let of_type = TYPES.get(on).and_then(|fields| fields.get(name.as_str()));
                let entry = asked.entry(key.as_str()).or_insert(Asked { key, name, of_type, sets: Vec::new() });
                entry.sets.push(&field.node.selection_set.node);
            }
            Selection::InlineFragment(fragment) => {
                let on = fragment.node.type_condition.as_ref().map_or(on, |condition| condition.node.on.node.as_str());
                collect(document, variables, on, &fragment.node.selection_set.node, asked);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    collect(document, variables, on, &fragment.node.selection_set.node, asked);
                }
            }
        }
    }
}

/// Indicates a condition leaves the selection out, so that it gives no field its place.
fn is_skipped(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().map(|directive| &directive.node).any(|directive| {
        let Some(condition) = directive.get_argument("if") else { return false };
        let value = condition.node.clone().into_const_with(|name| variables.get(&name).cloned().ok_or(()));
        let condition = value == Ok(Value::Boolean(true));
        match directive.name.node.as_str() {
            "skip" => condition,
            "include" => !condition,
            _ => false,
        }
    })
}

fn named(base: &BaseType) -> &str {
    match base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(&inner.base),
    }
}
