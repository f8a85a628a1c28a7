//! What each agent did with the cases created in a period.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};

use super::agent::Agent;
use super::catalogue_enums::{AgentMeasure, Unit};
use super::context::ask;
use super::filter::Filter;
use super::metric::{answer, cells};
use super::metrics::scope;
use super::period::PeriodInput;
use super::question::Scope;
use super::scalars::TimeZone;
use crate::metric::{self, agent_overview};

/// What each agent did with the cases created in a period
#[derive(SimpleObject)]
pub struct AgentOverview {
    /// The question as it was understood
    scope: Scope,
    /// What is measured
    measure: AgentMeasure,
    /// What the values count in
    unit: Unit,
    /// One row an agent who has a value: shares, messages and chat durations from the largest, other lengths of time from the shortest;
    /// agents with equal values by name
    rows: Vec<AgentOverviewRow>,
}

/// One agent's value
#[derive(SimpleObject)]
pub struct AgentOverviewRow {
    /// The agent who has the cases now; of first responses, who made them
    agent: Agent,
    /// The value, in the unit of the overview
    value: f64,
}

/// Fields of the root.
#[derive(Default)]
pub struct AgentOverviewQuery;

#[Object]
impl AgentOverviewQuery {
    /// What each agent did with the cases created in a period: those that the agent has now, of first responses those that the agent
    /// replied to first; a length of time of 0 is none
    async fn agent_overview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is measured")] measure: AgentMeasure,
        #[graphql(desc = "Which period")] period: PeriodInput,
        #[graphql(desc = "Time zone of days and hours; null: the workspace's")] timezone: Option<TimeZone>,
        #[graphql(desc = "Only cases that match it")] filter: Option<Filter>,
    ) -> async_graphql::Result<Option<AgentOverview>> {
        let scope = Arc::new(scope(ctx, period, timezone, filter).await?);
        let rows = rows(ctx, measure.into(), &scope).await?;
        let unit = agent_overview::AgentMeasure::from(measure).unit().into();
        Ok(Some(AgentOverview { scope: (&scope).into(), measure, unit, rows }))
    }
}

async fn rows(
    ctx: &Context<'_>,
    measure: agent_overview::AgentMeasure,
    scope: &metric::Scope,
) -> async_graphql::Result<Vec<AgentOverviewRow>> {
    let found = answer(ctx, measure.ask(scope)).await?;
    let values = measure.values(cells(&found)?);
    let ids: Vec<String> = values.iter().map(|(id, _)| id.to_string()).collect();
    let agents = ask(ctx)?.load.agents.find_all(&ids).await?;
    let with_agent = |(id, value): (Arc<str>, f64)| {
        agents.iter().find(|agent| *agent.id == *id).map(|agent| (Arc::clone(agent), value))
    };
    let mut rows: Vec<_> = values.into_iter().filter_map(with_agent).collect();
    measure.sort(&mut rows, |agent| (agent.name.clone(), agent.id.clone()));
    let is_time = measure.unit() == metric::Unit::Seconds;
    let shown = |value: f64| if is_time { value / 1_000.0 } else { value };
    Ok(rows.into_iter().map(|(agent, value)| AgentOverviewRow { agent: Agent(agent), value: shown(value) }).collect())
}
