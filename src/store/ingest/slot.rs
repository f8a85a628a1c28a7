//! One thing during a batch: as stored, and as the lines so far have made it.

use std::collections::HashMap;

/// A thing that was looked up. Both sides are empty when it is not there.
#[derive(Clone, Debug)]
pub struct Slot<T> {
    /// As stored before the batch.
    pub before: Option<T>,
    /// As it is now; `None`: not there, or removed.
    pub now: Option<T>,
}

/// What a batch looks up again and again, line by line.
pub type Map<K, V> = foldhash::HashMap<K, V>;
/// Things by id. An entry says that the thing was looked up.
pub type Table<T> = Map<String, Slot<T>>;

impl<T> Default for Slot<T> {
    fn default() -> Slot<T> {
        Slot { before: None, now: None }
    }
}

impl<T: Clone + PartialEq> Slot<T> {
    /// A thing as stored.
    pub fn stored(value: T) -> Slot<T> {
        Slot { before: Some(value.clone()), now: Some(value) }
    }
    /// Indicates there is something to write.
    pub fn is_dirty(&self) -> bool {
        self.before != self.now
    }
    /// Changes the thing, made by `named` when it is not there; true when that made a difference.
    pub fn lay(&mut self, named: impl FnOnce() -> T, change: impl FnOnce(&mut T)) -> bool {
        let old = self.now.clone();
        let value = self.now.get_or_insert_with(named);
        change(value);
        old.as_ref() != Some(value)
    }
}

/// The changed things of a table that are there.
pub fn dirty<'a, K, T: Clone + PartialEq + 'a, S>(
    table: &'a HashMap<K, Slot<T>, S>,
) -> impl Iterator<Item = &'a T> + 'a {
    table.values().filter(|slot| slot.is_dirty()).filter_map(|slot| slot.now.as_ref())
}
