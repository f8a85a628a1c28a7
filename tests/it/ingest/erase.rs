//! Erasing: what goes, what stays, and that nothing comes back.

use super::{CASE, dump};
use crate::desk::Desk;

fn erase(of: &str, id: &str) -> String {
    format!(r#"{{"type":"erase","of":"{of}","id":"{id}"}}"#)
}

#[tokio::test]
async fn an_erased_case_is_as_if_never_there() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    desk.accept(&erase("case", "c1")).await;
    for table in
        ["support_case", "event", "case_record", "case_tag", "message_record", "status_spell_record", "rating_record"]
    {
        assert!(desk.dump(table, &[]).await.is_empty(), "{table}");
    }
    let report = desk.take(CASE).await;
    assert_eq!((report.accepted, report.unchanged, report.waiting), (0, 7, 0));
    assert_eq!(desk.take(&erase("case", "c1")).await.unchanged, 1);
    assert!(desk.dump("event", &[]).await.is_empty());
    // Within one batch, too.
    let desk = Desk::new().await;
    desk.take(&format!("{CASE}{}\n{CASE}", erase("case", "c1"))).await;
    assert!(desk.dump("event", &[]).await.is_empty());
    assert!(desk.dump("support_case", &[]).await.is_empty());
}

#[tokio::test]
async fn an_erased_message_is_as_if_never_there() {
    let desk = Desk::new().await;
    desk.accept(CASE).await;
    desk.accept(&erase("message", "m2")).await;
    assert_eq!(desk.rows("SELECT agent_reply_count FROM case_record").await, ["0"]);
    assert_eq!(desk.take(CASE).await.unchanged, 7);
    let without = Desk::new().await;
    let lines: Vec<&str> = CASE.trim().lines().filter(|line| !line.contains("\"m2\"")).collect();
    without.accept(&lines.join("\n")).await;
    without.accept(&erase("message", "m2")).await;
    assert_eq!(dump(&desk).await, dump(&without).await);
}

const TEXTS: [&str; 4] = ["lamp", "Kim", "brand", "thanks"];

async fn assert_no_texts(desk: &Desk) {
    for line in dump(desk).await.into_iter().chain(desk.rows("SELECT search_text FROM case_record").await) {
        assert!(!TEXTS.iter().any(|text| line.contains(text)), "{line}");
    }
}

#[tokio::test]
async fn an_erased_customer_leaves_figures_and_ids() {
    let named = r#"{"type":"customer","id":"cu1","name":"Kim","created_at":"2026-01-01T00:00:00Z"}"#;
    let lines = format!("{named}{CASE}");
    let after = Desk::new().await;
    after.accept(&lines).await;
    let figures = "SELECT agent_touch_count, agent_updated_at, customer_updated_at, requester, latest_score, status FROM case_record";
    let before = after.rows(figures).await;
    after.accept(&erase("customer", "cu1")).await;
    assert_no_texts(&after).await;
    assert_eq!(after.rows(figures).await, before);
    assert_eq!(after.rows("SELECT subject FROM case_record").await, ["null"]);
    assert_eq!(after.rows("SELECT id, name FROM customer").await, ["cu1|null"]);
    let erased = dump(&after).await;
    let again = after.take(&lines).await;
    assert_eq!((again.accepted, again.unchanged), (0, 8));
    assert_eq!(dump(&after).await, erased);
    // Before the lines come, in the middle of them, and one line at a time.
    let first = Desk::new().await;
    first.take(&format!("{}\n{lines}", erase("customer", "cu1"))).await;
    assert_eq!(dump(&first).await, erased);
    let apart = Desk::new().await;
    apart.take(&erase("customer", "cu1")).await;
    for line in lines.trim().lines().rev() {
        apart.take(line).await;
    }
    assert_eq!(dump(&apart).await, erased);
}

#[tokio::test]
async fn a_case_is_of_every_customer_who_ever_was_its_requester() {
    let lines = r#"
{"type":"case","id":"c1","created_at":"2026-05-01T08:00:00Z","requester":"cu2","subject":"Broken lamp"}
{"type":"change","case":"c1","id":"e1","at":"2026-05-01T09:00:00Z","field":"requester","to":"cu1"}"#;
    let erased = erase("customer", "cu1");
    let mut seen = Vec::new();
    let parts = [vec![lines, &erased], vec![&erased, lines]];
    let reversed: Vec<&str> = [&*erased].into_iter().chain(lines.trim().lines().rev()).collect();
    for parts in parts.into_iter().chain([reversed]) {
        let desk = Desk::new().await;
        for part in parts {
            desk.take(part).await;
        }
        assert_no_texts(&desk).await;
        seen.push(dump(&desk).await);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[tokio::test]
async fn what_an_erased_customer_said_of_another_ones_case_goes() {
    let case = r#"{"type":"case","id":"c1","created_at":"2026-05-01T08:00:00Z","requester":"cu2","subject":"x"}"#;
    let rating = r#"{"type":"rating","case":"c1","id":"r1","at":"2026-05-01T09:00:00Z","score":5,"comment":"thanks","actor":{"kind":"customer","id":"cu1"}}"#;
    let erased = erase("customer", "cu1");
    let together = format!("{case}\n{rating}\n{erased}");
    let mut seen = Vec::new();
    // Once the case is there, while the rating waits for it, before either, in one batch.
    for parts in
        [vec![case, rating, &erased], vec![rating, &erased, case], vec![&erased, rating, case], vec![&together]]
    {
        let desk = Desk::new().await;
        for part in parts {
            desk.accept(part).await;
        }
        assert_no_texts(&desk).await;
        assert_eq!(desk.take(rating).await.unchanged, 1);
        seen.push(dump(&desk).await);
    }
    assert!(seen.iter().all(|rows| *rows == seen[0]));
    let desk = Desk::new().await;
    desk.accept(rating).await;
    desk.accept(&erased).await;
    assert_no_texts(&desk).await;
}

#[tokio::test]
async fn an_erased_agent_leaves_the_id() {
    let line = r#"{"type":"agent","id":"a1","number":5,"name":"Sarah","username":"sarah","email":"s@acme.test","teams":["t1"]}"#;
    let desk = Desk::new().await;
    desk.accept(&format!("{line}\n{CASE}")).await;
    desk.accept(&erase("agent", "a1")).await;
    let row = "SELECT id, number, name, username, email FROM agent";
    assert_eq!(desk.rows(row).await, ["a1|5|a1|null|null"]);
    assert_eq!(desk.take(line).await.unchanged, 1);
    assert_eq!(desk.rows(row).await, ["a1|5|a1|null|null"]);
    assert_eq!(desk.rows("SELECT first_responder FROM case_record").await, ["a1"]);
    let searched = desk.rows("SELECT search_text FROM agent").await;
    assert!(!searched.iter().any(|text| text.contains("sarah")), "{searched:?}");
}

#[tokio::test]
async fn erased_texts_are_in_no_file_of_the_database() {
    let desk = Desk::new().await;
    let contains = |text: &str| {
        let files = std::fs::read_dir(desk.folder.path()).unwrap();
        let mut bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        bytes.any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
    };
    desk.accept(CASE).await;
    // With PostgreSQL there are no files to look into.
    assert_eq!(contains("blue lamp"), desk.folder.path().join("desk.db").exists());
    desk.accept(&erase("customer", "cu1")).await;
    assert!(!contains("blue lamp"));
    assert!(!contains("thanks from Kim"));
}
