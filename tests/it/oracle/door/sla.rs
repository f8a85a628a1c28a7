//! SLA analytics, asked through the graph.

use deskgraph::model::FilterAttribute;
use serde_json::Value;

use super::super::question::{Grouping, Question};
use super::super::sla::{DIMENSIONS, METRICS, PERCENTILES, STATES, SlaFigures, accepts, answer};
use super::compare::is_near;
use super::{Check, GROUPS, write};

/// The metrics as fields.
const FIELDS: [&str; 3] = ["firstReply", "nextReply", "resolution"];

fn selection() -> String {
    let each = |what: &str| FIELDS.map(|field| format!("{field} {{ {what} }}")).join(" ");
    let goals = FIELDS
        .iter()
        .zip(METRICS)
        .map(|(field, metric)| format!("{field}Goal: goalFor(metric: {}, percentage: 80)", metric.to_uppercase()));
    format!(
        "totalCases slaCases coverageRate compliance {{ overall {} }} percentiles {{ {} }} {}",
        each(&format!("{} rate", STATES.join(" "))),
        each("p50 p90 p95"),
        goals.collect::<Vec<_>>().join(" ")
    )
}

impl Check<'_> {
    /// Totals of every question, groups by every dimension.
    pub(super) async fn sla(&mut self, questions: &[Question]) {
        for question in questions.iter().filter(|question| accepts(question)) {
            let found = self.ask_sla(question, &selection()).await;
            let expected = answer(self.ledger, question, Grouping::Total).await;
            self.note_sla("total", question, agrees(&expected.get(&None).cloned().unwrap_or_default(), &found));
        }
        for (question, grain) in [(&questions[2], "WEEK"), (&questions[0], "MONTH")] {
            let series = format!("series(grain: {grain}) {{ from until analytics {{ {} }} }}", selection());
            let found = self.ask_sla(question, &series).await;
            let points = found["series"].as_array().cloned().unwrap_or_default();
            for (point, (from, until)) in points.iter().zip(write::spans(&points)) {
                let part = Question { from, until, ..question.clone() };
                let expected = answer(self.ledger, &part, Grouping::Total).await;
                let expected = expected.get(&None).cloned().unwrap_or_default();
                self.note_sla("bucket", &part, agrees(&expected, &point["analytics"]));
            }
        }
        for &dimension in &DIMENSIONS {
            let question = &questions[0];
            let word = dimension.word().to_uppercase();
            let by =
                format!("by(dimension: {word}, first: {GROUPS}) {{ key {{ value }} analytics {{ {} }} }}", selection());
            let found = self.ask_sla(question, &by).await;
            let expected = answer(self.ledger, question, Grouping::By(dimension)).await;
            for group in found["by"].as_array().cloned().unwrap_or_default() {
                let key = group["key"]["value"].as_str().map(str::to_owned);
                // No policy is no policy to ever have had.
                if key.is_none() && dimension == FilterAttribute::SlaPolicy {
                    continue;
                }
                let result = match expected.get(&key) {
                    Some(expected) => agrees(expected, &group["analytics"]),
                    None => Err("there is no such group".to_owned()),
                };
                self.note_sla(&format!("group {key:?} by {dimension}"), question, result);
            }
        }
    }

    pub(super) async fn ask_sla(&self, question: &Question, selection: &str) -> Value {
        self.told(&format!("{{ slaAnalytics({}) {{ {selection} }} }}", write::scope(question))).await["slaAnalytics"]
            .take()
    }

    fn note_sla(&mut self, what: &str, question: &Question, found: Result<(), String>) {
        if let Err(why) = found {
            self.wrong.push(format!("SLA {what} of ({}): {why}", write::scope(question)));
        }
    }
}

fn agrees(expected: &SlaFigures, found: &Value) -> Result<(), String> {
    let mut wrong = Vec::new();
    let mut exact = |name: &str, found: &Value, value: i64| {
        if found.as_i64() != Some(value) {
            wrong.push(format!("{name} {found} is not {value}"));
        }
    };
    exact("totalCases", &found["totalCases"], expected.cases);
    exact("slaCases", &found["slaCases"], expected.with_policy);
    for (field, states) in FIELDS.iter().zip(expected.clocks) {
        for (state, count) in STATES.iter().zip(states) {
            exact(&format!("{field}.{state}"), &found["compliance"][field][state], count);
        }
    }
    let mut near = |name: &str, found: &Value, value: Option<f64>| {
        let agrees = match (found.as_f64(), value) {
            (Some(found), Some(value)) => is_near(found, value),
            (None, None) => found.is_null(),
            _ => false,
        };
        if !agrees {
            wrong.push(format!("{name} {found} is not {value:?}"));
        }
    };
    let coverage = (expected.cases > 0).then(|| expected.with_policy as f64 * 100.0 / expected.cases as f64);
    near("coverageRate", &found["coverageRate"], coverage);
    near("overall", &found["compliance"]["overall"], expected.rate(&[0, 1, 2]));
    for (metric, field) in FIELDS.iter().enumerate() {
        near(&format!("{field}.rate"), &found["compliance"][field]["rate"], expected.rate(&[metric]));
        for (index, p) in PERCENTILES.iter().enumerate() {
            let value = expected.percentiles[metric].map(|values| values[index] / 1_000.0);
            near(&format!("{field}.p{p}"), &found["percentiles"][field][format!("p{p}")], value);
        }
        let goal = expected.goals[metric].map(|goal| goal as f64 / 1_000.0);
        near(&format!("{field}Goal"), &found[format!("{field}Goal")], goal);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join(", ")) }
}
