//! Rows to words and back: one function each way for every entity.

pub mod case;
pub mod case_record;
pub mod directory;
pub mod event;
pub mod record;
pub mod reference;

use sea_orm::DbErr;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::model::{Actor, ActorKind, Instant};

/// Start of a version in force since ever, as a key column holds it.
pub const SINCE_EVER: i64 = i64::MIN;

/// `from` of a version as a key column holds it.
pub fn from_key(from: Option<Instant>) -> i64 {
    from.map_or(SINCE_EVER, Instant::ms)
}

/// `from` of a version from its key column.
pub fn key_from(ms: i64) -> Option<Instant> {
    (ms != SINCE_EVER).then(|| Instant::from_ms(ms))
}

/// The value of a word column.
pub fn word<T>(column: &'static str, from: fn(&str) -> Option<T>, text: &str) -> Result<T, StoreError> {
    from(text).ok_or(StoreError::Corrupt { column })
}

/// The value of a nullable word column.
pub fn word_or_null<T>(
    column: &'static str,
    from: fn(&str) -> Option<T>,
    text: Option<&str>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| word(column, from, text)).transpose()
}

/// An instant of a nullable column.
pub fn instant(ms: Option<i64>) -> Option<Instant> {
    ms.map(Instant::from_ms)
}

/// A nullable column of an instant.
pub fn ms(instant: Option<Instant>) -> Option<i64> {
    instant.map(Instant::ms)
}

/// JSON text of a list or map.
pub fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Failed(DbErr::Json(e.to_string())))
}

/// A list or map from its JSON text.
pub fn from_json<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt { column })
}

/// An actor from its two columns.
pub fn actor(column: &'static str, kind: Option<&str>, id: Option<String>) -> Result<Option<Actor>, StoreError> {
    Ok(word_or_null(column, ActorKind::from_word, kind)?.map(|kind| Actor { kind, id }))
}
