//! One version of a schedule, worked out: its open spans with running sums, in sheets of about 398 days that are made when first
//! asked for. A question is then two binary searches, however long the span, and no calendar work.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::Openness;
use crate::model::business_hours::DAY_MINUTES;
use crate::model::{BusinessHours, DayInterval, Instant};

/// A sheet covers 2^35 ms.
const SHEET_BITS: u32 = 35;
/// The sheets that are kept once made: 1901 to 2199. Of others only the sums are kept, so that odd dates cost no memory.
const KEPT: std::ops::Range<i64> = -64..211;
/// Days on both sides of a sheet whose shifts may reach into it: a shift of a day, an offset of a day, a skipped day.
const MARGIN_DAYS: i64 = 3;

/// One version of a schedule.
#[derive(Debug)]
pub(super) struct Table {
    zone: TimeZone,
    weekly: [Vec<DayInterval>; 7],
    /// Closed spans, sorted, apart from one another.
    holidays: Vec<(i64, i64)>,
    kept: Box<[OnceLock<Sheet>]>,
    sums: RwLock<HashMap<i64, i64>>,
}

/// The open spans of one sheet, sorted, apart from one another.
#[derive(Debug)]
struct Sheet {
    spans: Box<[OpenSpan]>,
    until: i64,
    open_ms: i64,
}

#[derive(Debug)]
struct OpenSpan {
    from: i64,
    until: i64,
    /// Open milliseconds of the sheet before this span.
    before: i64,
}

impl Table {
    /// Compiles a version. A zone that does not exist is UTC; lines with such zones are rejected when read.
    pub(super) fn compile(hours: &BusinessHours) -> Table {
        let zone = TimeZone::get(&hours.timezone).unwrap_or(TimeZone::UTC);
        let holidays = hours.holidays.iter().filter_map(|holiday| {
            let next = holiday.date.tomorrow().ok()?;
            Some((wall(&zone, holiday.date, 0)?, wall(&zone, next, 0)?))
        });
        Table {
            holidays: merge(holidays.collect()),
            zone,
            weekly: hours.weekly.clone(),
            kept: KEPT.map(|_| OnceLock::new()).collect(),
            sums: RwLock::default(),
        }
    }

    /// Open milliseconds of `[from, until)`, in which `from` is not after `until`.
    pub(super) fn open_ms(&self, from: i64, until: i64) -> i64 {
        let (first, last) = (sheet_of(from), sheet_of(until));
        if first == last {
            return self.read(first, |sheet| sheet.before(until) - sheet.before(from));
        }
        let between: i64 = (first + 1..last).map(|index| self.sum(index)).sum();
        self.read(first, |sheet| sheet.open_ms - sheet.before(from))
            + between
            + self.read(last, |sheet| sheet.before(until))
    }

    /// The earliest instant up to `until` at which `ms`, above 0, milliseconds have been open since `from`; else how many are left.
    pub(super) fn reach(&self, from: i64, ms: i64, until: i64) -> Result<i64, i64> {
        let mut wanted = ms;
        let (first, last) = (sheet_of(from), sheet_of(until));
        for index in first..=last {
            let sum = self.sum(index);
            let before = if index == first { self.read(index, |sheet| sheet.before(from)) } else { 0 };
            if before + wanted <= sum {
                let at = self.read(index, |sheet| sheet.reach(before + wanted));
                return if at <= until { Ok(at) } else { Err(ms - self.open_ms(from, until)) };
            }
            wanted -= sum - before;
        }
        Err(ms - self.open_ms(from, until))
    }

    /// Whether it is open at `at`, and until when at least that stays so.
    pub(super) fn openness(&self, at: i64) -> (Openness, i64) {
        let (is_open, until) = self.read(sheet_of(at), |sheet| sheet.openness(at));
        if is_open {
            return (Openness::Open, until);
        }
        let next = self.holidays.partition_point(|(_, end)| *end <= at);
        match self.holidays.get(next) {
            Some((from, end)) if *from <= at => (Openness::Holiday, until.min(*end)),
            Some((from, _)) => (Openness::OutsideHours, until.min(*from)),
            None => (Openness::OutsideHours, until),
        }
    }

    fn read<T>(&self, index: i64, ask: impl FnOnce(&Sheet) -> T) -> T {
        match self.slot(index) {
            Some(slot) => ask(slot.get_or_init(|| self.make(index))),
            None => ask(&self.make(index)),
        }
    }

    fn slot(&self, index: i64) -> Option<&OnceLock<Sheet>> {
        usize::try_from(index - KEPT.start).ok().and_then(|slot| self.kept.get(slot))
    }

