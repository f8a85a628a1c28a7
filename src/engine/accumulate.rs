//! What cells add up: exact sums, and the values that percentiles will be asked of.

use super::column::widths;
use super::packed::{Narrow, Packed};
use super::pile::{Pile, Spared};
use super::remember::{Seen, Tally};
use super::source::Source;
use super::view::View;
use crate::metric::Figures;

/// Cells up to which values are kept one list a cell.
pub const FEW_CELLS: usize = 4_096;

/// Sums over the values of a cell.
#[derive(Clone, Copy, Debug)]
pub struct Sums {
    rows: u64,
    sum: i128,
    squares: i128,
    least: i64,
    most: i64,
}

impl Default for Sums {
    fn default() -> Sums {
        Sums { rows: 0, sum: 0, squares: 0, least: i64::MAX, most: i64::MIN }
    }
}

impl Sums {
    /// Takes a value in.
    #[inline]
    pub fn add(&mut self, value: i64) {
        let wide = i128::from(value);
        self.rows += 1;
        self.sum += wide;
        self.squares = self.squares.wrapping_add(wide * wide);
        self.least = self.least.min(value);
        self.most = self.most.max(value);
    }

    /// Takes a batch's values in.
    pub fn add_packed(&mut self, packed: &Packed<'_>) {
        match packed {
            Packed::Narrow(_, []) | Packed::Wide(_, []) => {}
            Packed::Narrow(base, values) => {
                let Narrow { sum, squares, least, most } = Narrow::of(values);
                self.add_distances(
                    *base,
                    values.len(),
                    (u128::from(sum), squares),
                    (u64::from(least), u64::from(most)),
                );
            }
            Packed::Wide(base, values) => {
                let (mut sum, mut squares, mut least, mut most) = (0_u128, 0_u128, u64::MAX, 0_u64);
                for value in *values {
                    let wide = u128::from(*value);
                    sum += wide;
                    squares = squares.wrapping_add(wide * wide);
                    least = least.min(*value);
                    most = most.max(*value);
                }
                self.add_distances(*base, values.len(), (sum, squares), (least, most));
            }
        }
    }

    /// Squares of base plus distance, by the binomial; what overflows on the way comes back.
    fn add_distances(&mut self, base: i64, count: usize, (sum, squares): (u128, u128), (least, most): (u64, u64)) {
        let (wide, rows) = (i128::from(base), count as i128);
        let sum = sum as i128;
        self.rows += count as u64;
        self.sum += wide * rows + sum;
        let cross = wide.wrapping_mul(2).wrapping_mul(sum);
        let squares = (wide * wide).wrapping_mul(rows).wrapping_add(cross).wrapping_add(squares as i128);
        self.squares = self.squares.wrapping_add(squares);
        self.least = self.least.min(base.wrapping_add_unsigned(least));
        self.most = self.most.max(base.wrapping_add_unsigned(most));
    }

    /// Takes another cell's sums in.
    pub fn merge(&mut self, other: &Sums) {
        self.rows += other.rows;
        self.sum += other.sum;
        self.squares = self.squares.wrapping_add(other.squares);
        self.least = self.least.min(other.least);
        self.most = self.most.max(other.most);
    }

    /// Number of values.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// As figures.
    pub fn figures(&self) -> Figures {
        let bound = |value: i64| (self.rows > 0).then_some(value);
        Figures {
            rows: self.rows,
            sum: self.sum,
            squares: self.squares,
            minimum: bound(self.least),
            maximum: bound(self.most),
            ..Figures::default()
        }
    }
}

/// Values that percentiles will be asked of, as distances from one base.
#[derive(Clone, Debug)]
pub struct Kept<T: Spared> {
    /// What they are distances from.
    pub low: i64,
    /// By cell, while there are few cells.
    pub by_cell: Vec<Pile<T>>,
    /// Cell and value, else.
    pub pairs: Vec<(u32, T)>,
    is_paired: bool,
}

impl<T: Spared> Kept<T> {
    /// None yet, of so many cells.
    pub fn new(low: i64, cells: Option<usize>) -> Kept<T> {
        let by_cell = cells.filter(|cells| *cells <= FEW_CELLS);
        let is_paired = by_cell.is_none();
        Kept { low, by_cell: vec![Pile::default(); by_cell.unwrap_or_default()], pairs: Vec::new(), is_paired }
    }

    /// Keeps a value.
    #[inline]
    pub fn keep(&mut self, cell: usize, value: T) {
        if self.is_paired {
            // Cells are numbered within 32 bits.
            self.pairs.push((cell as u32, value));
        } else {
            self.by_cell[cell].push(value);
        }
    }

