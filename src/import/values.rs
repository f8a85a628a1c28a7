//! Single values: each reader takes one JSON value, or the text of one, and says what is allowed when it is not that.
//!
//! Reasons never quote the value: it may be somebody's text.

use std::borrow::Cow;
use std::fmt::Display;

use crate::model::{FieldError, ID_CHARS, Instant, LARGEST_EXACT_NUMBER};

use super::fields::{Fields, under};
use super::json::Node;

/// Longest display name, address and the like, in characters.
pub const NAME_CHARS: usize = 1_000;
/// Longest subject or comment, in characters.
pub const TEXT_CHARS: usize = 10_000;
/// Most elements in one list or map.
pub const LIST_LENGTH: usize = 1_000;
/// How far after now an event may lie, in milliseconds.
pub const FUTURE_MS: i64 = Instant::DAY_MS;

type Read<T> = Result<T, FieldError>;

fn wrong<T>(reason: impl Into<String>) -> Read<T> {
    Err(FieldError::new("", reason))
}

fn must_be<T>(what: &str, node: &Node<'_>) -> Read<T> {
    wrong(format!("must be {what}, not {}", node.kind()))
}

fn string<'a>(node: Node<'a>, what: &str) -> Read<Cow<'a, str>> {
    match node {
        Node::Text(text) => Ok(text),
        other => must_be(what, &other),
    }
}

/// A text of at most `limit_chars` characters, none of them NUL (which PostgreSQL cannot store).
pub(super) fn bounded(text: &str, limit_chars: usize) -> Read<()> {
    if text.len() > limit_chars && text.chars().count() > limit_chars {
        return wrong(format!("is longer than {limit_chars} characters"));
    }
    if text.as_bytes().contains(&0) {
        return wrong("must not contain the character U+0000");
    }
    Ok(())
}

/// An identifier: 1 to 200 characters.
pub(super) fn id_text(text: &str) -> Read<()> {
    if text.is_empty() {
        return wrong(format!("must have 1 to {ID_CHARS} characters"));
    }
    bounded(text, ID_CHARS)
}

/// An identifier, or another short word of the source's own such as a priority.
pub(super) fn id(node: Node<'_>) -> Read<String> {
    let text = string(node, "a text")?;
    id_text(&text)?;
    Ok(text.into_owned())
}

/// A display name, address and the like.
pub(super) fn name(node: Node<'_>) -> Read<String> {
    let text = string(node, "a text")?;
    bounded(&text, NAME_CHARS)?;
    Ok(text.into_owned())
}

/// A display name that lists are ordered by: no longer than an identifier, since PostgreSQL bounds what an index holds.
pub(super) fn indexed_name(node: Node<'_>) -> Read<String> {
    let text = string(node, "a text")?;
    bounded(&text, ID_CHARS)?;
    Ok(text.into_owned())
}

/// A subject or comment.
pub(super) fn text(node: Node<'_>) -> Read<String> {
    let text = string(node, "a text")?;
    bounded(&text, TEXT_CHARS)?;
    Ok(text.into_owned())
}

/// True or false.
pub(super) fn boolean(node: Node<'_>) -> Read<bool> {
    match node {
        Node::Boolean(value) => Ok(value),
        other => must_be("true or false", &other),
    }
}

/// An integer that every JSON reader keeps exactly.
pub(super) fn integer(node: Node<'_>) -> Read<i64> {
    match node {
        Node::Integer(value) if value.abs_diff(0) <= LARGEST_EXACT_NUMBER.unsigned_abs() => Ok(value),
        Node::Integer(_) | Node::Float(_) => {
            wrong(format!("must be an integer within ±{LARGEST_EXACT_NUMBER} (2^53 − 1)"))
        }
        other => must_be("an integer", &other),
    }
}

/// A score.
pub(super) fn score(node: Node<'_>) -> Read<i32> {
    match node {
        Node::Integer(value @ 1..=5) => Ok(value as i32),
        Node::Integer(_) | Node::Float(_) => wrong("must be an integer from 1 to 5, or null"),
        other => must_be("an integer from 1 to 5, or null", &other),
    }
}

/// Seconds, kept to the millisecond.
pub(super) fn seconds(node: Node<'_>) -> Read<i64> {
    const LARGEST_SECONDS: i64 = LARGEST_EXACT_NUMBER / 1_000;
    let value = match node {
        Node::Integer(value) => value as f64,
        Node::Float(value) => value,
        other => return must_be("a number of seconds", &other),
    };
    if (0.0..=LARGEST_SECONDS as f64).contains(&value) {
        return Ok((value * 1_000.0).round() as i64);
    }
    wrong(format!("must be a number of seconds from 0 to {LARGEST_SECONDS}"))
}

/// One of the words of an enum.
pub(super) fn word<T: Copy + Display>(node: Node<'_>, from_word: fn(&str) -> Option<T>, all: &[T]) -> Read<T> {
    let allowed = || {
        let words: Vec<String> = all.iter().map(T::to_string).collect();
        format!("must be one of: {}", words.join(", "))
    };
    match &node {
        Node::Text(text) => from_word(text).map_or_else(|| wrong(allowed()), Ok),
        other => wrong(format!("{}; not {}", allowed(), other.kind())),
    }
}

