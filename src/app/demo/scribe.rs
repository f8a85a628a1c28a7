//! Writes down the events of one case, in order, until now.

use super::line::{EventLine, What, text};
use crate::model::Instant;

/// The events of a case so far.
#[derive(Clone, Debug)]
pub struct Scribe {
    case: String,
    now: Instant,
    seq: u32,
    actions: u32,
    lines: Vec<String>,
}

/// `None` when the event lies after now: then the story is not over yet, and ends there.
pub type Told = Option<()>;

impl Scribe {
    /// Nothing has happened.
    pub fn new(case: &str, now: Instant, first_line: String) -> Scribe {
        Scribe { case: case.to_owned(), now, seq: 0, actions: 0, lines: vec![first_line] }
    }

    /// A new action: what is saved together carries it.
    pub fn action(&mut self) -> String {
        self.actions += 1;
        format!("{}-x{}", self.case, self.actions)
    }

    /// Writes an event down.
    pub fn write(&mut self, at: Instant, action: Option<&str>, what: What<'_>) -> Told {
        let id = format!("{}-{}", self.case, self.seq + 1);
        self.write_as(&id, at, action, what)
    }

    /// Writes an event down under an id of its own.
    pub fn write_as(&mut self, id: &str, at: Instant, action: Option<&str>, what: What<'_>) -> Told {
        if at > self.now {
            return None;
        }
        self.seq += 1;
        let kind = match what {
            What::Message { .. } => "message",
            What::Assignment { .. } => "assignment",
            What::Status { .. } => "status_change",
            What::Change { .. } => "change",
            What::Sla { .. } => "sla",
            What::Rating { .. } => "rating",
        };
        self.lines.push(text(&EventLine { kind, case: &self.case, id, at, seq: self.seq, action, what }));
        Some(())
    }

    /// Indicates that instant has been.
    pub fn has_been(&self, at: Instant) -> bool {
        at <= self.now
    }

    /// The lines: the case, then its events.
    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }
}
