//! Resolutions of hand-made cases.

use super::ResolutionRecord;
use crate::model::{ActorKind, AssignmentKind, CaseStatus, ChangeField, Status};
use crate::record::case::{Person, PersonKind};
use crate::record::story::{Story, at, monday, story, took};

fn resolutions(told: &Story) -> Vec<ResolutionRecord> {
    told.derive().resolutions
}

fn last(told: &Story) -> ResolutionRecord {
    resolutions(told).pop().unwrap()
}

/// Resolved 10, reopened 30, resolved 40, closed 50 (terminal to terminal), reopened 100, closed 105.
#[test]
fn each_way_from_work_to_an_end_is_a_resolution() {
    let told = monday()
        .status("+10m", "resolved")
        .status("+30m", "open")
        .status("+40m", "resolved")
        .status("+50m", "closed")
        .status("+100m", "pending")
        .status("+105m", "closed");
    let rows: Vec<_> = resolutions(&told)
        .into_iter()
        .map(|row| (row.ordinal, Some(row.resolved_at), row.is_standing, row.calendar_ms))
        .collect();
    assert_eq!(
        rows,
        [
            (0, at("+10m"), false, took("10m")),
            (1, at("+40m"), false, took("20m")), // 10, and 30 to 40
            (2, at("+105m"), true, took("25m")), // 20, and 100 to 105
        ]
    );
    assert!(!last(&told.status("+110m", "new")).is_standing);
    assert!(resolutions(&monday().status("+1m", "pending")).is_empty());
}

#[test]
fn a_resolution_is_attributed_to_its_author_when_an_agent_else_to_the_assignee() {
    let check = |kind: ActorKind, id: Option<&str>, by: Option<(PersonKind, &str)>, agent: &str| {
        let row = last(&monday().bot_agent("b1").assigned("a9").status("+1m", "resolved").by_actor(kind, id));
        assert_eq!(row.resolved_by, by.map(|(kind, id)| Person { kind, id: id.to_owned() }));
        assert_eq!((row.agent.as_deref(), row.assignee.as_deref()), (Some(agent), Some("a9")));
    };
    check(ActorKind::Agent, Some("a1"), Some((PersonKind::Agent, "a1")), "a1");
    check(ActorKind::Agent, None, None, "a9");
    check(ActorKind::Agent, Some("b1"), None, "a9");
    check(ActorKind::Bot, Some("b2"), None, "a9");
    check(ActorKind::System, None, None, "a9");
    check(ActorKind::Customer, Some("cu2"), Some((PersonKind::Customer, "cu2")), "a9");
    check(ActorKind::Customer, None, Some((PersonKind::Customer, "cu1")), "a9");
    let told = monday()
        .assignment("+1m", AssignmentKind::Assign, ["a1", "t1", "q1"])
        .status("+2m", "closed")
        .assignment("+3m", AssignmentKind::Assign, ["a2", "t2", "q2"]);
    let row = last(&told);
    assert_eq!(
        [row.agent, row.assignee, row.team, row.queue].map(Option::unwrap),
        ["a1", "a1", "t1", "q1"],
        "as it was then"
    );
}

#[test]
fn agents_and_replies_are_those_before_it_in_the_order_of_events() {
    let check = |why: &str, told: Story, agents: i32, replies: i32| {
        let row = last(&told.status("+1h", "resolved"));
        assert_eq!((row.agents, row.replies), (agents, replies), "{why}");
    };
    check("nobody", monday().customer("+0s"), 0, 0);
    check("assignee at creation", monday().assigned("a1"), 1, 0);
    check("replier", monday().agent("+1m", "a1").agent("+2m", "a1"), 1, 2);
    check(
        "both, and once had it",
        monday().assigned("a1").assign("+1m", "a2").assign("+2m", "-").agent("+3m", "a1"),
        2,
        1,
    );
    check("an offer is not having it", monday().assignment("+1m", AssignmentKind::Offer, ["a1", "", ""]), 0, 0);
    check("a note is no reply", monday().note("+1m", "a1"), 0, 0);
    check("opening messages are none", monday().agent("+1m", "a1").opening(true), 0, 0);
    check("later ones are not up to it", monday().agent("+61m", "a1").assign("+61m", "a2"), 0, 0);
    check("one whom nobody names", monday().message("+1m", ActorKind::Agent, None), 0, 1);
    let bot = || monday().bot_agent("b1").assigned("b1").bot("+1m", "b2");
    check("bots that do not reply", bot(), 0, 0);
    check("bots that do", bot().bots_reply(), 2, 1);
    // In one instant: what comes first by seq.
    let told = |reply: i64| monday().agent("+1h", "a1").seq(reply).status("+1h", "resolved").seq(5);
    assert_eq!(last(&told(4)).replies, 1);
    assert_eq!(last(&told(6)).replies, 0);
}

