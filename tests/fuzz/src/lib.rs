//! What each parser that faces the network owes to whoever sends it bytes. One function a parser; it panics only when a law is broken:
//! a parser never panics, a refusal says where and is short, and what is accepted and printed again reads the same. The fuzz targets run
//! these (`scripts/fuzz`), and so does the ordinary test suite.

mod carried;
mod lines;
mod token;

use async_graphql::{InputType, Value};
use deskgraph::app::Error;
use deskgraph::graphql::filter::Filter;
use deskgraph::model::period::find_zone;
use deskgraph::model::{self, Instant, MAX_FILTER_VALUES, Period, PeriodPreset, Test};

pub use carried::{cursor, page_key};
pub use lines::{ingest_line, mapping};
pub use token::token;

/// A parser's laws.
pub type Body = fn(&[u8]);

/// Every body by the name of its target.
pub const TARGETS: [(&str, Body); 7] = [
    ("ingest_line", ingest_line),
    ("mapping", mapping),
    ("filter", filter),
    ("page_key", page_key),
    ("cursor", cursor),
    ("token", token),
    ("period", period),
];

/// Longest text of a refusal, in bytes, however long the input is.
const LIMIT_ERROR_BYTES: usize = 1_000;

fn now() -> Instant {
    Instant::parse("2026-06-01T12:00:00Z").expect("an instant")
}

/// A refusal says something, and not at length.
fn check_text(text: &str) {
    assert!(!text.trim().is_empty(), "a refusal without a reason");
    assert!(text.len() <= LIMIT_ERROR_BYTES, "a refusal of {} bytes: {:.200}", text.len(), text);
}

/// The graph's filter, as a client gives it in a variable: `bytes` are its JSON.
pub fn filter(bytes: &[u8]) {
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    let Ok(value) = Value::from_json(json) else { return };
    let Ok(filter) = <Filter as InputType>::parse(Some(value)) else { return };
    let Ok(again) = <Filter as InputType>::parse(Some(filter.to_value())) else { panic!("a filter is not read again") };
    let compiled = filter.compile();
    assert_eq!(compiled, again.compile());
    match compiled {
        Ok(filter) => check_filter(&filter),
        Err(error) => {
            assert!(matches!(error, Error::Invalid(_) | Error::Limit(_)), "{error:?}");
            check_text(&error.to_string());
        }
    }
}

fn check_filter(filter: &model::Filter) {
    for term in filter.terms() {
        let (Test::In(values) | Test::NotIn(values)) = &term.test else { continue };
        assert!(values.len() <= MAX_FILTER_VALUES, "{} values", values.len());
        assert!(values.is_sorted_by(|a, b| a < b), "{values:?} are not in order, or twice");
        assert!(values.iter().all(|value| value.chars().count() <= 1_000), "a value is too long");
    }
}

/// Periods: `bytes` are a zone, an instant in milliseconds, and what the period is, a line each.
pub fn period(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.splitn(3, '\n');
    let (zone, at, what) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if let Some(instant) = Instant::parse(what) {
        assert_eq!(Instant::parse(&instant.to_string()), Some(instant), "{what}");
    }
    let zone = match find_zone(zone) {
        Ok(zone) => zone,
        Err(error) => {
            check_text(&error.to_string());
            find_zone("Europe/Copenhagen").expect("a zone")
        }
    };
    let now = at.parse().map_or_else(|_| Instant::parse(at).unwrap_or_else(now), Instant::from_ms);
    let mut asked = vec![Period::Last(what.to_owned())];
    asked.extend(PeriodPreset::ALL.iter().map(|preset| Period::Preset(*preset)));
    if let Some(preset) = PeriodPreset::from_word(what) {
        assert_eq!(preset.word(), what);
    }
    for period in asked {
        let found = period.resolve(&zone, now);
        assert_eq!(found, period.resolve(&zone, now));
        match found {
            Ok(span) => assert!(span.from <= span.until && span.until <= now, "{period:?} at {now}: {span:?}"),
            Err(error) => {
                assert!(error.field.starts_with("period."), "{error}");
                check_text(&error.to_string());
            }
        }
    }
}
