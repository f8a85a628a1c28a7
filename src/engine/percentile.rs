//! Exact percentiles of many values: a count by magnitude finds the few neighbourhoods that the asked ranks lie in, and only their
//! values are sorted. Few values are sorted at once.

use std::convert::Infallible;

use super::threads::each;
use crate::metric::Percentile;

/// Values of a cell up to which they are looked through as they are.
const FEW: usize = 16_384;
/// Values of a cell below which they are sorted whatever is asked, and percentiles over which they are.
const VERY_FEW: usize = 64;
const MOST_RANKS: usize = 6;
/// Cells that one piece of work sorts.
const CELLS: usize = 128;

/// A distance of a value from a base.
pub trait Distance: Copy + Ord + Send + Sync + Into<u64> {
    /// Its neighbourhood: its first seven binary digits and their place, which never fall as it rises. Below `NEIGHBOURHOODS`.
    fn neighbourhood(self) -> usize;
}

/// Number of neighbourhoods: 128 an octave of 64, and that of 0.
const NEIGHBOURHOODS: usize = 65 * 128 + 1;

/// The rounding to 24 digits never swaps two numbers.
fn neighbourhood(rounded: f32) -> usize {
    // Exponents start at 127, that of 1.
    ((rounded.to_bits() >> 16) as usize).saturating_sub((127 << 7) - 1).min(NEIGHBOURHOODS - 1)
}

impl Distance for u32 {
    fn neighbourhood(self) -> usize {
        neighbourhood(self as f32)
    }
}
impl Distance for u64 {
    fn neighbourhood(self) -> usize {
        neighbourhood(self as f32)
    }
}

/// Values of cells, each in several parts.
#[derive(Clone, Debug)]
pub struct Gathered<T> {
    /// By part and cell.
    pub parts: Vec<Vec<Vec<T>>>,
    /// One more part: the values of all cells one after the other, and where each cell's end. Empty when there is none.
    pub flat: (Vec<T>, Vec<usize>),
}

impl<T: Distance> Gathered<T> {
    fn slices(&self, cell: usize) -> impl Iterator<Item = &[T]> {
        let (values, ends) = &self.flat;
        let start = cell.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
        let flat = ends.get(cell).map(|end| &values[start..*end]);
        self.parts.iter().filter_map(move |part| part.get(cell).map(Vec::as_slice)).chain(flat)
    }

    fn count(&self, cell: usize) -> usize {
        self.slices(cell).map(<[T]>::len).sum()
    }

    /// The percentiles of each cell's values, which are distances from `low`; none for no values.
    pub fn percentiles(&self, cells: usize, wanted: &[Percentile], low: i64, threads: usize) -> Vec<Vec<f64>> {
        let large: Vec<usize> = (0..cells).filter(|cell| self.count(*cell) > FEW).collect();
        let few = |task: usize| -> Result<Vec<Vec<f64>>, Infallible> {
            let mut sorted = Vec::new();
            let of = |cell: usize| {
                sorted.clear();
                if self.count(cell) <= FEW {
                    self.slices(cell).for_each(|slice| sorted.extend_from_slice(slice));
                }
                settle(&mut sorted, wanted);
                wanted.iter().filter_map(|percentile| of_settled(&sorted, *percentile, low)).collect()
            };
            Ok((task * CELLS..cells.min((task + 1) * CELLS)).map(of).collect())
        };
        let Ok(few) = each(threads, cells.div_ceil(CELLS), few);
        let mut found: Vec<Vec<f64>> = few.into_iter().flatten().collect();
        for (cell, percentiles) in large.iter().zip(self.of_large(&large, wanted, low, threads)) {
            found[*cell] = percentiles;
        }
        found
    }

    fn of_large(&self, cells: &[usize], wanted: &[Percentile], low: i64, threads: usize) -> Vec<Vec<f64>> {
        // Where the cell is among the large ones, and a part of its values.
        let pieces: Vec<(usize, &[T])> = cells
            .iter()
            .enumerate()
            .flat_map(|(place, cell)| self.slices(*cell).map(move |part| (place, part)))
            .collect();
        let Ok(counted) = each(threads, pieces.len(), |task| Ok::<_, Infallible>(count(pieces[task].1)));
        let mut searches: Vec<Search> = cells.iter().map(|_| Search::default()).collect();
        pieces.iter().zip(&counted).for_each(|((place, _), counts)| searches[*place].add(counts));
        searches.iter_mut().for_each(|search| search.aim(wanted));
        let Ok(mut near) = each(threads, pieces.len(), |task| {
            let (place, part) = pieces[task];
            Ok::<_, Infallible>(searches[place].collect(part))
        });
        let mut gathered: Vec<Vec<T>> = cells.iter().map(|_| Vec::new()).collect();
        pieces.iter().zip(&mut near).for_each(|((place, _), near)| gathered[*place].append(near));
        let find = |(search, mut near): (&Search, Vec<T>)| {
            near.sort_unstable();
            let find = |percentile: &Percentile| search.find(&near, *percentile, low);
            wanted.iter().filter_map(find).collect()
        };
        searches.iter().zip(gathered).map(find).collect()
    }
}

