//! The fields of one object, taken by name and kind; whatever is left at the end is unknown.

use crate::model::{FieldError, Patch};

use super::json::{Node, Object, shorten};

/// Most fields that an object of the ingest format has.
const MOST_FIELDS: usize = 32;
/// Longest path of a field in a message, in bytes; only what is nested where nothing nests has longer ones.
const LONGEST_PATH_BYTES: usize = 400;

/// An object being read.
pub(super) struct Fields<'a> {
    entries: Object<'a>,
    asked: [&'static str; MOST_FIELDS],
    asked_count: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(entries: Object<'a>) -> Fields<'a> {
        Fields { entries, asked: [""; MOST_FIELDS], asked_count: 0 }
    }

    /// The value of a field as it stands.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Node<'a>> {
        if let Some(slot) = self.asked.get_mut(self.asked_count) {
            *slot = name;
            self.asked_count += 1;
        }
        let index = self.entries.iter().position(|(key, _)| key == name)?;
        Some(self.entries.swap_remove(index).1)
    }

    /// A field that may be absent but not null.
    pub(super) fn get<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Node<'a>) -> Result<T, FieldError>,
    ) -> Result<Option<T>, FieldError> {
        self.take(name).map(read).transpose().map_err(|error| under(error, name))
    }

    /// A field that may be absent or null.
    pub(super) fn patch<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Node<'a>) -> Result<T, FieldError>,
    ) -> Result<Patch<T>, FieldError> {
        match self.take(name) {
            None => Ok(Patch::Absent),
            Some(Node::Null) => Ok(Patch::Null),
            Some(node) => read(node).map(Patch::Value).map_err(|error| under(error, name)),
        }
    }

    /// A field whose absence and null mean the same.
    pub(super) fn find<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Node<'a>) -> Result<T, FieldError>,
    ) -> Result<Option<T>, FieldError> {
        self.patch(name, read).map(Patch::into_option)
    }

    /// A field that must be there.
    pub(super) fn require<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Node<'a>) -> Result<T, FieldError>,
    ) -> Result<T, FieldError> {
        self.get(name, read)?.ok_or_else(|| FieldError::new(name, "is required"))
    }

    /// Refuses what nobody asked for.
    pub(super) fn finish(self) -> Result<(), FieldError> {
        let Some((unknown, _)) = self.entries.first() else { return Ok(()) };
        let allowed = self.asked[..self.asked_count].join(", ");
        Err(FieldError::new(shorten(unknown), format!("is unknown here; allowed: {allowed}")))
    }
}

/// The error with its field's path led by `prefix`; what is too long of it is cut at its inner end.
pub(super) fn under(error: FieldError, prefix: &str) -> FieldError {
    let mut field = match error.field.as_str() {
        "" => prefix.to_owned(),
        inner if inner.starts_with('[') => format!("{prefix}{inner}"),
        inner => format!("{prefix}.{inner}"),
    };
    if field.len() > LONGEST_PATH_BYTES {
        field.truncate(field.floor_char_boundary(LONGEST_PATH_BYTES));
        field.push('…');
    }
    FieldError { field, reason: error.reason }
}
