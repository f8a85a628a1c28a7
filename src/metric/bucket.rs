//! Buckets of a series: local calendar units of a zone, the first and last cut by the period (SEMANTICS 7.2 and 8.1).
//!
//! An hour is one local hour at one offset: one that comes twice is two buckets, and Lord Howe's half hour is one of its own. A day
//! begins at its first instant, whatever the wall clock then says; one that a zone skipped is no bucket.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::scope::Zone;
use crate::model::period::start_of_day;
use crate::model::{Instant, Span, words};

words! {
    /// Sizes of buckets.
    Grain {
        /// A local hour.
        Hour = "hour",
        /// A local day.
        Day = "day",
        /// An ISO week, from Monday.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// A quarter of a year.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }
}

/// Most buckets of one series: a year of hours and a little more.
pub const MAX_BUCKETS: usize = 10_000;

const HOUR_MS: i64 = 3_600_000;

/// One bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The part of it that lies in the period.
    pub span: Span,
    /// What it is called: `2026-03-29T03:00+02:00`, `2026-03-29` (of a week its Monday), `2026-03`, `2026-Q1`, `2026`.
    pub label: String,
}

/// The buckets of a span; `None` when there are more than `MAX_BUCKETS`.
pub fn buckets(span: Span, grain: Grain, zone: &Zone) -> Option<Vec<Bucket>> {
    let mut found = Vec::new();
    let mut at = span.from;
    while at < span.until {
        if found.len() == MAX_BUCKETS {
            return None;
        }
        let unit = unit_of(at, grain, zone);
        let label = label(unit.from.max(at), grain, zone);
        found.push(Bucket { span: Span { from: unit.from.max(span.from), until: unit.until.min(span.until) }, label });
        // A unit never ends before what it contains; where the calendar ends there is nothing after it.
        at = unit.until.max(at.plus_ms(1));
    }
    Some(found)
}

/// The whole unit that an instant lies in.
pub fn unit_of(at: Instant, grain: Grain, zone: &Zone) -> Span {
    let rules = zone.rules();
    if grain == Grain::Hour {
        return hour_of(at, rules);
    }
    let whole = Span { from: Instant::MIN, until: Instant::MAX };
    let first = rules.to_datetime(at.to_timestamp()).date();
    let Some((from, mut until)) = dates(first, grain) else { return whole };
    let start = |date: Date| start_of_day(date, rules);
    // Where the calendar ends a unit is cut.
    let begin = start(from).unwrap_or(Instant::MIN);
    let mut end = start(until).unwrap_or(Instant::MAX);
    if at < begin {
        // Before the day's first instant by the order of instants: a wall clock that ran ahead into the next day and back.
        return Span { from: start(from.yesterday().unwrap_or(from)).unwrap_or(Instant::MIN), until: begin };
    }
    let mut begin = begin;
    while end <= at || end <= begin {
        // Wall clocks that went back over midnight show the day before again; skipped days have no instants.
        let Some((_, next)) = dates(until, grain) else { break };
        let next_start = start(next).unwrap_or(Instant::MAX);
        if end <= at {
            begin = end;
        }
        (until, end) = (next, next_start);
    }
    Span { from: begin, until: end }
}

/// First day of a unit and of the one after it.
fn dates(day: Date, grain: Grain) -> Option<(Date, Date)> {
    let month = |month: i8| Date::new(day.year(), month, 1).ok();
    let (from, length) = match grain {
        Grain::Hour | Grain::Day => (day, 1.day()),
        Grain::Week => (day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?, 1.week()),
        Grain::Month => (month(day.month())?, 1.month()),
        Grain::Quarter => (month((day.month() - 1) / 3 * 3 + 1)?, 3.months()),
        Grain::Year => (month(1)?, 1.year()),
    };
    Some((from, from.checked_add(length).ok()?))
}

fn hour_of(at: Instant, rules: &TimeZone) -> Span {
    let offset_ms = |at: Instant| i64::from(rules.to_offset(at.to_timestamp()).seconds()) * Instant::SECOND_MS;
    let offset = offset_ms(at);
    let local = at.ms() + offset;
    let from = Instant::from_ms(local.div_euclid(HOUR_MS) * HOUR_MS - offset);
    let (mut from, mut until) = (from, from.plus_ms(HOUR_MS));
    // The transition that began the offset, and the one that ends it, when they lie within the hour.
    let mut after = at;
    for transition in rules.preceding(at.plus_ms(1).to_timestamp()) {
        let begun = Instant::from_timestamp(transition.timestamp());
        if begun <= from {
            break;
        }
        if offset_ms(begun.plus_ms(-1)) != offset {
            from = begun;
            break;
        }
    }
    for transition in rules.following(after.to_timestamp()) {
        after = Instant::from_timestamp(transition.timestamp());
        if after >= until {
            break;
        }
        if offset_ms(after) != offset {
            until = after;
            break;
        }
    }
    Span { from, until }
}

