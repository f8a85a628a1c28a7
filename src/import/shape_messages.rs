//! Shape `messages`: one row a message. A case is a thread: the messages of one `case` value, or a chain of replies.
//!
//! All rows are read first, since a thread's first message need not come first. A chain of replies is known by its first
//! message's id, and orders messages of one instant by thread rather than by row. The requester is who wrote first from outside.

use std::collections::HashMap;

use crate::model::{Actor, ActorKind, EventPatch, FieldError, Instant, Patch, Visibility};

use super::SourceError;
use super::case_fields::{CaseFields, Field};
use super::events_out::{Pending, Place, push_case, push_event};
use super::mapping::Mapping;
use super::table::{Column, Row, Table, required};
use super::texts::{Latest, TextId, Texts};

/// A table of messages, and what was read of it.
pub(super) struct MessageRows {
    columns: Columns,
    fields: CaseFields,
    texts: Texts,
    latest: Latest,
    messages: Vec<Message>,
    /// One value a field for each message, in its order.
    cells: Vec<TextId>,
    /// Messages by thread, then time; filled when all are read.
    threads: Vec<Vec<u32>>,
    /// Threads handed out.
    given: Option<usize>,
}

struct Columns {
    id: Column,
    at: Column,
    author: Option<Column>,
    inbound: Option<Column>,
    author_kind: Option<Column>,
    visibility: Option<Column>,
    /// Thread, or message answered.
    link: Column,
    is_reply: bool,
}

struct Message {
    id: TextId,
    link: TextId,
    author: TextId,
    at: Instant,
    line: u64,
    kind: ActorKind,
    visibility: Visibility,
}

impl MessageRows {
    pub(super) fn find(table: &Table, mapping: &Mapping) -> Result<MessageRows, SourceError> {
        let find = |field: &str| mapping.columns.get(field).map(|name| table.column(name)).transpose();
        let thread = find("case")?;
        let is_reply = thread.is_none();
        // One of the two, and `at`, are required when the mapping is read.
        let needed = |field: &str| table.column(mapping.columns.get(field).map_or("", String::as_str));
        Ok(MessageRows {
            columns: Columns {
                id: table.column(&mapping.id)?,
                at: needed("at")?,
                author: find("author")?,
                inbound: find("inbound")?,
                author_kind: find("author_kind")?,
                visibility: find("visibility")?,
                link: thread.map_or_else(|| needed("reply_to"), Ok)?,
                is_reply,
            },
            fields: CaseFields::find(table, mapping)?,
            texts: Texts::default(),
            latest: Latest::default(),
            messages: Vec::new(),
            cells: Vec::new(),
            threads: Vec::new(),
            given: None,
        })
    }

    /// Keeps a row.
    pub(super) fn read(&mut self, row: Row<'_>) -> Result<(), FieldError> {
        let columns = &self.columns;
        let id = required(row.id(&columns.id)?, &columns.id)?;
        let at = required(row.instant(&columns.at)?, &columns.at)?;
        let link = row.id(&columns.link)?;
        if !columns.is_reply {
            required(link, &columns.link)?;
        }
        let author = columns.author.as_ref().map_or(Ok(None), |column| row.id(column))?;
        let kind = columns.kind(row)?;
        let visibility = columns.visibility(row)?;
        if self.messages.len() >= u32::MAX as usize {
            return Err(FieldError::new("", "is one more than the 2^32 rows that one file may have"));
        }
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
        let (id, link, author) = (self.texts.id(Some(id)), self.texts.id(link), self.texts.id(author));
        self.messages.push(Message { id, link, author, at, line: row.line, kind, visibility });
        Ok(())
    }

    /// Hands out the lines of the next thread; false when there is none.
    pub(super) fn give(&mut self, pending: &mut Pending) -> bool {
        let given = match self.given {
            Some(given) => given,
            None => {
                self.thread();
                0
            }
        };
        self.given = Some(given + 1);
        let Some(thread) = self.threads.get_mut(given).map(std::mem::take) else { return false };
        let messages: Vec<&Message> = thread.iter().map(|index| &self.messages[*index as usize]).collect();
        let first = messages[0];
        let case = if self.columns.is_reply { first.id } else { first.link };
        let Some(case) = self.texts.text(case) else { return true };
        self.give_case(pending, case, thread[0], &messages);
        for (rank, message) in (1u64..).zip(messages) {
            let Some(id) = self.texts.owned(message.id) else { continue };
            let author = Actor { kind: message.kind, id: self.texts.owned(message.author) };
            let body = EventPatch::Message {
                visibility: Some(message.visibility),
                opening: Patch::Value(message.line == first.line),
                edited_at: Patch::Absent,
            };
            // A reply may stand above what it answers, both at one instant.
            let seq = if self.columns.is_reply { rank } else { message.line };
            let place = Place { case, at: message.at, line: message.line, seq };
            push_event(pending, place, id, Patch::Value(author), body);
        }
        true
    }

