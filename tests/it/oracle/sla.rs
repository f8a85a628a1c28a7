//! SLA analytics by plain SQL: cases and coverage, how clocks stand, what completed ones counted, smallest goals.

use std::collections::{BTreeMap, BTreeSet};

use deskgraph::model::FilterAttribute;

use super::file::Oracle;
use super::ledger::{Ledger, Row, quote};
use super::question::{Grouping, Placing, Question, Rows, Test};

/// What an SLA clock can measure, as the tables say it.
pub const METRICS: [&str; 3] = ["first_reply", "next_reply", "resolution"];
/// How it can stand, as the graph says it.
pub const STATES: [&str; 4] = ["fulfilled", "breached", "completedAfterBreach", "active"];
/// Percentiles that are asked for.
pub const PERCENTILES: [i32; 3] = [50, 90, 95];
/// Attributes that SLA analytics are grouped by.
pub const DIMENSIONS: [FilterAttribute; 6] = [
    FilterAttribute::SlaPolicy,
    FilterAttribute::Team,
    FilterAttribute::Agent,
    FilterAttribute::Channel,
    FilterAttribute::Queue,
    FilterAttribute::Priority,
];

/// One group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SlaFigures {
    pub cases: i64,
    pub with_policy: i64,
    /// Clocks by metric and state.
    pub clocks: [[i64; 4]; 3],
    /// `PERCENTILES` of what completed clocks counted, in milliseconds, by metric.
    pub percentiles: [Option<[f64; 3]>; 3],
    /// Smallest goals for four fifths of the completed clocks, in milliseconds, by metric.
    pub goals: [Option<i64>; 3],
}

impl SlaFigures {
    /// Fulfilled among decided, of one metric or all, 0 to 100.
    pub fn rate(&self, metrics: &[usize]) -> Option<f64> {
        let count = |state: usize| metrics.iter().map(|&metric| self.clocks[metric][state]).sum::<i64>();
        let decided = count(0) + count(1) + count(2);
        (decided > 0).then(|| count(0) as f64 * 100.0 / decided as f64)
    }
}

/// Keeps the rows; after those of the metrics.
pub async fn keep(ledger: &Ledger) {
    ledger.keep(&Oracle::read("sla_clocks")).await;
}

/// What plain SQL answers, by group.
pub async fn answer(ledger: &Ledger, question: &Question, grouping: Grouping) -> BTreeMap<Option<String>, SlaFigures> {
    let mut found: BTreeMap<Option<String>, SlaFigures> = BTreeMap::new();
    let number = |row: &Row, index: usize| row[index].as_ref().unwrap().parse::<i64>().unwrap();
    for row in ledger.rows(&cases(ledger, question, grouping)).await {
        let group = found.entry(row[0].clone()).or_default();
        (group.cases, group.with_policy) = (number(&row, 1), number(&row, 2));
    }
    let kept = clocks(ledger).kept(question, grouping, "r.metric, r.state, r.value, r.judged");
    let metric = |row: &Row| METRICS.iter().position(|metric| row[1].as_deref() == Some(metric)).unwrap();
    for row in
        ledger.rows(&format!("{kept} SELECT k, metric, state, count(*) FROM kept GROUP BY k, metric, state")).await
    {
        let state = STATES.iter().position(|state| row[2].as_deref() == Some(state)).unwrap();
        found.entry(row[0].clone()).or_default().clocks[metric(&row)][state] = number(&row, 3);
    }
    let percentiles = PERCENTILES.map(|p| {
        let distance = format!("abs(place - {:.2} * (n - 1))", f64::from(p) / 100.0);
        format!("sum(CASE WHEN {distance} < 1 THEN x * (1 - {distance}) ELSE 0 END)")
    });
    let sql = format!(
        "{kept}, ranked AS (SELECT k, metric, CAST(value AS double precision) AS x, judged, \
         row_number() OVER (PARTITION BY k, metric ORDER BY value) - 1 AS place, \
         row_number() OVER (PARTITION BY k, metric ORDER BY judged) AS judged_place, \
         count(*) OVER (PARTITION BY k, metric) AS n FROM kept WHERE value IS NOT NULL) \
         SELECT k, metric, {}, min(CASE WHEN judged_place * 5 >= n * 4 THEN judged END) FROM ranked GROUP BY k, metric",
        percentiles.join(", ")
    );
    for row in ledger.rows(&sql).await {
        let real = |index: usize| row[index].as_ref().unwrap().parse::<f64>().unwrap();
        let group = found.entry(row[0].clone()).or_default();
        group.percentiles[metric(&row)] = Some([real(2), real(3), real(4)]);
        group.goals[metric(&row)] = Some(number(&row, 5));
    }
    found
}

