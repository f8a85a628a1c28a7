//! A batch of rows of a chunk, and how the values of its rows are read.

use std::ops::Range;

use super::cases::CASES_AT_ONCE;
use super::chunk::Chunk;
use super::column::{Codes, Column, Numbers, widths};
use super::snapshot::Snapshot;
use super::source::Source;

/// Rows of a chunk, at most a batch of them. What takes a row takes its place in the batch.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// What the rows are of.
    pub snapshot: &'a Snapshot,
    /// Their chunk.
    pub chunk: &'a Chunk,
    /// Which they are of it.
    pub rows: Range<usize>,
}

impl Numbers {
    /// Indicates that no row has a number.
    pub fn lacks_all(&self) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.null_count() == nulls.len())
    }

    /// Rows of an ascending column before the first number that is at least `low`, from row `from` on.
    pub fn first_at_least(&self, low: i64, from: usize) -> usize {
        if low <= self.base {
            return from;
        }
        let distance = low.abs_diff(self.base);
        widths!(&self.distances, Distances, values => {
            // Most chunks end before what is looked for; a search would take as long to find nothing.
            if low > self.most {
                return values.len();
            }
            from + values[from..].partition_point(|value| u64::from(*value) < distance)
        })
    }
}

impl Numbers {
    /// As `first_at_least`, looking around `guess` first: what is near has mostly been read already.
    pub fn first_at_least_near(&self, low: i64, from: usize, guess: usize) -> usize {
        if low <= self.base {
            return from;
        }
        let distance = low.abs_diff(self.base);
        widths!(&self.distances, Distances, values => {
            let is_below = |place: usize| u64::from(values[place]) < distance;
            let guess = guess.clamp(from, values.len());
            let mut step = 16;
            let (mut first, mut last);
            if guess < values.len() && is_below(guess) {
                first = guess + 1;
                last = values.len().min(first + step);
                while last < values.len() && is_below(last) {
                    step *= 2;
                    first = last + 1;
                    last = values.len().min(last + step);
                }
            } else {
                last = guess;
                first = guess.saturating_sub(step).max(from);
                while first > from && !is_below(first) {
                    step *= 2;
                    last = first;
                    first = first.saturating_sub(step).max(from);
                }
            }
            first + values[first..last].partition_point(|value| u64::from(*value) < distance)
        })
    }
}

impl Chunk {
    /// A column of numbers; `None` of what is none, or of the case.
    pub fn numbers(&self, source: Source) -> Option<&Numbers> {
        match source {
            Source::Time => Some(&self.time),
            Source::Own(place) => match self.columns.get(place) {
                Some(Column::Numbers(numbers)) => Some(numbers),
                _ => None,
            },
            Source::Slot | Source::Case(_) | Source::Policies | Source::Created => None,
        }
    }

    /// A column of codes; `None` of what is none, or of the case.
    pub fn codes(&self, source: Source) -> Option<&Codes> {
        match source {
            Source::Own(place) => match self.columns.get(place) {
                Some(Column::Codes(codes)) => Some(codes),
                _ => None,
            },
            _ => None,
        }
    }
}

impl View<'_> {
    /// Slots of the rows.
    pub fn slots(&self) -> &[u32] {
        &self.chunk.slots[self.rows.clone()]
    }

    /// The number of a row.
    pub fn number(&self, source: Source, row: usize) -> Option<i64> {
        match source {
            Source::Created => Some(self.snapshot.cases.created_at(self.slots()[row])),
            _ => self.chunk.numbers(source)?.get(self.rows.start + row),
        }
    }

    /// Calls with the number of each of some rows.
    pub fn each_number(&self, source: Source, rows: impl Iterator<Item = usize>, mut call: impl FnMut(Option<i64>)) {
        let Some(numbers) = self.chunk.numbers(source) else {
            return rows.for_each(|row| call(self.number(source, row)));
        };
        let (start, base) = (self.rows.start, numbers.base);
        widths!(&numbers.distances, Distances, distances => {
            let number = |row: usize| base.wrapping_add_unsigned(u64::from(distances[start + row]));
            match &numbers.nulls {
                None => rows.for_each(|row| call(Some(number(row)))),
                Some(nulls) => rows.for_each(|row| call(nulls.is_valid(start + row).then(|| number(row)))),
            }
        });
    }

    /// Calls with the code that the case of each of some rows has.
    pub fn each_case_code(&self, place: usize, rows: &[u32], mut call: impl FnMut(u32)) {
        let (all, mut slots) = (self.slots(), [0; CASES_AT_ONCE]);
        for rows in rows.chunks(CASES_AT_ONCE) {
            let slots = &mut slots[..rows.len()];
            slots.iter_mut().zip(rows).for_each(|(slot, row)| *slot = all[*row as usize]);
            self.snapshot.cases.each_code(place, slots, &mut call);
        }
    }

    /// The code of a row.
    pub fn code(&self, source: Source, row: usize) -> u32 {
        match source {
            Source::Slot => self.slots()[row],
            Source::Case(place) => self.snapshot.cases.code(place, self.slots()[row]),
            Source::Policies => self.snapshot.cases.policies(self.slots()[row]),
            _ => self.chunk.codes(source).map_or(0, |codes| codes.get(self.rows.start + row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_makes_no_difference() {
        let times: Vec<Option<i64>> = (0..300_i64).map(|row| Some(1_000 + row * row / 7)).collect();
        let numbers = Numbers::of(&times);
        for low in (900..14_500).step_by(37) {
            for from in [0, 1, 150, 299, 300] {
                let expected = numbers.first_at_least(low, from);
                for guess in [0, 1, 17, 149, 150, 151, 298, 299, 300, 5_000] {
                    assert_eq!(numbers.first_at_least_near(low, from, guess), expected, "{low} {from} {guess}");
                }
            }
        }
    }
}
