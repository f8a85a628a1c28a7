//! The fields of derived rows, one by one, as columns name and read them.

use super::{Column, Columns, Derived, Domain, PresenceRecord, Read, RecordKind};
use crate::model::Instant;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// An id, a word or free text.
    Text(Domain, String),
    /// An instant.
    Instant(Instant),
    /// A length of time in milliseconds.
    Millis(i64),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    Texts(Vec<String>),
}

/// A field with its name.
pub type Field = (&'static str, FieldValue);

/// The fields of a row that have a value.
pub fn fields_of<R: Columns>(row: &R) -> Vec<Field> {
    let value = |read: &Read<R>| match read {
        Read::Text(domain, get) => get(row).map(|text| FieldValue::Text(*domain, text.to_owned())),
        Read::Instant(get) => get(row).map(FieldValue::Instant),
        Read::Millis(get) => get(row).map(FieldValue::Millis),
        Read::Number(get) => get(row).map(FieldValue::Number),
        Read::Flag(get) => Some(FieldValue::Flag(get(row))),
    };
    let field = |column: &Column<R>| Some((column.name, value(&column.read)?));
    R::COLUMNS.iter().filter_map(field).collect()
}

impl Derived {
    /// The fields of one of the case's rows that have a value; `None` when there is no such row.
    pub fn fields(&self, kind: RecordKind, ordinal: usize) -> Option<Vec<Field>> {
        match kind {
            RecordKind::Case => {
                let mut fields = fields_of(&self.case);
                fields.push(("number", FieldValue::Number(self.case.number)));
                fields.push(("tags", FieldValue::Texts(self.case.tags.clone())));
                Some(fields)
            }
            RecordKind::Response => self.responses.get(ordinal).map(fields_of),
            RecordKind::SlaClock => self.sla_clocks.get(ordinal).map(fields_of),
            RecordKind::Closure => self.closures.get(ordinal).map(fields_of),
            RecordKind::Resolution => self.resolutions.get(ordinal).map(fields_of),
            RecordKind::StatusSpell => self.status_spells.get(ordinal).map(fields_of),
            RecordKind::Assignment => self.assignments.get(ordinal).map(fields_of),
            RecordKind::Rating => self.ratings.get(ordinal).map(fields_of),
            RecordKind::Message => self.messages.get(ordinal).map(fields_of),
            RecordKind::Presence => None,
        }
    }

    /// The instant that orders one of the case's rows; `None` when there is no such row, or it has none.
    pub fn instant(&self, kind: RecordKind, ordinal: usize) -> Option<Instant> {
        match kind {
            RecordKind::Case | RecordKind::SlaClock => Some(self.case.created_at),
            RecordKind::Response => self.responses.get(ordinal)?.replied_at,
            RecordKind::Closure => self.closures.get(ordinal).map(|row| row.closed_at),
            RecordKind::Resolution => self.resolutions.get(ordinal).map(|row| row.resolved_at),
            RecordKind::StatusSpell => self.status_spells.get(ordinal).map(|row| row.from_at),
            RecordKind::Assignment => self.assignments.get(ordinal).map(|row| row.assigned_at),
            RecordKind::Rating => self.ratings.get(ordinal).map(|row| row.rated_at),
            RecordKind::Message => self.messages.get(ordinal).map(|row| row.at),
            RecordKind::Presence => None,
        }
    }
}

impl PresenceRecord {
    /// Its fields that have a value.
    pub fn fields(&self) -> Vec<Field> {
        fields_of(self)
    }
}
