//! Resolutions: pauses, reopenings, long cases and the nights on which clocks change.

use super::story::*;
use crate::model::{CaseStatus, Status};

const LATER: &str = "2028-01-01T00:00";

/// A promise to resolve within so many minutes of calendar time a case of 10:00.
fn within(goal_minutes: i64) -> Story {
    Story::new(&[target(Resolution, Calendar, goal_minutes)])
}

#[test]
fn pauses_are_not_counted() {
    // 10–11 and 13–15 count; the hour that is left would run to 16:00.
    within(240)
        .status("2026-01-05T11:00", "pending")
        .status("2026-01-05T13:00", "open")
        .status("2026-01-05T15:00", "resolved")
        .check(LATER, &["resolution fulfilled: from 01-05T10:00, done 01-05T15:00, counted 180, due 01-05T16:00"]);
    // Pending, on hold and back: one pause. A status may say otherwise than its category.
    let mut story = within(240)
        .status("2026-01-05T11:00", "pending")
        .status("2026-01-05T12:00", "on_hold")
        .check_paused()
        .status("2026-01-05T13:00", "vendor");
    let vendor = Status { sla_active: Some(true), category: CaseStatus::OnHold, ..Status::named("vendor", None) };
    story.reference.statuses.push(vendor);
    story.check(
        "2026-01-05T14:00",
        &["resolution active: from 01-05T10:00, running 01-05T13:00, counted 60, due 01-05T16:00"],
    );
}

impl Story {
    fn check_paused(self) -> Story {
        self.check(LATER, &["resolution active: from 01-05T10:00, paused 01-05T11:00, counted 60, due never"]);
        self
    }
}

#[test]
fn a_goal_reached_before_the_pause_is_due_then() {
    let paused = |goal: i64| within(goal).status("2026-01-05T11:00", "pending");
    let tail = "from 01-05T10:00, paused 01-05T11:00, counted 60, due";
    paused(60).check("2026-01-05T11:00", &[&format!("resolution active: {tail} 01-05T11:00")]);
    paused(60).check("2026-01-05T11:01", &[&format!("resolution breached: {tail} 01-05T11:00")]);
    paused(30).check("2026-01-05T11:01", &[&format!("resolution breached: {tail} 01-05T10:30")]);
}

#[test]
fn pending_straight_to_resolved_is_a_millisecond_more_than_counted() {
    let story = |goal: i64, end: &str| within(goal).status("2026-01-05T11:00", "pending").status(end, "resolved");
    story(60, "2026-01-05T13:00").check(
        LATER,
        &["resolution completed_after_breach: from 01-05T10:00, done 01-05T13:00, counted 60+1, due 01-05T11:00"],
    );
    // Completed while paused it runs on unpaused: three hours after 13:00.
    story(240, "2026-01-05T13:00")
        .check(LATER, &["resolution fulfilled: from 01-05T10:00, done 01-05T13:00, counted 60+1, due 01-05T16:00"]);
    // Pending and resolved at one instant: the count was reached as it completed.
    story(60, "2026-01-05T11:00")
        .check(LATER, &["resolution fulfilled: from 01-05T10:00, done 01-05T11:00, counted 60, due 01-05T11:00"]);
}

#[test]
fn a_reopening_sets_it_running_again() {
    let reopened = |goal: i64| {
        within(goal)
            .status("2026-01-05T11:00", "resolved")
            .status("2026-01-05T12:00", "closed")
            .status("2026-01-05T14:00", "open")
    };
    reopened(240).check(
        "2026-01-05T16:00",
        &["resolution active: from 01-05T10:00, running 01-05T14:00, counted 60, due 01-05T17:00"],
    );
    // 10–11 and 14–14:30; two and a half hours are left.
    reopened(240)
        .status("2026-01-05T14:30", "resolved")
        .check(LATER, &["resolution fulfilled: from 01-05T10:00, done 01-05T14:30, counted 90, due 01-05T17:00"]);
    // The goal of the hour was reached at the first resolution, and the second is later.
    reopened(60).status("2026-01-05T14:30", "resolved").check(
        LATER,
        &["resolution completed_after_breach: from 01-05T10:00, done 01-05T14:30, counted 90, due 01-05T11:00"],
    );
    // Reopened and resolved at one instant counts nothing more, but the stretch had ended at 11:00.
    reopened(60).status("2026-01-05T14:00", "resolved").check(
        LATER,
        &["resolution completed_after_breach: from 01-05T10:00, done 01-05T14:00, counted 60+1, due 01-05T11:00"],
    );
    // Closing what is resolved completes nothing again.
    within(60)
        .status("2026-01-05T11:00", "resolved")
        .status("2026-01-05T12:00", "closed")
        .check(LATER, &["resolution fulfilled: from 01-05T10:00, done 01-05T11:00, counted 60, due 01-05T11:00"]);
}

