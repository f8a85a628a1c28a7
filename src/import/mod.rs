//! From bytes to `model::Batch`: lines, and the ones that could not be read, each with where and why.
//!
//! `ndjson` reads the ingest format itself, `csv` turns tables into its lines by a mapping file. Nothing here knows what is
//! stored; the same bytes always give the same batches.

mod case_fields;
mod content_hash;
pub mod csv;
mod decode;
mod decode_reference;
mod events_out;
mod fields;
mod json;
pub mod mapping;
pub mod ndjson;
pub mod open;
mod records;
mod shape_cases;
mod shape_events;
mod shape_messages;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod transitions;
mod values;

pub use csv::Importer;
pub use mapping::Mapping;
pub use ndjson::{Ndjson, decode_line};
pub use open::{Opened, decompress, open};
pub use values::{FUTURE_MS, LIST_LENGTH, NAME_CHARS, TEXT_CHARS};

use crate::model::Batch;

/// A batch is cut once it has read this many bytes, however few lines they make.
pub const BATCH_BYTES: usize = 16 << 20;

/// Something that lines come from.
pub trait Source {
    /// The next lines, at most `limit_lines` read and rejected together; `None` after the last.
    ///
    /// # Errors
    /// When the source cannot be read on. Lines that cannot be used are no error: they are among the batch's rejects.
    fn next_batch(&mut self, limit_lines: usize) -> Result<Option<Batch>, SourceError>;
}

/// Why a source cannot be read at all, or not further.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be opened.
    #[error("cannot open {path}: {cause}")]
    Open {
        /// Which file.
        path: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// Reading or decompressing failed.
    #[error("cannot read on: {0}")]
    Read(#[from] std::io::Error),
    /// The mapping file is wrong, or does not fit the data.
    #[error("mapping: {0}")]
    Mapping(String),
}

/// Longest text of what is wrong with a mapping, in bytes: mappings and headers can hold names of any length.
const LIMIT_MAPPING_ERROR_BYTES: usize = 600;

impl SourceError {
    /// What is wrong with a mapping, or how it does not fit the table.
    fn mapping(reason: impl Into<String>) -> SourceError {
        let mut reason = reason.into();
        if reason.len() > LIMIT_MAPPING_ERROR_BYTES {
            reason.truncate(reason.floor_char_boundary(LIMIT_MAPPING_ERROR_BYTES));
            reason.push('…');
        }
        SourceError::Mapping(reason)
    }
}