#[test]
fn first_contact_means_one_reply_at_most_and_no_reopening_ever() {
    let check = |told: Story, expected: &[bool]| {
        assert_eq!(resolutions(&told).iter().map(|row| row.is_first_contact).collect::<Vec<_>>(), expected);
    };
    let asked = || monday().customer("+0s");
    check(asked().status("+1h", "resolved"), &[true]);
    check(asked().agent("+1m", "a1").status("+1h", "resolved"), &[true]);
    check(asked().agent("+1m", "a1").agent("+2m", "a1").status("+1h", "resolved"), &[false]);
    check(asked().agent("+1m", "a1").status("+1h", "resolved").agent("+2h", "a1"), &[true]);
    check(asked().status("+1h", "resolved").status("+2h", "closed"), &[true]);
    check(asked().status("+1h", "resolved").status("+2h", "open"), &[false]);
    check(asked().status("+1h", "resolved").status("+2h", "open").status("+3h", "closed"), &[false, false]);
    // As the agent's opening message is no reply, one more is one.
    check(monday().agent("+0s", "a1").opening(true).agent("+1m", "a1").status("+1h", "closed"), &[true]);
}

/// Friday 16:00 to Monday 10:00, reopened Monday 16:00, resolved Tuesday 11:00; the office is open 09:00 to 17:00:
/// 1 + 1, then 1 + 2 hours.
#[test]
fn business_time_leaves_terminal_time_out_too() {
    let told = story("2026-03-06T16:00:00Z")
        .office("UTC")
        .status("2026-03-09T10:00:00Z", "resolved")
        .status("2026-03-09T16:00:00Z", "open")
        .status("2026-03-10T11:00:00Z", "closed");
    let rows = resolutions(&told);
    assert_eq!((rows[0].calendar_ms, rows[0].business_ms), (took("66h"), took("2h")));
    assert_eq!((rows[1].calendar_ms, rows[1].business_ms), (took("85h"), took("5h")));
}

/// While t1 has it nothing is closed; t2 works 10:00 to 12:00 only. Created 09:00, given to t2 09:30, resolved 13:00.
#[test]
fn business_time_follows_the_team() {
    let told = monday()
        .team_hours("t1", 0, 1440)
        .team_hours("t2", 10 * 60, 12 * 60)
        .given(|case| case.team = Some("t1".to_owned()))
        .change("+30m", ChangeField::Team, "t2")
        .status("+4h", "resolved");
    assert_eq!(last(&told).business_ms, took("2h30m"));
}

/// Work before creation takes no time of the case: resolved at -20, reopened at -10, resolved at 5 took 5 minutes.
#[test]
fn what_happened_before_creation_takes_no_time() {
    let told = monday().status("-20m", "resolved").status("-10m", "open").status("+5m", "resolved");
    let rows = resolutions(&told);
    assert_eq!((rows[0].calendar_ms, rows[0].business_ms), (None, None));
    assert_eq!((rows[1].calendar_ms, rows[1].business_ms), (took("5m"), took("5m")));
    let told = monday().status("-20m", "resolved").status("+10m", "open").status("+15m", "resolved");
    assert_eq!(last(&told).calendar_ms, took("5m"), "terminal until 10");
}

/// A workspace may say that new cases are over: then they are resolved by nothing, and a reopening starts the work.
#[test]
fn a_case_that_begins_terminal() {
    let told = monday().rules(|reference| {
        reference.statuses.push(Status { category: CaseStatus::Resolved, ..Status::named("new", None) });
    });
    assert!(resolutions(&told).is_empty());
    assert_eq!(told.record().resolution_at, None);
    let told = told.status("+10m", "open").status("+30m", "resolved");
    assert_eq!(told.record().reopen_count, 1);
    assert_eq!((last(&told).calendar_ms, last(&told).is_first_contact), (took("20m"), false));
}

#[test]
fn categories_are_those_of_the_version_in_force_when_the_case_entered_the_status() {
    let told = monday().rules(|reference| {
        let since = at("+1h");
        reference.statuses.push(Status { category: CaseStatus::Pending, ..Status::named("parked", None) });
        reference.statuses.push(Status { category: CaseStatus::Closed, ..Status::named("parked", since) });
    });
    let before = told.clone().status("+30m", "parked").status("+90m", "parked");
    assert!(resolutions(&before).is_empty(), "entered while it was pending; held since");
    let after = told.status("+30m", "parked").status("+40m", "open").status("+90m", "parked");
    assert_eq!(resolutions(&after).len(), 1);
}
