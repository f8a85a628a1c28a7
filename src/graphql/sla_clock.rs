//! SLA clocks and why they stand as they do.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::agent::Agent;
use super::case::Case;
use super::context::{Ask, ask};
use super::enums::{Clock, ClockReason, SlaMetric, SlaState};
use super::error::shown;
use super::node::{Kind, global_id};
use super::scalars::{DateTime, seconds};
use super::sla_policy::SlaPolicy;
use super::team::Team;
use crate::app::Error;
use crate::app::lookups::{ClockInterval as Interval, ClockNow};
use crate::model;

/// A clock and how it stands.
pub struct SlaClock(pub ClockNow);

impl SlaClock {
    /// The clock that the key of a global id names.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, key: &str) -> async_graphql::Result<Option<SlaClock>> {
        let mut parts = key.splitn(3, ':');
        let (Some(metric), Some(ordinal), Some(case)) = (parts.next(), parts.next(), parts.next()) else {
            return Ok(None);
        };
        let (Some(metric), Ok(ordinal)) = (model::SlaMetric::from_word(metric), ordinal.parse::<i32>()) else {
            return Ok(None);
        };
        let Some(clocks) = ask.load.clocks.find(case.to_owned()).await? else { return Ok(None) };
        let is_asked = |clock: &&ClockNow| clock.key.metric == metric && clock.key.ordinal == ordinal;
        Ok(clocks.iter().find(is_asked).cloned().map(SlaClock))
    }
}

/// One promise to a customer on its way to being kept or broken, as it stands now
#[Object]
impl SlaClock {
    /// Global id
    pub async fn id(&self) -> ID {
        let key = &self.0.key;
        global_id(Kind::SlaClock, &format!("{}:{}:{}", key.metric, key.ordinal, key.case))
    }
    /// The case
    async fn case(&self, ctx: &Context<'_>) -> async_graphql::Result<Case> {
        Case::get(ask(ctx)?, &self.0.key.case).await
    }
    /// Policy that promises it, in the version that applies to the case
    async fn policy(&self, ctx: &Context<'_>) -> async_graphql::Result<SlaPolicy> {
        let record = &self.0.record;
        let policy = SlaPolicy::version(ask(ctx)?, &record.policy, record.policy_from).await?;
        policy.ok_or_else(|| shown(&Error::Internal))
    }
    /// What is measured
    async fn metric(&self) -> SlaMetric {
        self.0.key.metric.into()
    }
    /// How the clock stands
    async fn state(&self) -> SlaState {
        self.0.state.into()
    }
    /// Indicates the clock is open and its case's status keeps it from counting
    async fn is_paused(&self) -> bool {
        self.0.record.is_paused
    }
    /// Indicates the goal was missed, whether completed since or not
    async fn is_breached(&self) -> bool {
        matches!(self.0.state, model::SlaState::Breached | model::SlaState::CompletedAfterBreach)
    }
    /// Which time counts
    async fn clock(&self) -> Clock {
        self.0.record.clock.into()
    }
    /// Counted time allowed, in seconds
    async fn goal_seconds(&self) -> f64 {
        seconds(self.0.record.goal_ms)
    }
    /// When the clock started
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.record.started_at)
    }
    /// When the goal is or was used up; null while paused unless used up before, and when that is more than 5,000 days away
    async fn due_at(&self) -> Option<DateTime> {
        self.0.record.due_at.map(DateTime)
    }
    /// When the clock completed; null while it is open
    async fn completed_at(&self) -> Option<DateTime> {
        self.0.record.completed_at.map(DateTime)
    }
    /// Counted time until completion or now, in seconds
    async fn elapsed_seconds(&self) -> f64 {
        seconds(self.0.elapsed_ms)
    }
    /// What the clock may still count before its goal is reached, in seconds; negative past it; null once completed
    async fn remaining_seconds(&self) -> Option<f64> {
        self.0.remaining_ms.map(seconds)
    }
    /// Agent it is put down to: who replied or had the case at completion, else who has it now; null when nobody
    async fn agent(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Agent>> {
        Agent::find(ask(ctx)?, self.0.record.agent.as_ref()).await
    }
    /// Team of the case at completion, else now; null when none
    async fn team(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Team>> {
        Team::find(ask(ctx)?, self.0.record.team.as_ref()).await
    }
    /// Intervals that were and were not counted, in time order, so that anyone can redo the sum
    // Most clocks have a few; one that ran for years has two for every working day.
    #[graphql(complexity = "1 + 50 * child_complexity")]
    async fn explanation(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ClockInterval>> {
        let intervals = ask(ctx)?.load.explanations.find(self.0.key.clone()).await?;
        Ok(intervals.map(|intervals| intervals.iter().map(Into::into).collect()).unwrap_or_default())
    }
}

/// A stretch of an SLA clock that was counted as a whole or not at all
#[derive(SimpleObject)]
pub struct ClockInterval {
    /// Start, inclusive
    from: DateTime,
    /// End, exclusive
    until: DateTime,
    /// Indicates the stretch was counted
    counted: bool,
    /// Why it was counted or not
    reason: ClockReason,
    /// Length, in seconds
    seconds: f64,
}

impl From<&Interval> for ClockInterval {
    fn from(interval: &Interval) -> ClockInterval {
        ClockInterval {
            from: DateTime(interval.from),
            until: DateTime(interval.until),
            counted: interval.is_counted(),
            reason: interval.reason.into(),
            seconds: seconds(interval.ms()),
        }
    }
}
