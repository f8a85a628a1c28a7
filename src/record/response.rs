//! Customer runs and their answers (SEMANTICS 7: customer run, responseTime).

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ordinal;
use super::timeline::{Role, State, Timeline};
use crate::model::Instant;

/// One customer run: from its first public customer message to the reply that ends it.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ResponseRecord {
    /// 0 for the first run of the case, then counting.
    pub ordinal: i32,
    /// First message of the run.
    pub started_at: Instant,
    /// The reply; `None` while unanswered.
    pub replied_at: Option<Instant>,
    /// Indicates the reply is the case's first (an open run: that no reply came before it).
    pub is_first: bool,
    /// Run start to reply; `None` while unanswered.
    pub calendar_ms: Option<i64>,
    /// The same in business time.
    pub business_ms: Option<i64>,
    /// Replier; the assignee now while unanswered.
    pub agent: Option<String>,
    /// Team of the case at the reply; now while unanswered.
    pub team: Option<String>,
    /// Queue likewise.
    pub queue: Option<String>,
}

/// Derives the rows of a replayed case.
pub fn derive(timeline: &Timeline<'_>) -> Vec<ResponseRecord> {
    let mut rows: Vec<ResponseRecord> = Vec::new();
    let mut started_at: Option<Instant> = None;
    let mut has_reply = false;
    for step in &timeline.steps {
        if step.is_customer_message() {
            started_at.get_or_insert(step.event.at);
        } else if step.role == Role::Reply {
            if let Some(started_at) = started_at.take() {
                let at = step.event.at;
                rows.push(ResponseRecord {
                    replied_at: Some(at),
                    calendar_ms: at.duration_since(started_at),
                    business_ms: timeline.business_ms(started_at, at),
                    ..run(rows.len(), started_at, !has_reply, step.author.agent(), &step.before)
                });
            }
            has_reply = true;
        }
    }
    if let Some(started_at) = started_at {
        let now = timeline.now();
        rows.push(run(rows.len(), started_at, !has_reply, now.assignee, now));
    }
    rows
}

/// A run as yet unanswered, attributed.
fn run(count: usize, started_at: Instant, is_first: bool, agent: Option<&str>, state: &State<'_>) -> ResponseRecord {
    ResponseRecord {
        ordinal: ordinal(count),
        started_at,
        replied_at: None,
        is_first,
        calendar_ms: None,
        business_ms: None,
        agent: agent.map(str::to_owned),
        team: state.team.map(str::to_owned),
        queue: state.queue.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
