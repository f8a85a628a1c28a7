//! Ratings of hand-made cases.

use crate::model::{AssignmentKind, EventBody};
use crate::record::story::{Story, at, monday};

/// The case is a1, t1, q1's from 1 to 10, then a2, t2, q2's.
fn told() -> Story {
    monday().assignment("+1m", AssignmentKind::Assign, ["a1", "t1", "q1"]).assignment(
        "+10m",
        AssignmentKind::Transfer,
        ["a2", "t2", "q2"],
    )
}

#[test]
fn agent_team_and_queue_default_to_the_cases_at_the_offer() {
    let check = |why: &str, rated: Story, expected: [&str; 3]| {
        let rows = rated.derive().ratings;
        let row = &rows[0];
        assert_eq!([&row.agent, &row.team, &row.queue].map(|id| id.as_deref().unwrap_or("-")), expected, "{why}");
        assert_eq!((rows.len(), Some(row.rated_at), row.score), (1, at("+20m"), 4), "{why}");
    };
    check("at the offer", told().rating("+20m", "+5m", Some(4), ["", "", ""]), ["a1", "t1", "q1"]);
    check("without an offer, when given", told().rating("+20m", "", Some(4), ["", "", ""]), ["a2", "t2", "q2"]);
    check("before anybody had it", told().rating("+20m", "+30s", Some(4), ["", "", ""]), ["-", "-", "-"]);
    check("after all events of the instant", told().rating("+20m", "+10m", Some(4), ["", "", ""]), ["a2", "t2", "q2"]);
    check("what the source says", told().rating("+20m", "+5m", Some(4), ["a9", "t9", "q9"]), ["a9", "t9", "q9"]);
    check("each by itself", told().rating("+20m", "+5m", Some(4), ["a9", "", "-"]), ["a9", "t1", "-"]);
    // Given and assigned at once: all events up to that instant count, whatever their order.
    let at_once = told().rating("+20m", "", Some(4), ["", "", ""]).seq(1).assign("+20m", "a3").seq(2);
    check("up to when given", at_once, ["a3", "t2", "q2"]);
    let later = told().rating("+20m", "", Some(4), ["", "", ""]).assign("+21m", "a3");
    check("what comes later does not matter", later, ["a2", "t2", "q2"]);
}

#[test]
fn only_ratings_with_a_score_are_rows() {
    assert!(told().rating("+20m", "+5m", None, ["", "", ""]).derive().ratings.is_empty());
    let mut rated = told().rating("+20m", "+5m", Some(1), ["", "", ""]).rating("+15m", "+5m", Some(5), ["", "", ""]);
    if let EventBody::Rating { comment, .. } = &mut rated.events[2].body {
        *comment = Some("slow".to_owned());
    }
    let rows = rated.derive().ratings;
    assert_eq!(rows.iter().map(|row| row.score).collect::<Vec<_>>(), [5, 1], "in the order given");
    assert_eq!(
        (rows[1].id.as_str(), rows[1].comment.as_deref(), rows[1].offered_at),
        ("e002", Some("slow"), at("+5m"))
    );
}
