//! Periods with a name: their bounds by the databases' own dates, and the same answers as between those bounds.

use deskgraph::metric::{Grain, MetricId};
use deskgraph::model::Instant;

use super::calendar::Calendar;
use super::door::agrees_in_all;
use super::ledger::Ledger;
use super::question::Question;
use super::subject::Subject;
use super::wild;
use super::zone::{Zone, written};
use crate::world::{WORKSPACE, World};

/// A preset as the graph says it: the unit in which it begins, how many before the present one, and how many before it it ends; `None`: now.
pub const PRESETS: [(&str, Grain, i64, Option<i64>); 13] = [
    ("TODAY", Grain::Day, 0, None),
    ("YESTERDAY", Grain::Day, 1, Some(0)),
    ("THIS_WEEK", Grain::Week, 0, None),
    ("PREVIOUS_WEEK", Grain::Week, 1, Some(0)),
    ("THIS_MONTH", Grain::Month, 0, None),
    ("PREVIOUS_MONTH", Grain::Month, 1, Some(0)),
    ("THIS_QUARTER", Grain::Quarter, 0, None),
    ("PREVIOUS_QUARTER", Grain::Quarter, 1, Some(0)),
    ("THIS_YEAR", Grain::Year, 0, None),
    ("PREVIOUS_YEAR", Grain::Year, 1, Some(0)),
    ("LAST_7_DAYS", Grain::Day, 6, None),
    ("LAST_30_DAYS", Grain::Day, 29, None),
    ("LAST_90_DAYS", Grain::Day, 89, None),
];

const ZONES: [Zone; 3] = [Zone("Europe/Copenhagen"), Zone("Asia/Kathmandu"), Zone("Australia/Lord_Howe")];

/// What is asked of each: a metric of every way to place rows and of every shape.
const ASKED: [MetricId; 6] = [
    MetricId::CreatedCases,
    MetricId::BacklogCases,
    MetricId::OpenCases,
    MetricId::Csat,
    MetricId::ResponseTime,
    MetricId::AgentPresence,
];

/// The instants between which a preset lies.
pub async fn bounds(ledger: &Ledger, zone: &Zone, preset: &str, now: i64) -> (i64, i64) {
    let (_, grain, back, end) = PRESETS.into_iter().find(|(word, ..)| *word == preset).unwrap();
    let calendar = Calendar { ledger, zone };
    let until = match end {
        Some(back) => calendar.start(now, grain, back).await,
        None => now,
    };
    (calendar.start(now, grain, back).await, until)
}

/// Asks at these instants about chats of the four months before an instant.
async fn check(until: &str, nows: &[&str]) {
    let at = |text: &str| Instant::parse(text).unwrap();
    let world = World::new().await;
    let report = world.ingest(&wild::lines(3, 120, false, at(until))).await;
    assert_eq!(report["rejected"], serde_json::json!([]));
    let subjects: Vec<Subject> = Subject::all().into_iter().filter(|subject| ASKED.contains(&subject.id)).collect();
    let mut told = 0;
    for now in nows {
        let world = world.at(at(now)).await;
        let ledger = Ledger::open(&world.database_url, WORKSPACE, at(now)).await;
        Subject::keep(&subjects, &ledger).await;
        for zone in &ZONES {
            let mut asked = Vec::new();
            for (preset, ..) in PRESETS {
                let (from, until) = bounds(&ledger, zone, preset, ledger.now).await;
                let question = Question { from, until, zone: zone.clone(), terms: Vec::new() };
                asked.push((format!("{{preset: {preset}}}"), question));
            }
            told += agrees_in_all(&world, &ledger, &subjects, &asked).await;
        }
    }
    assert!(told > 20 * nows.len(), "only {told} figures are not zero");
}

#[tokio::test]
async fn presets_near_a_clock_change_in_spring_are_what_the_databases_make_of_them() {
    // Half an hour after clocks went forward in Copenhagen; in the half hour that comes twice on Lord Howe; just into a Monday in Kathmandu.
    let nows = ["2026-03-29T01:30:00Z", "2026-04-04T15:15:00Z", "2026-04-05T18:20:00Z"];
    check("2026-04-06T00:00:00Z", &nows).await;
}

#[tokio::test]
async fn presets_near_a_clock_change_in_autumn_are_what_the_databases_make_of_them() {
    // On Lord Howe just before and after clocks went forward; in the second of the hours that come twice in Copenhagen; on New Year's Eve
    // in Copenhagen, when it is already January elsewhere.
    let nows = ["2025-10-04T15:29:59.999Z", "2025-10-04T15:30:00.001Z", "2025-10-26T01:15:00Z", "2025-12-31T19:00:00Z"];
    check("2026-01-01T00:00:00Z", &nows).await;
}

/// As the graph takes the period between two instants.
pub fn interval(from: i64, until: i64) -> String {
    format!(r#"{{interval: {{from: "{}", until: "{}"}}}}"#, written(from), written(until))
}
