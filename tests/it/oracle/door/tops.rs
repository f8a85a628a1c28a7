//! Groups in every order with the others after them, asked through the graph.

use std::collections::BTreeMap;

use deskgraph::metric::MetricId;
use deskgraph::model::FilterAttribute;
use serde_json::Value;

use super::super::label::{ORDERS, Ranked};
use super::super::question::{Grouping, Question, Test};
use super::super::subject::{Figures, Shape, Subject};
use super::compare::{agrees, agrees_on_sums};
use super::{Check, write};

/// The figures without percentiles, of which others may be added up.
fn sums(shape: Shape) -> String {
    match shape {
        Shape::Duration | Shape::Number => "sampleSize sum average minimum maximum standardDeviation".to_owned(),
        _ => write::figures(shape),
    }
}

impl Check<'_> {
    /// The first groups by an attribute in two of the orders, once with percentiles and once without, and the others.
    pub(super) async fn tops(
        &mut self,
        question: &Question,
        attribute: FilterAttribute,
        first: usize,
        orders: [usize; 2],
    ) {
        let is_asked = |subject: &Subject| subject.accepts(attribute) && subject.shape != Shape::Presence;
        let asked = write::asked(self.subjects, is_asked);
        let dimension = attribute.word().to_uppercase();
        let by = |name: &str, order: usize, figures: &str| {
            format!(
                "{name}: by(dimension: {dimension}, first: {first}, orderBy: {}, others: true) \
                 {{ key {{ value label isOthers }} metric {{ {figures} }} }}",
                ORDERS[order]
            )
        };
        let fields = asked.iter().map(|(subject, business)| {
            let records =
                if subject.id == MetricId::AssignmentsPerAgent { "" } else { " records(first: 1) { totalCount }" };
            let full = by("full", orders[0], &(write::figures(subject.shape) + records));
            let plain = by("plain", orders[1], &sums(subject.shape));
            write::field(subject, *business, &format!("{full} {plain}"))
        });
        let found = self.ask(question, &fields.collect::<Vec<_>>().join(" ")).await;
        for (subject, business) in asked {
            let groups = subject.answer(self.ledger, question, Grouping::By(attribute), business).await;
            let mut ranked = subject.ranked(self.ledger, question, attribute, business).await;
            for (name, order) in ["full", "plain"].into_iter().zip(orders) {
                ranked.sort_by_key(|group| group.places[order]);
                let shown: Vec<&Ranked> = ranked.iter().take(first).collect();
                let others = match ranked.len() > first {
                    true => self.others(subject, question, attribute, &shown, business).await,
                    false => None,
                };
                let list = found[write::alias(subject, business)][name].as_array().unwrap();
                let compared =
                    compare(subject.shape, attribute, name == "full", list, &shown, &groups, others.as_ref());
                let what = format!("first {first} by {attribute} in {}", ORDERS[order]);
                self.note(&what, subject, question, compared);
            }
        }
    }

    /// The rows in none of the groups shown; `None` without any.
    async fn others(
        &self,
        subject: &Subject,
        question: &Question,
        attribute: FilterAttribute,
        shown: &[&Ranked],
        business: bool,
    ) -> Option<Figures> {
        let mut beyond = question.clone();
        let values = shown.iter().filter_map(|group| group.key.clone()).collect();
        beyond.terms.push((attribute, Test::NotIn(values)));
        if shown.iter().any(|group| group.key.is_none()) {
            beyond.terms.push((attribute, Test::Set));
        }
        subject.answer(self.ledger, &beyond, Grouping::Total, business).await.remove(&None)
    }
}

fn compare(
    shape: Shape,
    attribute: FilterAttribute,
    is_full: bool,
    found: &[Value],
    shown: &[&Ranked],
    groups: &BTreeMap<Option<String>, Figures>,
    others: Option<&Figures>,
) -> Result<(), String> {
    let key = |group: &Value| group["key"]["value"].as_str().map(|key| write::plain(attribute, key));
    let told: Vec<_> = found.iter().map(|group| (key(group), group["key"]["label"].as_str().unwrap())).collect();
    let mut expected: Vec<_> = shown.iter().map(|group| (group.key.clone(), group.label.as_str())).collect();
    expected.extend(others.map(|_| (None, "Others")));
    if told != expected {
        return Err(format!("{told:?} is not {expected:?}"));
    }
    let figures = shown.iter().map(|group| groups.get(&group.key)).chain(others.map(Some));
    for (place, (group, figures)) in found.iter().zip(figures).enumerate() {
        let is_others = place == shown.len();
        if group["key"]["isOthers"] != is_others {
            return Err(format!("isOthers of {place}"));
        }
        let metric = &group["metric"];
        let result = if is_full { agrees(shape, figures, metric) } else { agrees_on_sums(shape, figures, metric) };
        let records = &metric["records"]["totalCount"];
        if !records.is_null() && *records != metric["sampleSize"] {
            return Err(format!("group {place} has {records} records"));
        }
        result.map_err(|why| format!("group {place}: {why}"))?;
    }
    Ok(())
}
