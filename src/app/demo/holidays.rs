//! Public holidays of the two offices, by rule, so that any two years have theirs.

use jiff::civil::{Date, Weekday};

/// Country whose holidays an office keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// Denmark.
    Denmark,
    /// United States.
    UnitedStates,
}

/// The holidays of a country in a year that close the office, in no order.
pub fn of_year(country: Country, year: i16) -> Vec<(Date, &'static str)> {
    match country {
        Country::Denmark => {
            let easter = easter_sunday(year);
            let mut days = vec![
                (day(year, 1, 1), "New Year's Day"),
                (day(year, 6, 5), "Constitution Day"),
                (day(year, 12, 24), "Christmas Eve"),
                (day(year, 12, 25), "Christmas Day"),
                (day(year, 12, 26), "Second Christmas Day"),
                (day(year, 12, 31), "New Year's Eve"),
            ];
            let after_easter = [
                (-3, "Maundy Thursday"),
                (-2, "Good Friday"),
                (1, "Easter Monday"),
                (39, "Ascension Day"),
                (50, "Whit Monday"),
            ];
            days.extend(after_easter.map(|(offset, name)| (plus_days(easter, offset), name)));
            days
        }
        Country::UnitedStates => vec![
            (day(year, 1, 1), "New Year's Day"),
            (nth(year, 1, 3, Weekday::Monday), "Martin Luther King Jr. Day"),
            (nth(year, 5, -1, Weekday::Monday), "Memorial Day"),
            (day(year, 6, 19), "Juneteenth"),
            (day(year, 7, 4), "Independence Day"),
            (nth(year, 9, 1, Weekday::Monday), "Labor Day"),
            (nth(year, 11, 4, Weekday::Thursday), "Thanksgiving"),
            (day(year, 12, 25), "Christmas Day"),
        ],
    }
}

/// That day; the epoch for one that no calendar has, which the rules above never ask for.
pub fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::constant(1970, 1, 1))
}

/// The day that many days later.
pub fn plus_days(date: Date, days: i32) -> Date {
    date.saturating_add(jiff::Span::new().days(days))
}

fn nth(year: i16, month: i8, nth: i8, weekday: Weekday) -> Date {
    let first = day(year, month, 1);
    first.nth_weekday_of_month(nth, weekday).unwrap_or(first)
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Jones, Butcher).
fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let march_first = day(year, 3, 1);
    plus_days(march_first, h + l - 7 * m + 21)
}

#[cfg(test)]
mod tests {
    use super::{Country, day, easter_sunday, of_year};

    #[test]
    fn easter_is_where_the_almanac_has_it() {
        let check = |year, month, date| assert_eq!(easter_sunday(year), day(year, month, date));
        check(2024, 3, 31);
        check(2025, 4, 20);
        check(2026, 4, 5);
        check(2038, 4, 25);
    }

    #[test]
    fn moving_holidays_move() {
        let dates = |country, year| of_year(country, year).into_iter().map(|(date, _)| date).collect::<Vec<_>>();
        assert!(dates(Country::UnitedStates, 2026).contains(&day(2026, 11, 26)));
        assert!(dates(Country::UnitedStates, 2026).contains(&day(2026, 5, 25)));
        assert!(dates(Country::Denmark, 2026).contains(&day(2026, 5, 14)));
    }
}
