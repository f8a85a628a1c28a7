//! SLA analytics: how many cases had a policy, how their clocks stand, how long completed ones took.

mod figures;
mod what_if;

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use futures_util::future::{try_join, try_join_all};

use self::figures::{SlaCompliance, SlaPercentiles, selected, selected_below};
use self::what_if::SlaGoalsInput;
use super::context::ask;
use super::dimension::{DimensionKey, Grain, Shift, labels};
use super::error::shown;
use super::filter::Filter;
use super::metric::{answer, cells, check_first, check_percentiles};
use super::metrics::{last_30_days, scope};
use super::page::{self, Connection};
use super::period::PeriodInput;
use super::question::Scope;
use super::scalars::{DateTime, Long, TimeZone};
use super::sla_clock::SlaClock;
use crate::app::Error;
use crate::app::lookups::ClockNow;
use crate::app::records::RecordsQuestion;
use crate::metric::sla::{self, Cases, Clocks};
use crate::metric::{self, GroupAnswer, GroupBy, Origin, Percentile};
use crate::model::{FilterAttribute, Page, Window};
use crate::record::RecordKind;

/// What SLA analytics can be grouped by
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SlaDimension {
    /// SLA policy: clocks by their own, cases by every policy that they ever were under
    SlaPolicy,
    /// Team: clocks by the one at completion, cases and open clocks by the one that has the case now
    Team,
    /// Agent: clocks by who replied or had the case at completion, cases and open clocks by who has the case now
    Agent,
    /// Channel now
    Channel,
    /// Queue: likewise as team
    Queue,
    /// Priority now
    Priority,
}

impl From<SlaDimension> for FilterAttribute {
    fn from(dimension: SlaDimension) -> FilterAttribute {
        match dimension {
            SlaDimension::SlaPolicy => FilterAttribute::SlaPolicy,
            SlaDimension::Team => FilterAttribute::Team,
            SlaDimension::Agent => FilterAttribute::Agent,
            SlaDimension::Channel => FilterAttribute::Channel,
            SlaDimension::Queue => FilterAttribute::Queue,
            SlaDimension::Priority => FilterAttribute::Priority,
        }
    }
}

/// SLA analytics of a scope, with their figures.
#[derive(Clone)]
pub struct SlaAnalytics {
    scope: Arc<metric::Scope>,
    cases: Cases,
    clocks: Clocks,
    percentiles: Arc<[Percentile]>,
}

/// How the SLA clocks of the cases created in a period stand
#[Object]
impl SlaAnalytics {
    /// The question as it was understood
    async fn scope(&self) -> Scope {
        (&self.scope).into()
    }
    /// How fresh the data behind the answer is: the instant of the last change that it knows
    async fn as_of(&self, ctx: &Context<'_>) -> async_graphql::Result<DateTime> {
        let snapshot = Box::pin(ask(ctx)?.lookups.snapshot()).await.map_err(|error| shown(&error))?;
        Ok(DateTime(snapshot.as_of))
    }
    /// Cases created in the period, narrowed by every filter but the policy; in a group by policy those of the whole scope
    async fn total_cases(&self) -> Long {
        Long::count(self.cases.total)
    }
    /// Those of them that ever were under an SLA policy; under a filter by policy, one of those
    async fn sla_cases(&self) -> Long {
        Long::count(self.cases.with_policy)
    }
    /// Share of SLA cases among all, 0 to 100; null without cases
    async fn coverage_rate(&self) -> Option<f64> {
        let Cases { total, with_policy } = self.cases;
        (total > 0).then(|| with_policy as f64 * 100.0 / total as f64)
    }
    /// How the clocks stand
    async fn compliance(&self) -> SlaCompliance {
        SlaCompliance::of(&self.clocks)
    }
    /// How long completed clocks took, in the time that each counts
    async fn percentiles(&self) -> SlaPercentiles {
        SlaPercentiles::of(&self.scope, &self.clocks, &self.percentiles)
    }
    /// The same of each group, those with most cases first: a group for every value that cases or clocks have, and one for none
    #[graphql(complexity = "100 + usize::try_from(first).unwrap_or(0).min(100) * child_complexity")]
    async fn by(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What groups cases and clocks")] dimension: SlaDimension,
        #[graphql(desc = "Groups shown, at most 100", default = 50)] first: i32,
    ) -> async_graphql::Result<Option<Vec<SlaGroup>>> {
        Box::pin(self.groups(ctx, dimension, first)).await.map(Some)
    }
    /// The same of each bucket of the period by the creation of cases, in order of time, empty ones included
    #[graphql(complexity = "100 + 100 * child_complexity")]
    async fn series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Size of the buckets; the first and last may be cut by the period")] grain: Grain,
    ) -> async_graphql::Result<Option<Vec<SlaPoint>>> {
        Box::pin(self.points(ctx, grain.into())).await.map(Some)
    }
    /// The same of an earlier span; null before the calendar begins
    async fn previous(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which", default_with = "Shift::PreviousPeriod")] shift: Shift,
    ) -> async_graphql::Result<Option<SlaAnalytics>> {
        match self.scope.shifted(shift.into()) {
            Some(scope) => Box::pin(SlaAnalytics::load(ctx, scope)).await.map(Some),
            None => Ok(None),
        }
    }
    /// The clocks themselves, those of the newest cases first
    #[expect(clippy::too_many_arguments, reason = "the field has them")]
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn clocks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only clocks in one of these states; null: in any")] state: Option<
            Vec<super::enums::SlaState>,
        >,
        #[graphql(desc = "Only clocks of these kinds; null: of any")] metric: Option<Vec<super::enums::SlaMetric>>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<SlaClock>>> {
        let window = page::window(first, after, last, before)?;
        let states: Option<Vec<_>> = state.map(|states| states.into_iter().map(Into::into).collect());
        let metrics: Option<Vec<_>> = metric.map(|metrics| metrics.into_iter().map(Into::into).collect());
        let (selection, rows) = sla::rows(&self.scope, states.as_deref(), metrics.as_deref());
        let value = metric::Value::Count;
        let question = RecordsQuestion { kind: RecordKind::SlaClock, selection, rows, value };
        Box::pin(clocks(ctx, question, &window)).await.map(Some)
    }
    /// The same as if these had been the goals: what the same events would give under policies with them. Clocks keep their own state
    /// where they are listed
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The goals; within another what-if, those of that one where these leave something open")]
        goals: SlaGoalsInput,
    ) -> async_graphql::Result<Option<SlaAnalytics>> {
        let goals = Box::pin(goals.check(ask(ctx)?)).await?;
        Box::pin(SlaAnalytics::load(ctx, self.scope.what_if(goals))).await.map(Some)
    }
    /// Smallest goal, in seconds, with which the given share of the completed clocks would have been in time; null without any
    async fn goal_for(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which clocks")] metric: super::enums::SlaMetric,
        #[graphql(desc = "The share, 0 to 100; 0 needs no goal at all")] percentage: f64,
    ) -> async_graphql::Result<Option<f64>> {
        let bad = || Error::Invalid(format!("percentage: {percentage} is no share; it is from 0 to 100"));
        let percentile = Percentile::nearest(percentage).ok_or_else(|| shown(&bad()))?;
        let found = Box::pin(answer(ctx, sla::judged(&self.scope, metric.into(), &[percentile]))).await?;
        let cell = cells(&found)?.first().and_then(|group| group.cells.first());
        let goal_ms = cell.and_then(|cell| cell.percentiles.first().copied());
        Ok(goal_ms.map(|ms| if percentage == 0.0 { 0.0 } else { ms / 1_000.0 }))
    }
}

