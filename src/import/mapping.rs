//! The mapping file that says how a table becomes lines: which column holds which field, in which words.
//!
//! A TOML file with these keys; any other is refused by name. Column names are those of the table's header.
//!
//! | key | what it says |
//! |---|---|
//! | `shape` | `cases` (one row a case), `events` (one row an update of a case) or `messages` (one row a message); required |
//! | `id` | column of the case's id, of the message's id in shape `messages`; required |
//! | `number` | column of the number people quote: its last digits, so that `INC0000045` is 45 |
//! | `zone` | IANA zone of dates without offset; `UTC` when not given |
//! | `date_formats` | formats of dates as strptime knows them, tried in order; RFC 3339 and `2026-03-29 01:30` always work |
//! | `missing` | texts that mean absent, besides the empty one |
//! | `tags` | columns whose values are tags of the case |
//! | `[columns]` | field = column, for the fields that the shape knows (below); `attributes.NAME` for further ones |
//! | `[status]` | text = category, for every text of the status column; rows with another text are rejected |
//! | `[final]` | `resolved_at`, `closed_at`, `resolved_by` = column, shape `events` only: see `transitions` |
//! | `[drop]` | column = list of texts; rows with one of them are left out silently |
//!
//! Fields of every shape: `channel`, `contact_point`, `requester`, `priority`, `case_type`, `subject`, `team`, `queue`, `attributes`.
//! - `cases`: `created_at` (required), `direction`, `agent`, `status` and `status_at` (since when), `first_response_at` and
//!   `first_response_by`, `resolved_at` and `resolved_by`, `closed_at` and `closed_by`, `score`, `rated_at`, `comment`.
//! - `events`: `at` (required), `created_at`, `direction`, `agent`, `status`, `actor` (agent who made the update).
//! - `messages`: `at` (required), one of `case` (thread) and `reply_to` (message answered), one of `inbound` (true or inbound,
//!   false or outbound) and `author_kind` (customer, agent, bot, system), `author`, `visibility`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{CaseStatus, words};

use super::SourceError;
use super::values::zone_name;

words! {
    /// What a row of a table is.
    Shape {
        /// A case.
        Cases = "cases",
        /// An update of a case.
        Events = "events",
        /// A message.
        Messages = "messages",
    }
}

const EVERY_SHAPE: &[&str] =
    &["channel", "contact_point", "requester", "priority", "case_type", "subject", "team", "queue", "attributes"];

impl Shape {
    /// Fields that a column may hold, besides those of every shape; the first is required.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Shape::Cases => &[
                "created_at",
                "direction",
                "agent",
                "status",
                "status_at",
                "first_response_at",
                "first_response_by",
                "resolved_at",
                "resolved_by",
                "closed_at",
                "closed_by",
                "score",
                "rated_at",
                "comment",
            ],
            Shape::Events => &["at", "created_at", "direction", "agent", "status", "actor"],
            Shape::Messages => &["at", "case", "reply_to", "inbound", "author_kind", "author", "visibility"],
        }
    }
}

/// A mapping that holds together; whether it fits a table shows when the table's header is read.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) shape: Shape,
    pub(super) id: String,
    pub(super) number: Option<String>,
    pub(super) zone: jiff::tz::TimeZone,
    pub(super) date_formats: Vec<String>,
    pub(super) missing: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) columns: BTreeMap<String, String>,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) status: BTreeMap<String, CaseStatus>,
    pub(super) finals: FinalColumns,
    pub(super) drop: BTreeMap<String, Vec<String>>,
}

/// Columns that repeat the last value on every row of a case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FinalColumns {
    pub(super) resolved_at: Option<String>,
    pub(super) closed_at: Option<String>,
    pub(super) resolved_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    shape: String,
    id: String,
    number: Option<String>,
    zone: Option<String>,
    #[serde(default)]
    date_formats: Vec<String>,
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    columns: BTreeMap<String, Columns>,
    #[serde(default)]
    status: BTreeMap<String, String>,
    #[serde(default, rename = "final")]
    finals: Option<FinalColumns>,
    #[serde(default)]
    drop: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "must be the name of a column")]
enum Columns {
    One(String),
    Named(BTreeMap<String, String>),
}

fn wrong<T>(reason: impl Into<String>) -> Result<T, SourceError> {
    Err(SourceError::mapping(reason.into()))
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// Names the key at fault and what is allowed.
    pub fn parse(text: &str) -> Result<Mapping, SourceError> {
        let file: File = toml::from_str(text).map_err(|error| SourceError::mapping(error.to_string()))?;
        let Some(shape) = Shape::from_word(&file.shape) else {
            return wrong("shape must be one of: cases, events, messages");
        };
        let zone_text = file.zone.as_deref().unwrap_or("UTC");
        let zone = zone_name(zone_text).map_err(|error| SourceError::mapping(format!("zone {}", error.reason)))?;
        for format in &file.date_formats {
            if let Err(error) = jiff::fmt::strtime::format(format, &jiff::Timestamp::UNIX_EPOCH.to_zoned(zone.clone()))
            {
                return wrong(format!("date_formats: `{format}` is no strptime format: {error}"));
            }
        }
        if file.finals.is_some() && shape != Shape::Events {
            return wrong("[final] is for shape `events` only");
        }
        let mut status = BTreeMap::new();
        for (text, word) in file.status {
            let Some(category) = CaseStatus::from_word(&word) else {
                return wrong(format!("status.{text} must be one of: new, open, pending, on_hold, resolved, closed"));
            };
            status.insert(text, category);
        }
        let (columns, attributes) = sort_columns(shape, file.columns)?;
        if columns.contains_key("status") == status.is_empty() {
            return wrong("columns.status and [status] are of use only together");
        }
        Ok(Mapping {
            shape,
            id: file.id,
            number: file.number,
            zone,
            date_formats: file.date_formats,
            missing: file.missing,
            tags: file.tags,
            columns,
            attributes,
            status,
            finals: file.finals.unwrap_or_default(),
            drop: file.drop,
        })
    }
}

type Names = BTreeMap<String, String>;

fn sort_columns(shape: Shape, given: BTreeMap<String, Columns>) -> Result<(Names, Names), SourceError> {
    let mut columns = Names::new();
    let mut attributes = Names::new();
    for (field, column) in given {
        let is_known = shape.fields().iter().chain(EVERY_SHAPE).any(|known| *known == field);
        match (column, field.as_str()) {
            (Columns::Named(named), "attributes") => attributes = named,
            (Columns::One(_), "attributes") => return wrong("columns.attributes must be a table of name = column"),
            (Columns::One(name), _) if is_known => drop(columns.insert(field, name)),
            (Columns::Named(_), _) if is_known => {
                return wrong(format!("columns.{field} must be the name of a column"));
            }
            _ => {
                let allowed: Vec<_> = shape.fields().iter().chain(EVERY_SHAPE).copied().collect();
                return wrong(format!(
                    "columns.{field} is unknown in shape `{shape}`; allowed: {}",
                    allowed.join(", ")
                ));
            }
        }
    }
    let either = |a: &str, b: &str| columns.contains_key(a) != columns.contains_key(b);
    let required = shape.fields()[0];
    if !columns.contains_key(required) {
        return wrong(format!("columns.{required} is required in shape `{shape}`"));
    }
    if shape == Shape::Messages && !(either("case", "reply_to") && either("inbound", "author_kind")) {
        return wrong(
            "shape `messages` needs columns.case or columns.reply_to, and columns.inbound or columns.author_kind",
        );
    }
    Ok((columns, attributes))
}
