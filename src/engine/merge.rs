//! Keeping chunks few: small ones are merged as they come, those that are mostly dead are written anew, and all are put in order of time
//! after the first drawing.
//!
//! Chunks are of a tier by the rows that count in them; four of one tier become one of the next. So a row is moved once a tier, however
//! small the changes are that come in.

use std::sync::Arc;

use arrow::buffer::BooleanBuffer;

use super::build::cut;
use super::chunk::{CHUNK_ROWS, Chunk, Live, Table};
use super::column::{Codes, Column, Numbers};

/// Chunks with at least as many rows are not merged any more.
const FULL: usize = CHUNK_ROWS / 2;
/// As many chunks of a tier become one.
const MERGED: usize = 4;

impl Live {
    /// A chunk of which every row counts.
    pub fn whole(chunk: Chunk) -> Live {
        Live { chunk: Arc::new(chunk), dead: None }
    }

    /// Number of rows that count.
    pub fn alive(&self) -> usize {
        self.chunk.len() - self.dead.as_ref().map_or(0, |dead| dead.count_set_bits())
    }

    /// Indicates a row counts.
    pub fn is_alive(&self, row: usize) -> bool {
        !self.dead.as_ref().is_some_and(|dead| dead.value(row))
    }
}

/// Merges small chunks and rewrites mostly dead ones; the chunks are in order after it.
pub fn tidy(table: &mut Table) {
    let mut chunks: Vec<(Live, usize)> = Vec::with_capacity(table.chunks.len());
    for live in table.chunks.drain(..) {
        let alive = live.alive();
        if alive == 0 {
            continue;
        }
        if alive * 2 >= live.chunk.len() {
            chunks.push((live, alive));
        } else {
            chunks.extend(merged(&[live]).into_iter().map(|live| (live, alive)));
        }
    }
    while let Some(crowded) = crowded_tier(&chunks) {
        let (small, others): (Vec<_>, Vec<_>) =
            chunks.into_iter().partition(|(_, alive)| tier(*alive) == Some(crowded));
        let small: Vec<Live> = small.into_iter().map(|(live, _)| live).collect();
        chunks = others;
        chunks.extend(merged(&small).into_iter().map(|live| {
            let alive = live.chunk.len();
            (live, alive)
        }));
    }
    table.chunks = chunks.into_iter().map(|(live, _)| live).collect();
    table.chunks.sort_by_key(|live| live.chunk.time.base);
}

/// Puts all rows that count in order of time, in full chunks.
pub fn settle(table: &mut Table) {
    let chunks = std::mem::take(&mut table.chunks);
    table.chunks = merged(&chunks);
}

/// Tier of a chunk with so many rows that count; `None` of full ones.
fn tier(alive: usize) -> Option<u32> {
    (alive < FULL).then(|| alive.max(1).ilog2() / 2)
}

fn crowded_tier(chunks: &[(Live, usize)]) -> Option<u32> {
    let tiers: Vec<u32> = chunks.iter().filter_map(|(_, alive)| tier(*alive)).collect();
    let is_crowded = |of: &u32| tiers.iter().filter(|tier| *tier == of).count() >= MERGED;
    tiers.iter().copied().filter(is_crowded).min()
}

/// The rows of several chunks that count, in order of time.
pub fn merged(chunks: &[Live]) -> Vec<Live> {
    let mut rows: Vec<Place> = Vec::with_capacity(chunks.iter().map(Live::alive).sum());
    for (of, live) in chunks.iter().enumerate() {
        let alive = (0..live.chunk.len()).filter(|row| live.is_alive(*row));
        // Chunks of more rows than fit 32 bits are not made.
        rows.extend(alive.map(|row| Place { time: live.chunk.time.at(row), chunk: of as u32, row: row as u32 }));
    }
    // Made of sorted runs, which this sort only merges.
    rows.sort_by_key(|place| place.time);
    rows.chunks(cut(rows.len())).map(|rows| Live::whole(gather(chunks, rows))).collect()
}

/// Where a row is.
#[derive(Clone, Copy)]
struct Place {
    time: i64,
    chunk: u32,
    row: u32,
}

fn gather(chunks: &[Live], rows: &[Place]) -> Chunk {
    let chunk = |place: &Place| &chunks[place.chunk as usize].chunk;
    let columns = chunks.first().map_or(0, |live| live.chunk.columns.len());
    Chunk {
        time: Numbers::of(&rows.iter().map(|place| Some(place.time)).collect::<Vec<_>>()),
        slots: rows.iter().map(|place| chunk(place).slots[place.row as usize]).collect(),
        ordinals: rows.iter().map(|place| chunk(place).ordinals[place.row as usize]).collect(),
        columns: (0..columns).map(|column| gather_column(chunks, rows, column)).collect(),
        dues: Default::default(),
    }
}

fn gather_column(chunks: &[Live], rows: &[Place], column: usize) -> Column {
    let of = |place: &Place| (&chunks[place.chunk as usize].chunk.columns[column], place.row as usize);
    // A column is of one sort in all chunks of a kind.
    match chunks.first().and_then(|live| live.chunk.columns.get(column)) {
        Some(Column::Codes(_)) => {
            let code = |place: &Place| match of(place) {
                (Column::Codes(codes), row) => codes.get(row),
                _ => 0,
            };
            Column::Codes(Codes::of(&rows.iter().map(code).collect::<Vec<_>>()))
        }
        Some(Column::Flags(_)) => {
            let flag = |place: &Place| matches!(of(place), (Column::Flags(flags), row) if flags.value(row));
            Column::Flags(rows.iter().map(flag).collect::<BooleanBuffer>())
        }
        _ => {
            let number = |place: &Place| match of(place) {
                (Column::Numbers(numbers), row) => numbers.get(row),
                _ => None,
            };
            Column::Numbers(Numbers::of(&rows.iter().map(number).collect::<Vec<_>>()))
        }
    }
}
