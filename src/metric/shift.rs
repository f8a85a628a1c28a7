//! Earlier spans that a figure is compared with (SEMANTICS 7.2 and 8.1).

use jiff::civil::Time;
use jiff::fmt::temporal::SpanParser;
use jiff::{SignedDuration, ToSpan};

use super::bucket::{Grain, unit_of};
use super::scope::{Origin, Scope, Zone};
use crate::model::period::start_of_day;
use crate::model::{Instant, Span, words};

words! {
    /// How far back.
    Shift {
        /// The span before: by one calendar unit, by as many local days, or by the same length.
        PreviousPeriod = "previous_period",
        /// A week earlier.
        SamePeriodPreviousWeek = "same_period_previous_week",
        /// A month earlier.
        SamePeriodPreviousMonth = "same_period_previous_month",
        /// A year earlier.
        SamePeriodPreviousYear = "same_period_previous_year",
    }
}

impl Scope {
    /// The same question about the earlier span; `None` when that lies before the calendar.
    pub fn shifted(&self, shift: Shift) -> Option<Scope> {
        let both = |span: jiff::Span| {
            let from = back(self.span.from, span, &self.zone)?;
            Some(Span { from, until: back(self.span.until, span, &self.zone)? })
        };
        let span = match shift {
            Shift::SamePeriodPreviousWeek => both(1.week()),
            Shift::SamePeriodPreviousMonth => both(1.month()),
            Shift::SamePeriodPreviousYear => both(1.year()),
            Shift::PreviousPeriod => match &self.origin {
                Origin::Unit(grain) => both(length(*grain)),
                Origin::Days(days) => both(i64::from(*days).days()),
                Origin::Last(duration) => {
                    let span = SpanParser::new().parse_span(duration).ok()?;
                    let earlier = |at: Instant| {
                        let zoned = at.to_timestamp().to_zoned(self.zone.rules().clone()).checked_sub(span).ok()?;
                        Some(Instant::from_timestamp(zoned.timestamp()))
                    };
                    Some(Span { from: earlier(self.span.from)?, until: earlier(self.span.until)? })
                }
                Origin::Bucket(grain) => {
                    let unit = unit_of(self.span.from, *grain, &self.zone);
                    Some(unit_of(unit.from.plus_ms(-1), *grain, &self.zone))
                }
                Origin::Interval => self.before(),
            },
        }?;
        (span.from <= span.until).then(|| self.during(span, self.origin.clone()))
    }

    /// The span just before: as many local days when both ends are local midnights, else as many milliseconds.
    fn before(&self) -> Option<Span> {
        let Span { from, until } = self.span;
        let local = |at: Instant| self.zone.rules().to_datetime(at.to_timestamp());
        let is_midnight = |at: Instant| start_of_day(local(at).date(), self.zone.rules()) == Some(at);
        if is_midnight(from) && is_midnight(until) {
            let days = (local(until).date() - local(from).date()).get_days();
            return Some(Span { from: back(from, i64::from(days).days(), &self.zone)?, until: from });
        }
        let earlier = from.to_timestamp().checked_sub(SignedDuration::from_millis(until.since(from))).ok()?;
        Some(Span { from: Instant::from_timestamp(earlier), until: from })
    }
}

fn length(grain: Grain) -> jiff::Span {
    match grain {
        Grain::Hour => 1.hour(),
        Grain::Day => 1.day(),
        Grain::Week => 1.week(),
        Grain::Month => 1.month(),
        Grain::Quarter => 3.months(),
        Grain::Year => 1.year(),
    }
}

