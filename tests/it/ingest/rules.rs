//! Replays, patches, numbers, rejects, all or nothing.

use deskgraph::app::Error;
use deskgraph::model::{Role, WorkspaceId};

use super::{CASE, dump};
use crate::desk::{Desk, batch};

#[tokio::test]
async fn the_same_lines_again_change_nothing() {
    let desk = Desk::new().await;
    let first = desk.accept(CASE).await;
    assert_eq!((first.waiting, first.anomalies, first.revision), (0, 0, 1));
    let before = dump(&desk).await;
    let again = desk.take(CASE).await;
    assert_eq!((again.accepted, again.unchanged, again.revision), (0, 7, 1));
    assert_eq!(dump(&desk).await, before);
}

#[tokio::test]
async fn what_lines_name_is_made() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    assert_eq!(desk.rows("SELECT id, name, kind, is_active FROM agent").await, ["a1|a1|human|1"]);
    assert_eq!(desk.rows("SELECT id, name FROM team").await, ["t1|t1"]);
    assert_eq!(desk.rows("SELECT id, name FROM queue").await, ["q1|q1"]);
    assert_eq!(desk.rows("SELECT id, name FROM tag").await, ["vip|vip"]);
    assert_eq!(desk.rows("SELECT id, label FROM channel").await, ["email|email"]);
    assert_eq!(desk.rows("SELECT id, name FROM customer").await, ["cu1|cu1"]);
    desk.accept(r#"{"type":"agent","id":"a1","name":"Sarah","teams":["t2","t1","t2"]}"#).await;
    assert_eq!(desk.rows("SELECT id, name FROM agent").await, ["a1|Sarah"]);
    assert_eq!(desk.rows("SELECT agent, team FROM agent_team ORDER BY team").await, ["a1|t1", "a1|t2"]);
    assert_eq!(desk.rows("SELECT id FROM team ORDER BY id").await, ["t1", "t2"]);
}

