//! The law of arrival: the same lines with distinct ids give the same rows, however they are ordered and cut.

use deskgraph::app::IngestReport;
use futures_util::stream;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::{TABLES, dump};
use crate::desk::{Desk, batch};

const REFERENCE: &[&str] = &[
    r#"{"type":"workspace","business_hours":"office"}"#,
    r#"{"type":"business_hours","id":"office","weekly":{"friday":[["08:00","12:00"]],"saturday":[["22:00","02:00"]]}}"#,
    r#"{"type":"status","id":"vendor","category":"on_hold"}"#,
    r#"{"type":"sla_policy","id":"gold","position":1,"conditions":{"tag":["vip"]},"targets":[{"metric":"first_reply","goal_seconds":900},{"metric":"resolution","goal_seconds":3600,"clock":"business"}]}"#,
    r#"{"type":"sla_policy","id":"all","position":2,"targets":[{"metric":"next_reply","goal_seconds":900}]}"#,
    r#"{"type":"agent","id":"a1","number":1,"name":"Sarah","teams":["t1"]}"#,
    r#"{"type":"agent","id":"a2","kind":"bot"}"#,
    r#"{"type":"team","id":"t1","business_hours":"office"}"#,
    r#"{"type":"customer","id":"cu1","name":"Kim"}"#,
    r#"{"type":"erase","of":"message","id":"e3"}"#,
    r#"{"type":"erase","of":"customer","id":"cu2"}"#,
];

