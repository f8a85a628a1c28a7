//! Closures: transitions into a closed status from another category (SEMANTICS 8.1).

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::ordinal;
use super::rules::{Author, Rules};
use super::timeline::{Step, Timeline};
use crate::model::{CaseStatus, Instant, words};

words! {
    /// What kind of party closed a case (Dixa's words).
    ClosedBy {
        /// A human agent.
        Agent = "agent",
        /// A customer.
        Enduser = "enduser",
        /// A bot, the system or nobody named.
        Unknown = "unknown",
    }
}

/// One closure.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct ClosureRecord {
    /// 0 for the first closure of the case, then counting.
    pub ordinal: i32,
    /// When.
    pub closed_at: Instant,
    /// By what kind of party.
    pub closed_by: ClosedBy,
    /// The human agent who closed it.
    pub closing_agent: Option<String>,
    /// The closing agent, else the assignee then.
    pub agent: Option<String>,
    /// Assignee then; `abandoned` figures go by it.
    pub assignee: Option<String>,
    /// Team then.
    pub team: Option<String>,
    /// Queue then.
    pub queue: Option<String>,
    /// Creation to close.
    pub chat_duration_ms: Option<i64>,
    /// Since the assignee then became it, to close.
    pub service_ms: Option<i64>,
    /// Silence before the close when staff had the last word.
    pub inactivity_ms: Option<i64>,
    /// Indicates staff closed it after a silence of at least the workspace's timeout.
    pub is_abandoned: bool,
}

/// Derives the rows of a replayed case.
pub fn derive(timeline: &Timeline<'_>) -> Vec<ClosureRecord> {
    let mut rows = Vec::new();
    let mut silence = Silence::default();
    for step in &timeline.steps {
        silence.hear(step, timeline.rules);
        if step.is_transition() && step.after.status.category == CaseStatus::Closed {
            rows.push(close(rows.len(), timeline, step, &silence));
        }
    }
    rows
}

fn close(count: usize, timeline: &Timeline<'_>, step: &Step<'_>, silence: &Silence) -> ClosureRecord {
    let (closed_at, then) = (step.event.at, &step.after);
    let text = |value: Option<&str>| value.map(str::to_owned);
    let closed_by = match step.author {
        Author::Agent(_) => ClosedBy::Agent,
        Author::Customer(_) => ClosedBy::Enduser,
        Author::Bot(_) | Author::System => ClosedBy::Unknown,
    };
    let inactivity_ms = (closed_by == ClosedBy::Agent).then(|| silence.until(closed_at)).flatten();
    let closing_agent = step.author.human_agent();
    ClosureRecord {
        ordinal: ordinal(count),
        closed_at,
        closed_by,
        closing_agent: text(closing_agent),
        agent: text(closing_agent.or(then.assignee)),
        assignee: text(then.assignee),
        team: text(then.team),
        queue: text(then.queue),
        chat_duration_ms: closed_at.duration_since(timeline.case.created_at),
        service_ms: then.served_since.and_then(|since| closed_at.duration_since(since)),
        inactivity_ms,
        is_abandoned: inactivity_ms.is_some_and(|ms| ms >= timeline.rules.abandon_after_ms),
    }
}

/// The customer's silence after a word of staff (SEMANTICS 8.1, abandoned). Staff are those whose public messages are replies; here
/// an opening message of theirs counts too. Notes and messages of the system are not heard.
#[derive(Default)]
struct Silence {
    /// First word of staff after the customer's last, or of the case when no customer wrote.
    since: Option<Instant>,
    /// Indicates staff had the last word: no customer, and no bot that does not count, spoke after.
    is_staffs_word: bool,
}

impl Silence {
    fn hear(&mut self, step: &Step<'_>, rules: &Rules) {
        if !step.is_public_message() || step.author == Author::System {
            return;
        }
        self.is_staffs_word = rules.replies(step.author);
        if self.is_staffs_word {
            self.since.get_or_insert(step.event.at);
        } else if step.is_customer_message() {
            self.since = None;
        }
    }

    fn until(&self, at: Instant) -> Option<i64> {
        self.since.filter(|_| self.is_staffs_word).and_then(|since| at.duration_since(since))
    }
}

#[cfg(test)]
mod tests;
