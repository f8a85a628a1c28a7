//! Objects of which a request asks nothing: of another type than its fragments are on, or with everything skipped. GraphQL answers `{}`; the
//! library answers null, as if they were not there. So each such selection is asked for `__typename` too, under a key of its own, which the
//! answer in its final shape does not have (`shape`).

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};

/// The key; no client has a reason to use it.
pub const KEY: &str = "deskgraph__typename";

/// Has every selection that may ask nothing ask for something; `None` when there is none such.
pub fn ask_something(document: &ExecutableDocument) -> Option<ExecutableDocument> {
    let sets = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let sets = sets.chain(document.fragments.values().map(|fragment| &fragment.node.selection_set));
    if !sets.into_iter().any(|set| has_doubtful(&set.node)) {
        return None;
    }
    let mut document = document.clone();
    match &mut document.operations {
        DocumentOperations::Single(operation) => mend_below(&mut operation.node.selection_set.node),
        DocumentOperations::Multiple(operations) => {
            operations.values_mut().for_each(|operation| mend_below(&mut operation.node.selection_set.node));
        }
    }
    for fragment in document.fragments.values_mut() {
        mend_below(&mut fragment.node.selection_set.node);
    }
    Some(document)
}

/// Indicates a field's selection may come to nothing: it has no field of its own that is always asked.
fn is_doubtful(set: &SelectionSet) -> bool {
    let is_asked = |selection: &Positioned<Selection>| matches!(&selection.node, Selection::Field(field) if field.node.directives.is_empty());
    !set.items.is_empty() && !set.items.iter().any(is_asked)
}

fn has_doubtful(set: &SelectionSet) -> bool {
    set.items.iter().any(|selection| match &selection.node {
        Selection::Field(field) => {
            is_doubtful(&field.node.selection_set.node) || has_doubtful(&field.node.selection_set.node)
        }
        Selection::InlineFragment(fragment) => has_doubtful(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => false,
    })
}

fn mend_below(set: &mut SelectionSet) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                let under = &mut field.node.selection_set;
                mend_below(&mut under.node);
                if is_doubtful(&under.node) {
                    let asked = Field {
                        alias: Some(Positioned::new(Name::new(KEY), under.pos)),
                        name: Positioned::new(Name::new("__typename"), under.pos),
                        arguments: Vec::new(),
                        directives: Vec::new(),
                        selection_set: Positioned::new(SelectionSet::default(), under.pos),
                    };
                    let asked = Selection::Field(Positioned::new(asked, under.pos));
                    under.node.items.push(Positioned::new(asked, under.pos));
                }
            }
            Selection::InlineFragment(fragment) => mend_below(&mut fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn only_selections_that_may_come_to_nothing_are_mended() {
        let count = |text: &str| {
            let mended = ask_something(&parse_query(text).unwrap());
            mended.map_or(0, |document| format!("{document:?}").matches(KEY).count())
        };
        assert_eq!(count("{ a { b } ... on Query { c { d } } }"), 0);
        assert_eq!(count("{ a { ... on B { c } } }"), 1);
        assert_eq!(count("{ a { b @skip(if: true) } }"), 1);
        assert_eq!(
            count("{ a { b { ...f } ... on C { d { ... on E { g } } } } } fragment f on B { h { ... on I { j } } }"),
            3
        );
        // At the root there is always an object.
        assert_eq!(count("{ ... on Query { a } }"), 0);
    }
}