fn label(at: Instant, grain: Grain, zone: &Zone) -> String {
    let zoned = at.to_timestamp().to_zoned(zone.rules().clone());
    let date = dates(zoned.date(), grain).map_or(zoned.date(), |(first, _)| first);
    match grain {
        Grain::Hour => zoned.strftime("%Y-%m-%dT%H:%M%:z").to_string(),
        Grain::Day | Grain::Week => date.to_string(),
        Grain::Month => date.strftime("%Y-%m").to_string(),
        Grain::Quarter => format!("{}-Q{}", date.strftime("%Y"), (date.month() - 1) / 3 + 1),
        Grain::Year => date.strftime("%Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn check(zone: &str, grain: Grain, from: &str, until: &str, expected: &[(&str, &str)]) {
        let found = buckets(Span { from: at(from), until: at(until) }, grain, &Zone::find(zone).unwrap()).unwrap();
        let short = |i: Instant| i.to_string().replace(":00.000Z", "Z");
        let shown: Vec<_> = found.iter().map(|b| (b.label.clone(), short(b.span.from))).collect();
        let expected: Vec<_> = expected.iter().map(|(l, f)| ((*l).to_owned(), (*f).to_owned())).collect();
        assert_eq!(shown, expected, "{zone} {grain}");
        assert!(found.windows(2).all(|pair| pair[0].span.until == pair[1].span.from), "{found:?}");
        assert_eq!(found.last().map(|bucket| bucket.span.until), Some(at(until)));
    }

    #[test]
    fn days_weeks_months_quarters_and_years_are_local() {
        let zone = "Europe/Copenhagen";
        check(
            zone,
            Grain::Day,
            "2026-03-28T12:00:00Z",
            "2026-03-30T12:00:00Z",
            &[
                ("2026-03-28", "2026-03-28T12:00Z"),
                ("2026-03-29", "2026-03-28T23:00Z"),
                ("2026-03-30", "2026-03-29T22:00Z"),
            ],
        );
        check(
            zone,
            Grain::Week,
            "2026-03-28T12:00:00Z",
            "2026-03-30T12:00:00Z",
            &[("2026-03-23", "2026-03-28T12:00Z"), ("2026-03-30", "2026-03-29T22:00Z")],
        );
        check(
            zone,
            Grain::Month,
            "2026-03-28T12:00:00Z",
            "2026-04-30T12:00:00Z",
            &[("2026-03", "2026-03-28T12:00Z"), ("2026-04", "2026-03-31T22:00Z")],
        );
        let (from, until) = ("2025-12-31T12:00:00Z", "2026-01-31T12:00:00Z");
        check(zone, Grain::Quarter, from, until, &[("2025-Q4", "2025-12-31T12:00Z"), ("2026-Q1", "2025-12-31T23:00Z")]);
        check(zone, Grain::Year, from, until, &[("2025", "2025-12-31T12:00Z"), ("2026", "2025-12-31T23:00Z")]);
    }

    #[test]
    fn hours_keep_one_offset() {
        check(
            "Europe/Copenhagen",
            Grain::Hour,
            "2026-03-29T00:30:00Z",
            "2026-03-29T02:00:00Z",
            &[("2026-03-29T01:00+01:00", "2026-03-29T00:30Z"), ("2026-03-29T03:00+02:00", "2026-03-29T01:00Z")].map(
                |(label, from)| {
                    (if label.starts_with("2026-03-29T01") { "2026-03-29T01:30+01:00" } else { label }, from)
                },
            ),
        );
        check(
            "Europe/Copenhagen",
            Grain::Hour,
            "2026-10-25T00:00:00Z",
            "2026-10-25T02:00:00Z",
            &[("2026-10-25T02:00+02:00", "2026-10-25T00:00Z"), ("2026-10-25T02:00+01:00", "2026-10-25T01:00Z")],
        );
        // Back by half an hour at 02:00 on 5 April 2026: 01:30 to 02:00 comes twice, the second time as a bucket of its own.
        check(
            "Australia/Lord_Howe",
            Grain::Hour,
            "2026-04-04T14:00:00Z",
            "2026-04-04T16:30:00Z",
            &[
                ("2026-04-05T01:00+11:00", "2026-04-04T14:00Z"),
                ("2026-04-05T01:30+10:30", "2026-04-04T15:00Z"),
                ("2026-04-05T02:00+10:30", "2026-04-04T15:30Z"),
            ],
        );
        check(
            "Asia/Kathmandu",
            Grain::Hour,
            "2026-04-04T14:15:00Z",
            "2026-04-04T16:15:00Z",
            &[("2026-04-04T20:00+05:45", "2026-04-04T14:15Z"), ("2026-04-04T21:00+05:45", "2026-04-04T15:15Z")],
        );
    }

    #[test]
    fn days_that_a_zone_skipped_or_shows_twice() {
        // Apia had no 30 December 2011.
        check(
            "Pacific/Apia",
            Grain::Day,
            "2011-12-29T10:00:00Z",
            "2011-12-31T10:00:00Z",
            &[("2011-12-29", "2011-12-29T10:00Z"), ("2011-12-31", "2011-12-30T10:00Z")],
        );
        // Havana's 3 November 2024 has two midnights.
        check(
            "America/Havana",
            Grain::Day,
            "2024-11-03T04:00:00Z",
            "2024-11-04T05:00:00Z",
            &[("2024-11-03", "2024-11-03T04:00Z")],
        );
    }

    #[test]
    fn series_are_bounded_and_may_be_empty() {
        let zone = Zone::find("UTC").unwrap();
        let now = at("2026-01-01T00:00:00Z");
        assert_eq!(buckets(Span { from: now, until: now }, Grain::Hour, &zone), Some(Vec::new()));
        let years = Span { from: now, until: at("2028-01-01T00:00:00Z") };
        assert_eq!(buckets(years, Grain::Hour, &zone), None);
        assert_eq!(buckets(Span { from: Instant::MIN, until: Instant::MAX }, Grain::Year, &zone), None);
    }
}
