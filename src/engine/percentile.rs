//! Exact percentiles of many values: a count by magnitude finds the few neighbourhoods that the asked ranks lie in, and only their
//! values are put in order. Very few values are put in order at once.

use std::convert::Infallible;
use std::ops::Range;

use super::pile::{Pile, Spared};
use super::threads::fold;
use crate::metric::Percentile;

/// Values of a cell up to which one thread finds its percentiles.
const FEW: usize = 16_384;
/// Values of a cell below which they are not counted, and below which they are sorted whatever is asked.
const UNCOUNTED: usize = 512;
const VERY_FEW: usize = 64;
/// Ranks over which values are sorted.
const MOST_RANKS: usize = 12;
/// Neighbourhoods that are counted as one, as a power of two, where a cell has few values: 16 an octave are left.
const COARSE: u32 = 3;
/// Stretches of values up to which each value is compared with their ends.
const FEW_SPANS: usize = 6;
/// Neighbourhoods that are passed over at once where no rank lies.
const SKIPPED: usize = 64;
/// Most cells of a task with few values each.
const CELLS: usize = 16;

/// Cells and their percentiles.
pub type Found = Vec<(usize, Vec<f64>)>;

/// A part of finding percentiles: of one cell with many values, or of some with few.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    cells: Range<usize>,
    /// Values that it looks at.
    pub values: usize,
}

impl Task {
    /// Indicates that it is of one cell with many, so that several threads may well work on it.
    pub fn is_large(&self) -> bool {
        self.cells.len() == 1 && self.values > FEW
    }
}

/// A distance of a value from a base.
pub trait Distance: Spared + Ord + Sync + Into<u64> {
    /// Number of neighbourhoods: 128 an octave, and that of 0.
    const NEIGHBOURHOODS: usize;
    /// Its neighbourhood, below `NEIGHBOURHOODS`: the place of its first binary digit and the seven after it, which never fall as it rises.
    fn neighbourhood(self) -> u16;
    /// The distance of a number, which fits or is larger than all.
    fn at_most(number: u64) -> Self;
    /// Indicates it is from `low` to so much more.
    fn is_within(self, low: Self, more: Self) -> bool;
}

/// The rounding to 24 digits never swaps two numbers, but may bring the largest into the next octave.
#[inline]
fn neighbourhood(rounded: f32) -> u16 {
    // Exponents start at 127, that of 1. The sign is that of a number which is not negative, so that 15 digits are left.
    (rounded.to_bits() >> 16).saturating_sub((127 << 7) - 1) as u16
}

impl Distance for u32 {
    const NEIGHBOURHOODS: usize = 33 * 128 + 1;
    #[inline]
    fn neighbourhood(self) -> u16 {
        neighbourhood(self as f32)
    }
    fn at_most(number: u64) -> u32 {
        u32::try_from(number).unwrap_or(u32::MAX)
    }
    #[inline]
    fn is_within(self, low: u32, more: u32) -> bool {
        self.wrapping_sub(low) <= more
    }
}
impl Distance for u64 {
    const NEIGHBOURHOODS: usize = 65 * 128 + 1;
    #[inline]
    fn neighbourhood(self) -> u16 {
        neighbourhood(self as f32)
    }
    fn at_most(number: u64) -> u64 {
        number
    }
    #[inline]
    fn is_within(self, low: u64, more: u64) -> bool {
        self.wrapping_sub(low) <= more
    }
}

/// The least number of a neighbourhood; `None` when that is beyond all.
fn least_of(place: u16) -> Option<u64> {
    // Found by halving: neighbourhoods never fall.
    let (mut low, mut high) = (0_u64, u64::MAX);
    if u64::MAX.neighbourhood() < place {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if middle.neighbourhood() < place { low = middle + 1 } else { high = middle }
    }
    Some(low)
}

