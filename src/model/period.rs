//! Periods of time and how they become absolute: a preset, an interval or a duration back from now, in a zone.

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::fmt::temporal::SpanParser;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::{FieldError, Instant, words};

words! {
    /// Periods with a name. Those up to now end at the question's now; weeks are ISO weeks.
    PeriodPreset {
        /// From the start of today until now.
        Today = "today",
        /// The whole day before today.
        Yesterday = "yesterday",
        /// From Monday until now.
        ThisWeek = "this_week",
        /// The whole week before this one.
        PreviousWeek = "previous_week",
        /// From the first of the month until now.
        ThisMonth = "this_month",
        /// The whole month before this one.
        PreviousMonth = "previous_month",
        /// From the first of the quarter until now.
        ThisQuarter = "this_quarter",
        /// The whole quarter before this one.
        PreviousQuarter = "previous_quarter",
        /// From 1 January until now.
        ThisYear = "this_year",
        /// The whole year before this one.
        PreviousYear = "previous_year",
        /// From the start of the day six days ago until now.
        Last7Days = "last_7_days",
        /// From the start of the day 29 days ago until now.
        Last30Days = "last_30_days",
        /// From the start of the day 89 days ago until now.
        Last90Days = "last_90_days",
    }
}

/// Longest text of a duration, in bytes.
const MAX_DURATION_BYTES: usize = 64;

/// A period as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Period {
    /// By name.
    Preset(PeriodPreset),
    /// Between two instants: `from` inclusive, `until` exclusive.
    Interval {
        /// Start, inclusive.
        from: Instant,
        /// End, exclusive.
        until: Instant,
    },
    /// An ISO 8601 duration back from now: date parts move local calendar days, time parts exact seconds.
    Last(String),
}

/// Instants from `from` (inclusive) until `until` (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Start, inclusive.
    pub from: Instant,
    /// End, exclusive; never before `from`.
    pub until: Instant,
}

/// A stretch in which a zone keeps one offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetSpan {
    /// The stretch.
    pub span: Span,
    /// Milliseconds by which wall clocks are ahead of UTC.
    pub offset_ms: i64,
}

/// The zone of an IANA name.
///
/// # Errors
/// When there is no such zone.
pub fn find_zone(name: &str) -> Result<TimeZone, FieldError> {
    let bad = || FieldError::new("timezone", "is no IANA time zone, such as Europe/Copenhagen");
    if name.len() > 64 {
        return Err(bad());
    }
    TimeZone::get(name).ok().filter(|zone| !zone.is_unknown()).ok_or_else(bad)
}

impl Period {
    /// The instants it means in `zone` at `now`.
    ///
    /// # Errors
    /// When an interval does not end after it starts, or a duration is none, negative, zero or out of the calendar.
    pub fn resolve(&self, zone: &TimeZone, now: Instant) -> Result<Span, FieldError> {
        match self {
            Period::Interval { from, until } if from < until => Ok(Span { from: *from, until: *until }),
            Period::Interval { .. } => {
                Err(FieldError::new("period.interval", "ends at or before its start; `from` must be before `until`"))
            }
            Period::Preset(preset) => resolve_preset(*preset, zone, now)
                .ok_or_else(|| FieldError::new("period.preset", "reaches out of the calendar in this zone")),
            Period::Last(text) => resolve_last(text, zone, now).ok_or_else(|| {
                FieldError::new(
                    "period.last",
                    "is no ISO 8601 duration over zero within the calendar, such as P30D or PT12H",
                )
            }),
        }
    }
}

/// The first instant of a local day: midnight, or where clocks skip it the moment they jump over it; of two midnights the first.
pub fn start_of_day(date: Date, zone: &TimeZone) -> Option<Instant> {
    let ambiguous = zone.to_ambiguous_timestamp(date.to_datetime(Time::midnight()));
    let AmbiguousOffset::Gap { before, .. } = ambiguous.offset() else {
        return ambiguous.compatible().ok().map(Instant::from_timestamp);
    };
    let inside = before.to_timestamp(date.to_datetime(Time::midnight())).ok()?;
    let after = inside.checked_add(jiff::SignedDuration::from_nanos(1)).ok()?;
    zone.preceding(after).next().map(|transition| Instant::from_timestamp(transition.timestamp()))
}

