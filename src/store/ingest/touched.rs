//! From laid lines to what must be derived: who is named, which cases are touched, and with which events.

use std::collections::{BTreeSet, HashMap};

use super::anonymous;
use super::kept::make_mentioned;
use super::known::{EventKey, Known};
use super::names::Names;
use super::rows::Todo;
use super::slot::{Slot, dirty};
use super::standing::EventEntry;
use crate::model::batch::ErasedKind;
use crate::model::{Case, Event, EventBody};

impl Known {
    /// Whom and what the changed things name.
    pub fn names(&self) -> Names {
        let mut names = Names::default();
        dirty(&self.agents).for_each(|agent| names.of_agent(agent));
        dirty(&self.queues).for_each(|queue| names.of_queue(queue));
        dirty(&self.contact_points).for_each(|contact_point| names.of_contact_point(contact_point));
        dirty(&self.policies).for_each(|policy| names.of_policy(policy));
        names.agents.extend(dirty(&self.presence).map(|presence| presence.agent.clone()));
        dirty(&self.cases).for_each(|entry| names.of_case(&entry.case));
        dirty(&self.events).for_each(|entry| names.of_event(&entry.event));
        names
    }

    /// Makes those that are named, were looked up and are not there.
    pub fn make_named(&mut self, names: &Names) {
        make_mentioned(&mut self.agents, names.agents.iter().map(String::as_str));
        make_mentioned(&mut self.teams, names.teams.iter().map(String::as_str));
        make_mentioned(&mut self.queues, names.queues.iter().map(String::as_str));
        make_mentioned(&mut self.tags, names.tags.iter().map(String::as_str));
        make_mentioned(&mut self.channels, names.channels.iter().map(String::as_str));
        make_mentioned(&mut self.contact_points, names.contact_points.iter().map(String::as_str));
        make_mentioned(&mut self.customers, names.customers.iter().map(String::as_str));
        let Some(erased) = self.erased.get(&ErasedKind::Customer) else { return };
        for id in erased {
            if let Some(customer) = self.customers.get_mut(id).and_then(|slot| slot.now.as_mut()) {
                customer.name = None;
            }
        }
    }

    /// Ids of the cases that the lines touch, removed ones and ones that are not there too.
    pub fn touched(&self) -> BTreeSet<String> {
        let cases = self.cases.iter().filter(|(_, slot)| slot.is_dirty()).map(|(id, _)| id.clone());
        let events = self
            .events
            .values()
            .filter(|slot| slot.is_dirty())
            .flat_map(|slot| slot.before.iter().chain(slot.now.iter()).map(|entry| entry.event.case.clone()));
        cases.chain(events).collect()
    }

    /// Events of this batch whose case has not come, counted by that case.
    pub fn waiting(&self) -> HashMap<String, u64> {
        let mut waiting = HashMap::new();
        for entry in dirty(&self.events) {
            if self.cases.get(&entry.event.case).is_none_or(|slot| slot.now.is_none()) {
                *waiting.entry(entry.event.case.clone()).or_default() += 1;
            }
        }
        waiting
    }

    /// The touched cases that are there, each with its events: the stored ones, and what the lines made of them. Texts of erased
    /// customers are taken out on the way. Also counts anomalies among what is new.
    pub fn gather(&mut self, touched: &BTreeSet<String>, stored: Vec<EventEntry>) -> (Vec<Todo>, u64) {
        let mut keys: HashMap<String, Vec<EventKey>> = HashMap::new();
        for entry in stored {
            let key = (entry.event.body.kind(), entry.event.id.clone());
            self.events.entry(key).or_insert_with(|| Slot::stored(entry));
        }
        for (key, slot) in &self.events {
            if let Some(entry) = &slot.now
                && touched.contains(&entry.event.case)
            {
                keys.entry(entry.event.case.clone()).or_default().push(key.clone());
            }
        }
        let mut anomalies = 0;
        let mut todos = Vec::new();
        for id in touched {
            let keys = keys.remove(id).unwrap_or_default();
            todos.extend(self.gather_case(id, &keys, &mut anomalies));
        }
        (todos, anomalies)
    }

    fn gather_case(&mut self, id: &str, keys: &[EventKey], anomalies: &mut u64) -> Option<Todo> {
        let names_erased = self.names_erased(id, keys);
        let slot = self.cases.get_mut(id)?;
        let created_before = slot.before.as_ref().map(|entry| entry.case.created_at);
        let entry = slot.now.as_mut()?;
        entry.is_anonymous |= names_erased;
        if entry.is_anonymous {
            anonymous::clear_case(&mut entry.case);
        }
        let case = entry.case.clone();
        let is_anonymous = entry.is_anonymous;
        let is_new = created_before != Some(case.created_at);
        let mut events = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(slot) = self.events.get_mut(key) else { continue };
            let Some(entry) = slot.now.as_mut() else { continue };
            if is_anonymous {
                anonymous::clear_event(&mut entry.event);
            }
            events.push(entry.event.clone());
            if (is_new || slot.is_dirty()) && slot.now.as_ref().is_some_and(|e| is_anomalous(&case, &e.event)) {
                *anomalies += 1;
            }
        }
        Some(Todo { case, events, is_anonymous })
    }

    /// Indicates the case or an event of it names an erased customer as the one whose case it is.
    fn names_erased(&self, id: &str, keys: &[EventKey]) -> bool {
        let Some(erased) = self.erased.get(&ErasedKind::Customer).filter(|ids| !ids.is_empty()) else { return false };
        let case = self.cases.get(id).and_then(|slot| slot.now.as_ref());
        let events = keys.iter().filter_map(|key| self.events.get(key)?.now.as_ref());
        case.is_some_and(|entry| anonymous::customers_of_case(&entry.case).any(|id| erased.contains(id)))
            || events.filter_map(|e| anonymous::requester_of_event(&e.event)).any(|id| erased.contains(id))
    }
}

/// Indicates an event before its case, or an end before its start.
fn is_anomalous(case: &Case, event: &Event) -> bool {
    let ends_early = match &event.body {
        EventBody::Rating { offered_at: Some(offered_at), .. } => event.at < *offered_at,
        _ => false,
    };
    event.at < case.created_at || ends_early
}
