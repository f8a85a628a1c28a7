//! Exact percentiles of many values: a count by magnitude finds the few neighbourhoods that the asked ranks lie in, and only their
//! values are sorted. Few values are sorted at once.

use std::convert::Infallible;
use std::ops::Range;

use super::pile::{Pile, Spared};
use super::threads::fold;
use crate::metric::Percentile;

/// Values of a cell up to which they are looked through as they are.
const FEW: usize = 16_384;
/// Values of a cell below which they are sorted whatever is asked, and percentiles over which they are.
const VERY_FEW: usize = 64;
const MOST_RANKS: usize = 6;
/// Stretches of values up to which each value is compared with their ends.
const FEW_SPANS: usize = 6;
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
    fn neighbourhood(self) -> usize;
    /// The distance of a number, which fits or is larger than all.
    fn at_most(number: u64) -> Self;
    /// Indicates it is from `low` to so much more.
    fn is_within(self, low: Self, more: Self) -> bool;
}

/// The rounding to 24 digits never swaps two numbers, but may bring the largest into the next octave.
fn neighbourhood(rounded: f32) -> usize {
    // Exponents start at 127, that of 1.
    ((rounded.to_bits() >> 16) as usize).saturating_sub((127 << 7) - 1)
}

impl Distance for u32 {
    const NEIGHBOURHOODS: usize = 33 * 128 + 1;
    fn neighbourhood(self) -> usize {
        neighbourhood(self as f32).min(Self::NEIGHBOURHOODS - 1)
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
    fn neighbourhood(self) -> usize {
        neighbourhood(self as f32).min(Self::NEIGHBOURHOODS - 1)
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
fn least_of(place: usize) -> Option<u64> {
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
        if task.is_large() {
            return vec![(task.cells.start, self.of_large(task.cells.start, wanted, low, threads))];
        }
        let mut sorted = Vec::new();
        let of = |cell: usize| {
            sorted.clear();
            self.slices(cell).for_each(|slice| sorted.extend_from_slice(slice));
            settle(&mut sorted, wanted);
            (cell, wanted.iter().filter_map(|percentile| of_settled(&sorted, *percentile, low)).collect())
        };
        task.cells.clone().filter(|cell| (1..=FEW).contains(&self.count(*cell))).map(of).collect()
    }

    fn of_large(&self, cell: usize, wanted: &[Percentile], low: i64, threads: usize) -> Vec<f64> {
        let parts: Vec<&[T]> = self.slices(cell).filter(|part| !part.is_empty()).collect();
        let Ok(counted) = fold(threads, parts.len(), Counts::of::<T>, |counts, part| {
            counts.add(parts[part]);
            Ok::<_, Infallible>(())
        });
        let aim = Aim::new(&Counts::all(counted), wanted);
        let spans = aim.spans::<T>();
        let Ok(near) = fold(threads, parts.len(), Vec::new, |near, part| {
            aim.collect(parts[part], &spans, near);
            Ok::<_, Infallible>(())
        });
        let mut near: Vec<T> = near.concat();
        near.sort_unstable();
        wanted.iter().filter_map(|percentile| aim.find(&near, *percentile, low)).collect()
    }
}

/// Counts by neighbourhood. Two tables in turns, so that equal neighbours do not wait for each other.
struct Counts([Vec<u32>; 2]);

impl Counts {
    fn of<T: Distance>() -> Counts {
        Counts([vec![0; T::NEIGHBOURHOODS], vec![0; T::NEIGHBOURHOODS]])
    }

    fn add<T: Distance>(&mut self, values: &[T]) {
        let Counts([even, odd]) = self;
        let (pairs, rest) = values.as_chunks::<2>();
        for [one, other] in pairs {
            even[one.neighbourhood()] += 1;
            odd[other.neighbourhood()] += 1;
        }
        rest.iter().for_each(|value| even[value.neighbourhood()] += 1);
    }

    /// Together: a cell has no more values than there are rows, which are numbered within 32 bits.
    fn all(counted: Vec<Counts>) -> Vec<u32> {
        let mut tables = counted.into_iter().flat_map(|counts| counts.0);
        let mut all = tables.next().unwrap_or_default();
        for table in tables {
            all.iter_mut().zip(table).for_each(|(all, count)| *all += count);
        }
        all
    }
}

/// Where the values of the wanted ranks are.
struct Aim {
    /// Number of values.
    all: u64,
    /// Neighbourhoods that ranks lie in.
    hits: Vec<usize>,
    /// Which those are, where they are many; else empty.
    is_hit: Vec<bool>,
    /// Ranks in order, and where their values are among the sorted ones of those neighbourhoods.
    places: Vec<(u64, u64)>,
}

impl Aim {
    fn new(counts: &[u32], wanted: &[Percentile]) -> Aim {
        let all = counts.iter().map(|count| u64::from(*count)).sum();
        let ranks = ranks(all, wanted);
        let (mut hits, mut places) = (Vec::with_capacity(ranks.len()), Vec::with_capacity(ranks.len()));
        let (mut ranks, mut before, mut collected) = (ranks.into_iter().peekable(), 0, 0);
        for (place, count) in counts.iter().map(|count| u64::from(*count)).enumerate() {
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
        let mut is_hit = Vec::new();
        if hits.len() > FEW_SPANS {
            is_hit.resize(counts.len(), false);
            hits.iter().for_each(|place| is_hit[*place] = true);
        }
        Aim { all, hits, is_hit, places }
    }

    /// Stretches of values that the neighbourhoods make: the least, and how much more there may be.
    fn spans<T: Distance>(&self) -> Vec<(T, T)> {
        let on_end = self.hits.chunk_by(|one, next| one + 1 == *next);
        let span = |places: &[usize]| {
            let (first, last) = (*places.first()?, *places.last()?);
            let (least, next) = (least_of(first)?, least_of(last + 1));
            let (least, most) = (T::at_most(least), T::at_most(next.map_or(u64::MAX, |next| next - 1)));
            Some((least, T::at_most(most.into() - least.into())))
        };
        on_end.filter_map(span).collect()
    }

    /// Adds the values that lie in those stretches.
    fn collect<T: Distance>(&self, values: &[T], spans: &[(T, T)], near: &mut Vec<T>) {
        if spans.len() > FEW_SPANS {
            // There are no fewer neighbourhoods than spans of them.
            return near.extend(values.iter().copied().filter(|value| self.is_hit[value.neighbourhood()]));
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

    fn find<T: Distance>(&self, near: &[T], percentile: Percentile, low: i64) -> Option<f64> {
        let (rank, fraction) = percentile.rank(self.all)?;
        let value = |rank: u64| {
            let place = self.places.binary_search_by_key(&rank, |(rank, _)| *rank).ok()?;
            let near = near.get(usize::try_from(self.places[place].1).ok()?)?;
            Some(low.wrapping_add_unsigned((*near).into()))
        };
        Some(between(value(rank)?, if fraction > 0 { value(rank + 1)? } else { value(rank)? }, fraction))
    }
}

/// Puts the values of the wanted ranks where sorting would put them.
fn settle<T: Distance>(values: &mut [T], wanted: &[Percentile]) {
    if values.len() < VERY_FEW || wanted.len() > MOST_RANKS {
        return values.sort_unstable();
    }
    let mut start = 0;
    for rank in ranks(values.len() as u64, wanted) {
        let Some(place) = usize::try_from(rank).ok().and_then(|rank| rank.checked_sub(start)) else { continue };
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
mod tests {
    use super::*;

    fn check(values: &[i64], parts: usize) {
        // More than are looked for one by one, and fewer.
        check_of(values, parts, &[0.0, 1.0, 50.0, 90.0, 95.5, 99.9, 100.0]);
        check_of(values, parts, &[1.0, 50.0, 99.9]);
    }

    fn check_of(values: &[i64], parts: usize, wanted: &[f64]) {
        let low = values.iter().copied().min().unwrap_or_default();
        let wanted: Vec<Percentile> = wanted.iter().map(|p| Percentile::of(*p).unwrap()).collect();
        let mut gathered = Gathered { parts: vec![vec![Pile::default(); 2]; parts], flat: (Vec::new(), Vec::new()) };
        for (place, value) in values.iter().enumerate() {
            gathered.parts[place % parts][1].push(value.abs_diff(low));
        }
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let expected: Vec<f64> = wanted
            .iter()
            .filter_map(|percentile| percentile.rank(sorted.len() as u64))
            .map(|(rank, fraction)| {
                let (low, high) = (sorted[rank as usize], sorted[(rank as usize + 1).min(sorted.len() - 1)]);
                low as f64 + (high - low) as f64 * (f64::from(fraction) / 100_000.0)
            })
            .collect();
        let found = |gathered: &Gathered<u64>, threads: usize| {
            let mut found = vec![Vec::new(); 2];
            for task in gathered.tasks(2) {
                gathered.find(&task, &wanted, low, threads).into_iter().for_each(|(cell, of)| found[cell] = of);
            }
            found
        };
        assert_eq!(found(&gathered, 2), [Vec::new(), expected.clone()], "{}", values.len());
        let flat: Vec<u64> = gathered.parts.iter().flat_map(|part| part[1].pieces()).flatten().copied().collect();
        let ends = vec![0, flat.len()];
        let flat = Gathered { parts: Vec::new(), flat: (flat, ends) };
        assert_eq!(found(&flat, 1), [Vec::new(), expected]);
    }

    #[test]
    fn percentiles_are_those_of_sorting() {
        let mixed = |place: i64| (place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for count in [0, 1, 2, 3, 100, FEW as i64, FEW as i64 + 1, 50_000] {
            check(&(0..count).map(|place| (mixed(place) >> 40) as i64).collect::<Vec<_>>(), 3);
            // Long tails, few different values, one value.
            check(&(0..count).map(|place| (mixed(place) >> (place % 60 + 4)) as i64 - 7).collect::<Vec<_>>(), 2);
            check(&(0..count).map(|place| (mixed(place) >> 62) as i64).collect::<Vec<_>>(), 1);
            check(&(0..count).map(|_| -5).collect::<Vec<_>>(), 2);
        }
    }

    #[test]
    fn each_cell_with_values_is_in_one_task() {
        let counts = [1, 0, FEW + 1, 3, FEW, 0, 2 * FEW].into_iter().chain((0..40).map(|cell| cell % 3));
        let piles = counts.clone().map(|count| {
            let mut pile = Pile::default();
            (0..count as u32).for_each(|value| pile.push(value));
            pile
        });
        let gathered = Gathered { parts: vec![piles.collect()], flat: (Vec::new(), Vec::new()) };
        let cells = counts.clone().count();
        let tasks = gathered.tasks(cells);
        assert_eq!(tasks.iter().filter(|task| task.is_large()).count(), 2);
        let mut found: Vec<_> =
            tasks.iter().flat_map(|task| gathered.find(task, &[Percentile::MEDIAN], 0, 1)).collect();
        found.sort_by_key(|(cell, _)| *cell);
        let expected = counts.enumerate().filter(|(_, count)| *count > 0);
        let expected = expected.map(|(cell, count)| (cell, vec![(count - 1) as f64 / 2.0]));
        assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn percentiles_of_both_kinds_are_found_together() {
        let mut values: Vec<u32> = (0..100_u32).rev().collect();
        let wanted = [Percentile::nearest(40.1).unwrap(), Percentile::of(40.2).unwrap()];
        settle(&mut values, &wanted);
        assert_eq!(wanted.map(|percentile| of_settled(&values, percentile, 0).unwrap()), [40.0, 39.798]);
    }

    #[test]
    fn neighbourhoods_never_fall() {
        let mut numbers: Vec<u64> =
            (0..64).flat_map(|place| [1_u64 << place, (1 << place) - 1, 3 << (place / 2)]).collect();
        numbers.push(u64::MAX);
        numbers.sort_unstable();
        let places: Vec<usize> = numbers.iter().map(|number| number.neighbourhood()).collect();
        assert!(places.is_sorted() && places[0] == 0 && places[places.len() - 1] < u64::NEIGHBOURHOODS);
        for number in numbers {
            let place = number.neighbourhood();
            let (least, next) = (least_of(place).unwrap(), least_of(place + 1));
            assert!(least <= number && next.is_none_or(|next| number < next), "{number}");
            assert!(least == 0 || (least - 1).neighbourhood() < place);
        }
        assert_eq!((0_u32.neighbourhood(), 1_u32.neighbourhood(), u32::MAX.neighbourhood()), (0, 1, 32 * 128 + 1));
    }
}
