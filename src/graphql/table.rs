//! One flat table for tools that want rows: metrics × dimensions × grain.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::future::try_join_all;
use serde_json::Value;

use super::catalogue_enums::{Aggregation, FieldType, MetricId, Unit};
use super::context::ask;
use super::dimension::{Dimension, Grain, labels};
use super::enums::{Clock, OrderDirection};
use super::error::shown;
use super::filter::Filter;
use super::metric::{answer, cells};
use super::metric_definition::{accept_aggregation, accept_dimensions};
use super::metrics::scope;
use super::period::PeriodInput;
use super::question::{Scope, shown_value};
use super::scalars::{Json, Long, TimeZone};
use crate::app::Error;
use crate::metric::{self, Bucket, Figures, GroupBy, Metric, Percentile, catalog};
use crate::model::FilterAttribute;

/// Most columns of metrics, and most dimensions.
const MAX_METRICS: usize = 50;
const MAX_DIMENSIONS: usize = 4;
/// Rows when the request does not say, and at most.
const DEFAULT_ROWS: i32 = 1_000;
const MAX_ROWS: i32 = 10_000;

/// A column of figures
#[derive(Clone, Debug, InputObject)]
pub struct MetricColumn {
    /// Which metric
    metric: MetricId,
    /// Which number of it; null: of a count the count, of a share the percentage, of a length of time or number the average
    aggregation: Option<Aggregation>,
    /// Which time lengths count; null: all of it
    clock: Option<Clock>,
    /// What the column is called; null: metric and aggregation, such as first_response_time_p90
    #[graphql(name = "as")]
    alias: Option<String>,
}

/// The order of a table
#[derive(Clone, Debug, InputObject)]
pub struct TableOrder {
    /// Name of the column; rows that are equal in it keep the usual order, and those without a value come last
    column: String,
    /// Which way
    direction: OrderDirection,
}

/// Flat rows
#[derive(SimpleObject)]
pub struct Table {
    /// The question as it was understood
    scope: Scope,
    /// The columns: bucket, dimensions (each its value and its label), figures
    columns: Vec<TableColumn>,
    /// The rows, each with one value a column
    rows: Vec<Vec<Option<Json>>>,
    /// Indicates there are more rows than the limit let through
    is_truncated: bool,
    /// Number of rows, those left out included
    total_rows: Long,
}

/// A column of a table
#[derive(Clone, SimpleObject)]
pub struct TableColumn {
    /// Its name, unique in the table
    name: String,
    /// What it is called
    label: String,
    /// What its values are
    #[graphql(name = "type")]
    field_type: FieldType,
    /// What its figures count in; null where they are no figures
    unit: Option<Unit>,
}

/// A column of figures, checked.
struct Measured {
    metric: &'static Metric,
    aggregation: metric::Aggregation,
    clock: Clock,
    name: String,
}

/// The table of a request, checked.
struct Plan {
    scope: Arc<metric::Scope>,
    metrics: Vec<Measured>,
    dimensions: Vec<Dimension>,
    grain: Option<metric::Grain>,
    buckets: Arc<[Bucket]>,
}

type Key = (usize, metric::GroupKey);
type Rows = BTreeMap<Key, Vec<Option<Figures>>>;

/// The column that rows are ordered by, by its place, and whether the largest come first.
#[derive(Clone, Copy)]
struct Order {
    place: usize,
    is_descending: bool,
}

/// Fields of the root.
#[derive(Default)]
pub struct TableQuery;

