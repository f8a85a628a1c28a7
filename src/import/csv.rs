//! Tables in CSV, turned into lines by a mapping.

use std::io::Read;

use crate::model::{Batch, Instant, Reject};

use super::events_out::Pending;
use super::mapping::{Mapping, Shape};
use super::shape_cases::CaseRows;
use super::shape_events::EventRows;
use super::shape_messages::MessageRows;
use super::table::{Next, Table};
use super::{Source, SourceError};

/// Lines made from a table. Shapes `events` and `messages` hold the whole table, compactly, before they give the first line.
pub struct Importer {
    table: Table,
    rows: Rows,
    is_read: bool,
    pending: Pending,
}

enum Rows {
    Cases(Box<CaseRows>),
    Events(Box<EventRows>),
    Messages(Box<MessageRows>),
}

impl Importer {
    /// Reads the header of `reader`, already decompressed; rows with an instant later than a day from `now` will be rejected.
    ///
    /// # Errors
    /// When the header cannot be read or lacks a column that the mapping names.
    pub fn new(reader: Box<dyn Read + Send>, mapping: &Mapping, now: Instant) -> Result<Importer, SourceError> {
        let table = Table::open(reader, mapping, now)?;
        let rows = match mapping.shape {
            Shape::Cases => Rows::Cases(Box::new(CaseRows::find(&table, mapping)?)),
            Shape::Events => Rows::Events(Box::new(EventRows::find(&table, mapping)?)),
            Shape::Messages => Rows::Messages(Box::new(MessageRows::find(&table, mapping)?)),
        };
        Ok(Importer { table, rows, is_read: false, pending: Pending::new() })
    }

    /// Reads one more row; a row that is or gives none is rejected.
    fn read_row(&mut self) -> Result<Option<Reject>, SourceError> {
        match self.table.read_next()? {
            Next::End => {
                self.is_read = true;
                Ok(None)
            }
            Next::Reject(reject) => Ok(Some(reject)),
            Next::Row => {
                let Some(row) = self.table.row() else { return Ok(None) };
                let read = match &mut self.rows {
                    Rows::Cases(rows) => rows.read(row, &mut self.pending),
                    Rows::Events(rows) => rows.read(row),
                    Rows::Messages(rows) => rows.read(row),
                };
                Ok(read.err().map(|error| Reject { line: row.line, field: error.field, reason: error.reason }))
            }
        }
    }

    /// Makes the lines of what was kept while reading; false when there is no more.
    fn give(&mut self) -> bool {
        match &mut self.rows {
            Rows::Cases(_) => false,
            Rows::Events(rows) => rows.give(&mut self.pending),
            Rows::Messages(rows) => rows.give(&mut self.pending),
        }
    }
}

impl Source for Importer {
    fn next_batch(&mut self, limit_lines: usize) -> Result<Option<Batch>, SourceError> {
        let mut batch = Batch::default();
        while batch.lines.len() + batch.rejects.len() < limit_lines.max(1) {
            if let Some(line) = self.pending.pop_front() {
                batch.lines.push(line);
            } else if !self.is_read {
                batch.rejects.extend(self.read_row()?);
            } else if !self.give() {
                break;
            }
        }
        Ok((!batch.lines.is_empty() || !batch.rejects.is_empty()).then_some(batch))
    }
}
