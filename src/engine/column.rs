//! Columns of a chunk: numbers as distances from the smallest in the narrowest width that holds them, codes likewise, flags as bits, all
//! in Arrow's buffers.

use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};

/// One column of a chunk.
#[derive(Clone, Debug)]
pub enum Column {
    /// Codes of a dictionary.
    Codes(Codes),
    /// Numbers, instants or lengths of time.
    Numbers(Numbers),
    /// Yes or no.
    Flags(BooleanBuffer),
}

/// Codes; `dictionary::NONE` where there is no value.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is its width")]
pub enum Codes {
    U8(ScalarBuffer<u8>),
    U16(ScalarBuffer<u16>),
    U32(ScalarBuffer<u32>),
}

/// Numbers: `base` plus a distance each. What stands where a value is missing means nothing.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// The smallest number.
    pub base: i64,
    /// The largest number; `base` when there is none.
    pub most: i64,
    /// Distances.
    pub distances: Distances,
    /// Which are there; `None`: all.
    pub nulls: Option<NullBuffer>,
}

/// Distances from a base.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is its width")]
pub enum Distances {
    U8(ScalarBuffer<u8>),
    U16(ScalarBuffer<u16>),
    U32(ScalarBuffer<u32>),
    U64(ScalarBuffer<u64>),
}

/// Calls a closure-like expression with the typed slice of codes or distances: `widths!(codes, Codes, values => …)`.
macro_rules! widths {
    ($of:expr, Codes, $values:ident => $body:expr) => {
        match $of {
            $crate::engine::column::Codes::U8($values) => $body,
            $crate::engine::column::Codes::U16($values) => $body,
            #[allow(clippy::useless_conversion, reason = "only the widest needs none")]
            $crate::engine::column::Codes::U32($values) => $body,
        }
    };
    ($of:expr, Distances, $values:ident => $body:expr) => {
        match $of {
            $crate::engine::column::Distances::U8($values) => $body,
            $crate::engine::column::Distances::U16($values) => $body,
            $crate::engine::column::Distances::U32($values) => $body,
            #[allow(clippy::useless_conversion, reason = "only the widest needs none")]
            $crate::engine::column::Distances::U64($values) => $body,
        }
    };
}
pub(crate) use widths;

impl Codes {
    /// The codes in the narrowest width.
    pub fn of(codes: &[u32]) -> Codes {
        let most = codes.iter().copied().max().unwrap_or_default();
        // Every code fits the width chosen by the largest.
        if u8::try_from(most).is_ok() {
            Codes::U8(codes.iter().map(|&code| code as u8).collect())
        } else if u16::try_from(most).is_ok() {
            Codes::U16(codes.iter().map(|&code| code as u16).collect())
        } else {
            Codes::U32(codes.iter().copied().collect())
        }
    }

    /// The code of a row.
    #[allow(clippy::useless_conversion, reason = "of the widest")]
    pub fn get(&self, row: usize) -> u32 {
        widths!(self, Codes, codes => u32::from(codes[row]))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        widths!(self, Codes, codes => codes.len())
    }

    /// Indicates there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        widths!(self, Codes, codes => codes.inner().len())
    }
}

impl Numbers {
    /// The numbers in the narrowest width.
    pub fn of(numbers: &[Option<i64>]) -> Numbers {
        let there = || numbers.iter().flatten().copied();
        let (base, most) = (there().min().unwrap_or_default(), there().max().unwrap_or_default());
        let distance = |number: &Option<i64>| number.map_or(0, |number| number.abs_diff(base));
        let widest = most.abs_diff(base);
        // Every distance fits the width chosen by the widest.
        let distances = if u8::try_from(widest).is_ok() {
            Distances::U8(numbers.iter().map(|n| distance(n) as u8).collect())
        } else if u16::try_from(widest).is_ok() {
            Distances::U16(numbers.iter().map(|n| distance(n) as u16).collect())
        } else if u32::try_from(widest).is_ok() {
            Distances::U32(numbers.iter().map(|n| distance(n) as u32).collect())
        } else {
            Distances::U64(numbers.iter().map(distance).collect())
        };
        let nulls = numbers.iter().any(Option::is_none);
        let nulls = nulls.then(|| numbers.iter().map(Option::is_some).collect::<Vec<bool>>().into());
        Numbers { base, most, distances, nulls }
    }

    /// The number of a row.
    pub fn get(&self, row: usize) -> Option<i64> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return None;
        }
        Some(self.at(row))
    }

    /// The number of a row that has one.
    #[allow(clippy::useless_conversion, reason = "of the widest")]
    pub fn at(&self, row: usize) -> i64 {
        widths!(&self.distances, Distances, distances => self.base.wrapping_add_unsigned(u64::from(distances[row])))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        widths!(&self.distances, Distances, distances => distances.len())
    }

    /// Indicates there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let distances = widths!(&self.distances, Distances, distances => distances.inner().len());
        distances + self.nulls.as_ref().map_or(0, |nulls| nulls.buffer().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_from_the_narrowest_width() {
        let check = |numbers: &[Option<i64>], bytes: usize| {
            let column = Numbers::of(numbers);
            let back: Vec<_> = (0..column.len()).map(|row| column.get(row)).collect();
            assert_eq!(back, numbers);
            assert_eq!(widths!(&column.distances, Distances, d => d.inner().len()), bytes, "{numbers:?}");
        };
        check(&[], 0);
        check(&[None, None], 2);
        check(&[Some(1_000_000_000_000), None, Some(1_000_000_000_255)], 3);
        check(&[Some(-1), Some(255)], 4);
        check(&[Some(0), Some(70_000)], 8);
        check(&[Some(i64::MIN), Some(i64::MAX), None], 24);
    }

    #[test]
    fn codes_come_back_from_the_narrowest_width() {
        for codes in [&[0, 255][..], &[256, 1], &[65_536, 7], &[]] {
            let column = Codes::of(codes);
            assert_eq!((0..column.len()).map(|row| column.get(row)).collect::<Vec<_>>(), codes);
        }
        assert_eq!(Codes::of(&[1, 255]).bytes(), 2);
        assert_eq!(Codes::of(&[1, 256]).bytes(), 4);
    }
}