    fn give_case(&self, pending: &mut Pending, case: &str, first_index: u32, messages: &[&Message]) {
        let first = messages[0];
        let start = first_index as usize * self.fields.len();
        let cells = &self.cells[start..start + self.fields.len()];
        let mut line = self.fields.line(case, first.at, |place| self.texts.text(cells[place]));
        line.creator = Patch::Value(Actor { kind: first.kind, id: self.texts.owned(first.author) });
        let customer = messages.iter().find(|message| message.kind == ActorKind::Customer);
        let requester = customer.and_then(|message| self.texts.owned(message.author));
        if let (None, Some(requester)) = (self.fields.place(&Field::Requester), requester) {
            line.requester = Patch::Value(requester);
        }
        push_case(pending, first.line, line);
    }

    /// Sorts the messages into threads, those in order of their first rows.
    fn thread(&mut self) {
        let mut roots = self.roots();
        let mut place_by_root: HashMap<u32, usize> = HashMap::new();
        for index in 0..self.messages.len() as u32 {
            let root = roots.find(index);
            let place = *place_by_root.entry(root).or_insert_with(|| {
                self.threads.push(Vec::new());
                self.threads.len() - 1
            });
            self.threads[place].push(index);
        }
        for thread in &mut self.threads {
            let is_answer = |message: &Message| self.columns.is_reply && message.link != TextId::NONE;
            thread.sort_by_key(|index| {
                let message = &self.messages[*index as usize];
                (message.at, is_answer(message), message.line)
            });
        }
    }

    /// Joins what belongs together: messages of one thread, or each with what it answers and others that answer the same.
    fn roots(&self) -> Joined {
        let mut joined = Joined::new(self.messages.len());
        let mut index_by_key: HashMap<TextId, u32> = HashMap::new();
        let mut join = |key: TextId, index: u32| {
            let known = *index_by_key.entry(key).or_insert(index);
            joined.join(known, index);
        };
        for (index, message) in (0u32..).zip(&self.messages) {
            if self.columns.is_reply {
                join(message.id, index);
            }
            if message.link != TextId::NONE {
                join(message.link, index);
            }
        }
        joined
    }
}

impl Columns {
    fn kind(&self, row: Row<'_>) -> Result<ActorKind, FieldError> {
        if let Some(column) = &self.author_kind {
            let text = required(row.text(column), column)?;
            return ActorKind::from_word(text)
                .ok_or_else(|| FieldError::new(&column.name, "must be one of: customer, agent, bot, system"));
        }
        let Some(column) = &self.inbound else { return Ok(ActorKind::Customer) };
        match required(row.text(column), column)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "inbound" | "in" => Ok(ActorKind::Customer),
            "false" | "0" | "no" | "outbound" | "out" => Ok(ActorKind::Agent),
            _ => Err(FieldError::new(
                &column.name,
                "must be one of: true, 1, yes, inbound, in; false, 0, no, outbound, out",
            )),
        }
    }

    fn visibility(&self, row: Row<'_>) -> Result<Visibility, FieldError> {
        let Some(column) = &self.visibility else { return Ok(Visibility::Public) };
        let Some(text) = row.text(column) else { return Ok(Visibility::Public) };
        Visibility::from_word(text).ok_or_else(|| FieldError::new(&column.name, "must be one of: public, internal"))
    }
}

/// Sets that grow together.
struct Joined {
    parents: Vec<u32>,
}

impl Joined {
    fn new(count: usize) -> Joined {
        Joined { parents: (0u32..).take(count).collect() }
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    /// The smallest member of the set; halves the way to it for the next time.
    fn find(&mut self, mut index: u32) -> u32 {
        loop {
            let parent = self.parents[index as usize];
            if parent == index {
                return index;
            }
            let next = self.parents[parent as usize];
            self.parents[index as usize] = next;
            index = next;
        }
    }
}