/// Values of cells, each in several parts.
#[derive(Clone, Debug)]
pub struct Gathered<T: Spared> {
    /// By part and cell.
    pub parts: Vec<Vec<Pile<T>>>,
    /// One more part: the values of all cells one after the other, and where each cell's end. Empty when there is none.
    pub flat: (Vec<T>, Vec<usize>),
}

impl<T: Distance> Gathered<T> {
    fn slices(&self, cell: usize) -> impl Iterator<Item = &[T]> {
        let (values, ends) = &self.flat;
        let start = cell.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
        let flat = ends.get(cell).map(|end| &values[start..*end]);
        self.parts.iter().filter_map(move |part| part.get(cell)).flat_map(Pile::pieces).chain(flat)
    }

    fn count(&self, cell: usize) -> usize {
        self.slices(cell).map(<[T]>::len).sum()
    }

    /// What there is to do for the percentiles of so many cells.
    pub fn tasks(&self, cells: usize) -> Vec<Task> {
        let (mut tasks, mut few) = (Vec::new(), Task { cells: 0..0, values: 0 });
        for cell in 0..cells {
            let values = self.count(cell);
            if values > FEW {
                tasks.push(Task { cells: cell..cell + 1, values });
            }
            // Also the place of one that has a task of its own, which is passed over there.
            few.cells.end = cell + 1;
            few.values += if values > FEW { 0 } else { values };
            if few.cells.len() == CELLS || few.cells.end == cells {
                tasks.push(std::mem::replace(&mut few, Task { cells: cell + 1..cell + 1, values: 0 }));
            }
        }
        tasks.retain(|task| task.values > 0);
        tasks
    }

    /// The percentiles of each cell of a task that has values, which are distances from `low`.
    pub fn find(&self, task: &Task, wanted: &[Percentile], low: i64, threads: usize) -> Found {
        let mut values = Vec::new();
        let of = |cell: usize| {
            let count = self.count(cell);
            if count == 0 || (count > FEW) != task.is_large() {
                return None;
            }
            if count >= UNCOUNTED {
                return Some((cell, self.of_counted(cell, wanted, low, threads)));
            }
            values.clear();
            self.slices(cell).for_each(|slice| values.extend_from_slice(slice));
            let ranks = ranks(values.len() as u64, wanted);
            settle(&mut values, ranks.into_iter());
            Some((cell, wanted.iter().filter_map(|percentile| of_settled(&values, *percentile, low)).collect()))
        };
        task.cells.clone().filter_map(of).collect()
    }

    /// Those of a cell whose values are counted.
    fn of_counted(&self, cell: usize, wanted: &[Percentile], low: i64, threads: usize) -> Vec<f64> {
        let parts: Vec<&[T]> = self.slices(cell).filter(|part| !part.is_empty()).collect();
        let coarse = if self.count(cell) > FEW { 0 } else { COARSE };
        let start = || Counts::of::<T>(coarse);
        let Ok(counted) = fold(threads, parts.len(), start, |counts, part| {
            counts.add(parts[part]);
            Ok::<_, Infallible>(())
        });
        let Some(counts) = counted.into_iter().reduce(Counts::with) else { return Vec::new() };
        let aim = Aim::new(&counts, wanted);
        let spans = aim.spans::<T>();
        let Ok(near) = fold(threads, parts.len(), Vec::new, |near, part| {
            aim.collect(parts[part], &spans, near);
            Ok::<_, Infallible>(())
        });
        aim.find(&mut near.concat(), wanted, low)
    }
}

/// Counts by neighbourhood. Two tables in turns, so that equal neighbours do not wait for each other.
struct Counts {
    tables: [Vec<u32>; 2],
    /// Neighbourhoods that are counted as one, as a power of two.
    coarse: u32,
}

impl Counts {
    fn of<T: Distance>(coarse: u32) -> Counts {
        let table = vec![0; (T::NEIGHBOURHOODS >> coarse) + 1];
        Counts { tables: [table.clone(), table], coarse }
    }

