//! An import killed at any instant, in the middle of a commit too, and run again ends in the same rows as one that nobody disturbed.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rand::Rng;

use super::blow::Blow;
use super::{Place, assert_same, chance, story, told};

/// Files of the import, and so at least as many transactions.
const FILES: usize = 12;
const KILLS: usize = 50;

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
        let blow = Blow::nth(trial, delay);
        // Every tenth begins without tables.
        let place = if trial % 10 == 0 { Place::new().await } else { Place::like(&undisturbed.empty).await };
        let what = format!("trial {trial}, {blow:?}");
        let is_killed = blow.strike(&place, || place.import(&paths)).await;
        let files_in = undisturbed.files_in(&place.rows().await, &what);
        if is_killed {
            killed += 1;
            kept.insert(files_in);
        }
        let again = place.import(&paths).wait_with_output().unwrap();
        assert!(again.status.success(), "{what}: {}", told(&again));
        assert_same(&place.rows().await, undisturbed.after.last().unwrap(), &what);
    }
    println!(
        "{killed} of {KILLS} killed, with {kept:?} of {FILES} files in; undisturbed it takes {:?}",
        undisturbed.span
    );
    assert!(killed >= KILLS / 2, "only {killed} of {KILLS} were killed before their end");
    assert!(kept.len() >= FILES / 2, "they were all killed at the same few places: {kept:?}");
}
