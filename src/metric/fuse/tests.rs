//! What is joined, and what each ask gets back.

use smallvec::smallvec;

use super::*;
use crate::metric::catalog;
use crate::metric::{MetricId, Percentile, Scope, Shift, Zone};
use crate::model::{ClockMode, Instant, Period, PeriodPreset};

fn scope() -> Scope {
    let now = Instant::parse("2026-11-11T14:00:00Z").unwrap();
    Scope::resolve(&Period::Preset(PeriodPreset::ThisMonth), Zone::find("UTC").unwrap(), None, now).unwrap()
}

fn ask(metric: MetricId, scope: &Scope, percentiles: &[Percentile]) -> Ask {
    catalog::find(metric).ask(scope, ClockMode::Calendar, Vec::new(), percentiles)
}

fn fused(asks: &[Ask]) -> Plan {
    fuse(&asks.iter().collect::<Vec<_>>())
}

fn answer(plan: &Plan, place: usize, answers: &[Vec<BlockAnswer>]) -> BlockAnswer {
    plan.take(place, &mut answers.to_vec())
}

fn shape(plan: &Plan) -> Vec<(RecordKind, Vec<usize>)> {
    plan.scans.iter().map(|s| (s.kind, s.blocks.iter().map(|b| b.measures.len()).collect())).collect()
}

#[test]
fn metrics_of_a_kind_are_one_scan() {
    let p = |p: f64| Percentile::of(p).unwrap();
    let plan = fused(&[
        ask(MetricId::CreatedCases, &scope(), &[]),
        ask(MetricId::ResolutionRate, &scope(), &[]),
        ask(MetricId::FirstResponseTime, &scope(), &[p(90.0)]),
        ask(MetricId::FirstResponseTime, &scope(), &[p(50.0)]),
        ask(MetricId::ResolvedCases, &scope(), &[]),
    ]);
    assert_eq!(shape(&plan), [(RecordKind::Case, vec![2, 1]), (RecordKind::Resolution, vec![1])]);
    let times = Figures { rows: 3, percentiles: vec![1.0, 2.0], ..Figures::default() };
    let block =
        |cells: Vec<Figures>| BlockAnswer { groups: vec![GroupAnswer { key: GroupKey::new(), cells: cells.into() }] };
    let rows = |rows: u64| Figures { rows, ..Figures::default() };
    let answers = [vec![block(vec![rows(7), rows(8)]), block(vec![times])], vec![block(vec![rows(9)])]];
    let cell = |place: usize| answer(&plan, place, &answers).groups[0].cells[0].clone();
    assert_eq!((cell(0).rows, cell(1).rows, cell(4).rows), (7, 8, 9));
    assert_eq!((cell(2).percentiles, cell(3).percentiles), (vec![2.0], vec![1.0]));
}

#[test]
fn values_of_an_attribute_become_groups() {
    let of = |agent: &str| ask(MetricId::CreatedCases, &scope().within(FilterAttribute::Agent, Some(agent)), &[]);
    let plan = fused(&[of("a"), of("b"), of("c")]);
    assert_eq!(shape(&plan), [(RecordKind::Case, vec![1])]);
    assert_eq!(plan.scans[0].blocks[0].group_by, [GroupBy::Attribute(FilterAttribute::Agent)]);
    let group = |key: &str, rows: u64| GroupAnswer {
        key: smallvec![Some(key.into())],
        cells: smallvec![Figures { rows, ..Figures::default() }],
    };
    let answers = [vec![BlockAnswer { groups: vec![group("b", 5), group("a", 4)] }]];
    let rows = |place: usize| answer(&plan, place, &answers).groups[0].cells[0].rows;
    assert_eq!((rows(0), rows(1), rows(2)), (4, 5, 0));
}

#[test]
fn spans_that_lie_apart_become_buckets() {
    let before = scope().shifted(Shift::SamePeriodPreviousYear).unwrap();
    let asks = [ask(MetricId::CreatedCases, &scope(), &[]), ask(MetricId::CreatedCases, &before, &[])];
    let plan = fused(&asks);
    assert_eq!(shape(&plan), [(RecordKind::Case, vec![1])]);
    let cells = [3, 4].map(|rows| Figures { rows, ..Figures::default() }).to_vec();
    let answers = [vec![BlockAnswer { groups: vec![GroupAnswer { key: GroupKey::new(), cells: cells.into() }] }]];
    let rows = |place: usize| answer(&plan, place, &answers).groups[0].cells[0].rows;
    assert_eq!((rows(0), rows(1)), (4, 3));
    // Spans that overlap are blocks of their own, in the same scan.
    let week = scope().shifted(Shift::SamePeriodPreviousWeek).unwrap();
    let plan = fused(&[ask(MetricId::CreatedCases, &scope(), &[]), ask(MetricId::CreatedCases, &week, &[])]);
    assert_eq!(shape(&plan), [(RecordKind::Case, vec![1, 1])]);
}

#[test]
fn what_is_asked_of_one_span_is_not_worked_out_for_others() {
    let before = scope().shifted(Shift::SamePeriodPreviousYear).unwrap();
    let plan = fused(&[
        ask(MetricId::CreatedCases, &scope(), &[]),
        ask(MetricId::CreatedCases, &before, &[]),
        ask(MetricId::ResolutionRate, &scope(), &[]),
        ask(MetricId::ReopenRate, &scope(), &[]),
        ask(MetricId::ReopenRate, &before, &[]),
    ]);
    assert_eq!(shape(&plan), [(RecordKind::Case, vec![2, 1])]);
    let buckets: Vec<usize> = plan.scans[0].blocks.iter().map(|block| block.selection.window.buckets()).collect();
    assert_eq!(buckets, [2, 1]);
}