/// A page of clocks. One that is gone since the picture was drawn is left out.
async fn clocks(
    ctx: &Context<'_>,
    question: RecordsQuestion,
    window: &Window,
) -> async_graphql::Result<Connection<SlaClock>> {
    let ask = ask(ctx)?;
    let page = match page::wants_rows(ctx) {
        true => ask.lookups.records_page(&question, window).await.map_err(|error| shown(&error))?,
        false => Page::empty(),
    };
    let (has_next, has_previous) = (page.has_next, page.has_previous);
    let load = page.items.into_iter().map(|(cursor, row)| async move {
        let (derived, clocks) =
            try_join(ask.load.derived.find(row.of.clone()), ask.load.clocks.find(row.of.clone())).await?;
        let key = derived.and_then(|of| of.sla_clocks.get(usize::from(row.ordinal)).map(|c| (c.metric, c.ordinal)));
        let is_it = |clock: &&ClockNow| Some((clock.key.metric, clock.key.ordinal)) == key;
        let clock = clocks.and_then(|clocks| clocks.iter().find(is_it).cloned());
        Ok::<_, async_graphql::Error>(clock.map(|clock| (cursor, SlaClock(clock))))
    });
    let items = try_join_all(load).await?.into_iter().flatten().collect();
    let page = Page { items, has_next, has_previous };
    Ok(Connection::new(
        page,
        |clock| clock,
        move |lookups| {
            let question = question.clone();
            async move { lookups.count_records(&question).await }
        },
    ))
}

impl SlaAnalytics {
    /// The analytics of a scope; what is selected below is worked out together.
    ///
    /// # Errors
    /// As `answer`.
    pub async fn load(ctx: &Context<'_>, scope: metric::Scope) -> async_graphql::Result<SlaAnalytics> {
        let percentiles = selected(ctx.field());
        check_percentiles(&percentiles)?;
        let (cases, clocks) = try_join(
            answer(ctx, sla::cases(&scope, Vec::new())),
            answer(ctx, sla::clocks(&scope, Vec::new(), &percentiles)),
        )
        .await?;
        let cases = cells(&cases)?.first().map(|group| sla::cases_of(group, 0)).unwrap_or_default();
        let clocks = sla::clocks_of(cells(&clocks)?, &[], 0);
        Ok(SlaAnalytics { scope: Arc::new(scope), cases, clocks, percentiles: percentiles.into() })
    }

