//! The figures that a front page shows.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::try_join_all;

use super::agent::Agent;
use super::channel::Channel;
use super::context::ask;
use super::dimension::labels;
use super::error::shown;
use super::filter::Filter;
use super::metric::{answer, cells, check_first};
use super::metrics::{last_30_days, scope};
use super::period::PeriodInput;
use super::question::Scope;
use super::scalars::{DateTime, Long, TimeZone};
use crate::metric::{self, Ask, Figures, GroupAnswer, GroupBy, MetricId, Percentile, catalog};
use crate::model::{ClockMode, Filter as Terms, FilterAttribute};

/// The figures of a front page.
pub struct Overview {
    scope: Arc<metric::Scope>,
    created: Figures,
    first_response: Figures,
    resolution: Figures,
    open: Figures,
    handle: Figures,
    csat: Figures,
    channels: Vec<GroupAnswer>,
}

fn ask_for(id: MetricId, scope: &metric::Scope, group_by: Vec<GroupBy>, percentiles: &[Percentile]) -> Ask {
    catalog::find(id).ask(scope, ClockMode::Calendar, group_by, percentiles)
}

fn by(attribute: FilterAttribute) -> Vec<GroupBy> {
    vec![GroupBy::Attribute(attribute)]
}

fn seconds(ms: f64) -> f64 {
    ms / 1_000.0
}

impl Overview {
    async fn load(ctx: &Context<'_>, scope: metric::Scope) -> async_graphql::Result<Overview> {
        let median = [Percentile::MEDIAN];
        let asks = [
            ask_for(MetricId::CreatedCases, &scope, Vec::new(), &[]),
            ask_for(MetricId::FirstResponseTime, &scope, Vec::new(), &median),
            ask_for(MetricId::ResolutionRate, &scope, Vec::new(), &[]),
            ask_for(MetricId::OpenCases, &scope, Vec::new(), &[]),
            ask_for(MetricId::HandleTime, &scope, Vec::new(), &median),
            ask_for(MetricId::Csat, &scope, Vec::new(), &[]),
            ask_for(MetricId::CreatedCases, &scope, by(FilterAttribute::Channel), &[]),
        ];
        // The rows behind some of them lack no attribute that cases have.
        let found = try_join_all(asks.into_iter().map(|ask| answer(ctx, ask))).await?;
        let figures = |place: usize| -> async_graphql::Result<Figures> {
            let group = cells(&found[place])?.first();
            Ok(group.and_then(|group| group.cells.first()).cloned().unwrap_or_default())
        };
        Ok(Overview {
            created: figures(0)?,
            first_response: figures(1)?,
            resolution: figures(2)?,
            open: figures(3)?,
            handle: figures(4)?,
            csat: figures(5)?,
            channels: cells(&found[6])?.to_vec(),
            scope: Arc::new(scope),
        })
    }

    /// The scope with only those demands that presence can meet.
    fn of_presence(&self) -> metric::Scope {
        let accepted = catalog::find(MetricId::ActiveAgents).attributes();
        let mut scope = metric::Scope::clone(&self.scope);
        let terms = scope.filters.iter().flat_map(|filter| filter.terms().to_vec());
        let kept = terms.filter(|term| accepted.contains(&term.attribute));
        scope.filters = kept.map(|term| Arc::new(Terms::of_term(term))).collect();
        scope
    }
}