/// Cuts a span where the zone's offset changes; `None` when that makes more than `limit` stretches.
pub fn offset_spans(span: Span, zone: &TimeZone, limit: usize) -> Option<Vec<OffsetSpan>> {
    let mut offset_ms = i64::from(zone.to_offset(span.from.to_timestamp()).seconds()) * Instant::SECOND_MS;
    let mut from = span.from;
    let mut spans = Vec::new();
    for transition in zone.following(span.from.to_timestamp()) {
        let at = Instant::from_timestamp(transition.timestamp());
        if at >= span.until {
            break;
        }
        let next_ms = i64::from(transition.offset().seconds()) * Instant::SECOND_MS;
        if next_ms == offset_ms {
            continue;
        }
        if spans.len() + 1 >= limit {
            return None;
        }
        spans.push(OffsetSpan { span: Span { from, until: at }, offset_ms });
        (from, offset_ms) = (at, next_ms);
    }
    spans.push(OffsetSpan { span: Span { from, until: span.until }, offset_ms });
    Some(spans)
}

fn resolve_preset(preset: PeriodPreset, zone: &TimeZone, now: Instant) -> Option<Span> {
    use PeriodPreset::{
        Last7Days, Last30Days, Last90Days, PreviousMonth, PreviousQuarter, PreviousWeek, PreviousYear, ThisMonth,
        ThisQuarter, ThisWeek, ThisYear, Today, Yesterday,
    };
    let today = zone.to_datetime(now.to_timestamp()).date();
    let back = |days: i64| today.checked_sub(days.days()).ok();
    let day = |date: Option<Date>| date.and_then(|date| start_of_day(date, zone));
    let monday = back(i64::from(today.weekday().to_monday_zero_offset()));
    let month = Date::new(today.year(), today.month(), 1).ok()?;
    let quarter = Date::new(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).ok()?;
    let year = Date::new(today.year(), 1, 1).ok()?;
    let earlier = |date: Date, span: jiff::Span| date.checked_sub(span).ok();
    let (from, until) = match preset {
        Today => (day(Some(today))?, now),
        Last7Days => (day(back(6))?, now),
        Last30Days => (day(back(29))?, now),
        Last90Days => (day(back(89))?, now),
        ThisWeek => (day(monday)?, now),
        ThisMonth => (day(Some(month))?, now),
        ThisQuarter => (day(Some(quarter))?, now),
        ThisYear => (day(Some(year))?, now),
        Yesterday => (day(back(1))?, day(Some(today))?),
        PreviousWeek => (day(earlier(monday?, 1.week()))?, day(monday)?),
        PreviousMonth => (day(earlier(month, 1.month()))?, day(Some(month))?),
        PreviousQuarter => (day(earlier(quarter, 3.months()))?, day(Some(quarter))?),
        PreviousYear => (day(earlier(year, 1.year()))?, day(Some(year))?),
    };
    Some(Span { from, until })
}

