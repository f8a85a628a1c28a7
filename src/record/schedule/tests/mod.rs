//! Tables of business time worked out by hand, DST nights included.

#![allow(clippy::unwrap_used)]

pub(crate) mod laws;
pub(crate) mod naive;

use super::{Hours, Openness, Schedule};
use crate::model::{BusinessHours, DayInterval, Holiday, Instant};

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn minutes(text: &str) -> u16 {
    let (hour, minute) = text.split_once(':').unwrap();
    hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap()
}

/// A schedule from texts: days `mon..fri 09:00-12:00 13:00-17:00; sat 22:00-02:00`, holidays `2026-12-25 …`.
pub(crate) fn version(zone: &str, week: &str, holidays: &str) -> BusinessHours {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut hours = BusinessHours { timezone: zone.to_owned(), ..BusinessHours::named("h", None) };
    for part in week.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let mut words = part.split(' ');
        let days = words.next().unwrap();
        let (first, last) = days.split_once("..").unwrap_or((days, days));
        let day = |name: &str| DAYS.iter().position(|d| *d == name).unwrap();
        for interval in words {
            let (from, until) = interval.split_once('-').unwrap();
            let interval = DayInterval { from_minute: minutes(from), until_minute: minutes(until) };
            hours.weekly[day(first)..=day(last)].iter_mut().for_each(|list| list.push(interval));
        }
    }
    let dates = holidays.split_whitespace();
    hours.holidays = dates.map(|date| Holiday { date: date.parse().unwrap(), name: None }).collect();
    hours
}

fn schedule(zone: &str, week: &str, holidays: &str) -> Schedule {
    Schedule::compile(&[version(zone, week, holidays)])
}

#[test]
fn counts_a_plain_week() {
    let office = schedule("UTC", "mon..fri 09:00-12:00 13:00-17:00", "");
    let check = |from: &str, until: &str, expected: i64| {
        assert_eq!(office.open_ms(at(from), at(until)), expected, "{from} to {until}");
    };
    // 2026-01-05 is a Monday. A day has 3 + 4 hours, a week 35.
    check("2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", 7 * HOUR);
    check("2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z", 35 * HOUR);
    check("2026-01-05T10:00:00Z", "2026-01-05T14:00:00Z", 3 * HOUR);
    check("2026-01-05T12:00:00Z", "2026-01-05T13:00:00Z", 0);
    check("2026-01-05T11:59:59.999Z", "2026-01-05T13:00:00.001Z", 2);
    check("2026-01-09T16:00:00Z", "2026-01-12T10:00:00Z", 2 * HOUR);
    check("2026-01-06T00:00:00Z", "2026-01-05T00:00:00Z", 0);
    // 400 days from Monday 5 January 2026 end on Tuesday 9 February 2027: 57 weeks and a Monday.
    check("2026-01-05T00:00:00Z", "2027-02-09T00:00:00Z", (57 * 35 + 7) * HOUR);
    // 400 years of the Gregorian calendar are 20,871 weeks; years far off count like any.
    check("1600-01-03T00:00:00Z", "2000-01-03T00:00:00Z", 20_871 * 35 * HOUR);
    check("9000-01-06T00:00:00Z", "9000-01-13T00:00:00Z", 35 * HOUR);
}

#[test]
fn counts_shifts_past_midnight_whole_days_and_overlaps() {
    let check = |week: &str, from: &str, until: &str, expected: i64| {
        let open_ms = schedule("UTC", week, "").open_ms(at(from), at(until));
        assert_eq!(open_ms, expected, "{week}: {from} to {until}");
    };
    let (monday, wednesday) = ("2026-01-05T00:00:00Z", "2026-01-07T00:00:00Z");
    check("mon 22:00-02:00", monday, wednesday, 4 * HOUR);
    check("mon 22:00-02:00", "2026-01-06T01:00:00Z", wednesday, HOUR);
    check("mon 00:00-00:00", monday, wednesday, 24 * HOUR);
    check("mon 00:00-24:00", monday, wednesday, 24 * HOUR);
    check("mon 09:00-09:00", monday, wednesday, 24 * HOUR);
    check("mon 09:00-09:00", "2026-01-06T00:00:00Z", wednesday, 9 * HOUR);
    check("mon 09:00-12:00 11:00-13:00 10:00-11:00", monday, wednesday, 4 * HOUR);
    check("mon 22:00-08:00; tue 07:00-09:00", monday, wednesday, 11 * HOUR);
    check("", monday, wednesday, 0);
}

