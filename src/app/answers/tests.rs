//! What is kept is what would be worked out anew, for as long as it is given.

use std::collections::HashMap;
use std::sync::Arc;

use super::Answers;
use crate::app::analytics::Answered;
use crate::app::demo::{Plan, SEED};
use crate::app::viewer::local_owner;
use crate::app::{App, Clock};
use crate::import::Source;
use crate::metric::{Asked, GroupBy, MetricId, Percentile, Scope, Zone, catalog, sla};
use crate::model::period::{Period, PeriodPreset};
use crate::model::{ClockMode, FilterAttribute, Instant, Viewer, WorkspaceId};
use crate::store::testing::TestStore;

const MINUTE: i64 = 60_000;

struct Desk {
    /// Keeps the database.
    _test: TestStore,
    app: App,
    viewer: Viewer,
}

fn now() -> Instant {
    Instant::parse("2026-06-01T12:00:00Z").unwrap()
}

impl Desk {
    async fn open(name: &str) -> Desk {
        let test = TestStore::open(name).await;
        let app = App::new(test.store.clone(), Clock::Fixed(now()));
        let viewer = local_owner(WorkspaceId(test.workspace.clone()));
        let mut source = Plan { seed: SEED, cases: 300, now: now() }.source();
        while let Some(batch) = source.next_batch(5_000).unwrap() {
            app.ingest(&viewer, batch, false, now()).await.unwrap();
        }
        Desk { _test: test, app, viewer }
    }

    /// The answers at an instant, and how many scans they took.
    async fn answers(&self, app: &App, now: Instant, asks: &[Asked]) -> (HashMap<Asked, Answered>, u64) {
        let app = App { clock: Clock::Fixed(now), ..app.clone() };
        let lookups = app.lookups(Arc::new(self.viewer.clone()), Arc::default());
        let answers = lookups.answers(asks).await.unwrap();
        (answers, lookups.scan_stats().scans())
    }
}

/// Every metric, and the SLA clocks, of this year until now.
fn asks(now: Instant) -> Vec<Asked> {
    let zone = Zone::find("Europe/Copenhagen").unwrap();
    let scope = Scope::resolve(&Period::Preset(PeriodPreset::ThisYear), zone, None, now).unwrap();
    let by_channel = || vec![GroupBy::Attribute(FilterAttribute::Channel)];
    let metrics = MetricId::ALL.iter().filter(|id| **id != MetricId::AgentPresence).flat_map(|id| {
        let metric = catalog::find(*id);
        [Vec::new(), by_channel()].map(|by| metric.ask(&scope, ClockMode::Calendar, by, &[Percentile::MEDIAN]))
    });
    let metrics =
        metrics.filter(|ask| ask.kind != crate::record::RecordKind::Presence || ask.block.group_by.is_empty());
    let of_sla = [sla::clocks(&scope, Vec::new(), &[Percentile::MEDIAN]), sla::cases(&scope, by_channel())];
    metrics.chain(of_sla).map(Asked::from).collect()
}

#[tokio::test]
async fn kept_answers_are_what_would_be_worked_out_anew() {
    let desk = Desk::open("kept_answers").await;
    let afresh = desk.app.clone().with_answers(Answers::within(0));
    let (mut steps, mut scans, mut scans_afresh) = (0, 0, 0);
    // By minutes at first, then by hours, so that clocks come due and others do not.
    for step in (0..40).chain((60..3_000).step_by(240)) {
        let now = now().plus_ms(step * MINUTE);
        let asks = asks(now);
        let (kept, few) = desk.answers(&desk.app, now, &asks).await;
        let (worked_out, many) = desk.answers(&afresh, now, &asks).await;
        for ask in &asks {
            assert_eq!(kept[ask].as_ref().unwrap(), worked_out[ask].as_ref().unwrap(), "after {step} minutes: {ask:?}");
        }
        (steps, scans, scans_afresh) = (steps + 1, scans + few, scans_afresh + many);
    }
    assert!(scans > 0 && scans * 2 < scans_afresh, "{scans} scans of {scans_afresh} in {steps} steps");
}

#[tokio::test]
async fn a_change_and_an_erasure_leave_nothing_kept() {
    let desk = Desk::open("kept_then_changed").await;
    let asks: Vec<Asked> = asks(now()).into_iter().filter(|ask| super::depends(ask) == super::Depends::Never).collect();
    let (before, first) = desk.answers(&desk.app, now(), &asks).await;
    let (again, second) = desk.answers(&desk.app, now(), &asks).await;
    assert!(first > 0 && second == 0, "{first} {second}");
    for ask in &asks {
        assert_eq!(again[ask].as_ref().unwrap(), before[ask].as_ref().unwrap(), "{ask:?}");
    }
    let line =
        r#"{"type":"case","id":"new-one","created_at":"2026-05-01T08:00:00Z","channel":"email","requester":"nobody"}"#;
    for line in [line, r#"{"type":"erase","of":"case","id":"new-one"}"#] {
        let mut source = crate::import::Ndjson::new(std::io::Cursor::new(line.to_owned()), now());
        let batch = source.next_batch(10).unwrap().unwrap();
        assert_eq!(desk.app.ingest(&desk.viewer, batch, false, now()).await.unwrap().rejected, []);
        let (_, scans) = desk.answers(&desk.app, now(), &asks).await;
        assert!(scans > 0, "{line}");
    }
    let (after, _) = desk.answers(&desk.app, now(), &asks).await;
    for ask in &asks {
        assert_eq!(after[ask].as_ref().unwrap(), before[ask].as_ref().unwrap(), "{ask:?}");
    }
}

#[tokio::test]
async fn what_a_question_lists_weighs() {
    let desk = Desk::open("kept_weights").await;
    let lookups = desk.app.lookups(Arc::new(desk.viewer.clone()), Arc::default());
    let snapshot = Arc::clone(lookups.snapshot().await.unwrap());
    let weight = |value: &str| {
        let scope =
            Scope::whenever(Zone::find("UTC").unwrap(), None, now()).within(FilterAttribute::Agent, Some(value));
        let ask = catalog::find(MetricId::CreatedCases).ask(&scope, ClockMode::Calendar, Vec::new(), &[]);
        super::Question::of(&snapshot, &ask.into()).unwrap().bytes()
    };
    assert_eq!(weight(&"x".repeat(1_000)) - weight(""), 1_000);
}
