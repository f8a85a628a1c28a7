//! Whether what the graph answers is what plain SQL does: counts and sums exactly, means and their like to nine digits.

use serde_json::Value;

use super::super::subject::{Answer, Figures, Shape};

/// Compares the figures of one cell; none is none of anything.
pub fn agrees(shape: Shape, expected: Option<&Figures>, found: &Value) -> Result<(), String> {
    compare(shape, expected, found, true)
}

/// Compares those figures that no percentile is among.
pub fn agrees_on_sums(shape: Shape, expected: Option<&Figures>, found: &Value) -> Result<(), String> {
    compare(shape, expected, found, false)
}

fn compare(shape: Shape, expected: Option<&Figures>, found: &Value, has_percentiles: bool) -> Result<(), String> {
    let none = Figures::default();
    let expected = expected.unwrap_or(&none);
    let mut wrong = Vec::new();
    let mut exact = |field: &str, value: i64| {
        if found[field].as_i64() != Some(value) {
            wrong.push(format!("{field} {} is not {value}", found[field]));
        }
    };
    exact("sampleSize", expected.rows);
    match shape {
        Shape::Count | Shape::Snapshot => exact("count", expected.rows),
        Shape::Ratio => {
            exact("numerator", expected.hits);
            exact("denominator", expected.rows);
        }
        Shape::Duration | Shape::Number | Shape::Presence => {}
    }
    let scale = if shape == Shape::Duration { 1_000.0 } else { 1.0 };
    let mut near = |field: &str, value: Option<f64>| {
        let value = value.map(|value| value / scale);
        let is_near = match (found[field].as_f64(), value) {
            (Some(found), Some(value)) => is_near(found, value),
            (None, None) => found[field].is_null(),
            _ => false,
        };
        if !is_near {
            wrong.push(format!("{field} {} is not {value:?}", found[field]));
        }
    };
    let some = |value: f64| (expected.rows > 0).then_some(value);
    match shape {
        Shape::Ratio => near("percentage", some(expected.hits as f64 * 100.0 / expected.rows as f64)),
        Shape::Duration | Shape::Number => {
            near("sum", Some(expected.sum as f64));
            near("average", some(expected.mean));
            near("minimum", some(expected.minimum));
            near("maximum", some(expected.maximum));
            near("standardDeviation", some(expected.variance.sqrt()));
            if has_percentiles {
                near("median", some(expected.median));
            }
            for (index, value) in expected.percentiles.iter().enumerate().filter(|_| has_percentiles) {
                near(&format!("p{index}"), some(*value));
            }
        }
        Shape::Count | Shape::Snapshot | Shape::Presence => {}
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join(", ")) }
}

/// Compares the seconds of every status; a status that nobody was in has none.
pub fn agrees_on_presence(expected: &Answer, found: &Value) -> Result<(), String> {
    for status in ["available", "away", "busy", "offline"] {
        let value = expected.get(&Some(status.to_owned())).map_or(0, |figures| figures.sum) as f64 / 1_000.0;
        let entries = found.as_array().into_iter().flatten();
        let mut own = entries.filter(|entry| entry["status"].as_str() == Some(&status.to_uppercase()));
        let seconds = own.next().and_then(|entry| entry["seconds"].as_f64());
        if !seconds.is_some_and(|seconds| is_near(seconds, value)) {
            return Err(format!("{status} {seconds:?} is not {value}"));
        }
    }
    Ok(())
}

/// Indicates two numbers agree to nine digits.
pub fn is_near(found: f64, value: f64) -> bool {
    // A deviation of equal values may be a rounding error away from zero.
    (found - value).abs() <= 1e-9 * value.abs().max(1.0)
}
