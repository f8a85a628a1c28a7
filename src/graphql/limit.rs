//! Bounds on a request document that are checked before anything walks it: aliases, and how many fields it has once fragments are laid
//! out. (The library bounds depth, directives and cost, but only by walking every fragment wherever it is spread.)

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Positioned};

use crate::app::Error;

/// Bounds on what one request may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Levels of fields. The introspection query of common tools has 15.
    pub depth: usize,
    /// Fields that a request may resolve, lists counted with the rows they may have (see `cost`).
    pub cost: usize,
    /// Aliases in a document.
    pub aliases: usize,
    /// Fields of an operation itself, aliases and fragments laid out.
    pub root_fields: usize,
    /// Directives on one field.
    pub directives: usize,
    /// Fields of a document once its fragments are laid out.
    pub fields: usize,
    /// Indicates the schema tells what is in it.
    pub has_introspection: bool,
    /// Indicates an error about an unknown name tells names that are like it.
    pub has_suggestions: bool,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            depth: 15,
            cost: 200_000,
            aliases: 200,
            root_fields: 50,
            directives: 20,
            fields: 5_000,
            has_introspection: true,
            has_suggestions: true,
        }
    }
}

/// Checks the bounds of a document.
///
/// # Errors
/// `Limit` naming the bound.
pub fn check(document: &ExecutableDocument, bounds: &Bounds) -> Result<(), Error> {
    let mut count = Count { document, aliases: 0, fragments: HashMap::new() };
    let mut fields = 0_usize;
    for (_, operation) in document.operations.iter() {
        fields = fields.saturating_add(count.fields(&operation.node.selection_set));
    }
    // Fragments that nothing spreads are aliases too.
    for fragment in document.fragments.keys() {
        count.fragment(fragment);
    }
    at_most("aliases in the request", count.aliases, bounds.aliases)?;
    if fields > bounds.fields {
        // How many is not counted to the end.
        let text = format!("more than {0} fields in the request; at most {0} are allowed", bounds.fields);
        return Err(Error::Limit(text));
    }
    for (_, operation) in document.operations.iter() {
        let roots = root_fields(document, &operation.node.selection_set).len();
        at_most("fields at the root of an operation", roots, bounds.root_fields)?;
    }
    Ok(())
}

/// `Limit` when there are more than may be.
///
/// # Errors
/// `Limit` naming the bound and how many there are.
pub fn at_most(what: &str, found: usize, most: usize) -> Result<(), Error> {
    if found > most {
        return Err(Error::Limit(format!("{found} {what}; at most {most} are allowed")));
    }
    Ok(())
}

/// Most steps that laying out the root of an operation takes; fragments that lead to each other in circles could take any number.
const MOST_STEPS: usize = 50_000;

/// Names of the fields at the root of a selection, fragments laid out, as often as they are asked. A fragment that leads back to itself, which
/// is refused later, is passed over, and so is what comes after very many steps.
pub fn root_fields<'a>(document: &'a ExecutableDocument, set: &'a Positioned<SelectionSet>) -> Vec<&'a str> {
    let (mut found, mut within, mut steps) = (Vec::new(), Vec::new(), MOST_STEPS);
    lay_out(document, set, &mut within, &mut steps, &mut found);
    found
}

fn lay_out<'a>(
    document: &'a ExecutableDocument,
    set: &'a Positioned<SelectionSet>,
    within: &mut Vec<&'a Name>,
    steps: &mut usize,
    found: &mut Vec<&'a str>,
) {
    for selection in &set.node.items {
        let Some(left) = steps.checked_sub(1) else { return };
        *steps = left;
        match &selection.node {
            Selection::Field(field) => found.push(field.node.name.node.as_str()),
            Selection::InlineFragment(fragment) => {
                lay_out(document, &fragment.node.selection_set, within, steps, found)
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                let Some(fragment) = document.fragments.get(name).filter(|_| !within.contains(&name)) else { continue };
                within.push(name);
                lay_out(document, &fragment.node.selection_set, within, steps, found);
                within.pop();
            }
        }
    }
}

struct Count<'a> {
    document: &'a ExecutableDocument,
    aliases: usize,
    /// Fields of each fragment, laid out; 0 while it is being counted, so that a cycle ends (validation refuses it later).
    fragments: HashMap<&'a Name, usize>,
}

impl<'a> Count<'a> {
    fn fields(&mut self, set: &'a Positioned<SelectionSet>) -> usize {
        let mut sum = 0_usize;
        for selection in &set.node.items {
            let fields = match &selection.node {
                Selection::Field(field) => {
                    self.aliases += usize::from(field.node.alias.is_some());
                    self.fields(&field.node.selection_set).saturating_add(1)
                }
                Selection::InlineFragment(fragment) => self.fields(&fragment.node.selection_set).saturating_add(1),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            sum = sum.saturating_add(fields);
        }
        sum
    }

    fn fragment(&mut self, name: &Name) -> usize {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return 1 };
        if let Some(&fields) = self.fragments.get(name) {
            return fields;
        }
        self.fragments.insert(name, 0);
        let fields = self.fields(&fragment.node.selection_set).saturating_add(1);
        self.fragments.insert(name, fields);
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_query(query: &str, expected: Option<&str>) {
        let document = async_graphql::parser::parse_query(query).unwrap();
        assert_eq!(check(&document, &Bounds::default()).err().map(|error| error.to_string()).as_deref(), expected);
    }

    #[test]
    fn refuses_what_would_grow_without_end() {
        check_query("{ viewer { subject } }", None);
        let aliases: String = (0..=Bounds::default().aliases).map(|i| format!("a{i}: viewer {{ subject }} ")).collect();
        check_query(&format!("{{ {aliases} }}"), Some("201 aliases in the request; at most 200 are allowed"));
        let mut bomb = "{ ...f0 } ".to_owned();
        for i in 0..40 {
            bomb += &format!("fragment f{i} on Query {{ ...f{n} ...f{n} }} ", n = i + 1);
        }
        bomb += "fragment f40 on Query { viewer { subject } }";
        check_query(&bomb, Some("more than 5000 fields in the request; at most 5000 are allowed"));
        check_query("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", None);
        // Every fragment leads to every other: nobody walks all the ways through them.
        let names: Vec<String> = (0..13).map(|n| format!("...c{n}")).collect();
        let circle: String = (0..13).map(|n| format!("fragment c{n} on Query {{ {} }} ", names.join(" "))).collect();
        check_query(&format!("{{ ...c0 }} {circle}"), None);
        let roots = format!("{{ ...a ...a }} fragment a on Query {{ {} }}", "viewer { subject } ".repeat(26));
        check_query(&roots, Some("52 fields at the root of an operation; at most 50 are allowed"));
    }
}
