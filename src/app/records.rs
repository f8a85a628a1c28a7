//! The rows behind a number: which they are says the picture, what they hold says the database.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::analytics::Abandon;
use super::viewer::require;
use super::{Error, Lookups};
use crate::engine::{RowKey, RowsOf, RowsPage, Snapshot};
use crate::metric::{Condition, Measure, Metric, Scope, Selection, Value};
use crate::model::{ClockMode, Cursor, Instant, Key, Page, Permission, Window};
use crate::record::{Derived, PresenceRecord, RecordKind};

/// Name of the order of records: by their instants, the newest first.
const ORDER: &str = "records";

/// Which rows.
#[derive(Clone, Debug)]
pub struct RecordsQuestion {
    /// Of which kind.
    pub kind: RecordKind,
    /// Which of them; one bucket.
    pub selection: Selection,
    /// What must hold of them besides.
    pub rows: Vec<Condition>,
    /// What is measured on each.
    pub value: Value,
}

impl RecordsQuestion {
    /// The rows behind a metric's figure.
    pub fn behind(metric: &Metric, clock: ClockMode, scope: &Scope) -> RecordsQuestion {
        let ask = metric.ask(scope, clock, Vec::new(), &[]);
        let mut measures = ask.block.measures;
        let (rows, value) = measures.pop().map_or((Vec::new(), Value::Count), |of| (of.rows, of.value));
        // Of a figure by agent its rows are wanted, not its agents.
        let value = if matches!(metric.measure, Measure::RowsPerAgent) { Value::Count } else { value };
        RecordsQuestion { kind: ask.kind, selection: ask.block.selection, rows, value }
    }
}

/// One row: where it is, and what is measured on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Its kind.
    pub kind: RecordKind,
    /// The id of its case; of presence, of its agent.
    pub of: String,
    /// Which row of its kind and case.
    pub ordinal: u16,
    /// The instant that orders it; `None` of rows without one.
    pub at: Option<Instant>,
    /// What is measured: milliseconds or a number, 1 or 0 of a share; `None` of counts.
    pub value: Option<i64>,
}

impl Lookups {
    /// A page of rows, the newest first.
    ///
    /// # Errors
    /// As `answers` for each ask; `Invalid` for a cursor of another list.
    pub async fn records_page(&self, question: &RecordsQuestion, window: &Window) -> Result<Page<RecordRow>, Error> {
        window.check(ORDER, &[Key::Number(0), Key::Text(String::new()), Key::Number(0)])?;
        let snapshot = Arc::clone(self.snapshot().await?);
        let teams = self.viewer().teams.as_ref();
        let place =
            |cursor: &Option<Cursor>| cursor.as_ref().map(|of| place(&snapshot, teams, question.kind, &of.keys));
        let (after, before) = (place(&window.after), place(&window.before));
        // A page from the end is read from there, the oldest first.
        let (begin, end) = if window.is_backward { (before, after) } else { (after, before) };
        let mut found = self.rows(question, !window.is_backward, begin, window.rows + 1).await?;
        if let Some(end) = end {
            found.rows.retain(|row| if window.is_backward { row.key < end } else { row.key > end });
        }
        let rows = found.rows.iter().filter_map(|row| {
            let of = name(&snapshot, question.kind, row.key.slot)?;
            let keys = vec![
                Key::Number(row.key.at.unwrap_or(i64::MIN)),
                Key::Text(of.clone()),
                Key::Number(i64::from(row.key.ordinal)),
            ];
            let record = RecordRow {
                kind: question.kind,
                of,
                ordinal: row.key.ordinal,
                at: row.key.at.map(Instant::from_ms),
                value: row.value,
            };
            Some((Cursor { order: ORDER.to_owned(), keys }, record))
        });
        Ok(window.page(rows.collect()))
    }

    /// The number of rows, all pages together: the number that they are behind.
    ///
    /// # Errors
    /// As `records_page`.
    pub async fn count_records(&self, question: &RecordsQuestion) -> Result<i64, Error> {
        let found = self.rows(question, true, None, 0).await?;
        Ok(i64::try_from(found.count).unwrap_or(i64::MAX))
    }

