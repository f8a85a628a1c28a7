//! Which buckets a row is in. Where one bucket is asked for, or rows are ordered by what places them, that is a matter of tests and of
//! ranges of rows; only else is it found row by row.

use std::ops::Range;

use super::chunk::Chunk;
use super::condition::Test;
use super::error::EngineError;
use super::mask::Mask;
use super::source::{Names, Source};
use super::view::View;
use crate::metric::{Placed, Selection, Window};

/// Buckets as milliseconds, `from` inclusive, `until` exclusive, in order and apart.
pub type Spans = Vec<(i64, i64)>;

/// How rows find their buckets. Rows that no bucket has are mostly kept away by tests before.
#[derive(Clone, Debug)]
pub enum Place {
    /// All are in the one bucket.
    All,
    /// By the instant that chunks are ordered by.
    Ordered(Spans),
    /// By another instant.
    At(Source, Spans),
    /// By which of some instants a stretch contains.
    Standing(Stretch, Vec<i64>),
    /// By which spans a stretch overlaps.
    Overlap(Stretch, Spans),
}

/// A stretch of a row.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Start, inclusive.
    pub from: Source,
    /// End, exclusive; a row without lasts.
    pub until: Source,
    /// The question's now.
    pub now: i64,
}

/// Ranges of a chunk's rows with their bucket, in order.
pub type Segments = Vec<(Range<usize>, u32)>;

/// Rows and the bucket of each; a row in several buckets comes several times.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// Places in the batch.
    pub rows: Vec<u32>,
    /// Buckets.
    pub buckets: Vec<u32>,
    /// Codes of groups.
    pub codes: Vec<u64>,
}

/// How a selection places rows, and what must hold of a row to be in any bucket.
///
/// # Errors
/// When a column is missing.
pub fn place(names: &Names<'_>, selection: &Selection) -> Result<(Place, Vec<Test>), EngineError> {
    let Window::Spans(spans) = &selection.window else { return Ok((Place::All, Vec::new())) };
    let spans: Spans = spans.iter().map(|span| (span.from.ms(), span.until.ms())).collect();
    let (Some(first), Some(last)) = (spans.first().copied(), spans.last().copied()) else {
        return Ok((Place::All, vec![Test::Any(Vec::new())]));
    };
    let is_one = spans.len() == 1;
    // Spans and lasting rows end after the first instant of which the stretch is to contain or follow something.
    let lasts_past = |stretch: Stretch, at: i64| {
        let later = Test::Range(stretch.until, at.saturating_add(1), i64::MAX);
        Test::Any(vec![Test::There(stretch.until, false), later])
    };
    Ok(match selection.placed {
        Placed::Now => (Place::All, Vec::new()),
        Placed::At(column) => {
            let source = names.numbers(column)?;
            let within = Test::Range(source, first.0, last.1.saturating_sub(1));
            match source {
                _ if is_one => (Place::All, vec![within]),
                Source::Time => (Place::Ordered(spans), vec![within]),
                _ => (Place::At(source, spans), vec![within]),
            }
        }
        Placed::Standing => {
            let stretch = Stretch::of(names, selection)?;
            let begun = Test::Range(stretch.from, i64::MIN, last.1);
            let tests = vec![begun, lasts_past(stretch, first.1)];
            let ends = spans.iter().map(|span| span.1).collect();
            if is_one { (Place::All, tests) } else { (Place::Standing(stretch, ends), tests) }
        }
        Placed::Overlap => {
            let stretch = Stretch::of(names, selection)?;
            let begun = Test::Range(stretch.from, i64::MIN, last.1.min(stretch.now).saturating_sub(1));
            (Place::Overlap(stretch, spans), vec![begun, lasts_past(stretch, first.0)])
        }
    })
}

impl Stretch {
    /// The stretch of a selection's rows.
    ///
    /// # Errors
    /// When rows have none.
    pub fn of(names: &Names<'_>, selection: &Selection) -> Result<Stretch, EngineError> {
        Ok(Stretch { from: names.numbers("from_at")?, until: names.numbers("until_at")?, now: selection.now.ms() })
    }

    /// Start and end of a row's stretch, until now at the latest.
    pub fn until_now(&self, view: &View<'_>, row: usize) -> Option<(i64, i64)> {
        let until = view.number(self.until, row).unwrap_or(self.now);
        Some((view.number(self.from, row)?, until.min(self.now)))
    }

    /// Milliseconds of a row's stretch until now that lie within a span, or all of them.
    pub fn overlap_ms(&self, view: &View<'_>, row: usize, span: Option<(i64, i64)>) -> i64 {
        let Some((mut from, mut until)) = self.until_now(view, row) else { return 0 };
        if let Some(span) = span {
            (from, until) = (from.max(span.0), until.min(span.1));
        }
        until.saturating_sub(from).max(0)
    }
}

impl Place {
    /// The ranges that a range of a chunk's rows falls into; `None` when buckets are found row by row.
    pub fn segments(&self, chunk: &Chunk, rows: &Range<usize>) -> Option<Segments> {
        match self {
            Place::All => Some(vec![(rows.clone(), 0)]),
            Place::Ordered(_) if rows.is_empty() => Some(Vec::new()),
            Place::Ordered(spans) => {
                let mut segments = Vec::new();
                // Where the last bucket ended, in rows and in time, and how many rows it had.
                let (mut at, mut reached_until, mut length) = (rows.start, None, 0);
                let first = chunk.time.at(at);
                let reached = spans.partition_point(|span| span.1 <= first);
                for (bucket, (from, until)) in spans.iter().enumerate().skip(reached) {
                    let follows = reached_until == Some(*from);
                    let start = if follows { at } else { chunk.time.first_at_least(*from, at) };
                    if start >= rows.end {
                        break;
                    }
                    at = chunk.time.first_at_least_near(*until, start, start + length).min(rows.end);
                    (reached_until, length) = (Some(*until), at - start);
                    if start < at {
                        // No more buckets than fit.
                        segments.push((start..at, bucket as u32));
                    }
                }
                Some(segments)
            }
            Place::At(..) | Place::Standing(..) | Place::Overlap(..) => None,
        }
    }

