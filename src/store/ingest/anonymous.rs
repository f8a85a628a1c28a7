//! What goes when a customer is erased: the texts of the customer's cases and the comments of their ratings. Ids and figures stay.
//!
//! Whether a subject was changed, or set to what it was, is a figure; so a subject gives way to a mark that is the same for the same
//! text and does not give the text away.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest, Sha256};

use crate::model::{Actor, ActorKind, Case, CaseLine, ChangeField, Event, EventBody, EventLine, EventPatch, Patch};

const MARK: &str = "erased:";
const MARK_DIGITS: usize = 8;

/// Indicates a text is what a subject gave way to. It is for deriving only; no reader shows it.
pub fn is_mark(text: &str) -> bool {
    text.strip_prefix(MARK)
        .is_some_and(|digits| digits.len() == MARK_DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn mark(text: &str) -> String {
    if is_mark(text) {
        return text.to_owned();
    }
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(MARK_DIGITS / 2).fold(MARK.to_owned(), |mark, byte| format!("{mark}{byte:02x}"))
}

fn mark_patch(text: &mut Patch<String>) {
    if let Patch::Value(text) = text {
        *text = mark(text);
    }
}

/// Takes the texts out of a case as created.
pub fn clear_case(case: &mut Case) {
    case.subject = case.subject.as_deref().map(mark);
    case.attributes = BTreeMap::new();
}

/// Takes the texts out of a line of such a case.
pub fn clear_case_line(line: &mut CaseLine) {
    mark_patch(&mut line.subject);
    if line.attributes.is_some() {
        line.attributes = Some(BTreeMap::new());
    }
}

/// Takes the texts out of an event of such a case.
pub fn clear_event(event: &mut Event) {
    match &mut event.body {
        EventBody::Change { field: ChangeField::Subject, to } => *to = to.as_deref().map(mark),
        EventBody::Rating { comment, .. } => *comment = None,
        _ => {}
    }
}

/// Takes the texts out of a line of an event of such a case.
pub fn clear_event_line(line: &mut EventLine) {
    match &mut line.body {
        EventPatch::Change { field: Some(ChangeField::Subject), to } => mark_patch(to),
        EventPatch::Rating { comment, .. } if comment.is_present() => *comment = Patch::Null,
        _ => {}
    }
}

/// Takes the comment out of a rating by an erased customer, whoever's case it is.
pub fn clear_comment(event: &mut Event, erased: &HashSet<String>) {
    if let EventBody::Rating { comment, .. } = &mut event.body
        && customer(event.actor.as_ref()).is_some_and(|id| erased.contains(id))
    {
        *comment = None;
    }
}

/// The customer of an actor.
pub fn customer(actor: Option<&Actor>) -> Option<&str> {
    actor.filter(|actor| actor.kind == ActorKind::Customer).and_then(|actor| actor.id.as_deref())
}

/// The customers whose erasure takes a case's texts, as far as the case itself says.
pub fn customers_of_case(case: &Case) -> impl Iterator<Item = &str> {
    case.requester.as_deref().into_iter().chain(customer(case.creator.as_ref()))
}

/// The customer that an event makes requester of its case.
pub fn requester_of_event(event: &Event) -> Option<&str> {
    match &event.body {
        EventBody::Change { field: ChangeField::Requester, to } => to.as_deref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn marks_are_equal_for_equal_texts_and_stay() {
        assert_eq!(mark("my order"), mark("my order"));
        assert_ne!(mark("my order"), mark("My order"));
        assert_eq!(mark(&mark("my order")), mark("my order"));
        assert!(!mark("my order").contains("order"));
    }
}