    fn add<T: Distance>(&mut self, values: &[T]) {
        let Counts { tables: [even, odd], coarse } = self;
        let mut count = |places: &[u16]| {
            let (pairs, rest) = places.as_chunks::<2>();
            for [one, other] in pairs {
                add_one(even, *one);
                add_one(odd, *other);
            }
            rest.iter().for_each(|place| add_one(even, *place));
        };
        // Where the places of many values are worked out before any is counted, that is done for several values at once.
        let mut places = [0; 64];
        for values in values.chunks(places.len()) {
            let places = &mut places[..values.len()];
            places.iter_mut().zip(values).for_each(|(place, value)| *place = value.neighbourhood() >> *coarse);
            count(places);
        }
    }

    /// Both together.
    fn with(mut self, other: Counts) -> Counts {
        for (own, others) in self.tables.iter_mut().zip(other.tables) {
            own.iter_mut().zip(others).for_each(|(own, other)| *own += other);
        }
        self
    }

    /// The counts of all neighbourhoods. A cell has no more values than there are rows, which are numbered within 32 bits.
    fn all(&self) -> Vec<u32> {
        let [even, odd] = &self.tables;
        even.iter().zip(odd).map(|(even, odd)| even + odd).collect()
    }
}

#[inline]
fn add_one(table: &mut [u32], place: u16) {
    // All neighbourhoods are there.
    if let Some(count) = table.get_mut(usize::from(place)) {
        *count += 1;
    }
}

/// Where the values of the wanted ranks are.
struct Aim {
    /// Number of values.
    all: u64,
    /// Neighbourhoods that were counted as one, as a power of two.
    coarse: u32,
    /// Neighbourhoods that ranks lie in.
    hits: Vec<u16>,
    /// Which those are, where they are many; else empty.
    is_hit: Vec<bool>,
    /// Ranks in order, and where their values are among the sorted ones of those neighbourhoods.
    places: Vec<(u64, u64)>,
}

impl Aim {
    fn new(counted: &Counts, wanted: &[Percentile]) -> Aim {
        let counts = counted.all();
        let all = counts.iter().map(|count| u64::from(*count)).sum();
        let ranks = ranks(all, wanted);
        let (mut hits, mut places) = (Vec::with_capacity(ranks.len()), Vec::with_capacity(ranks.len()));
        let (mut ranks, mut before, mut collected) = (ranks.into_iter().peekable(), 0, 0);
        // Places fit, as neighbourhoods do.
        let numbered = (0_u16..).step_by(SKIPPED).zip(counts.chunks(SKIPPED));
        for (first, counts) in numbered {
            let all: u32 = counts.iter().sum();
            if ranks.peek().is_none_or(|rank| *rank >= before + u64::from(all)) {
                before += u64::from(all);
                continue;
            }
            for (place, count) in (first..).zip(counts.iter().map(|count| u64::from(*count))) {
                let is_hit = ranks.peek().is_some_and(|rank| *rank < before + count);
                while let Some(rank) = ranks.next_if(|rank| *rank < before + count) {
                    places.push((rank, collected + rank - before));
                }
                before += count;
                if is_hit {
                    hits.push(place);
                    collected += count;
                }
            }
        }
        let mut is_hit = Vec::new();
        if hits.len() > FEW_SPANS {
            is_hit.resize(counts.len(), false);
            hits.iter().for_each(|place| is_hit[usize::from(*place)] = true);
        }
        Aim { all, coarse: counted.coarse, hits, is_hit, places }
    }

    /// Stretches of values that the neighbourhoods make: the least, and how much more there may be.
    fn spans<T: Distance>(&self) -> Vec<(T, T)> {
        let on_end = self.hits.chunk_by(|one, next| one + 1 == *next);
        let span = |places: &[u16]| {
            let (first, last) = (*places.first()?, *places.last()?);
            let (least, next) = (least_of(first << self.coarse)?, least_of((last + 1) << self.coarse));
            let (least, most) = (T::at_most(least), T::at_most(next.map_or(u64::MAX, |next| next - 1)));
            Some((least, T::at_most(most.into() - least.into())))
        };
        on_end.filter_map(span).collect()
    }

