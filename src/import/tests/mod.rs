//! Tables of good and bad lines, of every type and field, and of files of them.

mod cases;
mod files;
mod reference;
mod tables;
mod uci;

use super::decode_line;
use crate::model::*;

pub(super) const NOW: &str = "2026-03-01T00:00:00Z";

/// The instant that every test takes for now.
pub(super) fn now() -> Instant {
    Instant::parse(NOW).unwrap()
}

pub(super) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(super) fn good(text: &str, expected: Line) {
    let found = decode_line(7, text.as_bytes(), now());
    assert_eq!(found, Ok(Some(NumberedLine { number: 7, line: expected })), "{text}");
}

pub(super) fn takes(text: &str) {
    let found = decode_line(7, text.as_bytes(), now());
    assert!(matches!(found, Ok(Some(_))), "{text}: {found:?}");
}

/// Expects a reject on `field` whose reason contains `reason`.
pub(super) fn bad(text: &str, field: &str, reason: &str) {
    let reject = decode_line(7, text.as_bytes(), now()).expect_err(text);
    assert_eq!((reject.line, reject.field.as_str()), (7, field), "{text}: {}", reject.reason);
    assert!(reject.reason.contains(reason), "{text}: {}", reject.reason);
}

pub(super) fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(super) fn value(text: &str) -> Patch<String> {
    Patch::Value(text.to_owned())
}

pub(super) fn person(kind: ActorKind, id: &str) -> Patch<Actor> {
    Patch::Value(Actor { kind, id: some(id) })
}
