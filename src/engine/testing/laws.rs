//! What holds of every answer, checked on random worlds.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::naive::Naive;
use super::question::{scan, selection};
use super::world::World;
use crate::engine::{EngineError, Limits, Outcome, RowsOf};
use crate::metric::{Block, BlockAnswer, Figures, GroupBy, Measured, Percentile, Placed, Scan, Value, Window};
use crate::model::{FilterAttribute, Span};
use crate::record::RecordKind;

fn limits(threads: usize) -> Limits {
    Limits { threads, ..Limits::default() }
}

fn sorted(mut answer: BlockAnswer) -> BlockAnswer {
    answer.groups.sort_by(|one, other| one.key.cmp(&other.key));
    answer
}

fn check(world: &World, scan: &Scan, limits: &Limits) {
    let ran = world.snapshot.run(scan, limits).unwrap();
    assert_eq!(ran.answers.len(), scan.blocks.len());
    for (block, answer) in scan.blocks.iter().zip(ran.answers) {
        let naive = Naive { world, kind: scan.kind, of: &block.selection };
        assert_eq!(sorted(answer), naive.answer(block), "{:?} {block:#?}", scan.kind);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scans_mean_what_they_say(seed in any::<u64>(), count in 1..300_usize, threads in 1..3_usize) {
        let world = World::new(seed, count);
        let random = &mut StdRng::seed_from_u64(seed ^ 1);
        for _ in 0..4 {
            // Little memory for each thread makes groups that are looked up instead of having places.
            check(&world, &scan(random), &limits(threads));
            check(&world, &scan(random), &limits(1_000_000));
        }
    }

    #[test]
    fn scans_that_run_together_say_what_each_says_alone(seed in any::<u64>(), count in 1..300_usize) {
        let world = World::new(seed, count);
        let random = &mut StdRng::seed_from_u64(seed ^ 3);
        let mut scans: Vec<Scan> = (0..4).map(|_| scan(random)).collect();
        // One that fails leaves the others.
        scans[1] = clocks(1, &[GroupBy::Column("is_completed")], Window::All);
        let together = world.snapshot.run_all(&scans, &limits(2));
        assert_eq!(together.len(), scans.len());
        for (scan, together) in scans.iter().zip(together) {
            let answers = |ran: Outcome| ran.map(|ran| ran.answers.into_iter().map(sorted).collect::<Vec<_>>());
            assert_eq!(answers(together), answers(world.snapshot.run(scan, &limits(2))));
        }
    }

    #[test]
    fn rows_are_as_many_as_the_number(seed in any::<u64>(), count in 1..300_usize) {
        let world = World::new(seed, count);
        let random = &mut StdRng::seed_from_u64(seed ^ 2);
        for _ in 0..6 {
            let mut scan = scan(random);
            scan.blocks.truncate(1);
            let block = &mut scan.blocks[0];
            block.group_by.clear();
            block.measures.truncate(1);
            if let Window::Spans(spans) = &block.selection.window {
                block.selection.window = Window::Spans(spans.iter().take(1).copied().collect());
            }
            rows_are_as_many(&world, &scan);
        }
    }
}

fn rows_are_as_many(world: &World, scan: &Scan) {
    let block = &scan.blocks[0];
    let measured = &block.measures[0];
    let ran = world.snapshot.run(scan, &limits(2)).unwrap();
    let figures = ran.answers[0].groups[0].cells.first().cloned().unwrap_or_default();
    for is_newest_first in [false, true] {
        let of = |after, limit| RowsOf {
            kind: scan.kind,
            selection: &block.selection,
            rows: &measured.rows,
            value: &measured.value,
            is_newest_first,
            after,
            limit,
        };
        let all = world.snapshot.rows(&of(None, 1_000), &limits(2)).unwrap();
        assert_eq!((all.count, all.has_more), (all.rows.len() as u64, false));
        match measured.value {
            Value::RowsPerAgent => assert_eq!(i128::from(all.count), figures.sum),
            Value::Cases => assert!(all.count >= figures.rows),
            _ => assert_eq!(all.count, figures.rows),
        }
        if let Value::Column(_) | Value::Overlap = measured.value {
            assert_eq!(all.rows.iter().filter_map(|row| row.value).map(i128::from).sum::<i128>(), figures.sum);
        }
        assert!(all.rows.windows(2).all(|pair| (pair[0].key < pair[1].key) != is_newest_first));
        let mut paged = Vec::new();
        loop {
            let page =
                world.snapshot.rows(&of(paged.last().map(|row: &crate::engine::Row| row.key), 7), &limits(1)).unwrap();
            assert_eq!((page.count, page.rows.len() <= 7), (all.count, true));
            paged.extend(page.rows);
            if !page.has_more {
                break;
            }
        }
        assert_eq!(paged, all.rows);
    }
}

/// A scan of one block that counts clocks and what they counted.
fn clocks(world_seed: u64, group_by: &[GroupBy], window: Window) -> Scan {
    let random = &mut StdRng::seed_from_u64(world_seed);
    let mut of = selection(random, RecordKind::SlaClock);
    (of.placed, of.window, of.visible_teams) = (Placed::At("created_at"), window, None);
    of.filters.clear();
    let percentiles = vec![Percentile::MEDIAN, Percentile::of(90.0).unwrap()];
    let measures = vec![
        Measured { rows: Vec::new(), value: Value::Count, percentiles: Vec::new() },
        Measured { rows: Vec::new(), value: Value::Column("counted"), percentiles },
    ];
    Scan { kind: RecordKind::SlaClock, blocks: vec![Block { selection: of, group_by: group_by.to_vec(), measures }] }
}

fn total(answer: &BlockAnswer, measure: usize) -> Figures {
    let mut total = Figures::default();
    answer
        .groups
        .iter()
        .flat_map(|group| group.cells.iter().skip(measure).step_by(2))
        .for_each(|cell| total.merge(cell));
    total
}

/// More rows than one batch, several pages of cases, percentiles by counting.
#[test]
fn large_worlds_are_summed_up_alike() {
    let world = World::new(7, 40_000);
    let run = |scan: &Scan| world.snapshot.run(scan, &limits(2)).unwrap().answers.remove(0);
    let (whole, by_metric, by_many) = (
        clocks(1, &[], Window::All),
        clocks(1, &[GroupBy::Column("metric")], Window::All),
        clocks(1, &[GroupBy::Column("agent"), GroupBy::Attribute(FilterAttribute::HourOfDay)], Window::All),
    );
    for scan in [&whole, &by_metric, &by_many] {
        check(&world, scan, &limits(2));
        check(&world, scan, &limits(1));
    }
    let mut whole = run(&whole).groups.remove(0).cells;
    whole[1].percentiles.clear();
    for answer in [run(&by_metric), run(&by_many)] {
        assert_eq!((total(&answer, 0), total(&answer, 1)), (whole[0].clone(), whole[1].clone()));
    }
    // The points of a series sum to the whole.
    let start = crate::model::Instant::from_ms(super::world::start());
    let days = |hours: i64, count: i64| -> Window {
        let edge = |place: i64| start.plus_ms(place * hours * 3_600_000);
        Window::Spans((0..count).map(|place| Span { from: edge(place), until: edge(place + 1) }).collect())
    };
    for group_by in [&[][..], &[GroupBy::Attribute(FilterAttribute::Tag)], &[GroupBy::Column("metric")]] {
        let (span, series) = (clocks(1, group_by, days(480, 1)), clocks(1, group_by, days(1, 480)));
        check(&world, &clocks(1, group_by, days(24, 20)), &limits(2));
        let (span, series) = (run(&span), run(&series));
        assert_eq!((total(&span, 0), total(&span, 1)), (total(&series, 0), total(&series, 1)));
    }
}

/// More rows than are remembered on the way to a page.
#[test]
fn pages_of_many_rows_are_those_of_sorting() {
    let world = World::new(11, 40_000);
    let scan = clocks(1, &[], Window::All);
    for (place, is_newest_first) in [("created_at", true), ("created_at", false), ("due_at", true), ("due_at", false)] {
        let mut selection = scan.blocks[0].selection.clone();
        selection.placed = Placed::At(place);
        for value in [Value::Count, Value::Column("counted")] {
            let page = |after, limit| {
                let (kind, rows) = (RecordKind::SlaClock, &[][..]);
                let (selection, value) = (&selection, &value);
                let of = RowsOf { kind, selection, rows, value, is_newest_first, after, limit };
                world.snapshot.rows(&of, &limits(2)).unwrap()
            };
            let all = page(None, 100_000);
            assert_eq!(all.count, all.rows.len() as u64);
            let first = page(None, 50);
            let second = page(first.rows.last().map(|row| row.key), 5_000);
            assert_eq!((first.count, second.count, second.has_more), (all.count, all.count, true));
            assert_eq!([first.rows, second.rows].concat(), all.rows[..5_050]);
        }
    }
}

#[test]
fn bounds_have_codes() {
    let world = World::new(3, 3_000);
    let by_agent = clocks(1, &[GroupBy::Column("agent")], Window::All);
    let error = |limits: &Limits| world.snapshot.run(&by_agent, limits).unwrap_err();
    let few = Limits { cells: 3, ..limits(2) };
    let text = "the question has 6 groups × buckets; at most 3 are allowed";
    assert_eq!(error(&few), EngineError::Limit(text.to_owned()));
    let found = error(&Limits { memory_bytes: 1_000, ..limits(1) });
    assert!(matches!(&found, EngineError::Limit(text) if text.ends_with("at most 1000 are allowed")), "{found}");
    assert_eq!(error(&Limits { time: Duration::ZERO, ..limits(2) }), EngineError::TimedOut(0));
    let cancelled = Limits { cancelled: Arc::new(AtomicBool::new(true)), ..limits(2) };
    assert_eq!(error(&cancelled), EngineError::Cancelled);
    let mut unknown = by_agent.clone();
    unknown.blocks[0].group_by = vec![GroupBy::Column("is_completed")];
    let found = world.snapshot.run(&unknown, &limits(2)).unwrap_err();
    assert_eq!(found.to_string(), "sla_clocks has no column is_completed that is a text");
}

#[test]
fn scans_that_run_together_have_one_memory() {
    let world = World::new(3, 3_000);
    let scan = clocks(1, &[GroupBy::Column("agent")], Window::All);
    let took = world.snapshot.run(&scan, &limits(1)).unwrap().stats.memory_bytes;
    let enough_for_one = Limits { memory_bytes: took * 3 / 2, ..limits(1) };
    assert!(world.snapshot.run(&scan, &enough_for_one).is_ok());
    let together = world.snapshot.run_all(&[scan.clone(), scan], &enough_for_one);
    assert!(together.iter().any(|ran| matches!(ran, Err(EngineError::Limit(_)))), "{together:?}");
}

#[test]
fn nothing_is_answered_of_nothing() {
    let world = World::new(3, 10);
    let mut scan = clocks(1, &[], Window::Spans([].into()));
    check(&world, &scan, &limits(2));
    scan.kind = RecordKind::Rating;
    let answers = world.snapshot.run(&scan, &limits(2)).unwrap().answers;
    assert_eq!(answers[0].groups.len(), 1);
    scan.blocks[0].group_by = vec![GroupBy::Column("agent")];
    assert_eq!(world.snapshot.run(&scan, &limits(2)).unwrap().answers[0].groups, []);
}
