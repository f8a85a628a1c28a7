//! The demo: loaded through the same ingest as everything else, reused when complete, taken up when it was left half loaded.

use std::sync::Arc;

use deskgraph::app::demo::{self, DemoReport, Plan, WORKSPACE};
use deskgraph::app::viewer::local_owner;
use deskgraph::app::{App, Stats};
use deskgraph::graphql;
use deskgraph::import::Source;
use deskgraph::model::WorkspaceId;

use crate::desk::Desk;

const SEED: u64 = 5;
const CASES: u32 = 40;

async fn workspace_name(app: &App) -> String {
    let viewer = Arc::new(local_owner(WorkspaceId(WORKSPACE.to_owned())));
    app.lookups(viewer, Arc::new(Stats::default())).workspace().await.unwrap().workspace.name
}

#[tokio::test]
async fn loads_once_and_is_reused() {
    let desk = Desk::new().await;
    let report = demo::load(&desk.app, SEED, CASES).await.unwrap();
    let DemoReport::Loaded { plan, accepted, unchanged } = report else { panic!("{report:?}") };
    assert_eq!((plan.seed, plan.cases, plan.now), (SEED, CASES, desk.app.clock.now()));
    assert_eq!((accepted + unchanged) as usize, plan.lines().count());
    let count = desk.rows("SELECT count(*) FROM case_record WHERE workspace = 'demo'").await;
    assert_eq!(count, [CASES.to_string()]);
    assert!(workspace_name(&desk.app).await.ends_with("40 cases, seed 5)"));

    assert_eq!(demo::load(&desk.app, SEED + 1, CASES).await.unwrap(), DemoReport::Reused);

    let graph = graphql::build();
    for (what, query) in demo::QUERIES {
        let viewer = local_owner(WorkspaceId(WORKSPACE.to_owned()));
        let question = graph.question(query).unwrap();
        let response = graphql::execute(&graph, question, &desk.app, Arc::new(viewer), false).await;
        assert_eq!(response.response.errors, [], "{what}");
        let answer = response.response.data.into_json().unwrap();
        assert!(!answer["cases"]["edges"].as_array().unwrap().is_empty(), "{what}");
    }
}

#[tokio::test]
async fn a_demo_left_half_loaded_is_completed() {
    let desk = Desk::new().await;
    let viewer = local_owner(WorkspaceId(WORKSPACE.to_owned()));
    let begun = Plan { seed: SEED, cases: CASES, now: desk.app.clock.now().plus_ms(-3 * 86_400_000) };
    let batch = begun.source().next_batch(500).unwrap().unwrap();
    let report = desk.app.ingest(&viewer, batch, false, desk.app.clock.now()).await.unwrap();
    assert_eq!((report.rejected, report.anomalies), (Vec::new(), 0));
    assert!(workspace_name(&desk.app).await.ends_with(", loading)"));

    let report = demo::load(&desk.app, SEED + 1, 2 * CASES).await.unwrap();
    let DemoReport::Loaded { plan, unchanged, .. } = report else { panic!("{report:?}") };
    assert_eq!(plan, begun);
    assert!(unchanged > 300, "{unchanged}");
    let count = desk.rows("SELECT count(*) FROM case_record WHERE workspace = 'demo'").await;
    assert_eq!(count, [CASES.to_string()]);
}