fn clocks(ledger: &Ledger) -> Rows<'_> {
    Rows { ledger, table: "sla_clocks", placing: Placing::At, is_presence: false, has_status: false, has_policy: true }
}

/// The cases of the clocks of a kind in a state, a case as often as it has such clocks.
pub async fn cases_of_clocks(ledger: &Ledger, question: &Question, metric: &str, state: &str) -> Vec<String> {
    let kept = clocks(ledger).kept(question, Grouping::Total, "r.case_id, r.metric, r.state");
    let sql = format!("{kept} SELECT case_id FROM kept WHERE metric = '{metric}' AND state = '{state}'");
    let mut cases: Vec<String> = ledger.rows(&sql).await.into_iter().filter_map(|mut row| row[0].take()).collect();
    cases.sort_unstable();
    cases
}

/// Indicates SLA analytics are asked about the question: of policies only those to keep.
pub fn accepts(question: &Question) -> bool {
    let is_asked = |(attribute, test): &(FilterAttribute, Test)| {
        *attribute != FilterAttribute::SlaPolicy || matches!(test, Test::In(_))
    };
    question.terms.iter().all(is_asked)
}

/// Cases, coverage, and clocks of each metric differ three times at least over the questions.
pub async fn say_enough(ledger: &Ledger, questions: &[Question]) {
    let mut told = BTreeMap::<&str, BTreeSet<i64>>::new();
    for question in questions.iter().filter(|question| accepts(question)) {
        for figures in answer(ledger, question, Grouping::Total).await.into_values() {
            told.entry("cases").or_default().insert(figures.cases);
            told.entry("with policy").or_default().insert(figures.with_policy);
            for (metric, states) in METRICS.iter().zip(figures.clocks) {
                told.entry(metric).or_default().insert(states.iter().sum());
                let counted = figures.percentiles.iter().flatten().map(|percentiles| percentiles[0].round() as i64);
                told.entry("counted").or_default().extend(counted);
            }
        }
    }
    assert_eq!(told.len(), 6);
    told.retain(|_, numbers| numbers.iter().filter(|number| **number != 0).count() < 3);
    assert!(told.is_empty(), "SLA oracles that say too little: {told:?}");
}

/// Cases narrowed by every filter but the policy, and those that ever had one of the filtered policies, or any.
fn cases(ledger: &Ledger, question: &Question, grouping: Grouping) -> String {
    let (policies, terms): (Vec<_>, Vec<_>) =
        question.terms.iter().cloned().partition(|(attribute, _)| *attribute == FilterAttribute::SlaPolicy);
    let mut named = Vec::new();
    for (_, test) in policies {
        let Test::In(values) = test else { panic!("only policies to keep are asked about") };
        named.extend(values.iter().map(|value| quote(value)));
    }
    let rows = Rows {
        ledger,
        table: "sla_coverage",
        placing: Placing::At,
        is_presence: false,
        has_status: false,
        has_policy: false,
    };
    let question = Question { terms, ..question.clone() };
    let ever = "SELECT 1 FROM case_policy p WHERE p.workspace = :workspace AND p.case_id = kept.case_id";
    let hit = if named.is_empty() {
        format!("EXISTS ({ever})")
    } else {
        format!("EXISTS ({ever} AND p.policy IN ({}))", named.join(", "))
    };
    if grouping == Grouping::By(FilterAttribute::SlaPolicy) {
        // A group by policy is a filter by it.
        let kept = rows.kept(&question, Grouping::Total, "r.case_id");
        return format!(
            "{kept} SELECT p.policy, (SELECT count(*) FROM kept), count(*) FROM kept \
             JOIN case_policy p ON p.workspace = :workspace AND p.case_id = kept.case_id GROUP BY p.policy"
        );
    }
    let kept = rows.kept(&question, grouping, "r.case_id");
    format!("{kept} SELECT k, count(*), CAST(sum(CASE WHEN {hit} THEN 1 ELSE 0 END) AS bigint) FROM kept GROUP BY k")
}
