//! The types of metrics: a count, a count now, a share, a length of time, a number. All offer the same fields around their figure.

use async_graphql::parser::types::Field;
use async_graphql::{Context, InputType, Interface, Object, SimpleObject, Value};

use super::answered::{Answered, Group};
use super::at_hand::{FigureAtHand, GroupAtHand, Known, PointAtHand};
use crate::app::records::RecordsQuestion;
use crate::graphql::catalogue_enums::MetricId;
use crate::graphql::dimension::{Dimension, DimensionKey, Grain, GroupOrder, Shift};
use crate::graphql::metric_definition::MetricDefinition;
use crate::graphql::page::{self, Connection};
use crate::graphql::question::Scope;
use crate::graphql::ready::{Shown, asked, list, object};
use crate::graphql::record::{Record, records};
use crate::graphql::scalars::{DateTime, Long};
use crate::metric::{Bucket, Figures, Percentile};

/// Declares the type of a metric: what follows from its figures, with fields between that may take a look-up unless their value is at hand;
/// then the fields that all have.
macro_rules! metric_object {
    ($(#[$doc:meta])* $name:ident by $group:ident ($($(#[$series_doc:meta])* series $point:ident)?) {
        $($(#[$figure_doc:meta])* $figure:ident $key:literal: $type:ty = $of:expr;)*
    } $({ $($own:tt)* } at hand $at_hand:expr, {
        $($(#[$more_doc:meta])* $more:ident $more_key:literal: $more_type:ty = $more_of:expr;)*
    })?) => {
        /// See its description.
        pub struct $name(pub Answered);

        $(#[$doc])*
        #[Object]
        impl $name {
            $(
            $(#[$figure_doc])*
            async fn $figure(&self) -> $type {
                let of: fn(&Figures) -> $type = $of;
                of(&self.0.figures)
            }
            )*
            $(
            $($own)*
            $(
            $(#[$more_doc])*
            async fn $more(&self) -> $more_type {
                let of: fn(&Figures) -> $more_type = $more_of;
                of(&self.0.figures)
            }
            )*
            )?

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
            ) -> async_graphql::Result<Option<Shown<Vec<$group>>>> {
                let found = Box::pin(self.0.by(ctx, dimension, first, order_by, others)).await?;
                let at_hand = |(key, known)| GroupAtHand(key, FigureAtHand(known, $name::at_hand));
                let group = |group: &Group| $group {
                    key: group.key.clone(),
                    metric: $name(self.0.of_group(&found, group)),
                };
                let make = || found.listed.iter().map(group).collect();
                Ok(Some(Shown::new(list(found.known().map(at_hand), asked(ctx)), make)))
            }
            $(
            /// The figure of each bucket of the period, in order of time, empty ones included
            #[graphql(complexity = "100 + 100 * child_complexity")]
            async fn series(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Size of the buckets; the first and last may be cut by the period")] grain: Grain,
            ) -> async_graphql::Result<Option<Shown<Vec<$point>>>> {
                let found = Box::pin(self.0.series(ctx, grain.into())).await?;
                let at_hand = |(bucket, known)| PointAtHand(bucket, FigureAtHand(known, $name::at_hand));
                let point = |(bucket, known): (&Bucket, Known<'_>)| $point {
                    from: DateTime(bucket.span.from),
                    until: DateTime(bucket.span.until),
                    label: bucket.label.clone(),
                    metric: $name(self.0.of_bucket(&found, bucket, known)),
                };
                let make = || found.points().map(point).collect();
                Ok(Some(Shown::new(list(found.points().map(at_hand), asked(ctx)), make)))
            }
            /// The same metric of an earlier span; null before the calendar begins
            async fn previous(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which", default_with = "Shift::PreviousPeriod")] shift: Shift,
            ) -> async_graphql::Result<Option<Shown<$name>>> {
                Ok(Box::pin(self.0.previous(ctx, shift.into())).await?.map(|earlier| $name::shown(ctx, earlier)))
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

        impl $name {
            /// The metric, or what is asked of it where that is at hand.
            pub fn shown(ctx: &Context<'_>, answered: Answered) -> Shown<$name> {
                let value = object(&answered.at_hand($name::at_hand), asked(ctx));
                Shown::new(value, || $name(answered))
            }

            /// What a field of the figures gives; `None` where that takes more than them.
            pub fn at_hand(known: Known<'_>, field: &Field) -> Option<Value> {
                match field.name.node.as_str() {
                    $(
                    $key => {
                        let of: fn(&Figures) -> $type = $of;
                        Some(of(known.figures).to_value())
                    }
                    )*
                    $($(
                    $more_key => {
                        let of: fn(&Figures) -> $more_type = $more_of;
                        Some(of(known.figures).to_value())
                    }
                    )*)?
                    "sampleSize" => Some(InputType::to_value(&Long::count(known.figures.rows))),
                    $(
                    "median" | "percentile" => {
                        let at_hand: fn(Option<f64>) -> Option<f64> = $at_hand;
                        Some(at_hand(percentile_at_hand(known, field)?).to_value())
                    }
                    )?
                    _ => None,
                }
            }
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
        count "count": Long = |figures| Long::count(figures.rows);
    }
}

metric_object! {
    /// A number of things now, whatever the period; no series and nothing earlier to compare with
    SnapshotMetric by SnapshotGroup () {
        /// How many
        count "count": Long = |figures| Long::count(figures.rows);
    }
}

metric_object! {
    /// A share of things
    RatioMetric by RatioGroup (series RatioPoint) {
        /// The share, 0 to 100; null when there are no things
        percentage "percentage": Option<f64> = Figures::percentage;
        /// How many of the things are meant
        numerator "numerator": Long = |figures| Long::count(figures.hits);
        /// How many things there are
        denominator "denominator": Long = |figures| Long::count(figures.rows);
    }
}

/// Milliseconds that may have a fraction as seconds.
fn seconds(ms: f64) -> f64 {
    ms / 1_000.0
}

/// A percentile that was worked out with the figure; `None` when the field asks for something else.
fn percentile_at_hand(known: Known<'_>, field: &Field) -> Option<Option<f64>> {
    let percentile = match field.name.node.as_str() {
        "median" => Percentile::MEDIAN,
        // Unless a variable says which.
        "percentile" => match field.get_argument("p")?.node.clone().into_const()? {
            Value::Number(p) => Percentile::of(p.as_f64()?)?,
            _ => return None,
        },
        _ => return None,
    };
    known.percentile(percentile)
}

metric_object! {
    /// A length of time of each thing, in seconds
    DurationMetric by DurationGroup (series DurationPoint) {
        /// Mean; null without things
        average "average": Option<f64> = |figures| figures.average().map(seconds);
    } {
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
    } at hand |ms| ms.map(seconds), {
        /// Shortest; null without things
        minimum "minimum": Option<f64> = |figures| figures.minimum.map(|ms| seconds(ms as f64));
        /// Longest; null without things
        maximum "maximum": Option<f64> = |figures| figures.maximum.map(|ms| seconds(ms as f64));
        /// All together
        sum "sum": f64 = |figures| seconds(figures.sum as f64);
        /// Population standard deviation; null without things
        standard_deviation "standardDeviation": Option<f64> = |figures| figures.standard_deviation().map(seconds);
    }
}

metric_object! {
    /// A plain number of each thing, such as replies to resolution
    NumberMetric by NumberGroup (series NumberPoint) {
        /// Mean; null without things
        average "average": Option<f64> = Figures::average;
    } {
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
    } at hand |number| number, {
        /// Smallest; null without things
        minimum "minimum": Option<f64> = |figures| figures.minimum.map(|number| number as f64);
        /// Largest; null without things
        maximum "maximum": Option<f64> = |figures| figures.maximum.map(|number| number as f64);
        /// All together
        sum "sum": f64 = |figures| figures.sum as f64;
        /// Population standard deviation; null without things
        standard_deviation "standardDeviation": Option<f64> = Figures::standard_deviation;
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
