//! Numbers as Rocket.Chat writes them.

/// A share: `66.67%`.
pub fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

/// A length of time in seconds as `HH:MM:SS`: cut to two decimals first, hours without end, and seconds rounded, so that 60 can come out.
pub fn clock(seconds: f64) -> String {
    let seconds = (seconds * 100.0).round() / 100.0;
    let hours = (seconds / 3_600.0).floor();
    let minutes = ((seconds - hours * 3_600.0) / 60.0).floor();
    let rest = (seconds - hours * 3_600.0 - minutes * 60.0).round();
    format!("{hours:02.0}:{minutes:02.0}:{rest:02.0}")
}

/// An hour of the day and the next one: `11AM - 12PM`.
pub fn hour(hour: i8) -> String {
    let shown = |hour: i8| {
        let half = if hour % 24 < 12 { "AM" } else { "PM" };
        format!("{}{half}", if hour % 12 == 0 { 12 } else { hour % 12 })
    };
    format!("{} - {}", shown(hour), shown(hour + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_rocket_chat_does() {
        let check = |seconds: f64, expected: &str| assert_eq!(clock(seconds), expected, "{seconds}");
        check(0.0, "00:00:00");
        check(100.0, "00:01:40");
        check(150.0, "00:02:30");
        check(59.6, "00:00:60");
        check(3_599.7, "00:59:60");
        check(3_600.0, "01:00:00");
        check(360_000.0, "100:00:00");
        check(59.994, "00:00:60");
        check(59.4, "00:00:59");
    }

    #[test]
    fn hours_have_halves_of_the_day() {
        let check = |of: i8, expected: &str| assert_eq!(hour(of), expected);
        check(0, "12AM - 1AM");
        check(11, "11AM - 12PM");
        check(12, "12PM - 1PM");
        check(23, "11PM - 12AM");
        assert_eq!(percent(200.0 / 3.0), "66.67%");
    }
}
