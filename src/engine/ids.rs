//! Slots of cases by their ids, and back. Slots are only ever added, so that all snapshots share them.
//!
//! A million ids as texts of their own would weigh more than the rows of their cases; here they lie one after the other, and the index
//! holds nothing but slots.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{PoisonError, RwLock};

use super::cases::PAGE;

/// See the module.
#[derive(Debug, Default)]
pub struct CaseIds(RwLock<Ids>);

#[derive(Debug, Default)]
struct Ids {
    pages: Vec<Page>,
    len: usize,
    /// Slot + 1 in the first free place from its id's hash on; 0 where there is none. As long as a power of two.
    index: Vec<u32>,
    hasher: RandomState,
}

/// Ids of a page of slots.
#[derive(Debug, Default)]
struct Page {
    text: String,
    /// Where in the text each id ends.
    ends: Vec<u32>,
}

impl CaseIds {
    /// The slot of a case; `None` when it never came.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).find(id).ok()
    }

    /// The slot of a case, made when it is new.
    pub fn slot(&self, id: &str) -> u32 {
        self.0.write().unwrap_or_else(PoisonError::into_inner).slot(id)
    }

    /// The id of a slot's case.
    pub fn id(&self, slot: u32) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).id(slot as usize).map(str::to_owned)
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len
    }

    /// Indicates there is no slot.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let ids = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let pages: usize = ids.pages.iter().map(|page| page.text.capacity() + page.ends.capacity() * 4).sum();
        pages + ids.index.capacity() * 4
    }
}

impl Ids {
    fn id(&self, slot: usize) -> Option<&str> {
        let page = self.pages.get(slot / PAGE)?;
        let end = *page.ends.get(slot % PAGE)? as usize;
        let start =
            (slot % PAGE).checked_sub(1).and_then(|before| page.ends.get(before)).map_or(0, |end| *end as usize);
        page.text.get(start..end)
    }

    /// The slot, or the place in the index where it would be.
    fn find(&self, id: &str) -> Result<u32, usize> {
        let Some(mask) = self.index.len().checked_sub(1) else { return Err(0) };
        // Cut to what fits: any part of a hash is one.
        let mut place = self.hasher.hash_one(id) as usize & mask;
        while let Some(slot) = self.index.get(place).and_then(|slot| slot.checked_sub(1)) {
            if self.id(slot as usize) == Some(id) {
                return Ok(slot);
            }
            place = (place + 1) & mask;
        }
        Err(place)
    }

    fn slot(&mut self, id: &str) -> u32 {
        if (self.len + 1) * 4 > self.index.len() * 3 {
            self.grow();
        }
        let place = match self.find(id) {
            Ok(slot) => return slot,
            Err(place) => place,
        };
        // More cases than fit 32 bits fit no machine's memory.
        let slot = u32::try_from(self.len).unwrap_or(u32::MAX - 1);
        if self.len.is_multiple_of(PAGE) {
            if let Some(full) = self.pages.last_mut() {
                full.text.shrink_to_fit();
            }
            self.pages.push(Page::default());
        }
        if let Some(page) = self.pages.last_mut() {
            page.text.push_str(id);
            page.ends.push(u32::try_from(page.text.len()).unwrap_or(u32::MAX));
        }
        if let Some(free) = self.index.get_mut(place) {
            *free = slot + 1;
        }
        self.len += 1;
        slot
    }

    fn grow(&mut self) {
        self.index = vec![0; (self.index.len() * 2).max(64)];
        for slot in 0..self.len {
            let Some(Err(place)) = self.id(slot).map(|id| self.find(id)) else { continue };
            if let Some(free) = self.index.get_mut(place) {
                *free = u32::try_from(slot + 1).unwrap_or_default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_stay_and_lead_back_to_their_ids() {
        let ids = CaseIds::default();
        assert_eq!((ids.find("c0"), ids.id(0)), (None, None));
        for n in 0..10_000 {
            assert_eq!(ids.slot(&format!("c{n}")), n);
        }
        for n in 0..10_000 {
            assert_eq!((ids.slot(&format!("c{n}")), ids.id(n)), (n, Some(format!("c{n}"))));
        }
        assert_eq!((ids.find("c10000"), ids.find(""), ids.len()), (None, None, 10_000));
        assert_eq!((ids.slot(""), ids.find("")), (10_000, Some(10_000)));
    }
}
