//! From laid lines to what must be derived: who is named, which cases are touched, and with which events.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::anonymous;
use super::kept::make_mentioned;
use super::known::{CaseEntry, EventKey, Known};
use super::names::Names;
use super::rows::Todo;
use super::slot::{Slot, dirty};
use super::standing::EventEntry;
use crate::model::batch::ErasedKind;
use crate::model::{Agent, Case, Event, EventBody};

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
        let cases = self.cases.iter().filter(|(_, slot)| slot.is_dirty()).map(|(id, _)| id.as_str());
        let events = self
            .events
            .values()
            .filter(|slot| slot.is_dirty())
            .flat_map(|slot| slot.before.iter().chain(slot.now.iter()).map(|entry| entry.event.case.as_str()));
        let ids: HashSet<&str> = cases.chain(events).collect();
        ids.into_iter().map(str::to_owned).collect()
    }

    /// Ids of the agents whose presence, teams or kind the lines change.
    pub fn touched_agents(&self) -> BTreeSet<String> {
        let kept = |agent: &Agent| (agent.kind, agent.teams.clone());
        let is_changed = |slot: &Slot<Agent>| slot.before.as_ref().map(kept) != slot.now.as_ref().map(kept);
        let agents = self.agents.iter().filter(|(_, slot)| is_changed(slot)).map(|(id, _)| id.clone());
        agents.chain(dirty(&self.presence).map(|presence| presence.agent.clone())).collect()
    }

    /// Events of this batch whose case has not come, counted by that case.
    pub fn waiting(&self) -> std::collections::HashMap<String, u64> {
        let mut waiting = std::collections::HashMap::new();
        for entry in dirty(&self.events) {
            if self.cases.get(&entry.event.case).is_none_or(|slot| slot.now.is_none()) {
                *waiting.entry(entry.event.case.clone()).or_default() += 1;
            }
        }
        waiting
    }

    /// Adds the stored events of the touched cases, and takes texts of erased customers out. Gives the number of anomalies among what is
    /// new.
    pub fn settle(&mut self, touched: &BTreeSet<String>, stored: Vec<EventEntry>) -> u64 {
        for entry in stored {
            let key = (entry.event.body.kind(), entry.event.id.clone());
            self.events.entry(key).or_insert_with(|| Slot::stored(Box::new(entry)));
        }
        if self.has_erased || !self.newly_erased.is_empty() {
            self.clear_texts(touched);
        }
        let is_new = |slot: &Slot<Box<CaseEntry>>| {
            slot.before.as_ref().map(|entry| entry.case.created_at)
                != slot.now.as_ref().map(|entry| entry.case.created_at)
        };
        let new: HashMap<&str, (&Case, bool)> = self
            .cases
            .iter()
            .filter(|(id, _)| touched.contains(*id))
            .filter_map(|(id, slot)| Some((id.as_str(), (&slot.now.as_ref()?.case, is_new(slot)))))
            .collect();
        let is_anomaly = |slot: &&Slot<Box<EventEntry>>| {
            let Some(entry) = &slot.now else { return false };
            let Some((case, is_new)) = new.get(entry.event.case.as_str()) else { return false };
            is_anomalous(case, &entry.event) && (*is_new || slot.is_dirty())
        };
        self.events.values().filter(is_anomaly).count() as u64
    }

    /// The touched cases that are there, each with its events.
    pub fn todos(&self, touched: &BTreeSet<String>) -> Vec<Todo<'_>> {
        let mut events: HashMap<&str, Vec<&Event>> = touched.iter().map(|id| (id.as_str(), Vec::new())).collect();
        for entry in self.events.values().filter_map(|slot| slot.now.as_ref()) {
            if let Some(events) = events.get_mut(entry.event.case.as_str()) {
                events.push(&entry.event);
            }
        }
        let todo = |id: &String| {
            let entry = self.cases.get(id)?.now.as_ref()?;
            let events = events.remove(id.as_str()).unwrap_or_default();
            Some(Todo { case: &entry.case, events, is_anonymous: entry.is_anonymous })
        };
        touched.iter().filter_map(todo).collect()
    }

    fn clear_texts(&mut self, touched: &BTreeSet<String>) {
        let mut keys: HashMap<String, Vec<EventKey>> = HashMap::new();
        for (key, slot) in &self.events {
            if let Some(entry) = &slot.now
                && touched.contains(&entry.event.case)
            {
                keys.entry(entry.event.case.clone()).or_default().push(key.clone());
            }
        }
        for id in touched {
            self.clear_texts_of(id, &keys.remove(id).unwrap_or_default());
        }
    }

    fn clear_texts_of(&mut self, id: &str, keys: &[EventKey]) {
        let names_erased = self.names_erased(id, keys);
        let Some(entry) = self.cases.get_mut(id).and_then(|slot| slot.now.as_mut()) else { return };
        entry.is_anonymous |= names_erased;
        if !entry.is_anonymous {
            return;
        }
        anonymous::clear_case(&mut entry.case);
        for key in keys {
            if let Some(entry) = self.events.get_mut(key).and_then(|slot| slot.now.as_mut()) {
                anonymous::clear_event(&mut entry.event);
            }
        }
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
