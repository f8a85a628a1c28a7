//! A metric's figure, and the points, groups and earlier figures that hang on it.

use std::sync::Arc;

use async_graphql::Context;
use futures_util::future::join_all;

use super::at_hand::{FigureAtHand, Known, OfType};
use super::check::{accept, accept_filters, check_first, check_percentiles};
use super::wants::{Wanted, percentiles, percentiles_below};
use crate::app::{Error, analytics};
use crate::graphql::context::{Ask as RequestAsk, ask};
use crate::graphql::dimension::{Dimension, DimensionKey, GroupOrder};
use crate::graphql::error::shown;
use crate::metric::{
    Ask, BlockAnswer, Bucket, Figures, Grain, GroupAnswer, Measure, Metric, Origin, Percentile, Scope, Shift, Unit,
};
use crate::model::{ClockMode, Filter, FilterAttribute};
use crate::record::RecordKind;

/// A metric on a scope with its figure.
#[derive(Clone)]
pub struct Answered {
    /// Which metric.
    pub metric: &'static Metric,
    /// Which time its lengths count.
    pub clock: ClockMode,
    /// Of which rows.
    pub scope: Arc<Scope>,
    /// The figure.
    pub figures: Figures,
    /// Which percentiles it has.
    pub percentiles: Arc<[Percentile]>,
}

/// The figures of a metric's buckets.
pub struct Series {
    buckets: Arc<[Bucket]>,
    /// Which percentiles the figures have.
    percentiles: Arc<[Percentile]>,
    grain: Grain,
    /// A figure a bucket; none when nothing was asked.
    answer: Option<Arc<analytics::Answered>>,
    none: Figures,
}

/// A group with its figure.
pub struct Group {
    /// Which group.
    pub key: DimensionKey,
    /// Its figure.
    figures: Figures,
    /// Of which rows, where that does not follow from the key.
    scope: Option<Scope>,
}

/// The figures of a metric's groups.
pub struct Groups {
    /// The groups shown.
    pub listed: Vec<Group>,
    /// Which percentiles the figures have.
    percentiles: Arc<[Percentile]>,
}

/// The answer to an ask of this request.
///
/// # Errors
/// As `Lookups::answers`.
pub async fn answer(ctx: &Context<'_>, wanted: Ask) -> async_graphql::Result<Arc<analytics::Answered>> {
    answer_of(ask(ctx)?, wanted).await
}

/// As `answer`, where there is no field.
///
/// # Errors
/// As `answer`.
pub async fn answer_of(ask: &RequestAsk, wanted: Ask) -> async_graphql::Result<Arc<analytics::Answered>> {
    ask.load.answers.find(wanted.into()).await?.ok_or_else(|| shown(&Error::Internal))
}

/// The groups of an answer.
///
/// # Errors
/// The ask's own, as the graph shows it.
pub fn cells(answered: &analytics::Answered) -> async_graphql::Result<&[GroupAnswer]> {
    whole(answered).map(|answer| answer.groups.as_slice())
}

/// An answer whole; fails as `cells`.
pub fn whole(answered: &analytics::Answered) -> async_graphql::Result<&BlockAnswer> {
    answered.as_deref().map_err(|error| shown(error))
}

/// The groups that a metric makes of its rows by itself.
///
/// # Errors
/// As `answer`.
pub async fn groups(
    ctx: &Context<'_>,
    metric: &'static Metric,
    scope: &Scope,
) -> async_graphql::Result<Vec<GroupAnswer>> {
    accept_filters(metric, scope)?;
    let found = answer(ctx, metric.ask(scope, ClockMode::Calendar, Vec::new(), &[])).await?;
    cells(&found).map(<[GroupAnswer]>::to_vec)
}

impl Answered {
    /// The metric on a scope, resolved; everything that is selected below the field is asked for together with it.
    ///
    /// # Errors
    /// As `answer`; `Limit` for too many percentiles.
    pub async fn load(
        ctx: &Context<'_>,
        metric: &'static Metric,
        clock: ClockMode,
        scope: Arc<Scope>,
    ) -> async_graphql::Result<Answered> {
        accept_filters(metric, &scope)?;
        let field = ctx.field();
        let wanted = Wanted { metric, clock, scope: &scope };
        let asked = percentiles(field);
        check_percentiles(&asked)?;
        let total = wanted.total(&asked);
        // What hangs on it is remembered by the loader; its errors are told by its own fields.
        let (figure, _) = futures_util::future::join(
            answer(ctx, total),
            join_all(wanted.below(field).into_iter().map(|below| answer(ctx, below))),
        )
        .await;
        let figure = figure?;
        let figures = cells(&figure)?.first().and_then(|group| group.cells.first()).cloned().unwrap_or_default();
        Ok(Answered { metric, clock, scope, figures, percentiles: asked.into() })
    }

