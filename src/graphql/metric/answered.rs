//! A metric's figure, and the points, groups and earlier figures that hang on it.

use std::sync::Arc;

use async_graphql::Context;
use futures_util::future::join_all;

use super::wants::{Wanted, percentiles, percentiles_below};
use crate::app::{Error, analytics};
use crate::graphql::context::{Ask as RequestAsk, ask};
use crate::graphql::dimension::{Dimension, DimensionKey, GroupOrder};
use crate::graphql::error::shown;
use crate::metric::catalog;
use crate::metric::{
    Ask, BlockAnswer, Bucket, Figures, Grain, GroupAnswer, Measure, Metric, Origin, Percentile, Scope, Shift, Unit,
};
use crate::model::page::MAX_PAGE_ROWS;
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

/// A bucket of a series with its figure.
pub struct Point {
    /// The bucket.
    pub bucket: Bucket,
    /// Its figure.
    pub metric: Answered,
}

/// A group with its figure.
pub struct Group {
    /// Which group.
    pub key: DimensionKey,
    /// Its figure.
    pub metric: Answered,
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

/// Refuses a filter that the rows of a kind do not have.
///
/// # Errors
/// `Invalid` naming those that they have.
pub fn accept_kind(kind: RecordKind, scope: &Scope) -> async_graphql::Result<()> {
    let accepted = catalog::attributes(kind);
    let mut terms = scope.filters.iter().flat_map(|filter| filter.terms());
    let Some(term) = terms.find(|term| !accepted.contains(&term.attribute)) else { return Ok(()) };
    let names: Vec<&str> = accepted.iter().map(|attribute| attribute.word()).collect();
    let text = format!("{kind} cannot be filtered by `{}`; try one of: {}", term.attribute, names.join(", "));
    Err(shown(&Error::Invalid(text)))
}

fn accept_filters(metric: &Metric, scope: &Scope) -> async_graphql::Result<()> {
    let mut terms = scope.filters.iter().flat_map(|filter| filter.terms());
    terms.try_for_each(|term| accept(metric, term.attribute)).map_err(|error| shown(&error))
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
    pub async fn series(&self, ctx: &Context<'_>, grain: Grain) -> async_graphql::Result<Vec<Point>> {
        let percentiles: Arc<[Percentile]> = percentiles_below(ctx.field()).into();
        check_percentiles(&percentiles)?;
        let buckets = self.scope.buckets(grain).map_err(|error| shown(&Error::Limit(error.to_string())))?;
        if buckets.is_empty() {
            return Ok(Vec::new());
        }
        let found = answer(ctx, self.wanted().total(&percentiles).in_buckets(&buckets)).await?;
        let cells = cells(&found)?.first().map(|group| group.cells.as_slice()).unwrap_or_default();
        let point = |(place, bucket): (usize, &Bucket)| {
            let scope = self.scope.during(bucket.span, Origin::Bucket(grain));
            let figures = cells.get(place).cloned().unwrap_or_default();
            Point { metric: self.with(scope, figures, &percentiles), bucket: bucket.clone() }
        };
        Ok(buckets.iter().enumerate().map(point).collect())
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
    ) -> async_graphql::Result<Vec<Group>> {
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
            let metric = self.with(self.scope.within(attribute, value.as_deref()), figures, &percentiles);
            listed.push(Group { key, metric });
        }
        if others && !hidden.is_empty() {
            listed.extend(self.others(ctx, attribute, shown_values, hidden, &percentiles).await?);
        }
        Ok(listed)
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
        let metric = self.with(scope, figures, percentiles);
        Ok((metric.figures.rows > 0).then(|| Group { key: DimensionKey::others(attribute), metric }))
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
        if let Some(known) = self.known(percentile) {
            return Ok(known);
        }
        let found = Box::pin(answer(ctx, self.wanted().total(&[percentile]))).await?;
        let cell = cells(&found)?.first().and_then(|group| group.cells.first());
        Ok(cell.and_then(|cell| cell.percentiles.first().copied()))
    }

    /// A percentile that was worked out with the figure; `None` when it was not.
    pub fn known(&self, percentile: Percentile) -> Option<Option<f64>> {
        let place = self.percentiles.iter().position(|of| *of == percentile)?;
        Some(self.figures.percentiles.get(place).copied())
    }

    fn accept(&self, attribute: FilterAttribute) -> async_graphql::Result<()> {
        accept(self.metric, attribute).map_err(|error| shown(&error))
    }
}

/// Refuses an attribute that the rows of a metric do not have.
///
/// # Errors
/// `Invalid` naming those that they have.
pub fn accept(metric: &Metric, attribute: FilterAttribute) -> Result<(), Error> {
    let accepted = metric.attributes();
    if accepted.contains(&attribute) {
        return Ok(());
    }
    let names: Vec<&str> = accepted.iter().map(|attribute| attribute.word()).collect();
    Err(Error::Invalid(format!(
        "metric `{}` cannot be filtered or grouped by `{attribute}`; try one of: {}",
        metric.id,
        names.join(", ")
    )))
}

/// Refuses too many percentiles.
///
/// # Errors
/// `Limit` naming bound and value.
pub fn check_percentiles(percentiles: &[Percentile]) -> async_graphql::Result<()> {
    let (count, limit) = (percentiles.len(), Percentile::LIMIT);
    if count <= limit {
        return Ok(());
    }
    Err(shown(&Error::Limit(format!("{count} different percentiles; at most {limit} are allowed"))))
}

/// Number of groups to show.
///
/// # Errors
/// `Limit` over 100, `Invalid` below 0.
pub fn check_first(first: i32) -> async_graphql::Result<usize> {
    let refused = |error| Err(shown(&error));
    match usize::try_from(first) {
        Ok(first) if first > MAX_PAGE_ROWS => {
            refused(Error::Limit(format!("`first` is {first}; at most {MAX_PAGE_ROWS} groups are shown")))
        }
        Ok(first) => Ok(first),
        Err(_) => refused(Error::Invalid(format!("`first` is {first}; it is 0 or more"))),
    }
}
