//! The open minutes of one version of a schedule, written a second time straight from the rules: every minute is looked at, and
//! local time is only ever the offset of the zone at that minute. Shares no code with the schedules it checks.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::BusinessHours;

/// Minutes in a day.
const DAY: i64 = 1440;
/// Minutes looked at before and after those asked for, so that shifts that reach in are seen.
const MARGIN: i64 = 4 * DAY;

/// Which minutes are open.
pub(crate) struct OpenMinutes {
    first: i64,
    open: Vec<bool>,
}

/// Wall minutes since 1970-01-01T00:00 of consecutive UTC minutes.
struct Walls {
    first: i64,
    walls: Vec<i64>,
    first_occurrence: HashMap<i64, i64>,
}

impl OpenMinutes {
    /// The minutes of `[from, until)`, in seconds since the epoch.
    pub(crate) fn new(hours: &BusinessHours, from: i64, until: i64) -> OpenMinutes {
        let (first, last) = (from.div_euclid(60) - MARGIN, until.div_euclid(60) + 1 + MARGIN);
        let walls = Walls::of(&TimeZone::get(&hours.timezone).unwrap(), first, last);
        let mut open = vec![false; walls.walls.len()];
        let (first_day, last_day) =
            (walls.walls[0].div_euclid(DAY) + 1, walls.walls.last().unwrap().div_euclid(DAY) - 1);
        for day in first_day..last_day {
            for interval in &hours.weekly[weekday(day)] {
                let (from, until) = (i64::from(interval.from_minute), i64::from(interval.until_minute));
                let until = if until <= from { until + DAY } else { until };
                walls.set(&mut open, day * DAY + from, day * DAY + until, true);
            }
        }
        for holiday in &hours.holidays {
            let day = day_number(holiday.date);
            if (first_day..last_day).contains(&day) {
                walls.set(&mut open, day * DAY, (day + 1) * DAY, false);
            }
        }
        let minutes = OpenMinutes { first, open };
        minutes.check_quiet_days(hours, &walls);
        minutes
    }

    /// Whether a second is open.
    pub(crate) fn is_open(&self, second: i64) -> bool {
        self.open[usize::try_from(second.div_euclid(60) - self.first).unwrap()]
    }

    /// Where no clock was changed for days, the answer is simply what a look at the clock and the calendar on the wall says.
    fn check_quiet_days(&self, hours: &BusinessHours, walls: &Walls) {
        let offset = |index: usize| walls.walls[index] - walls.first - i64::try_from(index).unwrap();
        let margin = usize::try_from(MARGIN).unwrap() / 2;
        for index in (margin..walls.walls.len() - margin).step_by(7) {
            if offset(index - margin) != offset(index) || offset(index + margin) != offset(index) {
                continue;
            }
            let (day, minute) = (walls.walls[index].div_euclid(DAY), walls.walls[index].rem_euclid(DAY));
            let is_holiday = hours.holidays.iter().any(|holiday| day_number(holiday.date) == day);
            let of_today = hours.weekly[weekday(day)].iter().any(|interval| {
                let (from, until) = (i64::from(interval.from_minute), i64::from(interval.until_minute));
                from <= minute && (minute < until || until <= from)
            });
            let of_yesterday = hours.weekly[weekday(day - 1)].iter().any(|interval| {
                interval.until_minute <= interval.from_minute && minute < i64::from(interval.until_minute)
            });
            assert_eq!(self.open[index], !is_holiday && (of_today || of_yesterday), "minute {minute} of day {day}");
        }
    }
}

impl Walls {
    fn of(zone: &TimeZone, first: i64, last: i64) -> Walls {
        let offset = |minute: i64| zone.to_offset(Timestamp::from_second(minute * 60).unwrap()).seconds() / 60;
        let walls: Vec<i64> = (first..last).map(|minute| minute + i64::from(offset(minute))).collect();
        let mut first_occurrence = HashMap::new();
        for (minute, wall) in (first..).zip(&walls) {
            first_occurrence.entry(*wall).or_insert(minute);
        }
        Walls { first, walls, first_occurrence }
    }

    /// The UTC minute of a wall time: its first occurrence, moved forward by the gap when skipped.
    fn minute(&self, wall: i64) -> i64 {
        if let Some(minute) = self.first_occurrence.get(&wall) {
            return *minute;
        }
        let before = (1..).map(|back| wall - back).find(|wall| self.first_occurrence.contains_key(wall)).unwrap();
        let after = (1..).map(|on| wall + on).find(|wall| self.first_occurrence.contains_key(wall)).unwrap();
        let gap = after - before - 1;
        self.first_occurrence[&(wall + gap)]
    }

    fn set(&self, open: &mut [bool], from: i64, until: i64, value: bool) {
        for minute in self.minute(from)..self.minute(until) {
            open[usize::try_from(minute - self.first).unwrap()] = value;
        }
    }
}

/// Monday is 0; 1970-01-01 was a Thursday.
fn weekday(day: i64) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap()
}

fn day_number(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC).unwrap().timestamp().as_second() / 86_400
}
