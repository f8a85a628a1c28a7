//! Which rows of a batch: one bit a row. Conditions make masks, masks are joined 64 rows at a time, and what is left is counted or
//! walked. A batch is small enough for everything about it to stay in the nearest cache.

use std::ops::Range;

use arrow::buffer::BooleanBuffer;
use arrow::util::bit_chunk_iterator::BitChunks;

/// Most rows of a batch.
pub const BATCH: usize = 4_096;
const WORDS: usize = BATCH / 64;

/// Rows of 64 from which on it is faster to go through all than to look for the next.
const MANY: u32 = 40;

/// See the module. Bits past the end of a shorter batch mean nothing until they are joined with the batch's own range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask([u64; WORDS]);

impl Mask {
    /// No row.
    pub const NONE: Mask = Mask([0; WORDS]);
    /// Every row.
    pub const ALL: Mask = Mask([u64::MAX; WORDS]);

    /// The rows of a range.
    pub fn range(range: Range<usize>) -> Mask {
        let mut mask = Mask::NONE;
        for (place, word) in mask.0.iter_mut().enumerate() {
            let (from, until) = (place * 64, place * 64 + 64);
            let (first, end) = (range.start.clamp(from, until), range.end.clamp(from, until));
            if first < end {
                *word = (u64::MAX >> (64 - (end - first))) << (first - from);
            }
        }
        mask
    }

    /// Rows as words of 64.
    pub fn of_words(words: [u64; WORDS]) -> Mask {
        Mask(words)
    }

    /// Rows whose value passes a test.
    #[inline]
    pub fn of<T: Copy>(values: &[T], test: impl Fn(T) -> bool) -> Mask {
        let mut mask = Mask::NONE;
        let (words, rest) = values.as_chunks::<64>();
        for (word, values) in mask.0.iter_mut().zip(words) {
            let mut bytes = [0; 64];
            for (byte, value) in bytes.iter_mut().zip(values) {
                *byte = u8::from(test(*value));
            }
            *word = pack(&bytes);
        }
        if let Some(word) = mask.0.get_mut(words.len()) {
            *word = rest.iter().enumerate().fold(0, |word, (row, value)| word | u64::from(test(*value)) << row);
        }
        mask
    }

    /// Bits of a buffer.
    pub fn bits(buffer: &BooleanBuffer, rows: &Range<usize>) -> Mask {
        let mut mask = Mask::NONE;
        let bits = BitChunks::new(buffer.values(), buffer.offset() + rows.start, rows.len());
        for (word, bits) in mask.0.iter_mut().zip(bits.iter_padded()) {
            *word = bits;
        }
        mask
    }

    /// Drops rows that the other lacks.
    pub fn and(&mut self, other: &Mask) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Drops rows that the other has.
    pub fn and_not(&mut self, other: &Mask) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// Adds rows that the other has.
    pub fn or(&mut self, other: &Mask) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// The rows of both.
    #[must_use]
    pub fn joined(mut self, other: &Mask) -> Mask {
        self.and(other);
        self
    }

