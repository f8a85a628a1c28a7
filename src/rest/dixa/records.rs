//! Records: rows behind metrics, with typed fields. What ids are called is looked up once a page.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::fields::{self, From};
use super::paging::{Meta, Paging};
use super::question::{Question, RecordsDataInput};
use super::words::RecordWords;
use crate::app::records::{RecordRow, RecordsQuestion};
use crate::app::{Error, Lookups};
use crate::metric::{Measure, MetricId, Placed, Scope, Unit, Value, catalog};
use crate::model::{ClockMode, ContactPoint, FilterAttribute, Instant, Page, WorkspaceId};
use crate::record::{Derived, Domain, FieldValue, PresenceRecord, RecordKind};
use crate::rest::channel::{self, Vendor};
use crate::rest::external_id::{Thing, uuid_of};

/// A record
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaRecord)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    primary_timestamp_field: Timestamp,
    /// What is measured on it, where something is
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    value: Option<Field>,
    /// Its fields; those without a value are left out
    fields: Vec<NamedField>,
}

/// The instant that puts a record in a period
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaPrimaryTimestamp)]
struct Timestamp {
    /// Name of the field
    #[schema(example = "closed_at")]
    name: &'static str,
    #[schema(format = DateTime, example = "2023-04-21T10:23:14.293Z")]
    timestamp: String,
}

/// A field with its name
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaNamedField)]
struct NamedField {
    #[schema(example = "csid")]
    name: &'static str,
    field: Field,
}

/// A typed value
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaField)]
#[serde(untagged)]
enum Field {
    Boolean(BooleanField),
    Long(LongField),
    Double(DoubleField),
    Text(TextField),
    List(ListField),
}

/// Declares a value with the name of its type.
macro_rules! field {
    ($(#[$doc:meta])* $name:ident: $of:ty, $tag:ident, $shown:ident) => {
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        #[schema(as = $shown)]
        struct $name {
            value: $of,
            #[serde(rename = "_type")]
            #[schema(inline)]
            kind: $tag,
        }
        /// What tells fields apart
        #[derive(Debug, Serialize, ToSchema)]
        enum $tag {
            $name,
        }
    };
}

field!(
    /// Yes or no
    BooleanField: bool, BooleanTag, DixaBooleanField
);
field!(
    /// A whole number
    LongField: i64, LongTag, DixaLongField
);
field!(
    /// A number; of a length of time, seconds
    DoubleField: f64, DoubleTag, DixaDoubleField
);

/// A text, an id or an instant, and what it is called
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DixaTextField)]
struct TextField {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    label: Option<String>,
    #[serde(rename = "_type")]
    #[schema(inline)]
    kind: TextTag,
}

/// What tells fields apart
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
enum TextTag {
    #[serde(rename = "StringField")]
    Plain,
    #[serde(rename = "UUIDField")]
    Uuid,
    #[serde(rename = "InstantField")]
    Instant,
}

/// Several texts
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DixaListField)]
struct ListField {
    values: Vec<TextField>,
    #[serde(rename = "_type")]
    #[schema(inline)]
    kind: ListTag,
}

/// What tells fields apart
#[derive(Debug, Serialize, ToSchema)]
enum ListTag {
    ListField,
}

fn long(value: i64) -> Field {
    Field::Long(LongField { value, kind: LongTag::LongField })
}
fn seconds(ms: i64) -> Field {
    Field::Double(DoubleField { value: ms as f64 / 1_000.0, kind: DoubleTag::DoubleField })
}
fn text(value: String, label: Option<String>) -> Field {
    Field::Text(TextField { value, label, kind: TextTag::Plain })
}
fn list(values: Vec<TextField>) -> Field {
    Field::List(ListField { values, kind: ListTag::ListField })
}

