//! Oracles: every metric computed twice, by the engine and by plain SQL (`tests/oracles/*.sql`); calendar figures a third time from the
//! event tables alone. A metric without an oracle fails, and so does an oracle that a fixture never makes say anything.

mod calendar;
mod door;
mod file;
mod fixture;
mod front;
mod grid;
mod label;
mod ledger;
mod pairs;
mod presets;
mod question;
mod sla;
mod subject;
mod what_if;
mod wild;
mod zone;

use std::collections::BTreeSet;

use deskgraph::metric::MetricId;
use deskgraph::model::FilterAttribute;

use file::{Oracle, event_oracles};
use fixture::Fixture;
use ledger::Ledger;
use question::{Grouping, Question};
use subject::{Shape, Subject};

use crate::world::{WORKSPACE, World, now};

/// Metrics that the event tables alone cannot give, since business time is not in them. `sla_clocks` is checked in calendar time.
const WITHOUT_EVENTS: [MetricId; 1] = [MetricId::SlaCompliance];

#[test]
fn every_metric_has_its_oracles() {
    let events = event_oracles();
    for &id in MetricId::ALL {
        assert!(Oracle::find(id.word()).is_some(), "{id} has no oracle");
        let has_events = events.iter().any(|name| name == id.word());
        assert_eq!(has_events, !WITHOUT_EVENTS.contains(&id), "{id} over the event tables");
    }
}

#[tokio::test]
async fn the_demo_is_what_plain_sql_makes_of_it() {
    check(Fixture::Demo).await;
}

#[tokio::test]
async fn cases_by_hand_are_what_plain_sql_makes_of_them() {
    check(Fixture::Hand).await;
}

#[tokio::test]
async fn cases_left_to_chance_are_what_plain_sql_makes_of_them() {
    check(Fixture::Wild).await;
}

#[tokio::test]
async fn cases_in_which_bots_reply_are_what_plain_sql_makes_of_them() {
    check(Fixture::WildBots).await;
}

#[tokio::test]
async fn what_hangs_on_figures_by_hand_is_what_plain_sql_makes_of_it() {
    check_more(Fixture::Hand).await;
}

#[tokio::test]
async fn what_hangs_on_figures_left_to_chance_is_what_plain_sql_makes_of_it() {
    check_more(Fixture::Wild).await;
}

/// Checks that the records of a world's usual workspace follow from its events.
pub async fn check_records(world: &World) {
    pairs::check(&Ledger::open(&world.database_url, WORKSPACE, now()).await).await;
}

async fn check(fixture: Fixture) {
    let (world, ledger) = fixture.open().await;
    pairs::check(&ledger).await;
    let subjects = Subject::all();
    Subject::keep(&subjects, &ledger).await;
    sla::keep(&ledger).await;
    let questions = [grid::periods(), grid::filters(&ledger).await].concat();
    // The demo leaves hardly anything unfinished.
    let is_asked = |subject: &Subject| fixture != Fixture::Demo || subject.shape != Shape::Snapshot;
    say_enough(subjects.iter().filter(|subject| is_asked(subject)), &ledger, &questions).await;
    add_up(&subjects, &ledger).await;
    sla::say_enough(&ledger, &questions).await;
    door::check(&world, &subjects, &ledger, &questions).await;
}

async fn check_more(fixture: Fixture) {
    let (world, ledger) = fixture.open().await;
    let subjects = Subject::all();
    Subject::keep(&subjects, &ledger).await;
    sla::keep(&ledger).await;
    front::keep(&ledger).await;
    door::check_more(&world, &subjects, &ledger, &grid::filters(&ledger).await).await;
    // Once is enough for what the calendar makes of periods.
    if fixture == Fixture::Wild {
        door::check_shifts(&world, &subjects, &ledger).await;
    }
}

/// Each oracle gives at least three different answers that are not zero, else it would agree with anything.
async fn say_enough(subjects: impl Iterator<Item = &Subject>, ledger: &Ledger, questions: &[Question]) {
    let mut silent = Vec::new();
    for subject in subjects {
        let mut told = BTreeSet::new();
        for question in questions.iter().filter(|question| subject.accepts_all(question)) {
            told.extend(subject.told(&subject.answer(ledger, question, Grouping::Total, false).await));
        }
        if told.len() < 3 {
            silent.push(format!("{}: {told:?}", subject.id));
        }
    }
    assert!(silent.is_empty(), "oracles that say too little:\n  {}", silent.join("\n  "));
}

/// The groups of an attribute of which each row has one value, and the buckets of a series, add up to the total.
async fn add_up(subjects: &[Subject], ledger: &Ledger) {
    for subject in
        subjects.iter().filter(|subject| !subject.is_presence() && subject.id != MetricId::AssignmentsPerAgent)
    {
        let check = async |question: &Question, grouping: Grouping| {
            let total = subject.answer(ledger, question, Grouping::Total, false).await;
            let parts = subject.answer(ledger, question, grouping, false).await;
            let sums =
                |of: &subject::Answer| of.values().fold((0, 0, 0), |s, f| (s.0 + f.rows, s.1 + f.hits, s.2 + f.sum));
            assert_eq!(sums(&total), sums(&parts), "{} {grouping:?}", subject.id);
        };
        for &attribute in FilterAttribute::ALL.iter().filter(|attribute| **attribute != FilterAttribute::Tag) {
            check(&grid::periods()[2], Grouping::By(attribute)).await;
        }
        for (question, grain) in grid::series() {
            if subject.is_placed() {
                check(&question, Grouping::Series(grain)).await;
            }
        }
    }
}
