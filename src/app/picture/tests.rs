//! Pictures follow what is written, by whichever gateway, and say what a picture says that is drawn afresh.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::time::Duration;

use crate::app::demo::{Plan, SEED};
use crate::app::viewer::local_owner;
use crate::app::{App, Cache, Clock, Error};
use crate::engine::picture::testing::said;
use crate::import::{Ndjson, Source};
use crate::model::{Batch, Instant, Viewer, WorkspaceId};
use crate::store::testing::TestStore;

fn now() -> Instant {
    Instant::parse("2026-06-01T12:00:00Z").unwrap()
}

struct Desk {
    test: TestStore,
    app: App,
    viewer: Viewer,
}

impl Desk {
    async fn open(name: &str) -> Desk {
        let test = TestStore::open(name).await;
        let app = App::new(test.store.clone(), Clock::Fixed(now()));
        Desk { app, viewer: local_owner(WorkspaceId(test.workspace.clone())), test }
    }

    /// Another gateway on the same database.
    fn beside(&self) -> App {
        App::new(self.test.store.clone(), Clock::Fixed(now()))
    }

    async fn take(&self, batch: Batch) -> i64 {
        let report = self.app.ingest(&self.viewer, batch, false, now()).await.unwrap();
        assert_eq!(report.rejected, []);
        report.revision
    }

    async fn take_text(&self, lines: &str) -> i64 {
        self.take(batch(lines)).await
    }

    async fn said(&self, app: &App) -> Vec<String> {
        said(&app.snapshot(&self.viewer).await.unwrap())
    }
}

fn demo(cases: u32) -> impl Source {
    Plan { seed: SEED, cases, now: now() }.source()
}

const CHANGES: [&str; 6] = [
    r#"{"type":"case","id":"x1","created_at":"2026-05-01T08:00:00Z","channel":"email","assignee":"x-agent","tags":["x"]}
{"type":"presence","agent":"x-agent","at":"2026-05-01T08:00:00Z","status":"available"}
{"type":"presence","agent":"x-agent","at":"2026-05-01T09:00:00Z","status":"away"}"#,
    r#"{"type":"message","case":"x1","id":"x-m1","at":"2026-05-01T08:10:00Z","author":{"kind":"agent","id":"x-agent"}}
{"type":"agent","id":"x-agent","teams":["x-team","y-team"]}"#,
    r#"{"type":"agent","id":"x-agent","kind":"bot"}"#,
    r#"{"type":"case","id":"x1","state":"spam"}"#,
    r#"{"type":"case","id":"x1","state":"active","tags":["x","y"]}
{"type":"workspace","ignore_bot_messages":false}"#,
    r#"{"type":"erase","of":"case","id":"x1"}"#,
];

#[tokio::test]
async fn a_picture_that_follows_says_what_one_drawn_afresh_says() {
    let desk = Desk::open("app picture").await;
    let other = desk.beside();
    assert_eq!(desk.app.snapshot(&desk.viewer).await.unwrap().revision, 0);
    let mut source = demo(150);
    let mut batches = 0;
    while let Some(batch) = source.next_batch(400).unwrap() {
        let revision = desk.take(batch).await;
        batches += 1;
        if batches % 3 == 0 {
            assert_eq!(desk.app.snapshot(&desk.viewer).await.unwrap().revision, revision);
        }
    }
    let rows = desk.said(&other).await.len();
    assert!(rows > 1_000, "{rows} rows");
    for lines in CHANGES {
        let revision = desk.take_text(lines).await;
        let fresh = desk.beside();
        let expected = desk.said(&fresh).await;
        for app in [&desk.app, &other] {
            let snapshot = app.snapshot(&desk.viewer).await.unwrap();
            assert_eq!(snapshot.revision, revision);
            assert_eq!(said(&snapshot), expected, "after {lines}");
        }
    }
    assert!(!desk.said(&desk.app).await.iter().any(|line| line.contains("x1")));
}