    /// The other rows.
    #[must_use]
    pub fn inverted(mut self) -> Mask {
        self.0.iter_mut().for_each(|word| *word = !*word);
        self
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Number of rows that both have.
    pub fn count_with(&self, other: &Mask) -> usize {
        self.0.iter().zip(&other.0).map(|(word, other)| (word & other).count_ones() as usize).sum()
    }

    /// Indicates there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The first row.
    pub fn first(&self) -> Option<usize> {
        let place = self.0.iter().position(|word| *word != 0)?;
        Some(place * 64 + self.0[place].trailing_zeros() as usize)
    }

    /// Indicates it has a row, which lies within a batch.
    pub fn has(&self, row: usize) -> bool {
        self.0[row / 64] >> (row % 64) & 1 == 1
    }

    /// Adds a row, which lies within a batch.
    pub fn set(&mut self, row: usize) {
        self.0[row / 64] |= 1 << (row % 64);
    }

    /// Calls for every row in order.
    #[inline]
    pub fn each(&self, mut call: impl FnMut(usize)) {
        for (place, &word) in self.0.iter().enumerate() {
            let mut left = word;
            while left != 0 {
                call(place * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }

    /// Writes the values of its rows, changed by `change`, to the beginning of `packed`; how many.
    #[inline]
    pub fn pack<T: Copy, P: Copy>(&self, values: &[T], packed: &mut [P; BATCH], change: impl Fn(T) -> P) -> usize {
        let (mut count, mut place) = (0, 0);
        while let Some(values) = values.get(place * 64..).filter(|values| !values.is_empty()) {
            // Words of which all rows are there come many on end, and many values are written faster at once.
            let whole = self.0[place..].iter().take_while(|word| **word == u64::MAX).count().min(values.len() / 64);
            if whole > 0 {
                let values = &values[..whole * 64];
                if let Some(packed) = packed.get_mut(count..count + values.len()) {
                    packed.iter_mut().zip(values).for_each(|(packed, value)| *packed = change(*value));
                }
                count += values.len();
                place += whole;
                continue;
            }
            let Some(word) = self.0.get(place) else { break };
            count = pack_word(*word, values, (packed, count), &change);
            place += 1;
        }
        count
    }
}

/// As `Mask::pack` does, of the rows of one word, behind so many that are packed already; how many are then.
#[inline]
fn pack_word<T: Copy, P: Copy>(
    word: u64,
    values: &[T],
    (packed, mut count): (&mut [P; BATCH], usize),
    change: impl Fn(T) -> P,
) -> usize {
    let mut left = word;
    if left.count_ones() >= MANY
        && let Some(values) = values.first_chunk::<64>()
        && let Some(packed) = packed.get_mut(count..).and_then(<[P]>::first_chunk_mut::<64>)
    {
        // Every value is written, and the next one over it unless it counts.
        let mut at = 0;
        for (row, value) in values.iter().enumerate() {
            packed[at % 64] = change(*value);
            at += (left >> row & 1) as usize;
        }
        return count + at;
    }
    while left != 0 {
        let Some(value) = values.get(left.trailing_zeros() as usize) else { break };
        // Never beyond the end: a batch has no more rows.
        packed[count % BATCH] = change(*value);
        count += 1;
        left &= left - 1;
    }
    count
}

/// Eight bytes of 0 or 1 become eight bits by one multiplication.
#[inline]
fn pack(bytes: &[u8; 64]) -> u64 {
    let bits = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().enumerate().fold(0, |word, (place, eight)| word | bits(eight) << (8 * place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(mask: &Mask) -> Vec<usize> {
        let mut rows = Vec::new();
        mask.each(|row| rows.push(row));
        assert_eq!((rows.len(), rows.first().copied(), rows.is_empty()), (mask.count(), mask.first(), mask.is_empty()));
        rows
    }

    #[test]
    fn masks_have_the_rows_they_are_made_of() {
        for range in [0..0, 0..1, 63..65, 5..4_096, 4_095..4_096, 64..128] {
            assert_eq!(rows(&Mask::range(range.clone())), range.collect::<Vec<_>>());
        }
        for len in [0, 1, 63, 64, 65, 1_000, BATCH] {
            let values: Vec<u32> = (0..len as u32).map(|value| value.wrapping_mul(2_654_435_761) % 7).collect();
            for least in [1, 3, 6] {
                let expected: Vec<usize> = (0..len).filter(|row| values[*row] < least).collect();
                let mask = Mask::of(&values, |value| value < least);
                assert_eq!(rows(&mask), expected);
                assert_eq!(mask.inverted().joined(&Mask::range(0..len)).count(), len - expected.len());
                let mut packed = [0_u64; BATCH];
                let count = mask.pack(&values, &mut packed, u64::from);
                let kept: Vec<u64> = expected.iter().map(|row| u64::from(values[*row])).collect();
                assert_eq!(packed[..count], kept);
            }
            let mut packed = [0_u64; BATCH];
            let all = Mask::range(0..len).pack(&values, &mut packed, u64::from);
            assert!(packed[..all].iter().zip(&values).all(|(packed, value)| *packed == u64::from(*value)));
        }
    }

    #[test]
    fn bits_are_cut_out_of_buffers_at_any_place() {
        let bits: Vec<bool> = (0..300_u32).map(|bit| bit.wrapping_mul(2_654_435_761) % 3 == 0).collect();
        let buffer = BooleanBuffer::from(bits.clone()).slice(3, 290);
        for range in [0..290, 7..200, 64..65, 289..290, 10..10] {
            let expected: Vec<usize> = (0..range.len()).filter(|row| bits[3 + range.start + row]).collect();
            assert_eq!(rows(&Mask::bits(&buffer, &range)), expected, "{range:?}");
        }
    }
}
