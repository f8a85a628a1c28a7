//! Closures of hand-made cases: which transitions close, who closed, what it took, and what was abandoned.

use super::{ClosedBy, ClosureRecord};
use crate::model::{ActorKind, AssignmentKind, CaseStatus};
use crate::record::story::{Story, at, monday, took};

fn closures(told: &Story) -> Vec<ClosureRecord> {
    told.derive().closures
}

fn last(told: &Story) -> ClosureRecord {
    closures(told).pop().unwrap()
}

#[test]
fn any_way_into_closed_is_a_closure() {
    let told = monday()
        .named_status("archived", CaseStatus::Closed)
        .status("+1m", "resolved")
        .status("+2m", "closed")
        .status("+3m", "archived")
        .status("+4m", "closed")
        .status("+5m", "resolved")
        .status("+6m", "archived")
        .status("+7m", "open")
        .status("+8m", "closed");
    let rows = closures(&told);
    assert_eq!(rows.iter().map(|row| Some(row.closed_at)).collect::<Vec<_>>(), [at("+2m"), at("+6m"), at("+8m")]);
    assert_eq!(rows.iter().map(|row| row.ordinal).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(closures(&monday().status("+1m", "resolved")).is_empty());
}

#[test]
fn who_closed_it() {
    let check = |kind: ActorKind, id: Option<&str>, by: ClosedBy, closing: Option<&str>, agent: Option<&str>| {
        let row = last(&monday().bot_agent("b1").assigned("a9").status("+1m", "closed").by_actor(kind, id));
        assert_eq!((row.closed_by, row.closing_agent.as_deref(), row.agent.as_deref()), (by, closing, agent));
        assert_eq!(row.assignee.as_deref(), Some("a9"));
    };
    check(ActorKind::Agent, Some("a1"), ClosedBy::Agent, Some("a1"), Some("a1"));
    check(ActorKind::Agent, None, ClosedBy::Agent, None, Some("a9"));
    check(ActorKind::Agent, Some("b1"), ClosedBy::Unknown, None, Some("a9"));
    check(ActorKind::Bot, Some("b2"), ClosedBy::Unknown, None, Some("a9"));
    check(ActorKind::Customer, Some("cu1"), ClosedBy::Enduser, None, Some("a9"));
    check(ActorKind::System, None, ClosedBy::Unknown, None, Some("a9"));
    let nobody = last(&monday().status("+1m", "closed"));
    assert_eq!((nobody.closed_by, nobody.agent, nobody.assignee), (ClosedBy::Unknown, None, None));
}

#[test]
fn a_closure_is_attributed_and_measured_as_the_case_was_then() {
    let told = monday()
        .assignment("+10m", AssignmentKind::Assign, ["a1", "t1", "q1"])
        .status("+1h", "closed")
        .by("a2")
        .assignment("+2h", AssignmentKind::Transfer, ["a3", "t3", "q3"]);
    let row = last(&told);
    assert_eq!((row.team.as_deref(), row.queue.as_deref()), (Some("t1"), Some("q1")));
    assert_eq!((row.assignee.as_deref(), row.agent.as_deref()), (Some("a1"), Some("a2")));
    assert_eq!((row.chat_duration_ms, row.service_ms), (took("1h"), took("50m")), "a1 serves since 10");
    assert_eq!(last(&monday().status("+1h", "closed")).service_ms, None, "nobody served");
    assert_eq!(last(&monday().assigned("a1").status("+1h", "closed")).service_ms, took("1h"), "since creation");
    let before = last(&monday().assigned("a1").status("-1m", "closed"));
    assert_eq!((before.chat_duration_ms, before.service_ms), (None, None), "negative");
}

/// Silence before a close by a1 at +3h, and whether that is abandoned with the timeout of an hour.
#[test]
fn silence_after_the_words_of_staff() {
    let check = |why: &str, told: Story, silence: Option<&str>, is_abandoned: bool| {
        let row = last(&told.status("+3h", "closed").by("a1"));
        assert_eq!((row.inactivity_ms, row.is_abandoned), (silence.and_then(took), is_abandoned), "{why}");
    };
    let wrote = || monday().customer("+0s");
    check("nobody spoke", monday(), None, false);
    check("the customer had the last word", wrote().agent("+1h", "a1").customer("+2h"), None, false);
    check("an hour is enough", wrote().agent("+2h", "a1"), Some("1h"), true);
    check("a millisecond less is not", wrote().agent("+2h1ms", "a1"), Some("59m59s999ms"), false);
    check("from the first word after", wrote().agent("+1h", "a1").agent("+2h30m", "a2"), Some("2h"), true);
    check(
        "anew after the customer",
        wrote().agent("+1h", "a1").customer("+2h").agent("+2h50m", "a1"),
        Some("10m"),
        false,
    );
    check("no customer wrote", monday().agent("+30m", "a1").agent("+2h50m", "a1"), Some("2h30m"), true);
    check("an opening one included", monday().agent("+0s", "a1").opening(true), Some("3h"), true);
    check("any customer counts", wrote().agent("+1h", "a1").customer_named("+2h50m", "cc"), None, false);
    check("notes are not heard", wrote().agent("+2h", "a1").note("+2h59m", "a1"), Some("1h"), true);
    check("nor is the customer's note", wrote().agent("+2h", "a1").customer("+2h59m").internal(), Some("1h"), true);
    check("system messages aside", wrote().agent("+2h", "a1").system("+2h59m"), Some("1h"), true);
    check("only the system spoke", wrote().system("+1h"), None, false);
    check("a bot had the last word", wrote().agent("+1h", "a1").bot("+2h", "b1"), None, false);
    check("before the agent, it is not heard", wrote().bot("+1h", "b1").agent("+2h", "a1"), Some("1h"), true);
    check("a replying bot is staff", wrote().bot("+1h", "b1").agent("+2h", "a1").bots_reply(), Some("2h"), true);
    check("an unassigned agent too", wrote().message("+1h", ActorKind::Agent, None), Some("2h"), true);
}

#[test]
fn only_a_human_agent_abandons() {
    let told = || monday().customer("+0s").agent("+1h", "a1").status("+9h", "closed");
    let check = |told: Story, expected: (Option<i64>, bool)| {
        let row = last(&told);
        assert_eq!((row.inactivity_ms, row.is_abandoned), expected);
    };
    check(told().by("a2"), (took("8h"), true));
    check(told().by_actor(ActorKind::Customer, Some("cu1")), (None, false));
    check(told().by_actor(ActorKind::Bot, Some("b1")), (None, false));
    check(told().by_actor(ActorKind::Bot, Some("b1")).bots_reply(), (None, false));
    check(told(), (None, false));
}

#[test]
fn the_workspace_says_how_long_is_too_long() {
    let told = |abandon_after_ms: i64| {
        monday()
            .rules(|reference| reference.workspace.abandon_after_ms = abandon_after_ms)
            .agent("+0s", "a1")
            .status("+10m", "closed")
            .by("a1")
    };
    assert!(last(&told(600_000)).is_abandoned);
    assert!(!last(&told(600_001)).is_abandoned);
}

/// Silence is calendar time, whatever the business hours, and each closure has its own.
#[test]
fn silence_is_counted_at_each_closure() {
    let told = monday()
        .office("UTC")
        .customer("+0s")
        .agent("+9h", "a1")
        .status("+11h", "closed")
        .by("a1")
        .status("+12h", "open")
        .status("+13h", "closed")
        .by("a1");
    let silences: Vec<_> = closures(&told).into_iter().map(|row| row.inactivity_ms).collect();
    assert_eq!(silences, [took("2h"), took("4h")]);
}
