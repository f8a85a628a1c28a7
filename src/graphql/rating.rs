//! Ratings given.

use async_graphql::{Context, ID, Object};

use super::agent::Agent;
use super::case::Case;
use super::context::ask;
use super::node::{Kind, global_id};
use super::queue::Queue;
use super::scalars::DateTime;
use super::team::Team;
use crate::record::RatingRecord;

/// A rating and the case it is of.
pub struct Rating {
    case: String,
    record: RatingRecord,
}

impl Rating {
    /// The rating that a row of a case is.
    pub fn new(case: &str, record: &RatingRecord) -> Rating {
        Rating { case: case.to_owned(), record: record.clone() }
    }
}

impl From<&(String, RatingRecord)> for Rating {
    fn from((case, record): &(String, RatingRecord)) -> Rating {
        Rating::new(case, record)
    }
}

/// A customer's judgement of how a case was handled
#[Object]
impl Rating {
    /// Global id
    pub async fn id(&self) -> ID {
        global_id(Kind::Rating, &self.record.id)
    }
    /// The source's id
    async fn external_id(&self) -> &str {
        &self.record.id
    }
    /// The case rated
    async fn case(&self, ctx: &Context<'_>) -> async_graphql::Result<Case> {
        Case::get(ask(ctx)?, &self.case).await
    }
    /// When it was given
    async fn rated_at(&self) -> DateTime {
        DateTime(self.record.rated_at)
    }
    /// When it was asked for; null when the source does not say
    async fn offered_at(&self) -> Option<DateTime> {
        self.record.offered_at.map(DateTime)
    }
    /// Score, 1 to 5; 4 and 5 are satisfied
    async fn score(&self) -> i32 {
        self.record.score
    }
    /// What the customer wrote; null when nothing, or erased
    async fn comment(&self) -> Option<&str> {
        self.record.comment.as_deref()
    }
    /// Agent rated; null when nobody had the case
    async fn agent(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Agent>> {
        Agent::find(ask(ctx)?, self.record.agent.as_ref()).await
    }
    /// Team rated; null when no team had the case
    async fn team(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Team>> {
        Team::find(ask(ctx)?, self.record.team.as_ref()).await
    }
    /// Queue rated; null when the case was in none
    async fn queue(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Queue>> {
        Queue::find(ask(ctx)?, self.record.queue.as_ref()).await
    }
}
