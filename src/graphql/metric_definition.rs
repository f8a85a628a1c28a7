//! The catalogue: what can be asked, and of what.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject, Union};

use super::catalogue_enums::{Aggregation, Better, MetricId, RecordId, Unit};
use super::dimension::Dimension;
use super::error::shown;
use super::filter::{Filter, FilterAttribute};
use super::metric::{Answered, accept};
use super::metrics::{PresenceDuration, presence, scope};
use super::node::{Kind, global_id};
use super::page::{self, Connection};
use super::period::PeriodInput;
use super::record_definition::RecordDefinition;
use super::scalars::{Long, TimeZone};
use crate::app::Error;
use crate::metric::{self, Metric, Percentile, catalog};
use crate::model::{self, ClockMode};

/// One metric of the catalogue.
#[derive(Clone, Copy)]
pub struct MetricDefinition(pub &'static Metric);

/// What a metric is
#[Object]
impl MetricDefinition {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::MetricDefinition, self.0.id.word())
    }
    /// Which metric
    async fn key(&self) -> MetricId {
        self.0.id.into()
    }
    /// Display name
    async fn name(&self) -> &str {
        self.0.name
    }
    /// What it says
    async fn description(&self) -> &str {
        self.0.description
    }
    /// What its figures count in
    async fn unit(&self) -> Unit {
        self.0.unit.into()
    }
    /// Which way is good
    async fn better(&self) -> Better {
        self.0.better.into()
    }
    /// What its rows can be filtered by
    async fn filters(&self) -> Vec<FilterDefinition> {
        filters(self.0.attributes())
    }
    /// Numbers that can be taken of it
    async fn aggregations(&self) -> Vec<AggregationDefinition> {
        let all = self.0.aggregations().iter();
        all.map(|&a| AggregationDefinition { aggregation: a.into(), description: a.description().to_owned() }).collect()
    }
    /// What its rows can be grouped by
    async fn dimensions(&self) -> Vec<Dimension> {
        let accepted = self.0.attributes();
        Dimension::all().filter(|dimension| accepted.contains(&(*dimension).into())).collect()
    }
    /// The kind of its rows
    async fn record(&self) -> Option<RecordDefinition> {
        Some(RecordDefinition(self.0.kind))
    }
    /// Why it should no longer be used; null for a good one
    async fn deprecated(&self) -> Option<&str> {
        self.0.deprecated
    }
    /// Its numbers over a period, zone and filter
    #[graphql(complexity = "100 + 10 * child_complexity")]
    async fn data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period")] period: PeriodInput,
        #[graphql(desc = "Time zone of days and hours; null: the workspace's")] timezone: Option<TimeZone>,
        #[graphql(desc = "Only rows that match it")] filter: Option<Filter>,
        #[graphql(desc = "Which numbers, at most 20; null: all that can be taken")] aggregations: Option<
            Vec<Aggregation>,
        >,
    ) -> async_graphql::Result<Vec<AggregateValue>> {
        let scope = scope(ctx, period, timezone, filter).await?;
        let wanted: Vec<metric::Aggregation> = match aggregations {
            Some(list) => list.into_iter().map(Into::into).collect(),
            None => self.0.aggregations().to_vec(),
        };
        if wanted.len() > Percentile::LIMIT {
            let (count, limit) = (wanted.len(), Percentile::LIMIT);
            return Err(shown(&Error::Limit(format!("{count} aggregations; at most {limit} are allowed"))));
        }
        for &aggregation in &wanted {
            accept_aggregation(self.0, aggregation).map_err(|error| shown(&error))?;
        }
        values(ctx, self.0, scope, &wanted).await
    }
}

/// Refuses an aggregation that a metric does not have.
///
/// # Errors
/// `Invalid` naming those that it has.
pub fn accept_aggregation(metric: &Metric, aggregation: metric::Aggregation) -> Result<(), Error> {
    if metric.aggregations().contains(&aggregation) {
        return Ok(());
    }
    let names: Vec<&str> = metric.aggregations().iter().map(|a| a.word()).collect();
    Err(Error::Invalid(format!("metric `{}` has no {aggregation}; try one of: {}", metric.id, names.join(", "))))
}

