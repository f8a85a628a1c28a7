//! The types of metrics: a count, a count now, a share, a length of time, a number. All offer the same fields around their figure.

use async_graphql::{Context, Interface, Object, SimpleObject};

use super::answered::{Answered, Group, Point};
use crate::app::records::RecordsQuestion;
use crate::graphql::catalogue_enums::MetricId;
use crate::graphql::dimension::{Dimension, DimensionKey, Grain, GroupOrder, Shift};
use crate::graphql::metric_definition::MetricDefinition;
use crate::graphql::page::{self, Connection};
use crate::graphql::question::Scope;
use crate::graphql::record::{Record, records};
use crate::graphql::scalars::{DateTime, Long};

/// Declares the type of a metric: its own fields, then those that all have.
macro_rules! metric_object {
    ($(#[$doc:meta])* $name:ident by $group:ident ($($(#[$series_doc:meta])* series $point:ident)?) { $($own:tt)* }) => {
        /// See its description.
        pub struct $name(pub Answered);

        $(#[$doc])*
        #[Object]
        impl $name {
            $($own)*

            /// Which metric
            pub async fn metric(&self) -> MetricId {
                self.0.metric.id.into()
            }
            /// The question as it was understood
            pub async fn scope(&self) -> Scope {
                (&self.0.scope).into()
            }
            /// Number of rows behind the figure; of a share those of its denominator
            pub async fn sample_size(&self) -> Long {
                Long::count(self.0.figures.rows)
            }
            /// What the metric is
            pub async fn definition(&self) -> MetricDefinition {
                MetricDefinition(self.0.metric)
            }
            /// Exactly the rows behind the figure, the newest first; of a share those of its denominator, each with 1 or 0
            #[graphql(complexity = "page::cost(first, last, child_complexity)")]
            async fn records(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
                first: Option<i32>,
                #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
                #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
                #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
            ) -> async_graphql::Result<Option<Connection<Record>>> {
                let window = page::window(first, after, last, before)?;
                let Answered { metric, clock, scope, .. } = &self.0;
                let unit = Some(metric.unit);
                Box::pin(records(ctx, RecordsQuestion::behind(metric, *clock, scope), unit, &window)).await.map(Some)
            }
            /// The figure of each group of rows with one value of a dimension, and of rows without one
            #[graphql(complexity = "100 + usize::try_from(first).unwrap_or(0).min(100) * child_complexity")]
            async fn by(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "What groups the rows; one that they do not have is an error")] dimension: Dimension,
                #[graphql(desc = "Groups shown, at most 100", default = 10)] first: i32,
                #[graphql(desc = "Their order", default_with = "GroupOrder::ValueDesc")] order_by: GroupOrder,
                #[graphql(desc = "Adds a last group of all rows that are in none of those shown, when there are any", default = false)]
                others: bool,
            ) -> async_graphql::Result<Option<Vec<$group>>> {
                let groups = Box::pin(self.0.by(ctx, dimension, first, order_by, others)).await?;
                Ok(Some(groups.into_iter().map(|Group { key, metric }| $group { key, metric: $name(metric) }).collect()))
            }
            $(
            /// The figure of each bucket of the period, in order of time, empty ones included
            #[graphql(complexity = "100 + 100 * child_complexity")]
            async fn series(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Size of the buckets; the first and last may be cut by the period")] grain: Grain,
            ) -> async_graphql::Result<Option<Vec<$point>>> {
                let points = Box::pin(self.0.series(ctx, grain.into())).await?;
                let point = |Point { bucket, metric }: Point| $point {
                    from: DateTime(bucket.span.from),
                    until: DateTime(bucket.span.until),
                    label: bucket.label,
                    metric: $name(metric),
                };
                Ok(Some(points.into_iter().map(point).collect()))
            }
            /// The same metric of an earlier span; null before the calendar begins
            async fn previous(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which", default_with = "Shift::PreviousPeriod")] shift: Shift,
            ) -> async_graphql::Result<Option<$name>> {
                Ok(Box::pin(self.0.previous(ctx, shift.into())).await?.map($name))
            }
            /// By how much the figure differs from an earlier span's, a length of time or number by its average: in percent, of a share in
            /// percentage points; null when either has no value, and in percent when the earlier was 0
            async fn change(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "From which", default_with = "Shift::PreviousPeriod")] shift: Shift,
            ) -> async_graphql::Result<Option<f64>> {
                Box::pin(self.0.change(ctx, shift.into())).await
            }
            )?
        }

        /// A group of rows with one value of a dimension
        #[derive(SimpleObject)]
        pub struct $group {
            /// Which value
            key: DimensionKey,
            /// The metric of the group's rows
            metric: $name,
        }

        $(
        /// A bucket of a series
        #[derive(SimpleObject)]
        pub struct $point {
            /// Start, inclusive
            from: DateTime,
            /// End, exclusive
            until: DateTime,
            /// What it is called in its zone: 2026-03-29T03:00+02:00, 2026-03-29 (of a week its Monday), 2026-03, 2026-Q1 or 2026
            label: String,
            /// The metric of the bucket's rows
            metric: $name,
        }
        )?
    };
}

