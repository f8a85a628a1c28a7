//! Flat tables, asked through the graph: every metric by one or two attributes and buckets, in each order, cut off.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use deskgraph::metric::Grain;
use deskgraph::model::FilterAttribute;
use serde_json::Value;

use super::super::grid;
use super::super::label::labels;
use super::super::question::{Grouping, Question, Test};
use super::super::subject::{Figures, Shape, Subject};
use super::super::zone::Zone;
use super::compare::is_near;
use super::{Check, write};

/// A column: a metric, its clock, and which number of it.
struct Column<'a> {
    subject: &'a Subject,
    business: bool,
    aggregation: &'static str,
}

/// A bucket, or the whole period, and a key for each attribute.
type Key = (usize, Vec<Option<String>>);

/// A table that is asked for.
struct Wanted<'a> {
    question: &'a Question,
    dimensions: &'a [FilterAttribute],
    grain: Option<Grain>,
    columns: Vec<Column<'a>>,
}

fn aggregations(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Count | Shape::Snapshot | Shape::Presence => &["COUNT"],
        Shape::Ratio => &["PERCENTAGE", "COUNT"],
        Shape::Duration | Shape::Number => &["AVERAGE", "MEDIAN", "P90", "SUM", "MIN", "MAX", "STD_DEV", "COUNT"],
    }
}

impl Column<'_> {
    /// The number in its cell; of no rows there are none, and they sum to nothing.
    fn value(&self, figures: Option<&Figures>) -> Option<f64> {
        let scale = if self.subject.shape == Shape::Duration { 1_000.0 } else { 1.0 };
        let none = match self.aggregation {
            "COUNT" | "SUM" => Some(0.0),
            _ => None,
        };
        let Some(of) = figures else { return none };
        Some(match self.aggregation {
            "COUNT" => of.rows as f64,
            "PERCENTAGE" => of.hits as f64 * 100.0 / of.rows as f64,
            "AVERAGE" => of.mean / scale,
            "MEDIAN" => of.median / scale,
            "P90" => of.percentiles[1] / scale,
            "SUM" => of.sum as f64 / scale,
            "MIN" => of.minimum / scale,
            "MAX" => of.maximum / scale,
            _ => of.variance.sqrt() / scale,
        })
    }
}

impl Wanted<'_> {
    /// The arguments of `table`; columns are called c0, c1 and so on.
    fn arguments(&self) -> String {
        let metrics = self.columns.iter().enumerate().map(|(place, of)| {
            let (metric, clock) =
                (of.subject.id.word().to_uppercase(), if of.business { "BUSINESS" } else { "CALENDAR" });
            format!(r#"{{metric: {metric}, aggregation: {}, clock: {clock}, as: "c{place}"}}"#, of.aggregation)
        });
        let metrics = metrics.collect::<Vec<_>>().join(", ");
        let dimensions: Vec<String> = self.dimensions.iter().map(|of| of.word().to_uppercase()).collect();
        let grain = self.grain.map_or("null".to_owned(), |grain| grain.word().to_uppercase());
        format!(
            "metrics: [{metrics}], dimensions: [{}], grain: {grain}, {}",
            dimensions.join(", "),
            write::scope(self.question)
        )
    }

    /// Cells before those of the metrics.
    fn head(&self) -> usize {
        (usize::from(self.grain.is_some()) + self.dimensions.len()) * 2
    }
}

