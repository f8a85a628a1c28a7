//! Ratings given (SEMANTICS 8).

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::timeline::Timeline;
use crate::model::{Event, EventBody, Instant, Patch};

/// One rating with a score.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct RatingRecord {
    /// The source's identifier.
    pub id: String,
    /// When it was given.
    pub rated_at: Instant,
    /// When it was offered.
    pub offered_at: Option<Instant>,
    /// 1 to 5.
    pub score: i32,
    /// What the customer wrote.
    pub comment: Option<String>,
    /// Agent rated.
    pub agent: Option<String>,
    /// Team rated.
    pub team: Option<String>,
    /// Queue rated.
    pub queue: Option<String>,
}

/// Derives the rows of a replayed case, in the order of its events. One that was only offered is none.
pub fn derive(timeline: &Timeline<'_>) -> Vec<RatingRecord> {
    timeline.steps.iter().filter_map(|step| rate(timeline, step.event)).collect()
}

fn rate(timeline: &Timeline<'_>, event: &Event) -> Option<RatingRecord> {
    let EventBody::Rating { offered_at, score: Some(score), comment, agent, team, queue } = &event.body else {
        return None;
    };
    let then = timeline.state_at(offered_at.unwrap_or(event.at));
    let of = |given: &Patch<String>, held: Option<&str>| match given {
        Patch::Absent => held.map(str::to_owned),
        Patch::Null => None,
        Patch::Value(value) => Some(value.clone()),
    };
    Some(RatingRecord {
        id: event.id.clone(),
        rated_at: event.at,
        offered_at: *offered_at,
        score: *score,
        comment: comment.clone(),
        agent: of(agent, then.assignee),
        team: of(team, then.team),
        queue: of(queue, then.queue),
    })
}

#[cfg(test)]
mod tests;
