//! The laws of the picture: however changes are cut, it says what one says that is drawn afresh from how things are in the end.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::testing::{case, rules, said, spells};
use super::*;

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
