//! Events: waiting ones, moved ones, lines of one id, anomalies.

use super::{CASE, dump};
use crate::desk::Desk;

const C2: &str = r#"{"type":"case","id":"c2","created_at":"2026-05-01T08:00:00Z"}"#;

#[tokio::test]
async fn events_wait_for_their_case() {
    let desk = Desk::new().await;
    let lines: Vec<&str> = CASE.trim().lines().collect();
    let report = desk.take(&lines[1..].join("\n")).await;
    assert_eq!((report.accepted, report.waiting, report.anomalies), (6, 6, 0));
    assert!(desk.rows("SELECT * FROM message_record").await.is_empty());
    let report = desk.take(lines[0]).await;
    assert_eq!((report.accepted, report.waiting), (1, 0));
    let other = Desk::new().await;
    other.accept(CASE).await;
    assert_eq!(dump(&desk).await, dump(&other).await);
}

#[tokio::test]
async fn a_late_event_derives_its_case_again() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    let counts = "SELECT agent_reply_count, first_responder FROM case_record";
    assert_eq!(desk.rows(counts).await, ["1|a1"]);
    desk.accept(
        r#"{"type":"message","case":"c1","id":"m0","at":"2026-05-01T08:02:00Z","author":{"kind":"agent","id":"a2"}}"#,
    )
    .await;
    assert_eq!(desk.rows(counts).await, ["2|a2"]);
    assert_eq!(desk.rows("SELECT id FROM message_record ORDER BY at").await, ["m1", "m0", "m2"]);
}

