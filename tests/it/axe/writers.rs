//! Several writers of one case at once: nothing is lost, and the rows are those of a single writer.

use std::sync::Arc;

use super::{Place, assert_same, story};
use crate::desk::{Desk, NOW, batch};
use crate::ingest::dump;
use deskgraph::model::Instant;

/// Columns that tell who came first.
const BY_ARRIVAL: [&str; 5] = ["number", "search_text", "revision", "next_case_number", "next_agent_number"];
const ROUNDS: usize = 4;
const FILES: usize = 8;

/// The files of two writers: every second line of each file is the other's.
fn halves(files: &[String]) -> [Vec<String>; 2] {
    [0, 1].map(|half| {
        let every_second =
            |lines: &String| lines.lines().skip(half).step_by(2).map(|line| line.to_owned() + "\n").collect();
        files.iter().map(every_second).collect()
    })
}

#[tokio::test]
async fn two_programs_that_write_the_same_cases_lose_nothing() {
    let files = story::files(FILES);
    let alone = Place::new().await;
    alone.import_all(&files);
    let expected = alone.rows_without(&BY_ARRIVAL).await;
    let folder = tempfile::tempdir().unwrap();
    let paths = halves(&files).map(|half| {
        let folder = tempfile::tempdir_in(folder.path()).unwrap().keep();
        story::write(&folder, &half)
    });
    for round in 0..ROUNDS {
        // Both find a database without tables, and make them.
        let place = Place::new().await;
        let both = paths.each_ref().map(|paths| place.import(paths));
        for program in both {
            let output = program.wait_with_output().unwrap();
            assert!(output.status.success(), "round {round}: {}", super::told(&output));
        }
        assert_same(&place.rows_without(&BY_ARRIVAL).await, &expected, &format!("round {round}"));
    }
}

const EVENTS: usize = 60;

fn event(n: usize) -> String {
    let at = format!("2026-05-01T{:02}:{:02}:00Z", 9 + n / 60, n % 60);
    let author =
        if n.is_multiple_of(3) { r#"{"kind":"customer","id":"cu1"}"# } else { r#"{"kind":"agent","id":"a1"}"# };
    match n % 4 {
        0 => format!(
            r#"{{"type":"change","case":"c1","id":"e{n}","at":"{at}","field":"subject","to":"text {n}","actor":{author}}}"#
        ),
        1 => format!(
            r#"{{"type":"status_change","case":"c1","id":"e{n}","at":"{at}","status":"{}"}}"#,
            ["open", "resolved"][n / 4 % 2]
        ),
        _ => format!(r#"{{"type":"message","case":"c1","id":"e{n}","at":"{at}","author":{author}}}"#),
    }
}

const CASE: &str = r#"{"type":"case","id":"c1","created_at":"2026-05-01T08:00:00Z","requester":"cu1"}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tasks_that_write_one_case_lose_nothing() {
    let alone = Desk::new().await;
    let lines: Vec<String> = [CASE.to_owned()].into_iter().chain((0..EVENTS).map(event)).collect();
    alone.accept(&lines.join("\n")).await;
    let desk = Arc::new(Desk::new().await);
    desk.accept(CASE).await;
    let writers = [0, 1].map(|half| {
        let desk = Arc::clone(&desk);
        tokio::spawn(async move {
            for n in (half..EVENTS).step_by(2) {
                desk.accept(&event(n)).await;
            }
        })
    });
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(desk.rows("SELECT count(*) FROM event").await, [EVENTS.to_string()]);
    assert_eq!(desk.rows("SELECT revision FROM workspace").await, [(EVENTS + 1).to_string()]);
    assert_eq!(dump(&desk).await, dump(&alone).await);
}

/// More cases than are derived again in one piece.
const MANY: usize = 1_100;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_writer_an_erasure_and_deriving_again_do_not_disturb_each_other() {
    let cases: Vec<String> = (0..MANY)
        .map(|n| {
            format!(
                r#"{{"type":"case","id":"c{n:04}","created_at":"2026-05-01T08:00:00Z","requester":"cu{}"}}"#,
                n % 50
            )
        })
        .collect();
    let reply = |n: usize| {
        format!(
            r#"{{"type":"message","case":"c{n:04}","id":"m{n}","at":"2026-05-01T09:00:00Z","author":{{"kind":"agent","id":"a1"}}}}"#
        )
    };
    // From both ends of the sweep, and again and again the same cases.
    let replies: Vec<String> = (0..40).map(|n| [reply(n), reply(MANY - 1 - n)].join("\n")).collect();
    let erasures: Vec<String> = (0..20)
        .map(|n: usize| {
            let case = if n.is_multiple_of(2) { n } else { MANY - n };
            format!("{{\"type\":\"erase\",\"of\":\"case\",\"id\":\"c{case:04}\"}}\n{{\"type\":\"erase\",\"of\":\"customer\",\"id\":\"cu{}\"}}", n + 5)
        })
        .collect();
    let alone = Desk::new().await;
    alone.take(&[cases.clone(), replies.clone(), erasures.clone()].concat().join("\n")).await;

    let desk = Arc::new(Desk::new().await);
    desk.accept(&cases.join("\n")).await;
    let sweeper = {
        let desk = Arc::clone(&desk);
        tokio::spawn(async move {
            for _ in 0..3 {
                desk.rows("UPDATE workspace SET rederive_after = '' RETURNING id").await;
                desk.app.rebuild_all(&desk.viewer.workspace).await.unwrap();
            }
        })
    };
    let writers = [replies, erasures].map(|batches| {
        let desk = Arc::clone(&desk);
        tokio::spawn(async move {
            for lines in batches {
                let now = Instant::parse(NOW).unwrap();
                desk.app.ingest(&desk.viewer, batch(&lines), false, now).await.unwrap();
            }
        })
    });
    sweeper.await.unwrap();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(dump(&desk).await, dump(&alone).await);
}