    /// The figure alone, with these percentiles.
    ///
    /// # Errors
    /// As `answer`; `Invalid` for a filter that the metric's rows do not have.
    pub async fn figures(
        ctx: &Context<'_>,
        metric: &'static Metric,
        clock: ClockMode,
        scope: Arc<Scope>,
        percentiles: &[Percentile],
    ) -> async_graphql::Result<Figures> {
        accept_filters(metric, &scope)?;
        let found = answer(ctx, Wanted { metric, clock, scope: &scope }.total(percentiles)).await?;
        Ok(cells(&found)?.first().and_then(|group| group.cells.first()).cloned().unwrap_or_default())
    }

    /// The figure as its type of metric shows it where all is at hand.
    pub fn at_hand(&self, of_type: OfType) -> FigureAtHand<'_> {
        FigureAtHand(self.known(), of_type)
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted { metric: self.metric, clock: self.clock, scope: &self.scope }
    }

    fn with(&self, scope: Scope, figures: Figures, percentiles: &Arc<[Percentile]>) -> Answered {
        Answered { scope: Arc::new(scope), figures, percentiles: Arc::clone(percentiles), ..self.clone() }
    }

    /// The figure of each bucket of the scope.
    ///
    /// # Errors
    /// As `answer`; `Limit` for too many buckets.
    pub async fn series(&self, ctx: &Context<'_>, grain: Grain) -> async_graphql::Result<Series> {
        let percentiles: Arc<[Percentile]> = percentiles_below(ctx.field()).into();
        check_percentiles(&percentiles)?;
        let buckets = self.scope.buckets(grain).map_err(|error| shown(&Error::Limit(error.to_string())))?;
        let mut series = Series { buckets, percentiles, grain, answer: None, none: Figures::default() };
        if !series.buckets.is_empty() {
            let wanted = self.wanted().total(&series.percentiles).in_buckets(&series.buckets);
            let found = answer(ctx, wanted).await?;
            whole(&found)?;
            series.answer = Some(found);
        }
        Ok(series)
    }

    /// The metric of a bucket of its series.
    pub fn of_bucket(&self, series: &Series, bucket: &Bucket, known: Known<'_>) -> Answered {
        let scope = self.scope.during(bucket.span, Origin::Bucket(series.grain));
        self.with(scope, known.figures.clone(), &series.percentiles)
    }

    /// The metric of one of its groups.
    pub fn of_group(&self, groups: &Groups, group: &Group) -> Answered {
        let scope = || self.scope.within(group.key.attribute, group.key.value.as_deref());
        self.with(group.scope.clone().unwrap_or_else(scope), group.figures.clone(), &groups.percentiles)
    }

    /// The figures of the first groups in an order, and on demand of all other rows together.
    ///
    /// # Errors
    /// As `answer` and the loaders of names; `Limit` for too many groups.
    pub async fn by(
        &self,
        ctx: &Context<'_>,
        dimension: Dimension,
        first: i32,
        order: GroupOrder,
        others: bool,
    ) -> async_graphql::Result<Groups> {
        let attribute = FilterAttribute::from(dimension);
        self.accept(attribute)?;
        let first = check_first(first)?;
        let percentiles: Arc<[Percentile]> = percentiles_below(ctx.field()).into();
        check_percentiles(&percentiles)?;
        let found = answer(ctx, self.wanted().groups(dimension, &percentiles)).await?;
        let mut groups: Vec<&GroupAnswer> = cells(&found)?.iter().collect();
        let names = self.sort(ctx, attribute, &mut groups, order, first).await?;
        let hidden = groups.split_off(groups.len().min(first));
        let key_of = |group: &GroupAnswer| group.key.first().cloned().flatten();
        let shown_values: Vec<_> = groups.iter().map(|group| key_of(group)).collect();
        let mut listed = Vec::with_capacity(groups.len() + 1);
        for group in groups {
            let value = key_of(group);
            let label = names.iter().find(|(key, _)| *key == value).map(|(_, label)| label.clone());
            let key = DimensionKey::new(attribute, value.clone(), label.unwrap_or_default());
            let figures = group.cells.first().cloned().unwrap_or_default();
            listed.push(Group { key, figures, scope: None });
        }
        if others && !hidden.is_empty() {
            listed.extend(self.others(ctx, attribute, shown_values, hidden, &percentiles).await?);
        }
        Ok(Groups { listed, percentiles })
    }

    /// All rows in none of the groups shown; `None` without any.
    async fn others(
        &self,
        ctx: &Context<'_>,
        attribute: FilterAttribute,
        shown_values: Vec<Option<Arc<str>>>,
        hidden: Vec<&GroupAnswer>,
        percentiles: &Arc<[Percentile]>,
    ) -> async_graphql::Result<Option<Group>> {
        let keeps_unset = !shown_values.contains(&None);
        let values = shown_values.iter().flatten().map(ToString::to_string).collect();
        let mut scope = Scope::clone(&self.scope);
        scope.filters.push(Arc::new(Filter::beyond(attribute, values, keeps_unset)));
        // Sums of groups that share no row add up; anything else is asked. A case has many tags, an agent who is present many teams.
        let adds_up = percentiles.is_empty()
            && attribute != FilterAttribute::Tag
            && self.metric.kind != RecordKind::Presence
            && !matches!(self.metric.measure, Measure::RowsPerAgent | Measure::Presence);
        let figures = if adds_up {
            let mut sum = Figures::default();
            hidden.iter().filter_map(|group| group.cells.first()).for_each(|cell| sum.merge(cell));
            sum
        } else {
            let wanted = Wanted { scope: &scope, ..self.wanted() };
            let found = answer(ctx, wanted.total(percentiles)).await?;
            cells(&found)?.first().and_then(|group| group.cells.first()).cloned().unwrap_or_default()
        };
        Ok((figures.rows > 0).then(|| Group { key: DimensionKey::others(attribute), figures, scope: Some(scope) }))
    }

    /// The one number that stands for the figure.
    pub(super) fn value(&self, figures: &Figures) -> Option<f64> {
        match self.metric.measure {
            Measure::Count => Some(figures.rows as f64),
            Measure::Share(_) => figures.percentage(),
            _ => figures.average(),
        }
    }

    /// The figure of an earlier span; `None` before the calendar begins.
    ///
    /// # Errors
    /// As `load`.
    pub async fn previous(&self, ctx: &Context<'_>, shift: Shift) -> async_graphql::Result<Option<Answered>> {
        match self.scope.shifted(shift) {
            Some(scope) => Answered::load(ctx, self.metric, self.clock, Arc::new(scope)).await.map(Some),
            None => Ok(None),
        }
    }

    /// By how much the figure differs from an earlier span's: of a share in percentage points, of anything else in percent; `None`
    /// when either is missing, and for percent of 0.
    ///
    /// # Errors
    /// As `answer`.
    pub async fn change(&self, ctx: &Context<'_>, shift: Shift) -> async_graphql::Result<Option<f64>> {
        let Some(scope) = self.scope.shifted(shift) else { return Ok(None) };
        let found = answer(ctx, Wanted { scope: &scope, ..self.wanted() }.total(&[])).await?;
        let earlier = cells(&found)?.first().and_then(|group| group.cells.first()).and_then(|cell| self.value(cell));
        let (Some(now), Some(then)) = (self.value(&self.figures), earlier) else { return Ok(None) };
        if self.metric.unit == Unit::Percent {
            return Ok(Some(now - then));
        }
        Ok((then != 0.0).then(|| (now - then) * 100.0 / then))
    }

    /// A percentile in the unit of the values.
    ///
    /// # Errors
    /// `Invalid` outside 0 to 100.
    pub async fn percentile(&self, ctx: &Context<'_>, p: f64) -> async_graphql::Result<Option<f64>> {
        let percentile = Percentile::of(p)
            .ok_or_else(|| shown(&Error::Invalid(format!("p: {p} is no percentile; it is from 0 to 100"))))?;
        if let Some(known) = self.known().percentile(percentile) {
            return Ok(known);
        }
        let found = Box::pin(answer(ctx, self.wanted().total(&[percentile]))).await?;
        let cell = cells(&found)?.first().and_then(|group| group.cells.first());
        Ok(cell.and_then(|cell| cell.percentiles.first().copied()))
    }

    fn known(&self) -> Known<'_> {
        Known { figures: &self.figures, percentiles: &self.percentiles }
    }

    fn accept(&self, attribute: FilterAttribute) -> async_graphql::Result<()> {
        accept(self.metric, attribute).map_err(|error| shown(&error))
    }
}

impl Groups {
    /// Each group with its figure.
    pub fn known(&self) -> impl Iterator<Item = (&DimensionKey, Known<'_>)> {
        let known = |figures| Known { figures, percentiles: &self.percentiles };
        self.listed.iter().map(move |group| (&group.key, known(&group.figures)))
    }
}

impl Series {
    /// Each bucket with its figure.
    pub fn points(&self) -> impl Iterator<Item = (&Bucket, Known<'_>)> {
        let answer = self.answer.as_ref().and_then(|answer| answer.as_deref().ok());
        let cells = answer.and_then(|answer| answer.groups.first()).map_or(&[][..], |group| &group.cells);
        let known = |figures| Known { figures, percentiles: &self.percentiles };
        let point = move |(place, bucket)| (bucket, known(cells.get(place).unwrap_or(&self.none)));
        self.buckets.iter().enumerate().map(point)
    }
}