#[Object]
impl TableQuery {
    /// One flat table of metrics by dimensions and buckets, for tools that want rows: BI connectors, spreadsheets. Rows where no metric has
    /// anything are left out, but for the buckets of a table without dimensions
    #[expect(clippy::too_many_arguments, reason = "the field has them")]
    #[graphql(complexity = "1_000 + child_complexity")]
    async fn table(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Columns of figures, 1 to 50")] metrics: Vec<MetricColumn>,
        #[graphql(desc = "What groups the rows, at most 4; every metric must have it")] dimensions: Option<
            Vec<Dimension>,
        >,
        #[graphql(desc = "Size of the buckets of time; null: none")] grain: Option<Grain>,
        #[graphql(desc = "Which period")] period: PeriodInput,
        #[graphql(desc = "Time zone of days and hours; null: the workspace's")] timezone: Option<TimeZone>,
        #[graphql(desc = "Only rows that match it")] filter: Option<Filter>,
        #[graphql(desc = "The order; null: by bucket, then by the labels of the dimensions")] order_by: Option<
            TableOrder,
        >,
        #[graphql(desc = "Rows wanted, at most 10,000; 1,000 unless given")] limit: Option<i32>,
    ) -> async_graphql::Result<Option<Table>> {
        let refused = |error: Error| shown(&error);
        let limit = check_limit(limit).map_err(refused)?;
        let scope = Arc::new(scope(ctx, period, timezone, filter).await?);
        let dimensions = dimensions.unwrap_or_default();
        let plan = Plan::check(scope, metrics, dimensions, grain).map_err(refused)?;
        let rows = plan.rows(ctx).await?;
        plan.render(ctx, rows, order_by, limit).await.map(Some)
    }
}

fn check_limit(limit: Option<i32>) -> Result<usize, Error> {
    match limit.unwrap_or(DEFAULT_ROWS) {
        limit if limit > MAX_ROWS => {
            Err(Error::Limit(format!("`limit` is {limit}; a table has at most {MAX_ROWS} rows")))
        }
        limit => usize::try_from(limit).map_err(|_| Error::Invalid(format!("`limit` is {limit}; it is 0 or more"))),
    }
}

