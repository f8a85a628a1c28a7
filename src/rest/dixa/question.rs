//! What Dixa's bodies ask, and the scope that they make.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::words;
use crate::app::{Error, Lookups};
use crate::metric::{Condition, Scope, Zone, catalog};
use crate::model::page::MAX_PAGE_ROWS;
use crate::model::{FieldError, Filter, FilterAttribute, Instant, MAX_FILTER_VALUES, Period, PeriodPreset, Window};
use crate::record::RecordKind;
use crate::rest::channel::{self, Vendor};
use crate::rest::external_id::{self, Thing};

/// Most conversations that a question names.
const LIMIT_CONVERSATIONS: usize = 100;
/// Most filters of a question.
const LIMIT_FILTERS: usize = 20;

/// A question about a metric. At least one of periodFilter, csidFilter and filters is needed; without a period all time counts
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = DixaMetricDataInput)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MetricDataInput {
    /// Which metric
    #[schema(example = "closed_conversations")]
    pub id: String,
    period_filter: Option<PeriodFilter>,
    /// Only these conversations, by number
    #[schema(min_items = 1, max_items = 100)]
    csid_filter: Option<Vec<i64>>,
    /// What must hold, all of it
    filters: Option<Vec<FilterInput>>,
    /// What is to be taken of it; all that it offers when absent
    #[schema(value_type = Option<Vec<Measure>>)]
    pub aggregations: Option<Vec<String>>,
    /// IANA name of the zone of days and hours
    #[schema(example = "Europe/Copenhagen")]
    timezone: String,
}

/// A question about records. At least one of periodFilter, csidFilter and filters is needed; without a period all time counts
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = DixaRecordsDataInput)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordsDataInput {
    /// Which records
    #[schema(example = "closed_conversations")]
    pub id: String,
    period_filter: Option<PeriodFilter>,
    /// Only these conversations, by number
    #[schema(min_items = 1, max_items = 100)]
    csid_filter: Option<Vec<i64>>,
    /// What must hold, all of it
    filters: Option<Vec<FilterInput>>,
    /// IANA name of the zone of days and hours
    #[schema(example = "Europe/Copenhagen")]
    timezone: String,
}

/// A period: a preset, or an interval from start, inclusive, to end, exclusive
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = DixaPeriodFilter)]
#[serde(tag = "_type", deny_unknown_fields)]
enum PeriodFilter {
    /// A period with a name
    Preset { value: PresetValue },
    /// Between two instants
    Interval {
        #[schema(format = DateTime)]
        start: String,
        #[schema(format = DateTime)]
        end: String,
    },
}

/// Name of a period, by itself or wrapped
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = DixaPresetValue)]
#[serde(untagged)]
enum PresetValue {
    Wrapped(WrappedPreset),
    Plain(#[schema(inline)] String),
}

/// Name of a period
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = DixaPreset)]
#[serde(deny_unknown_fields)]
struct WrappedPreset {
    #[serde(rename = "_type")]
    #[schema(value_type = PresetName, example = "PreviousWeek")]
    preset: String,
}

/// Names of periods; weeks begin on Monday, and those that have not ended go on until now
#[derive(ToSchema)]
#[schema(as = DixaPresetName)]
#[allow(dead_code, reason = "for the description only: words are read by hand, to name those that are allowed")]
enum PresetName {
    Today,
    Yesterday,
    ThisWeek,
    PreviousWeek,
    ThisMonth,
    PreviousMonth,
    ThisQuarter,
    PreviousQuarter,
    ThisYear,
    PreviousYear,
}

/// Names of measures
#[derive(ToSchema)]
#[schema(as = DixaMeasure)]
#[allow(dead_code, reason = "as above")]
enum Measure {
    Min,
    Max,
    Sum,
    Count,
    Percentage,
    AgentPresenceDuration,
    StdDev,
    Average,
}

/// A demand: one of these values; no demand without values
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = DixaFilter)]
#[serde(deny_unknown_fields)]
struct FilterInput {
    /// Of which attribute
    #[schema(example = "channel")]
    attribute: String,
    /// One of these
    values: Option<Vec<String>>,
}

