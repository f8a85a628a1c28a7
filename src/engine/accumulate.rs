//! What cells add up: exact sums, and the values that percentiles will be asked of.

use super::mask::{BATCH, Mask};
use super::pile::{Pile, Spared};
use super::remember::{Seen, Tally};
use super::view::View;
use super::{column::widths, source::Source};
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

/// Values of a batch, packed together, as distances from a base.
pub enum Packed<'a> {
    /// In 32 bits.
    Narrow(i64, &'a [u32]),
    /// In 64.
    Wide(i64, &'a [u64]),
}

/// Values whose squares are summed in 64 bits, where they are small.
const FEW_VALUES: usize = 64;
/// What those values are below.
const SMALL: u32 = 1 << 29;

/// Sums over few values of 32 bits.
struct Narrow {
    sum: u64,
    squares: u128,
    least: u32,
    most: u32,
}

impl Narrow {
    #[inline]
    fn of(values: &[u32]) -> Narrow {
        let (mut sum, mut squares, mut least, mut most) = (0_u64, 0_u64, u32::MAX, 0);
        for value in values {
            let wide = u64::from(*value);
            sum += wide;
            squares = squares.wrapping_add(wide * wide);
            least = least.min(*value);
            most = most.max(*value);
        }
        let exactly = || values.iter().map(|value| u128::from(*value) * u128::from(*value)).sum();
        Narrow { sum, squares: if most < SMALL { squares.into() } else { exactly() }, least, most }
    }
}

/// Room for packed values.
#[derive(Debug)]
pub struct Room {
    narrow: Box<[u32; BATCH]>,
    wide: Box<[u64; BATCH]>,
}

impl Default for Room {
    fn default() -> Room {
        Room { narrow: Box::new([0; BATCH]), wide: Box::new([0; BATCH]) }
    }
}

impl Room {
    /// Packs the slots of a mask's rows.
    pub fn pack_slots(&mut self, view: &View<'_>, mask: &Mask) -> &[u32] {
        let count = mask.pack(view.slots(), &mut self.narrow, |slot| slot);
        &self.narrow[..count]
    }

    /// Packs the numbers of a mask's rows, all of which have one.
    pub fn pack(&mut self, view: &View<'_>, source: Source, mask: &Mask) -> Packed<'_> {
        use super::column::Distances::{U8, U16, U32, U64};
        let rows = view.rows.clone();
        let Some(numbers) = view.chunk.numbers(source) else {
            let base = view.slots().iter().map(|slot| view.snapshot.cases.created_at(*slot)).min().unwrap_or_default();
            let distance = |slot: u32| view.snapshot.cases.created_at(slot).abs_diff(base);
            let count = mask.pack(view.slots(), &mut self.wide, distance);
            return Packed::Wide(base, &self.wide[..count]);
        };
        let count = match &numbers.distances {
            U8(values) => mask.pack(&values[rows], &mut self.narrow, u32::from),
            U16(values) => mask.pack(&values[rows], &mut self.narrow, u32::from),
            U32(values) => mask.pack(&values[rows], &mut self.narrow, |value| value),
            U64(values) => {
                let count = mask.pack(&values[rows], &mut self.wide, |value| value);
                return Packed::Wide(numbers.base, &self.wide[..count]);
            }
        };
        Packed::Narrow(numbers.base, &self.narrow[..count])
    }
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
                let (mut sum, mut squares, mut least, mut most) = (0, 0, u32::MAX, 0);
                for few in values.chunks(FEW_VALUES) {
                    let of_few = Narrow::of(few);
                    sum += of_few.sum;
                    squares += of_few.squares;
                    least = least.min(of_few.least);
                    most = most.max(of_few.most);
                }
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
