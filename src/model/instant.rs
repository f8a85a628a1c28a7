//! Instants: milliseconds since 1970 in UTC. All arithmetic of the program is on them; zones only enter where a calendar does.

use std::fmt;

/// An instant in UTC, in milliseconds since the Unix epoch (negative before it). Always within years −9999 to 9999. The default
/// is the epoch. Where it is stored it is that number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// Milliseconds in a second.
    pub const SECOND_MS: i64 = 1_000;
    /// Milliseconds in a day of 24 hours.
    pub const DAY_MS: i64 = 86_400_000;
    /// The earliest instant that a calendar can show.
    pub const MIN: Instant = Instant(-377_705_023_201_000);
    /// The latest instant that a calendar can show, in whole seconds.
    pub const MAX: Instant = Instant(253_402_207_200_000);

    /// The instant that many milliseconds after the epoch, clamped to what a calendar can show.
    pub fn from_ms(ms: i64) -> Instant {
        Instant(ms.clamp(Self::MIN.0, Self::MAX.0))
    }
    /// Milliseconds since the epoch.
    pub const fn ms(self) -> i64 {
        self.0
    }
    /// Reads RFC 3339 with an offset (`2026-03-29T01:30:00+01:00`); digits past the millisecond are cut off.
    /// `None` for anything else.
    pub fn parse(text: &str) -> Option<Instant> {
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        Some(Instant::from_timestamp(timestamp))
    }
    /// The same instant for calendar work.
    pub fn to_timestamp(self) -> jiff::Timestamp {
        // Clamped on construction, so this never falls back.
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
    /// The instant of a timestamp, cut to the millisecond at or before it.
    pub fn from_timestamp(timestamp: jiff::Timestamp) -> Instant {
        let ms = timestamp.as_nanosecond().div_euclid(1_000_000);
        Instant::from_ms(i64::try_from(ms).unwrap_or(0))
    }
    /// The instant that many milliseconds later (earlier when negative), clamped.
    pub fn plus_ms(self, ms: i64) -> Instant {
        Instant::from_ms(self.0.saturating_add(ms))
    }
    /// Milliseconds from `earlier` to this instant; `None` when that would be negative (SEMANTICS 8.1).
    pub const fn duration_since(self, earlier: Instant) -> Option<i64> {
        let ms = self.since(earlier);
        if ms < 0 { None } else { Some(ms) }
    }
    /// Milliseconds from `earlier` to this instant; negative when `earlier` is later.
    pub const fn since(self, earlier: Instant) -> i64 {
        self.0 - earlier.0
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-03-29T00:30:00.000Z`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_timestamp())
    }
}

/// Milliseconds over `count` as whole seconds, rounded half away from zero; 0 of nothing.
pub fn whole_seconds(ms: Option<i64>, count: i32) -> i32 {
    let (Some(ms), true) = (ms, count > 0) else { return 0 };
    let divisor = i128::from(count) * 1000;
    let twice = 2 * i128::from(ms.abs()) + divisor;
    let rounded = twice / (2 * divisor) * i128::from(ms.signum());
    i32::try_from(rounded).unwrap_or(if ms > 0 { i32::MAX } else { i32::MIN })
}

#[cfg(test)]
mod tests {
    use super::{Instant, whole_seconds};

    #[test]
    fn reads_offsets_and_prints_utc_with_milliseconds() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Instant::parse(text).map(|i| i.to_string()).as_deref(), expected, "{text}");
        };
        check("2026-03-29T01:30:00+01:00", Some("2026-03-29T00:30:00.000Z"));
        check("2026-03-29T01:30:00.1239Z", Some("2026-03-29T01:30:00.123Z"));
        check("1969-12-31T23:59:59.9999Z", Some("1969-12-31T23:59:59.999Z"));
        check("2026-03-29T01:30:00", None);
        check("2026-03-29", None);
        check("yesterday", None);
    }

    #[test]
    fn keeps_within_the_calendar() {
        assert_eq!(Instant::from_ms(i64::MAX), Instant::MAX);
        assert_eq!(Instant::from_ms(i64::MIN), Instant::MIN);
        assert_eq!(Instant::MAX.to_timestamp().as_millisecond(), Instant::MAX.ms());
        assert_eq!(Instant::MIN.to_timestamp().as_millisecond(), Instant::MIN.ms());
    }

    #[test]
    fn whole_seconds_round_half_away_from_zero() {
        let check =
            |ms: Option<i64>, count: i32, expected: i32| assert_eq!(whole_seconds(ms, count), expected, "{ms:?}");
        check(None, 1, 0);
        check(Some(5_000), 0, 0);
        check(Some(1_499), 1, 1);
        check(Some(1_500), 1, 2);
        check(Some(-1_500), 1, -2);
        check(Some(3_000), 2, 2);
        check(Some(2_999), 2, 1);
        check(Some(i64::MAX), 1, i32::MAX);
    }
}
