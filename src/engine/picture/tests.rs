//! The laws of the picture: however changes are cut, it says what one says that is drawn afresh from how things are in the end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Stopwatch};

use proptest::prelude::*;

use super::testing::{case, rules, said, spells};
use super::*;
use crate::engine::chunk::CHUNK_ROWS;

fn change(revision: i64, cases: Vec<(String, Option<Derived>)>, presence: Vec<AgentNow>) -> Change {
    Change { revision, as_of: Instant::from_ms(revision), laid: Laid { cases, presence } }
}

fn agent(n: u8, seed: u8) -> AgentNow {
    let id = format!("a{n}");
    let from = Instant::from_ms(1_700_000_000_000 + i64::from(seed) * 60_000);
    let teams = (0..seed % 3).map(|team| format!("t{team}")).collect();
    AgentNow { spells: spells(&id, usize::from(seed % 5), from), teams, agent: id }
}

#[derive(Clone, Debug)]
enum Step {
    Case(u8, Option<u64>),
    Agent(u8, u8),
    Publish,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => (0..60_u8, prop::option::weighted(0.85, any::<u64>())).prop_map(|(id, seed)| Step::Case(id, seed)),
        2 => (0..6_u8, any::<u8>()).prop_map(|(agent, seed)| Step::Agent(agent, seed)),
        5 => Just(Step::Publish),
    ];
    prop::collection::vec(step, 0..160)
}

fn applied(steps: &[Step], settles: bool) -> Picture {
    let (picture, rules) = (Picture::empty(), rules());
    let mut laid = Laid::default();
    for step in steps {
        match step {
            Step::Case(id, seed) => {
                let id = format!("c{id}");
                laid.cases.push((id.clone(), seed.map(|seed| case(&id, seed, &rules))));
            }
            Step::Agent(n, seed) => laid.presence.push(agent(*n, *seed)),
            Step::Publish => {
                picture.lay(std::mem::take(&mut laid));
                picture.publish(1, Instant::from_ms(1));
            }
        }
    }
    picture.lay(laid);
    if settles {
        picture.settle();
    }
    picture.publish(2, Instant::from_ms(2));
    picture
}

fn afresh(steps: &[Step]) -> Picture {
    let (mut cases, mut agents) = (BTreeMap::new(), BTreeMap::new());
    for step in steps {
        match step {
            Step::Case(id, seed) => drop(cases.insert(format!("c{id}"), *seed)),
            Step::Agent(n, seed) => drop(agents.insert(*n, *seed)),
            Step::Publish => {}
        }
    }
    let (picture, rules) = (Picture::empty(), rules());
    let cases = cases.into_iter().map(|(id, seed)| (id.clone(), seed.map(|seed| case(&id, seed, &rules))));
    let presence = agents.into_iter().map(|(n, seed)| agent(n, seed));
    picture.apply(change(2, cases.collect(), presence.collect()));
    picture
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_picture_says_what_one_drawn_afresh_says(steps in steps(), settles in any::<bool>()) {
        let (picture, fresh) = (applied(&steps, settles), afresh(&steps));
        let snapshot = picture.snapshot();
        prop_assert_eq!(said(&snapshot), said(&fresh.snapshot()));
        prop_assert_eq!((snapshot.revision, snapshot.as_of), (2, Instant::from_ms(2)));
        prop_assert!(snapshot.tables.iter().all(|table| table.chunks.is_sorted_by_key(|live| live.chunk.time.base)));
        let kept = Picture::of(Snapshot::clone(&snapshot));
        prop_assert_eq!(said(&kept.snapshot()), said(&snapshot));
    }
}

