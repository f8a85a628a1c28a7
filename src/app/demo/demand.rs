//! When cases come: growth, season, weekday, hour of the day in each region's own time, holidays, and days when the app is down.

use jiff::civil::DateTime;

use super::chance::{Chance, Purpose};
use super::holidays;
use super::moment::{HOUR_MS, Moments};
use super::office::COUNTRIES;
use crate::model::Instant;

/// January to December.
const SEASON: [f64; 12] = [0.75, 0.8, 1.0, 1.15, 1.3, 1.25, 1.1, 1.05, 0.95, 0.85, 1.1, 1.0];
/// Monday to Sunday.
const WEEKDAY: [f64; 7] = [1.3, 1.12, 1.04, 1.0, 0.94, 0.42, 0.36];
/// Hours of the day.
const HOUR: [f64; 24] = [
    0.1, 0.06, 0.04, 0.03, 0.04, 0.08, 0.25, 0.6, 1.3, 1.9, 2.1, 2.0, 1.6, 1.7, 1.9, 1.8, 1.4, 1.0, 0.75, 0.8, 0.8,
    0.6, 0.4, 0.2,
];
/// Shares of the regions at the start and at the end.
const REGION: [[f64; 2]; 2] = [[0.7, 0.58], [0.3, 0.42]];
const INCIDENTS: u64 = 8;

/// The instants at which the cases of a plan come, in order.
#[derive(Clone, Debug)]
pub struct Demand {
    moments: Moments,
    cases: u32,
    seed: u64,
    /// Demand of each hour by region, and of all hours up to its end.
    hours: Vec<([f64; 2], f64)>,
    /// First and last hour of each incident.
    incidents: Vec<(usize, usize)>,
}

/// When and where a case comes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrival {
    /// When.
    pub at: Instant,
    /// Region of the customer.
    pub region: usize,
    /// Indicates the app was down then.
    pub is_incident: bool,
}

impl Demand {
    /// Spreads so many cases over the two years.
    pub fn spread(seed: u64, cases: u32, moments: &Moments) -> Demand {
        let span = moments.now.since(moments.start).max(1);
        let count = (span / HOUR_MS + 1) as usize;
        let mut chance = Chance::new(seed, Purpose::Demand, 0);
        let mut incident = || {
            let first = chance.below(count);
            (first, first + chance.between(3, 9) as usize)
        };
        let incidents: Vec<(usize, usize)> = (0..INCIDENTS).map(|_| incident()).collect();
        let mut hours = Vec::with_capacity(count);
        let mut total = 0.0;
        for hour in 0..count {
            let from = moments.start.plus_ms(hour as i64 * HOUR_MS);
            // The hour that now cuts counts for the part that has been.
            let share = (moments.now.since(from).min(HOUR_MS)) as f64 / HOUR_MS as f64;
            let noise = Chance::new(seed, Purpose::Demand, 1 + hour as u64 / 24).around(1.0, 0.14);
            let is_incident = incidents.iter().any(|(first, last)| (*first..*last).contains(&hour));
            let level = share * noise * if is_incident { 3.0 } else { 1.0 };
            let regions = [0, 1].map(|region| level * pull(moments, region, from));
            total += regions[0] + regions[1];
            hours.push((regions, total));
        }
        Demand { moments: moments.clone(), cases, seed, hours, incidents }
    }

    /// The arrival of a case: the earliest is 0.
    pub fn arrival(&self, case: u32) -> Arrival {
        let mut chance = Chance::new(self.seed, Purpose::Demand, (1 << 32) + u64::from(case));
        let total = self.hours.last().map_or(0.0, |(_, total)| *total);
        let wanted = (f64::from(case) + chance.unit()) / f64::from(self.cases.max(1)) * total;
        let hour = self.hours.partition_point(|(_, total)| *total <= wanted).min(self.hours.len().saturating_sub(1));
        let ([europe, americas], until) = self.hours[hour];
        let into = 1.0 - ((until - wanted) / (europe + americas)).clamp(0.0, 1.0);
        let from = self.moments.start.plus_ms(hour as i64 * HOUR_MS);
        let length = self.moments.now.since(from).min(HOUR_MS);
        Arrival {
            at: from.plus_ms((into * length as f64) as i64),
            region: usize::from(chance.hit(americas / (europe + americas))),
            is_incident: self.incidents.iter().any(|(first, last)| (*first..*last).contains(&hour)),
        }
    }
}

fn pull(moments: &Moments, region: usize, at: Instant) -> f64 {
    let local: DateTime = moments.local(region, at);
    let date = local.date();
    let [before, after] = REGION[region];
    let progress = moments.progress(at);
    let is_holiday = holidays::of_year(COUNTRIES[region], date.year()).iter().any(|(day, _)| *day == date);
    (before + (after - before) * progress)
        * (1.0 + 0.7 * progress)
        * SEASON[usize::from((date.month() - 1).unsigned_abs())]
        * WEEKDAY[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
        * HOUR[usize::from(local.hour().unsigned_abs())]
        * if is_holiday { 0.45 } else { 1.0 }
}
