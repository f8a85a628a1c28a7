//! The engine, asked through the graph, against what plain SQL answers.

mod clocks;
mod compare;
mod front;
mod shifts;
mod sla;
mod table;
mod tops;
mod write;

use std::collections::BTreeSet;

use deskgraph::model::FilterAttribute;
use serde_json::Value;

use super::grid;
use super::ledger::Ledger;
use super::question::{Grouping, Question};
use super::subject::{Answer, Shape, Subject};
use crate::world::World;
use compare::{agrees, agrees_on_presence};
pub use shifts::agrees_in_all;

/// Most groups that are asked for.
const GROUPS: usize = 50;

/// Collects what differs.
struct Check<'a> {
    world: &'a World,
    ledger: &'a Ledger,
    subjects: &'a [Subject],
    wrong: Vec<String>,
}

/// Asks everything and compares.
pub async fn check(world: &World, subjects: &[Subject], ledger: &Ledger, questions: &[Question]) {
    let mut check = Check { world, ledger, subjects, wrong: Vec::new() };
    for question in questions {
        check.totals(question).await;
    }
    for &attribute in FilterAttribute::ALL.iter().filter(|attribute| **attribute != FilterAttribute::Requester) {
        check.groups(&questions[0], attribute).await;
        check.groups(&questions[2], attribute).await;
    }
    for shift in ["PREVIOUS_PERIOD", "SAME_PERIOD_PREVIOUS_MONTH"] {
        check.previous(&questions[1], shift).await;
        check.previous(&questions[2], shift).await;
    }
    for (question, grain) in grid::series() {
        check.series(&question, grain).await;
    }
    check.sla(questions).await;
    check.end();
}

/// Asks for what hangs on figures: the first groups and the others, tables, the front page, agents, pages of clocks.
pub async fn check_more(world: &World, subjects: &[Subject], ledger: &Ledger, filters: &[Question]) {
    use FilterAttribute as A;
    let mut check = Check { world, ledger, subjects, wrong: Vec::new() };
    let periods = grid::periods();
    for (attribute, first, orders) in [(A::Agent, 2, [0, 3]), (A::Tag, 2, [1, 2]), (A::HourOfDay, 3, [0, 1])] {
        check.tops(&periods[2], attribute, first, orders).await;
    }
    for (attribute, first, orders) in [(A::Team, 2, [0, 2]), (A::Tag, 1, [0, 3]), (A::Status, 0, [2, 1])] {
        check.tops(&periods[0], attribute, first, orders).await;
    }
    let filtered = filters.iter().find(|question| question.terms.len() > 1).unwrap();
    check.tops(filtered, A::Priority, 1, [1, 3]).await;
    for question in periods.iter().chain(filters.iter().step_by(2)) {
        check.overview(question).await;
    }
    for question in periods.iter().chain(filters.iter().step_by(4)) {
        check.agent_overview(question).await;
    }
    check.filter_values(&periods[0]).await;
    check.tables(filtered).await;
    check.clocks(&periods, filters).await;
    check.end();
}

/// Asks for earlier spans and changes of periods however they are named.
pub async fn check_shifts(world: &World, subjects: &[Subject], ledger: &Ledger) {
    let mut check = Check { world, ledger, subjects, wrong: Vec::new() };
    check.shifts().await;
    check.end();
}

