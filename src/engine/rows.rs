//! The rows behind a number: a page of those that a cell counts, in the order of their placing instants, and how many there are.

use std::cmp::Ordering;
use std::sync::atomic::AtomicUsize;

use super::batches::{Batch, Memo, Reach, walk};
use super::dictionary::NONE;
use super::error::EngineError;
use super::limits::{Limits, Stats, Watch};
use super::mask::{BATCH, Mask};
use super::place::{Entries, Place};
use super::plan::{Plan, Taken, of_rows};
use super::snapshot::Snapshot;
use super::source::{Names, Source};
use super::threads::fold;
use super::view::View;
use crate::metric::{Condition, Placed, Selection, Value};
use crate::record::RecordKind;

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub struct RowsOf<'a> {
    /// Of which kind.
    pub kind: RecordKind,
    /// Which of them, in a window of one bucket.
    pub selection: &'a Selection,
    /// What must hold of them besides.
    pub rows: &'a [Condition],
    /// What is measured; rows that do not count for it are left out.
    pub value: &'a Value,
    /// Indicates the newest come first.
    pub is_newest_first: bool,
    /// Only rows after this one in the order.
    pub after: Option<RowKey>,
    /// Most rows of the page.
    pub limit: usize,
}

/// A row's place in the order of rows: by time, then case, then its own order in the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// The placing instant in milliseconds; of stretches their start, of rows that count now what their chunks are ordered by. Rows
    /// without one come first, or last when the newest come first.
    pub at: Option<i64>,
    /// The slot of the case; of presence the code of the agent.
    pub slot: u32,
    /// Which row of its kind and case.
    pub ordinal: u16,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub key: RowKey,
    /// What is measured on it: a number, 1 or 0 of a share; `None` of counts.
    pub value: Option<i64>,
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsPage {
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// Rows on all pages: as many as the number counts, or of rows by agent its sum.
    pub count: u64,
    /// Indicates that more follow.
    pub has_more: bool,
    /// What it took.
    pub stats: Stats,
}

impl Snapshot {
    /// A page of rows.
    ///
    /// # Errors
    /// As `run`; `Limit` for a window of several buckets.
    pub fn rows(&self, of: &RowsOf<'_>, limits: &Limits) -> Result<RowsPage, EngineError> {
        let memory = AtomicUsize::new(0);
        let watch = Watch::start(limits, &memory);
        watch.check()?;
        let buckets = of.selection.window.buckets();
        if buckets > 1 {
            return Err(EngineError::Limit(format!("rows are asked of {buckets} buckets; at most 1 is allowed")));
        }
        let scan = of_rows(of.kind, of.selection, of.rows, of.value);
        let mut page = RowsPage { rows: Vec::new(), count: 0, has_more: false, stats: Stats::default() };
        let Some(plan) = Plan::new(self, &scan, limits)? else { return Ok(page) };
        let search = Search { plan: &plan, of, time: placing(self, of)? };
        let chunks = &self.table(of.kind).chunks;
        let parts = fold(
            limits.threads,
            chunks.len(),
            || Found::new(&plan),
            |found, task| {
                watch.check()?;
                let Found { memo, rows, worst, count, stats, bytes } = found;
                // What comes first on the page is looked at first, so that the rest need only be counted.
                let chunk = if of.is_newest_first { chunks.len() - 1 - task } else { task };
                let live = &chunks[chunk];
                let reach = Reach::of(&plan, &live.chunk);
                stats.add_chunk(&reach.rows);
                walk(&plan, (live, &reach), reach.rows.clone(), memo, |memo, batch| {
                    *count += search.add(&batch, memo, (&mut *rows, &mut *worst));
                    Ok(())
                })?;
                watch.grow(bytes, rows.capacity() * size_of::<Row>())
            },
        )?;
        for mut part in parts {
            page.rows.append(&mut part.rows);
            page.count += part.count;
            page.stats.rows += part.stats.rows;
            page.stats.chunks += part.stats.chunks;
        }
        page.rows.sort_unstable_by(|one, other| search.order(one, other));
        page.has_more = page.rows.len() > of.limit;
        page.rows.truncate(of.limit);
        page.stats.memory_bytes = watch.memory_bytes();
        Ok(page)
    }
}

/// The instant that rows are ordered by.
fn placing(snapshot: &Snapshot, of: &RowsOf<'_>) -> Result<Source, EngineError> {
    match (of.selection.placed, Names::new(snapshot, of.kind)) {
        (Placed::At(column), Some(names)) => names.numbers(column),
        _ => Ok(Source::Time),
    }
}

