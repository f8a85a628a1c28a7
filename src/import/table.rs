//! A table in CSV, row by row: columns by name, values trimmed, missing ones absent, dates in the mapping's zone.

use std::cell::RefCell;
use std::io::{self, Read};

use csv::StringRecord;

use crate::model::{FieldError, Instant, LARGEST_EXACT_NUMBER, Reject};

use super::case_fields::ending_number;
use super::mapping::Mapping;
use super::records::Records;
use super::values::{bounded, has_rfc_3339_shape, id_text, not_future};
use super::{SourceError, TEXT_CHARS};

/// A table being read.
pub(super) struct Table {
    records: Records,
    header: Vec<String>,
    missing: Vec<String>,
    dropped: Vec<(usize, Vec<String>)>,
    dates: Dates,
}

/// One column of the table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    index: usize,
    /// Its name in the header.
    pub(super) name: String,
}

/// The row just read.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    /// Line of the file on which it starts.
    pub(super) line: u64,
    record: &'t StringRecord,
    table: &'t Table,
}

/// What reading on gives.
pub(super) enum Next {
    /// The table holds a row.
    Row,
    /// A row that is none.
    Reject(Reject),
    /// Nothing more.
    End,
}

impl Table {
    /// Reads the header; events later than a day from `now` will be refused.
    pub(super) fn open(reader: Box<dyn Read + Send>, mapping: &Mapping, now: Instant) -> Result<Table, SourceError> {
        let (header, records) = Records::open(reader).map_err(read_error)?;
        let header = header.iter().map(|name| name.trim().to_owned()).collect();
        let dates = Dates {
            zone: mapping.zone.clone(),
            formats: mapping.date_formats.clone(),
            now,
            latest: RefCell::default(),
        };
        let mut table = Table { records, header, missing: mapping.missing.clone(), dropped: Vec::new(), dates };
        for (name, texts) in &mapping.drop {
            let column = table.column(name)?;
            table.dropped.push((column.index, texts.clone()));
        }
        Ok(table)
    }

    /// The column of that name.
    pub(super) fn column(&self, name: &str) -> Result<Column, SourceError> {
        match self.header.iter().position(|known| known == name) {
            Some(index) => Ok(Column { index, name: name.to_owned() }),
            None => Err(SourceError::mapping(format!(
                "column `{name}` is not in the file, which has: {}",
                self.header.join(", ")
            ))),
        }
    }

    /// Reads on to the next row that is not dropped.
    pub(super) fn read_next(&mut self) -> Result<Next, SourceError> {
        loop {
            if !self.records.advance().map_err(read_error)? {
                return Ok(Next::End);
            }
            let Some(record) = self.records.record() else { return Ok(Next::End) };
            let reject = |reason: String| Next::Reject(Reject { line: record.line, field: String::new(), reason });
            if !record.is_utf8 {
                return Ok(reject("is not UTF-8".to_owned()));
            }
            if record.texts.len() != self.header.len() {
                let (found, expected) = (record.texts.len(), self.header.len());
                return Ok(reject(format!("has {found} columns where the header has {expected}")));
            }
            let is_dropped = |(index, texts): &(usize, Vec<String>)| {
                record.texts.get(*index).is_some_and(|text| texts.iter().any(|dropped| dropped == text.trim()))
            };
            if !self.dropped.iter().any(is_dropped) {
                return Ok(Next::Row);
            }
        }
    }

    /// The row just read; none before the first.
    pub(super) fn row(&self) -> Option<Row<'_>> {
        let record = self.records.record()?;
        Some(Row { line: record.line, record: &record.texts, table: self })
    }
}

fn read_error(error: csv::Error) -> SourceError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => SourceError::Read(error),
        kind => SourceError::Read(io::Error::other(format!("the header is not UTF-8 text in CSV ({kind:?})"))),
    }
}

