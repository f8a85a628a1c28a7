//! What holds for every schedule, and that every schedule leaves open exactly the minutes that the rules say.

use proptest::collection::vec;
use proptest::prelude::*;

use super::naive::OpenMinutes;
use crate::model::{BusinessHours, DayInterval, Holiday, Instant};
use crate::record::schedule::{HORIZON_MS, Hours, Openness, Schedule};

/// Zones with clock changes of an hour, of half an hour, at midnight, and with odd offsets.
const ZONES: [&str; 7] = [
    "UTC",
    "Europe/Copenhagen",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
    "America/St_Johns",
    "Africa/Cairo",
];

/// Days near which those zones change their clocks, and two others; midnight in UTC.
const DAYS: [&str; 8] =
    ["2026-03-29", "2026-10-25", "2026-04-05", "2026-10-04", "2026-03-08", "2026-11-01", "2026-04-24", "2025-12-31"];

/// A second near one of the days, five days before it.
pub(crate) fn any_anchor() -> impl Strategy<Value = i64> {
    (0..DAYS.len()).prop_map(|day| {
        let midnight = Instant::parse(&format!("{}T00:00:00Z", DAYS[day])).unwrap();
        midnight.ms() / 1000 - 5 * 86_400
    })
}

fn any_interval() -> impl Strategy<Value = DayInterval> {
    let minute = || prop_oneof![(0u16..24).prop_map(|hour| hour * 60), (0u16..96).prop_map(|q| q * 15), 0u16..1440];
    (minute(), prop_oneof![minute(), Just(1440)])
        .prop_map(|(from_minute, until_minute)| DayInterval { from_minute, until_minute })
}

/// A version without start, with holidays in the ten days after `anchor`.
pub(crate) fn any_hours(anchor: i64) -> impl Strategy<Value = BusinessHours> {
    let week = vec(vec(any_interval(), 0..3), 7);
    (0..ZONES.len(), week, vec(0i64..11, 0..3)).prop_map(move |(zone, week, holidays)| {
        let date = |day: i64| {
            let at = Instant::from_ms((anchor + day * 86_400) * 1000).to_timestamp();
            Holiday { date: at.to_zoned(jiff::tz::TimeZone::UTC).date(), name: None }
        };
        BusinessHours {
            timezone: ZONES[zone].to_owned(),
            weekly: week.try_into().unwrap(),
            holidays: holidays.into_iter().map(date).collect(),
            ..BusinessHours::named("h", None)
        }
    })
}

fn at(second: i64) -> Instant {
    Instant::from_ms(second * 1000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn leaves_open_what_the_wall_clock_says(
        (anchor, hours) in any_anchor().prop_flat_map(|anchor| (Just(anchor), any_hours(anchor))),
    ) {
        let until = anchor + 10 * 86_400;
        let open = OpenMinutes::new(&hours, anchor, until);
        let schedule = Schedule::compile(&[hours]);
        for second in (anchor..until).step_by(60) {
            let expected = if open.is_open(second) { 60_000 } else { 0 };
            prop_assert_eq!(schedule.open_ms(at(second), at(second + 60)), expected, "{}", at(second));
        }
    }

    #[test]
    fn is_additive_within_calendar_time_and_reached_where_counted(
        (anchor, team, other) in any_anchor().prop_flat_map(|anchor| (Just(anchor), any_hours(anchor), any_hours(anchor))),
        mut cuts in vec(0i64..400 * 86_400_000, 3),
        changes in vec(0i64..400 * 86_400_000, 0..3),
    ) {
        let compiled = [Schedule::compile(&[team]), Schedule::compile(&[other])];
        let mut changes: Vec<i64> = changes;
        changes.sort_unstable();
        let start = Instant::from_ms(anchor * 1000);
        let mut spans = vec![(Instant::MIN, Some(&compiled[0]))];
        for (index, ms) in changes.iter().enumerate() {
            spans.push((start.plus_ms(*ms), [Some(&compiled[1]), None, Some(&compiled[0])][index % 3]));
        }
        let hours = Hours::new(spans);
        cuts.sort_unstable();
        let [a, b, c] = [0, 1, 2].map(|cut: usize| start.plus_ms(cuts[cut]));
        let (first, second) = (hours.open_ms(a, b), hours.open_ms(b, c));
        prop_assert_eq!(first + second, hours.open_ms(a, c));
        prop_assert!(0 <= first && first <= b.since(a));

        // The instant reached counts as asked for, and no earlier one does.
        let wanted = second / 2;
        let reached = hours.reach(b, wanted, HORIZON_MS).unwrap();
        prop_assert!(reached <= c);
        prop_assert_eq!(hours.open_ms(b, reached), wanted);
        prop_assert!(wanted == 0 || hours.open_ms(b, reached.plus_ms(-1)) == wanted - 1);
        prop_assert_eq!(hours.reach(b, second + 1, c.since(b)), None);

        // The parts follow one another, differ from their neighbours, and the open ones sum to the count.
        let (mut next, mut open_ms, mut last) = (a, 0, None);
        for (from, until, openness) in hours.spans(a, b) {
            prop_assert_eq!(from, next);
            prop_assert!(from < until && last != Some(openness));
            prop_assert_eq!(hours.open_ms(from, until), if openness == Openness::Open { until.since(from) } else { 0 });
            open_ms += hours.open_ms(from, until);
            (next, last) = (until, Some(openness));
        }
        prop_assert_eq!(next, b);
        prop_assert_eq!(open_ms, first);
    }
}

#[test]
fn counts_four_hundred_days_minute_by_minute() {
    // The 400 days hold a change into summer time, one back and, in Cairo, a Friday's midnight that is skipped.
    for (zone, from) in [("Europe/Copenhagen", "2025-10-01"), ("Africa/Cairo", "2026-01-01")] {
        let shift = |from_minute: u16, until_minute: u16| vec![DayInterval { from_minute, until_minute }];
        let weekly = [(540, 1020), (0, 0), (1320, 150), (75, 165), (1439, 1), (0, 1440), (120, 120)];
        let hours = BusinessHours {
            timezone: zone.to_owned(),
            weekly: weekly.map(|(from, until)| shift(from, until)),
            ..BusinessHours::named("h", None)
        };
        let from = Instant::parse(&format!("{from}T00:00:00Z")).unwrap().ms() / 1000;
        let until = from + 400 * 86_400;
        let open = OpenMinutes::new(&hours, from, until);
        let expected: i64 = (from..until).step_by(60).map(|second| i64::from(open.is_open(second)) * 60_000).sum();
        assert_eq!(Schedule::compile(&[hours]).open_ms(at(from), at(until)), expected, "{zone}");
    }
}
