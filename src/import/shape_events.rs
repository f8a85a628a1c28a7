//! Shape `events`: one row an update of a case, whose columns are the case's values from that instant on.
//!
//! The rows of a case need not stand together, so all are read first, each value once; then every case gives its line, with
//! the values of its first row, and an event for each value that differs from the row before. Rows go by time, then by line.

use foldhash::{HashMap, HashMapExt};

use crate::model::{AssignmentKind, CaseStatus, ChangeField, EventPatch, FieldError, Instant, Patch};

use super::SourceError;
use super::case_fields::{CaseFields, Field};
use super::events_out::{Pending, Place, by_agent, event_id, push_case, push_event, push_status};
use super::mapping::Mapping;
use super::table::{Column, Row, Table, required};
use super::texts::{Latest, TextId, Texts};
use super::transitions::{self, Finals};

/// A table of updates, and what was read of it.
pub(super) struct EventRows {
    columns: Columns,
    fields: CaseFields,
    texts: Texts,
    latest: Latest,
    cases: Vec<CaseUpdates>,
    place_by_id: HashMap<TextId, usize>,
    updates: Vec<Update>,
    /// One value a field for each update, in its order.
    cells: Vec<TextId>,
    /// Cases handed out.
    given: usize,
}

struct Columns {
    id: Column,
    at: Column,
    created_at: Option<Column>,
    resolved_at: Option<Column>,
    closed_at: Option<Column>,
    resolved_by: Option<Column>,
}

struct CaseUpdates {
    id: TextId,
    updates: Vec<u32>,
    /// Of the first row.
    created_at: Option<Instant>,
    first: (Instant, u64),
    /// Of the last row.
    finals: Finals,
    resolved_by: TextId,
    last: (Instant, u64),
}

#[derive(Clone, Copy)]
struct Update {
    at: Instant,
    line: u64,
}

impl EventRows {
    pub(super) fn find(table: &Table, mapping: &Mapping) -> Result<EventRows, SourceError> {
        let find = |name: Option<&String>| name.map(|name| table.column(name)).transpose();
        Ok(EventRows {
            columns: Columns {
                id: table.column(&mapping.id)?,
                // Required when the mapping was read.
                at: table.column(mapping.columns.get("at").map_or("", String::as_str))?,
                created_at: find(mapping.columns.get("created_at"))?,
                resolved_at: find(mapping.finals.resolved_at.as_ref())?,
                closed_at: find(mapping.finals.closed_at.as_ref())?,
                resolved_by: find(mapping.finals.resolved_by.as_ref())?,
            },
            fields: CaseFields::find(table, mapping)?,
            texts: Texts::default(),
            latest: Latest::default(),
            cases: Vec::new(),
            place_by_id: HashMap::new(),
            updates: Vec::new(),
            cells: Vec::new(),
            given: 0,
        })
    }

    /// Keeps a row.
    pub(super) fn read(&mut self, row: Row<'_>) -> Result<(), FieldError> {
        let columns = &self.columns;
        let instant = |column: &Option<Column>| match column {
            Some(column) => row.instant(column).map(Some),
            None => Ok(None),
        };
        let id = required(row.id(&columns.id)?, &columns.id)?;
        let at = required(row.instant(&columns.at)?, &columns.at)?;
        let created_at = instant(&columns.created_at)?.flatten();
        let finals = Finals { resolved_at: instant(&columns.resolved_at)?, closed_at: instant(&columns.closed_at)? };
        let resolved_by = columns.resolved_by.as_ref().map_or(Ok(None), |column| row.id(column))?;
        let Ok(index) = u32::try_from(self.updates.len()) else {
            return Err(FieldError::new("", "is one more than the 2^32 rows that one file may have"));
        };
        let start = self.cells.len();
        for place in 0..self.fields.len() {
            let read = || self.fields.read(place, row).map(|text| self.texts.id(text));
            match self.latest.id(place, self.fields.raw(place, row), read) {
                Ok(id) => self.cells.push(id),
                Err(error) => {
                    self.cells.truncate(start);
                    return Err(error);
                }
            }
        }
        self.updates.push(Update { at, line: row.line });
        let id = self.texts.id(Some(id));
        let resolved_by = self.texts.id(resolved_by);
        let when = (at, row.line);
        let place = *self.place_by_id.entry(id).or_insert_with(|| {
            let updates = Vec::new();
            self.cases.push(CaseUpdates { id, updates, created_at, first: when, finals, resolved_by, last: when });
            self.cases.len() - 1
        });
        let case = &mut self.cases[place];
        case.updates.push(index);
        if when < case.first {
            (case.first, case.created_at) = (when, created_at);
        }
        if when >= case.last {
            (case.last, case.finals, case.resolved_by) = (when, finals, resolved_by);
        }
        Ok(())
    }

    /// Hands out the lines of the next case; false when there is none.
    pub(super) fn give(&mut self, pending: &mut Pending) -> bool {
        let Some(case) = self.cases.get_mut(self.given) else { return false };
        self.given += 1;
        let mut order = std::mem::take(&mut case.updates);
        order.sort_by_key(|index| (self.updates[*index as usize].at, self.updates[*index as usize].line));
        let case = &self.cases[self.given - 1];
        let Some(id) = self.texts.text(case.id) else { return true };
        self.give_case(pending, id, case, order[0]);
        self.give_changes(pending, id, &order);
        self.give_statuses(pending, id, case, &order);
        true
    }

    fn cells(&self, index: u32) -> &[TextId] {
        let start = index as usize * self.fields.len();
        &self.cells[start..start + self.fields.len()]
    }

