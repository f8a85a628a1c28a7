//! Messages, attributed.

use crate::model::{ActorKind, Instant, Visibility};

/// One message.
#[derive(Clone, Debug, PartialEq)]
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
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<MessageRecord> {
    Vec::new()
}