impl Plan {
    fn check(
        scope: Arc<metric::Scope>,
        metrics: Vec<MetricColumn>,
        dimensions: Vec<Dimension>,
        grain: Option<Grain>,
    ) -> Result<Plan, Error> {
        if metrics.is_empty() {
            return Err(Error::Invalid("metrics: is empty; name 1 to 50 columns".to_owned()));
        }
        let bound = |what: &str, count: usize, most: usize| match count > most {
            true => Err(Error::Limit(format!("{count} {what}; a table has at most {most}"))),
            false => Ok(()),
        };
        bound("metrics", metrics.len(), MAX_METRICS)?;
        bound("dimensions", dimensions.len(), MAX_DIMENSIONS)?;
        let mut checked: Vec<Measured> = Vec::with_capacity(metrics.len());
        for column in metrics {
            let metric = catalog::find(column.metric.into());
            let aggregation = column.aggregation.map_or(metric.usual_aggregation(), Into::into);
            if aggregation == metric::Aggregation::AgentPresenceDuration {
                return Err(Error::Invalid(format!(
                    "metric `{}` is no single number and cannot be a column",
                    metric.id
                )));
            }
            if grain.is_some() && metric.placed == metric::Placed::Now {
                return Err(Error::Invalid(format!(
                    "metric `{}` is of now and has no buckets; leave out `grain`",
                    metric.id
                )));
            }
            accept_aggregation(metric, aggregation)?;
            accept_dimensions(metric, &dimensions)?;
            for term in scope.filters.iter().flat_map(|filter| filter.terms()) {
                super::metric::accept(metric, term.attribute)?;
            }
            let name = column.alias.unwrap_or_else(|| format!("{}_{aggregation}", metric.id));
            checked.push(Measured { metric, aggregation, clock: column.clock.unwrap_or(Clock::Calendar), name });
        }
        let grain = grain.map(metric::Grain::from);
        let buckets = grain.map(|grain| scope.buckets(grain)).transpose();
        let buckets = buckets.map_err(|error| Error::Limit(error.to_string()))?.unwrap_or_default();
        let plan = Plan { scope, metrics: checked, dimensions, grain, buckets };
        let mut names: Vec<String> = plan.columns().into_iter().map(|column| column.name).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::Invalid(format!("two columns are called `{}`; name them apart by `as`", pair[0])));
        }
        Ok(plan)
    }

    fn columns(&self) -> Vec<TableColumn> {
        let plain = |name: String, label: String, field_type| TableColumn { name, label, field_type, unit: None };
        let mut columns = Vec::new();
        if let Some(grain) = self.grain {
            let label = title(grain.word());
            columns.push(plain(grain.word().to_owned(), label.clone(), FieldType::String));
            columns.push(plain(format!("{grain}_from"), format!("{label} from"), FieldType::Instant));
        }
        for &dimension in &self.dimensions {
            let attribute = FilterAttribute::from(dimension);
            let label = title(attribute.word());
            columns.push(plain(attribute.word().to_owned(), format!("{label} (value)"), FieldType::String));
            columns.push(plain(format!("{attribute}_label"), label, FieldType::String));
        }
        columns.extend(self.metrics.iter().map(|of| TableColumn {
            name: of.name.clone(),
            label: format!("{} ({})", of.metric.name, of.aggregation.word().replace('_', " ")),
            field_type: if of.aggregation == metric::Aggregation::Count { FieldType::Long } else { FieldType::Double },
            unit: Some(of.metric.unit_of(of.aggregation).into()),
        }));
        columns
    }

    /// The figures of each row, by bucket and values.
    async fn rows(&self, ctx: &Context<'_>) -> async_graphql::Result<Rows> {
        let group_by: Vec<GroupBy> = self.dimensions.iter().map(|&d| GroupBy::Attribute(d.into())).collect();
        let mut rows = Rows::new();
        if self.grain.is_some() && self.buckets.is_empty() {
            return Ok(rows);
        }
        let asks = self.metrics.iter().map(|of| {
            let percentiles: Vec<Percentile> = of.aggregation.percentile().into_iter().collect();
            let total = of.metric.ask(&self.scope, of.clock.into(), group_by.clone(), &percentiles);
            answer(ctx, if self.grain.is_some() { total.in_buckets(&self.buckets) } else { total })
        });
        let found = try_join_all(asks).await?;
        if self.dimensions.is_empty() {
            let empty = vec![None; self.metrics.len()];
            rows.extend(
                (0..self.buckets.len().max(1)).map(|bucket| ((bucket, metric::GroupKey::new()), empty.clone())),
            );
        }
        for (place, found) in found.iter().enumerate() {
            for group in cells(found)? {
                for (bucket, figures) in group.cells.iter().enumerate().filter(|(_, figures)| figures.rows > 0) {
                    let row = rows.entry((bucket, group.key.clone()));
                    row.or_insert_with(|| vec![None; self.metrics.len()])[place] = Some(figures.clone());
                }
            }
        }
        Ok(rows)
    }

    async fn render(
        &self,
        ctx: &Context<'_>,
        rows: Rows,
        order: Option<TableOrder>,
        limit: usize,
    ) -> async_graphql::Result<Table> {
        let columns = self.columns();
        let order = order.map(|order| find_order(&columns, order)).transpose().map_err(|error| shown(&error))?;
        let total = rows.len();
        let rows = self.leading(rows, order, limit);
        let mut names = Vec::with_capacity(self.dimensions.len());
        for (place, &dimension) in self.dimensions.iter().enumerate() {
            let mut values: Vec<_> = rows.keys().filter_map(|(_, key)| key.get(place).cloned()).collect();
            values.sort_unstable();
            values.dedup();
            names.push(labels(ask(ctx)?, dimension.into(), &values).await?);
        }
        let label = |place: usize, value: &Option<Arc<str>>| names[place].get(value).cloned().unwrap_or_default();
        let mut rendered = Vec::with_capacity(rows.len());
        for ((bucket, key), figures) in rows {
            let labels: Vec<String> = key.iter().enumerate().map(|(place, value)| label(place, value)).collect();
            rendered.push(((bucket, labels.clone()), self.row(bucket, &key, labels, &figures)));
        }
        // Within equal labels the values' order stays.
        rendered.sort_by(|a, b| a.0.cmp(&b.0));
        let mut rows: Vec<Vec<Value>> = rendered.into_iter().map(|(_, row)| row).collect();
        if let Some(Order { place, is_descending }) = order {
            rows.sort_by(|a, b| compare(&a[place], &b[place], is_descending));
        }
        rows.truncate(limit);
        let cell = |value: Value| (!value.is_null()).then_some(Json(value));
        let rows = rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect();
        let (is_truncated, total_rows) = (total > limit, Long::count(total as u64));
        Ok(Table { scope: (&self.scope).into(), columns, rows, is_truncated, total_rows })
    }

    /// The rows that may be among the first `limit` when a figure orders them, those equal to the last of these included: only they need
    /// their labels.
    fn leading(&self, mut rows: Rows, order: Option<Order>, limit: usize) -> Rows {
        let first = self.columns().len() - self.metrics.len();
        let Some((of, Order { is_descending, .. })) =
            order.and_then(|order| Some((order.place.checked_sub(first)?, order)))
        else {
            return rows;
        };
        if rows.len() <= limit || limit == 0 {
            return rows;
        }
        let figure = |figures: &[Option<Figures>]| self.metrics[of].figure(figures[of].as_ref());
        let mut found: Vec<Value> = rows.values().map(|figures| figure(figures)).collect();
        let (_, last, _) = found.select_nth_unstable_by(limit - 1, |a, b| compare(a, b, is_descending));
        rows.retain(|_, figures| compare(&figure(figures), last, is_descending).is_le());
        rows
    }

    fn row(
        &self,
        bucket: usize,
        key: &[Option<Arc<str>>],
        labels: Vec<String>,
        figures: &[Option<Figures>],
    ) -> Vec<Value> {
        let mut row = Vec::new();
        if let Some(bucket) = self.buckets.get(bucket) {
            row.push(Value::from(bucket.label.clone()));
            row.push(Value::from(bucket.span.from.to_string()));
        }
        for ((value, label), dimension) in key.iter().zip(labels).zip(&self.dimensions) {
            row.push(value.as_ref().map_or(Value::Null, |value| Value::from(shown_value((*dimension).into(), value))));
            row.push(Value::from(label));
        }
        row.extend(self.metrics.iter().zip(figures).map(|(of, figures)| of.figure(figures.as_ref())));
        row
    }
}

