//! Opening hours of the offices: what the schedule lines say, and when work that takes so long is done.
//!
//! All open stretches of the years in question are laid out once, so that each of the many questions of a demo is two binary searches.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::holidays::{self, Country, plus_days};
use super::line::{BusinessHoursLine, HolidayEntry, Week};
use super::moment::{Moments, ms_of};
use crate::model::Instant;

/// A schedule of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Id of its lines.
    pub id: &'static str,
    /// Display name.
    pub name: &'static str,
    /// Where: 0 Copenhagen, 1 New York.
    pub region: usize,
    /// Whether holidays close it.
    pub keeps_holidays: bool,
    /// Hours of each weekday, Monday first; `None`: closed. An end at or before its start is next morning.
    pub week: [Option<(&'static str, &'static str)>; 7],
    /// Hours before the change a year ago, where they were others.
    pub earlier_week: Option<[Option<(&'static str, &'static str)>; 7]>,
}

const fn workdays(hours: (&'static str, &'static str)) -> [Option<(&'static str, &'static str)>; 7] {
    [Some(hours), Some(hours), Some(hours), Some(hours), Some(hours), None, None]
}

const EVERY_DAY: Option<(&str, &str)> = Some(("07:00", "23:00"));
const LATE: Option<(&str, &str)> = Some(("07:00", "01:00"));

/// Copenhagen office, New York office, extended cover of escalations.
pub const SCHEDULES: [Schedule; 3] = [
    Schedule {
        id: "copenhagen",
        name: "Copenhagen office",
        region: 0,
        keeps_holidays: true,
        week: workdays(("08:00", "17:00")),
        earlier_week: None,
    },
    Schedule {
        id: "new-york",
        name: "New York office",
        region: 1,
        keeps_holidays: true,
        week: workdays(("08:30", "18:00")),
        earlier_week: Some(workdays(("09:00", "17:00"))),
    },
    Schedule {
        id: "extended",
        name: "Extended cover",
        region: 0,
        keeps_holidays: false,
        week: [EVERY_DAY, EVERY_DAY, EVERY_DAY, EVERY_DAY, LATE, LATE, EVERY_DAY],
        earlier_week: None,
    },
];

/// Countries of the two regions.
pub const COUNTRIES: [Country; 2] = [Country::Denmark, Country::UnitedStates];

/// One schedule laid out over the years of the demo.
#[derive(Clone, Debug)]
pub struct Office {
    starts: Vec<i64>,
    ends: Vec<i64>,
    /// Open milliseconds up to each end.
    totals: Vec<i64>,
}

impl Office {
    /// Lays the schedule out from a year before the demo to a year after.
    pub fn lay_out(schedule: &Schedule, moments: &Moments) -> Office {
        let zone = &moments.zones[schedule.region];
        let first = plus_days(moments.local(schedule.region, moments.start).date(), -7);
        let last = plus_days(moments.local(schedule.region, moments.now).date(), 400);
        let closed: Vec<Date> = match schedule.keeps_holidays {
            true => (first.year()..=last.year())
                .flat_map(|year| holidays::of_year(COUNTRIES[schedule.region], year))
                .map(|(date, _)| date)
                .collect(),
            false => Vec::new(),
        };
        let change = moments.local(schedule.region, moments.change_at(schedule.region)).date();
        let mut office = Office { starts: Vec::new(), ends: Vec::new(), totals: Vec::new() };
        for date in first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last) {
            let week = schedule.earlier_week.filter(|_| date < change).unwrap_or(schedule.week);
            let hours = week[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
            if let Some((from, until)) = hours.filter(|_| !closed.contains(&date)) {
                let end = if until <= from { plus_days(date, 1) } else { date };
                office.open(wall(zone, date, from), wall(zone, end, until));
            }
        }
        office
    }

    fn open(&mut self, from: i64, until: i64) {
        // The late night of the extended cover ends before the next morning begins, so stretches never overlap.
        let before = self.totals.last().copied().unwrap_or(0);
        self.starts.push(from);
        self.ends.push(until);
        self.totals.push(before + (until - from).max(0));
    }

    /// Indicates the office is open.
    pub fn is_open(&self, at: Instant) -> bool {
        let next = self.starts.partition_point(|start| *start <= at.ms());
        next > 0 && at.ms() < self.ends[next - 1]
    }

    /// The instant at which `work_ms` of open time have passed since `at`; in open hours, unless the layout ends first.
    pub fn after(&self, at: Instant, work_ms: i64) -> Instant {
        let next = self.starts.partition_point(|start| *start <= at.ms());
        let worked = match next.checked_sub(1) {
            Some(i) => self.totals[i] - (self.ends[i] - at.ms().min(self.ends[i])),
            None => 0,
        };
        let wanted = worked + work_ms.max(0);
        let found = self.totals.partition_point(|total| *total <= wanted);
        match self.totals.get(found) {
            Some(total) => Instant::from_ms(self.ends[found] - (total - wanted)),
            None => at.plus_ms(work_ms),
        }
    }
}

fn wall(zone: &TimeZone, date: Date, time: &str) -> i64 {
    let number = |text: Option<&str>| text.and_then(|digits| digits.parse::<i8>().ok()).unwrap_or(0);
    let mut parts = time.split(':');
    let (hour, minute) = (number(parts.next()), number(parts.next()));
    ms_of(date.at(hour, minute, 0, 0), zone)
}

/// The schedule lines: one a version.
pub fn lines(moments: &Moments) -> Vec<BusinessHoursLine> {
    let mut lines = Vec::new();
    for schedule in &SCHEDULES {
        let line = |week, from| BusinessHoursLine {
            kind: "business_hours",
            id: schedule.id,
            from,
            name: schedule.name,
            timezone: super::moment::ZONES[schedule.region],
            weekly: week_of(week),
            holidays: if schedule.keeps_holidays { holiday_entries(schedule.region, moments) } else { Vec::new() },
        };
        lines.push(line(schedule.earlier_week.unwrap_or(schedule.week), None));
        if schedule.earlier_week.is_some() {
            lines.push(line(schedule.week, Some(moments.change_at(schedule.region))));
        }
    }
    lines
}

fn week_of(week: [Option<(&'static str, &'static str)>; 7]) -> Week {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let open = names.into_iter().zip(week);
    open.filter_map(|(name, hours)| hours.map(|(from, until)| (name, [[from, until]]))).collect()
}

fn holiday_entries(region: usize, moments: &Moments) -> Vec<HolidayEntry> {
    let years = moments.local(region, moments.start).year()..=moments.local(region, moments.now).year() + 1;
    let mut days: Vec<_> = years.flat_map(|year| holidays::of_year(COUNTRIES[region], year)).collect();
    days.sort();
    days.into_iter().map(|(date, name)| HolidayEntry { date: date.to_string(), name }).collect()
}

/// Indicates a Saturday or Sunday.
pub fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
