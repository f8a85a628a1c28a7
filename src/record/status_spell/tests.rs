//! Status spells of hand-made cases.

use crate::model::{AssignmentKind, CaseStatus, ChangeField, Status};
use crate::record::story::{Story, at, monday};

/// Status, start and end (minutes after creation), agent/team/queue of each spell.
fn spells(told: &Story) -> Vec<String> {
    let minutes = |instant: crate::model::Instant| instant.since(told.case.created_at) / 60_000;
    let rows = told.derive().status_spells;
    assert!(rows.iter().enumerate().all(|(index, row)| row.ordinal == index as i32));
    rows.iter()
        .map(|row| {
            let until = row.until_at.map_or("now".to_owned(), |until| minutes(until).to_string());
            let who = [&row.agent, &row.team, &row.queue].map(|id| id.as_deref().unwrap_or("-"));
            format!("{} {}..{} {}", row.status_id, minutes(row.from_at), until, who.join(" "))
        })
        .collect()
}

#[test]
fn spells_are_cut_where_status_assignee_team_or_queue_change() {
    let told = monday()
        .given(|case| case.team = Some("t1".to_owned()))
        .customer("+1m")
        .assign("+2m", "a1")
        .assign("+3m", "a1")
        .status("+4m", "open")
        .status("+5m", "open")
        .change("+6m", ChangeField::Priority, "high")
        .change("+7m", ChangeField::Team, "t2")
        .assignment("+8m", AssignmentKind::Assign, ["", "", "q1"])
        .assignment("+9m", AssignmentKind::Offer, ["a2", "", ""])
        .status("+10m", "closed");
    assert_eq!(
        spells(&told),
        [
            "new 0..2 - t1 -",
            "new 2..4 a1 t1 -",
            "open 4..7 a1 t1 -",
            "open 7..8 a1 t2 -",
            "open 8..10 a1 t2 q1",
            "closed 10..now a1 t2 q1",
        ]
    );
}

#[test]
fn stretches_of_no_length_are_left_out() {
    let check = |told: Story, expected: &[&str]| assert_eq!(spells(&told), expected);
    check(monday(), &["new 0..now - - -"]);
    check(monday().status("+0s", "open"), &["open 0..now - - -"]);
    check(monday().status("+5m", "open").status("+5m", "pending"), &["new 0..5 - - -", "pending 5..now - - -"]);
    check(
        monday().status("+5m", "pending").seq(2).status("+5m", "open").seq(3),
        &["new 0..5 - - -", "open 5..now - - -"],
    );
    // There and back in one instant: the stretch goes on.
    check(monday().status("+5m", "open").status("+5m", "new"), &["new 0..now - - -"]);
    check(
        monday().assign("+5m", "a1").assign("+5m", "-").status("+6m", "open"),
        &["new 0..6 - - -", "open 6..now - - -"],
    );
}

#[test]
fn what_happened_before_creation_says_how_it_begins() {
    let told = monday().status("-5m", "open").assign("-1m", "a1").status("+2m", "pending");
    assert_eq!(spells(&told), ["open 0..2 a1 - -", "pending 2..now a1 - -"]);
}

#[test]
fn a_spell_has_the_category_of_its_status_when_entered() {
    let rows = monday()
        .named_status("waiting", CaseStatus::Pending)
        .rules(|reference| {
            reference.statuses.push(Status { category: CaseStatus::OnHold, ..Status::named("waiting", at("+10m")) });
        })
        .status("+5m", "waiting")
        .status("+15m", "pending")
        .status("+20m", "waiting")
        .derive()
        .status_spells;
    let categories: Vec<_> = rows.iter().map(|row| row.status).collect();
    assert_eq!(categories, [CaseStatus::New, CaseStatus::Pending, CaseStatus::Pending, CaseStatus::OnHold]);
    assert_eq!(rows[2].status_id, "pending", "another status of one category is another spell");
}
