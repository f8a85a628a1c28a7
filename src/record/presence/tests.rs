//! Presence spells of one agent.

use super::derive;
use crate::model::{Instant, Presence, PresenceStatus};

fn check(lines: &[(i64, PresenceStatus)], expected: &[(i64, Option<i64>, PresenceStatus)]) {
    let lines: Vec<Presence> = lines
        .iter()
        .map(|&(at, status)| Presence { agent: "a1".to_owned(), at: Instant::from_ms(at), status })
        .collect();
    let rows = derive(&lines);
    assert!(rows.iter().all(|row| row.agent == "a1"));
    let found: Vec<_> = rows.iter().map(|row| (row.from_at.ms(), row.until_at.map(Instant::ms), row.status)).collect();
    assert_eq!(found, expected, "{lines:?}");
}

#[test]
fn a_status_holds_until_another_comes() {
    use PresenceStatus::{Available, Away, Busy, Offline};
    check(&[], &[]);
    check(&[(5, Available)], &[(5, None, Available)]);
    check(&[(5, Available), (9, Offline)], &[(5, Some(9), Available), (9, None, Offline)]);
    check(&[(9, Offline), (5, Available)], &[(5, Some(9), Available), (9, None, Offline)]);
    // The same again is no new spell.
    check(&[(5, Busy), (7, Busy), (9, Away)], &[(5, Some(9), Busy), (9, None, Away)]);
    // Of two for one instant the last given stands.
    check(&[(5, Busy), (5, Away)], &[(5, None, Away)]);
    check(&[(9, Away), (5, Busy), (9, Offline)], &[(5, Some(9), Busy), (9, None, Offline)]);
    check(&[(5, Busy), (9, Away), (9, Busy), (12, Offline)], &[(5, Some(12), Busy), (12, None, Offline)]);
}
