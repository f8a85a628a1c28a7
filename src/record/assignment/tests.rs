//! Assignments of hand-made cases.

use super::AssignmentRecord;
use crate::model::{AssignmentKind, ChangeField};
use crate::record::story::{Story, at, monday};

/// A case of a1, t1 and q1.
fn given() -> Story {
    monday().given(|case| {
        case.assignee = Some("a1".to_owned());
        case.team = Some("t1".to_owned());
        case.queue = Some("q1".to_owned());
    })
}

fn rows(told: &Story) -> Vec<AssignmentRecord> {
    told.derive().assignments
}

fn trio(ids: [&Option<String>; 3]) -> String {
    ids.map(|id| id.as_deref().unwrap_or("-")).join(" ")
}

/// What one assignment of the case of a1, t1 and q1 leaves: after it, counts as assignment, counts as transfer. `None`: no row.
fn check(kind: AssignmentKind, names: [&str; 3], expected: Option<(&str, bool, bool)>) {
    let rows = rows(&given().assignment("+1m", kind, names));
    let found = rows.first().map(|row| {
        assert_eq!((row.kind, Some(row.assigned_at)), (Some(kind), at("+1m")));
        assert_eq!(trio([&row.previous_agent, &row.previous_team, &row.previous_queue]), "a1 t1 q1");
        (trio([&row.agent, &row.team, &row.queue]), row.names_agent, row.is_transfer)
    });
    let expected = expected.map(|(after, names_agent, is_transfer)| (after.to_owned(), names_agent, is_transfer));
    assert_eq!(found, expected, "{kind} {names:?}");
    assert!(rows.len() <= 1);
}

#[test]
fn assignments_that_name_somebody_or_somewhere_are_rows() {
    use AssignmentKind::{Assign, Offer, Take, Transfer, Unassign};
    check(Assign, ["a2", "", ""], Some(("a2 t1 q1", true, true)));
    check(Take, ["a2", "", ""], Some(("a2 t1 q1", true, true)));
    check(Transfer, ["a2", "t2", "q2"], Some(("a2 t2 q2", true, true)));
    // The agent already assigned: a row, no transfer.
    check(Assign, ["a1", "", ""], Some(("a1 t1 q1", true, false)));
    check(Assign, ["a1", "t1", "q2"], Some(("a1 t1 q2", true, true)));
    check(Assign, ["", "t2", ""], Some(("a1 t2 q1", false, true)));
    check(Assign, ["", "", "q1"], Some(("a1 t1 q1", false, false)));
    check(Transfer, ["-", "t2", ""], Some(("- t2 q1", false, true)));
    check(Transfer, ["-", "", "q1"], Some(("- t1 q1", false, true)));
    // Offers keep what is.
    check(Offer, ["a2", "t2", "q2"], Some(("a1 t1 q1", false, false)));
    check(Offer, ["-", "", ""], None);
    // Naming nobody: none, but for a change of team.
    check(Unassign, ["-", "", ""], None);
    check(Unassign, ["", "", ""], None);
    check(Unassign, ["-", "", "-"], None);
    check(Unassign, ["-", "-", ""], Some(("- - q1", false, true)));
    check(Unassign, ["-", "", "q2"], Some(("- t1 q2", false, true)));
}

#[test]
fn a_change_of_team_is_a_row_without_kind() {
    let told = given()
        .change("+1m", ChangeField::Team, "t1")
        .change("+2m", ChangeField::Team, "t2")
        .change("+3m", ChangeField::Team, "")
        .change("+4m", ChangeField::Team, "t3")
        .change("+5m", ChangeField::Priority, "high");
    let rows = rows(&told);
    assert!(rows.iter().all(|row| row.kind.is_none() && !row.names_agent));
    let moves: Vec<_> = rows
        .iter()
        .map(|row| (row.ordinal, Some(row.assigned_at), row.previous_team.clone(), row.team.clone(), row.is_transfer))
        .collect();
    let id = |id: &str| Some(id.to_owned());
    assert_eq!(
        moves,
        [
            (0, at("+2m"), id("t1"), id("t2"), true),
            (1, at("+3m"), id("t2"), None, true),
            (2, at("+4m"), None, id("t3"), false),
        ]
    );
}

#[test]
fn a_first_assignment_is_no_transfer() {
    let rows = rows(&monday().assignment("+1m", AssignmentKind::Assign, ["a1", "t1", "q1"]).assign("+2m", "a2"));
    assert_eq!(rows.iter().map(|row| row.is_transfer).collect::<Vec<_>>(), [false, true]);
    assert_eq!(trio([&rows[0].previous_agent, &rows[0].previous_team, &rows[0].previous_queue]), "- - -");
}

#[test]
fn an_assignee_at_creation_is_no_assignment() {
    assert!(rows(&given()).is_empty());
}
