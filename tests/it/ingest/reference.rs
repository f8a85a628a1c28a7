//! Reference data: versions, what a change of them derives again, presence.

use deskgraph::model::WorkspaceId;

use super::{CASE, dump};
use crate::desk::Desk;

#[tokio::test]
async fn versions_are_kept_by_id_and_start() {
    let desk = Desk::new().await;
    desk.accept(
        r#"{"type":"status","id":"vendor","label":"Vendor","category":"on_hold"}
           {"type":"status","id":"vendor","from":"2026-01-01T00:00:00Z","category":"pending"}
           {"type":"status","id":"vendor","label":"With vendor"}"#,
    )
    .await;
    assert_eq!(
        desk.rows("SELECT label, category FROM status ORDER BY from_at").await,
        ["With vendor|on_hold", "vendor|pending"],
    );
}

#[tokio::test]
async fn cases_are_derived_again_when_what_they_follow_from_changes() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    desk.accept(r#"{"type":"status_change","case":"c1","id":"s9","at":"2026-05-02T08:00:00Z","status":"vendor"}"#)
        .await;
    let status = "SELECT status FROM case_record";
    assert_eq!(desk.rows(status).await, ["open"]);
    desk.accept(r#"{"type":"status","id":"vendor","category":"on_hold"}"#).await;
    assert_eq!(desk.rows(status).await, ["on_hold"]);
    // A policy with a goal of a minute: the reply came after ten.
    desk.accept(r#"{"type":"sla_policy","id":"gold","targets":[{"metric":"first_reply","goal_seconds":60}]}"#).await;
    let clock = "SELECT policy, goal_ms, judged_calendar_ms FROM sla_clock_record";
    assert_eq!(desk.rows(clock).await, ["gold|60000|600000"]);
    desk.accept(r#"{"type":"sla_policy","id":"gold","targets":[{"metric":"first_reply","goal_seconds":900}]}"#).await;
    assert_eq!(desk.rows(clock).await, ["gold|900000|600000"]);
    // An agent who turns out to be a bot never replied.
    desk.accept(r#"{"type":"agent","id":"a1","kind":"bot"}"#).await;
    assert_eq!(desk.rows("SELECT agent_reply_count FROM case_record").await, ["0"]);
    desk.accept(r#"{"type":"workspace","ignore_bot_messages":false}"#).await;
    assert_eq!(desk.rows("SELECT agent_reply_count FROM case_record").await, ["1"]);
    // Business time by the team's schedule, closed all the time.
    let business = "SELECT first_response_business_ms FROM case_record";
    desk.accept(r#"{"type":"business_hours","id":"never","weekly":{}}"#).await;
    assert_eq!(desk.rows(business).await, ["600000"]);
    desk.accept(r#"{"type":"team","id":"t1","business_hours":"never"}"#).await;
    assert_eq!(desk.rows(business).await, ["300000"]);
    desk.accept(r#"{"type":"workspace","business_hours":"never"}"#).await;
    assert_eq!(desk.rows(business).await, ["0"]);
}

#[tokio::test]
async fn the_same_rows_follow_when_reference_data_comes_last() {
    let reference = r#"
{"type":"workspace","timezone":"Europe/Copenhagen","business_hours":"office"}
{"type":"business_hours","id":"office","timezone":"Europe/Copenhagen","weekly":{"friday":[["09:00","10:06"]]}}
{"type":"sla_policy","id":"gold","targets":[{"metric":"resolution","goal_seconds":60,"clock":"business"}]}
{"type":"agent","id":"a1","name":"Sarah"}"#;
    let first = Desk::new().await;
    first.take(reference).await;
    first.take(CASE).await;
    let last = Desk::new().await;
    last.take(CASE).await;
    let report = last.take(reference).await;
    assert_eq!(report.rederiving, None);
    assert_eq!(dump(&first).await, dump(&last).await);
}

#[tokio::test]
async fn a_change_of_names_alone_derives_nothing() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    let marked = "UPDATE case_record SET is_abandoned = (1 = 1)";
    sea_orm::ConnectionTrait::execute_unprepared(&desk.database, marked).await.unwrap();
    desk.accept(r#"{"type":"team","id":"t1","name":"Billing"}"#).await;
    desk.accept(r#"{"type":"workspace","name":"Acme","timezone":"Asia/Tokyo"}"#).await;
    assert_eq!(desk.rows("SELECT is_abandoned FROM case_record").await, ["1"]);
}

#[tokio::test]
async fn deriving_again_in_the_background_goes_on_where_it_stopped() {
    let desk = Desk::new().await;
    let case = |n: usize| format!(r#"{{"type":"case","id":"c{n:02}","created_at":"2026-05-01T08:00:00Z"}}"#);
    desk.accept(&(0..12).map(case).collect::<Vec<_>>().join("\n")).await;
    let before = dump(&desk).await;
    let broken = "UPDATE case_record SET status = 'closed'; UPDATE workspace SET rederive_after = ''";
    sea_orm::ConnectionTrait::execute_unprepared(&desk.database, broken).await.unwrap();
    let workspace = WorkspaceId("acme".to_owned());
    let now = desk.app.clock.now();
    let piece = desk.app.store.rederive(&workspace, 5, now).await.unwrap().unwrap();
    assert_eq!((piece.cases.len(), piece.is_unfinished, piece.revision), (5, true, 2));
    assert_eq!(desk.rows("SELECT rederive_after FROM workspace").await, ["c04"]);
    assert_eq!(desk.rows("SELECT count(*) FROM case_record WHERE status = 'closed'").await, ["7"]);
    assert_eq!(desk.app.store.workspaces_to_rederive().await.unwrap(), std::slice::from_ref(&workspace));
    assert_eq!(desk.app.rebuild_all(&workspace).await.unwrap(), 7);
    assert_eq!(dump(&desk).await, before);
    assert_eq!(desk.rows("SELECT rederive_after FROM workspace").await, ["null"]);
    assert!(desk.app.store.rederive(&workspace, 5, now).await.unwrap().is_none());
    assert_eq!(desk.rows("SELECT revision FROM workspace").await, ["3"]);
}

#[tokio::test]
async fn presence_lines_make_spells_in_any_order() {
    let line = |at: &str, status: &str| {
        format!(r#"{{"type":"presence","agent":"a1","at":"2026-05-01T{at}:00Z","status":"{status}"}}"#)
    };
    let lines = [line("09:00", "available"), line("10:00", "busy"), line("11:00", "offline"), line("12:00", "away")];
    let forwards = Desk::new().await;
    forwards.accept(&lines.join("\n")).await;
    assert_eq!(forwards.dump("presence_record", &[]).await.len(), 4);
    let apart = Desk::new().await;
    for index in [2, 0, 3, 1] {
        apart.accept(&lines[index]).await;
    }
    assert_eq!(dump(&forwards).await, dump(&apart).await);
    // Of two lines for one instant the last received stands.
    apart.accept(&line("10:00", "away")).await;
    assert_eq!(
        apart.rows("SELECT status FROM presence_record ORDER BY from_at").await,
        ["available", "away", "offline", "away"]
    );
    assert_eq!(apart.take(&line("10:00", "away")).await.unchanged, 1);
}

#[tokio::test]
async fn a_change_of_very_many_cases_is_answered_before_they_are_derived() {
    let desk = Desk::new().await;
    let case = |n: usize| format!(r#"{{"type":"case","id":"c{n}","created_at":"2026-05-01T08:00:00Z"}}"#);
    desk.accept(&(0..10_001).map(case).collect::<Vec<_>>().join("\n")).await;
    let report = desk.accept(r#"{"type":"status","id":"new","category":"on_hold"}"#).await;
    assert_eq!(report.rederiving, Some(10_001));
    // Whatever the background has not done yet is done here.
    desk.app.rebuild_all(&desk.viewer.workspace).await.unwrap();
    while !desk.app.store.workspaces_to_rederive().await.unwrap().is_empty() {
        desk.app.rebuild_all(&desk.viewer.workspace).await.unwrap();
    }
    assert_eq!(desk.rows("SELECT status, count(*) FROM case_record GROUP BY status").await, ["on_hold|10001"]);
    // Few enough at once: nothing is left for later.
    desk.take(r#"{"type":"erase","of":"case","id":"c0"}"#).await;
    let report = desk.accept(r#"{"type":"status","id":"new","category":"open"}"#).await;
    assert_eq!(report.rederiving, None);
    assert_eq!(desk.rows("SELECT status, count(*) FROM case_record GROUP BY status").await, ["open|10000"]);
}

#[tokio::test]
async fn the_next_batch_goes_on_with_what_was_left_to_derive() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    desk.rows("UPDATE workspace SET rederive_after = '' RETURNING id").await;
    desk.take(CASE).await;
    let is_done = async {
        while !desk.app.store.workspaces_to_rederive().await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), is_done).await.unwrap();
}

#[tokio::test]
async fn the_longest_names_and_ids_fit_everywhere() {
    let long = |first: u32, count: u32| {
        (0..count).map(|n| char::from_u32(0x2_0000 + first + n * 37).unwrap()).collect::<String>()
    };
    let id = |n: u32| long(n, 200);
    let desk = Desk::new().await;
    let name = long(9, 1_000);
    let report = desk
        .take(&format!(
            r#"{{"type":"agent","id":"{0}","name":"{name}","username":"{name}","teams":["{1}"]}}
{{"type":"agent","id":"{0}","name":"{4}"}}
{{"type":"case","id":"{2}","created_at":"2026-05-01T08:00:00Z","tags":["{1}"],"assignee":"{0}","requester":"{0}","subject":"{name}"}}
{{"type":"message","case":"{2}","id":"{3}","at":"2026-05-01T08:00:00Z","author":{{"kind":"agent","id":"{0}"}}}}
{{"type":"rating","case":"{2}","id":"{3}","at":"2026-05-01T08:00:00Z","score":1,"comment":"{name}"}}"#,
            id(1), id(2), id(3), id(4), id(5)
        ))
        .await;
    assert_eq!(report.rejected.iter().map(|r| (r.line, r.field.as_str())).collect::<Vec<_>>(), [(1, "name")]);
    assert_eq!(report.accepted, 4);
}