#[test]
fn a_resolution_before_creation_has_no_clock_unless_reopened() {
    let story = || within(60).status("2026-01-05T09:00", "resolved");
    story().check(LATER, &[]);
    story().status("2026-01-05T12:00", "open").check(
        "2026-01-05T12:30",
        &["resolution active: from 01-05T10:00, running 01-05T12:00, counted 0, due 01-05T13:00"],
    );
}

#[test]
fn four_hundred_days_count_like_one() {
    let story = |goal_hours: i64| {
        Story::new(&[target(Resolution, Business, goal_hours * 60)]).office("").created("2026-01-05T09:00")
    };
    // To Tuesday 9 February 2027, 09:00: 57 weeks of 40 hours and a Monday of 8, 2,288 hours, the last before 17:00 on Monday.
    story(2_288).status("2027-02-09T09:00", "closed").check(
        LATER,
        &["resolution completed_after_breach: from 01-05T09:00, done 2027-02-09T09:00, counted 137280+1, due 2027-02-08T17:00"],
    );
    // A week of waiting is 40 hours less.
    story(2_288)
        .status("2026-06-01T09:00", "pending")
        .status("2026-06-08T09:00", "open")
        .status("2027-02-09T09:00", "closed")
        .check(
            LATER,
            &["resolution fulfilled: from 01-05T09:00, done 2027-02-09T09:00, counted 134880+1, due 2027-02-15T17:00"],
        );
}

#[test]
fn nothing_is_due_more_than_five_thousand_days_on() {
    // 5,000 days are 7,200,000 minutes: to 14 September 2039.
    within(7_200_000)
        .check(LATER, &["resolution active: from 01-05T10:00, running 01-05T10:00, counted 0, due 2039-09-14T10:00"]);
    within(7_200_001).check(LATER, &["resolution active: from 01-05T10:00, running 01-05T10:00, counted 0, due never"]);
    Story::new(&[target(Resolution, Business, 1)])
        .hours("UTC", "", "")
        .status("2026-01-05T11:00", "closed")
        .check(LATER, &["resolution fulfilled: from 01-05T10:00, done 01-05T11:00, counted 0, due never"]);
}

#[test]
fn nights_on_which_clocks_change() {
    let sunday = |goal_minutes: i64, created: &str| {
        Story::new(&[target(Resolution, Business, goal_minutes)])
            .hours("Europe/Copenhagen", "sun 01:00-04:00", "")
            .created(created)
    };
    // Spring: the shift has two hours, 00:00Z–02:00Z; the half hour left is the next Sunday's first, from 23:00Z.
    sunday(150, "2026-03-28T23:00").check(
        "2026-03-30T00:00",
        &["resolution active: from 03-28T23:00, running 03-28T23:00, counted 0, due 04-04T23:30"],
    );
    // Autumn: the shift has four hours, 23:00Z–03:00Z.
    sunday(210, "2026-10-24T22:00").check(
        "2026-10-25T00:00",
        &["resolution active: from 10-24T22:00, running 10-24T22:00, counted 0, due 10-25T02:30"],
    );
    // Lord Howe's spring night lacks 02:00–02:30: the shift of 01:00–03:00 has 90 minutes, 14:30Z–16:00Z.
    Story::new(&[target(Resolution, Business, 120)])
        .hours("Australia/Lord_Howe", "sun 01:00-03:00; mon 01:00-03:00", "")
        .created("2026-10-03T12:00")
        .status("2026-10-04T00:00", "resolved")
        .check(LATER, &["resolution fulfilled: from 10-03T12:00, done 10-04T00:00, counted 90+1, due 10-04T14:30"]);
    // Kathmandu opens at 03:15Z.
    Story::new(&[target(Resolution, Business, 60)])
        .hours("Asia/Kathmandu", "mon 09:00-17:00", "")
        .created("2026-01-05T00:00")
        .check(
            "2026-01-05T04:15",
            &["resolution active: from 01-05T00:00, running 01-05T00:00, counted 0, due 01-05T04:15"],
        );
}
