//! How cases end: the standing resolution and the closure that holds.

use crate::record::case::{CaseRecord, Person, PersonKind};
use crate::record::story::{at, monday, took};

fn is_unresolved(row: &CaseRecord) -> bool {
    row.resolution_at.is_none()
        && row.resolved_by.is_none()
        && row.resolution_agent.is_none()
        && row.resolution_calendar_ms.is_none()
        && row.resolution_business_ms.is_none()
        && row.handle_ms.is_none()
        && (row.agents_to_resolution, row.replies_to_resolution) == (0, 0)
        && !row.is_first_contact_resolved
}

fn is_unclosed(row: &CaseRecord) -> bool {
    row.closed_at.is_none()
        && row.chat_duration_ms.is_none()
        && row.service_ms.is_none()
        && row.inactivity_ms.is_none()
        && !row.is_abandoned
}

/// Reply 5, resolved by a1 at 10, reopened at 40, reply 50, resolved by nobody named at 60: 10 + 20 minutes of work, 60 in all.
#[test]
fn a_reopened_case_has_the_figures_of_the_resolution_that_stands() {
    let told = monday().assigned("a2").customer("+0s").agent("+5m", "a1").status("+10m", "resolved").by("a1");
    let row = told.record();
    assert_eq!((row.resolution_at, row.resolution_calendar_ms, row.handle_ms), (at("+10m"), took("10m"), took("10m")));
    assert_eq!(row.resolved_by, Some(Person { kind: PersonKind::Agent, id: "a1".to_owned() }));
    assert_eq!(row.resolution_agent.as_deref(), Some("a1"));
    assert_eq!((row.agents_to_resolution, row.replies_to_resolution), (2, 1));
    assert!(row.is_first_contact_resolved);
    assert!(is_unclosed(&row), "resolved is not closed");

    let told = told.customer("+30m").status("+40m", "open");
    assert!(is_unresolved(&told.record()), "reopened");

    let row = told.agent("+50m", "a1").status("+60m", "resolved").record();
    assert_eq!((row.resolution_at, row.resolution_calendar_ms, row.handle_ms), (at("+60m"), took("30m"), took("60m")));
    assert_eq!(row.resolution_business_ms, took("30m"), "without business hours calendar time");
    assert_eq!((row.resolved_by, row.resolution_agent.as_deref()), (None, Some("a2")), "automation; the assignee then");
    assert_eq!((row.agents_to_resolution, row.replies_to_resolution), (2, 2));
    assert!(!row.is_first_contact_resolved, "reopened once");
}

/// Terminal to terminal moves no resolution; closing figures are there only while closed.
#[test]
fn from_resolved_to_closed_and_back() {
    let told = monday()
        .assigned("a1")
        .customer("+0s")
        .agent("+5m", "a1")
        .status("+10m", "resolved")
        .by("a1")
        .status("+3h", "closed")
        .by("a3");
    let row = told.record();
    assert_eq!((row.resolution_at, row.resolution_calendar_ms), (at("+10m"), took("10m")));
    assert_eq!(row.resolved_by.map(|person| person.id).as_deref(), Some("a1"));
    assert_eq!((row.closed_at, row.chat_duration_ms, row.service_ms), (at("+3h"), took("3h"), took("3h")));
    assert_eq!((row.inactivity_ms, row.is_abandoned), (took("2h55m"), true));

    let told = told.status("+4h", "resolved");
    let row = told.record();
    assert_eq!((row.resolution_at, row.handle_ms), (at("+10m"), took("10m")));
    assert!(is_unclosed(&row), "closed to resolved");

    let told = told.status("+5h", "closed");
    assert_eq!(told.record().closed_at, at("+5h"));
    assert!(!told.record().is_abandoned, "closed by nobody named");

    let row = told.status("+6h", "open").record();
    assert!(is_unclosed(&row) && is_unresolved(&row), "reopened");
}

#[test]
fn pending_straight_to_resolved_takes_the_pause_in() {
    // Kayako's resolution time leaves out only terminal time; pausing is a matter of clocks.
    let row = monday().customer("+0s").status("+10m", "pending").status("+70m", "resolved").record();
    assert_eq!((row.resolution_at, row.resolution_calendar_ms), (at("+70m"), took("70m")));
    assert_eq!((row.agents_to_resolution, row.replies_to_resolution), (0, 0));
    assert!(row.is_first_contact_resolved, "no reply is at most one");
}

/// The rows do not care in which order events come: a message that arrives last but happened first changes everything after it.
#[test]
fn a_late_event_derives_the_case_again() {
    let told = monday().customer("+0s").agent("+30m", "a1").status("+40m", "resolved").by("a1");
    assert_eq!(told.record().first_response_calendar_ms, took("30m"));
    let row = told.status("+20m", "resolved").by("a2").agent("+10m", "a2").status("+25m", "open").record();
    assert_eq!((row.first_response_calendar_ms, row.first_responder.as_deref()), (took("10m"), Some("a2")));
    assert_eq!((row.reopen_count, row.last_reopened_at), (1, at("+25m")));
    assert_eq!(row.resolution_calendar_ms, took("35m"), "to 20, and from 25 to 40");
    assert_eq!((row.agents_to_resolution, row.replies_to_resolution), (2, 2));
}
