//! What groups are called and in which order they come, in plain SQL.

use std::collections::BTreeMap;

use deskgraph::model::FilterAttribute;

use super::ledger::{Ledger, quote};
use super::question::{Grouping, Question};
use super::subject::{Shape, Subject};

/// The orders of groups, as the graph says them.
pub const ORDERS: [&str; 4] = ["VALUE_DESC", "VALUE_ASC", "SAMPLE_SIZE_DESC", "LABEL_ASC"];

/// A group by its key, with its place in each of `ORDERS`.
#[derive(Debug)]
pub struct Ranked {
    pub key: Option<String>,
    pub label: String,
    pub places: [i64; 4],
}

/// What the value `key` of an attribute is called; no value is "None", and what has no name is called by its key.
fn label(attribute: FilterAttribute, key: &str) -> String {
    let named = |table: &str, name: &str| {
        format!("coalesce((SELECT t.{name} FROM {table} t WHERE t.workspace = :workspace AND t.id = {key}), {key})")
    };
    let label = match attribute {
        FilterAttribute::Agent | FilterAttribute::Team | FilterAttribute::Queue | FilterAttribute::Tag => {
            named(attribute.word(), "name")
        }
        FilterAttribute::Channel | FilterAttribute::InitialChannel => named("channel", "label"),
        FilterAttribute::ContactPoint => named("contact_point", "label"),
        FilterAttribute::SlaPolicy => format!(
            "(SELECT p.name FROM sla_policy p WHERE p.workspace = :workspace AND p.id = {key} ORDER BY p.from_at DESC LIMIT 1)"
        ),
        FilterAttribute::Status | FilterAttribute::InitialDirection => {
            format!("upper(substr({key}, 1, 1)) || replace(substr({key}, 2), '_', ' ')")
        }
        FilterAttribute::HourOfDay => format!("CASE WHEN length({key}) = 1 THEN '0' ELSE '' END || {key} || ':00'"),
        FilterAttribute::DayOfWeek => format!(
            "CASE {key} WHEN '1' THEN 'Monday' WHEN '2' THEN 'Tuesday' WHEN '3' THEN 'Wednesday' WHEN '4' THEN 'Thursday' \
             WHEN '5' THEN 'Friday' WHEN '6' THEN 'Saturday' ELSE 'Sunday' END"
        ),
        _ => key.to_owned(),
    };
    format!("CASE WHEN {key} IS NULL THEN 'None' ELSE {label} END")
}

/// What keys of an attribute are called.
pub async fn labels(
    ledger: &Ledger,
    attribute: FilterAttribute,
    keys: impl Iterator<Item = &Option<String>>,
) -> BTreeMap<Option<String>, String> {
    let values = keys.map(|key| format!("(CAST({} AS text))", key.as_deref().map_or("NULL".to_owned(), quote)));
    let values = values.collect::<Vec<_>>().join(", ");
    if values.is_empty() {
        return BTreeMap::new();
    }
    let sql = format!("WITH v (k) AS (VALUES {values}) SELECT k, {} FROM v", label(attribute, "v.k"));
    let rows = ledger.rows(&sql).await.into_iter();
    rows.map(|mut row| (row[0].take(), row[1].take().unwrap())).collect()
}

impl Subject {
    /// The groups by an attribute with their places: by the value that stands for the metric or by the sample, else by label; equal
    /// ones by label, then key, no key first.
    pub async fn ranked(
        &self,
        ledger: &Ledger,
        question: &Question,
        attribute: FilterAttribute,
        is_business: bool,
    ) -> Vec<Ranked> {
        let counted = self.counted(ledger, question, Grouping::By(attribute), is_business);
        let value = match self.shape {
            Shape::Count | Shape::Snapshot | Shape::Presence => "CAST(count(*) AS double precision)",
            Shape::Ratio => "CAST(sum(hit) AS double precision) * 100.0 / count(*)",
            Shape::Duration | Shape::Number => "CAST(sum(v) AS double precision) / count(*)",
        };
        let ties = "l :binary, k IS NOT NULL, k :binary";
        let place = |first: &str| format!("row_number() OVER (ORDER BY {first}{ties})");
        let places = ["x IS NULL, x DESC, ", "x IS NULL, x, ", "n DESC, ", ""].map(place).join(", ");
        let sql = format!(
            "{counted}, figure AS (SELECT k, count(*) AS n, {value} AS x FROM counted GROUP BY k), \
             named AS (SELECT k, n, x, {} AS l FROM figure) SELECT k, l, {places} FROM named",
            label(attribute, "figure.k")
        );
        let number = |text: &Option<String>| text.as_ref().unwrap().parse().unwrap();
        let ranked = |row: &super::ledger::Row| Ranked {
            key: row[0].clone(),
            label: row[1].clone().unwrap(),
            places: [2, 3, 4, 5].map(|column| number(&row[column])),
        };
        ledger.rows(&sql).await.iter().map(ranked).collect()
    }
}