impl Check<'_> {
    /// Tables with and without attributes and buckets, filtered and not.
    pub(super) async fn tables(&mut self, filtered: &Question) {
        use FilterAttribute as A;
        let periods = grid::periods();
        let weeks = grid::question("2026-03-20T02:00:00Z", "2026-04-09T02:00:00Z", &Zone("Australia/Lord_Howe"));
        self.table(0, &periods[0], &[], None).await;
        self.table(1, &weeks, &[], Some(Grain::Week)).await;
        self.table(2, &periods[2], &[A::Agent], None).await;
        self.table(3, filtered, &[A::HourOfDay], None).await;
        self.table(4, &periods[2], &[A::Team], Some(Grain::Month)).await;
        self.table(5, &periods[1], &[A::Tag, A::Status], None).await;
    }

    async fn table(&mut self, turn: usize, question: &Question, dimensions: &[FilterAttribute], grain: Option<Grain>) {
        let is_asked = |subject: &Subject| {
            let is_right = !matches!(subject.shape, Shape::Presence | Shape::Snapshot) || grain.is_none();
            is_right && subject.shape != Shape::Presence && dimensions.iter().all(|of| subject.accepts(*of))
        };
        let asked = write::asked(self.subjects, |subject| is_asked(subject) && subject.accepts_all(question));
        let column = |(place, (subject, business)): (usize, (_, _))| {
            let subject: &Subject = subject;
            let choice = aggregations(subject.shape);
            Column { subject, business, aggregation: choice[(place + turn) % choice.len()] }
        };
        let columns = asked.into_iter().enumerate().map(column).collect();
        let wanted = Wanted { question, dimensions, grain, columns };
        let selection = "{ columns { name } rows isTruncated totalRows }";
        let found = self.told(&format!("{{ table({}, limit: 10000) {selection} }}", wanted.arguments())).await;
        let rows: Vec<Vec<Value>> = serde_json::from_value(found["table"]["rows"].clone()).unwrap();
        let result = self.whole(&wanted, &found["table"], &rows).await;
        self.note_all(&format!("table {turn}"), question, result.err().into_iter().collect());
        // The rows agree; now in other orders, and cut off.
        let names: Vec<&str> =
            found["table"]["columns"].as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap()).collect();
        let limit = rows.len().saturating_sub(2).max(1);
        for (place, name) in names.iter().enumerate().skip(wanted.head().saturating_sub(1)).step_by(7) {
            for direction in ["ASC", "DESC"] {
                let order = format!(r#"orderBy: {{column: "{name}", direction: {direction}}}, limit: {limit}"#);
                let found = self.told(&format!("{{ table({}, {order}) {selection} }}", wanted.arguments())).await;
                let mut expected = rows.clone();
                expected.sort_by(|a, b| ordered(&a[place], &b[place], direction == "DESC"));
                let is_truncated = expected.len() > limit;
                expected.truncate(limit);
                let found = &found["table"];
                let agrees = found["rows"] == serde_json::to_value(&expected).unwrap()
                    && found["isTruncated"] == is_truncated
                    && found["totalRows"] == rows.len();
                let why = format!("by {name} {direction}: {} is not {expected:?}", found["rows"]);
                self.note_all(&format!("table {turn}"), question, if agrees { Vec::new() } else { vec![why] });
            }
        }
    }

    /// Compares the whole table, in its usual order.
    async fn whole(&self, wanted: &Wanted<'_>, found: &Value, rows: &[Vec<Value>]) -> Result<(), String> {
        let spans = self.spans(wanted).await?;
        let expected = self.rows(wanted, &spans).await;
        if found["totalRows"] != expected.len() || rows.len() != expected.len() || found["isTruncated"] != false {
            return Err(format!("{} and {} rows, not {}", found["totalRows"], rows.len(), expected.len()));
        }
        for (row, (head, figures)) in rows.iter().zip(&expected) {
            let plain: Vec<Option<&str>> = row[..wanted.head()].iter().map(Value::as_str).collect();
            if plain != head.iter().map(Option::as_deref).collect::<Vec<_>>() {
                return Err(format!("{plain:?} is not {head:?}"));
            }
            for ((place, cell), (column, figures)) in
                row[wanted.head()..].iter().enumerate().zip(wanted.columns.iter().zip(figures))
            {
                let expected = column.value(figures.as_ref());
                let agrees = match (cell.as_f64(), expected) {
                    (Some(cell), Some(expected)) => is_near(cell, expected),
                    (None, None) => cell.is_null(),
                    _ => false,
                };
                if !agrees {
                    let what = format!("{} {} (c{place})", column.subject.id, column.aggregation);
                    return Err(format!("{what} of {plain:?}: {cell} is not {expected:?}"));
                }
            }
        }
        Ok(())
    }

    /// The buckets: label, start and end; the period alone without a grain.
    async fn spans(&self, wanted: &Wanted<'_>) -> Result<Vec<(String, i64, i64)>, String> {
        let question = wanted.question;
        let Some(grain) = wanted.grain else { return Ok(vec![(String::new(), question.from, question.until)]) };
        let word = grain.word().to_uppercase();
        let found =
            self.ask(question, &format!("createdCases {{ series(grain: {word}) {{ from until label }} }}")).await;
        let points = found["createdCases"]["series"].as_array().unwrap();
        let spans = write::spans(points);
        self.edges(question, grain, &spans).await?;
        let label = |point: &Value| point["label"].as_str().unwrap().to_owned();
        Ok(points.iter().zip(spans).map(|(point, (from, until))| (label(point), from, until)).collect())
    }

    /// The rows by plain SQL in the usual order: by bucket, then by the labels, then by the keys. Each has the cells before the figures.
    async fn rows(
        &self,
        wanted: &Wanted<'_>,
        spans: &[(String, i64, i64)],
    ) -> Vec<(Vec<Option<String>>, Vec<Option<Figures>>)> {
        let mut found: BTreeMap<Key, Vec<Option<Figures>>> = BTreeMap::new();
        let empty: Vec<Option<Figures>> = wanted.columns.iter().map(|_| None).collect();
        if wanted.dimensions.is_empty() {
            found.extend((0..spans.len()).map(|bucket| ((bucket, Vec::new()), empty.clone())));
        }
        for (bucket, (_, from, until)) in spans.iter().enumerate() {
            let question = Question { from: *from, until: *until, ..wanted.question.clone() };
            for (place, column) in wanted.columns.iter().enumerate() {
                for (key, figures) in self.cells(column, &question, wanted.dimensions).await {
                    found.entry((bucket, key)).or_insert_with(|| empty.clone())[place] = Some(figures);
                }
            }
        }
        let mut names = Vec::new();
        for (place, attribute) in wanted.dimensions.iter().enumerate() {
            let keys: BTreeSet<_> = found.keys().map(|(_, key)| key[place].clone()).collect();
            names.push(labels(self.ledger, *attribute, keys.iter()).await);
        }
        let named = |key: &[Option<String>]| -> Vec<String> {
            key.iter().zip(&names).map(|(key, names)| names[key].clone()).collect()
        };
        let mut rows: Vec<_> =
            found.into_iter().map(|((bucket, key), figures)| (bucket, named(&key), key, figures)).collect();
        rows.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
        let head = |bucket: usize, labels: Vec<String>, key: Vec<Option<String>>| {
            let (label, from, _) = &spans[bucket];
            let start = [Some(label.clone()), Some(write::instant(*from))];
            let mut cells: Vec<_> = start.into_iter().filter(|_| wanted.grain.is_some()).collect();
            for ((key, label), attribute) in key.into_iter().zip(labels).zip(wanted.dimensions) {
                cells.extend([key.map(|key| write::shown(*attribute, &key)), Some(label)]);
            }
            cells
        };
        rows.into_iter().map(|(bucket, labels, key, figures)| (head(bucket, labels, key), figures)).collect()
    }

    /// The figures of a column by the keys of one or two attributes, or without.
    async fn cells(
        &self,
        column: &Column<'_>,
        question: &Question,
        dimensions: &[FilterAttribute],
    ) -> Vec<(Vec<Option<String>>, Figures)> {
        let answer = async |question: &Question, grouping| {
            column.subject.answer(self.ledger, question, grouping, column.business).await
        };
        match dimensions {
            [] => answer(question, Grouping::Total).await.into_values().map(|figures| (Vec::new(), figures)).collect(),
            [one] => {
                let groups = answer(question, Grouping::By(*one)).await;
                groups.into_iter().map(|(key, figures)| (vec![key], figures)).collect()
            }
            [one, two] => {
                let mut found = Vec::new();
                for key in answer(question, Grouping::By(*one)).await.into_keys() {
                    let test = key.as_ref().map_or(Test::Unset, |key| Test::In(vec![key.clone()]));
                    let mut within = question.clone();
                    within.terms.push((*one, test));
                    let groups = answer(&within, Grouping::By(*two)).await;
                    found.extend(groups.into_iter().map(|(second, figures)| (vec![key.clone(), second], figures)));
                }
                found
            }
            _ => panic!("at most two attributes are asked"),
        }
    }
}

/// Numbers by size, texts by letters, nothing last whichever way.
fn ordered(a: &Value, b: &Value, is_descending: bool) -> Ordering {
    if a.is_null() || b.is_null() {
        return a.is_null().cmp(&b.is_null());
    }
    let order = match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    };
    if is_descending { order.reverse() } else { order }
}
