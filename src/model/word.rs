//! Reading a word of an enumeration where it is stored.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};

/// Takes a text for the value whose word it is.
pub struct AsWord<T>(pub fn(&str) -> Option<T>);

impl<T> Visitor<'_> for AsWord<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word of an enumeration")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        (self.0)(word).ok_or_else(|| E::invalid_value(Unexpected::Str(word), &self))
    }
}