impl Check<'_> {
    fn end(mut self) {
        let count = self.wrong.len();
        self.wrong.truncate(40);
        assert!(count == 0, "{count} answers differ:\n  {}", self.wrong.join("\n  "));
    }

    /// The answer to a query without errors.
    async fn told(&self, query: &str) -> Value {
        let mut answer = self.world.ask(query).await;
        assert!(answer["errors"].is_null(), "{query}\n{}", answer["errors"]);
        answer["data"].take()
    }

    async fn ask(&self, question: &Question, metrics: &str) -> Value {
        self.told(&format!("{{ metrics({}) {{ {metrics} }} }}", write::scope(question))).await["metrics"].take()
    }

    fn note_all(&mut self, what: &str, question: &Question, wrong: Vec<String>) {
        self.wrong.extend(wrong.into_iter().map(|why| format!("{what} of ({}): {why}", write::scope(question))));
    }

    fn note(&mut self, what: &str, subject: &Subject, question: &Question, found: Result<(), String>) {
        if let Err(why) = found {
            self.wrong.push(format!("{} {what} of ({}): {why}", subject.id, write::scope(question)));
        }
    }

    async fn totals(&mut self, question: &Question) {
        let (ledger, subjects) = (self.ledger, self.subjects);
        let asked: Vec<(&Subject, bool)> = write::asked(subjects, |subject| subject.accepts_all(question));
        let fields =
            asked.iter().map(|(subject, business)| write::field(subject, *business, &write::figures(subject.shape)));
        let found = self.ask(question, &fields.collect::<Vec<_>>().join(" ")).await;
        for (subject, business) in asked {
            let expected = subject.answer(ledger, question, Grouping::Total, business).await;
            let found = &found[write::alias(subject, business)];
            let result = match subject.shape {
                Shape::Presence => agrees_on_presence(&expected, found),
                _ => agrees(subject.shape, expected.get(&None), found),
            };
            self.note("total", subject, question, result);
        }
    }

    /// The span before is the question's to know; what lies in it is compared.
    async fn previous(&mut self, question: &Question, shift: &str) {
        let (ledger, subjects) = (self.ledger, self.subjects);
        let is_asked = |subject: &Subject| !matches!(subject.shape, Shape::Presence | Shape::Snapshot);
        let asked: Vec<(&Subject, bool)> = write::asked(subjects, is_asked);
        let fields = asked.iter().map(|(subject, business)| {
            let figures = write::figures(subject.shape);
            let previous = format!("previous(shift: {shift}) {{ scope {{ from until }} {figures} }}");
            write::field(subject, *business, &previous)
        });
        let found = self.ask(question, &fields.collect::<Vec<_>>().join(" ")).await;
        for (subject, business) in asked {
            let found = &found[write::alias(subject, business)]["previous"];
            let (from, until) = write::spans(std::slice::from_ref(&found["scope"]))[0];
            let before = Question { from, until, ..question.clone() };
            let is_before = until < question.until && from < question.from;
            let expected = subject.answer(ledger, &before, Grouping::Total, business).await;
            let result = if is_before {
                agrees(subject.shape, expected.get(&None), found)
            } else {
                Err("no earlier".to_owned())
            };
            self.note("previous", subject, &before, result);
        }
    }

    async fn groups(&mut self, question: &Question, attribute: FilterAttribute) {
        let (ledger, subjects) = (self.ledger, self.subjects);
        let is_asked = |subject: &Subject| subject.accepts(attribute) && subject.shape != Shape::Presence;
        for (subject, business) in write::asked(subjects, is_asked) {
            let figures = write::figures(subject.shape);
            let dimension = attribute.word().to_uppercase();
            let by =
                format!("by(dimension: {dimension}, first: {GROUPS}) {{ key {{ value }} metric {{ {figures} }} }}");
            let found = self.ask(question, &write::field(subject, business, &by)).await;
            let expected = subject.answer(ledger, question, Grouping::By(attribute), business).await;
            let groups = found[write::alias(subject, business)]["by"].as_array().cloned().unwrap_or_default();
            self.note(&format!("number of groups by {attribute}"), subject, question, same_keys(&expected, &groups));
            for group in groups {
                let key = group["key"]["value"].as_str().map(|key| write::plain(attribute, key));
                let result = agrees(subject.shape, expected.get(&key), &group["metric"]);
                self.note(&format!("group {key:?} by {attribute}"), subject, question, result);
            }
        }
    }

    async fn series(&mut self, question: &Question, grain: deskgraph::metric::Grain) {
        let (ledger, subjects) = (self.ledger, self.subjects);
        let is_asked = |subject: &Subject| !matches!(subject.shape, Shape::Presence | Shape::Snapshot);
        for (subject, business) in write::asked(subjects, is_asked) {
            let figures = write::figures(subject.shape);
            let grain_word = grain.word().to_uppercase();
            let series = format!("series(grain: {grain_word}) {{ from until metric {{ {figures} }} }}");
            let found = self.ask(question, &write::field(subject, business, &series)).await;
            let points = found[write::alias(subject, business)]["series"].as_array().cloned().unwrap_or_default();
            let spans = write::spans(&points);
            let edges = self.edges(question, grain, &spans).await;
            let keys = match edges {
                Ok(keys) => keys,
                Err(why) => return self.note(&format!("buckets by {grain}"), subject, question, Err(why)),
            };
            let expected = subject.answer(ledger, question, Grouping::Series(grain), business).await;
            for ((point, (from, until)), key) in points.iter().zip(&spans).zip(keys) {
                let own = if subject.is_standing() {
                    let part = Question { from: *from, until: *until, ..question.clone() };
                    subject.answer(ledger, &part, Grouping::Total, business).await.remove(&None)
                } else {
                    expected.get(&Some(key.clone())).cloned()
                };
                let result = agrees(subject.shape, own.as_ref(), &point["metric"]);
                self.note(&format!("bucket {key} by {grain}"), subject, question, result);
            }
        }
    }

    /// The keys of the buckets by plain SQL. They must lie end to end over the period, each within one unit, no two in the same.
    async fn edges(
        &self,
        question: &Question,
        grain: deskgraph::metric::Grain,
        spans: &[(i64, i64)],
    ) -> Result<Vec<String>, String> {
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Err("no buckets".to_owned()) };
        if (first.0, last.1) != (question.from, question.until) || spans.windows(2).any(|pair| pair[0].1 != pair[1].0) {
            return Err("they do not lie end to end over the period".to_owned());
        }
        let instants: Vec<String> = spans.iter().map(|(from, until)| format!("({from}, {})", until - 1)).collect();
        let bucket = |column: &str| question.zone.bucket(column, grain, self.ledger.is_postgres());
        let zone = if self.ledger.is_postgres() { String::new() } else { question.zone.table() + ", " };
        let sql = format!(
            "WITH {zone}span (a, b) AS (VALUES {}) SELECT {}, {} FROM span ORDER BY a",
            instants.join(", "),
            bucket("a"),
            bucket("b")
        );
        let rows = self.ledger.rows(&sql).await;
        let odd = rows.iter().find(|row| row[0] != row[1]);
        if let Some(row) = odd {
            return Err(format!("one goes from {:?} to {:?}", row[0], row[1]));
        }
        let keys: Vec<String> = rows.into_iter().filter_map(|mut row| row.swap_remove(0)).collect();
        if keys.iter().collect::<BTreeSet<_>>().len() != keys.len() {
            return Err("two lie in one unit".to_owned());
        }
        Ok(keys)
    }
}

fn same_keys(expected: &Answer, groups: &[Value]) -> Result<(), String> {
    // A group of a kind of value can have rows and no value; it may be shown or not.
    let (most, found) = (expected.len(), groups.len());
    if found == most.min(GROUPS) { Ok(()) } else { Err(format!("{found}, not {most}")) }
}