/// The figures of a front page
#[Object]
impl Overview {
    /// The question as it was understood
    async fn scope(&self) -> Scope {
        (&self.scope).into()
    }
    /// How fresh the data behind the answer is: the instant of the last change that it knows
    async fn as_of(&self, ctx: &Context<'_>) -> async_graphql::Result<DateTime> {
        let snapshot = ask(ctx)?.lookups.snapshot().await.map_err(|error| shown(&error))?;
        Ok(DateTime(snapshot.as_of))
    }
    /// Cases created in the period
    async fn total_cases(&self) -> Long {
        Long::count(self.created.rows)
    }
    /// Mean time from creation to first reply of the cases created in the period that have one, in seconds; null without any
    async fn average_first_response_seconds(&self) -> Option<f64> {
        self.first_response.average().map(seconds)
    }
    /// Median of the same, in seconds; null without any
    async fn median_first_response_seconds(&self) -> Option<f64> {
        self.first_response.percentiles.first().copied().map(seconds)
    }
    /// Share of the cases created in the period that are resolved or closed now, 0 to 100; null without cases
    async fn resolution_rate(&self) -> Option<f64> {
        self.resolution.percentage()
    }
    /// Human agents who are not offline now; of the filter only agent and team narrow it; null with an error to a viewer of some teams
    async fn active_agents(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Long>> {
        let found = answer(ctx, ask_for(MetricId::ActiveAgents, &self.of_presence(), Vec::new(), &[])).await?;
        let figures = cells(&found)?.first().and_then(|group| group.cells.first());
        Ok(figures.map(|figures| Long::count(figures.rows)))
    }
    /// The share of each channel, as it is now, in the cases created in the period, in percent to one decimal; they sum to 100, or there
    /// are none
    async fn channel_mix(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ChannelShare>> {
        let counted =
            self.channels.iter().filter_map(|group| Some((group.key.first()?.clone()?, group.cells.first()?)));
        let mut counted: Vec<(Arc<str>, u64)> = counted.map(|(channel, figures)| (channel, figures.rows)).collect();
        counted.sort_unstable();
        let counts: Vec<u64> = counted.iter().map(|(_, cases)| *cases).collect();
        let shares = metric::shares::tenths_of_percent(&counts);
        let mut mix = Vec::with_capacity(counted.len());
        for ((channel, cases), tenths) in counted.into_iter().zip(shares) {
            let channel = Channel::get(ask(ctx)?, &channel).await?;
            mix.push(ChannelShare { channel, percentage: tenths as f64 / 10.0, cases: Long::count(cases) });
        }
        mix.sort_by_key(|share| std::cmp::Reverse(share.cases.0));
        Ok(mix)
    }
    /// The agents with most resolutions in the period that still stand; equal ones by name
    #[graphql(complexity = "100 + usize::try_from(first).unwrap_or(0).min(100) * child_complexity")]
    async fn top_agents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Agents shown, at most 100", default = 5)] first: i32,
    ) -> async_graphql::Result<Option<Vec<TopAgent>>> {
        let first = check_first(first)?;
        let found = answer(ctx, ask_for(MetricId::ResolvedCases, &self.scope, by(FilterAttribute::Agent), &[])).await?;
        let groups =
            cells(&found)?.iter().filter_map(|group| Some((group.key.first()?.clone()?, group.cells.first()?)));
        let mut top: Vec<(Arc<str>, u64)> = groups.map(|(agent, figures)| (agent, figures.rows)).collect();
        top.sort_unstable_by_key(|(_, resolved)| std::cmp::Reverse(*resolved));
        // Names tell equal ones apart.
        let last = top.get(first.saturating_sub(1)).map_or(0, |(_, resolved)| *resolved);
        top.retain(|(_, resolved)| *resolved >= last);
        let values: Vec<_> = top.iter().map(|(agent, _)| Some(Arc::clone(agent))).collect();
        let names = labels(ask(ctx)?, FilterAttribute::Agent, &values).await?;
        top.sort_by(|(a, a_count), (b, b_count)| {
            let name = |agent: &Arc<str>| names.get(&Some(Arc::clone(agent)));
            b_count.cmp(a_count).then_with(|| name(a).cmp(&name(b))).then_with(|| a.cmp(b))
        });
        let mut shown_agents = Vec::with_capacity(first);
        for (agent, resolved) in top.into_iter().take(first) {
            let agent = Agent::find(ask(ctx)?, Some(&agent.to_string())).await?;
            shown_agents.extend(agent.map(|agent| TopAgent { agent, resolved: Long::count(resolved) }));
        }
        Ok(Some(shown_agents))
    }
    /// Cases that are new or open now, whatever the period
    async fn open_cases(&self) -> Long {
        Long::count(self.open.rows)
    }
    /// Mean time from creation to the standing resolution of the cases created in the period, in seconds; null without any
    async fn average_handle_seconds(&self) -> Option<f64> {
        self.handle.average().map(seconds)
    }
    /// Median of the same, in seconds; null without any
    async fn median_handle_seconds(&self) -> Option<f64> {
        self.handle.percentiles.first().copied().map(seconds)
    }
    /// Share of the ratings given in the period whose score is 4 or 5, 0 to 100; null without ratings
    async fn customer_satisfaction(&self) -> Option<f64> {
        self.csat.percentage()
    }
}

/// A channel's share of cases
#[derive(SimpleObject)]
pub struct ChannelShare {
    /// The channel
    channel: Channel,
    /// Its share, in percent to one decimal
    percentage: f64,
    /// Its cases
    cases: Long,
}

/// An agent with many resolutions
#[derive(SimpleObject)]
pub struct TopAgent {
    /// The agent
    agent: Agent,
    /// Resolutions that still stand
    resolved: Long,
}

/// Fields of the root.
#[derive(Default)]
pub struct OverviewQuery;

#[Object]
impl OverviewQuery {
    /// The figures of a front page, over one period, zone and filter
    async fn overview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period", default_with = "Some(last_30_days())")] period: Option<PeriodInput>,
        #[graphql(desc = "Time zone of days and hours; null: the workspace's")] timezone: Option<TimeZone>,
        #[graphql(desc = "Only rows that match it")] filter: Option<Filter>,
    ) -> async_graphql::Result<Option<Overview>> {
        let scope = scope(ctx, period.unwrap_or_else(last_30_days), timezone, filter).await?;
        Overview::load(ctx, scope).await.map(Some)
    }
}
