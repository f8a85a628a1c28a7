//! Chunks: some tens of thousands of rows of one kind in the order of their placing instant, never changed. Rows that no longer count
//! are marked in a bitmap beside them.

use std::sync::{Arc, OnceLock};

use arrow::buffer::{BooleanBuffer, ScalarBuffer};

use super::column::{Column, Numbers};
use crate::record::RecordKind;

/// Rows of a full chunk.
pub const CHUNK_ROWS: usize = 65_536;

/// See the module.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The placing instant (`time_column`), in milliseconds, ascending.
    pub time: Numbers,
    /// The case of each row, as its slot; of presence spells the agent, as its code.
    pub slots: ScalarBuffer<u32>,
    /// Which row of its kind and case it is, in the order of the store's key.
    pub ordinals: ScalarBuffer<u16>,
    /// Columns by their place in the table's list of names.
    pub columns: Vec<Column>,
    /// Of SLA clocks: when the open ones are due, in milliseconds, ascending; made when first asked for.
    pub dues: OnceLock<Box<[i64]>>,
}

impl Chunk {
    /// Number of rows, dead ones included.
    pub fn len(&self) -> usize {
        self.slots.len()
    }
    /// Indicates there is no row.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

impl Live {
    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let of = |column: &Column| match column {
            Column::Codes(codes) => codes.bytes(),
            Column::Numbers(numbers) => numbers.bytes(),
            Column::Flags(flags) => flags.values().len(),
        };
        let rows = self.chunk.time.bytes() + self.chunk.len() * 6 + self.chunk.columns.iter().map(of).sum::<usize>();
        rows + self.dead.as_ref().map_or(0, |dead| dead.values().len())
    }
}

/// A chunk as it is in a snapshot.
#[derive(Clone, Debug)]
pub struct Live {
    /// The rows.
    pub chunk: Arc<Chunk>,
    /// Bits of rows that no longer count; `None`: all count.
    pub dead: Option<Arc<BooleanBuffer>>,
}

/// All rows of one kind in a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Names of the columns, in the order in which chunks have them: those of `metric::catalog::columns` that are the kind's own and not
    /// `time_column`.
    pub names: Arc<Vec<&'static str>>,
    /// Chunks in the order of their first row's time; their times may overlap.
    pub chunks: Vec<Live>,
}

/// The instant by which rows of a kind are ordered; of SLA clocks the creation of their case. Rows without it are not in the picture
/// (unanswered runs).
pub fn time_column(kind: RecordKind) -> &'static str {
    kind.instant()
}