#[tokio::test]
async fn all_who_ask_at_once_see_what_was_answered_before() {
    let desk = Desk::open("app picture crowd").await;
    for batch in 0..5 {
        let mut revision = 0;
        // More than the bound beyond which a picture follows by itself.
        for n in 0..20 {
            let id = batch * 100 + n;
            let line = format!(r#"{{"type":"case","id":"c{id}","created_at":"2026-05-01T08:00:00Z"}}"#);
            revision = desk.take_text(&line).await;
        }
        let (app, viewer) = (&desk.app, &desk.viewer);
        let asked = futures_util::future::join_all((0..16).map(|_| app.snapshot(viewer))).await;
        for snapshot in asked {
            let snapshot = snapshot.unwrap();
            assert_eq!((snapshot.revision, snapshot.cases.len), (revision, (batch + 1) * 20));
        }
    }
}

#[tokio::test]
async fn who_may_not_read_gets_no_picture() {
    let desk = Desk::open("app picture shut").await;
    let viewer = Viewer { permissions: BTreeSet::new(), ..desk.viewer.clone() };
    assert!(matches!(desk.app.snapshot(&viewer).await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_gateway_is_ready_when_its_pictures_are_drawn() {
    let desk = Desk::open("app picture ready").await;
    desk.take(demo(40).next_batch(1_000).unwrap().unwrap()).await;
    let app = desk.beside();
    assert!(app.ready().await.is_ok());
    app.draw_pictures().await.unwrap();
    assert!(matches!(app.ready().await, Err(Error::Unavailable(_))));
    wait_until(|| app.pictures_awaited() == 0).await;
    assert!(app.ready().await.is_ok());
    assert_eq!(desk.said(&app).await, desk.said(&desk.app).await);
}

#[tokio::test]
async fn a_start_goes_on_from_the_file_and_what_is_erased_leaves_it() {
    let desk = Desk::open("app picture file").await;
    let folder = tempfile::tempdir().unwrap();
    let cache = || Cache::of("sqlite://desk.db", Some(folder.path()));
    let files = || -> Vec<_> { fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect() };
    let is_written = || files().iter().any(|path| path.extension().is_some_and(|extension| extension == "picture"));
    let app = desk.beside().with_cache(cache());
    desk.take(demo(40).next_batch(600).unwrap().unwrap()).await;
    desk.take_text(CHANGES[0]).await;
    app.snapshot(&desk.viewer).await.unwrap();
    wait_until(is_written).await;
    desk.take_text(CHANGES[1]).await;
    let again = desk.beside().with_cache(cache());
    let loaded = again.load_picture(&desk.viewer.workspace).await.unwrap();
    assert_eq!(loaded.freshness.revision, 2);
    assert_eq!(desk.said(&again).await, desk.said(&desk.app).await);
    // By a gateway that keeps no file, and by one that has no picture of it.
    for (erased, by) in
        [(CHANGES[5], desk.beside()), (r#"{"type":"erase","of":"agent","id":"x"}"#, desk.beside().with_cache(cache()))]
    {
        wait_until(is_written).await;
        let report = by.ingest(&desk.viewer, batch(erased), false, now()).await.unwrap();
        assert_eq!(report.accepted, 1);
        if by.pictures.cache().is_some() {
            assert!(!is_written());
        }
        assert_eq!(desk.said(&again).await, desk.said(&desk.app).await);
        let removed = !is_written()
            || again
                .load_picture(&desk.viewer.workspace)
                .await
                .is_none_or(|drawn| drawn.freshness.revision == report.revision);
        assert!(removed);
        again.save(&desk.viewer.workspace, &again.pictures.of(&desk.viewer.workspace)).await.unwrap();
    }
    let path =
        files().into_iter().find(|path| path.extension().is_some_and(|extension| extension == "picture")).unwrap();
    fs::write(&path, "torn").unwrap();
    let third = desk.beside().with_cache(cache());
    assert_eq!(desk.said(&third).await, desk.said(&desk.app).await);
}

fn batch(lines: &str) -> Batch {
    Ndjson::new(Cursor::new(lines.to_owned()), now()).next_batch(1_000).unwrap().unwrap()
}

async fn wait_until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap();
}
