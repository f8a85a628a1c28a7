//! JSON as it stands in one line: borrowed where it can be, keys in the order given, repeated keys refused.
//!
//! A typed deserialiser would be as fast, but could not say where a value is wrong and what is allowed there.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::fields::under;
use crate::model::FieldError;

/// Objects with more keys than this are searched for repeats by hashing, so that a hostile line costs no quadratic time.
const SCANNED_KEYS: usize = 24;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node<'a> {
    Null,
    Boolean(bool),
    /// A number written without fraction or exponent that fits.
    Integer(i64),
    /// Any other number.
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Object<'a>),
}

/// The entries of an object as written.
pub(super) type Object<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

impl Node<'_> {
    /// What kind of value it is, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Boolean(_) => "a boolean",
            Node::Integer(_) | Node::Float(_) => "a number",
            Node::Text(_) => "a text",
            Node::List(_) => "a list",
            Node::Object(_) => "an object",
        }
    }
}

/// Reads one JSON object.
///
/// # Errors
/// On bytes that are no UTF-8 or no JSON object, and on a key given twice at any depth (the field is its path).
pub(super) fn parse_object(bytes: &[u8]) -> Result<Object<'_>, FieldError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| FieldError::new("", format!("is not UTF-8 from byte {} on", error.valid_up_to() + 1)))?;
    let node: Node = serde_json::from_str(text)
        .map_err(|error| FieldError::new("", format!("is not JSON at column {}", error.column())))?;
    match node {
        Node::Object(object) => {
            refuse_repeats(&object)?;
            Ok(object)
        }
        other => Err(FieldError::new("", format!("must be a JSON object, not {}", other.kind()))),
    }
}

fn refuse_repeats(object: &Object<'_>) -> Result<(), FieldError> {
    if let Some(key) = find_repeat(object) {
        return Err(FieldError::new(shorten(key), "is given more than once"));
    }
    // Paths are made on the way out of an error only: a long key before a long list would cost their product.
    object.iter().try_for_each(|(key, node)| refuse_repeats_in(node).map_err(|error| under(error, &shorten(key))))
}

fn refuse_repeats_in(node: &Node<'_>) -> Result<(), FieldError> {
    match node {
        Node::Object(inner) => refuse_repeats(inner),
        Node::List(nodes) => nodes
            .iter()
            .enumerate()
            .try_for_each(|(index, node)| refuse_repeats_in(node).map_err(|error| under(error, &format!("[{index}]")))),
        _ => Ok(()),
    }
}

fn find_repeat<'o>(object: &'o Object<'_>) -> Option<&'o str> {
    if object.len() <= SCANNED_KEYS {
        let repeated = |(index, (key, _)): &(usize, &(Cow<str>, Node))| object[..*index].iter().any(|(k, _)| k == key);
        return object.iter().enumerate().find(repeated).map(|(_, (key, _))| &**key);
    }
    let mut seen = HashSet::with_capacity(object.len());
    object.iter().map(|(key, _)| &**key).find(|key| !seen.insert(*key))
}

/// A name from the input, cut so that a message stays short.
pub(super) fn shorten(name: &str) -> Cow<'_, str> {
    const SHOWN_CHARS: usize = 60;
    match name.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => Cow::Owned(format!("{}…", &name[..end])),
        None => Cow::Borrowed(name),
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Boolean(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Integer(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        // Past i64 it is out of every bound anyway; as a float it is refused with the right reason.
        Ok(i64::try_from(value).map_or(Node::Float(value as f64), Node::Integer))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Node::Float(value))
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }
    fn visit_str<E>(self, value: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = access.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut object = Vec::with_capacity(8);
        while let Some((Key(key), node)) = access.next_entry()? {
            object.push((key, node));
        }
        Ok(Node::Object(object))
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct Key<'a>(Cow<'a, str>);

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(value)))
    }
    fn visit_str<E>(self, value: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(value.to_owned())))
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::parse_object;

    fn check(text: &str, expected: Result<usize, (&str, &str)>) {
        let found = parse_object(text.as_bytes()).map(|object| object.len()).map_err(|e| (e.field, e.reason));
        let expected = expected.map_err(|(field, reason)| (field.to_owned(), reason.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn reads_objects_only() {
        check(r#"{}"#, Ok(0));
        check(r#" {"a":1,"b":[{"a":2}],"c":{"a":3}} "#, Ok(3));
        check("[]", Err(("", "must be a JSON object, not a list")));
        check("7", Err(("", "must be a JSON object, not a number")));
        check("{\"a\":1", Err(("", "is not JSON at column 6")));
        check("{\"a\":1} x", Err(("", "is not JSON at column 9")));
        check(r#"{"a":"\ud800"}"#, Err(("", "is not JSON at column 13")));
    }

    #[test]
    fn refuses_bytes_that_are_no_text() {
        let error = parse_object(b"{\"a\":\"\xff\"}").unwrap_err();
        assert_eq!((error.field.as_str(), error.reason.as_str()), ("", "is not UTF-8 from byte 7 on"));
    }

    #[test]
    fn refuses_repeated_keys_at_any_depth() {
        let again = "is given more than once";
        check(r#"{"a":1,"b":2,"a":1}"#, Err(("a", again)));
        check(r#"{"a":1,"\u0061":1}"#, Err(("a", again)));
        check(r#"{"x":{"a":1,"a":2}}"#, Err(("x.a", again)));
        check(r#"{"x":[1,[{"a":1,"a":2}]]}"#, Err(("x[1][0].a", again)));
        let cut = format!("{}….y[0].a", "k".repeat(60));
        check(&format!(r#"{{"{}":{{"y":[{{"a":1,"a":2}}]}}}}"#, "k".repeat(70)), Err((&cut, again)));
        let deep = |levels: usize| {
            let opening = format!(r#"{{"{}":"#, "k".repeat(50)).repeat(levels);
            format!(r#"{opening}{{"a":1,"a":2}}{}"#, "}".repeat(levels))
        };
        let cut = format!("{}…", format!("{}.", "k".repeat(50)).repeat(8).split_at(400).0);
        check(&deep(100), Err((&cut, again)));
        let many: Vec<String> = (0..100).map(|n| format!("\"k{n}\":0")).collect();
        check(&format!("{{{}}}", many.join(",")), Ok(100));
        check(&format!("{{{},\"k7\":1}}", many.join(",")), Err(("k7", again)));
    }
}
