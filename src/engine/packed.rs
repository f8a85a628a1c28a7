//! Values, codes and slots of a batch's rows, packed together so that they are gone through many at once.

use std::ops::Range;

use super::column::{Codes, Distances, widths};
use super::mask::{BATCH, Mask};
use super::source::Source;
use super::view::View;

/// Values of a batch, packed together, as distances from a base.
pub enum Packed<'a> {
    /// In 32 bits.
    Narrow(i64, &'a [u32]),
    /// In 64.
    Wide(i64, &'a [u64]),
}

/// Values whose squares are summed in 64 bits, where they are small.
const FEW: usize = 64;
/// What those values are below.
const SMALL: u32 = 1 << 29;

/// Sums over a batch's values of 32 bits.
pub struct Narrow {
    /// Their sum.
    pub sum: u64,
    /// That of their squares.
    pub squares: u128,
    /// The smallest.
    pub least: u32,
    /// The largest.
    pub most: u32,
}

impl Narrow {
    /// Adds up.
    pub fn of(values: &[u32]) -> Narrow {
        let none = Narrow { sum: 0, squares: 0, least: u32::MAX, most: 0 };
        values.chunks(FEW).map(Narrow::of_few).fold(none, |all, few| Narrow {
            sum: all.sum + few.sum,
            squares: all.squares + few.squares,
            least: all.least.min(few.least),
            most: all.most.max(few.most),
        })
    }

    #[inline]
    fn of_few(values: &[u32]) -> Narrow {
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
    /// Packs the codes of a mask's rows.
    pub fn pack_codes(&mut self, codes: &Codes, rows: Range<usize>, mask: &Mask) -> &[u32] {
        let count = widths!(codes, Codes, codes => mask.pack(&codes[rows], &mut self.narrow, u32::from));
        &self.narrow[..count]
    }

    /// Packs the slots of a mask's rows.
    pub fn pack_slots(&mut self, view: &View<'_>, mask: &Mask) -> &[u32] {
        let count = mask.pack(view.slots(), &mut self.narrow, |slot| slot);
        &self.narrow[..count]
    }

    /// Packs the numbers of a mask's rows, all of which have one.
    pub fn pack(&mut self, view: &View<'_>, source: Source, mask: &Mask) -> Packed<'_> {
        use Distances::{U8, U16, U32, U64};
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_however_large_the_values() {
        for scale in [1, 1_000, u64::from(SMALL), u64::from(u32::MAX)] {
            for count in [0, 1, 63, 64, 65, 4_096] {
                let value = |place: u64| ((place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) * scale) >> 32;
                let values: Vec<u32> = (0..count).map(|place| value(place) as u32).collect();
                let wide = || values.iter().map(|value| u128::from(*value));
                let Narrow { sum, squares, least, most } = Narrow::of(&values);
                assert_eq!((u128::from(sum), squares), (wide().sum(), wide().map(|value| value * value).sum()));
                let ends = (values.iter().min().copied(), values.iter().max().copied());
                assert_eq!(ends, if count == 0 { (None, None) } else { (Some(least), Some(most)) });
            }
        }
    }
}
