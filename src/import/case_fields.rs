//! The columns that say something of the case itself, whichever shape the table has.

use std::collections::BTreeMap;

use crate::model::{CaseLine, CaseStatus, Direction, FieldError, Instant, Patch};

use super::mapping::Mapping;
use super::table::{Column, Row, Table};
use super::{NAME_CHARS, SourceError};

/// What a column says of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Number,
    Channel,
    ContactPoint,
    Requester,
    Priority,
    CaseType,
    Subject,
    Direction,
    Team,
    Queue,
    Agent,
    Status,
    Actor,
    Tag,
    Attribute(String),
}

const NAMED: &[(&str, Field)] = &[
    ("channel", Field::Channel),
    ("contact_point", Field::ContactPoint),
    ("requester", Field::Requester),
    ("priority", Field::Priority),
    ("case_type", Field::CaseType),
    ("subject", Field::Subject),
    ("direction", Field::Direction),
    ("team", Field::Team),
    ("queue", Field::Queue),
    ("agent", Field::Agent),
    ("status", Field::Status),
    ("actor", Field::Actor),
];

/// The columns of a table that are fields of its cases.
pub(super) struct CaseFields {
    fields: Vec<(Field, Column)>,
    statuses: BTreeMap<String, CaseStatus>,
}

impl CaseFields {
    /// Finds the mapped columns in the table.
    pub(super) fn find(table: &Table, mapping: &Mapping) -> Result<CaseFields, SourceError> {
        let mut fields = Vec::new();
        if let Some(name) = &mapping.number {
            fields.push((Field::Number, table.column(name)?));
        }
        for (name, field) in NAMED {
            if let Some(column) = mapping.columns.get(*name) {
                fields.push((field.clone(), table.column(column)?));
            }
        }
        for name in &mapping.tags {
            fields.push((Field::Tag, table.column(name)?));
        }
        for (name, column) in &mapping.attributes {
            fields.push((Field::Attribute(name.clone()), table.column(column)?));
        }
        Ok(CaseFields { fields, statuses: mapping.status.clone() })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Each with its place.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().map(|(field, _)| field).enumerate()
    }

    /// The place of a field.
    pub(super) fn place(&self, wanted: &Field) -> Option<usize> {
        self.fields.iter().position(|(field, _)| field == wanted)
    }

    /// The column of a field.
    pub(super) fn column_name(&self, wanted: &Field) -> &str {
        self.fields.iter().find(|(field, _)| field == wanted).map_or("", |(_, column)| &column.name)
    }

    /// The value of the field in that place, as it stands in the row.
    pub(super) fn raw<'r>(&self, place: usize, row: Row<'r>) -> &'r str {
        row.raw(&self.fields[place].1)
    }

    /// The value of the field in that place, checked.
    pub(super) fn read<'r>(&self, place: usize, row: Row<'r>) -> Result<Option<&'r str>, FieldError> {
        let (field, column) = &self.fields[place];
        match field {
            Field::Subject => row.long_text(column),
            Field::Attribute(_) => row.text_within(column, NAME_CHARS),
            Field::Number => row.number(column).map(|_| row.text(column)),
            Field::Direction => match row.text(column) {
                Some(text) if Direction::from_word(text).is_none() => {
                    Err(FieldError::new(&column.name, "must be one of: inbound, outbound"))
                }
                text => Ok(text),
            },
            Field::Status => match row.text(column) {
                Some(text) if !self.statuses.contains_key(text) => {
                    Err(FieldError::new(&column.name, "is a status that [status] does not map"))
                }
                text => Ok(text),
            },
            _ => row.id(column),
        }
    }

    /// The category of a status text that was read.
    pub(super) fn status(&self, text: &str) -> Option<CaseStatus> {
        self.statuses.get(text).copied()
    }

    /// The line of a case whose values are `value(place)`. Statuses and actors are no part of it.
    pub(super) fn line<'v>(&self, id: &str, created_at: Instant, value: impl Fn(usize) -> Option<&'v str>) -> CaseLine {
        let mut line = CaseLine { id: id.to_owned(), created_at: Some(created_at), ..CaseLine::default() };
        let mut tags = Vec::new();
        let mut attributes = BTreeMap::new();
        for (place, field) in self.iter() {
            let Some(text) = value(place) else { continue };
            let patch = || Patch::Value(text.to_owned());
            match field {
                Field::Number => line.number = ending_number(text),
                Field::Channel => line.channel = Some(text.to_owned()),
                Field::ContactPoint => line.contact_point = patch(),
                Field::Requester => line.requester = patch(),
                Field::Priority => line.priority = patch(),
                Field::CaseType => line.case_type = patch(),
                Field::Subject => line.subject = patch(),
                Field::Direction => line.direction = Direction::from_word(text),
                Field::Team => line.team = patch(),
                Field::Queue => line.queue = patch(),
                Field::Agent => line.assignee = patch(),
                Field::Tag => tags.push(text.to_owned()),
                Field::Attribute(name) => drop(attributes.insert(name.clone(), text.to_owned())),
                Field::Status | Field::Actor => {}
            }
        }
        line.tags = (!tags.is_empty()).then_some(tags);
        line.attributes = (!attributes.is_empty()).then_some(attributes);
        line
    }
}

/// The number in the last digits of a text: `INC0000045` is 45.
pub(super) fn ending_number(text: &str) -> Option<i64> {
    let start = text.len() - text.bytes().rev().take_while(u8::is_ascii_digit).count();
    text[start..].parse().ok()
}