/// One event of one of three cases, told by small numbers.
fn event(index: usize, (case, kind, minute, who): (u8, u8, u16, u8)) -> String {
    let at = format!("2026-05-0{}T{:02}:{:02}:00Z", 1 + minute / 1440, minute / 60 % 24, minute % 60);
    let actor = match who % 4 {
        0 => r#"{"kind":"customer","id":"cu1"}"#,
        1 => r#"{"kind":"agent","id":"a1"}"#,
        2 => r#"{"kind":"agent","id":"a2"}"#,
        _ => r#"{"kind":"system"}"#,
    };
    let author = if kind % 8 < 3 { "author" } else { "actor" };
    let body = match kind % 8 {
        0..3 => r#""type":"message""#.to_owned(),
        3 => format!(r#""type":"assignment","agent":"a{}","team":"t{}""#, who % 3, who % 2),
        4 => format!(
            r#""type":"status_change","status":"{}""#,
            ["open", "pending", "vendor", "resolved", "closed"][usize::from(who % 5)]
        ),
        5 => format!(r#""type":"change","field":"subject","to":"text {}""#, who % 3),
        6 => format!(r#""type":"change","field":"requester","to":"cu{}""#, who % 3),
        _ => format!(r#""type":"rating","score":{},"comment":"so so""#, 1 + who % 5),
    };
    format!(r#"{{{body},"case":"c{}","id":"e{index}","at":"{at}","{author}":{actor}}}"#, case % 4)
}

fn lines(events: &[(u8, u8, u16, u8)]) -> Vec<String> {
    let case = |n: u8| {
        let tags = if n == 1 { r#","tags":["vip"]"# } else { "" };
        format!(
            r#"{{"type":"case","id":"c{n}","created_at":"2026-05-01T0{n}:00:00Z","requester":"cu{n}","subject":"text 1","assignee":"a{n}"{tags}}}"#
        )
    };
    // Events of c3 wait for ever.
    let cases = (0..3).map(case);
    let events = events.iter().enumerate().map(|(index, told)| event(index, *told));
    REFERENCE.iter().map(|line| (*line).to_owned()).chain(cases).chain(events).collect()
}

async fn arrived(lines: &[String], cuts: &[usize]) -> Vec<String> {
    let desk = Desk::new().await;
    let mut rest = lines;
    for cut in cuts {
        let (part, left) = rest.split_at((*cut).min(rest.len()));
        let report = desk.take(&part.join("\n")).await;
        assert_eq!(report.rejected, []);
        rest = left;
    }
    desk.take(&rest.join("\n")).await;
    dump(&desk).await
}

#[test]
fn order_and_batches_do_not_matter() {
    let told = (any::<u8>(), any::<u8>(), 0..4000_u16, any::<u8>());
    let worlds = prop::collection::vec(told, 0..30).prop_flat_map(|events| {
        let lines = lines(&events);
        let shuffled = Just(lines.clone()).prop_shuffle();
        (Just(lines), shuffled, prop::collection::vec(1..12_usize, 0..6))
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&worlds, |(lines, shuffled, cuts)| {
        let (whole, cut) = runtime.block_on(async { (arrived(&lines, &[]).await, arrived(&shuffled, &cuts).await) });
        if whole == cut {
            return Ok(());
        }
        let differing: Vec<&String> =
            whole.iter().filter(|l| !cut.contains(l)).chain(cut.iter().filter(|l| !whole.contains(l))).collect();
        Err(TestCaseError::fail(format!("{shuffled:#?} cut {cuts:?}: {differing:#?}")))
    });
    outcome.unwrap();
}

/// All tables, numbers included.
async fn whole_dump(desk: &Desk) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, _) in TABLES {
        lines.extend(desk.dump(table, &[]).await);
    }
    lines
}

#[test]
fn what_is_looked_up_ahead_lands_as_what_is_looked_up_when_it_is_written() {
    let told = (any::<u8>(), any::<u8>(), 0..4000_u16, any::<u8>());
    let sources = prop::collection::vec(told, 0..30).prop_flat_map(|events| {
        // Some lines come again, some numbers are taken, and now and then something is erased.
        let mut all = lines(&events);
        all.retain(|line| !line.contains("erase") || events.len() % 5 == 0);
        let numbered = |n: usize| {
            let id = n % 6;
            format!(
                r#"{{"type":"case","id":"c{id}","created_at":"2026-05-01T00:00:00Z","number":{}}}"#,
                (n % 3) + (1 << 40)
            )
        };
        all.extend((0..events.len() / 3).map(numbered));
        all.extend(all.clone().into_iter().step_by(3));
        (Just(all).prop_shuffle(), prop::collection::vec(1..12_usize, 2..9))
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&sources, |(lines, cuts)| {
        let mut rest = lines.as_slice();
        let mut batches = Vec::new();
        for cut in cuts {
            let (part, left) = rest.split_at(cut.min(rest.len()));
            batches.push(part.join("\n"));
            rest = left;
        }
        batches.push(rest.join("\n"));
        let (alone, ahead) = runtime.block_on(async {
            let (alone, ahead) = (Desk::new().await, Desk::new().await);
            let mut total = IngestReport::default();
            for batch in &batches {
                total.add(alone.take(batch).await, usize::MAX);
            }
            let told = ahead.take_all(&batches).await;
            let sums = |report: IngestReport| serde_json::to_string(&report).unwrap();
            ((sums(total), whole_dump(&alone).await), (sums(told), whole_dump(&ahead).await))
        });
        prop_assert_eq!(alone.0, ahead.0);
        prop_assert_eq!(alone.1, ahead.1);
        Ok(())
    });
    outcome.unwrap();
}

#[tokio::test]
async fn lines_of_somebody_else_between_two_batches_are_seen() {
    let desk = Desk::new().await;
    let case = |id: &str, number: i64| {
        format!(r#"{{"type":"case","id":"{id}","created_at":"2026-05-01T08:00:00Z","number":{number}}}"#)
    };
    let batches = [case("c1", 1), case("c2", 2), case("c3", 3), case("c4", 4)];
    let come = stream::unfold(0, |at| {
        let (desk, batches) = (&desk, &batches);
        async move {
            if at == 2 {
                desk.accept(&case("other", 3)).await;
            }
            Some((Ok(batch(batches.get(at)?)), at + 1))
        }
    });
    let mut total = IngestReport::default();
    let add = |report| {
        total.add(report, 10);
        Ok(())
    };
    desk.app.ingest_all(&desk.viewer, Box::pin(come), desk.app.clock.now(), add).await.unwrap();
    assert_eq!((total.accepted, total.rejected_count), (3, 1));
    assert_eq!(total.rejected[0].field, "number");
    let numbers = desk.rows("SELECT id, number FROM support_case ORDER BY id").await;
    assert_eq!(numbers, ["c1|1", "c2|2", "c4|4", "other|3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_bring_at_once_lands_once_and_neither_fails() {
    let batch_of = |n: usize| {
        let case = |n| format!(r#"{{"type":"case","id":"c{n}","created_at":"2026-05-01T08:00:00Z","number":{n}}}"#);
        let event = |n| format!(r#"{{"type":"message","case":"c{n}","id":"m{n}","at":"2026-05-01T09:00:00Z"}}"#);
        (n * 20..n * 20 + 20).flat_map(|n| [case(n), event(n)]).collect::<Vec<_>>().join("\n")
    };
    let batches: Vec<String> = (0..30).map(batch_of).collect();
    let alone = Desk::new().await;
    alone.take_all(&batches).await;
    let desk = Desk::new().await;
    let others = async {
        let mut accepted = 0;
        for batch in &batches {
            accepted += desk.take(batch).await.accepted;
        }
        accepted
    };
    let (report, accepted) = tokio::join!(desk.take_all(&batches), others);
    assert_eq!((report.accepted + accepted, report.rejected_count), (1_200, 0));
    assert_eq!(dump(&desk).await, dump(&alone).await);
}