#[tokio::test]
async fn a_line_is_laid_over_what_is_there() {
    let desk = Desk::new().await;
    desk.accept(
        r#"{"type":"case","id":"c1","created_at":"2026-05-01T08:00:00Z","priority":"low","case_type":"question","tags":["b","a"]}
           {"type":"case","id":"c1","priority":"urgent","case_type":null}"#,
    )
    .await;
    let row = "SELECT priority, priority_rank, case_type, channel, status FROM case_record";
    assert_eq!(desk.rows(row).await, ["urgent|4|null|unknown|new"]);
    assert_eq!(desk.rows("SELECT tag FROM case_tag ORDER BY tag").await, ["a", "b"]);
    desk.accept(r#"{"type":"case","id":"c1","tags":["c"],"state":"spam"}"#).await;
    assert_eq!(desk.rows("SELECT tag FROM case_tag").await, ["c"]);
    assert_eq!(desk.rows("SELECT count(*) FROM status_spell_record").await, ["0"]);
    desk.accept(r#"{"type":"case","id":"c1","state":"active"}"#).await;
    assert_eq!(desk.rows("SELECT count(*) FROM status_spell_record").await, ["1"]);
}

#[tokio::test]
async fn numbers_are_given_or_assigned_once() {
    let desk = Desk::new().await;
    let line = |id: &str, number: &str| {
        format!(r#"{{"type":"case","id":"{id}","created_at":"2026-05-01T08:00:00Z"{number}}}"#) + "\n"
    };
    let first = 1_i64 << 40;
    desk.accept(
        &(line("c1", "") + &line("c2", r#","number":7"#) + &line("c3", &format!(r#","number":{}"#, first + 1))),
    )
    .await;
    let numbers = "SELECT id, number FROM support_case ORDER BY id";
    let expected = [format!("c1|{first}"), "c2|7".to_owned(), format!("c3|{}", first + 1)];
    assert_eq!(desk.rows(numbers).await, expected);
    // Taken by c2; the others of the batch land, and the number already used above the start is passed over.
    let report = desk.take(&(line("c4", r#","number":7"#) + &line("c5", ""))).await;
    assert_eq!((report.accepted, report.rejected_count), (1, 1));
    assert_eq!((report.rejected[0].line, report.rejected[0].field.as_str()), (1, "number"));
    assert_eq!(desk.rows("SELECT number FROM support_case WHERE id = 'c5'").await, [(first + 2).to_string()]);
    // A number that is given up is free for another case; one that was assigned is not assigned again.
    desk.accept(&(line("c2", r#","number":8"#) + &line("c4", r#","number":7"#))).await;
    desk.accept(&line("c5", r#","number":9"#)).await;
    desk.accept(&line("c6", "")).await;
    assert_eq!(desk.rows("SELECT number FROM case_record WHERE case_id = 'c6'").await, [(first + 3).to_string()]);
    assert_eq!(desk.rows("SELECT number FROM case_record WHERE case_id = 'c4'").await, ["7"]);
    let agents = "{\"type\":\"agent\",\"id\":\"a1\",\"number\":3}\n{\"type\":\"agent\",\"id\":\"a2\",\"number\":3}\n{\"type\":\"agent\",\"id\":\"a2\"}";
    let report = desk.take(agents).await;
    assert_eq!((report.accepted, report.rejected[0].field.as_str()), (2, "number"));
    let expected = ["a1|3".to_owned(), format!("a2|{first}")];
    assert_eq!(desk.rows("SELECT id, number FROM agent ORDER BY id").await, expected);
}

const MIXED: &str = r#"{"type":"case","id":"c1","created_at":"2026-05-01T08:00:00Z"}
{"type":"case","id":"c2"}
{"type":"status_change","case":"c1","id":"s1","at":"2026-05-01T09:00:00Z"}
{"type":"banana"}
"#;

#[tokio::test]
async fn bad_lines_are_named_and_the_others_land() {
    let desk = Desk::new().await;
    let report = desk.take(MIXED).await;
    assert_eq!((report.accepted, report.unchanged, report.rejected_count), (1, 0, 3));
    let rejects: Vec<(u64, &str)> = report.rejected.iter().map(|r| (r.line, r.field.as_str())).collect();
    assert_eq!(rejects, [(2, "created_at"), (3, "status"), (4, "type")]);
    assert_eq!(desk.rows("SELECT case_id FROM case_record").await, ["c1"]);
}

#[tokio::test]
async fn all_or_nothing_lands_nothing_beside_a_bad_line() {
    let desk = Desk::new().await;
    let report = desk.take_atomic(MIXED).await;
    assert_eq!((report.accepted, report.rejected_count, report.revision), (0, 3, 0));
    // Bad only against what is there, not by itself.
    let report = desk.take_atomic(&MIXED.lines().take(2).collect::<Vec<_>>().join("\n")).await;
    assert_eq!((report.accepted, report.rejected_count), (0, 1));
    assert!(dump(&desk).await.is_empty());
    let report = desk.take_atomic(MIXED.lines().next().unwrap()).await;
    assert_eq!((report.accepted, report.revision), (1, 1));
}

#[tokio::test]
async fn who_may_not_send_cannot() {
    let desk = Desk::new().await;
    let now = desk.app.clock.now();
    let mut viewer = desk.viewer.clone();
    viewer.teams = Some(["t1".to_owned()].into());
    assert!(matches!(desk.app.ingest(&viewer, batch(CASE), false, now).await, Err(Error::Forbidden(_))));
    let mut viewer = desk.viewer.clone();
    viewer.permissions = Role::Manager.permissions();
    assert!(matches!(desk.app.ingest(&viewer, batch(CASE), false, now).await, Err(Error::Forbidden(_))));
    assert!(desk.rows("SELECT id FROM workspace").await.is_empty());
}

#[tokio::test]
async fn workspaces_do_not_meet() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    let mut viewer = desk.viewer.clone();
    viewer.workspace = WorkspaceId("other".to_owned());
    let now = desk.app.clock.now();
    let report = desk.app.ingest(&viewer, batch(CASE), false, now).await.unwrap();
    assert_eq!((report.accepted, report.revision), (7, 1));
    let erase = batch(r#"{"type":"erase","of":"case","id":"c1"}"#);
    desk.app.ingest(&viewer, erase, false, now).await.unwrap();
    assert_eq!(desk.rows("SELECT workspace FROM case_record").await, ["acme"]);
    assert_eq!(desk.rows("SELECT count(*) FROM event WHERE workspace = 'acme'").await, ["6"]);
}
