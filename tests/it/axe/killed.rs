//! An import killed at any instant, in the middle of a commit too, and run again ends in the same rows as one that nobody disturbed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use rand::Rng;
use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::{Place, assert_same, chance, story, texts};

/// Files of the import, and so at least as many transactions.
const FILES: usize = 12;
const KILLS: usize = 50;

/// When the axe falls.
#[derive(Clone, Copy, Debug)]
enum Blow {
    /// That long after the start.
    After(Duration),
    /// In the middle of the first commit that begins so long after the start.
    InCommitAfter(Duration),
}

/// The import as it goes when nobody disturbs it.
struct Undisturbed {
    /// Tables, and no rows yet.
    empty: Place,
    /// Rows after each number of files.
    after: Vec<Vec<String>>,
    span: Duration,
}

impl Undisturbed {
    async fn watch(paths: &[PathBuf]) -> Undisturbed {
        let empty = Place::new().await;
        empty.run(&["migrate"]);
        let place = Place::like(&empty).await;
        let mut after = vec![place.rows().await];
        for path in paths {
            place.run(&["import", path.to_str().unwrap()]);
            after.push(place.rows().await);
        }
        let whole = Place::like(&empty).await;
        let started = Instant::now();
        let output = whole.import(paths).wait_with_output().unwrap();
        let span = started.elapsed();
        assert!(output.status.success());
        assert_same(&whole.rows().await, after.last().unwrap(), "all files at once");
        Undisturbed { empty, after, span }
    }

    /// How many files are in; panics when one is in half.
    fn files_in(&self, rows: &[String], what: &str) -> usize {
        if rows.iter().all(|row| row.starts_with("seaql_migrations ")) {
            return 0;
        }
        let found = self.after.iter().position(|after| after == rows);
        found.unwrap_or_else(|| {
            let nearest = self.after.iter().min_by_key(|after| after.len().abs_diff(rows.len())).unwrap();
            assert_same(rows, nearest, &format!("{what}: half-written"));
            unreachable!()
        })
    }
}

#[tokio::test]
async fn an_import_killed_at_any_instant_ends_in_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let paths = story::write(folder.path(), &story::files(FILES));
    let undisturbed = Undisturbed::watch(&paths).await;
    let mut chance = chance();
    let (mut killed, mut kept) = (0, BTreeSet::new());
    for trial in 0..KILLS {
        let delay = undisturbed.span.mul_f64(chance.random_range(0.0..1.0));
        let blow = if trial % 2 == 0 { Blow::After(delay) } else { Blow::InCommitAfter(delay) };
        // Every tenth begins without tables.
        let place = if trial % 10 == 0 { Place::new().await } else { Place::like(&undisturbed.empty).await };
        let what = format!("trial {trial}, {blow:?}");
        let is_killed = strike(&place, &paths, blow).await;
        let files_in = undisturbed.files_in(&place.rows().await, &what);
        if is_killed {
            killed += 1;
            kept.insert(files_in);
        }
        let again = place.import(&paths).wait_with_output().unwrap();
        assert!(again.status.success(), "{what}: {}", super::told(&again));
        assert_same(&place.rows().await, undisturbed.after.last().unwrap(), &what);
    }
    println!(
        "{killed} of {KILLS} killed, with {kept:?} of {FILES} files in; undisturbed it takes {:?}",
        undisturbed.span
    );
    assert!(killed >= KILLS / 2, "only {killed} of {KILLS} were killed before their end");
    assert!(kept.len() >= FILES / 2, "they were all killed at the same few places: {kept:?}");
}

/// Begins an import and kills it; false when it had ended before.
async fn strike(place: &Place, paths: &[PathBuf], blow: Blow) -> bool {
    let watcher = match (blow, place.sqlite_file()) {
        (Blow::InCommitAfter(_), None) => Some(linger_in_commits(place).await),
        _ => None,
    };
    let mut child = place.import(paths);
    match blow {
        Blow::After(delay) => thread::sleep(delay),
        Blow::InCommitAfter(delay) => {
            thread::sleep(delay);
            match (&watcher, place.sqlite_file()) {
                (Some(watcher), _) => wait_for_commit(&mut child, watcher).await,
                (None, Some(file)) => wait_for_write(&mut child, &file),
                (None, None) => {}
            }
        }
    }
    let is_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    if let Some(watcher) = watcher {
        watcher.execute_unprepared("DROP FUNCTION linger CASCADE").await.unwrap();
        watcher.close().await.unwrap();
    }
    is_running
}

/// SQLite's log is written when a transaction is committed, and only then.
fn wait_for_write(child: &mut Child, file: &Path) {
    let log = PathBuf::from(format!("{}-wal", file.display()));
    let stamp = || log.metadata().ok().map(|log| (log.len(), log.modified().ok()));
    let before = stamp();
    while stamp() == before && child.try_wait().unwrap().is_none() {
        thread::yield_now();
    }
}

/// Makes commits take a while, so that one can be caught at it.
async fn linger_in_commits(place: &Place) -> DatabaseConnection {
    let database = place.connect().await;
    let linger =
        "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.01); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER linger AFTER UPDATE ON workspace DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION linger()";
    database.execute_unprepared(linger).await.unwrap();
    database
}

async fn wait_for_commit(child: &mut Child, watcher: &DatabaseConnection) {
    let committing = "SELECT query FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query = 'COMMIT'";
    while texts(watcher, committing).await.is_empty() && child.try_wait().unwrap().is_none() {}
}
