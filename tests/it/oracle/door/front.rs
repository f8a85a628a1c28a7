//! The front page and the agent overview, asked through the graph.

use deskgraph::metric::MetricId;
use serde_json::Value;

use super::super::front::{MEASURES, agents, channel_mix, top_agents, values_in_use};
use super::super::question::{Grouping, Question};
use super::super::subject::{Figures, Subject};
use super::compare::is_near;
use super::{Check, write};

const OVERVIEW: &str = "scope { from until timezone } totalCases averageFirstResponseSeconds medianFirstResponseSeconds resolutionRate \
    activeAgents openCases averageHandleSeconds medianHandleSeconds customerSatisfaction \
    channelMix { channel { externalId } percentage cases } topAgents { agent { externalId } resolved } \
    three: topAgents(first: 3) { agent { externalId } resolved }";

/// What differs in one answer.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn exact(&mut self, name: &str, found: &Value, value: i64) {
        if found.as_i64() != Some(value) {
            self.0.push(format!("{name} {found} is not {value}"));
        }
    }
    fn near(&mut self, name: &str, found: &Value, value: Option<f64>) {
        let agrees = match (found.as_f64(), value) {
            (Some(found), Some(value)) => is_near(found, value),
            (None, None) => found.is_null(),
            _ => false,
        };
        if !agrees {
            self.0.push(format!("{name} {found} is not {value:?}"));
        }
    }
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, name: &str, found: &T, value: &T) {
        if found != value {
            self.0.push(format!("{name} {found:?} is not {value:?}"));
        }
    }
}

/// The ids and numbers of a list.
fn pairs(list: &Value, thing: &str, number: &str) -> Vec<(String, i64)> {
    let pair = |of: &Value| (of[thing]["externalId"].as_str().unwrap().to_owned(), of[number].as_i64().unwrap());
    list.as_array().unwrap().iter().map(pair).collect()
}

impl Check<'_> {
    /// Every field of the front page.
    pub(super) async fn overview(&mut self, question: &Question) {
        let query = format!("{{ overview({}) {{ {OVERVIEW} }} }}", write::scope(question));
        let found = self.told(&query).await["overview"].take();
        let mut wrong = Wrong::default();
        let figures = async |id| self.figures_of(id, question).await;
        let scope = &found["scope"];
        wrong.same("bounds", &write::spans(std::slice::from_ref(scope))[0], &(question.from, question.until));
        wrong.same("zone", &scope["timezone"].as_str(), &Some(question.zone.0));
        wrong.exact("totalCases", &found["totalCases"], figures(MetricId::CreatedCases).await.rows);
        wrong.exact("openCases", &found["openCases"], figures(MetricId::OpenCases).await.rows);
        let lengths = [("FirstResponse", MetricId::FirstResponseTime), ("Handle", MetricId::HandleTime)];
        for (name, id) in lengths {
            let of = figures(id).await;
            let some = |ms: f64| (of.rows > 0).then_some(ms / 1_000.0);
            wrong.near(name, &found[format!("average{name}Seconds")], some(of.mean));
            wrong.near(name, &found[format!("median{name}Seconds")], some(of.median));
        }
        for (name, id) in [("resolutionRate", MetricId::ResolutionRate), ("customerSatisfaction", MetricId::Csat)] {
            let of = figures(id).await;
            wrong.near(name, &found[name], (of.rows > 0).then(|| of.hits as f64 * 100.0 / of.rows as f64));
        }
        // Of the filter only what presence has narrows it.
        let active = self.subject(MetricId::ActiveAgents);
        let terms = question.terms.iter().filter(|(attribute, _)| active.accepts(*attribute)).cloned().collect();
        let narrowed = Question { terms, ..question.clone() };
        wrong.exact("activeAgents", &found["activeAgents"], self.figures_of(active.id, &narrowed).await.rows);

        let mix = channel_mix(self.ledger, question, self.subjects).await;
        let tenths = |of: &Value| (of["percentage"].as_f64().unwrap() * 10.0).round() as i64;
        let shares: Vec<i64> = found["channelMix"].as_array().unwrap().iter().map(tenths).collect();
        let cases: Vec<(String, i64)> = mix.iter().map(|(channel, cases, _)| (channel.clone(), *cases)).collect();
        wrong.same("channels", &pairs(&found["channelMix"], "channel", "cases"), &cases);
        wrong.same("shares", &shares, &mix.iter().map(|(_, _, tenths)| *tenths).collect());
        let top = top_agents(self.ledger, question, self.subjects, 5).await;
        wrong.same("topAgents", &pairs(&found["topAgents"], "agent", "resolved"), &top);
        wrong.same("three agents", &pairs(&found["three"], "agent", "resolved"), &top.into_iter().take(3).collect());
        self.note_all("overview", question, wrong.0);
    }

    /// The values that rows can be filtered by.
    pub(super) async fn filter_values(&mut self, question: &Question) {
        let mut wrong = Wrong::default();
        for (attribute, noun) in [("AGENT", "agent"), ("TEAM", "team"), ("QUEUE", "queue")] {
            let query = format!(
                "{{ filterValues(attribute: {attribute}, first: 100) {{ totalCount edges {{ node {{ value }} }} }} }}"
            );
            let found = self.told(&query).await["filterValues"].take();
            let value = |edge: &Value| edge["node"]["value"].as_str().unwrap().to_owned();
            let mut values: Vec<String> = found["edges"].as_array().unwrap().iter().map(value).collect();
            values.sort_unstable();
            let expected = values_in_use(self.ledger, noun).await;
            wrong.exact(noun, &found["totalCount"], expected.len() as i64);
            assert!(expected.len() <= 100, "more {noun}s than a page");
            wrong.same(noun, &values, &expected);
        }
        self.note_all("filter values", question, wrong.0);
    }

    /// Every measure of the agent overview.
    pub(super) async fn agent_overview(&mut self, question: &Question) {
        let fields = MEASURES.map(|measure| {
            let (word, scope) = (measure.word, write::scope(question));
            format!("{word}: agentOverview(measure: {word}, {scope}) {{ measure unit rows {{ agent {{ externalId }} value }} }}")
        });
        let found = self.told(&format!("{{ {} }}", fields.join(" "))).await;
        let mut wrong = Wrong::default();
        for measure in &MEASURES {
            let found = &found[measure.word];
            let unit = match measure.word {
                "CASE_SHARE" => "PERCENT",
                "MESSAGES" => "COUNT",
                _ => "SECONDS",
            };
            wrong.same("unit", &found["unit"].as_str(), &Some(unit));
            wrong.same("measure", &found["measure"].as_str(), &Some(measure.word));
            let expected = agents(self.ledger, question, measure).await;
            let rows = found["rows"].as_array().unwrap();
            let ids: Vec<&str> = rows.iter().map(|row| row["agent"]["externalId"].as_str().unwrap()).collect();
            wrong.same(measure.word, &ids, &expected.iter().map(|(agent, _)| agent.as_str()).collect());
            for (row, (agent, value)) in rows.iter().zip(&expected) {
                wrong.near(&format!("{} of {agent}", measure.word), &row["value"], Some(*value));
            }
        }
        self.note_all("agent overview", question, wrong.0);
    }

    fn subject(&self, id: MetricId) -> &Subject {
        self.subjects.iter().find(|subject| subject.id == id).unwrap()
    }

    async fn figures_of(&self, id: MetricId, question: &Question) -> Figures {
        let mut answer = self.subject(id).answer(self.ledger, question, Grouping::Total, false).await;
        answer.remove(&None).unwrap_or_default()
    }
}
