//! Hours of the day and days of the week of instants in a zone: the stretches of one offset that they lie in are found once.

use crate::metric::Zone;
use crate::model::Instant;
use crate::model::period::{OffsetSpan, Span, offset_spans};

/// Most stretches that are found beforehand: some thousand years.
const MAX_STRETCHES: usize = 4_000;

/// What is read off a local clock or calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalUnit {
    /// Hour of the day, 0 to 23; of code 1 to 24.
    Hour,
    /// Day of the week, 1 Monday to 7 Sunday; of the same code.
    Day,
}

/// A zone's offsets in the stretch of time that rows lie in.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalClock {
    zone: Zone,
    stretches: Vec<OffsetSpan>,
}

/// The hour or day that an instant was last found in: from, inclusive, until, exclusive, and its code; and its stretch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Near {
    from: i64,
    until: i64,
    code: u32,
    stretch: usize,
}

impl LocalUnit {
    fn length_ms(self) -> i64 {
        match self {
            LocalUnit::Hour => 3_600_000,
            LocalUnit::Day => Instant::DAY_MS,
        }
    }

    /// Number of codes, that of no value included.
    pub fn codes(self) -> u64 {
        match self {
            LocalUnit::Hour => 25,
            LocalUnit::Day => 8,
        }
    }

    /// The code of a filter's value.
    pub fn code(self, text: &str) -> Option<u32> {
        let number = u32::try_from(text.parse::<i64>().ok()?).ok()?;
        match self {
            LocalUnit::Hour => (number < 24).then_some(number + 1),
            LocalUnit::Day => (1..=7).contains(&number).then_some(number),
        }
    }

    /// The number that a code stands for.
    pub fn number(self, code: u32) -> u32 {
        match self {
            LocalUnit::Hour => code.saturating_sub(1),
            LocalUnit::Day => code,
        }
    }
}

impl LocalClock {
    /// The clocks of a zone, ready for instants from `low` to `high`; it tells others too, only slower.
    pub fn new(zone: &Zone, low: i64, high: i64) -> LocalClock {
        let span = Span { from: Instant::from_ms(low), until: Instant::from_ms(high).plus_ms(1) };
        let stretches = if span.from < span.until { offset_spans(span, zone.rules(), MAX_STRETCHES) } else { None };
        LocalClock { zone: zone.clone(), stretches: stretches.unwrap_or_default() }
    }

    /// The code of what clocks show at an instant in milliseconds. `near` is where the last one was found, as instants often follow
    /// each other; it is of one unit.
    #[inline]
    pub fn code(&self, unit: LocalUnit, at: i64, near: &mut Near) -> u32 {
        if at < near.from || near.until <= at {
            self.find(unit, at, near);
        }
        near.code
    }

    fn find(&self, unit: LocalUnit, at: i64, near: &mut Near) {
        let (offset, stretch) = self.offset_ms(at, &mut near.stretch);
        let local = at.saturating_add(offset);
        let since = local.rem_euclid(unit.length_ms());
        // Outside known stretches nothing is said of what is near.
        near.from = (at - since).max(stretch.map_or(at, |stretch| stretch.span.from.ms()));
        near.until = (at - since + unit.length_ms()).min(stretch.map_or(at, |stretch| stretch.span.until.ms()));
        // Both are small numbers.
        near.code = match unit {
            LocalUnit::Hour => (local.rem_euclid(Instant::DAY_MS) / 3_600_000) as u32 + 1,
            // The first of 1970 was a Thursday.
            LocalUnit::Day => (local.div_euclid(Instant::DAY_MS) + 3).rem_euclid(7) as u32 + 1,
        };
    }

    fn offset_ms(&self, at: i64, near: &mut usize) -> (i64, Option<&OffsetSpan>) {
        let has = |place: usize| {
            self.stretches.get(place).filter(|stretch| stretch.span.from.ms() <= at && at < stretch.span.until.ms())
        };
        if let Some(stretch) = has(*near) {
            return (stretch.offset_ms, Some(stretch));
        }
        *near = self.stretches.partition_point(|stretch| stretch.span.until.ms() <= at);
        match has(*near) {
            Some(stretch) => (stretch.offset_ms, Some(stretch)),
            None => {
                let offset = self.zone.rules().to_offset(Instant::from_ms(at).to_timestamp());
                (i64::from(offset.seconds()) * Instant::SECOND_MS, None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_the_calendar_says() {
        for zone in ["UTC", "Europe/Copenhagen", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"] {
            let zone = Zone::find(zone).unwrap();
            let start = Instant::parse("2026-01-01T00:00:00Z").unwrap().ms();
            // The second half lies outside what it was made for.
            let clock = LocalClock::new(&zone, start, start + 180 * Instant::DAY_MS);
            let (mut hour, mut weekday) = (Near::default(), Near::default());
            for step in 0..8_760 {
                let at = start + step * 3_599_000;
                let local = zone.rules().to_datetime(Instant::from_ms(at).to_timestamp());
                assert_eq!(clock.code(LocalUnit::Hour, at, &mut hour), local.hour() as u32 + 1, "{at}");
                let day = local.weekday().to_monday_one_offset() as u32;
                assert_eq!(clock.code(LocalUnit::Day, at, &mut weekday), day, "{at}");
            }
        }
    }
}
