//! Periods however they are named, earlier spans and changes, asked through the graph.

use std::collections::BTreeMap;

use deskgraph::metric::{Grain, MetricId};
use serde_json::Value;

use super::super::calendar::{Calendar, Step};
use super::super::grid;
use super::super::ledger::Ledger;
use super::super::presets::{bounds, interval};
use super::super::question::{Grouping, Question};
use super::super::subject::{Answer, Figures, Shape, Subject};
use super::super::zone::Zone;
use super::compare::{agrees, agrees_on_presence, is_near};
use super::{Check, write};
use crate::world::World;

const COPENHAGEN: Zone = Zone("Europe/Copenhagen");
const KATHMANDU: Zone = Zone("Asia/Kathmandu");
const LORD_HOWE: Zone = Zone("Australia/Lord_Howe");

/// What is asked: a metric of every shape that has an earlier span, and one at an instant.
const ASKED: [MetricId; 5] = [
    MetricId::CreatedCases,
    MetricId::BacklogCases,
    MetricId::Csat,
    MetricId::ResponseTime,
    MetricId::AssignmentsPerAgent,
];
const SHIFTS: [(&str, &[Step]); 4] = [
    ("PREVIOUS_PERIOD", &[]),
    ("SAME_PERIOD_PREVIOUS_WEEK", &[Step::Days(7)]),
    ("SAME_PERIOD_PREVIOUS_MONTH", &[Step::Months(1)]),
    ("SAME_PERIOD_PREVIOUS_YEAR", &[Step::Months(12)]),
];

/// By how much both bounds move back to the period before.
const PRESETS: [(&str, Zone, Step); 9] = [
    ("TODAY", LORD_HOWE, Step::Days(1)),
    ("YESTERDAY", COPENHAGEN, Step::Days(1)),
    ("THIS_WEEK", KATHMANDU, Step::Days(7)),
    ("PREVIOUS_MONTH", COPENHAGEN, Step::Months(1)),
    ("THIS_QUARTER", LORD_HOWE, Step::Months(3)),
    ("PREVIOUS_QUARTER", COPENHAGEN, Step::Months(3)),
    ("THIS_YEAR", KATHMANDU, Step::Months(12)),
    ("LAST_30_DAYS", LORD_HOWE, Step::Days(30)),
    ("LAST_90_DAYS", COPENHAGEN, Step::Days(90)),
];
const DURATIONS: [(&str, Zone, &[Step]); 4] = [
    ("P70D", COPENHAGEN, &[Step::Days(70)]),
    ("PT1000H", LORD_HOWE, &[Step::Milliseconds(3_600_000_000)]),
    ("P2M", COPENHAGEN, &[Step::Months(2)]),
    ("P65DT5H", COPENHAGEN, &[Step::Days(65), Step::Milliseconds(18_000_000)]),
];
/// Intervals with the local days that they have when they lie between local midnights.
const INTERVALS: [(&str, &str, Zone, Option<i64>); 5] = [
    // Three days of which the first has 23 hours.
    ("2026-03-28T23:00:00Z", "2026-03-31T22:00:00Z", COPENHAGEN, Some(3)),
    // A day longer than its hours.
    ("2026-03-31T13:00:00Z", "2026-05-09T13:30:00Z", LORD_HOWE, Some(39)),
    // A month earlier than the 31st.
    ("2026-03-31T10:00:00Z", "2026-04-30T09:00:00Z", COPENHAGEN, None),
    // A month before its end clocks skipped half past two.
    ("2026-04-20T00:00:00Z", "2026-04-29T00:30:00Z", COPENHAGEN, None),
    // A month before its end a quarter to two came twice.
    ("2026-04-11T02:03:04Z", "2026-05-04T15:15:00Z", LORD_HOWE, None),
];

/// A period as the graph takes it, with its bounds and those of the period before.
struct Named {
    literal: String,
    question: Question,
    before: (i64, i64),
}

impl Named {
    fn new(literal: String, zone: &Zone, (from, until): (i64, i64), before: (i64, i64)) -> Named {
        Named { literal, question: Question { from, until, zone: zone.clone(), terms: Vec::new() }, before }
    }
}

async fn back(calendar: &Calendar<'_>, mut at: i64, steps: &[Step]) -> i64 {
    for step in steps {
        at = calendar.earlier(at, *step).await;
    }
    at
}

async fn both(calendar: &Calendar<'_>, (from, until): (i64, i64), steps: &[Step]) -> (i64, i64) {
    (back(calendar, from, steps).await, back(calendar, until, steps).await)
}

