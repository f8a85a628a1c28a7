//! What cells must remember until the end because it cannot be added up: rows by agent, and which cases they have seen.

use std::collections::HashMap;

use super::group::Mixing;
use super::mask::BATCH;

/// Bytes up to which there is a count for everything that could come.
const MAX_COUNTS_BYTES: usize = 4 << 20;
/// Bytes up to which there is a bit for every case in every cell: ten million cases in two dozen cells.
const MAX_BITS_BYTES: usize = 32 << 20;

/// Counts by cell and one of a number of things.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    things: usize,
    dense: Vec<u32>,
    sparse: HashMap<u64, u32, Mixing>,
}

impl Tally {
    /// None yet, of so many cells, if that is known, and things.
    pub fn new(cells: Option<usize>, things: u64) -> Tally {
        let things = usize::try_from(things).unwrap_or(usize::MAX);
        let places = cells.and_then(|cells| cells.checked_mul(things)).filter(|places| *places <= MAX_COUNTS_BYTES / 4);
        Tally { things, dense: vec![0; places.unwrap_or_default()], sparse: HashMap::default() }
    }

    /// An empty one of the same shape.
    pub fn like(&self) -> Tally {
        Tally { things: self.things, dense: vec![0; self.dense.len()], sparse: HashMap::default() }
    }

    /// Counts more.
    #[inline]
    pub fn add(&mut self, cell: usize, thing: u32, more: u32) {
        match self.dense.get_mut(cell * self.things + thing as usize) {
            Some(count) => *count += more,
            None => *self.sparse.entry((cell as u64) << 32 | u64::from(thing)).or_default() += more,
        }
    }

    /// Cells, things and their counts.
    pub fn counts(&self) -> impl Iterator<Item = (usize, u32, u32)> {
        let things = self.things.max(1);
        let dense = self.dense.iter().enumerate().filter(|(_, count)| **count > 0);
        let dense = dense.map(move |(place, count)| (place / things, (place % things) as u32, *count));
        let sparse = self.sparse.iter().map(|(key, count)| ((key >> 32) as usize, *key as u32, *count));
        dense.chain(sparse)
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        self.dense.len() * 4 + self.sparse.capacity() * 17
    }
}

/// Which of a number of cases cells have seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    slots: usize,
    bits: Vec<u64>,
    /// Cell and slot, each once up to `sorted`.
    pairs: Vec<u64>,
    sorted: usize,
}

impl Seen {
    /// None yet, of so many cells, if that is known, and slots.
    pub fn new(cells: Option<usize>, slots: usize) -> Seen {
        let slots = slots.next_multiple_of(64);
        let bits = cells.and_then(|cells| cells.checked_mul(slots)).filter(|bits| bits / 8 <= MAX_BITS_BYTES);
        Seen { slots, bits: vec![0; bits.unwrap_or_default() / 64], pairs: Vec::new(), sorted: 0 }
    }

    /// An empty one of the same shape.
    pub fn like(&self) -> Seen {
        Seen { slots: self.slots, bits: vec![0; self.bits.len()], pairs: Vec::new(), sorted: 0 }
    }

    /// Sees a case.
    #[inline]
    pub fn add(&mut self, cell: usize, slot: u32) {
        let place = cell * self.slots + slot as usize;
        if let Some(word) = self.bits.get_mut(place / 64) {
            *word |= 1 << (place % 64);
            return;
        }
        self.pairs.push((cell as u64) << 32 | u64::from(slot));
        if self.pairs.len() > 2 * self.sorted.max(BATCH) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        self.sorted = self.pairs.len();
    }

    /// Takes in what another saw, whose cells are at other places.
    pub fn merge(&mut self, other: &Seen, place: impl Fn(usize) -> usize) {
        if self.bits.len() == other.bits.len() && !self.bits.is_empty() {
            self.bits.iter_mut().zip(&other.bits).for_each(|(all, word)| *all |= word);
        }
        other.pairs.iter().for_each(|pair| self.add(place((pair >> 32) as usize), *pair as u32));
    }

    /// Adds the number of cases that each cell has seen.
    pub fn count(mut self, mut add: impl FnMut(usize, u64)) {
        self.sort();
        let words = (self.slots / 64).max(1);
        for (cell, words) in self.bits.chunks(words).enumerate() {
            add(cell, words.iter().map(|word| u64::from(word.count_ones())).sum());
        }
        self.pairs.iter().for_each(|pair| add((pair >> 32) as usize, 1));
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        (self.bits.len() + self.pairs.capacity()) * 8
    }
}
