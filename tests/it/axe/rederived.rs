//! Deriving very many cases again in the background, killed half-way again and again, ends in the same rows as undisturbed.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rand::Rng;

use super::blow::Blow;
use super::gateway::Gateway;
use super::{Place, assert_same, chance, story, texts};

/// One more than are derived at once.
const CASES: usize = 10_001;
const KILLS: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);

fn schedule(hours: &str) -> String {
    let line =
        r#"{"type":"business_hours","id":"office","weekly":{"monday":[HOURS],"tuesday":[HOURS],"friday":[HOURS]}}"#;
    line.replace("HOURS", hours) + "\n"
}

/// Cases whose SLA clocks run by a schedule.
fn cases() -> String {
    let mut lines = schedule(r#"["09:00","17:00"]"#)
        + r#"{"type":"workspace","business_hours":"office"}
{"type":"sla_policy","id":"all","targets":[{"metric":"resolution","goal_seconds":86400,"clock":"business"}]}
"#;
    for n in 0..CASES {
        let at = format!("2026-05-{:02}T{:02}:{:02}:00Z", 1 + n % 28, n % 24, n % 60);
        lines += &format!("{{\"type\":\"case\",\"id\":\"c{n}\",\"created_at\":\"{at}\"}}\n");
    }
    lines
}

async fn mark(place: &Place) -> Option<String> {
    let database = place.connect().await;
    let mark = texts(&database, "SELECT rederive_after FROM workspace WHERE rederive_after IS NOT NULL").await;
    database.close().await.unwrap();
    mark.into_iter().next()
}

#[tokio::test]
async fn deriving_again_killed_half_way_ends_in_the_same_rows() {
    let begun = Place::new().await;
    begun.import_all(&[cases()]);
    let old = begun.rows().await;
    let change = story::write(begun.folder.path(), &[schedule(r#"["12:00","13:00"]"#)]);
    let undisturbed = Place::like(&begun).await;
    let started = Instant::now();
    assert!(undisturbed.run(&["import", change[0].to_str().unwrap()]).contains("deriving cases again"));
    let span = started.elapsed();
    let new = undisturbed.rows().await;
    assert_ne!(old, new);

    let place = Place::like(&begun).await;
    let marks = kill_again_and_again(&place, &change, span, &old, &new).await;
    println!("{marks:?} were the last cases derived at the kills; undisturbed it takes {span:?}");
    assert!(marks.len() >= KILLS / 3, "killed at the same few places: {marks:?}");

    // A gateway goes on by itself; an import does so before it ends.
    let served = Place::like(&place).await;
    let gateway = Gateway::start(&served, &[]);
    let started = Instant::now();
    while gateway.ask("{ workspace { rederiving } }").body["data"]["workspace"]["rederiving"] != 0 {
        assert!(started.elapsed() < PATIENCE, "{}", gateway.log());
    }
    drop(gateway);
    assert_same(&served.rows().await, &new, "finished by a gateway");
    place.run(&["import", change[0].to_str().unwrap()]);
    assert_same(&place.rows().await, &new, "finished by an import");
}

/// Gives the marks that were found after the kills.
async fn kill_again_and_again(
    place: &Place,
    change: &[PathBuf],
    span: Duration,
    old: &[String],
    new: &[String],
) -> BTreeSet<String> {
    let mut chance = chance();
    let known: HashSet<&String> = old.iter().chain(new).collect();
    let mut marks = BTreeSet::new();
    for kill in 0..KILLS {
        let blow = Blow::nth(kill, span.mul_f64(chance.random_range(0.04..0.14)));
        blow.strike(place, || place.import(change)).await;
        // Each case has its old rows or its new ones.
        let rows = place.rows().await;
        let odd = rows.iter().find(|row| !row.starts_with("workspace ") && !known.contains(row));
        // The log of changes grows with each piece.
        let count = |rows: &[String]| rows.iter().filter(|row| !row.starts_with("change ")).count();
        assert_eq!((count(&rows), odd), (count(new), None), "kill {kill}, {blow:?}");
        marks.extend(mark(place).await.filter(|mark| !mark.is_empty()));
    }
    marks
}