impl Measured {
    /// What the column says of a row's figures.
    fn figure(&self, figures: Option<&Figures>) -> Value {
        let nothing = Figures::default();
        let figures = figures.unwrap_or(&nothing);
        match self.aggregation {
            metric::Aggregation::Count => Value::from(figures.rows),
            aggregation => {
                let percentiles: Vec<Percentile> = aggregation.percentile().into_iter().collect();
                self.metric.take(aggregation, figures, &percentiles).map_or(Value::Null, Value::from)
            }
        }
    }
}

fn find_order(columns: &[TableColumn], TableOrder { column, direction }: TableOrder) -> Result<Order, Error> {
    let place = columns.iter().position(|of| of.name == column).ok_or_else(|| {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        Error::Invalid(format!("orderBy.column: the table has no `{column}`; try one of: {}", names.join(", ")))
    })?;
    Ok(Order { place, is_descending: direction == OrderDirection::Desc })
}

/// Numbers by size, texts by letters, nothing last whichever way.
fn compare(a: &Value, b: &Value, is_descending: bool) -> std::cmp::Ordering {
    let order = match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return a.is_null().cmp(&b.is_null()),
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default())
        }
        (a, b) => a.as_str().cmp(&b.as_str()),
    };
    if is_descending { order.reverse() } else { order }
}

/// `initial_channel` as `Initial channel`.
fn title(word: &str) -> String {
    let text = word.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
