//! The people and places around cases: agents and their presence, teams, queues, tags, channels, contact points, customers.
//!
//! Each is known by the source's id. One that is only named by a case or event exists with that id as its name until a line
//! of its own fills it in.

use super::patch::lay;
use super::{Instant, Patch, words};

words! {
    /// What an agent is.
    AgentKind {
        /// A person.
        Human = "human",
        /// A program.
        Bot = "bot",
    }
}
words! {
    /// Whether an agent can be reached.
    PresenceStatus {
        /// Ready for work.
        Available = "available",
        /// Signed in, not at the desk.
        Away = "away",
        /// Signed in, at work on something.
        Busy = "busy",
        /// Not signed in.
        Offline = "offline",
    }
}

/// Somebody, or a program, answering cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// The source's identifier.
    pub id: String,
    /// The number people quote; given by the source, or assigned once.
    pub number: i64,
    /// Display name.
    pub name: String,
    /// Login name.
    pub username: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Human or bot.
    pub kind: AgentKind,
    /// Indicates the agent still works here.
    pub is_active: bool,
    /// Teams the agent belongs to, sorted, without repeats.
    pub teams: Vec<String>,
}

/// What one line says of an agent.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Agent")]
pub struct AgentLine {
    pub id: String,
    pub number: Option<i64>,
    pub name: Option<String>,
    pub username: Patch<String>,
    pub email: Patch<String>,
    pub kind: Option<AgentKind>,
    pub active: Option<bool>,
    pub teams: Option<Vec<String>>,
}

impl Agent {
    /// An agent of whom only the id is known.
    pub fn named(id: &str, number: i64) -> Agent {
        Agent {
            id: id.to_owned(),
            number,
            name: id.to_owned(),
            username: None,
            email: None,
            kind: AgentKind::Human,
            is_active: true,
            teams: Vec::new(),
        }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: AgentLine) {
        lay(line.number, &mut self.number);
        lay(line.name, &mut self.name);
        line.username.lay(&mut self.username);
        line.email.lay(&mut self.email);
        lay(line.kind, &mut self.kind);
        lay(line.active, &mut self.is_active);
        if let Some(mut teams) = line.teams {
            teams.sort();
            teams.dedup();
            self.teams = teams;
        }
    }
}

/// An agent's presence from one instant on. Of two for one agent and instant the last received stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The agent.
    pub agent: String,
    /// From when.
    pub at: Instant,
    /// What.
    pub status: PresenceStatus,
}
/// A presence line says all of it.
pub type PresenceLine = Presence;

/// A team of agents.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// The source's identifier.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Schedule by which its cases' business time counts; the workspace's when `None`.
    pub business_hours: Option<String>,
}
/// What one line says of a team.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Team")]
pub struct TeamLine {
    pub id: String,
    pub name: Option<String>,
    pub business_hours: Patch<String>,
}
impl Team {
    /// A team of which only the id is known.
    pub fn named(id: &str) -> Team {
        Team { id: id.to_owned(), name: id.to_owned(), business_hours: None }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: TeamLine) {
        lay(line.name, &mut self.name);
        line.business_hours.lay(&mut self.business_hours);
    }
}

/// A queue that cases wait in.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// The source's identifier.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Team that works on it.
    pub team: Option<String>,
}
/// What one line says of a queue.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Queue")]
pub struct QueueLine {
    pub id: String,
    pub name: Option<String>,
    pub team: Patch<String>,
}
impl Queue {
    /// A queue of which only the id is known.
    pub fn named(id: &str) -> Queue {
        Queue { id: id.to_owned(), name: id.to_owned(), team: None }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: QueueLine) {
        lay(line.name, &mut self.name);
        line.team.lay(&mut self.team);
    }
}

/// A label put on cases.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// The source's identifier.
    pub id: String,
    /// Display name.
    pub name: String,
}
/// What one line says of a tag.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Tag")]
pub struct TagLine {
    pub id: String,
    pub name: Option<String>,
}
impl Tag {
    /// A tag of which only the id is known.
    pub fn named(id: &str) -> Tag {
        Tag { id: id.to_owned(), name: id.to_owned() }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: TagLine) {
        lay(line.name, &mut self.name);
    }
}

/// A way by which customers and organisation reach each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Its key, such as `email`.
    pub id: String,
    /// Display name.
    pub label: String,
}
/// What one line says of a channel.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Channel")]
pub struct ChannelLine {
    pub id: String,
    pub label: Option<String>,
}
impl Channel {
    /// A channel of which only the key is known.
    pub fn named(id: &str) -> Channel {
        Channel { id: id.to_owned(), label: id.to_owned() }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: ChannelLine) {
        lay(line.label, &mut self.label);
    }
}

/// An address of the organisation that customers write to or call.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactPoint {
    /// The source's identifier.
    pub id: String,
    /// Channel it belongs to.
    pub channel: Option<String>,
    /// The address or number itself.
    pub address: Option<String>,
    /// Display name.
    pub label: String,
}
/// What one line says of a contact point.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of ContactPoint")]
pub struct ContactPointLine {
    pub id: String,
    pub channel: Patch<String>,
    pub address: Patch<String>,
    pub label: Option<String>,
}
impl ContactPoint {
    /// A contact point of which only the id is known.
    pub fn named(id: &str) -> ContactPoint {
        ContactPoint { id: id.to_owned(), channel: None, address: None, label: id.to_owned() }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: ContactPointLine) {
        line.channel.lay(&mut self.channel);
        line.address.lay(&mut self.address);
        lay(line.label, &mut self.label);
    }
}

/// Somebody who asks for support.
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    /// The source's identifier.
    pub id: String,
    /// Display name; `None` once erased.
    pub name: Option<String>,
    /// When the customer first came.
    pub created_at: Option<Instant>,
}
/// What one line says of a customer.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Customer")]
pub struct CustomerLine {
    pub id: String,
    pub name: Patch<String>,
    pub created_at: Patch<Instant>,
}
impl Customer {
    /// A customer of whom only the id is known.
    pub fn named(id: &str) -> Customer {
        Customer { id: id.to_owned(), name: Some(id.to_owned()), created_at: None }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: CustomerLine) {
        line.name.lay(&mut self.name);
        line.created_at.lay(&mut self.created_at);
    }
}
