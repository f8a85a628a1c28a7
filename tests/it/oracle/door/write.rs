//! Questions as the graph is asked them.

use deskgraph::model::{FilterAttribute, Instant};
use serde_json::Value;

use super::super::presets::interval;
use super::super::question::{Question, Test};
use super::super::subject::{PERCENTILES, Shape, Subject};
pub use super::super::zone::written as instant;

/// The arguments of `metrics`.
pub fn scope(question: &Question) -> String {
    let period = interval(question.from, question.until);
    let mut scope = format!(r#"period: {period}, timezone: "{}""#, question.zone.0);
    let list = |of: &dyn Fn(&Test) -> Option<&Vec<String>>| {
        let terms = question.terms.iter().filter_map(|(attribute, test)| Some((attribute, of(test)?)));
        let texts = terms.map(|(attribute, values)| {
            let values = values.iter().map(|value| literal(*attribute, value)).collect::<Vec<_>>().join(", ");
            format!("{}: [{values}]", attribute.field_name())
        });
        texts.collect::<Vec<_>>().join(", ")
    };
    let within = list(&|test| if let Test::In(values) = test { Some(values) } else { None });
    let without = list(&|test| if let Test::NotIn(values) = test { Some(values) } else { None });
    let unset = question.terms.iter().filter(|(_, test)| *test == Test::Unset);
    let unset: Vec<String> = unset.map(|(attribute, _)| attribute.word().to_uppercase()).collect();
    let mut filter = vec![within];
    filter.extend((!unset.is_empty()).then(|| format!("unset: [{}]", unset.join(", "))));
    filter.extend((!without.is_empty()).then(|| format!("not: {{{without}}}")));
    filter.retain(|part| !part.is_empty());
    if !filter.is_empty() {
        scope += &format!(", filter: {{{}}}", filter.join(", "));
    }
    scope
}

fn literal(attribute: FilterAttribute, value: &str) -> String {
    match attribute {
        FilterAttribute::HourOfDay | FilterAttribute::DayOfWeek => value.to_owned(),
        FilterAttribute::Status | FilterAttribute::InitialDirection => value.to_uppercase(),
        _ => Value::from(value).to_string(),
    }
}

/// A key as the tables have it.
pub fn plain(attribute: FilterAttribute, key: &str) -> String {
    match attribute {
        FilterAttribute::Status | FilterAttribute::InitialDirection => key.to_lowercase(),
        _ => key.to_owned(),
    }
}

/// A key as the graph has it.
pub fn shown(attribute: FilterAttribute, key: &str) -> String {
    match attribute {
        FilterAttribute::Status | FilterAttribute::InitialDirection => key.to_uppercase(),
        _ => key.to_owned(),
    }
}

/// The metrics that are asked, with every clock that each has.
pub fn asked(subjects: &[Subject], is_asked: impl Fn(&Subject) -> bool) -> Vec<(&Subject, bool)> {
    let asked = subjects.iter().filter(|subject| is_asked(subject));
    asked.flat_map(|subject| subject.clocks().iter().map(move |clock| (subject, *clock))).collect()
}

/// `firstResponseTime`.
fn name(subject: &Subject) -> String {
    let mut words = subject.id.word().split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// What the answer of a metric stands under.
pub fn alias(subject: &Subject, business: bool) -> String {
    if business { name(subject) + "InBusinessTime" } else { name(subject) }
}

/// A metric with what is asked of it.
pub fn field(subject: &Subject, business: bool, selection: &str) -> String {
    let name = name(subject);
    if business {
        return format!("{}: {name}(clock: BUSINESS) {{ {selection} }}", alias(subject, true));
    }
    format!("{name} {{ {selection} }}")
}

/// The figures of a shape.
pub fn figures(shape: Shape) -> String {
    match shape {
        Shape::Count | Shape::Snapshot => "count sampleSize".to_owned(),
        Shape::Ratio => "percentage numerator denominator sampleSize".to_owned(),
        Shape::Presence => "status seconds".to_owned(),
        Shape::Duration | Shape::Number => {
            let percentiles = PERCENTILES.iter().enumerate().map(|(i, p)| format!("p{i}: percentile(p: {p:?})"));
            let plain = "sampleSize sum average median minimum maximum standardDeviation";
            format!("{plain} {}", percentiles.collect::<Vec<_>>().join(" "))
        }
    }
}

/// From and until of points.
pub fn spans(points: &[Value]) -> Vec<(i64, i64)> {
    let ms = |value: &Value| Instant::parse(value.as_str().unwrap()).unwrap().ms();
    points.iter().map(|point| (ms(&point["from"]), ms(&point["until"]))).collect()
}