    fn keep_all(&mut self, cell: usize, values: impl ExactSizeIterator<Item = T>) {
        if self.is_paired {
            self.pairs.extend(values.map(|value| (cell as u32, value)));
        } else {
            self.by_cell[cell].extend(values);
        }
    }

    fn bytes(&self) -> usize {
        self.by_cell.iter().map(Pile::bytes).sum::<usize>() + self.pairs.capacity() * size_of::<(u32, T)>()
    }
}

/// Kept values of either width, if any.
#[derive(Clone, Debug)]
pub enum Values {
    /// No percentile is asked.
    Dropped,
    /// In 32 bits.
    Narrow(Kept<u32>),
    /// In 64.
    Wide(Kept<u64>),
}

impl Values {
    /// Keeps a value.
    #[inline]
    pub fn keep(&mut self, cell: usize, value: i64) {
        match self {
            Values::Dropped => {}
            // The width was chosen by the widest distance.
            Values::Narrow(kept) => kept.keep(cell, value.abs_diff(kept.low) as u32),
            Values::Wide(kept) => kept.keep(cell, value.abs_diff(kept.low)),
        }
    }

    /// Keeps a batch's values.
    pub fn keep_packed(&mut self, cell: usize, packed: &Packed<'_>) {
        match (self, packed) {
            (Values::Dropped, _) => {}
            (Values::Narrow(kept), Packed::Narrow(base, values)) => {
                let more = base.abs_diff(kept.low) as u32;
                kept.keep_all(cell, values.iter().map(|value| value + more));
            }
            (Values::Narrow(kept), Packed::Wide(base, values)) => {
                let more = base.abs_diff(kept.low);
                kept.keep_all(cell, values.iter().map(|value| (value + more) as u32));
            }
            (Values::Wide(kept), Packed::Narrow(base, values)) => {
                let more = base.abs_diff(kept.low);
                kept.keep_all(cell, values.iter().map(|value| u64::from(*value) + more));
            }
            (Values::Wide(kept), Packed::Wide(base, values)) => {
                let more = base.abs_diff(kept.low);
                kept.keep_all(cell, values.iter().map(|value| value + more));
            }
        }
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        match self {
            Values::Dropped => 0,
            Values::Narrow(kept) => kept.bytes(),
            Values::Wide(kept) => kept.bytes(),
        }
    }
}

/// What one measure's cells add up.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Rows.
    Rows(Vec<u64>),
    /// Rows and hits.
    Shares(Vec<[u64; 2]>),
    /// Sums, and the values where percentiles are asked.
    Sums(Vec<Sums>, Values),
    /// Rows by agent.
    Agents(Tally),
    /// Cases.
    Cases(Seen),
}

impl Cells {
    /// Makes room for so many cells.
    pub fn grow(&mut self, cells: usize) {
        match self {
            Cells::Rows(rows) if rows.len() < cells => rows.resize(cells, 0),
            Cells::Shares(shares) if shares.len() < cells => shares.resize(cells, [0; 2]),
            Cells::Sums(sums, _) if sums.len() < cells => sums.resize(cells, Sums::default()),
            _ => {}
        }
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        match self {
            Cells::Rows(rows) => rows.capacity() * size_of::<u64>(),
            Cells::Shares(shares) => shares.capacity() * size_of::<[u64; 2]>(),
            Cells::Sums(sums, values) => sums.capacity() * size_of::<Sums>() + values.bytes(),
            Cells::Agents(tally) => tally.bytes(),
            Cells::Cases(seen) => seen.bytes(),
        }
    }
}

/// Adds the numbers of some rows to their cells, all of which have one.
pub fn add_each(view: &View<'_>, source: Source, entries: (&[u32], &[u32]), sums: &mut [Sums], values: &mut Values) {
    let mut add = |cell: u32, value: i64| {
        sums[cell as usize].add(value);
        values.keep(cell as usize, value);
    };
    let (rows, cells) = entries;
    match view.chunk.numbers(source) {
        Some(numbers) => widths!(&numbers.distances, Distances, distances => {
            let distances = &distances[view.rows.clone()];
            for (row, cell) in rows.iter().zip(cells) {
                add(*cell, numbers.base.wrapping_add_unsigned(u64::from(distances[*row as usize])));
            }
        }),
        None => {
            for (row, cell) in rows.iter().zip(cells) {
                add(*cell, view.snapshot.cases.created_at(view.slots()[*row as usize]));
            }
        }
    }
}
