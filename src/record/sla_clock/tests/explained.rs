//! Explanations: the parts of a clock's life and their reasons.

use super::story::*;
use crate::record::sla_clock::ClockReason;

fn check(story: &Story, now: &str, expected: &[(&str, &str, ClockReason)]) {
    let intervals = story.explanation(Resolution, now);
    let told: Vec<_> = intervals.iter().map(|one| (one.from, one.until, one.reason)).collect();
    let day = |text: &str| at(&format!("2026-01-{text}"));
    let expected: Vec<_> = expected.iter().map(|(from, until, reason)| (day(from), day(until), *reason)).collect();
    assert_eq!(told, expected);
}

/// Tuesday 16:00, over Wednesday's holiday, with a pause, a resolution and a reopening on Thursday.
fn thursday(mode: crate::model::ClockMode) -> Story {
    Story::new(&[target(Resolution, mode, 60)])
        .office("2026-01-07")
        .created("2026-01-06T16:00")
        .status("2026-01-08T10:00", "pending")
        .status("2026-01-08T11:00", "open")
        .status("2026-01-08T12:00", "resolved")
        .status("2026-01-08T13:00", "open")
}

#[test]
fn shows_every_reason() {
    use ClockReason::{Holiday, OutsideBusinessHours, Paused, Running, Terminal};
    let story = thursday(Business);
    let expected = [
        ("06T16:00", "06T17:00", Running),
        ("06T17:00", "07T00:00", OutsideBusinessHours),
        ("07T00:00", "08T00:00", Holiday),
        ("08T00:00", "08T09:00", OutsideBusinessHours),
        ("08T09:00", "08T10:00", Running),
        ("08T10:00", "08T11:00", Paused),
        ("08T11:00", "08T12:00", Running),
        ("08T12:00", "08T13:00", Terminal),
        ("08T13:00", "08T14:00", Running),
    ];
    check(&story, "2026-01-08T14:00", &expected);
    let intervals = story.explanation(Resolution, "2026-01-08T14:00");
    let counted_ms: i64 = intervals.iter().filter(|one| one.is_counted()).map(|one| one.ms()).sum();
    assert_eq!(counted_ms, 4 * 3_600_000);
    // Completed, it ends with its completion; asked before the last event, it shows what the counts hold.
    check(&thursday(Business).status("2026-01-08T14:00", "closed"), "2026-02-01T00:00", &expected);
    check(&story, "2026-01-07T00:00", &expected[..8]);
}

#[test]
fn calendar_clocks_know_no_hours() {
    use ClockReason::{Paused, Running, Terminal};
    let expected = [
        ("06T16:00", "08T10:00", Running),
        ("08T10:00", "08T11:00", Paused),
        ("08T11:00", "08T12:00", Running),
        ("08T12:00", "08T13:00", Terminal),
        ("08T13:00", "08T14:00", Running),
    ];
    check(&thursday(Calendar), "2026-01-08T14:00", &expected);
}

#[test]
fn is_empty_before_the_start_and_joins_over_pauses_of_no_length() {
    let story = Story::new(&[target(Resolution, Calendar, 60)]);
    check(&story, "2026-01-01T00:00", &[]);
    let story = story.status("2026-01-05T11:00", "pending").status("2026-01-05T11:00", "open");
    check(&story, "2026-01-05T12:00", &[("05T10:00", "05T12:00", ClockReason::Running)]);
}