/// Answers a question about records.
pub async fn load(
    lookups: &Lookups,
    record: &RecordWords,
    input: &RecordsDataInput,
    paging: &Paging<'_>,
) -> Result<(Vec<Record>, Meta), Error> {
    let (scope, rows) = Question::from(input).scope(lookups, record.kind).await?;
    let (mut question, unit) = question(record, &scope);
    question.rows.extend(rows);
    let instant = match question.selection.placed {
        Placed::At(instant) => instant,
        _ => record.kind.instant(),
    };
    let page = lookups.records_page(&question, &paging.window).await?;
    let (has_next, has_previous) = (page.has_next, page.has_previous);
    let source = Source::load(lookups, record.kind, page.items.iter().map(|(_, row)| row)).await?;
    let shown = fields::in_records(record);
    let of = |row: &RecordRow| {
        let mut own = source.own(row)?;
        let fields = shown.iter().filter_map(|of| {
            let field = match of.from {
                From::Own(column) => {
                    let place = own.iter().position(|(name, _)| *name == column)?;
                    source.typed(own.swap_remove(place))
                }
                of_case => source.field(row, of_case)?,
            };
            Some(NamedField { name: of.name, field })
        });
        Some(Record {
            primary_timestamp_field: Timestamp { name: instant, timestamp: row.at?.to_string() },
            value: row.value.filter(|_| unit != Unit::Count || record.behind.is_none_or(has_values)).map(|value| {
                match unit {
                    Unit::Seconds => seconds(value),
                    _ => long(value),
                }
            }),
            fields: fields.collect(),
        })
    };
    let items = page.items.iter().map(|(cursor, row)| (cursor.clone(), of(row))).collect();
    paging.finish_some(Page { items, has_next, has_previous })
}

fn has_values(metric: MetricId) -> bool {
    !matches!(catalog::find(metric).measure, Measure::Count | Measure::RowsPerAgent)
}

/// Which rows records are, and what is measured on each counts in.
fn question(record: &RecordWords, scope: &Scope) -> (RecordsQuestion, Unit) {
    match record.behind.map(catalog::find) {
        Some(metric) => (RecordsQuestion::behind(metric, ClockMode::Calendar, scope), metric.unit),
        None => {
            let (selection, rows) = scope.records(record.kind);
            (RecordsQuestion { kind: record.kind, selection, rows, value: Value::Count }, Unit::Count)
        }
    }
}

/// What the rows of a page hold, and what their ids are called.
struct Source {
    workspace: WorkspaceId,
    derived: HashMap<String, Derived>,
    spells: HashMap<String, Vec<PresenceRecord>>,
    labels: HashMap<FilterAttribute, HashMap<Arc<str>, String>>,
    contact_points: HashMap<String, ContactPoint>,
}

/// What ids of a domain are called by.
const fn attribute(domain: Domain) -> Option<FilterAttribute> {
    Some(match domain {
        Domain::Agent => FilterAttribute::Agent,
        Domain::Team => FilterAttribute::Team,
        Domain::Queue => FilterAttribute::Queue,
        Domain::SlaPolicy => FilterAttribute::SlaPolicy,
        Domain::Customer => FilterAttribute::Requester,
        _ => return None,
    })
}

impl Source {
    async fn load(
        lookups: &Lookups,
        kind: RecordKind,
        rows: impl Iterator<Item = &RecordRow> + Clone,
    ) -> Result<Source, Error> {
        let of: BTreeSet<&String> = rows.clone().map(|row| &row.of).collect();
        let of: Vec<String> = of.into_iter().cloned().collect();
        let mut source = Source {
            workspace: lookups.viewer().workspace.clone(),
            derived: HashMap::new(),
            spells: HashMap::new(),
            labels: HashMap::new(),
            contact_points: HashMap::new(),
        };
        if of.is_empty() {
            return Ok(source);
        }
        match kind {
            RecordKind::Presence => source.spells = lookups.spells(&of).await?,
            _ => source.derived = lookups.derived(&of).await?,
        }
        let mut ids: HashMap<FilterAttribute, BTreeSet<Arc<str>>> = HashMap::new();
        for row in rows {
            for (_, value) in source.own(row).unwrap_or_default() {
                if let FieldValue::Text(domain, id) = value
                    && let Some(attribute) = attribute(domain)
                {
                    ids.entry(attribute).or_default().insert(id.into());
                }
            }
        }
        let cases = || source.derived.values().map(|of| &of.case);
        ids.insert(FilterAttribute::Tag, cases().flat_map(|case| &case.tags).map(|tag| tag.as_str().into()).collect());
        let points: BTreeSet<&String> = cases().filter_map(|case| case.contact_point.as_ref()).collect();
        let points: Vec<String> = points.into_iter().cloned().collect();
        if !points.is_empty() {
            source.contact_points = lookups.contact_points(&points).await?;
        }
        for (attribute, ids) in ids {
            let ids: Vec<Arc<str>> = ids.into_iter().collect();
            source.labels.insert(attribute, lookups.labels(attribute, &ids).await?);
        }
        Ok(source)
    }

