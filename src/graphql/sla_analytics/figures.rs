//! The figures of SLA analytics: outcomes, and percentiles of what completed clocks counted.

use std::sync::Arc;

use async_graphql::{Context, Object, SelectionField, SimpleObject};

use crate::app::Error;
use crate::graphql::error::shown;
use crate::graphql::metric::{answer, argument, cells};
use crate::graphql::scalars::Long;
use crate::metric::sla::{self, Clocks, Outcomes};
use crate::metric::{self, Figures, Percentile};
use crate::model::SlaMetric;

/// How clocks stand
#[derive(SimpleObject)]
pub struct SlaCompliance {
    /// Share in time among the clocks of all three kinds that are completed or past due, 0 to 100; null without any
    overall: Option<f64>,
    /// From creation to the first public human reply
    first_reply: SlaOutcome,
    /// From each later customer message without a reply to the reply
    next_reply: SlaOutcome,
    /// From creation to the standing resolution
    resolution: SlaOutcome,
}

impl SlaCompliance {
    /// How these clocks stand.
    pub fn of(clocks: &Clocks) -> SlaCompliance {
        let [first_reply, next_reply, resolution] = clocks.outcomes;
        SlaCompliance {
            overall: first_reply.and(next_reply).and(resolution).rate(),
            first_reply: first_reply.into(),
            next_reply: next_reply.into(),
            resolution: resolution.into(),
        }
    }
}

/// How the clocks of one kind stand; each is in one of the four states
#[derive(SimpleObject)]
pub struct SlaOutcome {
    /// Completed in time
    fulfilled: Long,
    /// Past due and not completed
    breached: Long,
    /// Completed late
    completed_after_breach: Long,
    /// Running or paused, not past due
    active: Long,
    /// Share of those in time among those completed or past due, 0 to 100; null without any
    rate: Option<f64>,
}

impl From<Outcomes> for SlaOutcome {
    fn from(outcomes: Outcomes) -> SlaOutcome {
        SlaOutcome {
            fulfilled: Long::count(outcomes.fulfilled),
            breached: Long::count(outcomes.breached),
            completed_after_breach: Long::count(outcomes.completed_after_breach),
            active: Long::count(outcomes.active),
            rate: outcomes.rate(),
        }
    }
}

/// How long completed clocks took
#[derive(SimpleObject)]
pub struct SlaPercentiles {
    /// First replies
    first_reply: Percentiles,
    /// Next replies
    next_reply: Percentiles,
    /// Resolutions
    resolution: Percentiles,
}

impl SlaPercentiles {
    /// How long these clocks of a scope took, for which these percentiles were asked.
    pub fn of(scope: &Arc<metric::Scope>, clocks: &Clocks, percentiles: &Arc<[Percentile]>) -> SlaPercentiles {
        let of = |metric: SlaMetric| Percentiles {
            scope: Arc::clone(scope),
            metric,
            figures: clocks.counted[metric as usize].clone(),
            percentiles: Arc::clone(percentiles),
        };
        SlaPercentiles {
            first_reply: of(SlaMetric::FirstReply),
            next_reply: of(SlaMetric::NextReply),
            resolution: of(SlaMetric::Resolution),
        }
    }
}

/// Percentiles of what the completed clocks of one kind counted.
pub struct Percentiles {
    scope: Arc<metric::Scope>,
    metric: SlaMetric,
    figures: Figures,
    percentiles: Arc<[Percentile]>,
}

/// What the completed clocks of one kind counted, in seconds of the time that each counts; exact, by linear interpolation
#[Object]
impl Percentiles {
    /// Median; null without completed clocks
    async fn p50(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<f64>> {
        self.get(ctx, 50.0).await
    }
    /// 90th percentile; null without completed clocks
    async fn p90(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<f64>> {
        self.get(ctx, 90.0).await
    }
    /// 95th percentile; null without completed clocks
    async fn p95(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<f64>> {
        self.get(ctx, 95.0).await
    }
    /// Any percentile; null without completed clocks
    async fn p(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, 0 to 100, to three decimals; at most 20 different ones")] p: f64,
    ) -> async_graphql::Result<Option<f64>> {
        self.get(ctx, p).await
    }
}

impl Percentiles {
    async fn get(&self, ctx: &Context<'_>, p: f64) -> async_graphql::Result<Option<f64>> {
        let percentile = Percentile::of(p)
            .ok_or_else(|| shown(&Error::Invalid(format!("p: {p} is no percentile; it is from 0 to 100"))))?;
        let ms = match self.percentiles.iter().position(|of| *of == percentile) {
            Some(place) => self.figures.percentiles.get(place).copied(),
            None => {
                let found = answer(ctx, sla::clocks(&self.scope, Vec::new(), &[percentile])).await?;
                let clocks = sla::clocks_of(cells(&found)?, &[], 0);
                clocks.counted[self.metric as usize].percentiles.first().copied()
            }
        };
        Ok(ms.map(|ms| ms / 1_000.0))
    }
}

/// The percentiles selected of SLA analytics, of whichever clocks.
pub fn selected(field: SelectionField<'_>) -> Vec<Percentile> {
    let of = |child: SelectionField<'_>| match child.name() {
        "p50" => Some(Percentile::MEDIAN),
        "p90" => Percentile::of(90.0),
        "p95" => Percentile::of(95.0),
        "p" => argument::<f64>(child, "p").and_then(Percentile::of),
        _ => None,
    };
    let below =
        |field: SelectionField<'_>, found: &mut Vec<Percentile>| found.extend(field.selection_set().filter_map(of));
    let mut all = Vec::new();
    for child in field.selection_set().filter(|child| child.name() == "percentiles") {
        child.selection_set().for_each(|metric| below(metric, &mut all));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The same of the analytics of points or groups.
pub fn selected_below(field: SelectionField<'_>) -> Vec<Percentile> {
    let mut all: Vec<_> =
        field.selection_set().filter(|child| child.name() == "analytics").flat_map(selected).collect();
    all.sort_unstable();
    all.dedup();
    all
}