/// The parts of a question that metrics and records share.
pub struct Question<'a> {
    period: Option<&'a PeriodFilter>,
    conversations: Option<&'a [i64]>,
    filters: Option<&'a [FilterInput]>,
    timezone: &'a str,
}

impl<'a> From<&'a MetricDataInput> for Question<'a> {
    fn from(input: &'a MetricDataInput) -> Question<'a> {
        Question {
            period: input.period_filter.as_ref(),
            conversations: input.csid_filter.as_deref(),
            filters: input.filters.as_deref(),
            timezone: &input.timezone,
        }
    }
}

impl<'a> From<&'a RecordsDataInput> for Question<'a> {
    fn from(input: &'a RecordsDataInput) -> Question<'a> {
        Question {
            period: input.period_filter.as_ref(),
            conversations: input.csid_filter.as_deref(),
            filters: input.filters.as_deref(),
            timezone: &input.timezone,
        }
    }
}

/// What an input of a body is wrong about.
pub fn invalid(field: &str, reason: &str) -> Error {
    FieldError::new(field, reason).into()
}

impl Question<'_> {
    /// The scope of a question about rows of a kind, and what must hold of the rows besides. A filter that the rows have no column for is
    /// left out, as Dixa documents.
    pub async fn scope(&self, lookups: &Lookups, kind: RecordKind) -> Result<(Scope, Vec<Condition>), Error> {
        if self.period.is_none() && self.conversations.is_none() && self.filters.is_none_or(<[_]>::is_empty) {
            return Err(invalid("periodFilter", "is missing; give it, csidFilter or filters"));
        }
        let zone = Zone::find(self.timezone)?;
        let filter = self.filter(lookups, kind).await?;
        let scope = match self.period {
            Some(period) => Scope::resolve(&period.period()?, zone, Some(filter), lookups.now())?,
            None => Scope::whenever(zone, Some(filter), lookups.now()),
        };
        Ok((scope, self.of_conversations(lookups, kind).await?))
    }

    async fn filter(&self, lookups: &Lookups, kind: RecordKind) -> Result<Filter, Error> {
        let inputs = self.filters.unwrap_or_default();
        if inputs.len() > LIMIT_FILTERS {
            let text = format!("filters: there are {}; at most {LIMIT_FILTERS} are allowed", inputs.len());
            return Err(Error::Limit(text));
        }
        let accepted = catalog::attributes(kind);
        let mut filter = Filter::default();
        for input in inputs {
            let attribute = words::find_attribute(&input.attribute)
                .ok_or_else(|| super::unknown_attribute("filters.attribute", &input.attribute))?;
            let values = input.values.as_deref().unwrap_or_default();
            if values.is_empty() || !accepted.contains(&attribute) {
                continue;
            }
            if values.len() > MAX_FILTER_VALUES {
                let (name, count) = (&input.attribute, values.len());
                let text = format!("filters: `{name}` has {count} values; at most {MAX_FILTER_VALUES} are allowed");
                return Err(Error::Limit(text));
            }
            filter.keep(attribute, ours(lookups, attribute, values).await?)?;
        }
        Ok(filter)
    }

    async fn of_conversations(&self, lookups: &Lookups, kind: RecordKind) -> Result<Vec<Condition>, Error> {
        let Some(numbers) = self.conversations else { return Ok(Vec::new()) };
        if kind == RecordKind::Presence {
            return Err(invalid("csidFilter", "cannot be given here: presence is of no conversation"));
        }
        if !(1..=LIMIT_CONVERSATIONS).contains(&numbers.len()) {
            return Err(invalid("csidFilter", "has none or more than 100 numbers"));
        }
        let found = lookups.cases_by_number(numbers).await?;
        Ok(vec![Condition::OfCases(found.into_values().map(|case| case.case).collect())])
    }
}

/// As much of a text as an error may repeat.
pub fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

