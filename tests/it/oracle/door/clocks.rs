//! Pages of SLA clocks, asked through the graph: how many there are in each state of each kind, and which.

use deskgraph::model::FilterAttribute;
use serde_json::Value;

use super::super::question::{Grouping, Question};
use super::super::sla::{METRICS, STATES, SlaFigures, accepts, answer, cases_of_clocks};
use super::Check;

const WORDS: [&str; 4] = ["FULFILLED", "BREACHED", "COMPLETED_AFTER_BREACH", "ACTIVE"];

/// The number of clocks in each state of each kind, of several together and of all.
fn counts() -> String {
    let each = METRICS.iter().flat_map(|metric| {
        WORDS.map(|state| {
            let kind = metric.to_uppercase();
            format!("{metric}_{state}: clocks(state: [{state}], metric: [{kind}], first: 1) {{ totalCount }}")
        })
    });
    let several = "all: clocks(first: 1) { totalCount } none: clocks(state: [], first: 1) { totalCount } \
        late: clocks(state: [BREACHED, COMPLETED_AFTER_BREACH], metric: [FIRST_REPLY, RESOLUTION], first: 1) { totalCount }";
    each.collect::<Vec<_>>().join(" ") + " " + several
}

fn compare(expected: &SlaFigures, found: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut exact = |name: &str, count: i64| {
        if found[name]["totalCount"].as_i64() != Some(count) {
            wrong.push(format!("{name} {} is not {count}", found[name]["totalCount"]));
        }
    };
    for (metric, states) in METRICS.iter().zip(expected.clocks) {
        for (state, count) in WORDS.iter().zip(states) {
            exact(&format!("{metric}_{state}"), count);
        }
    }
    let all = &expected.clocks;
    exact("all", all.iter().flatten().sum());
    exact("none", 0);
    exact("late", all[0][1] + all[0][2] + all[2][1] + all[2][2]);
    wrong
}

impl Check<'_> {
    /// Of every question that SLA analytics are asked about, and of groups of one.
    pub(super) async fn clocks(&mut self, periods: &[Question], filters: &[Question]) {
        for question in periods.iter().chain(filters.iter().step_by(2)).filter(|question| accepts(question)) {
            let found = self.ask_sla(question, &counts()).await;
            let expected = answer(self.ledger, question, Grouping::Total).await.remove(&None).unwrap_or_default();
            self.note_all("clocks", question, compare(&expected, &found));
        }
        let question = &periods[0];
        for dimension in [FilterAttribute::SlaPolicy, FilterAttribute::Agent, FilterAttribute::Priority] {
            let word = dimension.word().to_uppercase();
            let by = format!("by(dimension: {word}, first: 20) {{ key {{ value }} analytics {{ {} }} }}", counts());
            let found = self.ask_sla(question, &by).await;
            let expected = answer(self.ledger, question, Grouping::By(dimension)).await;
            for group in found["by"].as_array().unwrap() {
                let key = group["key"]["value"].as_str().map(str::to_owned);
                let expected = expected.get(&key).cloned().unwrap_or_default();
                self.note_all(
                    &format!("clocks of {dimension} {key:?}"),
                    question,
                    compare(&expected, &group["analytics"]),
                );
            }
        }
        self.pages(&periods[2]).await;
    }

    /// The clocks that a page shows are those in that state, of that kind.
    async fn pages(&mut self, question: &Question) {
        let page = |metric: &str, state: &str| {
            let kind = metric.to_uppercase();
            format!(
                "{metric}_{state}: clocks(state: [{state}], metric: [{kind}], first: 100) \
                 {{ totalCount pageInfo {{ hasNextPage }} edges {{ node {{ metric state case {{ externalId }} }} }} }}"
            )
        };
        let pages = METRICS.iter().flat_map(|metric| WORDS.map(|state| page(metric, state)));
        let found = self.ask_sla(question, &pages.collect::<Vec<_>>().join(" ")).await;
        for metric in METRICS {
            for (word, state) in WORDS.iter().zip(STATES) {
                let cases = cases_of_clocks(self.ledger, question, metric, state).await;
                let found = &found[format!("{metric}_{word}")];
                let nodes: Vec<&Value> = found["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]).collect();
                let is_right = |node: &&Value| node["metric"] == metric.to_uppercase() && node["state"] == **word;
                let mut shown: Vec<&str> =
                    nodes.iter().map(|node| node["case"]["externalId"].as_str().unwrap()).collect();
                shown.sort_unstable();
                let has_all = match found["pageInfo"]["hasNextPage"].as_bool() {
                    Some(true) => shown.len() == 100,
                    _ => shown == cases,
                };
                if !(has_all && nodes.iter().all(is_right) && found["totalCount"] == cases.len()) {
                    let why = format!("{} clocks of {shown:?} are not those of {cases:?}", found["totalCount"]);
                    self.note_all(&format!("page of {metric} {state}"), question, vec![why]);
                }
            }
        }
    }
}