#[test]
fn holidays_close_their_local_day_but_not_the_tail_of_their_own_shift() {
    let check = |week: &str, holidays: &str, from: &str, until: &str, expected: i64| {
        let open_ms = schedule("Europe/Copenhagen", week, holidays).open_ms(at(from), at(until));
        assert_eq!(open_ms, expected, "{week} without {holidays}: {from} to {until}");
    };
    // 2026-12-25 is a Friday; Copenhagen is at +01:00.
    let (from, until) = ("2026-12-24T00:00:00+01:00", "2026-12-28T00:00:00+01:00");
    check("thu..sun 09:00-17:00", "2026-12-25", from, until, 24 * HOUR);
    // Thursday 22–24 stays, its tail 00–02 falls on the holiday; Friday's own 22–24 is closed, its tail 00–02 on Saturday stays.
    check("thu..fri 22:00-02:00", "2026-12-25", from, until, 4 * HOUR);
    check("thu..fri 22:00-02:00", "2026-12-25", "2026-12-25T00:00:00+01:00", "2026-12-26T00:00:00+01:00", 0);
    check("thu..fri 22:00-02:00", "2026-12-25", "2026-12-26T00:00:00+01:00", until, 2 * HOUR);
    check("thu..fri 22:00-02:00", "2026-12-25 2026-12-26", from, until, 2 * HOUR);
    check("mon..sun 00:00-00:00", "2026-12-25", from, until, 72 * HOUR);
}