    /// Adds the values that lie in those stretches.
    fn collect<T: Distance>(&self, values: &[T], spans: &[(T, T)], near: &mut Vec<T>) {
        if spans.len() > FEW_SPANS {
            // There are no fewer neighbourhoods than spans of them.
            let is_hit = |value: &T| self.is_hit[usize::from(value.neighbourhood() >> self.coarse)];
            return near.extend(values.iter().copied().filter(is_hit));
        }
        let is_near = |value: &T| spans.iter().any(|(low, more)| value.is_within(*low, *more));
        let (blocks, rest) = values.as_chunks::<16>();
        for block in blocks {
            // Few blocks have any, which is soon seen of all values of one together.
            let has_any =
                |(low, more): &(T, T)| block.iter().fold(false, |is_any, value| is_any | value.is_within(*low, *more));
            if spans.iter().any(has_any) {
                near.extend(block.iter().copied().filter(is_near));
            }
        }
        near.extend(rest.iter().copied().filter(is_near));
    }

    /// The percentiles, given the values of those stretches.
    fn find<T: Distance>(&self, near: &mut [T], wanted: &[Percentile], low: i64) -> Vec<f64> {
        settle(near, self.places.iter().map(|(_, place)| *place));
        let of = |percentile: &Percentile| {
            let (rank, fraction) = percentile.rank(self.all)?;
            let value = |rank: u64| {
                let place = self.places.binary_search_by_key(&rank, |(rank, _)| *rank).ok()?;
                let near = near.get(usize::try_from(self.places[place].1).ok()?)?;
                Some(low.wrapping_add_unsigned((*near).into()))
            };
            Some(between(value(rank)?, if fraction > 0 { value(rank + 1)? } else { value(rank)? }, fraction))
        };
        wanted.iter().filter_map(of).collect()
    }
}

/// Puts the values of some places, which rise, where sorting would put them.
fn settle<T: Distance>(values: &mut [T], places: impl ExactSizeIterator<Item = u64>) {
    if values.len() < VERY_FEW || places.len() > MOST_RANKS {
        return values.sort_unstable();
    }
    let mut start = 0;
    for place in places {
        let Some(place) = usize::try_from(place).ok().and_then(|place| place.checked_sub(start)) else { continue };
        if let Some(left) = values.get_mut(start..).filter(|left| place < left.len()) {
            left.select_nth_unstable(place);
            start += place + 1;
        }
    }
}

/// The ranks of values that percentiles of so many are made of, in order. Those of percentiles in order may not be.
fn ranks(count: u64, wanted: &[Percentile]) -> Vec<u64> {
    let ranks = wanted.iter().filter_map(|percentile| percentile.rank(count));
    let mut ranks: Vec<u64> = ranks.flat_map(|(rank, fraction)| rank..=rank + u64::from(fraction > 0)).collect();
    ranks.sort_unstable();
    ranks.dedup();
    ranks
}

fn of_settled<T: Distance>(settled: &[T], percentile: Percentile, low: i64) -> Option<f64> {
    let (rank, fraction) = percentile.rank(settled.len() as u64)?;
    let value = |rank: u64| Some(low.wrapping_add_unsigned((*settled.get(usize::try_from(rank).ok()?)?).into()));
    let first = value(rank)?;
    Some(between(first, value(rank + 1).unwrap_or(first), fraction))
}

/// What lies between two neighbours, in 100,000ths of their distance.
pub fn between(low: i64, high: i64, fraction: u32) -> f64 {
    if fraction == 0 {
        return low as f64;
    }
    low as f64 + (i128::from(high) - i128::from(low)) as f64 * (f64::from(fraction) / 100_000.0)
}

#[cfg(test)]
mod tests;
