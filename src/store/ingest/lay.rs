//! Laying the lines of a batch over what is known, in their order. Pure; a line that cannot be used changes nothing.

use super::anonymous;
use super::kept::UNASSIGNED;
use super::known::{CaseEntry, Known};
use super::standing::{EventEntry, given};
use crate::model::batch::ErasedKind;
use crate::model::{
    Agent, AgentLine, BusinessHours, Case, CaseLine, Channel, ContactPoint, Customer, CustomerLine, Erase, Event,
    EventKind, EventLine, FieldError, Line, NumberedLine, Patch, Queue, Reject, SlaPolicy, Status, Tag, Team,
    Workspace,
};

/// What became of the lines.
#[derive(Debug, Default)]
pub struct Laid {
    /// Lines that made a difference.
    pub accepted: u64,
    /// Lines that made none.
    pub unchanged: u64,
    /// Lines that cannot be used.
    pub rejects: Vec<Reject>,
}

impl Known {
    /// Lays every line, in order.
    pub fn lay_lines(&mut self, lines: &[NumberedLine]) -> Laid {
        let mut laid = Laid::default();
        for NumberedLine { number, line } in lines {
            match self.lay(line.clone()) {
                Ok(true) => laid.accepted += 1,
                Ok(false) => laid.unchanged += 1,
                Err(error) => {
                    laid.rejects.push(Reject { line: *number, field: error.field, reason: error.reason });
                }
            }
        }
        self.drop_events_of_erased_cases();
        self.clear_comments();
        laid
    }

    /// True when the line made a difference.
    fn lay(&mut self, line: Line) -> Result<bool, FieldError> {
        Ok(match line {
            Line::Workspace(line) => self.settings.lay(|| Workspace::named(""), |w| w.lay(line)),
            Line::BusinessHours(line) => {
                let (id, from) = (line.id.clone(), line.from);
                let slot = self.business_hours.entry((id.clone(), from)).or_default();
                slot.lay(|| BusinessHours::named(&id, from), |h| h.lay(line))
            }
            Line::Status(line) => {
                let (id, from) = (line.id.clone(), line.from);
                let slot = self.statuses.entry((id.clone(), from)).or_default();
                slot.lay(|| Status::named(&id, from), |s| s.lay(line))
            }
            Line::SlaPolicy(line) => {
                let (id, from) = (line.id.clone(), line.from);
                let slot = self.policies.entry((id.clone(), from)).or_default();
                slot.lay(|| SlaPolicy::named(&id, from), |p| p.lay(line))
            }
            Line::Agent(line) => return self.lay_agent(line),
            Line::Team(line) => {
                let id = line.id.clone();
                self.teams.entry(id.clone()).or_default().lay(|| Team::named(&id), |t| t.lay(line))
            }
            Line::Queue(line) => {
                let id = line.id.clone();
                self.queues.entry(id.clone()).or_default().lay(|| Queue::named(&id), |q| q.lay(line))
            }
            Line::Tag(line) => {
                let id = line.id.clone();
                self.tags.entry(id.clone()).or_default().lay(|| Tag::named(&id), |t| t.lay(line))
            }
            Line::Channel(line) => {
                let id = line.id.clone();
                self.channels.entry(id.clone()).or_default().lay(|| Channel::named(&id), |c| c.lay(line))
            }
            Line::ContactPoint(line) => {
                let id = line.id.clone();
                let slot = self.contact_points.entry(id.clone()).or_default();
                slot.lay(|| ContactPoint::named(&id), |c| c.lay(line))
            }
            Line::Customer(line) => self.lay_customer(line),
            Line::Presence(line) => {
                let slot = self.presence.entry((line.agent.clone(), line.at)).or_default();
                let named = line.clone();
                slot.lay(|| named, |p| p.status = line.status)
            }
            Line::Case(line) => return self.lay_case(*line),
            Line::Event(line) => return self.lay_event(*line),
            Line::Erase(erase) => self.erase(erase),
        })
    }

    fn lay_agent(&mut self, mut line: AgentLine) -> Result<bool, FieldError> {
        let number = line.number;
        if let Some(number) = number
            && self.agent_numbers.get(&number).is_some_and(|owner| *owner != line.id)
        {
            return Err(taken(number, "agent"));
        }
        if self.is_erased(ErasedKind::Agent, &line.id) {
            line = AgentLine { name: None, username: Patch::Absent, email: Patch::Absent, ..line };
        }
        let id = line.id.clone();
        let slot = self.agents.entry(id.clone()).or_default();
        let old = slot.now.as_ref().map(|agent| agent.number);
        let is_changed = slot.lay(|| Agent::named(&id, UNASSIGNED), |agent| agent.lay(line));
        if let Some(number) = number
            && old != Some(number)
        {
            self.agent_numbers.insert(number, id);
            old.and_then(|old| self.agent_numbers.remove(&old));
        }
        Ok(is_changed)
    }