/// What one thread has found.
struct Found<'a> {
    memo: Memo<'a>,
    rows: Vec<Row>,
    /// Once there is a page, no row after this one is on it.
    worst: Option<RowKey>,
    count: u64,
    stats: Stats,
    /// Bytes that are accounted for.
    bytes: usize,
}

impl<'a> Found<'a> {
    fn new(plan: &'a Plan<'a>) -> Found<'a> {
        let (rows, stats) = (Vec::new(), Stats::default());
        Found { memo: Memo::new(plan), rows, worst: None, count: 0, stats, bytes: 0 }
    }
}

/// What is looked for.
struct Search<'a> {
    plan: &'a Plan<'a>,
    of: &'a RowsOf<'a>,
    time: Source,
}

impl Search<'_> {
    fn order(&self, one: &Row, other: &Row) -> Ordering {
        self.order_keys(&one.key, &other.key)
    }

    fn order_keys(&self, one: &RowKey, other: &RowKey) -> Ordering {
        if self.of.is_newest_first { other.cmp(one) } else { one.cmp(other) }
    }

    /// Takes a batch in; how many of its rows count.
    fn add(
        &self,
        batch: &Batch<'_, '_>,
        memo: &mut Memo<'_>,
        (rows, worst): (&mut Vec<Row>, &mut Option<RowKey>),
    ) -> u64 {
        let Batch { view, .. } = batch;
        let block = &self.plan.blocks[batch.block];
        let Some(measure) = block.measures.first() else { return 0 };
        let mut mask = batch.mask;
        memo.and(view, &measure.rows, &mut mask);
        if matches!(block.place, Place::All) && worst.is_some_and(|worst| self.is_past(view, worst)) {
            match &measure.taken {
                Taken::Row | Taken::Case | Taken::Share(_) => return mask.count() as u64,
                Taken::Number { source, .. } => {
                    let there = view.chunk.numbers(*source).map_or(Mask::ALL, |numbers| numbers.there(view));
                    return mask.count_with(&there) as u64;
                }
                Taken::Overlap(..) | Taken::Agent(..) => {}
            }
        }
        let mut entries = Entries::default();
        block.place.enter(view, &mask, batch.segments, &mut entries);
        let mut hits = mask;
        if let Taken::Share(tests) = &measure.taken {
            memo.and(view, tests, &mut hits);
        }
        let mut count = 0;
        for row in entries.rows.iter().map(|row| *row as usize) {
            let value = match &measure.taken {
                Taken::Row | Taken::Case => None,
                Taken::Share(_) => Some(i64::from(hits.has(row))),
                Taken::Number { source, .. } => match view.number(*source, row) {
                    Some(value) => Some(value),
                    None => continue,
                },
                Taken::Overlap(stretch, spans) => {
                    Some(stretch.overlap_ms(view, row, spans.as_ref().and_then(|spans| spans.first().copied())))
                }
                Taken::Agent(source, _) if source.is_none_or(|source| view.code(source, row) == NONE) => continue,
                Taken::Agent(..) => None,
            };
            count += 1;
            let ordinal = view.chunk.ordinals[view.rows.start + row];
            let key = RowKey { at: view.number(self.time, row), slot: view.slots()[row], ordinal };
            let is_after = |other: RowKey| self.order_keys(&other, &key) == Ordering::Less;
            if self.of.after.is_none_or(is_after) && !worst.is_some_and(is_after) {
                rows.push(Row { key, value });
            }
        }
        self.shorten(rows, worst);
        count
    }

    /// Drops rows that are surely on later pages, once there are many.
    fn shorten(&self, rows: &mut Vec<Row>, worst: &mut Option<RowKey>) {
        let most = self.of.limit + 1;
        if rows.len() > 2 * most.max(BATCH) {
            rows.select_nth_unstable_by(most, |one, other| self.order(one, other));
            rows.truncate(most);
            *worst = rows.iter().max_by(|one, other| self.order(one, other)).map(|row| row.key);
        }
    }

    /// Indicates that all rows of a batch come after a row, by the time that they are ordered by.
    fn is_past(&self, view: &View<'_>, row: RowKey) -> bool {
        if self.time != Source::Time || view.rows.is_empty() {
            return false;
        }
        let time = &view.chunk.time;
        let is_newest_first = self.of.is_newest_first;
        row.at.is_some_and(|at| {
            if is_newest_first { time.at(view.rows.end - 1) < at } else { at < time.at(view.rows.start) }
        })
    }
}