async fn periods(ledger: &Ledger) -> Vec<Named> {
    let mut named = Vec::new();
    for (preset, zone, step) in &PRESETS {
        let span = bounds(ledger, zone, preset, ledger.now).await;
        let before = both(&Calendar { ledger, zone }, span, &[*step]).await;
        named.push(Named::new(format!("{{preset: {preset}}}"), zone, span, before));
    }
    for (duration, zone, steps) in &DURATIONS {
        let calendar = Calendar { ledger, zone };
        let span = (back(&calendar, ledger.now, steps).await, ledger.now);
        let before = both(&calendar, span, steps).await;
        named.push(Named::new(format!(r#"{{last: "{duration}"}}"#), zone, span, before));
    }
    for (from, until, zone, days) in &INTERVALS {
        let question = grid::question(from, until, zone);
        let span = (question.from, question.until);
        let step = days.map_or(Step::Milliseconds(span.1 - span.0), Step::Days);
        let before = (back(&Calendar { ledger, zone }, span.0, &[step]).await, span.0);
        named.push(Named::new(interval(span.0, span.1), zone, span, before));
    }
    named
}

impl Check<'_> {
    /// Every period with its earlier spans and the changes from them; buckets with those before them.
    pub(super) async fn shifts(&mut self) {
        let subjects = self.subjects;
        let asked = write::asked(subjects, |subject| ASKED.contains(&subject.id));
        for named in periods(self.ledger).await {
            let fields = asked.iter().map(|(subject, business)| {
                let figures = write::figures(subject.shape);
                let shifted = SHIFTS.map(|(shift, _)| {
                    format!(
                        "{shift}: previous(shift: {shift}) {{ scope {{ from until }} {figures} }} change_{shift}: change(shift: {shift})"
                    )
                });
                let selection = format!("scope {{ from until }} {figures} {}", shifted.join(" "));
                write::field(subject, *business, &selection)
            });
            let fields = fields.collect::<Vec<_>>().join(" ");
            let zone = &named.question.zone;
            let query = format!(r#"{{ metrics(period: {}, timezone: "{}") {{ {fields} }} }}"#, named.literal, zone.0);
            let found = self.told(&query).await["metrics"].take();
            let mut spans = BTreeMap::new();
            for (shift, steps) in SHIFTS {
                let span = (named.question.from, named.question.until);
                let moved = both(&Calendar { ledger: self.ledger, zone }, span, steps).await;
                spans.insert(shift, if steps.is_empty() { named.before } else { moved });
            }
            for (subject, business) in &asked {
                let found = &found[write::alias(subject, *business)];
                let result = self.shifted(subject, *business, &named, &spans, found).await;
                self.note(&format!("{} with earlier spans", named.literal), subject, &named.question, result);
            }
        }
        for grain in [Grain::Day, Grain::Week, Grain::Month] {
            self.buckets_before(&grid::question("2026-03-25T13:00:00Z", "2026-04-12T13:00:00Z", &LORD_HOWE), grain)
                .await;
        }
    }

    async fn shifted(
        &self,
        subject: &Subject,
        business: bool,
        named: &Named,
        spans: &BTreeMap<&str, (i64, i64)>,
        found: &Value,
    ) -> Result<(), String> {
        let own = lies_in(found, (named.question.from, named.question.until))
            .and(self.figures(subject, &named.question, business, found).await)?;
        for (shift, &(from, until)) in spans {
            let question = Question { from, until, ..named.question.clone() };
            let earlier = lies_in(&found[shift], (from, until));
            let earlier = earlier.and(self.figures(subject, &question, business, &found[shift]).await);
            let earlier = earlier.map_err(|why| format!("{shift}: {why}"))?;
            let (now, then) = (value(subject.shape, own.as_ref()), value(subject.shape, earlier.as_ref()));
            let expected = match (now, then) {
                (Some(now), Some(then)) if subject.shape == Shape::Ratio => Some(now - then),
                (Some(now), Some(then)) if then != 0.0 => Some((now - then) * 100.0 / then),
                _ => None,
            };
            let change = &found[format!("change_{shift}")];
            let agrees = match (change.as_f64(), expected) {
                (Some(change), Some(expected)) => is_near(change, expected),
                (None, None) => change.is_null(),
                _ => false,
            };
            if !agrees {
                return Err(format!("change from {shift} {change} is not {expected:?}"));
            }
        }
        Ok(())
    }

    /// Compares the figures of a cell and gives those of plain SQL.
    async fn figures(
        &self,
        subject: &Subject,
        question: &Question,
        business: bool,
        found: &Value,
    ) -> Result<Option<Figures>, String> {
        let expected = subject.answer(self.ledger, question, Grouping::Total, business).await.remove(&None);
        agrees(subject.shape, expected.as_ref(), found).map(|()| expected)
    }

    /// The bucket before each bucket of a series is the whole unit before, whatever the period cut off.
    async fn buckets_before(&mut self, question: &Question, grain: Grain) {
        let subject = self.subjects.iter().find(|subject| subject.id == MetricId::CreatedCases).unwrap();
        let word = grain.word().to_uppercase();
        let previous = "previous { scope { from until } count sampleSize }";
        let series = format!("createdCases {{ series(grain: {word}) {{ from until metric {{ {previous} }} }} }}");
        let found = self.ask(question, &series).await;
        let points = found["createdCases"]["series"].as_array().unwrap();
        for (point, (from, _)) in points.iter().zip(write::spans(points)) {
            let calendar = Calendar { ledger: self.ledger, zone: &question.zone };
            let before = (calendar.start(from, grain, 1).await, calendar.start(from, grain, 0).await);
            let whole = Question { from: before.0, until: before.1, ..question.clone() };
            let found = &point["metric"]["previous"];
            let result = lies_in(found, before).and(self.figures(subject, &whole, false, found).await.map(|_| ()));
            self.note(&format!("{grain} before"), subject, &whole, result);
        }
    }
}

/// The one number that stands for a figure.
fn value(shape: Shape, figures: Option<&Figures>) -> Option<f64> {
    match (shape, figures) {
        (Shape::Count | Shape::Snapshot | Shape::Presence, _) => {
            Some(figures.map_or(0.0, |figures| figures.rows as f64))
        }
        (Shape::Ratio, Some(figures)) => Some(figures.hits as f64 * 100.0 / figures.rows as f64),
        (_, figures) => figures.map(|figures| figures.mean),
    }
}

fn lies_in(found: &Value, span: (i64, i64)) -> Result<(), String> {
    let scope = &found["scope"];
    let is_there = !scope.is_null() && write::spans(std::slice::from_ref(scope))[0] == span;
    if is_there {
        Ok(())
    } else {
        Err(format!("{scope} is not {} to {}", write::instant(span.0), write::instant(span.1)))
    }
}

/// Checks that each period, as the graph takes it, is the question and gives what that does; the number of answers that are not zero.
pub async fn agrees_in_all(
    world: &World,
    ledger: &Ledger,
    subjects: &[Subject],
    asked: &[(String, Question)],
) -> usize {
    let fields = subjects.iter().map(|subject| write::field(subject, false, &write::figures(subject.shape)));
    let fields = "scope { from until } ".to_owned() + &fields.collect::<Vec<_>>().join(" ");
    let ask = async |period: &dyn Fn(&(String, Question)) -> String| {
        let each = asked.iter().enumerate().map(|(place, of)| {
            format!(r#"a{place}: metrics(period: {}, timezone: "{}") {{ {fields} }}"#, period(of), of.1.zone.0)
        });
        let answer = world.ask(&format!("{{ {} }}", each.collect::<Vec<_>>().join(" "))).await;
        assert!(answer["errors"].is_null(), "{}", answer["errors"]);
        answer["data"].clone()
    };
    let named = ask(&|(literal, _)| literal.clone()).await;
    let absolute = ask(&|(_, question)| interval(question.from, question.until)).await;
    let mut told = 0;
    for (place, (literal, question)) in asked.iter().enumerate() {
        let found = &named[format!("a{place}")];
        let what = format!("{literal} in {} at {}", question.zone.0, write::instant(ledger.now));
        lies_in(found, (question.from, question.until)).unwrap_or_else(|why| panic!("{what}: {why}"));
        assert_eq!(found, &absolute[format!("a{place}")], "{what}");
        for subject in subjects {
            let expected: Answer = subject.answer(ledger, question, Grouping::Total, false).await;
            told += usize::from(subject.told(&expected).is_some());
            let found = &found[write::alias(subject, false)];
            let result = match subject.shape {
                Shape::Presence => agrees_on_presence(&expected, found),
                _ => agrees(subject.shape, expected.get(&None), found),
            };
            result.unwrap_or_else(|why| panic!("{} of {what}: {why}", subject.id));
        }
    }
    told
}