    /// The columns of a row's own; `None` when it is gone since.
    fn own(&self, row: &RecordRow) -> Option<Vec<crate::record::Field>> {
        let ordinal = usize::from(row.ordinal);
        match row.kind {
            RecordKind::Presence => self.spells.get(&row.of)?.get(ordinal).map(PresenceRecord::fields),
            kind => self.derived.get(&row.of)?.fields(kind, ordinal),
        }
    }

    fn label(&self, attribute: FilterAttribute, id: &str) -> Option<String> {
        self.labels.get(&attribute).and_then(|names| names.get(id)).cloned()
    }

    /// The value of a field that a row has of its case.
    fn field(&self, row: &RecordRow, from: From) -> Option<Field> {
        let case = &self.derived.get(&row.of)?.case;
        Some(match from {
            From::Number => long(case.number),
            From::Direction => direction(case.direction.word()),
            From::InitialChannel => channel_field(&case.initial_channel),
            From::Channel => channel_field(&case.channel),
            From::ContactPoint => {
                let id = case.contact_point.as_ref()?;
                let address = self.contact_points.get(id).and_then(|point| point.address.clone());
                let address = address.unwrap_or_else(|| id.clone());
                text(address.clone(), Some(address))
            }
            From::Tags => {
                let tag = |tag: &String| TextField {
                    value: tag.clone(),
                    label: self.label(FilterAttribute::Tag, tag),
                    kind: TextTag::Plain,
                };
                list(case.tags.iter().map(tag).collect())
            }
            From::Own(_) => return None,
        })
    }

    fn typed(&self, (column, value): crate::record::Field) -> Field {
        match value {
            // Dixa's own words for it.
            FieldValue::Text(Domain::Word, word) if column == "closed_by" => text(capitalised(&word), None),
            FieldValue::Text(domain, id) => self.named(domain, id),
            FieldValue::Instant(at) => instant(at),
            FieldValue::Millis(ms) => seconds(ms),
            FieldValue::Number(number) => long(number),
            FieldValue::Flag(value) => Field::Boolean(BooleanField { value, kind: BooleanTag::BooleanField }),
            FieldValue::Texts(values) => {
                let one = |value| TextField { value, label: None, kind: TextTag::Plain };
                list(values.into_iter().map(one).collect())
            }
        }
    }

    /// An id or word: a UUID where Dixa has one, with what it is called.
    fn named(&self, domain: Domain, id: String) -> Field {
        let label = attribute(domain).and_then(|attribute| self.label(attribute, &id));
        let uuid = |thing| {
            let value = uuid_of(&self.workspace, thing, &id).to_string();
            Field::Text(TextField { value, label: label.clone(), kind: TextTag::Uuid })
        };
        match domain {
            Domain::Team => uuid(Thing::Team),
            Domain::Queue => uuid(Thing::Queue),
            Domain::SlaPolicy => uuid(Thing::Policy),
            Domain::Channel => channel_field(&id),
            Domain::Word => text(id.to_uppercase(), None),
            _ => text(id, label),
        }
    }
}

fn instant(at: Instant) -> Field {
    Field::Text(TextField { value: at.to_string(), label: None, kind: TextTag::Instant })
}

/// A direction as Dixa writes it: `INBOUND`, called `Inbound`.
fn direction(word: &str) -> Field {
    text(word.to_uppercase(), Some(capitalised(word)))
}

fn channel_field(ours: &str) -> Field {
    let word = channel::write(Vendor::Dixa, ours).to_owned();
    let label = channel::dixa_label(ours).map_or_else(|| word.clone(), str::to_owned);
    text(word, Some(label))
}

/// A word of ours as Dixa writes words: `Enduser`.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