/// An instant.
pub(super) fn instant(node: Node<'_>) -> Read<Instant> {
    const WHAT: &str = "an RFC 3339 instant with offset, such as 2026-03-29T01:30:00+01:00";
    let text = string(node, WHAT)?;
    if !has_rfc_3339_shape(text.as_bytes()) {
        return wrong(format!("must be {WHAT}"));
    }
    Instant::parse(&text).map_or_else(|| wrong(format!("must be {WHAT}, of a day and time that exist")), Ok)
}

/// An instant at which something has happened: not later than a day from now.
pub(super) fn past_instant(node: Node<'_>, now: Instant) -> Read<Instant> {
    let at = instant(node)?;
    not_future(at, now)?;
    Ok(at)
}

/// Refuses an instant more than a day from now.
pub(super) fn not_future(at: Instant, now: Instant) -> Read<()> {
    if at > now.plus_ms(FUTURE_MS) { wrong(format!("is later than a day from now ({now})")) } else { Ok(()) }
}

/// `YYYY-MM-DDThh:mm:ss`, a fraction or none, `Z` or `±hh:mm`. The calendar reader would also take much else.
pub(super) fn has_rfc_3339_shape(text: &[u8]) -> bool {
    let fits = |pattern: &[u8], text: &[u8]| {
        pattern.len() == text.len()
            && pattern.iter().zip(text).all(|(p, t)| match p {
                b'0' => t.is_ascii_digit(),
                b'T' => t.eq_ignore_ascii_case(&b'T'),
                b'+' => matches!(t, b'+' | b'-'),
                exact => exact == t,
            })
    };
    let Some((date_time, rest)) = text.split_at_checked(19) else { return false };
    if !fits(b"0000-00-00T00:00:00", date_time) {
        return false;
    }
    let offset = match rest.split_first() {
        Some((b'.', fraction)) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 || digits > 9 {
                return false;
            }
            &fraction[digits..]
        }
        _ => rest,
    };
    matches!(offset, b"Z" | b"z") || fits(b"+00:00", offset)
}

/// A time zone by its IANA name.
pub(super) fn zone(node: Node<'_>) -> Read<String> {
    let name = string(node, "the name of a time zone")?;
    zone_name(&name)?;
    Ok(name.into_owned())
}

/// Refuses a name that is no time zone's, or not as the time zone database spells it.
pub(super) fn zone_name(name: &str) -> Read<jiff::tz::TimeZone> {
    match jiff::tz::TimeZone::get(name) {
        Ok(zone) if zone.iana_name() == Some(name) => Ok(zone),
        _ => wrong("must be a time zone as the IANA database spells it, such as Europe/Copenhagen"),
    }
}

/// A calendar day.
pub(super) fn date(node: Node<'_>) -> Read<jiff::civil::Date> {
    const WHAT: &str = "a date such as 2026-12-25";
    let text = string(node, WHAT)?;
    match text.parse() {
        Ok(date) if text.len() == 10 => Ok(date),
        _ => wrong(format!("must be {WHAT}")),
    }
}

/// Every element of a list.
pub(super) fn list<'a, T>(node: Node<'a>, mut read: impl FnMut(Node<'a>) -> Read<T>) -> Read<Vec<T>> {
    let nodes = match node {
        Node::List(nodes) => nodes,
        other => return must_be("a list", &other),
    };
    if nodes.len() > LIST_LENGTH {
        return wrong(format!("has more than {LIST_LENGTH} elements"));
    }
    let read_at = |(index, node)| read(node).map_err(|error| under(error, &format!("[{index}]")));
    nodes.into_iter().enumerate().map(read_at).collect()
}

/// A list of identifiers.
pub(super) fn ids(node: Node<'_>) -> Read<Vec<String>> {
    list(node, id)
}

/// An object read field by field; fields that `read` does not ask for are refused.
pub(super) fn object<'a, T>(node: Node<'a>, read: impl FnOnce(&mut Fields<'a>) -> Read<T>) -> Read<T> {
    match node {
        Node::Object(entries) => {
            let mut fields = Fields::new(entries);
            let value = read(&mut fields)?;
            fields.finish()?;
            Ok(value)
        }
        other => must_be("an object", &other),
    }
}

/// A map of names to texts.
pub(super) fn attributes(node: Node<'_>) -> Read<std::collections::BTreeMap<String, String>> {
    let entries = match node {
        Node::Object(entries) => entries,
        other => return must_be("an object", &other),
    };
    if entries.len() > LIST_LENGTH {
        return wrong(format!("has more than {LIST_LENGTH} entries"));
    }
    let read = |(key, node): (Cow<str>, Node)| {
        let shown = super::json::shorten(&key);
        id_text(&key).map_err(|error| under(error, &shown))?;
        let value = name(node).map_err(|error| under(error, &shown))?;
        Ok((key.into_owned(), value))
    };
    entries.into_iter().map(read).collect()
}