async fn values(
    ctx: &Context<'_>,
    metric: &'static Metric,
    scope: metric::Scope,
    wanted: &[metric::Aggregation],
) -> async_graphql::Result<Vec<AggregateValue>> {
    if wanted.contains(&metric::Aggregation::AgentPresenceDuration) {
        let value = presence(ctx, &scope).await?;
        return Ok(vec![AggregateValue::AgentPresence(AgentPresenceDurationValue { value })]);
    }
    let mut percentiles: Vec<Percentile> = wanted.iter().filter_map(|a| a.percentile()).collect();
    percentiles.sort_unstable();
    percentiles.dedup();
    let figures = Answered::figures(ctx, metric, ClockMode::Calendar, Arc::new(scope), &percentiles).await?;
    let value = |aggregation: metric::Aggregation| match aggregation {
        metric::Aggregation::Count => AggregateValue::Long(LongAggregateValue {
            aggregation: aggregation.into(),
            value: Long::count(figures.rows),
        }),
        _ => AggregateValue::Double(DoubleAggregateValue {
            aggregation: aggregation.into(),
            value: metric.take(aggregation, &figures, &percentiles),
        }),
    };
    Ok(wanted.iter().map(|aggregation| value(*aggregation)).collect())
}

/// A number taken of a metric
#[derive(Union)]
pub enum AggregateValue {
    /// Whole
    Long(LongAggregateValue),
    /// With a fraction
    Double(DoubleAggregateValue),
    /// By status
    AgentPresence(AgentPresenceDurationValue),
}

/// A number of things
#[derive(SimpleObject)]
pub struct LongAggregateValue {
    /// What was taken
    aggregation: Aggregation,
    /// The number
    value: Long,
}

/// A number that may have a fraction
#[derive(SimpleObject)]
pub struct DoubleAggregateValue {
    /// What was taken
    aggregation: Aggregation,
    /// The number, in the metric's unit; null without rows
    value: Option<f64>,
}

/// Time by presence status
#[derive(SimpleObject)]
pub struct AgentPresenceDurationValue {
    /// One entry a status, those that nobody was in included
    value: Vec<PresenceDuration>,
}

/// Something that rows can be filtered by
#[derive(SimpleObject)]
pub struct FilterDefinition {
    /// What
    attribute: FilterAttribute,
    /// What it means
    description: String,
}

/// A number that can be taken of a metric
#[derive(SimpleObject)]
pub struct AggregationDefinition {
    /// Which
    aggregation: Aggregation,
    /// What it means
    description: String,
}

/// What rows with these attributes can be filtered by.
pub fn filters(attributes: &[model::FilterAttribute]) -> Vec<FilterDefinition> {
    let definition = |&attribute: &model::FilterAttribute| FilterDefinition {
        attribute: attribute.into(),
        description: attribute.description().to_owned(),
    };
    attributes.iter().map(definition).collect()
}

/// Refuses a list of dimensions with one that a metric does not have.
///
/// # Errors
/// As `accept`.
pub fn accept_dimensions(metric: &Metric, dimensions: &[Dimension]) -> Result<(), Error> {
    dimensions.iter().try_for_each(|dimension| accept(metric, (*dimension).into()))
}

/// Fields of the root.
#[derive(Default)]
pub struct CatalogueQuery;

#[Object]
impl CatalogueQuery {
    /// Every metric, in the order of the catalogue
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn metric_definitions(
        &self,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<MetricDefinition>>> {
        let window = page::window(first, after, last, before)?;
        let rows = catalog::METRICS.iter().map(MetricDefinition).collect();
        page::listed(rows, "metrics", &window).map(Some)
    }
    /// One metric
    async fn metric_definition(&self, #[graphql(desc = "Which")] id: MetricId) -> Option<MetricDefinition> {
        Some(MetricDefinition(catalog::find(id.into())))
    }
    /// Every kind of records, in the order of the catalogue
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn record_definitions(
        &self,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<RecordDefinition>>> {
        let window = page::window(first, after, last, before)?;
        let rows = crate::record::RecordKind::ALL.iter().map(|&kind| RecordDefinition(kind)).collect();
        page::listed(rows, "records", &window).map(Some)
    }
    /// One kind of records
    async fn record_definition(&self, #[graphql(desc = "Which")] id: RecordId) -> Option<RecordDefinition> {
        Some(RecordDefinition(id.into()))
    }
}