    fn give_case(&self, pending: &mut Pending, id: &str, case: &CaseUpdates, first: u32) {
        let created_at = case.created_at.unwrap_or(case.first.0);
        let cells = self.cells(first);
        let mut line = self.fields.line(id, created_at, |place| self.texts.text(cells[place]));
        // Known from the first update on, not since creation: its assignment event says so.
        (line.assignee, line.team, line.queue) = (Patch::Absent, Patch::Absent, Patch::Absent);
        push_case(pending, case.first.1, line);
    }

    fn give_changes(&self, pending: &mut Pending, id: &str, order: &[u32]) {
        for (step, &index) in order.iter().enumerate() {
            let before = step.checked_sub(1).map(|before| self.cells(order[before]));
            let update = self.updates[index as usize];
            let place = Place::of_row(id, update.at, update.line);
            self.give_assignment(pending, place, before, self.cells(index));
            if let Some(before) = before {
                self.give_properties(pending, place, before, self.cells(index));
            }
        }
    }

    fn actor(&self, cells: &[TextId]) -> Option<&str> {
        self.fields.place(&Field::Actor).and_then(|place| self.texts.text(cells[place]))
    }

    fn give_assignment(&self, pending: &mut Pending, place: Place<'_>, before: Option<&[TextId]>, cells: &[TextId]) {
        let mut was_held = false;
        let mut patch = |field: Field| {
            let Some(index) = self.fields.place(&field) else { return Patch::Absent };
            let held = before.map_or(TextId::NONE, |before| before[index]);
            was_held |= held != TextId::NONE && held != cells[index];
            match (held == cells[index], self.texts.owned(cells[index])) {
                (true, _) => Patch::Absent,
                (false, None) => Patch::Null,
                (false, Some(text)) => Patch::Value(text),
            }
        };
        let (agent, team, queue) = (patch(Field::Agent), patch(Field::Team), patch(Field::Queue));
        let patches = [&agent, &team, &queue];
        if patches.iter().all(|patch| !patch.is_present()) {
            return;
        }
        let kind = match (patches.iter().any(|patch| patch.value().is_some()), was_held) {
            (false, _) => AssignmentKind::Unassign,
            (true, true) => AssignmentKind::Transfer,
            (true, false) => AssignmentKind::Assign,
        };
        let id = event_id(place.case, &format!("{}:assignment", place.line));
        let body = EventPatch::Assignment { kind: Some(kind), agent, team, queue };
        push_event(pending, place, id, by_agent(self.actor(cells)), body);
    }

    fn give_properties(&self, pending: &mut Pending, place: Place<'_>, before: &[TextId], cells: &[TextId]) {
        for (index, field) in self.fields.iter() {
            let (from, to) = (before[index], cells[index]);
            if from == to {
                continue;
            }
            let change = match field {
                Field::Priority => ChangeField::Priority,
                Field::CaseType => ChangeField::CaseType,
                Field::Requester => ChangeField::Requester,
                Field::Subject => ChangeField::Subject,
                // A case always came by some channel.
                Field::Channel if to != TextId::NONE => ChangeField::Channel,
                Field::Tag => {
                    let changes = [
                        (ChangeField::TagRemoved, self.lacking_tag(index, before, cells)),
                        (ChangeField::TagAdded, self.lacking_tag(index, cells, before)),
                    ];
                    for (change, tag) in changes {
                        let Some(tag) = tag else { continue };
                        let id = event_id(place.case, &format!("{}:{change}:{index}", place.line));
                        let body = EventPatch::Change { field: Some(change), to: Patch::Value(tag) };
                        push_event(pending, place, id, by_agent(self.actor(cells)), body);
                    }
                    continue;
                }
                _ => continue,
            };
            let to = self.texts.owned(to).map_or(Patch::Null, Patch::Value);
            let id = event_id(place.case, &format!("{}:{change}", place.line));
            let body = EventPatch::Change { field: Some(change), to };
            push_event(pending, place, id, by_agent(self.actor(cells)), body);
        }
    }

    /// The tag that one row has in a column and another row has in none.
    fn lacking_tag(&self, index: usize, having: &[TextId], lacking: &[TextId]) -> Option<String> {
        let tag = having[index];
        let is_kept = self.fields.iter().any(|(other, field)| *field == Field::Tag && lacking[other] == tag);
        self.texts.owned(tag).filter(|_| !is_kept)
    }

    fn give_statuses(&self, pending: &mut Pending, id: &str, case: &CaseUpdates, order: &[u32]) {
        let Some(status_place) = self.fields.place(&Field::Status) else { return };
        let status = |index: &u32| -> Option<(Instant, u64, CaseStatus)> {
            let text = self.texts.text(self.cells(*index)[status_place])?;
            let update = self.updates[*index as usize];
            Some((update.at, update.line, self.fields.status(text)?))
        };
        let actors: HashMap<u64, &str> = order
            .iter()
            .filter_map(|index| Some((self.updates[*index as usize].line, self.actor(self.cells(*index))?)))
            .collect();
        for step in transitions::derive(order.iter().filter_map(status), case.finals) {
            let resolver = self.texts.text(case.resolved_by).filter(|_| step.is_resolving);
            let actor = resolver.or(actors.get(&step.line).copied());
            let place = Place::of_row(id, step.at, step.line);
            let event = event_id(id, &format!("{}:status", step.line));
            push_status(pending, place, event, by_agent(actor), step.status);
        }
    }
}