    fn lay_customer(&mut self, mut line: CustomerLine) -> bool {
        let is_erased = self.is_erased(ErasedKind::Customer, &line.id);
        if is_erased {
            line.name = Patch::Null;
        }
        let id = line.id.clone();
        self.customers.entry(id.clone()).or_default().lay(|| Customer::named(&id), |c| c.lay(line))
    }

    fn lay_case(&mut self, mut line: CaseLine) -> Result<bool, FieldError> {
        if self.is_erased(ErasedKind::Case, &line.id) {
            return Ok(false);
        }
        let number = line.number;
        if let Some(number) = number
            && self.case_numbers.get(&number).is_some_and(|owner| *owner != line.id)
        {
            return Err(taken(number, "case"));
        }
        let id = line.id.clone();
        let slot = self.cases.entry(id.clone()).or_default();
        let old = slot.now.as_ref().map(|entry| entry.case.number);
        let is_changed = match &mut slot.now {
            None => {
                let case = Case::create(line, UNASSIGNED)?;
                slot.now = Some(Box::new(CaseEntry { case, is_anonymous: false }));
                true
            }
            Some(entry) => {
                let before = entry.clone();
                if entry.is_anonymous {
                    anonymous::clear_case_line(&mut line);
                }
                entry.case.lay(line);
                *entry != before
            }
        };
        if let Some(number) = number
            && old != Some(number)
        {
            self.case_numbers.insert(number, id);
            old.and_then(|old| self.case_numbers.remove(&old));
        }
        Ok(is_changed)
    }

    fn lay_event(&mut self, mut line: EventLine) -> Result<bool, FieldError> {
        let kind = line.body.kind();
        if kind == EventKind::Message && self.is_erased(ErasedKind::Message, &line.id) {
            return Ok(false);
        }
        let key = (kind, line.id.clone());
        if self.is_erased(ErasedKind::Case, &line.case) {
            // Moved into a case that is as if never there.
            return Ok(self.events.get_mut(&key).is_some_and(|slot| slot.now.take().is_some()));
        }
        let entry = self.cases.get(&line.case).and_then(|slot| slot.now.as_ref());
        if entry.is_some_and(|entry| entry.is_anonymous) {
            anonymous::clear_event_line(&mut line);
        }
        let erased = self.erased.get(&ErasedKind::Customer);
        let slot = self.events.entry(key).or_default();
        match &mut slot.now {
            None => {
                let standing = given(&line);
                slot.now = Some(Box::new(EventEntry { event: Event::create(line)?, standing }));
                Ok(true)
            }
            Some(entry) => {
                let old = entry.event.clone();
                entry.lay(line);
                if let Some(erased) = erased {
                    anonymous::clear_comment(&mut entry.event, erased);
                }
                Ok(entry.event != old)
            }
        }
    }

    /// Takes the comments out of ratings by erased customers, whoever's case it is and whether it has come or not.
    fn clear_comments(&mut self) {
        let Some(erased) = self.erased.get(&ErasedKind::Customer).filter(|ids| !ids.is_empty()) else { return };
        for entry in self.events.values_mut().filter_map(|slot| slot.now.as_mut()) {
            anonymous::clear_comment(&mut entry.event, erased);
        }
    }

    fn erase(&mut self, erase: Erase) -> bool {
        let Erase { of, id } = erase;
        if !self.erased.entry(of).or_default().insert(id.clone()) {
            return false;
        }
        match of {
            ErasedKind::Case => {
                if let Some(entry) = self.cases.entry(id.clone()).or_default().now.take() {
                    self.case_numbers.remove(&entry.case.number);
                }
            }
            ErasedKind::Message => {
                drop(self.events.entry((EventKind::Message, id.clone())).or_default().now.take());
            }
            ErasedKind::Agent => {
                if let Some(agent) = self.agents.entry(id.clone()).or_default().now.as_mut() {
                    agent.name.clone_from(&agent.id);
                    agent.username = None;
                    agent.email = None;
                }
            }
            ErasedKind::Customer => self.erase_customer(&id),
        }
        self.newly_erased.push((of, id));
        true
    }

    /// Texts of the customer's stored cases go at once; those of cases that came in this batch when they are derived.
    fn erase_customer(&mut self, id: &str) {
        if let Some(customer) = self.customers.entry(id.to_owned()).or_default().now.as_mut() {
            customer.name = None;
        }
        for case in self.cases_of_erased.remove(id).unwrap_or_default() {
            if let Some(entry) = self.cases.get_mut(&case).and_then(|slot| slot.now.as_mut()) {
                entry.is_anonymous = true;
                anonymous::clear_case(&mut entry.case);
            }
        }
    }

    fn drop_events_of_erased_cases(&mut self) {
        let Some(erased) = self.erased.get(&ErasedKind::Case) else { return };
        for slot in self.events.values_mut() {
            if slot.now.as_ref().is_some_and(|entry| erased.contains(&entry.event.case)) {
                slot.now = None;
            }
        }
    }
}

fn taken(number: i64, of: &str) -> FieldError {
    FieldError::new("number", format!("{number} is the number of another {of}; numbers are unique"))
}