/// Counts by neighbourhood. Two tables in turns, so that equal neighbours do not wait for each other.
fn count<T: Distance>(values: &[T]) -> Vec<u32> {
    let (mut even, mut odd) = (vec![0_u32; NEIGHBOURHOODS], vec![0_u32; NEIGHBOURHOODS]);
    let (pairs, rest) = values.as_chunks::<2>();
    for [one, other] in pairs {
        even[one.neighbourhood()] += 1;
        odd[other.neighbourhood()] += 1;
    }
    rest.iter().for_each(|value| even[value.neighbourhood()] += 1);
    even.iter_mut().zip(&odd).for_each(|(even, odd)| *even += odd);
    even
}

/// The search for ranks among the values of one cell.
#[derive(Debug, Default)]
struct Search {
    /// Values of each neighbourhood, and then before each.
    before: Vec<u64>,
    all: u64,
    /// Neighbourhoods that ranks lie in, and how many values of earlier ones of them there are.
    hit: Vec<bool>,
    hit_before: Vec<u64>,
}

impl Search {
    fn add(&mut self, counts: &[u32]) {
        self.before.resize(NEIGHBOURHOODS, 0);
        self.before.iter_mut().zip(counts).for_each(|(all, count)| *all += u64::from(*count));
    }

    fn aim(&mut self, wanted: &[Percentile]) {
        let counts = self.before.clone();
        self.all = 0;
        for (before, count) in self.before.iter_mut().zip(&counts) {
            *before = self.all;
            self.all += count;
        }
        self.hit = vec![false; NEIGHBOURHOODS];
        for percentile in wanted {
            let ranks = percentile.rank(self.all).map(|(rank, fraction)| rank..=rank + u64::from(fraction > 0));
            for rank in ranks.into_iter().flatten() {
                let place = self.place(rank);
                self.hit[place] = true;
            }
        }
        let mut collected = 0;
        self.hit_before = vec![0; NEIGHBOURHOODS];
        for (place, count) in counts.iter().enumerate() {
            self.hit_before[place] = collected;
            collected += if self.hit[place] { *count } else { 0 };
        }
    }

    /// The neighbourhood of a rank: the last that does not begin after it, which has values.
    fn place(&self, rank: u64) -> usize {
        self.before.partition_point(|before| *before <= rank).saturating_sub(1)
    }

    fn collect<T: Distance>(&self, values: &[T]) -> Vec<T> {
        values.iter().copied().filter(|value| self.hit[value.neighbourhood()]).collect()
    }

    fn find<T: Distance>(&self, near: &[T], percentile: Percentile, low: i64) -> Option<f64> {
        let (rank, fraction) = percentile.rank(self.all)?;
        let value = |rank: u64| {
            let place = self.place(rank);
            let near = near.get(usize::try_from(self.hit_before[place] + rank - self.before[place]).ok()?)?;
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
    let (mut start, count) = (0, values.len() as u64);
    // Percentiles come sorted.
    for (rank, fraction) in wanted.iter().filter_map(|percentile| percentile.rank(count)) {
        for rank in rank..=rank + u64::from(fraction > 0) {
            let Some(place) = usize::try_from(rank).ok().and_then(|rank| rank.checked_sub(start)) else { continue };
            if let Some(left) = values.get_mut(start..).filter(|left| place < left.len()) {
                left.select_nth_unstable(place);
                start += place + 1;
            }
        }
    }
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
        let low = values.iter().copied().min().unwrap_or_default();
        let wanted: Vec<Percentile> =
            [0.0, 1.0, 50.0, 90.0, 95.5, 99.9, 100.0].iter().map(|p| Percentile::of(*p).unwrap()).collect();
        let mut gathered = Gathered { parts: vec![vec![Vec::new(); 2]; parts], flat: (Vec::new(), Vec::new()) };
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
        assert_eq!(gathered.percentiles(2, &wanted, low, 2), [Vec::new(), expected.clone()], "{}", values.len());
        let flat: Vec<u64> = gathered.parts.iter().flat_map(|part| part[1].clone()).collect();
        let ends = vec![0, flat.len()];
        let flat = Gathered { parts: Vec::new(), flat: (flat, ends) };
        assert_eq!(flat.percentiles(2, &wanted, low, 1), [Vec::new(), expected]);
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
    fn neighbourhoods_never_fall() {
        let mut numbers: Vec<u64> =
            (0..64).flat_map(|place| [1_u64 << place, (1 << place) - 1, 3 << (place / 2)]).collect();
        numbers.push(u64::MAX);
        numbers.sort_unstable();
        let places: Vec<usize> = numbers.iter().map(|number| number.neighbourhood()).collect();
        assert!(places.is_sorted() && places[0] == 0 && places[places.len() - 1] < NEIGHBOURHOODS);
        assert_eq!((0_u32.neighbourhood(), 1_u32.neighbourhood(), u32::MAX.neighbourhood()), (0, 1, 32 * 128 + 1));
    }
}
