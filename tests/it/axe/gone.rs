//! PostgreSQL gone and back: cut off, in the middle of transactions too, or silent. Every request is answered with a code meanwhile,
//! and served again once the server is back, by the same process. SQLite has no server; its file is dealt with in `locked` and `full`.

use std::thread;
use std::time::{Duration, Instant};

use rand::Rng;

use super::gateway::{self, Answer, Gateway, ingest};
use super::line::Line;
use super::{Place, assert_same, chance, locked, served, story, texts};

/// Short waits, for the test's sake. Lines look things up on one connection and are written on another, either of which may have to be found
/// silent first.
const WORDS: [&str; 6] = ["--database-wait", "2s", "--request-timeout", "3s", "--ingest-timeout", "8s"];
/// Longest that an answer may take: the longest timeout, and the noise of a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const FILES: usize = 12;
/// Connections of a gateway that read.
const CONNECTIONS: usize = 8;

/// A migrated place and a gateway that reaches it through a line; `None` where there is no server.
async fn behind_a_line() -> Option<(Place, Line, Gateway)> {
    let place = Place::new().await;
    if place.sqlite_file().is_some() {
        println!("did not run: SQLite has no server that could be gone");
        return None;
    }
    place.run(&["migrate"]);
    let (line, through) = Line::lay(&place.url).await;
    let gateway = Gateway::start(&place, &[&WORDS[..], &["--database-url", &through]].concat());
    Some((place, line, gateway))
}

fn in_time<T>(ask: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let answer = ask();
    assert!(started.elapsed() < PATIENCE, "answered after {:?}", started.elapsed());
    answer
}

fn assert_refused(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.code(), answer.header("retry-after")),
        (503, "UNAVAILABLE", Some("5")),
        "{answer:?}"
    );
}

/// Nothing can be had, and everybody is told so in time.
fn check_gone(gateway: &Gateway, lines: &str) {
    thread::scope(|scope| {
        // More than there are connections.
        for _ in 0..20 {
            scope.spawn(|| {
                let answer = in_time(|| gateway.ask("{ cases { totalCount } }"));
                assert_eq!(answer.body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer:?}");
            });
        }
        scope.spawn(|| assert_refused(&in_time(|| gateway.ingest(lines).unwrap())));
        scope.spawn(|| assert_refused(&in_time(|| gateway.get("/readyz"))));
        scope.spawn(|| assert_eq!(in_time(|| gateway.get("/healthz")).status, 200));
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_comes_back_needs_no_new_gateway() {
    let Some((place, mut line, gateway)) = behind_a_line().await else { return };
    let files = story::files(4);
    for (lines, is_silent) in files.iter().zip([false, true, false, true]) {
        let before = place.rows().await;
        if is_silent {
            line.silence()
        } else {
            line.cut().await
        }
        check_gone(&gateway, lines);
        assert_same(&place.rows().await, &before, "while it is gone");
        line.mend().await;
        let landed = in_time(|| gateway.ingest(lines).unwrap());
        assert_eq!(landed.status, 200, "silent: {is_silent}, {landed:?}: {}", gateway.log());
        assert_eq!(in_time(|| gateway.get("/readyz")).status, 200);
        assert!(gateway.ask("{ cases { totalCount } }").body["errors"].is_null());
    }
    let log = gateway.log();
    assert!(log.contains("the store failed") && !log.contains("Lamp") && !log.contains("postgres://"), "{log}");
    drop(gateway);
    let expected = Place::new().await;
    expected.import_all(&files);
    assert_same(&place.rows().await, &expected.rows().await, "in the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_line_cut_in_the_middle_of_a_batch_leaves_it_whole_or_not_at_all() {
    let Some((place, mut line, gateway)) = behind_a_line().await else { return };
    let files = story::files(FILES);
    let empty = Place::new().await;
    empty.run(&["migrate"]);
    let (after, span) = served::watch(&empty, &files).await;
    let mut chance = chance();
    let mut answered = Vec::new();
    for (number, lines) in files.iter().enumerate() {
        let (address, sent) = (gateway.address.clone(), lines.clone());
        let sender = thread::spawn(move || in_time(|| ingest(&address, &sent)).unwrap());
        let delay = (span / FILES as u32).mul_f64(chance.random_range(0.0..1.0));
        thread::sleep(delay);
        let is_silent = number % 4 == 1;
        if is_silent {
            line.silence()
        } else {
            line.cut().await
        }
        let answer = sender.join().unwrap();
        assert!(answer.status == 200 || answer.code() == "UNAVAILABLE", "{answer:?}");
        answered.push(answer.status);
        let rows = place.rows().await;
        let is_in = rows == after[number + 1];
        assert!(is_in || answer.status != 200, "answered, and not there");
        if !is_in {
            assert_same(&rows, &after[number], &format!("file {number} after {delay:?}: half-written"));
        }
        line.mend().await;
        let landed = in_time(|| gateway.ingest(lines).unwrap());
        assert_eq!(landed.status, 200, "silent: {is_silent}, {landed:?}: {}", gateway.log());
        assert_same(&place.rows().await, &after[number + 1], "sent again");
    }
    println!("answered {answered:?}");
    assert!(answered.contains(&503), "no batch was cut off: {answered:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_that_are_lost_while_they_wait_are_replaced() {
    let Some((place, mut line, gateway)) = behind_a_line().await else { return };
    let lines = &story::files(1)[0];
    assert_eq!(gateway.ingest(lines).unwrap().status, 200);
    let held = locked::hold_all(&place).await;
    let ask = |address: &str| in_time(|| gateway::ask(address, "{ cases { totalCount } }"));
    let asking: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let address = gateway.address.clone();
            thread::spawn(move || ask(&address))
        })
        .collect();
    let waiting = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let (watcher, started) = (place.connect().await, Instant::now());
    while texts(&watcher, waiting).await.len() < CONNECTIONS {
        assert!(started.elapsed() < PATIENCE, "they do not all wait");
    }
    line.silence();
    for asking in asking {
        let answer = asking.join().unwrap();
        assert_eq!(answer.body["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer:?}");
    }
    held.rollback().await.unwrap();
    line.mend().await;
    let started = Instant::now();
    while gateway.get("/readyz").status != 200 {
        assert!(started.elapsed() < PATIENCE, "{}", gateway.log());
    }
    assert!(gateway.ask("{ cases { totalCount } }").body["errors"].is_null());
}