#[test]
fn dst_nights_are_exact() {
    let check = |zone: &str, week: &str, from: &str, until: &str, expected: i64| {
        let open_ms = schedule(zone, week, "").open_ms(at(from), at(until));
        assert_eq!(open_ms, expected, "{zone} {week}: {from} to {until}");
    };
    let copenhagen = "Europe/Copenhagen";
    // Spring, Sunday 2026-03-29: 02:00 becomes 03:00 (01:00Z). The day has 23 hours.
    let (from, until) = ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
    check(copenhagen, "sun 00:00-00:00", from, until, 23 * HOUR);
    check(copenhagen, "sun 01:00-04:00", from, until, 2 * HOUR);
    // 02:30 is skipped and becomes 03:30: half an hour until 04:00, nothing until 03:15, an hour and a half from 01:00 + 1 h.
    check(copenhagen, "sun 02:30-04:00", from, until, 30 * MINUTE);
    check(copenhagen, "sun 02:30-03:15", from, until, 0);
    check(copenhagen, "sun 01:00-02:30", from, until, 90 * MINUTE);
    check(copenhagen, "sun 02:15-02:45", from, until, 30 * MINUTE);
    check(copenhagen, "sun 02:15-02:45", "2026-03-29T01:15:00Z", "2026-03-29T01:45:00Z", 30 * MINUTE);
    // Autumn, Sunday 2026-10-25: 03:00 becomes 02:00 (01:00Z). The day has 25 hours, each of 02:00–03:00 comes twice.
    let (from, until) = ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
    check(copenhagen, "sun 00:00-00:00", from, until, 25 * HOUR);
    check(copenhagen, "sun 01:00-04:00", from, until, 4 * HOUR);
    // First occurrences: 02:30 is 00:30Z, so until 04:00 (03:00Z) 2.5 hours, since 01:00 (23:00Z) 1.5.
    check(copenhagen, "sun 02:30-04:00", from, until, 150 * MINUTE);
    check(copenhagen, "sun 01:00-02:30", from, until, 90 * MINUTE);
    check(copenhagen, "sun 02:15-02:45", "2026-10-25T01:00:00Z", until, 0);
    check(copenhagen, "sat 22:00-02:30", "2026-10-24T20:00:00Z", until, 270 * MINUTE);
    // Lord Howe moves by half an hour. Spring, Sunday 2026-10-04: 02:00 becomes 02:30, from +10:30 to +11:00 (2026-10-03T15:30Z).
    let (from, until) = ("2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z");
    check("Australia/Lord_Howe", "sun 00:00-00:00", from, until, 23 * HOUR + 30 * MINUTE);
    check("Australia/Lord_Howe", "sun 02:15-03:00", from, until, 15 * MINUTE);
    // Autumn, Sunday 2026-04-05: 02:00 becomes 01:30 (15:00Z the day before); 01:45 is first 14:45Z.
    let (from, until) = ("2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z");
    check("Australia/Lord_Howe", "sun 00:00-00:00", from, until, 24 * HOUR + 30 * MINUTE);
    check("Australia/Lord_Howe", "sun 01:45-02:00", from, until, 45 * MINUTE);
    // Kathmandu is at +05:45 all year: 09:00 is 03:15Z.
    check("Asia/Kathmandu", "mon 09:00-17:00", "2026-01-05T03:00:00Z", "2026-01-05T04:15:00Z", HOUR);
    // Havana leaves 01:00 for 00:00 in autumn: Sunday begins at its first midnight.
    check("America/Havana", "sun 00:00-00:00", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", 25 * HOUR);
    // Apia had no 30 December 2011: that Friday's wall times move forward by its 24 hours.
    check("Pacific/Apia", "fri 09:00-17:00", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z", 8 * HOUR);
}

#[test]
fn versions_follow_one_another_and_before_them_time_is_calendar_time() {
    let from = |text: &str, hours: BusinessHours| BusinessHours { from: Some(at(text)), ..hours };
    let day = version("UTC", "mon..sun 09:00-17:00", "");
    let night = version("UTC", "mon..sun 22:00-06:00", "");
    let late =
        Schedule::compile(&[from("2026-01-05T12:00:00Z", day.clone()), from("2026-01-06T23:00:00Z", night.clone())]);
    let check = |schedule: &Schedule, from: &str, until: &str, expected: i64| {
        assert_eq!(schedule.open_ms(at(from), at(until)), expected, "{from} to {until}");
    };
    // Calendar time to the 5th at noon, then 12–17 and 9–17, then 23–24 and the tail of a shift that began under the other version.
    check(&late, "2026-01-05T00:00:00Z", "2026-01-05T12:00:00Z", 12 * HOUR);
    check(&late, "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", 17 * HOUR);
    check(&late, "2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z", 9 * HOUR);
    check(&late, "2026-01-05T00:00:00Z", "2026-01-07T12:00:00Z", (17 + 9 + 6) * HOUR);
    let ever = Schedule::compile(&[day, from("2026-01-06T00:00:00Z", night)]);
    check(&ever, "1999-12-31T00:00:00Z", "2000-01-01T00:00:00Z", 8 * HOUR);
    check(&ever, "2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z", 8 * HOUR);
    check(&Schedule::compile(&[]), "2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z", 24 * HOUR);
}

#[test]
fn reaches_the_earliest_instant() {
    let office = schedule("UTC", "mon..fri 09:00-17:00", "2026-01-07");
    let hours = Hours::of(Some(&office));
    let check = |from: &str, ms: i64, days: i64, expected: Option<&str>| {
        let reached = hours.reach(at(from), ms, days * Instant::DAY_MS);
        assert_eq!(reached, expected.map(at), "{ms} ms from {from} within {days} days");
    };
    check("2026-01-05T03:00:00Z", 0, 5000, Some("2026-01-05T03:00:00Z"));
    check("2026-01-05T03:00:00Z", 1, 5000, Some("2026-01-05T09:00:00.001Z"));
    check("2026-01-05T16:00:00Z", HOUR, 5000, Some("2026-01-05T17:00:00Z"));
    check("2026-01-05T16:00:00Z", HOUR + 1, 5000, Some("2026-01-06T09:00:00.001Z"));
    check("2026-01-06T16:00:00Z", 2 * HOUR, 5000, Some("2026-01-08T10:00:00Z"));
    check("2026-01-06T16:00:00Z", 2 * HOUR, 1, None);
    // 3,000 weeks of 40 hours, less one day, are more than 5,000 days; 700 weeks are 4,900.
    check("2026-01-12T00:00:00Z", 3_000 * 40 * HOUR, 5000, None);
    check("2026-01-12T00:00:00Z", 700 * 40 * HOUR, 5000, Some("2039-06-10T17:00:00Z"));
    let closed = schedule("UTC", "", "");
    assert_eq!(Hours::of(Some(&closed)).reach(at("2026-01-05T00:00:00Z"), 1, 5000 * Instant::DAY_MS), None);
    let calendar = Hours::of(None);
    assert_eq!(calendar.reach(at("2026-01-05T00:00:00Z"), 5, 5), Some(at("2026-01-05T00:00:00.005Z")));
    assert_eq!(calendar.reach(at("2026-01-05T00:00:00Z"), 6, 5), None);
}

#[test]
fn teams_hand_a_case_on() {
    let (day, night) = (schedule("UTC", "mon..sun 09:00-17:00", ""), schedule("UTC", "mon..sun 22:00-06:00", ""));
    let [noon, same, evening] = ["2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z", "2026-01-05T23:00:00Z"].map(at);
    let hours = Hours::new(vec![(Instant::MIN, Some(&day)), (noon, None), (same, Some(&night)), (evening, None)]);
    let check = |from: &str, until: &str, expected: i64| {
        assert_eq!(hours.open_ms(at(from), at(until)), expected, "{from} to {until}");
    };
    check("2026-01-05T00:00:00Z", "2026-01-05T12:00:00Z", 3 * HOUR);
    check("2026-01-05T12:00:00Z", "2026-01-05T22:00:00Z", 0);
    check("2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", 5 * HOUR);
    assert_eq!(hours.changed_at(), Some(evening));
    let reached = hours.reach(at("2026-01-05T11:00:00Z"), 4 * HOUR, 30 * Instant::DAY_MS);
    assert_eq!(reached, Some(at("2026-01-06T01:00:00Z")));
}

#[test]
fn says_why_it_is_closed() {
    let office = schedule("UTC", "mon..fri 09:00-17:00; sat 00:00-00:00; sun 00:00-00:00", "2026-01-07");
    let hours = Hours::of(Some(&office));
    let spans: Vec<_> = hours
        .spans(at("2026-01-06T10:00:00Z"), at("2026-01-10T12:00:00Z"))
        .map(|(from, until, why)| (from.to_string()[8..16].to_owned(), until.to_string()[8..16].to_owned(), why))
        .collect();
    let expected = [
        ("06T10:00", "06T17:00", Openness::Open),
        ("06T17:00", "07T00:00", Openness::OutsideHours),
        ("07T00:00", "08T00:00", Openness::Holiday),
        ("08T00:00", "08T09:00", Openness::OutsideHours),
        ("08T09:00", "08T17:00", Openness::Open),
        ("08T17:00", "09T09:00", Openness::OutsideHours),
        ("09T09:00", "09T17:00", Openness::Open),
        ("09T17:00", "10T00:00", Openness::OutsideHours),
        ("10T00:00", "10T12:00", Openness::Open),
    ];
    assert_eq!(spans, expected.map(|(from, until, why)| (from.to_owned(), until.to_owned(), why)));
}
