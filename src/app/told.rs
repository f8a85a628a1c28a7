//! What a door tells those who watch over it: the log, the audit log and the meters.

use std::sync::{Arc, Mutex, PoisonError};

use super::analytics::ScanStats;
use crate::model::Viewer;
use crate::store::Stats;

/// Comes to the one place that writes the log. Neither tokens nor bodies are ever in it, and variables only where the operator wants them.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Who asked.
    pub viewer: Option<Arc<Viewer>>,
    /// Name of the GraphQL operation.
    pub operation: Option<String>,
    /// Code of the error that was answered.
    pub code: Option<String>,
    /// What the answer took.
    pub spent: Spent,
    /// What was asked, when that is to be kept.
    pub asked: Option<Asked>,
    /// Lines that were taken in.
    pub lines: Option<Lines>,
}

tokio::task_local! {
    static NOTED: Arc<Mutex<Told>>;
}

/// Runs a request so that what is noted of it while it runs can be told even when it is given up. The notes are there for whoever holds
/// `notes`.
pub async fn noting<T>(notes: Arc<Mutex<Told>>, work: impl Future<Output = T>) -> T {
    NOTED.scope(notes, work).await
}

/// Notes something of the request that runs; of none there is nothing to note.
pub(super) fn note(change: impl FnOnce(&mut Told)) {
    // An error says that no request runs.
    let _ = NOTED.try_with(|notes| change(&mut notes.lock().unwrap_or_else(PoisonError::into_inner)));
}

/// Notes what a request was answered with. Who asked and what became of lines stays when it is not said again.
pub fn note_answer(told: Told) {
    note(|noted| {
        let (viewer, lines) = (noted.viewer.take(), noted.lines.take());
        *noted = Told { viewer: told.viewer.or(viewer), lines: told.lines.or(lines), ..told };
    });
}

/// Notes what has become of lines so far.
pub fn note_lines(lines: Lines) {
    note(|told| told.lines = Some(lines));
}

/// What was asked, as the audit log has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Fields of the roots, in order, parted by commas; of several operations parted by spaces.
    pub fields: String,
    /// SHA-256 of the document, in hexadecimal.
    pub document: String,
    /// The variables as JSON, when those are to be kept too.
    pub variables: Option<String>,
}

impl Asked {
    /// Adds what another part of the request asked.
    pub fn add(&mut self, other: &Asked) {
        let join = |one: &mut String, other: &str| {
            one.push(' ');
            one.push_str(other);
        };
        join(&mut self.fields, &other.fields);
        join(&mut self.document, &other.document);
        if let (Some(one), Some(other)) = (&mut self.variables, &other.variables) {
            join(one, other);
        }
    }
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// What the request was estimated to cost, in fields.
    pub cost: u64,
    /// SQL statements.
    pub sql_statements: u64,
    /// Look-ups that loaders made.
    pub loader_batches: u64,
    /// Passes over the rows of a kind.
    pub scans: u64,
    /// Rows that they looked at.
    pub rows_scanned: u64,
    /// Milliseconds that they took.
    pub engine_ms: f64,
    /// How long a place at work was waited for, in seconds.
    pub waited_seconds: f64,
}

impl Spent {
    /// Adds what another part of the request took.
    pub fn add(&mut self, other: &Spent) {
        self.cost = self.cost.saturating_add(other.cost);
        self.sql_statements += other.sql_statements;
        self.loader_batches += other.loader_batches;
        self.scans += other.scans;
        self.rows_scanned += other.rows_scanned;
        self.engine_ms += other.engine_ms;
        self.waited_seconds += other.waited_seconds;
    }
}

/// What became of lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines that changed something.
    pub accepted: u64,
    /// Lines that changed nothing.
    pub unchanged: u64,
    /// Lines that were not understood.
    pub rejected: u64,
}

/// Reads what looking things up has taken so far.
#[derive(Clone, Debug)]
pub struct Meter {
    pub(super) statements: Arc<Stats>,
    pub(super) scans: Arc<ScanStats>,
}

impl Meter {
    /// What it took, without cost and waiting.
    pub fn spent(&self) -> Spent {
        Spent {
            sql_statements: self.statements.sql_statements(),
            scans: self.scans.scans(),
            rows_scanned: self.scans.rows_scanned(),
            engine_ms: self.scans.engine_ms(),
            ..Spent::default()
        }
    }
}
