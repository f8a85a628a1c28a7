//! Records: the rows behind figures, opened.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject, Union};

use super::case::Case;
use super::catalogue_enums::RecordId;
use super::context::{Ask, ask};
use super::error::shown;
use super::filter::Filter;
use super::metric::accept_kind;
use super::metrics::{last_30_days, scope};
use super::node::{Kind, global_id};
use super::page::{self, Connection};
use super::period::PeriodInput;
use super::scalars::{DateTime, Long, TimeZone};
use crate::app::records::{RecordRow, RecordsQuestion};
use crate::metric::{self, Condition, Placed, Unit};
use crate::model::{Instant, Window};
use crate::record::{self, Field, PresenceRecord, RecordKind};

/// One row behind a figure.
pub struct Record {
    row: RecordRow,
    /// Name of the instant that orders it.
    instant: &'static str,
    /// What the measured value counts in; `None` without one.
    unit: Option<Unit>,
    fields: Vec<RecordField>,
}

/// A row behind a figure: a case, a reply, a clock, a rating …
#[Object]
impl Record {
    /// Global id
    pub async fn id(&self) -> ID {
        let RecordRow { kind, ordinal, of, .. } = &self.row;
        global_id(Kind::Record, &format!("{kind}:{ordinal}:{of}"))
    }
    /// The instant that puts the row in a period; null when the row counts whatever the period and has none
    async fn primary_timestamp(&self) -> Option<RecordTimestamp> {
        let name = self.instant.to_owned();
        self.row.at.map(|at| RecordTimestamp { name, timestamp: DateTime(at) })
    }
    /// What is measured on it: of a length of time seconds, of a share 1 or 0; null where rows are only counted
    async fn value(&self) -> Option<FieldValue> {
        let value = self.row.value?;
        Some(match self.unit {
            Some(Unit::Seconds) => FieldValue::double(value as f64 / 1_000.0),
            _ => FieldValue::long(value),
        })
    }
    /// Its fields, as its record definition describes them; those without a value are left out
    async fn fields(&self) -> &[RecordField] {
        &self.fields
    }
    /// Its case; null of presence
    async fn case(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Case>> {
        if self.row.kind == RecordKind::Presence {
            return Ok(None);
        }
        Ok(ask(ctx)?.load.cases.find(self.row.of.clone()).await?.map(Case))
    }
}

/// An instant with its name
#[derive(SimpleObject)]
pub struct RecordTimestamp {
    /// Name of the field
    name: String,
    /// The instant
    timestamp: DateTime,
}

/// A field of a record
#[derive(SimpleObject)]
pub struct RecordField {
    /// Its name
    name: &'static str,
    /// Its value
    value: FieldValue,
}

/// The value of a field
#[derive(Union)]
pub enum FieldValue {
    /// Yes or no
    Boolean(BooleanField),
    /// A number that may have a fraction
    Double(DoubleField),
    /// An instant
    Instant(InstantField),
    /// A whole number
    Long(LongField),
    /// A text
    String(StringField),
    /// Several texts
    List(ListField),
}

impl FieldValue {
    fn double(value: f64) -> FieldValue {
        FieldValue::Double(DoubleField { value })
    }
    fn long(value: i64) -> FieldValue {
        FieldValue::Long(LongField { value: Long(value) })
    }
}

/// Yes or no
#[derive(SimpleObject)]
pub struct BooleanField {
    /// The value
    value: bool,
}

/// A number that may have a fraction; of a length of time, seconds
#[derive(SimpleObject)]
pub struct DoubleField {
    /// The value
    value: f64,
}

/// An instant
#[derive(SimpleObject)]
pub struct InstantField {
    /// The value
    value: DateTime,
}

/// A whole number
#[derive(SimpleObject)]
pub struct LongField {
    /// The value
    value: Long,
}

/// A text: an id of the source, a word, or free text
#[derive(SimpleObject)]
pub struct StringField {
    /// The value
    value: String,
}

/// Several texts
#[derive(SimpleObject)]
pub struct ListField {
    /// The values
    values: Vec<String>,
}

impl From<Field> for RecordField {
    fn from((name, value): Field) -> RecordField {
        let value = match value {
            record::FieldValue::Text(_, value) => FieldValue::String(StringField { value }),
            record::FieldValue::Instant(at) => FieldValue::Instant(InstantField { value: DateTime(at) }),
            record::FieldValue::Millis(ms) => FieldValue::double(ms as f64 / 1_000.0),
            record::FieldValue::Number(number) => FieldValue::long(number),
            record::FieldValue::Flag(value) => FieldValue::Boolean(BooleanField { value }),
            record::FieldValue::Texts(values) => FieldValue::List(ListField { values }),
        };
        RecordField { name, value }
    }
}

impl Record {
    async fn load(
        ask: &Ask,
        row: RecordRow,
        instant: &'static str,
        unit: Option<Unit>,
    ) -> async_graphql::Result<Record> {
        let ordinal = usize::from(row.ordinal);
        let fields = if row.kind == RecordKind::Presence {
            let spells = ask.load.spells.find(row.of.clone()).await?;
            spells.and_then(|spells| spells.get(ordinal).map(PresenceRecord::fields))
        } else {
            let derived = ask.load.derived.find(row.of.clone()).await?;
            derived.and_then(|of| of.fields(row.kind, ordinal))
        };
        let fields = fields.unwrap_or_default().into_iter().map(RecordField::from).collect();
        Ok(Record { row, instant, unit, fields })
    }