/// Many messages of case c2, one of them that of the number changed by `line`.
fn many(changed: usize, line: &str) -> String {
    let message =
        |n: usize| format!(r#"{{"type":"message","case":"c2","id":"n{n:04}","at":"2026-05-01T09:00:00Z","seq":{n}}}"#);
    (0..1_000).map(|n| if n == changed { line.to_owned() } else { message(n) }).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_event_among_many_new_ones_may_be_there_already() {
    // One that is changed, one that moves, one of which the line lacks what only a first line must have; each at a place where a
    // glance at some of the batch does not find it.
    for (place, line) in [
        (1, r#"{"type":"message","case":"c1","id":"m2","at":"2026-05-01T08:10:00Z","visibility":"internal"}"#),
        (7, r#"{"type":"message","case":"c2","id":"m2","at":"2026-05-01T08:10:00Z"}"#),
        (999, r#"{"type":"status_change","case":"c1","id":"s1","at":"2026-05-01T09:30:00Z"}"#),
    ] {
        let (at_once, one_by_one) = (Desk::new().await, Desk::new().await);
        for desk in [&at_once, &one_by_one] {
            desk.accept(CASE).await;
            desk.accept(C2).await;
            desk.accept(
                r#"{"type":"status_change","case":"c1","id":"s1","at":"2026-05-01T09:00:00Z","status":"open"}"#,
            )
            .await;
        }
        let lines = many(place, line);
        at_once.accept(&lines).await;
        for piece in lines.lines().collect::<Vec<_>>().chunks(100) {
            one_by_one.accept(&piece.join("\n")).await;
        }
        assert_eq!(dump(&at_once).await, dump(&one_by_one).await, "{line}");
        let again = at_once.take(&lines).await;
        assert_eq!((again.accepted, again.unchanged, again.rejected.len()), (0, 1_000, 0), "{line}");
    }
}

#[tokio::test]
async fn an_event_sent_for_another_case_moves() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    desk.accept(C2).await;
    desk.accept(r#"{"type":"message","case":"c2","id":"m2","at":"2026-05-01T08:10:00Z"}"#).await;
    assert_eq!(
        desk.rows("SELECT case_id, id, agent FROM message_record ORDER BY id").await,
        ["c1|m1|null", "c2|m2|a1"],
    );
    let counts = "SELECT case_id, agent_reply_count FROM case_record ORDER BY case_id";
    assert_eq!(desk.rows(counts).await, ["c1|0", "c2|1"]);
    // To a case that has not come: it waits there.
    let report = desk.take(r#"{"type":"message","case":"c9","id":"m2","at":"2026-05-01T08:10:00Z"}"#).await;
    assert_eq!((report.accepted, report.waiting), (1, 1));
    assert_eq!(desk.rows(counts).await, ["c1|0", "c2|0"]);
}

#[tokio::test]
async fn the_standing_line_of_a_rating_stands_whenever_it_comes() {
    let offer = r#"{"type":"rating","case":"c2","id":"r1","at":"2026-05-03T08:00:00Z","offered_at":"2026-05-02T08:00:00Z","agent":"a9"}"#;
    let given = r#"{"type":"rating","case":"c2","id":"r1","at":"2026-05-02T09:00:00Z","score":2,"comment":"slow"}"#;
    let edited = r#"{"type":"rating","case":"c2","id":"r1","at":"2026-05-02T10:00:00Z","score":4,"comment":null}"#;
    let mut seen = Vec::new();
    for order in [[offer, given, edited], [edited, offer, given], [given, edited, offer], [edited, given, offer]] {
        let desk = Desk::new().await;
        desk.accept(C2).await;
        for line in order {
            assert_eq!(desk.take(line).await.rejected_count, 0);
        }
        let rows = desk.rows("SELECT score, comment, agent, rated_at, offered_at FROM rating_record").await;
        seen.push(rows);
        // Again, in the same order: nothing stands differently.
        let before = dump(&desk).await;
        for line in order {
            assert_eq!(desk.take(line).await.accepted, 0);
        }
        assert_eq!(dump(&desk).await, before);
    }
    let expected = vec!["4|null|a9|1777716000000|1777708800000".to_owned()];
    assert_eq!(seen, [expected.clone(), expected.clone(), expected.clone(), expected]);
}

#[tokio::test]
async fn the_latest_edit_of_a_message_stands() {
    let desk = Desk::new().await;
    desk.accept(C2).await;
    desk.accept(r#"{"type":"message","case":"c2","id":"m1","at":"2026-05-01T09:00:00Z","visibility":"internal","edited_at":"2026-05-02T09:00:00Z"}"#).await;
    desk.accept(r#"{"type":"message","case":"c2","id":"m1","at":"2026-05-01T09:00:00Z","visibility":"public","author":{"kind":"agent","id":"a1"},"edited_at":"2026-05-01T10:00:00Z"}"#).await;
    assert_eq!(desk.rows("SELECT visibility, author FROM message_record").await, ["internal|a1"]);
}

#[tokio::test]
async fn contradicting_times_are_kept_and_counted() {
    let desk = Desk::new().await;
    let early =
        r#"{"type":"message","case":"c2","id":"m1","at":"2026-04-30T09:00:00Z","author":{"kind":"agent","id":"a1"}}"#;
    let report = desk.take(&format!("{C2}\n{early}")).await;
    assert_eq!((report.accepted, report.anomalies), (2, 1));
    assert_eq!(desk.rows("SELECT first_response_calendar_ms FROM case_record").await, ["null"]);
    let rating = r#"{"type":"rating","case":"c2","id":"r1","at":"2026-05-02T09:00:00Z","offered_at":"2026-05-02T10:00:00Z","score":3}"#;
    assert_eq!(desk.take(rating).await.anomalies, 1);
    assert_eq!(desk.take(rating).await.anomalies, 0);
}

#[tokio::test]
async fn a_line_that_does_not_stand_leaves_its_event_where_it_is() {
    let desk = Desk::new().await;
    desk.accept(
        r#"{"type":"case","id":"c1","created_at":"2026-05-01T08:00:00Z"}
           {"type":"message","case":"c1","id":"m1","at":"2026-05-01T09:00:00Z","edited_at":"2026-05-01T10:00:00Z"}"#,
    )
    .await;
    let report =
        desk.accept(r#"{"type":"message","case":"c2","id":"m1","at":"2026-05-01T09:00:00Z","action":"x"}"#).await;
    assert_eq!(report.waiting, 0);
    assert_eq!(desk.rows("SELECT case_id, action FROM event").await, ["c1|x"]);
}