    async fn rows(
        &self,
        question: &RecordsQuestion,
        is_newest_first: bool,
        after: Option<RowKey>,
        limit: usize,
    ) -> Result<RowsPage, Error> {
        require(self.viewer(), Permission::ReadAnalytics)?;
        self.refuse_hidden(question.kind)?;
        let snapshot = Arc::clone(self.snapshot().await?);
        let mut question = question.clone();
        question.selection.visible_teams = self.viewer().teams.clone().map(Arc::new);
        let abandon = Abandon::default();
        let limits = self.app.scan_limits(&abandon);
        let stats = Arc::clone(self.scan_stats());
        let work = move || {
            let of = RowsOf {
                kind: question.kind,
                selection: &question.selection,
                rows: &question.rows,
                value: &question.value,
                is_newest_first,
                after,
                limit,
            };
            stats.time(1, || snapshot.rows(&of, &limits), |page| page.as_ref().map_or(0, |page| page.stats.rows))
        };
        let found = tokio::task::spawn_blocking(work).await.map_err(|error| {
            tracing::error!(%error, "listing rows of the picture ended early");
            Error::Internal
        })?;
        Ok(found?)
    }

    /// Everything derived from cases, by case; those that the viewer sees.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`.
    pub async fn derived(&self, ids: &[String]) -> Result<HashMap<String, Derived>, Error> {
        require(self.viewer(), Permission::ReadCases)?;
        let reader = self.store().snapshot_reader(&self.viewer().workspace).await?;
        let derived = reader.derived_of(ids).await?;
        let sees = |of: &Derived| match (&self.viewer().teams, &of.case.team) {
            (None, _) => true,
            (Some(teams), Some(team)) => teams.contains(team),
            (Some(_), None) => false,
        };
        Ok(derived.into_iter().filter(sees).map(|of| (of.case.case.clone(), of)).collect())
    }

    /// The presence spells of human agents, by agent.
    ///
    /// # Errors
    /// `Forbidden`, to a viewer of some teams too; `Unavailable`, `Internal`.
    pub async fn spells(&self, agents: &[String]) -> Result<HashMap<String, Vec<PresenceRecord>>, Error> {
        require(self.viewer(), Permission::ReadAnalytics)?;
        self.refuse_hidden(RecordKind::Presence)?;
        let reader = self.store().snapshot_reader(&self.viewer().workspace).await?;
        let states = reader.agents_of(agents).await?;
        Ok(states.into_iter().map(|(agent, spells, _)| (agent, spells)).collect())
    }
}

/// The id of the case or agent that a slot or code stands for.
fn name(snapshot: &Snapshot, kind: RecordKind, slot: u32) -> Option<String> {
    match kind {
        RecordKind::Presence => {
            snapshot.dictionaries.of(crate::record::Domain::Agent).text(slot).map(|agent| agent.to_string())
        }
        _ => snapshot.cases.ids.id(slot),
    }
}

/// Where a cursor is. Rows of a case that is gone go on at the same instant, and so do those of one that the viewer does not see: whoever
/// writes a cursor of their own does not learn which cases there are.
fn place(snapshot: &Snapshot, teams: Option<&BTreeSet<String>>, kind: RecordKind, keys: &[Key]) -> RowKey {
    let number = |place: usize| match keys.get(place) {
        Some(Key::Number(number)) => *number,
        _ => i64::MIN,
    };
    let slot =
        match keys.get(1) {
            Some(Key::Text(of)) if kind == RecordKind::Presence => {
                snapshot.dictionaries.of(crate::record::Domain::Agent).find(of)
            }
            Some(Key::Text(of)) => snapshot.cases.ids.find(of).filter(|slot| {
                teams.is_none_or(|teams| snapshot.team(*slot).is_some_and(|team| teams.contains(&*team)))
            }),
            _ => None,
        };
    let at = Some(number(0)).filter(|at| *at != i64::MIN);
    RowKey { at, slot: slot.unwrap_or(u32::MAX), ordinal: u16::try_from(number(2)).unwrap_or(u16::MAX) }
}
