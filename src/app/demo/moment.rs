//! The two years that a demo spans, and the wall clocks of its two regions.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::model::Instant;

/// IANA zones of the regions: Europe, the Americas.
pub const ZONES: [&str; 2] = ["Europe/Copenhagen", "America/New_York"];

/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// First and last instant of a demo, and its zones.
#[derive(Clone, Debug)]
pub struct Moments {
    /// Two years before `now`.
    pub start: Instant,
    /// Nothing happens later.
    pub now: Instant,
    /// Zones of the regions, as `ZONES`.
    pub zones: [TimeZone; 2],
}

impl Moments {
    /// The two years up to `now`.
    pub fn until(now: Instant) -> Moments {
        // The zone database is compiled in, so the names are always found.
        let zones = ZONES.map(|name| TimeZone::get(name).unwrap_or(TimeZone::UTC));
        let wall = zones[0].to_datetime(now.to_timestamp());
        let start = wall.saturating_sub(jiff::Span::new().years(2));
        Moments { start: Instant::from_ms(ms_of(start, &zones[0])), now, zones }
    }

    /// Wall time of a region.
    pub fn local(&self, region: usize, at: Instant) -> DateTime {
        self.zones[region].to_datetime(at.to_timestamp())
    }

    /// When policies and hours were changed: local midnight of the first of the month, a year before now.
    pub fn change_at(&self, region: usize) -> Instant {
        let month = self.local(region, self.now).date().first_of_month();
        let year_ago = month.saturating_sub(jiff::Span::new().years(1));
        Instant::from_ms(ms_of(year_ago.at(0, 0, 0, 0), &self.zones[region]))
    }

    /// How far into the two years an instant is: 0 to 1.
    pub fn progress(&self, at: Instant) -> f64 {
        at.since(self.start) as f64 / self.now.since(self.start).max(1) as f64
    }
}

/// Milliseconds since the epoch of a wall time; one that DST skips moves forward, of one that comes twice it is the first.
pub fn ms_of(wall: DateTime, zone: &TimeZone) -> i64 {
    zone.to_ambiguous_timestamp(wall).compatible().map_or(0, |timestamp| timestamp.as_millisecond())
}