/// The same wall clock that much earlier; a day's first instant stays one, and a day that a month lacks becomes its last.
fn back(at: Instant, span: jiff::Span, zone: &Zone) -> Option<Instant> {
    let local = zone.rules().to_datetime(at.to_timestamp());
    if start_of_day(local.date(), zone.rules()) == Some(at) {
        return start_of_day(local.date().checked_sub(span).ok()?, zone.rules());
    }
    let earlier = local.checked_sub(span).ok()?;
    if earlier.time() == Time::midnight() {
        return start_of_day(earlier.date(), zone.rules());
    }
    let timestamp = zone.rules().to_ambiguous_timestamp(earlier).compatible().ok()?;
    Some(Instant::from_timestamp(timestamp))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Period, PeriodPreset};

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn check(period: Period, now: &str, shift: Shift, expected: (&str, &str)) {
        let zone = Zone::find("Europe/Copenhagen").unwrap();
        let scope = Scope::resolve(&period, zone, None, at(now)).unwrap().shifted(shift).unwrap();
        let short = |i: Instant| i.to_string().replace(":00.000Z", "Z");
        assert_eq!((short(scope.span.from).as_str(), short(scope.span.until).as_str()), expected, "{period:?}");
    }

    fn preset(word: &str) -> Period {
        Period::Preset(PeriodPreset::from_word(word).unwrap())
    }

    #[test]
    fn presets_move_by_their_unit() {
        use Shift::*;
        let now = "2026-11-11T14:00:00Z";
        check(preset("this_month"), now, PreviousPeriod, ("2026-09-30T22:00Z", "2026-10-11T13:00Z"));
        check(preset("previous_month"), now, PreviousPeriod, ("2026-08-31T22:00Z", "2026-09-30T22:00Z"));
        check(preset("today"), now, PreviousPeriod, ("2026-11-09T23:00Z", "2026-11-10T14:00Z"));
        check(preset("this_week"), now, PreviousPeriod, ("2026-11-01T23:00Z", "2026-11-04T14:00Z"));
        check(preset("this_quarter"), now, PreviousPeriod, ("2026-06-30T22:00Z", "2026-08-11T13:00Z"));
        check(preset("this_year"), now, PreviousPeriod, ("2024-12-31T23:00Z", "2025-11-11T14:00Z"));
        check(preset("this_month"), "2026-03-31T10:00:00Z", PreviousPeriod, ("2026-01-31T23:00Z", "2026-02-28T11:00Z"));
        check(preset("last_7_days"), now, PreviousPeriod, ("2026-10-28T23:00Z", "2026-11-04T14:00Z"));
        check(preset("today"), now, SamePeriodPreviousWeek, ("2026-11-03T23:00Z", "2026-11-04T14:00Z"));
        check(preset("today"), now, SamePeriodPreviousMonth, ("2026-10-10T22:00Z", "2026-10-11T13:00Z"));
        check(preset("today"), now, SamePeriodPreviousYear, ("2025-11-10T23:00Z", "2025-11-11T14:00Z"));
    }

    #[test]
    fn durations_and_intervals_move_by_their_length() {
        let now = "2026-03-30T10:00:00Z";
        check(Period::Last("P2D".into()), now, Shift::PreviousPeriod, ("2026-03-26T11:00Z", "2026-03-28T11:00Z"));
        check(Period::Last("PT12H".into()), now, Shift::PreviousPeriod, ("2026-03-29T10:00Z", "2026-03-29T22:00Z"));
        let interval = |from: &str, until: &str| Period::Interval { from: at(from), until: at(until) };
        // Two local days, of 24 and 23 hours: the two before have 24 each.
        let days = interval("2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z");
        check(days, now, Shift::PreviousPeriod, ("2026-03-25T23:00Z", "2026-03-27T23:00Z"));
        let hours = interval("2026-03-28T00:00:00Z", "2026-03-29T22:00:00Z");
        check(hours, now, Shift::PreviousPeriod, ("2026-03-26T02:00Z", "2026-03-28T00:00Z"));
    }

    #[test]
    fn buckets_move_to_the_whole_unit_before() {
        let zone = Zone::find("Europe/Copenhagen").unwrap();
        let period = Period::Interval { from: at("2026-03-29T10:00:00Z"), until: at("2026-03-30T10:00:00Z") };
        let scope = Scope::resolve(&period, zone, None, at("2026-04-01T00:00:00Z")).unwrap();
        let before =
            |grain| scope.during(scope.span, Origin::Bucket(grain)).shifted(Shift::PreviousPeriod).unwrap().span;
        let span = |from: &str, until: &str| Span { from: at(from), until: at(until) };
        assert_eq!(before(Grain::Day), span("2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z"));
        assert_eq!(before(Grain::Hour), span("2026-03-29T09:00:00Z", "2026-03-29T10:00:00Z"));
        assert_eq!(before(Grain::Week), span("2026-03-15T23:00:00Z", "2026-03-22T23:00:00Z"));
    }
}