metric_object! {
    /// A number of things
    CountMetric by CountGroup (series CountPoint) {
        /// How many
        async fn count(&self) -> Long {
            Long::count(self.0.figures.rows)
        }
    }
}

metric_object! {
    /// A number of things now, whatever the period; no series and nothing earlier to compare with
    SnapshotMetric by SnapshotGroup () {
        /// How many
        async fn count(&self) -> Long {
            Long::count(self.0.figures.rows)
        }
    }
}

metric_object! {
    /// A share of things
    RatioMetric by RatioGroup (series RatioPoint) {
        /// The share, 0 to 100; null when there are no things
        async fn percentage(&self) -> Option<f64> {
            self.0.figures.percentage()
        }
        /// How many of the things are meant
        async fn numerator(&self) -> Long {
            Long::count(self.0.figures.hits)
        }
        /// How many things there are
        async fn denominator(&self) -> Long {
            Long::count(self.0.figures.rows)
        }
    }
}

/// Milliseconds that may have a fraction as seconds.
fn seconds(ms: f64) -> f64 {
    ms / 1_000.0
}

metric_object! {
    /// A length of time of each thing, in seconds
    DurationMetric by DurationGroup (series DurationPoint) {
        /// Mean; null without things
        async fn average(&self) -> Option<f64> {
            self.0.figures.average().map(seconds)
        }
        /// Median, the 50th percentile; null without things
        async fn median(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<f64>> {
            Ok(self.0.percentile(ctx, 50.0).await?.map(seconds))
        }
        /// Exact percentile, by linear interpolation at rank p/100·(n−1); null without things
        async fn percentile(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "Which, 0 to 100, to three decimals; at most 20 different ones for one metric")] p: f64,
        ) -> async_graphql::Result<Option<f64>> {
            Ok(self.0.percentile(ctx, p).await?.map(seconds))
        }
        /// Shortest; null without things
        async fn minimum(&self) -> Option<f64> {
            self.0.figures.minimum.map(|ms| seconds(ms as f64))
        }
        /// Longest; null without things
        async fn maximum(&self) -> Option<f64> {
            self.0.figures.maximum.map(|ms| seconds(ms as f64))
        }
        /// All together
        async fn sum(&self) -> f64 {
            seconds(self.0.figures.sum as f64)
        }
        /// Population standard deviation; null without things
        async fn standard_deviation(&self) -> Option<f64> {
            self.0.figures.standard_deviation().map(seconds)
        }
    }
}

metric_object! {
    /// A plain number of each thing, such as replies to resolution
    NumberMetric by NumberGroup (series NumberPoint) {
        /// Mean; null without things
        async fn average(&self) -> Option<f64> {
            self.0.figures.average()
        }
        /// Median, the 50th percentile; null without things
        async fn median(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<f64>> {
            self.0.percentile(ctx, 50.0).await
        }
        /// Exact percentile, by linear interpolation at rank p/100·(n−1); null without things
        async fn percentile(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "Which, 0 to 100, to three decimals; at most 20 different ones for one metric")] p: f64,
        ) -> async_graphql::Result<Option<f64>> {
            self.0.percentile(ctx, p).await
        }
        /// Smallest; null without things
        async fn minimum(&self) -> Option<f64> {
            self.0.figures.minimum.map(|number| number as f64)
        }
        /// Largest; null without things
        async fn maximum(&self) -> Option<f64> {
            self.0.figures.maximum.map(|number| number as f64)
        }
        /// All together
        async fn sum(&self) -> f64 {
            self.0.figures.sum as f64
        }
        /// Population standard deviation; null without things
        async fn standard_deviation(&self) -> Option<f64> {
            self.0.figures.standard_deviation()
        }
    }
}

/// What every metric says of itself
#[derive(Interface)]
#[graphql(
    field(name = "metric", ty = "MetricId", desc = "Which metric"),
    field(name = "definition", ty = "MetricDefinition", desc = "What the metric is"),
    field(name = "scope", ty = "Scope", desc = "The question as it was understood"),
    field(
        name = "sample_size",
        ty = "Long",
        desc = "Number of rows behind the figure; of a share those of its denominator"
    )
)]
#[allow(missing_docs, clippy::enum_variant_names, reason = "each is the type of its name")]
pub enum Metric {
    CountMetric(CountMetric),
    SnapshotMetric(SnapshotMetric),
    RatioMetric(RatioMetric),
    DurationMetric(DurationMetric),
    NumberMetric(NumberMetric),
}