    /// The record that the key of a global id names.
    ///
    /// # Errors
    /// As the loaders.
    pub async fn find(ask: &Ask, key: &str) -> async_graphql::Result<Option<Record>> {
        let mut parts = key.splitn(3, ':');
        let (Some(kind), Some(ordinal), Some(of)) = (parts.next(), parts.next(), parts.next()) else { return Ok(None) };
        let (Some(kind), Ok(ordinal)) = (RecordKind::from_word(kind), ordinal.parse::<u16>()) else { return Ok(None) };
        let at = if kind == RecordKind::Presence {
            let spells = ask.load.spells.find(of.to_owned()).await?;
            spells.and_then(|spells| spells.get(usize::from(ordinal)).map(|spell| spell.from_at))
        } else {
            let derived = ask.load.derived.find(of.to_owned()).await?;
            derived.and_then(|of| of.instant(kind, usize::from(ordinal)))
        };
        if at.is_none() {
            return Ok(None);
        }
        let row = RecordRow { kind, of: of.to_owned(), ordinal, at, value: None };
        Record::load(ask, row, kind.instant(), None).await.map(Some)
    }
}

/// A page of the rows of a question.
///
/// # Errors
/// As `Lookups::records_page` and the loaders.
pub async fn records(
    ctx: &Context<'_>,
    question: RecordsQuestion,
    unit: Option<Unit>,
    window: &Window,
) -> async_graphql::Result<Connection<Record>> {
    let ask = ask(ctx)?;
    let page = match page::wants_rows(ctx) {
        true => ask.lookups.records_page(&question, window).await.map_err(|error| shown(&error))?,
        false => crate::model::Page::empty(),
    };
    let instant = match question.selection.placed {
        Placed::At(instant) => instant,
        _ => question.kind.instant(),
    };
    let (has_next, has_previous) = (page.has_next, page.has_previous);
    let load = page
        .items
        .into_iter()
        .map(|(cursor, row)| async move { Record::load(ask, row, instant, unit).await.map(|record| (cursor, record)) });
    let items = futures_util::future::try_join_all(load).await?;
    let page = crate::model::Page { items, has_next, has_previous };
    Ok(Connection::new(
        page,
        |record| record,
        move |lookups| {
            let question = question.clone();
            async move { lookups.count_records(&question).await }
        },
    ))
}

/// Fields of the root.
#[derive(Default)]
pub struct RecordsQuery;

#[Object]
impl RecordsQuery {
    /// Rows of one kind, the newest first: those whose instant lies in the period
    #[expect(clippy::too_many_arguments, reason = "the field has them")]
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which kind")] record: RecordId,
        #[graphql(desc = "Which period; null: with case numbers whenever, else the last 30 days")] period: Option<
            PeriodInput,
        >,
        #[graphql(desc = "Only rows of cases with these numbers, at most 100; null: of any")] case_numbers: Option<
            Vec<Long>,
        >,
        #[graphql(desc = "Time zone of days and hours; null: the workspace's")] timezone: Option<TimeZone>,
        #[graphql(desc = "Only rows that match it")] filter: Option<Filter>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Record>>> {
        let kind = RecordKind::from(record);
        let window = page::window(first, after, last, before)?;
        let is_whenever = period.is_none() && case_numbers.is_some();
        let mut scope = scope(ctx, period.unwrap_or_else(last_30_days), timezone, filter).await?;
        if is_whenever {
            scope.span = crate::model::Span { from: Instant::MIN, until: Instant::MAX };
        }
        accept_kind(kind, &scope)?;
        let (selection, mut rows) = scope.records(kind);
        if let Some(numbers) = case_numbers {
            rows.push(Condition::OfCases(cases_of(ctx, &numbers).await?));
        }
        let question = RecordsQuestion { kind, selection, rows, value: metric::Value::Count };
        records(ctx, question, None, &window).await.map(Some)
    }
}

/// The ids of the cases that have these numbers.
async fn cases_of(ctx: &Context<'_>, numbers: &[Long]) -> async_graphql::Result<Arc<[String]>> {
    let most = crate::model::page::MAX_PAGE_ROWS;
    if numbers.len() > most {
        let text = format!("{} case numbers; at most {most} are allowed", numbers.len());
        return Err(shown(&crate::app::Error::Limit(text)));
    }
    let numbers: Vec<i64> = numbers.iter().map(|number| number.0).collect();
    let found = ask(ctx)?.lookups.cases_by_number(&numbers).await.map_err(|error| shown(&error))?;
    Ok(found.into_values().map(|case| case.case).collect())
}
