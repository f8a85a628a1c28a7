//! The id of an event that has none of its own: a hash of what it says, so that the same line again is the same event.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::Instant;

use super::json::{Node, Object};

/// The first 128 bits of the SHA-256 of the content, in hexadecimal. The order of keys, spaces, escapes and the offset in which
/// `at` is given do not matter.
pub(super) fn content_id(object: &Object<'_>) -> String {
    let mut canonical = String::with_capacity(256);
    write_object(object, true, &mut canonical);
    let digest = Sha256::digest(canonical.as_bytes());
    let mut id = String::with_capacity(32);
    for byte in &digest[..16] {
        // Writing to a String cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

fn write_object(object: &Object<'_>, is_line: bool, out: &mut String) {
    let mut entries: Vec<_> = object.iter().map(|(key, node)| (&**key, node)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    out.push('{');
    for (key, node) in entries {
        write_text(key, out);
        out.push(':');
        match (is_line && key == "at", node) {
            (true, Node::Text(text)) => match Instant::parse(text) {
                Some(at) => drop(write!(out, "{}", at.ms())),
                None => write_text(text, out),
            },
            _ => write_node(node, out),
        }
        out.push(',');
    }
    out.push('}');
}

fn write_node(node: &Node<'_>, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Boolean(value) => drop(write!(out, "{value}")),
        Node::Integer(value) => drop(write!(out, "{value}")),
        Node::Float(value) => drop(write!(out, "{value}")),
        Node::Text(text) => write_text(text, out),
        Node::List(nodes) => {
            out.push('[');
            for node in nodes {
                write_node(node, out);
                out.push(',');
            }
            out.push(']');
        }
        Node::Object(object) => write_object(object, false, out),
    }
}

/// Length first, so that no text can imitate what follows it.
fn write_text(text: &str, out: &mut String) {
    let _ = write!(out, "{}\"{text}", text.len());
}

#[cfg(test)]
mod tests {
    use super::content_id;
    use crate::import::json::parse_object;

    fn id(text: &str) -> String {
        content_id(&parse_object(text.as_bytes()).unwrap())
    }

    #[test]
    fn stays_the_same_however_the_content_is_written() {
        let first =
            id(r#"{"type":"sla","case":"c","at":"2026-01-01T01:00:00+01:00","actor":{"kind":"agent","id":"a"}}"#);
        assert_eq!(first.len(), 32);
        assert_eq!(first, "38a740ee83f08265925d0b6f4dfd46a0");
        let other =
            id(r#"{ "actor":{"id":"\u0061","kind":"agent"},"at":"2026-01-01T00:00:00Z", "case":"c","type":"sla"}"#);
        assert_eq!(first, other);
    }

    #[test]
    fn differs_with_the_content() {
        let check = |a: &str, b: &str| assert_ne!(id(a), id(b), "{a} {b}");
        check(r#"{"a":"1"}"#, r#"{"a":1}"#);
        check(r#"{"a":null}"#, r#"{}"#);
        check(r#"{"a":["x","y"]}"#, r#"{"a":["y","x"]}"#);
        check(r#"{"a":"x\"1\"y"}"#, r#"{"a":"x","1":"y"}"#);
        check(r#"{"a":{"b":1}}"#, r#"{"a":{},"b":1}"#);
    }
}
