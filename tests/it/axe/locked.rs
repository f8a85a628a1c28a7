//! Held by others: whoever waits for what another holds is answered in time, and whoever asks again once it is free is served.

use std::thread;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, TransactionTrait};

use super::gateway::{Answer, Gateway};
use super::{Place, assert_same, story};

/// How long the gateway is told to wait for the database, and how long it may take to say that it was in vain: the wait for a
/// connection, the wait for the lock, and the noise of a busy machine.
const WAIT: [&str; 2] = ["--database-wait", "1s"];
const PATIENCE: Duration = Duration::from_secs(20);

fn assert_refused(answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE"), "{answer:?}");
    assert_eq!(answer.header("retry-after"), Some("5"));
}

/// Holds the workspace's row, and with it SQLite's only lock, until the transaction ends.
async fn hold(place: &Place) -> DatabaseTransaction {
    let transaction = place.connect().await.begin().await.unwrap();
    transaction.execute_unprepared("UPDATE workspace SET name = name").await.unwrap();
    transaction
}

#[tokio::test]
async fn lines_that_another_writer_keeps_waiting_are_refused_in_time() {
    let files = story::files(3);
    let place = Place::new().await;
    let gateway = Gateway::start(&place, &WAIT);
    assert_eq!(gateway.ingest(&files[0]).unwrap().status, 200);
    let before = place.rows().await;

    let held = hold(&place).await;
    let started = Instant::now();
    assert_refused(&gateway.ingest(&files[1]).unwrap());
    assert!(started.elapsed() < PATIENCE, "refused after {:?}", started.elapsed());
    assert_eq!(gateway.get("/readyz").status, 200);
    assert_eq!(gateway.ask("{ cases { totalCount } }").body["data"]["cases"]["totalCount"], 4);
    assert_same(&place.rows().await, &before, "while it is locked");
    held.rollback().await.unwrap();

    for lines in &files[1..] {
        assert_eq!(gateway.ingest(lines).unwrap().status, 200);
    }
    let log = gateway.log();
    assert!(log.contains("the store failed") && log.contains("the database is busy"), "{log}");
    assert!(!log.contains("Lamp") && !log.contains("Bearer") && !log.contains("cu1"), "{log}");
    drop(gateway);
    let expected = Place::new().await;
    expected.import_all(&files);
    assert_same(&place.rows().await, &expected.rows().await, "after it was locked");
}

/// Holds everything that can be held: SQLite's readers need no lock.
pub async fn hold_all(place: &Place) -> DatabaseTransaction {
    let transaction = hold(place).await;
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        transaction.execute_unprepared("LOCK TABLE workspace, case_record IN ACCESS EXCLUSIVE MODE").await.unwrap();
    }
    transaction
}

#[tokio::test]
async fn when_every_connection_is_taken_requests_are_refused_in_time() {
    let files = story::files(2);
    let place = Place::new().await;
    let gateway = Gateway::start(&place, &[&WAIT[..], &["--request-timeout", "3s"]].concat());
    assert_eq!(gateway.ingest(&files[0]).unwrap().status, 200);
    let held = hold_all(&place).await;
    let is_sqlite = place.sqlite_file().is_some();

    // More than there are connections, of which writers have fewer.
    thread::scope(|scope| {
        let writer = || assert_refused(&gateway.ingest(&files[1]).unwrap());
        let reader = || {
            let answer = gateway.ask("{ cases { totalCount } }");
            let code = &answer.body["errors"][0]["extensions"]["code"];
            assert!(if is_sqlite { code.is_null() } else { code == "UNAVAILABLE" }, "{answer:?}");
        };
        let started = Instant::now();
        let writers: Vec<_> = (0..8).map(|_| scope.spawn(writer)).collect();
        let readers: Vec<_> = (0..24).map(|_| scope.spawn(reader)).collect();
        let ready = gateway.get("/readyz");
        assert_eq!(ready.status, if is_sqlite { 200 } else { 503 }, "{ready:?}");
        assert_eq!(gateway.get("/healthz").status, 200);
        for thread in writers.into_iter().chain(readers) {
            thread.join().unwrap();
        }
        assert!(started.elapsed() < PATIENCE, "refused after {:?}", started.elapsed());
    });
    held.rollback().await.unwrap();

    assert_eq!(gateway.get("/readyz").status, 200);
    assert_eq!(gateway.ingest(&files[1]).unwrap().status, 200);
    // One of the eight cases is erased by then.
    assert_eq!(gateway.ask("{ cases { totalCount } }").body["data"]["cases"]["totalCount"], 7);
}

#[tokio::test]
async fn deriving_again_goes_on_once_the_lock_is_free() {
    let place = Place::new().await;
    place.import_all(&story::files(2));
    let before = place.rows_without(&["revision"]).await;
    let database = place.connect().await;
    // As a change of very many cases leaves it; what is derived is wrong until it is derived again.
    let changed = "UPDATE workspace SET rederive_after = ''; UPDATE case_record SET status = 'closed'";
    database.execute_unprepared(changed).await.unwrap();
    let held = hold(&place).await;
    let gateway = Gateway::start(&place, &WAIT);
    let wait_for = |is_so: &dyn Fn() -> bool| {
        let started = Instant::now();
        while !is_so() {
            assert!(started.elapsed() < 2 * PATIENCE, "{}", gateway.log());
            thread::yield_now();
        }
    };
    wait_for(&|| gateway.log().contains("deriving cases again waits for the database"));
    held.rollback().await.unwrap();
    wait_for(&|| gateway.ask("{ workspace { rederiving } }").body["data"]["workspace"]["rederiving"] == 0);
    drop(gateway);
    assert_same(&place.rows_without(&["revision"]).await, &before, "derived again");
}
