//! How urgent a priority is. Sources use their own words; most mean one of a few things.

/// Urgency of a priority's word: 4 the most urgent, 1 the least, 0 when unknown or none. Case does not matter; of a word that begins with
/// a number (`1 - High`, `P2`) the number counts, 1 being the most urgent.
pub fn priority_rank(priority: Option<&str>) -> i32 {
    let Some(priority) = priority else { return 0 };
    let word = priority.trim().to_lowercase();
    let numbered = word.strip_prefix(['p', 's']).unwrap_or(&word);
    let digits = numbered.chars().take_while(char::is_ascii_digit).count();
    let rest = numbered.chars().nth(digits);
    if digits > 0 && !rest.is_some_and(char::is_alphanumeric) {
        return match numbered.get(..digits).and_then(|d| d.parse::<u32>().ok()) {
            Some(0 | 1) => 4,
            Some(2) => 3,
            Some(3) => 2,
            Some(4..) => 1,
            None => 0,
        };
    }
    match word.as_str() {
        "urgent" | "critical" | "highest" | "emergency" | "immediate" | "blocker" => 4,
        "high" | "major" => 3,
        "normal" | "medium" | "moderate" | "standard" | "default" => 2,
        "low" | "lowest" | "minor" | "trivial" | "planning" => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::priority_rank;

    #[test]
    fn words_and_numbers_are_ranked_alike() {
        let check = |priority: Option<&str>, expected: i32| {
            assert_eq!(priority_rank(priority), expected, "{priority:?}");
        };
        check(None, 0);
        check(Some(""), 0);
        check(Some("banana"), 0);
        check(Some("Urgent"), 4);
        check(Some("CRITICAL"), 4);
        check(Some("highest"), 4);
        check(Some("p1"), 4);
        check(Some("P3"), 2);
        check(Some("1 - Critical"), 4);
        check(Some("2 - High"), 3);
        check(Some("3 - Moderate"), 2);
        check(Some("4 - Low"), 1);
        check(Some("9"), 1);
        check(Some("1st"), 0);
        check(Some(" high "), 3);
        check(Some("normal"), 2);
        check(Some("low"), 1);
        check(Some("99999999999999999999"), 0);
    }
}