    fn sum(&self, index: i64) -> i64 {
        if self.slot(index).is_some() {
            return self.read(index, |sheet| sheet.open_ms);
        }
        let known = self.sums.read().unwrap_or_else(PoisonError::into_inner).get(&index).copied();
        known.unwrap_or_else(|| {
            let sum = self.make(index).open_ms;
            self.sums.write().unwrap_or_else(PoisonError::into_inner).insert(index, sum);
            sum
        })
    }

    /// Works a sheet out: the shifts of every day near it, less the holidays.
    fn make(&self, index: i64) -> Sheet {
        let (start, end) = (index << SHEET_BITS, (index + 1) << SHEET_BITS);
        let day = |ms: i64, margin: i64| {
            let date = Instant::from_ms(ms).to_timestamp().to_zoned(TimeZone::UTC).date();
            date.saturating_add(jiff::Span::new().days(margin))
        };
        let (mut date, last) = (day(start, -MARGIN_DAYS), day(end, MARGIN_DAYS));
        let mut shifts = Vec::new();
        while let Some(next) = date.tomorrow().ok().filter(|_| date < last) {
            for interval in &self.weekly[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())] {
                let ends_on = if interval.until_minute > interval.from_minute { date } else { next };
                let from = wall(&self.zone, date, interval.from_minute);
                let until = wall(&self.zone, ends_on, interval.until_minute);
                shifts.extend(from.zip(until).filter(|(from, until)| from < until));
            }
            date = next;
        }
        Sheet::new(&subtract(merge(shifts), &self.holidays), start, end)
    }
}

impl Sheet {
    fn new(open: &[(i64, i64)], start: i64, end: i64) -> Sheet {
        let mut open_ms = 0;
        let clipped = open.iter().map(|(from, until)| ((*from).max(start), (*until).min(end)));
        let spans = clipped
            .filter(|(from, until)| from < until)
            .map(|(from, until)| {
                let before = open_ms;
                open_ms += until - from;
                OpenSpan { from, until, before }
            })
            .collect();
        Sheet { spans, until: end, open_ms }
    }

    /// Open milliseconds of the sheet before `at`.
    fn before(&self, at: i64) -> i64 {
        let begun = self.spans.partition_point(|span| span.from < at);
        match begun.checked_sub(1).map(|last| &self.spans[last]) {
            Some(span) => span.before + at.min(span.until) - span.from,
            None => 0,
        }
    }

    /// The earliest instant before which `ms` of the sheet are open; `ms` is above 0 and at most `open_ms`.
    fn reach(&self, ms: i64) -> i64 {
        let fell_short = self.spans.partition_point(|span| span.before + (span.until - span.from) < ms);
        self.spans.get(fell_short).map_or(self.until, |span| span.from + ms - span.before)
    }

    fn openness(&self, at: i64) -> (bool, i64) {
        let ended = self.spans.partition_point(|span| span.until <= at);
        match self.spans.get(ended) {
            Some(span) if span.from <= at => (true, span.until),
            Some(span) => (false, span.from),
            None => (false, self.until),
        }
    }
}

fn sheet_of(at: i64) -> i64 {
    at >> SHEET_BITS
}

/// The instant of a wall time: moved forward by the gap when skipped, the first when there are two. `None` beyond the calendar.
fn wall(zone: &TimeZone, date: Date, minute: u16) -> Option<i64> {
    let date = if minute >= DAY_MINUTES { date.tomorrow().ok()? } else { date };
    let minute = i8::try_from(minute % DAY_MINUTES / 60).ok().zip(i8::try_from(minute % 60).ok());
    let time = minute.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok())?;
    let at = zone.to_ambiguous_timestamp(DateTime::from_parts(date, time)).compatible().ok()?;
    Some(Instant::from_timestamp(at).ms())
}

/// Sorts spans and joins those that overlap or touch.
fn merge(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
    for (from, until) in spans {
        match merged.last_mut() {
            Some((_, end)) if from <= *end => *end = until.max(*end),
            _ => merged.push((from, until)),
        }
    }
    merged
}

/// What of `spans` is in none of `holes`; both sorted and apart.
fn subtract(spans: Vec<(i64, i64)>, holes: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut left = Vec::with_capacity(spans.len());
    for (mut from, until) in spans {
        let first = holes.partition_point(|(_, end)| *end <= from);
        for (start, end) in holes[first..].iter().take_while(|(start, _)| *start < until) {
            left.push((from, *start));
            from = from.max(*end);
        }
        left.push((from, until));
    }
    left.retain(|(from, until)| from < until);
    left
}