#[test]
fn nobody_sees_half_a_change_and_old_snapshots_stay() {
    let (picture, rules) = (Picture::empty(), rules());
    let first = case("c1", 4, &rules);
    picture.apply(change(1, vec![("c1".to_owned(), Some(first.clone()))], Vec::new()));
    let before = picture.snapshot();
    let said_before = said(&before);
    assert!(said_before.iter().any(|line| line.starts_with("cases")), "{said_before:#?}");
    picture.lay(Laid { cases: vec![("c1".to_owned(), None)], presence: Vec::new() });
    assert_eq!(said(&picture.snapshot()), said_before);
    picture.publish(2, Instant::from_ms(2));
    assert_eq!((said(&picture.snapshot()), said(&before)), (Vec::new(), said_before));
    assert!(picture.snapshot().tables.iter().all(|table| table.chunks.is_empty()));
}

#[test]
fn many_small_changes_leave_few_chunks() {
    let (picture, rules) = (Picture::empty(), rules());
    for n in 0..2_000_u64 {
        // Some come again, so that rows die.
        let id = format!("c{}", n * n % 1_500);
        picture.apply(change(1, vec![(id.clone(), Some(case(&id, n, &rules)))], Vec::new()));
    }
    for &kind in RecordKind::ALL {
        let chunks = picture.snapshot().table(kind).chunks.len();
        assert!(chunks <= 24, "{chunks} chunks of {kind}");
    }
}

/// Run by hand, optimised: what a large picture weighs and what a change takes.
#[test]
#[ignore = "a measurement"]
fn a_million_cases() {
    let cases: u64 = std::env::var("CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let (picture, rules) = (Picture::empty(), rules());
    let mut laying = Duration::ZERO;
    for piece in (0..cases).collect::<Vec<_>>().chunks(4_000) {
        let laid = piece.iter().map(|n| {
            let id = format!("case-{:012}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20);
            let derived = case(&id, *n, &rules);
            (id, Some(derived))
        });
        let laid = Laid { cases: laid.collect(), presence: Vec::new() };
        let begun = Stopwatch::now();
        picture.lay(laid);
        laying += begun.elapsed();
    }
    let begun = Stopwatch::now();
    picture.settle();
    picture.publish(1, Instant::from_ms(1));
    println!("laid in {laying:?}, settled in {:?}", begun.elapsed());
    let snapshot = picture.snapshot();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture");
    let begun = Stopwatch::now();
    crate::engine::file::write(&path, "w", None, &snapshot).unwrap();
    println!("written in {:?}: {} bytes", begun.elapsed(), std::fs::metadata(&path).unwrap().len());
    let begun = Stopwatch::now();
    let loaded = Picture::of(crate::engine::file::read(&path, "w").unwrap().0);
    println!("loaded in {:?}", begun.elapsed());
    assert_eq!(loaded.snapshot().cases.len, snapshot.cases.len);
    drop(loaded);
    let bytes = snapshot.bytes();
    for &kind in RecordKind::ALL {
        let rows: usize = snapshot.table(kind).chunks.iter().map(|live| live.chunk.len()).sum();
        let each = bytes.kinds[kind as usize] as f64 / cases as f64;
        println!("{kind}: {rows} rows in {} chunks, {each:.1} bytes a case", snapshot.table(kind).chunks.len());
    }
    println!(
        "cases {}, texts {}, in all {} bytes a case",
        bytes.cases / cases as usize,
        bytes.texts,
        bytes.total() / cases as usize
    );
    let mut took: Vec<Duration> = Vec::new();
    for n in 0..2_000_u64 {
        let id = format!("case-{:012}", (n * 431 % cases).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20);
        let change = change(2, vec![(id.clone(), Some(case(&id, n + cases, &rules)))], Vec::new());
        let begun = Stopwatch::now();
        picture.apply(change);
        took.push(begun.elapsed());
    }
    took.sort();
    println!("a change of one case: median {:?}, 99th {:?}, longest {:?}", took[1_000], took[1_980], took[1_999]);
    let most = picture.snapshot().tables.iter().map(|table| table.chunks.len()).max().unwrap();
    println!("at most {most} chunks of a kind, of up to {CHUNK_ROWS} rows");
}