impl<'t> Row<'t> {
    /// A value as it stands.
    pub(super) fn raw(self, column: &Column) -> &'t str {
        self.record.get(column.index).unwrap_or_default()
    }

    /// A value, trimmed; absent when missing.
    pub(super) fn text(self, column: &Column) -> Option<&'t str> {
        let text = self.raw(column).trim();
        (!text.is_empty() && !self.table.missing.iter().any(|missing| missing == text)).then_some(text)
    }

    /// An identifier or word of at most 200 characters.
    pub(super) fn id(self, column: &Column) -> Result<Option<&'t str>, FieldError> {
        self.checked(column, id_text)
    }

    /// A longer text.
    pub(super) fn long_text(self, column: &Column) -> Result<Option<&'t str>, FieldError> {
        self.text_within(column, TEXT_CHARS)
    }

    /// A text of at most so many characters.
    pub(super) fn text_within(self, column: &Column, limit_chars: usize) -> Result<Option<&'t str>, FieldError> {
        self.checked(column, |text| bounded(text, limit_chars))
    }

    fn checked(
        self,
        column: &Column,
        check: impl Fn(&str) -> Result<(), FieldError>,
    ) -> Result<Option<&'t str>, FieldError> {
        let Some(text) = self.text(column) else { return Ok(None) };
        check(text).map_err(|error| FieldError::new(&column.name, error.reason))?;
        Ok(Some(text))
    }

    /// An instant that is not later than a day from now.
    pub(super) fn instant(self, column: &Column) -> Result<Option<Instant>, FieldError> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let dates = &self.table.dates;
        // The rows of a case often stand together and repeat its dates.
        let mut latest = dates.latest.borrow_mut();
        if let Some(Some((known, at))) = latest.get(column.index)
            && known == text
        {
            return Ok(Some(*at));
        }
        let Some(at) = dates.parse(text) else {
            return Err(FieldError::new(&column.name, format!("is no date in {}", dates.formats())));
        };
        not_future(at, dates.now).map_err(|error| FieldError::new(&column.name, error.reason))?;
        if latest.len() <= column.index {
            latest.resize(column.index + 1, None);
        }
        latest[column.index] = Some((text.to_owned(), at));
        Ok(Some(at))
    }

    /// The number in the last digits of a value.
    pub(super) fn number(self, column: &Column) -> Result<Option<i64>, FieldError> {
        let Some(text) = self.text(column) else { return Ok(None) };
        match ending_number(text) {
            Some(number) if number <= LARGEST_EXACT_NUMBER => Ok(Some(number)),
            _ => Err(FieldError::new(&column.name, "must end in a number of at most 2^53 − 1")),
        }
    }
}

/// A value that must be there.
pub(super) fn required<T>(value: Option<T>, column: &Column) -> Result<T, FieldError> {
    value.ok_or_else(|| FieldError::new(&column.name, "is missing"))
}

/// How dates are written.
struct Dates {
    zone: jiff::tz::TimeZone,
    formats: Vec<String>,
    now: Instant,
    /// The latest date of each column, by its index.
    latest: RefCell<Vec<Option<(String, Instant)>>>,
}

impl Dates {
    fn parse(&self, text: &str) -> Option<Instant> {
        // In the mapping's order for every date: one that fits two formats must not depend on the rows before it.
        if let Some(at) = self.formats.iter().find_map(|format| self.parse_as(format, text)) {
            return Some(at);
        }
        if has_rfc_3339_shape(text.as_bytes()) {
            return Instant::parse(text);
        }
        let is_civil = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains('[');
        is_civil.then(|| text.parse().ok()).flatten().and_then(|time| self.at(time))
    }

    fn parse_as(&self, format: &str, text: &str) -> Option<Instant> {
        let read = jiff::fmt::strtime::parse(format, text).ok()?;
        // Asked without need, it would make an error each time.
        let is_instant = read.offset().is_some() || read.timestamp().is_some();
        if let Some(timestamp) = is_instant.then(|| read.to_timestamp().ok()).flatten() {
            return Some(Instant::from_timestamp(timestamp));
        }
        let time = read.to_datetime().or_else(|_| read.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?;
        self.at(time)
    }

    /// A wall time that is skipped moves forward by the gap, one that occurs twice is its first occurrence.
    fn at(&self, time: jiff::civil::DateTime) -> Option<Instant> {
        self.zone.to_ambiguous_timestamp(time).compatible().ok().map(Instant::from_timestamp)
    }

    fn formats(&self) -> String {
        let formats = self.formats.iter().map(|format| format!("`{format}`"));
        formats.chain(["RFC 3339".to_owned()]).collect::<Vec<_>>().join(" or ")
    }
}
