//! Reopenings, assignments and changes of properties: how many, and when last.

use crate::model::{AssignmentKind, CaseStatus, ChangeField};
use crate::record::story::{Story, at, monday};

#[test]
fn reopenings_lead_from_a_terminal_status_to_one_that_is_not() {
    let check = |statuses: &[&str], count: i32, last: Option<&str>| {
        let mut told = monday().named_status("done_with", CaseStatus::Closed);
        for (minute, status) in statuses.iter().enumerate() {
            told = told.status(&format!("+{minute}m"), status);
        }
        let row = told.record();
        assert_eq!((row.reopen_count, row.last_reopened_at), (count, last.and_then(at)), "{statuses:?}");
    };
    check(&["open", "pending", "on_hold"], 0, None);
    check(&["resolved"], 0, None);
    check(&["resolved", "open"], 1, Some("1m"));
    check(&["closed", "pending"], 1, Some("1m"));
    check(&["resolved", "open", "resolved", "new", "closed"], 2, Some("3m"));
    check(&["resolved", "closed", "resolved", "done_with"], 0, None);
    check(&["done_with", "resolved", "an unknown status"], 1, Some("2m"));
}

#[test]
fn assignments_to_an_agent_are_dated() {
    let check = |told: Story, first: Option<&str>, last: Option<&str>| {
        let row = told.record();
        assert_eq!((row.first_assignment_at, row.last_assignment_at), (first.and_then(at), last.and_then(at)));
    };
    check(monday().assigned("a1"), None, None);
    check(monday().assignment("+1m", AssignmentKind::Assign, ["", "t1", "q1"]), None, None);
    check(monday().change("+1m", ChangeField::Team, "t1"), None, None);
    check(monday().assignment("+1m", AssignmentKind::Offer, ["a1", "", ""]), None, None);
    check(monday().assign("+1m", "a1").assign("+2m", "-"), Some("1m"), Some("1m"));
    check(monday().assign("+1m", "a1").assign("+2m", "a2"), Some("1m"), Some("2m"));
    check(monday().assigned("a1").assign("+2m", "a1"), Some("2m"), Some("2m"));
    check(monday().assign("+2m", "a1").assign("+1m", "a2"), Some("1m"), Some("2m"));
    check(monday().assignment("+1m", AssignmentKind::Take, ["a1", "", ""]), Some("1m"), Some("1m"));
}

#[test]
fn changes_of_priority_and_type() {
    let row = monday()
        .given(|case| case.priority = Some("low".to_owned()))
        .change("+1m", ChangeField::Priority, "low")
        .change("+2m", ChangeField::Priority, "high")
        .change("+3m", ChangeField::Priority, "")
        .change("+4m", ChangeField::Priority, "")
        .change("+5m", ChangeField::CaseType, "question")
        .change("+6m", ChangeField::CaseType, "question")
        .record();
    assert_eq!((row.priority_change_count, row.priority_updated_at), (2, at("+3m")));
    assert_eq!(row.type_updated_at, at("+5m"));
    let untouched = monday().given(|case| case.priority = Some("low".to_owned())).record();
    assert_eq!((untouched.priority_change_count, untouched.priority_updated_at), (0, None), "set at creation");
}

/// Team by assignment and by change is the same thing.
#[test]
fn changes_of_team() {
    let row = monday()
        .given(|case| case.team = Some("t1".to_owned()))
        .change("+1m", ChangeField::Team, "t2")
        .assignment("+2m", AssignmentKind::Assign, ["a1", "t2", ""])
        .assignment("+3m", AssignmentKind::Transfer, ["", "t3", ""])
        .assignment("+4m", AssignmentKind::Offer, ["", "t4", ""])
        .assignment("+5m", AssignmentKind::Unassign, ["", "-", ""])
        .change("+6m", ChangeField::Team, "")
        .record();
    assert_eq!((row.team_change_count, row.team_updated_at), (3, at("+5m")), "t2, t3, none");
    assert_eq!(row.team, None);
}

#[test]
fn changes_of_assignee() {
    let count = |told: Story| told.record().assignee_change_count;
    assert_eq!(count(monday().assigned("a1")), 0);
    assert_eq!(count(monday().assign("+1m", "a1")), 1, "from nobody counts");
    assert_eq!(count(monday().assign("+1m", "a1").assign("+2m", "a1")), 1, "the same agent again does not");
    assert_eq!(count(monday().assign("+1m", "a1").assign("+2m", "-").assign("+3m", "a1")), 3);
    assert_eq!(count(monday().assigned("a1").assignment("+1m", AssignmentKind::Offer, ["a2", "", ""])), 0);
}

#[test]
fn changes_of_status() {
    let told = monday().named_status("waiting", CaseStatus::Pending).status("+1m", "pending");
    assert_eq!(told.record().status_updated_at, at("+1m"));
    let within = told.status("+2m", "waiting");
    assert_eq!(within.record().status_updated_at, at("+2m"), "another status of its category is a change");
    let again = within.status("+3m", "waiting").record();
    assert_eq!((again.status_updated_at, Some(again.status_since)), (at("+2m"), at("+2m")), "the same one is none");
}

#[test]
fn changes_of_policy() {
    let told = monday()
        .policy("gold", "high")
        .policy("silver", "low")
        .given(|case| case.priority = Some("high".to_owned()))
        .sla("+1m", "gold");
    let row = told.clone().record();
    assert_eq!((row.sla_change_count, row.policies_ever), (0, vec!["gold".to_owned()]), "it has gold already");
    let row = told.clone().sla("+2m", "silver").sla("+3m", "silver").record();
    assert_eq!((row.sla_change_count, row.policy.as_deref()), (1, Some("silver")));
    assert_eq!(row.policies_ever, ["gold", "silver"]);
    let row = told.sla("+2m", "").sla("+3m", "").sla("+4m", "unknown").record();
    assert_eq!((row.sla_change_count, row.policy.as_deref()), (1, None), "taken away once; an unknown one is none");
    assert_eq!(row.policies_ever, ["gold"], "it had one");
    let never = monday().policy("gold", "high").record();
    assert_eq!((never.policies_ever.len(), never.sla_change_count), (0, 0));
}
