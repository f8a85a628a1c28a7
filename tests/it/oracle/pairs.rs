//! Records against events: what the record tables list for a metric is what the event tables alone give by the words of SEMANTICS.

use std::collections::BTreeMap;

use super::file::{Oracle, event_oracles, of_events};
use super::ledger::{Ledger, Row};

/// Checks every metric that has an oracle over the event tables.
pub async fn check(ledger: &Ledger) {
    ledger.replay().await;
    let mut wrong = Vec::new();
    for name in event_oracles() {
        let oracle = Oracle::read(&name);
        let columns: Vec<&str> = oracle.columns.iter().map(String::as_str).filter(|name| *name != "business").collect();
        let listed = columns.iter().map(|&name| match name {
            "value" => "CAST(value AS bigint)",
            "judged" => "CAST(judged AS bigint)",
            _ => name,
        });
        let select = format!("SELECT {} FROM", listed.collect::<Vec<_>>().join(", "));
        // Business time is not in the events.
        let within = if oracle.has("mode") { " WHERE mode = 'calendar'" } else { "" };
        let records = ledger.rows(&format!("{select} (\n{}\n) x{within}", oracle.sql)).await;
        let events = ledger.rows(&format!("{select} (\n{}\n) x{within}", of_events(&name))).await;
        let (records, events) = if oracle.has("until") {
            let at = columns.iter().position(|name| *name == "at").unwrap();
            (joined(records, at), joined(events, at))
        } else {
            (records, events)
        };
        wrong.extend(difference(&name, records, events));
    }
    assert!(wrong.is_empty(), "records and events differ:\n  {}", wrong.join("\n  "));
}

/// The first rows that only one side has.
fn difference(name: &str, records: Vec<Row>, events: Vec<Row>) -> Vec<String> {
    let mut tally: BTreeMap<Row, i64> = BTreeMap::new();
    records.into_iter().for_each(|row| *tally.entry(row).or_default() += 1);
    events.into_iter().for_each(|row| *tally.entry(row).or_default() -= 1);
    let odd = tally.into_iter().filter(|(_, count)| *count != 0);
    let side = |count: i64| if count > 0 { "records" } else { "events" };
    odd.take(6).map(|(row, count)| format!("{name}: only {} have {}", side(count), shown(&row))).collect()
}

fn shown(row: &Row) -> String {
    row.iter().map(|value| value.as_deref().unwrap_or("null")).collect::<Vec<_>>().join(" | ")
}

/// Stretches whose start is the column `at` and whose end the one after it, those that follow each other with all else alike made one.
fn joined(rows: Vec<Row>, at: usize) -> Vec<Row> {
    let mut stretches: BTreeMap<Row, Vec<(i64, i64)>> = BTreeMap::new();
    for mut row in rows {
        let until = row.remove(at + 1).map_or(i64::MAX, |until| until.parse().unwrap());
        let from = row.remove(at).unwrap().parse().unwrap();
        stretches.entry(row).or_default().push((from, until));
    }
    let mut found = Vec::new();
    for (row, mut spans) in stretches {
        spans.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (from, until) in spans {
            match joined.last_mut() {
                Some(last) if last.1 >= from => last.1 = last.1.max(until),
                _ => joined.push((from, until)),
            }
        }
        found.extend(joined.iter().map(|(from, until)| {
            let mut row = row.clone();
            row.extend([Some(from.to_string()), Some(until.to_string())]);
            row
        }));
    }
    found
}