fn resolve_last(text: &str, zone: &TimeZone, now: Instant) -> Option<Span> {
    if text.len() > MAX_DURATION_BYTES {
        return None;
    }
    let span = SpanParser::new().parse_span(text).ok()?;
    let from = now.to_timestamp().to_zoned(zone.clone()).checked_sub(span).ok()?;
    let from = Instant::from_timestamp(from.timestamp());
    (from < now).then_some(Span { from, until: now })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn resolve(period: &Period, zone: &str, now: &str) -> Result<(String, String), String> {
        let span = period.resolve(&find_zone(zone).unwrap(), at(now)).map_err(|e| e.to_string())?;
        let short = |i: Instant| i.to_string().replace(":00.000Z", "Z");
        Ok((short(span.from), short(span.until)))
    }

    #[test]
    fn presets_are_local_calendar_units() {
        let check = |preset: &str, zone: &str, now: &str, from: &str, until: &str| {
            let period = Period::Preset(PeriodPreset::from_word(preset).unwrap());
            let expected = Ok((from.to_owned(), until.to_owned()));
            assert_eq!(resolve(&period, zone, now), expected, "{preset} in {zone} at {now}");
        };
        // Thursday 12 February 2026, 15:30 in Copenhagen (UTC+1).
        let now = "2026-02-12T14:30:00Z";
        let copenhagen = "Europe/Copenhagen";
        check("today", copenhagen, now, "2026-02-11T23:00Z", "2026-02-12T14:30Z");
        check("yesterday", copenhagen, now, "2026-02-10T23:00Z", "2026-02-11T23:00Z");
        check("this_week", copenhagen, now, "2026-02-08T23:00Z", "2026-02-12T14:30Z");
        check("previous_week", copenhagen, now, "2026-02-01T23:00Z", "2026-02-08T23:00Z");
        check("this_month", copenhagen, now, "2026-01-31T23:00Z", "2026-02-12T14:30Z");
        check("previous_month", copenhagen, now, "2025-12-31T23:00Z", "2026-01-31T23:00Z");
        check("this_quarter", copenhagen, now, "2025-12-31T23:00Z", "2026-02-12T14:30Z");
        check("previous_quarter", copenhagen, now, "2025-09-30T22:00Z", "2025-12-31T23:00Z");
        check("this_year", copenhagen, now, "2025-12-31T23:00Z", "2026-02-12T14:30Z");
        check("previous_year", copenhagen, now, "2024-12-31T23:00Z", "2025-12-31T23:00Z");
        check("last_7_days", copenhagen, now, "2026-02-05T23:00Z", "2026-02-12T14:30Z");
        check("last_30_days", copenhagen, now, "2026-01-13T23:00Z", "2026-02-12T14:30Z");
        check("last_90_days", copenhagen, now, "2025-11-14T23:00Z", "2026-02-12T14:30Z");
        // It is already Friday in Auckland (UTC+13) and still Thursday in Los Angeles.
        check("today", "Pacific/Auckland", now, "2026-02-12T11:00Z", "2026-02-12T14:30Z");
        check("today", "America/Los_Angeles", now, "2026-02-12T08:00Z", "2026-02-12T14:30Z");
        // A Sunday belongs to the week that began on Monday; a leap day to its month.
        check("this_week", "UTC", "2024-03-03T12:00:00Z", "2024-02-26T00:00Z", "2024-03-03T12:00Z");
        check("previous_month", "UTC", "2024-03-31T12:00:00Z", "2024-02-01T00:00Z", "2024-03-01T00:00Z");
        check("previous_quarter", "UTC", "2024-03-31T12:00:00Z", "2023-10-01T00:00Z", "2024-01-01T00:00Z");
        // At a unit's first instant the unit so far is empty.
        check("today", "UTC", "2026-02-12T00:00:00Z", "2026-02-12T00:00Z", "2026-02-12T00:00Z");
    }

    #[test]
    fn days_are_as_long_as_their_zone_makes_them() {
        let check = |zone: &str, now: &str, from: &str, until: &str| {
            let expected = Ok((from.to_owned(), until.to_owned()));
            assert_eq!(resolve(&Period::Preset(PeriodPreset::Yesterday), zone, now), expected, "{zone}");
        };
        // 23 hours, then 25.
        check("Europe/Copenhagen", "2026-03-30T10:00:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z");
        check("Europe/Copenhagen", "2026-10-26T10:00:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z");
        // Lord Howe moves by half an hour: from +10:30 to +11 on 4 October 2026.
        check("Australia/Lord_Howe", "2026-10-05T02:00:00Z", "2026-10-03T13:30Z", "2026-10-04T13:00Z");
        // No midnight: Santiago went from 24:00 on Saturday straight to 01:00 on 8 September 2024.
        check("America/Santiago", "2024-09-09T12:00:00Z", "2024-09-08T04:00Z", "2024-09-09T03:00Z");
        // Two midnights: Havana went from 01:00 back to 00:00 on 3 November 2024; the day began at the first.
        check("America/Havana", "2024-11-04T12:00:00Z", "2024-11-03T04:00Z", "2024-11-04T05:00Z");
        // Toronto jumped from 23:30 on 30 March 1919 to 00:30 on the 31st: the 31st began at the jump.
        check("America/Toronto", "1919-04-01T12:00:00Z", "1919-03-31T04:30Z", "1919-04-01T04:00Z");
    }

    #[test]
    fn durations_go_back_from_now() {
        let check = |text: &str, zone: &str, now: &str, from: Option<&str>| {
            let span = resolve(&Period::Last(text.to_owned()), zone, now);
            assert_eq!(span.as_ref().ok().map(|s| s.0.as_str()), from, "{text} in {zone}: {span:?}");
        };
        let now = "2026-03-29T10:00:00Z";
        // Noon in Copenhagen on the day with 23 hours: a local day is 23 hours long, PT24H is not.
        check("P1D", "Europe/Copenhagen", now, Some("2026-03-28T11:00Z"));
        check("PT24H", "Europe/Copenhagen", now, Some("2026-03-28T10:00Z"));
        check("P1DT1H", "Europe/Copenhagen", now, Some("2026-03-28T10:00Z"));
        check("P2W", "UTC", now, Some("2026-03-15T10:00Z"));
        check("P1M", "UTC", now, Some("2026-02-28T10:00Z"));
        check("P1Y", "UTC", now, Some("2025-03-29T10:00Z"));
        for bad in ["", "P", "30", "30 days", "-P1D", "PT0S", "P99999Y", "P1D ", "yesterday", &"P".repeat(100)] {
            check(bad, "UTC", now, None);
        }
    }

    #[test]
    fn intervals_end_after_they_start() {
        let check = |from: &str, until: &str, good: bool| {
            let period = Period::Interval { from: at(from), until: at(until) };
            assert_eq!(resolve(&period, "UTC", "2026-01-01T00:00:00Z").is_ok(), good, "{from} {until}");
        };
        check("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z", true);
        check("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", false);
        check("2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z", false);
    }

    #[test]
    fn spans_are_cut_where_the_offset_changes() {
        let check = |zone: &str, from: &str, until: &str, expected: &[(&str, i64)]| {
            let spans = offset_spans(Span { from: at(from), until: at(until) }, &find_zone(zone).unwrap(), 9).unwrap();
            let found: Vec<_> = spans.iter().map(|s| (s.span.from.to_string(), s.offset_ms / 60_000)).collect();
            let expected: Vec<_> = expected.iter().map(|(from, offset)| (at(from).to_string(), *offset)).collect();
            assert_eq!(found, expected, "{zone}");
            assert_eq!(spans.last().unwrap().span.until, at(until));
            assert!(spans.windows(2).all(|pair| pair[0].span.until == pair[1].span.from));
        };
        let (from, until) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
        check("UTC", from, until, &[(from, 0)]);
        let (spring, autumn) = ("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z");
        check("Europe/Copenhagen", from, until, &[(from, 60), (spring, 120), (autumn, 60)]);
        check("Europe/Copenhagen", spring, autumn, &[(spring, 120)]);
        let (end, start) = ("2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z");
        check("Australia/Lord_Howe", from, until, &[(from, 660), (end, 630), (start, 660)]);
        let always = Span { from: at("0001-01-01T00:00:00Z"), until: at("9999-01-01T00:00:00Z") };
        assert_eq!(offset_spans(always, &find_zone("Europe/Copenhagen").unwrap(), 400), None);
    }

    #[test]
    fn zones_are_those_of_the_database() {
        for good in ["UTC", "Europe/Copenhagen", "Australia/Lord_Howe", "Asia/Kathmandu"] {
            assert!(find_zone(good).is_ok(), "{good}");
        }
        for bad in ["", "Mars/Olympus", "+02:00", "Etc/Unknown", "CET-1CEST", "../etc/passwd"] {
            assert!(find_zone(bad).is_err(), "{bad}");
        }
    }
}
