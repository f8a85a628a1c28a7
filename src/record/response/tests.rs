//! Customer runs of hand-made cases.

use super::ResponseRecord;
use crate::model::{ActorKind, AssignmentKind};
use crate::record::story::{Story, at, monday, story, took};

/// Start, reply, whether first, and duration of each run.
fn runs(told: &Story) -> Vec<(String, Option<String>, bool, Option<i64>)> {
    let since = |instant: crate::model::Instant| format!("{}m", instant.since(told.case.created_at) / 60_000);
    let rows = told.derive().responses;
    assert!(rows.iter().enumerate().all(|(index, row)| row.ordinal == index as i32));
    rows.into_iter()
        .map(|row| (since(row.started_at), row.replied_at.map(since), row.is_first, row.calendar_ms))
        .collect()
}

fn run(from: &str, until: &str, is_first: bool, duration: &str) -> (String, Option<String>, bool, Option<i64>) {
    (from.to_owned(), Some(until.to_owned()), is_first, took(duration))
}

fn open_run(from: &str, is_first: bool) -> (String, Option<String>, bool, Option<i64>) {
    (from.to_owned(), None, is_first, None)
}

#[test]
fn a_run_goes_from_its_first_message_to_the_next_reply() {
    let check = |told: Story, expected: &[(String, Option<String>, bool, Option<i64>)]| {
        assert_eq!(runs(&told), expected);
    };
    check(monday().agent("+1m", "a1"), &[]);
    check(monday().customer("+2m"), &[open_run("2m", true)]);
    check(monday().customer("+2m").customer("+3m").agent("+9m", "a1"), &[run("2m", "9m", true, "7m")]);
    // Follow-ups, other customers, notes, system messages and bots that do not reply neither end nor move a run.
    check(
        monday()
            .customer("+0s")
            .customer_named("+1m", "cc")
            .note("+2m", "a1")
            .system("+3m")
            .bot("+4m", "b1")
            .message("+5m", ActorKind::Customer, None)
            .agent("+6m", "a1"),
        &[run("0m", "6m", true, "6m")],
    );
    check(
        monday()
            .customer("+0s")
            .agent("+1m", "a1")
            .agent("+2m", "a1")
            .customer("+3m")
            .agent("+5m", "a2")
            .customer("+6m"),
        &[run("0m", "1m", true, "1m"), run("3m", "5m", false, "2m"), open_run("6m", false)],
    );
    // A reply before any customer's message: the run after it is not the first.
    check(monday().agent("+1m", "a1").customer("+2m").agent("+4m", "a1"), &[run("2m", "4m", false, "2m")]);
    // An opening message by an agent answers nothing.
    let opened = monday().customer("+1m").agent("+2m", "a1").opening(true);
    check(opened.clone(), &[open_run("1m", true)]);
    check(opened.agent("+5m", "a1"), &[run("1m", "5m", true, "4m")]);
    // A note of a customer is heard by nobody.
    check(monday().customer("+1m").internal(), &[]);
    // Where bots reply, they answer.
    check(monday().customer("+0s").bot("+4m", "b1").bots_reply(), &[run("0m", "4m", true, "4m")]);
}

#[test]
fn a_run_and_its_reply_may_fall_in_one_instant() {
    let told = monday().agent("+1m", "a1").seq(2).customer("+1m").seq(1);
    assert_eq!(runs(&told), [run("1m", "1m", true, "0s")]);
    let told = monday().agent("+1m", "a1").seq(1).customer("+1m").seq(2);
    assert_eq!(runs(&told), [open_run("1m", false)]);
}

#[test]
fn a_run_is_attributed_to_the_replier_or_to_who_has_the_case_now() {
    let told = monday()
        .customer("+0s")
        .assignment("+1m", AssignmentKind::Assign, ["a1", "t1", "q1"])
        .agent("+2m", "a2")
        .customer("+3m")
        .assignment("+4m", AssignmentKind::Transfer, ["a3", "t3", "q3"]);
    let rows = told.derive().responses;
    let who = |row: &ResponseRecord| [row.agent.clone(), row.team.clone(), row.queue.clone()].map(Option::unwrap);
    assert_eq!(who(&rows[0]), ["a2", "t1", "q1"]);
    assert_eq!(who(&rows[1]), ["a3", "t3", "q3"]);
    let unnamed = monday().assigned("a1").customer("+0s").message("+1m", ActorKind::Agent, None).derive().responses;
    assert_eq!((unnamed[0].agent.as_deref(), unnamed[0].replied_at), (None, at("+1m")));
}

/// Friday 16:30, answered on Monday 09:45: half an hour and three quarters in the office's hours.
#[test]
fn a_run_counts_business_time_too() {
    let told = story("2026-03-06T16:30:00Z").office("UTC").customer("+0s").agent("2026-03-09T09:45:00Z", "a1");
    let rows = told.derive().responses;
    assert_eq!((rows[0].calendar_ms, rows[0].business_ms), (took("65h15m"), took("1h15m")));
}
