//! What the batch before this one has, while it may still be on its way into the database: it goes for what is stored.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::slot::{Map, Slot, Table};
use super::standing::EventEntry;
use crate::model::{EventKind, Instant};

/// The things of a table as a batch leaves them, for the next.
pub fn left<T: Clone + PartialEq>(slot: &Slot<T>) -> Slot<T> {
    slot.now.clone().map_or_else(Slot::default, Slot::stored)
}

/// Indicates a row that gives somebody a number still says so after the batch before.
pub fn still_has<T>(before: Option<&Table<T>>, id: &str, has_number: impl Fn(&T) -> bool) -> bool {
    before.and_then(|table| table.get(id)).is_none_or(|slot| slot.now.as_ref().is_some_and(has_number))
}

/// Whose the numbers are that lines give, as the batch before knows it.
pub fn owners<'a>(before: &'a Map<i64, String>, numbers: &'a [i64]) -> impl Iterator<Item = (i64, String)> + 'a {
    numbers.iter().filter_map(|number| Some((*number, before.get(number)?.clone())))
}

impl Known {
    /// Takes over the events that lines are about.
    pub fn take_events_of_before(&mut self, wanted: &BTreeMap<EventKind, Vec<&str>>) {
        let Some(before) = &self.before else { return };
        for (kind, ids) in wanted {
            for id in ids {
                let key = (*kind, (*id).to_owned());
                if let Some(slot) = before.events.get(&key) {
                    self.events.insert(key, left(slot));
                }
            }
        }
    }

    /// Takes over the presence that lines are about.
    pub fn take_presence_of_before(&mut self, wanted: &BTreeMap<&str, Vec<i64>>) {
        let Some(before) = &self.before else { return };
        for (agent, instants) in wanted {
            for at in instants {
                let key = ((*agent).to_owned(), Instant::from_ms(*at));
                if let Some(slot) = before.presence.get(&key) {
                    self.presence.insert(key, left(slot));
                }
            }
        }
    }

    /// Puts the events that this batch leaves to the touched cases in the place of what was stored of them.
    pub fn lay_events_over(&self, stored: &mut Vec<EventEntry>, touched: &BTreeSet<String>) {
        stored.retain(|entry| !self.events.contains_key(&(entry.event.body.kind(), entry.event.id.clone())));
        let entries = self.events.values().filter_map(|slot| slot.now.as_deref());
        stored.extend(entries.filter(|entry| touched.contains(&entry.event.case)).cloned());
    }
}
