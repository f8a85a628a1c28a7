//! What Dixa's catalogues say of metrics and records.

use serde::Serialize;
use utoipa::ToSchema;

use super::fields;
use super::words::{self, RecordWords};
use crate::metric::Metric;
use crate::record::RecordKind;

/// A metric and what can be asked of it
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DixaMetricMetadata)]
#[serde(rename_all = "camelCase")]
pub struct MetricMetadata {
    /// Its id
    #[schema(example = "csat")]
    id: String,
    /// What it is
    description: String,
    /// What it can be filtered by
    filters: Vec<FilterMetadata>,
    /// What can be taken of it
    aggregations: Vec<AggregationMetadata>,
    /// The records that it is made of
    related_record_ids: Vec<&'static str>,
}

/// An attribute to filter by
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DixaFilterMetadata)]
#[serde(rename_all = "camelCase")]
pub struct FilterMetadata {
    /// Its name
    #[schema(example = "agent_id")]
    filter_attribute: &'static str,
    /// What it is for
    description: String,
}

/// A measure of a metric
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DixaAggregationMetadata)]
pub struct AggregationMetadata {
    /// Its name
    #[schema(example = "Percentage")]
    measure: &'static str,
    /// What it is
    description: String,
}

/// Records and what can be asked of them
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DixaRecordMetadata)]
#[serde(rename_all = "camelCase")]
pub struct RecordMetadata {
    /// Their id
    #[schema(example = "ratings")]
    id: &'static str,
    /// What one is
    description: &'static str,
    /// What they can be filtered by
    filters: Vec<FilterMetadata>,
    /// The metrics that are made of them
    related_metric_ids: Vec<String>,
    /// Their fields
    fields_metadata: Vec<FieldMetadata>,
}

/// A field of records
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DixaFieldMetadata)]
pub struct FieldMetadata {
    /// Its name
    #[schema(example = "conversation_id")]
    pub field: String,
    /// What it is
    pub description: String,
    /// Indicates a record may lack it
    pub nullable: bool,
}

fn filters(kind: RecordKind) -> Vec<FilterMetadata> {
    let filter = |name| FilterMetadata { filter_attribute: name, description: format!("Used to filter by the {name}") };
    words::attributes(kind).into_iter().map(filter).collect()
}

/// What is said of a metric.
pub fn of_metric(metric: &Metric) -> MetricMetadata {
    let measures = words::aggregations(metric).into_iter();
    let related = words::RECORDS.iter().filter(|record| record.relates_to(metric));
    MetricMetadata {
        id: words::metric_id(metric.id),
        description: words::describe(metric),
        filters: filters(metric.kind),
        aggregations: measures
            .map(|(aggregation, measure)| AggregationMetadata {
                measure,
                description: words::describe_measure(metric, aggregation),
            })
            .collect(),
        related_record_ids: related.map(|record| record.id).collect(),
    }
}

/// What is said of records.
pub fn of_record(record: &RecordWords) -> RecordMetadata {
    let related = words::metrics().into_iter().filter(|metric| record.relates_to(metric));
    RecordMetadata {
        id: record.id,
        description: record.description,
        filters: filters(record.kind),
        related_metric_ids: related.map(|metric| words::metric_id(metric.id)).collect(),
        fields_metadata: fields::metadata(record),
    }
}