    /// Puts the rows of a mask into `entries`, with the first bucket that their stretches stand in, or with the first after it, if any.
    pub fn enter_edge(&self, view: &View<'_>, mask: &Mask, is_end: bool, entries: &mut Entries) {
        entries.clear();
        let Place::Standing(stretch, ends) = self else { return };
        mask.each(|row| {
            let Some(from) = view.number(stretch.from, row) else { return };
            let until = view.number(stretch.until, row);
            let edge = if is_end { until } else { Some(from) };
            let bucket = edge.map_or(ends.len(), |edge| ends.partition_point(|end| *end < edge));
            // A stretch that ends before it begins stands nowhere.
            if bucket < ends.len() && until.is_none_or(|until| from < until) {
                entries.push(row, bucket..bucket + 1);
            }
        });
    }

    /// Puts the rows of a mask and their buckets into `entries`.
    pub fn enter(&self, view: &View<'_>, mask: &Mask, segments: Option<&Segments>, entries: &mut Entries) {
        entries.clear();
        match self {
            Place::All => {
                mask.each(|row| entries.rows.push(row as u32));
                entries.buckets.resize(entries.rows.len(), 0);
            }
            Place::Ordered(_) => {
                let Some(segments) = segments else { return };
                mask.each(|row| entries.rows.push(row as u32));
                let reached = segments.partition_point(|(rows, _)| rows.end <= view.rows.start);
                let mut walk = segments[reached..].iter().peekable();
                for row in &entries.rows {
                    let row = view.rows.start + *row as usize;
                    while walk.next_if(|(rows, _)| rows.end <= row).is_some() {}
                    // Rows between buckets get one that does not exist.
                    let bucket = walk.peek().filter(|(rows, _)| rows.contains(&row)).map_or(u32::MAX, |(_, b)| *b);
                    entries.buckets.push(bucket);
                }
                if entries.buckets.contains(&u32::MAX) {
                    entries.keep(|_, bucket| bucket != u32::MAX);
                }
            }
            Place::At(source, spans) => mask.each(|row| {
                let Some(at) = view.number(*source, row) else { return };
                let bucket = spans.partition_point(|span| span.1 <= at);
                if spans.get(bucket).is_some_and(|span| span.0 <= at) {
                    entries.push(row, bucket..bucket + 1);
                }
            }),
            Place::Standing(stretch, ends) => mask.each(|row| {
                let Some(from) = view.number(stretch.from, row) else { return };
                let first = ends.partition_point(|end| *end < from);
                let until = view.number(stretch.until, row);
                entries.push(row, first..until.map_or(ends.len(), |until| ends.partition_point(|end| *end < until)));
            }),
            Place::Overlap(stretch, spans) => mask.each(|row| {
                let Some((from, until)) = stretch.until_now(view, row) else { return };
                let first = spans.partition_point(|span| span.1 <= from);
                for (bucket, span) in spans.iter().enumerate().skip(first).take_while(|(_, span)| span.0 < until) {
                    if from.max(span.0) < until.min(span.1) {
                        entries.push(row, bucket..bucket + 1);
                    }
                }
            }),
        }
    }
}

impl Entries {
    /// Takes everything out.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.buckets.clear();
        self.codes.clear();
    }

    fn push(&mut self, row: usize, buckets: Range<usize>) {
        // Places in a batch and numbers of buckets are small.
        for bucket in buckets {
            self.rows.push(row as u32);
            self.buckets.push(bucket as u32);
        }
    }

    fn keep(&mut self, is_kept: impl Fn(u32, u32) -> bool) {
        let pairs: Vec<(u32, u32)> = self.rows.iter().copied().zip(self.buckets.iter().copied()).collect();
        self.clear();
        let kept = pairs.into_iter().filter(|(row, bucket)| is_kept(*row, *bucket));
        kept.for_each(|(row, bucket)| self.push(row as usize, bucket as usize..bucket as usize + 1));
    }
}

impl Test {
    /// Which of some rows of a chunk it does not rule out without looking at them one by one.
    pub fn narrow(&self, chunk: &Chunk, rows: Range<usize>) -> Range<usize> {
        match self {
            Test::Range(Source::Time, low, high) => {
                let start = chunk.time.first_at_least(*low, rows.start).min(rows.end);
                let end = match high.checked_add(1) {
                    Some(end) if end <= chunk.time.most => chunk.time.first_at_least(end, start).min(rows.end),
                    _ => rows.end,
                };
                start..end.max(start)
            }
            _ if self.is_ruled_out(chunk) => rows.start..rows.start,
            _ => rows,
        }
    }

    /// Indicates that it holds of no row of a chunk.
    fn is_ruled_out(&self, chunk: &Chunk) -> bool {
        match self {
            Test::Range(source, low, high) => chunk.numbers(*source).is_some_and(|numbers| {
                *high < numbers.base || *low > numbers.most || low > high || numbers.lacks_all()
            }),
            Test::There(source, is_there) => chunk.numbers(*source).is_some_and(|numbers| {
                if *is_there { numbers.lacks_all() } else { numbers.nulls.as_ref().is_none_or(|n| n.null_count() == 0) }
            }),
            Test::Any(tests) => tests.iter().all(|test| test.is_ruled_out(chunk)),
            _ => false,
        }
    }
}
