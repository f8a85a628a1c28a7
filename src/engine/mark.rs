//! Marking the rows of changed cases dead, without looking at every row of a workspace.
//!
//! Of each slot it is kept between which instants its rows lie, and chunks are in order of time: so of a few cases only the rows of their
//! days are looked at. Of many, all rows are, once.

use std::sync::Arc;

use arrow::buffer::{BooleanBuffer, Buffer};

use super::chunk::{Chunk, Live, Table};

/// Up to so many slots are looked for one by one.
const FEW: usize = 32;
const MINUTE_MS: i64 = 60_000;

/// Between which minutes the rows of a slot lie; the default holds no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    first: i32,
    last: i32,
}

impl Default for Days {
    fn default() -> Days {
        Days { first: i32::MAX, last: i32::MIN }
    }
}

impl Days {
    /// Every minute.
    pub fn always() -> Days {
        Days { first: i32::MIN, last: i32::MAX }
    }

    /// Takes a row in.
    pub fn add(&mut self, time_ms: i64) {
        // Minutes of the farthest years do not fit, and are taken for the last that do.
        let minute = time_ms.div_euclid(MINUTE_MS).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        self.first = self.first.min(minute);
        self.last = self.last.max(minute);
    }

    /// Takes in all that another holds.
    fn extend(&mut self, other: Days) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    fn begin_ms(self) -> i64 {
        if self.first == i32::MIN { i64::MIN } else { i64::from(self.first) * MINUTE_MS }
    }
    fn end_ms(self) -> i64 {
        if self.last == i32::MAX { i64::MAX } else { (i64::from(self.last) + 1) * MINUTE_MS }
    }

    /// The rows of a chunk that lie within.
    fn rows(self, chunk: &Chunk) -> std::ops::Range<usize> {
        if self.first > self.last || chunk.time.most < self.begin_ms() || chunk.time.base >= self.end_ms() {
            return 0..0;
        }
        lower(chunk, self.begin_ms())..lower(chunk, self.end_ms())
    }
}

/// Number of rows before an instant.
fn lower(chunk: &Chunk, time_ms: i64) -> usize {
    let (mut low, mut high) = (0, chunk.len());
    while low < high {
        let middle = low.midpoint(high);
        if chunk.time.at(middle) < time_ms { low = middle + 1 } else { high = middle }
    }
    low
}

/// Slots whose rows are to go, each with where they lie.
pub struct Going {
    slots: Vec<(u32, Days)>,
    all: Days,
    /// Bits of the slots, when there are many.
    bits: Vec<u64>,
}

impl Going {
    /// Of slots with their days.
    pub fn new(slots: Vec<(u32, Days)>) -> Going {
        let mut all = Days::default();
        slots.iter().for_each(|(_, days)| all.extend(*days));
        let mut bits = Vec::new();
        if slots.len() > FEW {
            let most = slots.iter().map(|(slot, _)| *slot as usize).max().unwrap_or_default();
            bits = vec![0_u64; most / 64 + 1];
            slots.iter().for_each(|(slot, _)| bits[*slot as usize / 64] |= 1 << (slot % 64));
        }
        Going { slots, all, bits }
    }

    /// Marks their rows dead; true when there were any.
    pub fn mark(&self, table: &mut Table) -> bool {
        let mut is_changed = false;
        for live in &mut table.chunks {
            let found = self.rows(&live.chunk);
            if !found.is_empty() {
                bury(live, &found);
                is_changed = true;
            }
        }
        is_changed
    }

    fn rows(&self, chunk: &Chunk) -> Vec<usize> {
        let mut found = Vec::new();
        if self.bits.is_empty() {
            for (slot, days) in &self.slots {
                let rows = days.rows(chunk);
                let first = rows.start;
                let slots = &chunk.slots[rows];
                found.extend(slots.iter().enumerate().filter(|(_, of)| *of == slot).map(|(row, _)| first + row));
            }
            return found;
        }
        let is_going =
            |slot: &u32| self.bits.get(*slot as usize / 64).is_some_and(|bits| bits & (1 << (slot % 64)) != 0);
        let rows = self.all.rows(chunk);
        let first = rows.start;
        found.extend(chunk.slots[rows].iter().enumerate().filter(|(_, of)| is_going(of)).map(|(row, _)| first + row));
        found
    }
}

/// Marks rows of a chunk dead.
fn bury(live: &mut Live, rows: &[usize]) {
    let len = live.chunk.len();
    let mut bits = match &live.dead {
        Some(dead) => dead.values().to_vec(),
        None => vec![0_u8; len.div_ceil(8)],
    };
    for row in rows {
        bits[row / 8] |= 1 << (row % 8);
    }
    live.dead = Some(Arc::new(BooleanBuffer::new(Buffer::from_vec(bits), 0, len)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::column::Numbers;
    use crate::model::Instant;

    #[test]
    fn rows_are_found_whenever_they_are() {
        let times = [Instant::MIN.ms(), -1, 0, 59_999, 60_000, 200_000_000_000_000, Instant::MAX.ms()];
        let chunk = Chunk {
            time: Numbers::of(&times.map(Some)),
            slots: (0..7).collect(),
            ordinals: (0..7).collect(),
            columns: Vec::new(),
            dues: Default::default(),
        };
        for (row, time) in times.into_iter().enumerate() {
            let mut days = Days::default();
            assert!(days.rows(&chunk).is_empty());
            days.add(time);
            assert!(days.rows(&chunk).contains(&row), "{time}");
            let mut table = Table { names: Arc::default(), chunks: vec![Live::whole(chunk.clone())] };
            assert!(Going::new(vec![(row as u32, days)]).mark(&mut table));
            assert_eq!((table.chunks[0].alive(), table.chunks[0].is_alive(row)), (6, false));
        }
    }
}
