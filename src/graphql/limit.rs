//! Bounds on a request document that are checked before anything walks it: aliases, and how many fields it has once fragments are laid
//! out. (The library bounds depth, directives and cost, but only by walking every fragment wherever it is spread.)

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Positioned};

use crate::app::Error;

/// Most levels of fields. The introspection query of common tools has 15.
pub const MAX_DEPTH: usize = 15;
/// Most fields that a request may resolve, pages counted with the rows they may have.
pub const MAX_COST: usize = 200_000;
/// Most aliases in a document.
pub const MAX_ALIASES: usize = 200;
/// Most directives on one field.
pub const MAX_DIRECTIVES: usize = 20;
/// Most fields of a document once its fragments are laid out.
pub const MAX_FIELDS: usize = 5_000;

/// Checks the bounds of a document.
///
/// # Errors
/// `Limit` naming the bound.
pub fn check(document: &ExecutableDocument) -> Result<(), Error> {
    let mut count = Count { document, aliases: 0, fragments: HashMap::new() };
    let mut fields = 0_usize;
    for (_, operation) in document.operations.iter() {
        fields = fields.saturating_add(count.fields(&operation.node.selection_set));
    }
    // Fragments that nothing spreads are aliases too.
    for fragment in document.fragments.keys() {
        count.fragment(fragment);
    }
    if count.aliases > MAX_ALIASES {
        return Err(Error::Limit(format!(
            "{} aliases in the request; at most {MAX_ALIASES} are allowed",
            count.aliases
        )));
    }
    if fields > MAX_FIELDS {
        return Err(Error::Limit(format!(
            "more than {MAX_FIELDS} fields in the request; at most that many are allowed"
        )));
    }
    Ok(())
}

/// Indicates that the operation of that name, or the only one, is a subscription.
pub fn subscribes(document: &ExecutableDocument, name: Option<&str>) -> bool {
    let is_asked = |found: Option<&Name>| name.is_none() || found.map(Name::as_str) == name;
    let mut operations = document.operations.iter();
    operations.any(|(found, operation)| is_asked(found) && operation.node.ty == OperationType::Subscription)
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
        assert_eq!(check(&document).err().map(|error| error.to_string()).as_deref(), expected);
    }

    #[test]
    fn refuses_what_would_grow_without_end() {
        check_query("{ viewer { subject } }", None);
        let aliases: String = (0..=MAX_ALIASES).map(|i| format!("a{i}: viewer {{ subject }} ")).collect();
        check_query(&format!("{{ {aliases} }}"), Some("201 aliases in the request; at most 200 are allowed"));
        let mut bomb = "{ ...f0 } ".to_owned();
        for i in 0..40 {
            bomb += &format!("fragment f{i} on Query {{ ...f{n} ...f{n} }} ", n = i + 1);
        }
        bomb += "fragment f40 on Query { viewer { subject } }";
        check_query(&bomb, Some("more than 5000 fields in the request; at most that many are allowed"));
        check_query("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", None);
    }
}
