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
use super::metric::{answer, cells, check_first, whole};
use super::metrics::{last_30_days, scope};
use super::period::PeriodInput;
use super::question::Scope;
use super::scalars::{DateTime, Long, TimeZone};
use crate::app::Error;
use crate::metric::{self, overview};
use crate::model::FilterAttribute;

/// The figures of a front page.
pub struct Overview {
    scope: Arc<metric::Scope>,
    figures: overview::Overview,
}

fn seconds(ms: f64) -> f64 {
    ms / 1_000.0
}

impl Overview {
    async fn load(ctx: &Context<'_>, scope: metric::Scope) -> async_graphql::Result<Overview> {
        // The rows behind some of them lack no attribute that cases have.
        let found = try_join_all(overview::asks(&scope).map(|ask| answer(ctx, ask))).await?;
        let answers = found.iter().map(|found| whole(found)).collect::<Result<Vec<_>, _>>()?;
        let answers = answers.try_into().map_err(|_| shown(&Error::Internal))?;
        Ok(Overview { figures: overview::Overview::of(answers), scope: Arc::new(scope) })
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
        Long::count(self.figures.created.rows)
    }
    /// Mean time from creation to first reply of the cases created in the period that have one, in seconds; null without any
    async fn average_first_response_seconds(&self) -> Option<f64> {
        self.figures.first_response.average().map(seconds)
    }
    /// Median of the same, in seconds; null without any
    async fn median_first_response_seconds(&self) -> Option<f64> {
        self.figures.first_response.percentiles.first().copied().map(seconds)
    }
    /// Share of the cases created in the period that are resolved or closed now, 0 to 100; null without cases
    async fn resolution_rate(&self) -> Option<f64> {
        self.figures.resolution.percentage()
    }
    /// Human agents who are not offline now; of the filter only agent and team narrow it; null with an error to a viewer of some teams
    async fn active_agents(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Long>> {
        let found = answer(ctx, overview::active_agents(&self.scope)).await?;
        let figures = cells(&found)?.first().and_then(|group| group.cells.first());
        Ok(figures.map(|figures| Long::count(figures.rows)))
    }
    /// The share of each channel, as it is now, in the cases created in the period, in percent to one decimal; they sum to 100, or there
    /// are none
    async fn channel_mix(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ChannelShare>> {
        let mut mix = Vec::with_capacity(self.figures.channels.len());
        for share in &self.figures.channels {
            let channel = Channel::get(ask(ctx)?, &share.channel).await?;
            let percentage = share.tenths as f64 / 10.0;
            mix.push(ChannelShare { channel, percentage, cases: Long::count(share.cases) });
        }
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
        let found = answer(ctx, overview::resolved_by_agent(&self.scope)).await?;
        let top = overview::contenders(cells(&found)?, first);
        let values: Vec<_> = top.iter().map(|(agent, _)| Some(Arc::clone(agent))).collect();
        let names = labels(ask(ctx)?, FilterAttribute::Agent, &values).await?;
        let top = overview::best(top, first, |agent| names.get(&Some(Arc::clone(agent))).map(String::as_str));
        let mut shown_agents = Vec::with_capacity(first);
        for (agent, resolved) in top {
            let agent = Agent::find(ask(ctx)?, Some(&agent.to_string())).await?;
            shown_agents.extend(agent.map(|agent| TopAgent { agent, resolved: Long::count(resolved) }));
        }
        Ok(Some(shown_agents))
    }
    /// Cases that are new or open now, whatever the period
    async fn open_cases(&self) -> Long {
        Long::count(self.figures.open.rows)
    }
    /// Mean time from creation to the standing resolution of the cases created in the period, in seconds; null without any
    async fn average_handle_seconds(&self) -> Option<f64> {
        self.figures.handle.average().map(seconds)
    }
    /// Median of the same, in seconds; null without any
    async fn median_handle_seconds(&self) -> Option<f64> {
        self.figures.handle.percentiles.first().copied().map(seconds)
    }
    /// Share of the ratings given in the period whose score is 4 or 5, 0 to 100; null without ratings
    async fn customer_satisfaction(&self) -> Option<f64> {
        self.figures.csat.percentage()
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
