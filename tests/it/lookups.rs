//! Looking things up by key after a batch came in: cases, their clocks as they stand, and why.

use std::sync::Arc;

use deskgraph::app::lookups::{ClockKey, ClockReason, TimelineQuestion};
use deskgraph::app::{Error, Lookups, Stats};
use deskgraph::model::{EventKind, SlaMetric, SlaState, Viewer, Window};

use crate::desk::Desk;

/// Support is open on weekdays from 9 to 17 in Copenhagen; replies are promised within 4 open hours, solutions within 8. Now is
/// Monday 1 June 2026, 14:00 there.
const WORLD: &str = r#"
{"type":"business_hours","id":"office","timezone":"Europe/Copenhagen","weekly":{"monday":[["09:00","17:00"]],"tuesday":[["09:00","17:00"]],"wednesday":[["09:00","17:00"]],"thursday":[["09:00","17:00"]],"friday":[["09:00","17:00"]]},"holidays":[{"date":"2026-05-25","name":"Whit Monday"}]}
{"type":"workspace","name":"Acme","timezone":"Europe/Copenhagen","business_hours":"office"}
{"type":"sla_policy","id":"gold","name":"Gold","targets":[{"metric":"first_reply","goal_seconds":14400,"clock":"business"},{"metric":"resolution","goal_seconds":28800,"clock":"business"}]}
{"type":"status","id":"vendor","from":"2026-05-01T00:00:00Z","label":"Waiting for vendor","category":"on_hold"}
{"type":"status","id":"vendor","from":"2026-05-31T00:00:00Z","label":"With the vendor","category":"on_hold"}
{"type":"team","id":"t1","name":"Billing"}
{"type":"agent","id":"a1","name":"Sarah Chen","username":"sarah","teams":["t1"]}
{"type":"presence","agent":"a1","at":"2026-06-01T07:00:00Z","status":"available"}
{"type":"presence","agent":"a1","at":"2026-06-01T09:00:00Z","status":"away"}
{"type":"case","id":"c1","created_at":"2026-05-29T14:00:00Z","team":"t1","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"attributes":{"brand":"x"},"tags":["vip"]}
{"type":"message","case":"c1","id":"m1","at":"2026-05-29T14:00:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"status_change","case":"c1","id":"s1","at":"2026-06-01T08:00:00Z","status":"vendor"}
{"type":"case","id":"c2","created_at":"2026-05-20T08:00:00Z","team":"t2","requester":"cu2","creator":{"kind":"customer","id":"cu2"}}
{"type":"message","case":"c2","id":"m2","at":"2026-05-20T09:00:00Z","author":{"kind":"agent","id":"a1"}}
{"type":"status_change","case":"c2","id":"s2","at":"2026-05-20T10:00:00Z","status":"resolved"}
{"type":"rating","case":"c2","id":"r1","at":"2026-05-21T10:00:00Z","score":5,"comment":"quick"}
{"type":"case","id":"c3","created_at":"2026-05-20T08:00:00Z","team":"t1","state":"spam","requester":"cu3"}
"#;

fn lookups(desk: &Desk, teams: Option<&[&str]>) -> Lookups {
    let teams = teams.map(|teams| teams.iter().map(|&team| team.to_owned()).collect());
    let viewer = Viewer { teams, ..desk.viewer.clone() };
    desk.app.lookups(Arc::new(viewer), Arc::new(Stats::default()))
}

async fn filled() -> Desk {
    let desk = Desk::new().await;
    desk.accept(WORLD).await;
    desk
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

#[tokio::test]
async fn clocks_stand_as_they_do_now() {
    let desk = filled().await;
    let clocks = lookups(&desk, None).clocks(&ids(&["c1", "c2", "c3"])).await.unwrap();
    let stand = |case: &str| -> Vec<_> {
        let minutes = |ms: i64| ms / 60_000;
        let shown = clocks[case].iter();
        shown.map(|c| (c.key.metric, c.state, minutes(c.elapsed_ms), c.remaining_ms.map(minutes))).collect()
    };
    // Friday 16:00 to 17:00, then Monday 9:00 to 14:00: 6 hours without a reply. The solution has waited since Monday 10:00: 2 hours.
    let expected = vec![
        (SlaMetric::FirstReply, SlaState::Breached, 360, Some(-120)),
        (SlaMetric::Resolution, SlaState::Active, 120, Some(360)),
    ];
    assert_eq!(stand("c1"), expected);
    let expected = vec![
        (SlaMetric::FirstReply, SlaState::Fulfilled, 60, None),
        (SlaMetric::Resolution, SlaState::Fulfilled, 120, None),
    ];
    assert_eq!(stand("c2"), expected);
    assert!(!clocks.contains_key("c3"), "spam has no clock");
}

#[tokio::test]
async fn explanations_sum_to_what_was_counted() {
    let desk = filled().await;
    let lookups = lookups(&desk, None);
    let clocks = lookups.clocks(&ids(&["c1", "c2"])).await.unwrap();
    let keys: Vec<ClockKey> = clocks.values().flatten().map(|clock| clock.key.clone()).collect();
    let before = lookups.stats().sql_statements();
    let explained = lookups.explanations(&keys).await.unwrap();
    assert_eq!(lookups.stats().sql_statements() - before, 2, "one for the cases, one for their events");
    assert_eq!(explained.len(), 4);
    for clock in clocks.values().flatten() {
        let intervals = &explained[&clock.key];
        let counted: i64 = intervals.iter().filter(|i| i.is_counted()).map(|i| i.ms()).sum();
        assert_eq!(counted, clock.elapsed_ms, "{:?}", clock.key);
        assert!(intervals.windows(2).all(|pair| pair[0].until == pair[1].from));
    }
    let resolution = ClockKey { case: "c1".to_owned(), metric: SlaMetric::Resolution, ordinal: 0 };
    let reasons: Vec<_> = explained[&resolution].iter().map(|interval| interval.reason).collect();
    let outside = ClockReason::OutsideBusinessHours;
    assert_eq!(reasons, [ClockReason::Running, outside, ClockReason::Running, ClockReason::Paused]);
    let none = ClockKey { case: "c1".to_owned(), metric: SlaMetric::NextReply, ordinal: 3 };
    assert!(lookups.explanations(&[none]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_status_is_called_as_it_was_when_the_case_entered_it() {
    let desk = filled().await;
    let lookups = lookups(&desk, None);
    let label = async |case: &str| {
        let rules = lookups.rules().await.unwrap();
        lookups.status_label(&rules, &lookups.cases(&ids(&[case])).await.unwrap()[case])
    };
    assert_eq!(label("c1").await, "With the vendor");
    assert_eq!(label("c2").await, "Resolved");
    assert_eq!(label("c3").await, "New");
}

#[tokio::test]
async fn what_the_source_said_comes_back() {
    let desk = filled().await;
    let lookups = lookups(&desk, None);
    let cases = lookups.case_sources(&ids(&["c1", "c9"])).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases["c1"].attributes["brand"], "x");
    let ratings = lookups.ratings(&ids(&["c2"])).await.unwrap();
    assert_eq!((ratings["c2"][0].score, ratings["c2"][0].comment.as_deref()), (5, Some("quick")));
    assert_eq!(lookups.ratings_by_id(&ids(&["r1"])).await.unwrap()["r1"].0, "c2");
    let presence = lookups.presence_now(&ids(&["a1"])).await.unwrap();
    assert_eq!(presence["a1"].from_at.to_string(), "2026-06-01T09:00:00.000Z");
    let kinds = Some(vec![EventKind::Message, EventKind::Rating]);
    let question = TimelineQuestion { case: "c2".to_owned(), kinds };
    let page = lookups.timeline_page(&question, &Window::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|(_, event)| event.id.as_str()).collect::<Vec<_>>(), ["m2", "r1"]);
    let workspace = lookups.workspace().await.unwrap();
    assert_eq!((workspace.workspace.name.as_str(), workspace.revision, workspace.rederiving), ("Acme", 1, 0));
    assert_eq!(workspace.as_of, Some(lookups.now()));
}

#[tokio::test]
async fn rules_are_those_of_the_latest_revision() {
    let desk = filled().await;
    let label = async || {
        let lookups = lookups(&desk, None);
        let case = lookups.cases(&ids(&["c1"])).await.unwrap().remove("c1").unwrap();
        lookups.status_label(&lookups.rules().await.unwrap(), &case)
    };
    assert_eq!(label().await, "With the vendor");
    desk.accept(r#"{"type":"status","id":"vendor","from":"2026-05-31T00:00:00Z","label":"Elsewhere"}"#).await;
    assert_eq!(label().await, "Elsewhere");
}

#[tokio::test]
async fn teams_and_permissions_decide_what_is_found() {
    let desk = filled().await;
    let found = async |teams| {
        let lookups = lookups(&desk, teams);
        let mut cases: Vec<_> = lookups.cases(&ids(&["c1", "c2", "c3"])).await.unwrap().into_keys().collect();
        cases.sort();
        let keys =
            ["c1", "c2"].map(|case| ClockKey { case: case.to_owned(), metric: SlaMetric::Resolution, ordinal: 0 });
        (cases, lookups.explanations(&keys).await.unwrap().len())
    };
    assert_eq!(found(None).await, (ids(&["c1", "c2", "c3"]), 2));
    assert_eq!(found(Some(&["t1"][..])).await, (ids(&["c1", "c3"]), 1));
    assert_eq!(found(Some(&[][..])).await, (ids(&[]), 0));
    let viewer = Viewer { permissions: Default::default(), ..desk.viewer.clone() };
    let lookups = desk.app.lookups(Arc::new(viewer), Arc::new(Stats::default()));
    assert!(matches!(lookups.cases(&ids(&["c1"])).await, Err(Error::Forbidden(_))));
    assert!(matches!(lookups.rules().await, Err(Error::Forbidden(_))));
    assert!(matches!(lookups.all_channels().await, Err(Error::Forbidden(_))));
}
