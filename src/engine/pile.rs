//! Values of a cell in pieces, so that those that are there need not be moved when more come. What pieces were of is used again: the next
//! question soon needs as much, and the system would clear the memory in between.

use std::sync::{Mutex, PoisonError};

/// Values of a piece.
const PIECE: usize = 8_192;
/// Values of which more are worth a whole piece at once; fewer are given room as they come.
const MANY: usize = PIECE / 4;
/// Memory that pieces of one type take while no question needs them, in bytes.
const SPARE_BYTES: usize = 16 << 20;

/// A type of values, with the pieces that are not used.
pub trait Spared: Copy + Send + 'static {
    /// Those pieces.
    fn spare() -> &'static Spare<Self>;
}

/// Empty pieces.
pub struct Spare<T>(Mutex<Vec<Vec<T>>>);

static NARROW: Spare<u32> = Spare(Mutex::new(Vec::new()));
static WIDE: Spare<u64> = Spare(Mutex::new(Vec::new()));

impl Spared for u32 {
    fn spare() -> &'static Spare<u32> {
        &NARROW
    }
}

impl Spared for u64 {
    fn spare() -> &'static Spare<u64> {
        &WIDE
    }
}

impl<T> Spare<T> {
    fn take(&self) -> Vec<T> {
        let spare = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| Vec::with_capacity(PIECE))
    }

    /// Keeps as many as there may be.
    fn give_back(&self, pieces: impl Iterator<Item = Vec<T>>) {
        let mut pieces = pieces.filter(|piece| piece.capacity() == PIECE);
        {
            let mut spare = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let left = (SPARE_BYTES / (PIECE * size_of::<T>())).saturating_sub(spare.len());
            spare.extend(pieces.by_ref().take(left).map(|mut piece| {
                piece.clear();
                piece
            }));
        }
        // Freeing the others keeps nobody waiting.
        drop(pieces);
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Pile<T: Spared> {
    full: Vec<Vec<T>>,
    last: Vec<T>,
}

impl<T: Spared> Default for Pile<T> {
    fn default() -> Pile<T> {
        Pile { full: Vec::new(), last: Vec::new() }
    }
}

impl<T: Spared> Drop for Pile<T> {
    fn drop(&mut self) {
        if self.last.capacity() == PIECE || !self.full.is_empty() {
            let last = std::mem::take(&mut self.last);
            T::spare().give_back(self.full.drain(..).chain([last]));
        }
    }
}

impl<T: Spared> Pile<T> {
    /// Adds a value.
    #[inline]
    pub fn push(&mut self, value: T) {
        if self.last.len() == PIECE {
            self.turn();
        }
        self.last.push(value);
    }

    /// Adds no more values than fit a piece.
    pub fn extend(&mut self, values: impl ExactSizeIterator<Item = T>) {
        let all = self.last.len() + values.len();
        if all > PIECE {
            self.turn();
        } else if all > MANY && self.last.capacity() < PIECE {
            let few = std::mem::replace(&mut self.last, T::spare().take());
            self.last.extend(few);
        }
        self.last.extend(values);
    }

    fn turn(&mut self) {
        let last = std::mem::replace(&mut self.last, T::spare().take());
        self.full.push(last);
    }

    /// All values.
    pub fn pieces(&self) -> impl Iterator<Item = &[T]> {
        self.full.iter().chain([&self.last]).map(Vec::as_slice)
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        let values: usize = self.full.iter().chain([&self.last]).map(Vec::capacity).sum();
        values * size_of::<T>() + self.full.capacity() * size_of::<Vec<T>>() + size_of::<Pile<T>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_used_again_and_come_back_empty() {
        let spare = Spare(Mutex::new(Vec::new()));
        let odd = vec![1_u32; 7];
        let mut full = Vec::with_capacity(PIECE);
        full.extend(0..5_u32);
        let place = full.as_ptr();
        spare.give_back([odd, full].into_iter());
        let piece = spare.take();
        assert_eq!((piece.len(), piece.capacity(), piece.as_ptr()), (0, PIECE, place));
        assert_eq!(spare.take().capacity(), PIECE);
        let most = SPARE_BYTES / (PIECE * size_of::<u32>());
        spare.give_back((0..most + 3).map(|_| Vec::with_capacity(PIECE)));
        assert_eq!(spare.0.lock().unwrap().len(), most);
    }

    #[test]
    fn values_stay_in_order_over_pieces() {
        let mut pile = Pile::<u64>::default();
        (0..PIECE as u64 + 1).for_each(|value| pile.push(value));
        pile.extend((1..PIECE).map(|value| (PIECE + value) as u64));
        pile.extend([7_u64, 8].into_iter());
        let mut few = Pile::default();
        few.push(1_u64);
        few.extend([2_u64].into_iter());
        few.extend((3..PIECE).map(|value| value as u64));
        assert_eq!((few.last.len(), few.last.capacity(), few.last[PIECE - 2]), (PIECE - 1, PIECE, PIECE as u64 - 1));
        let values: Vec<u64> = pile.pieces().flatten().copied().collect();
        assert_eq!(values, (0..2 * PIECE as u64).chain([7, 8]).collect::<Vec<_>>());
    }
}
