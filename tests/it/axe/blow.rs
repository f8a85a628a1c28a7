//! When the axe falls: after a while, or in the middle of a commit.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseConnection};

use super::{Place, texts};

/// Nothing more is being committed if nothing was for so long: then the axe falls on a program that is done.
const PATIENCE: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Clone, Copy, Debug)]
pub enum Blow {
    /// That long after the start.
    After(Duration),
    /// In the middle of the first commit that begins so long after the start.
    InCommitAfter(Duration),
}

impl Blow {
    /// One of each in turn.
    pub fn nth(number: usize, delay: Duration) -> Blow {
        if number.is_multiple_of(2) { Blow::After(delay) } else { Blow::InCommitAfter(delay) }
    }

    /// Begins a program on a database and kills it; false when it had ended before.
    pub async fn strike(self, place: &Place, begin: impl FnOnce() -> Child) -> bool {
        let file = place.sqlite_file();
        let (delay, in_commit) = match self {
            Blow::After(delay) => (delay, false),
            Blow::InCommitAfter(delay) => (delay, true),
        };
        let watcher = if in_commit && file.is_none() { Some(linger_in_commits(place).await) } else { None };
        let mut child = begin();
        thread::sleep(delay);
        match (&watcher, file) {
            (Some(watcher), _) => wait_for_commit(&mut child, watcher).await,
            (None, Some(file)) if in_commit => wait_for_write(&mut child, &file),
            _ => {}
        }
        let is_running = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        if let Some(watcher) = watcher {
            // Waits for the commit.
            watcher.execute_unprepared("DROP FUNCTION linger CASCADE").await.unwrap();
            watcher.close().await.unwrap();
        }
        is_running
    }
}

/// SQLite's log is written when a transaction is committed, and only then.
fn wait_for_write(child: &mut Child, file: &Path) {
    let log = PathBuf::from(format!("{}-wal", file.display()));
    let stamp = || log.metadata().ok().map(|log| (log.len(), log.modified().ok()));
    let (before, begun) = (stamp(), Instant::now());
    while stamp() == before && begun.elapsed() < PATIENCE && child.try_wait().unwrap().is_none() {
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
    let begun = Instant::now();
    while texts(watcher, committing).await.is_empty()
        && begun.elapsed() < PATIENCE
        && child.try_wait().unwrap().is_none()
    {}
}
