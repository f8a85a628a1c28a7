//! Messages, attributed.

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::rules::Author;
use super::timeline::{Role, Step, Timeline};
use crate::model::{ActorKind, EventBody, Instant, Visibility};

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize_tuple, Deserialize_tuple)]
pub struct MessageRecord {
    /// The source's identifier.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Kind of author, agents listed as bots being bots.
    pub author_kind: ActorKind,
    /// Author, when the source says who.
    pub author: Option<String>,
    /// Who may read it.
    pub visibility: Visibility,
    /// Indicates it opened the case.
    pub is_opening: bool,
    /// Author when an agent or bot, else the assignee then.
    pub agent: Option<String>,
    /// Team of the case then.
    pub team: Option<String>,
    /// Queue of the case then.
    pub queue: Option<String>,
}

/// Derives the rows of a replayed case.
pub fn derive(timeline: &Timeline<'_>) -> Vec<MessageRecord> {
    timeline.steps.iter().filter_map(attribute).collect()
}

fn attribute(step: &Step<'_>) -> Option<MessageRecord> {
    let EventBody::Message { visibility, .. } = step.event.body else { return None };
    let assignee = step.before.assignee;
    let (author_kind, author, agent) = match step.author {
        Author::Customer(id) => (ActorKind::Customer, id, assignee),
        Author::Agent(id) => (ActorKind::Agent, id, id),
        Author::Bot(id) => (ActorKind::Bot, id, id),
        Author::System => (ActorKind::System, None, assignee),
    };
    let text = |value: Option<&str>| value.map(str::to_owned);
    Some(MessageRecord {
        id: step.event.id.clone(),
        at: step.event.at,
        author_kind,
        author: text(author),
        visibility,
        is_opening: step.role == Role::Opening,
        agent: text(agent),
        team: text(step.before.team),
        queue: text(step.before.queue),
    })
}

#[cfg(test)]
mod tests;
