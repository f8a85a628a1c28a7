//! Scalars of the graph: instants, days, time zones and 64-bit numbers.

use async_graphql::{InputValueError, InputValueResult, Number, Scalar, ScalarType, Value};

use crate::model::period::find_zone;
use crate::model::{Instant, LARGEST_EXACT_NUMBER};

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub Instant);

/// Instant in UTC, RFC 3339 with milliseconds, such as 2026-03-29T00:30:00.000Z; any offset is accepted and digits past the
/// millisecond are cut off
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let instant = Instant::parse(text).ok_or_else(|| {
            InputValueError::custom("an instant is RFC 3339 with an offset, such as 2026-03-29T00:30:00Z")
        })?;
        Ok(DateTime(instant))
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub jiff::civil::Date);

/// Calendar day in the time zone that the field names, YYYY-MM-DD
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let date = text.parse().map_err(|_| InputValueError::custom("a day is YYYY-MM-DD, such as 2026-03-29"))?;
        Ok(Date(date))
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// The name of a time zone, as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone(pub String);

/// IANA time zone name, such as Europe/Copenhagen
#[Scalar(specified_by_url = "https://www.iana.org/time-zones")]
impl ScalarType for TimeZone {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(name) = value else { return Err(InputValueError::expected_type(value)) };
        find_zone(&name).map_err(|error| InputValueError::custom(error.reason))?;
        Ok(TimeZone(name))
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A whole number that may not fit in 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long(pub i64);

impl Long {
    /// A number of things.
    pub fn count(things: u64) -> Long {
        Long(i64::try_from(things).unwrap_or(i64::MAX))
    }
}

/// 64-bit integer, sent as a JSON number; within ±(2^53 − 1), which every JSON reader keeps exactly
#[Scalar]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::Number(number) = &value else { return Err(InputValueError::expected_type(value)) };
        number
            .as_i64()
            .filter(|n| (-LARGEST_EXACT_NUMBER..=LARGEST_EXACT_NUMBER).contains(n))
            .map(Long)
            .ok_or_else(|| InputValueError::custom("a long is a whole number within ±(2^53 − 1)"))
    }
    fn to_value(&self) -> Value {
        Value::Number(Number::from(self.0))
    }
}

/// A value of whatever sort.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub serde_json::Value);

/// A value of whatever sort: a text, a number, true or false
#[Scalar(name = "JSON")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Json(value.into_json()?))
    }
    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// Milliseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "durations of the calendar are far below 2^53 ms")]
pub fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_keeps_to_exact_numbers() {
        let check = |value: Value, expected: Option<i64>| {
            assert_eq!(Long::parse(value.clone()).ok().map(|long| long.0), expected, "{value}");
        };
        check(Value::from(LARGEST_EXACT_NUMBER), Some(LARGEST_EXACT_NUMBER));
        check(Value::from(-LARGEST_EXACT_NUMBER), Some(-LARGEST_EXACT_NUMBER));
        check(Value::from(LARGEST_EXACT_NUMBER + 1), None);
        check(Value::from("1"), None);
        check(Value::from(1.5), None);
    }

    #[test]
    fn instants_come_in_with_any_offset_and_go_out_in_utc() {
        let check = |text: &str, expected: Option<&str>| {
            let read = DateTime::parse(Value::from(text)).ok().map(|instant| instant.to_value());
            assert_eq!(read, expected.map(Value::from), "{text}");
        };
        check("2026-03-29T01:30:00+01:00", Some("2026-03-29T00:30:00.000Z"));
        check("2026-03-29T01:30:00", None);
        check("now", None);
    }

    #[test]
    fn zones_and_days_are_checked() {
        assert!(TimeZone::parse(Value::from("Asia/Kathmandu")).is_ok());
        assert!(TimeZone::parse(Value::from("Mars/Olympus")).is_err());
        assert!(Date::parse(Value::from("2026-02-29")).is_err());
        assert_eq!(Date::parse(Value::from("2028-02-29")).ok().map(|d| d.to_value()), Some(Value::from("2028-02-29")));
    }
}