/// Values of an attribute as we have them.
async fn ours(lookups: &Lookups, attribute: FilterAttribute, values: &[String]) -> Result<Vec<String>, Error> {
    let thing = match attribute {
        FilterAttribute::Queue => Thing::Queue,
        FilterAttribute::Team => Thing::Team,
        FilterAttribute::SlaPolicy => Thing::Policy,
        FilterAttribute::ContactPoint => return contact_points(lookups, values).await,
        FilterAttribute::Channel | FilterAttribute::InitialChannel => {
            return channel::find_all(lookups, Vendor::Dixa, values).await;
        }
        _ => {
            let one = |value: &String| match attribute {
                FilterAttribute::InitialDirection | FilterAttribute::Status => value.to_lowercase(),
                _ => value.clone(),
            };
            return Ok(values.iter().map(one).collect());
        }
    };
    let read = |value: &String| Uuid::try_parse(value).ok();
    let uuids: Vec<Uuid> = values.iter().filter_map(read).collect();
    let found = match uuids.is_empty() {
        true => HashMap::new(),
        false => external_id::find_all(lookups, thing, &uuids).await?,
    };
    // An id of the source's will do, too.
    let id = |value: &String| read(value).and_then(|uuid| found.get(&uuid)).unwrap_or(value).clone();
    Ok(values.iter().map(id).collect())
}

/// Most contact points that are looked through for an address.
const LIMIT_CONTACT_POINTS: usize = 10_000;

/// Ids of the contact points that have one of these addresses.
async fn contact_points(lookups: &Lookups, addresses: &[String]) -> Result<Vec<String>, Error> {
    let mut window = Window { rows: MAX_PAGE_ROWS, ..Window::default() };
    let (mut found, mut seen) = (Vec::new(), 0);
    loop {
        let page = lookups.contact_points_page(&window).await?;
        seen += page.items.len();
        let (last, has_next) = (page.items.last().map(|(cursor, _)| cursor.clone()), page.has_next);
        for (_, point) in page.items {
            if addresses.contains(point.address.as_ref().unwrap_or(&point.id)) {
                found.push(point.id);
            }
        }
        match last {
            Some(cursor) if has_next => window.after = Some(cursor),
            _ => return Ok(found),
        }
        if seen > LIMIT_CONTACT_POINTS {
            let text = format!("there are more than {LIMIT_CONTACT_POINTS} contact points to look an address up in");
            return Err(Error::Limit(text));
        }
    }
}

impl PeriodFilter {
    fn period(&self) -> Result<Period, Error> {
        let instant = |field: &str, text: &str| {
            let reason = "is no instant such as 2026-05-01T00:00:00Z";
            Instant::parse(text).ok_or_else(|| invalid(field, reason))
        };
        match self {
            PeriodFilter::Preset { value: PresetValue::Wrapped(WrappedPreset { preset }) }
            | PeriodFilter::Preset { value: PresetValue::Plain(preset) } => Ok(Period::Preset(find_preset(preset)?)),
            PeriodFilter::Interval { start, end } => {
                let from = instant("periodFilter.start", start)?;
                let until = instant("periodFilter.end", end)?;
                if from >= until {
                    return Err(invalid("periodFilter.start", "is not before its end"));
                }
                Ok(Period::Interval { from, until })
            }
        }
    }
}

fn find_preset(name: &str) -> Result<PeriodPreset, Error> {
    const PRESETS: [(&str, PeriodPreset); 10] = [
        ("Today", PeriodPreset::Today),
        ("Yesterday", PeriodPreset::Yesterday),
        ("ThisWeek", PeriodPreset::ThisWeek),
        ("PreviousWeek", PeriodPreset::PreviousWeek),
        ("ThisMonth", PeriodPreset::ThisMonth),
        ("PreviousMonth", PeriodPreset::PreviousMonth),
        ("ThisQuarter", PeriodPreset::ThisQuarter),
        ("PreviousQuarter", PeriodPreset::PreviousQuarter),
        ("ThisYear", PeriodPreset::ThisYear),
        ("PreviousYear", PeriodPreset::PreviousYear),
    ];
    PRESETS.iter().find(|(known, _)| *known == name).map(|(_, preset)| *preset).ok_or_else(|| {
        let names = PRESETS.map(|(name, _)| name).join(", ");
        invalid("periodFilter.value", &format!("is none of: {names}"))
    })
}