    async fn groups(
        &self,
        ctx: &Context<'_>,
        dimension: SlaDimension,
        first: i32,
    ) -> async_graphql::Result<Vec<SlaGroup>> {
        let attribute = FilterAttribute::from(dimension);
        let percentiles: Arc<[Percentile]> = selected_below(ctx.field()).into();
        check_percentiles(&percentiles)?;
        let first = check_first(first)?;
        let by_policy = dimension == SlaDimension::SlaPolicy;
        let of_cases = if by_policy { GroupBy::PolicyEver } else { GroupBy::Attribute(attribute) };
        let (cases, clocks) = try_join(
            answer(ctx, sla::cases(&self.scope, vec![of_cases])),
            answer(ctx, sla::clocks(&self.scope, vec![GroupBy::Attribute(attribute)], &percentiles)),
        )
        .await?;
        let (cases, clocks) = (cells(&cases)?, cells(&clocks)?);
        let last = |group: &GroupAnswer| group.key.last().cloned().flatten();
        let mut values: Vec<Option<Arc<str>>> = cases.iter().chain(clocks).map(last).collect();
        values.sort_unstable();
        values.dedup();
        let names = labels(ask(ctx)?, attribute, &values).await?;
        let mut groups = Vec::with_capacity(values.len());
        for value in values {
            let group = cases.iter().find(|group| last(group) == value);
            let mut found = group.map(|group| sla::cases_of(group, 0)).unwrap_or_default();
            if by_policy {
                found.total = self.cases.total;
            }
            let analytics = SlaAnalytics {
                scope: Arc::new(self.scope.within(attribute, value.as_deref())),
                clocks: sla::clocks_of(clocks, std::slice::from_ref(&value), 0),
                cases: found,
                percentiles: Arc::clone(&percentiles),
            };
            let label = names.get(&value).cloned().unwrap_or_default();
            groups.push((label.clone(), SlaGroup { key: DimensionKey::new(attribute, value, label), analytics }));
        }
        // Values are in order, so that equal groups of one label keep it.
        groups.sort_by(|(a_label, a), (b_label, b)| {
            let size = |group: &SlaGroup| group.analytics.cases.with_policy.max(group.analytics.clocks.count());
            size(b).cmp(&size(a)).then_with(|| a_label.cmp(b_label))
        });
        groups.truncate(first);
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    async fn points(&self, ctx: &Context<'_>, grain: metric::Grain) -> async_graphql::Result<Vec<SlaPoint>> {
        let percentiles: Arc<[Percentile]> = selected_below(ctx.field()).into();
        check_percentiles(&percentiles)?;
        let buckets = self.scope.buckets(grain).map_err(|error| shown(&Error::Limit(error.to_string())))?;
        if buckets.is_empty() {
            return Ok(Vec::new());
        }
        let (cases, clocks) = try_join(
            answer(ctx, sla::cases(&self.scope, Vec::new()).in_buckets(&buckets)),
            answer(ctx, sla::clocks(&self.scope, Vec::new(), &percentiles).in_buckets(&buckets)),
        )
        .await?;
        let (cases, clocks) = (cells(&cases)?, cells(&clocks)?);
        let point = |(place, bucket): (usize, &metric::Bucket)| SlaPoint {
            from: DateTime(bucket.span.from),
            until: DateTime(bucket.span.until),
            label: bucket.label.clone(),
            analytics: SlaAnalytics {
                scope: Arc::new(self.scope.during(bucket.span, Origin::Bucket(grain))),
                cases: cases.first().map(|group| sla::cases_of(group, place)).unwrap_or_default(),
                clocks: sla::clocks_of(clocks, &[], place),
                percentiles: Arc::clone(&percentiles),
            },
        };
        Ok(buckets.iter().enumerate().map(point).collect())
    }
}

/// A group of cases and clocks with one value of a dimension
#[derive(SimpleObject)]
pub struct SlaGroup {
    /// Which value
    key: DimensionKey,
    /// Their analytics
    analytics: SlaAnalytics,
}

/// A bucket of a series
#[derive(SimpleObject)]
pub struct SlaPoint {
    /// Start, inclusive
    from: DateTime,
    /// End, exclusive
    until: DateTime,
    /// What it is called in its zone, as in series of metrics
    label: String,
    /// The analytics of cases created in it
    analytics: SlaAnalytics,
}

/// Fields of the root.
#[derive(Default)]
pub struct SlaAnalyticsQuery;

#[Object]
impl SlaAnalyticsQuery {
    /// How the SLA clocks of the cases created in a period stand
    async fn sla_analytics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period", default_with = "Some(last_30_days())")] period: Option<PeriodInput>,
        #[graphql(desc = "Time zone of days and hours; null: the workspace's")] timezone: Option<TimeZone>,
        #[graphql(desc = "Only cases and clocks that match it")] filter: Option<Filter>,
    ) -> async_graphql::Result<Option<SlaAnalytics>> {
        let scope = scope(ctx, period.unwrap_or_else(last_30_days), timezone, filter).await?;
        SlaAnalytics::load(ctx, scope).await.map(Some)
    }
}
