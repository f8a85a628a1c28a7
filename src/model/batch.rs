//! A batch: lines read from a source, and the ones that could not be.

use super::{
    AgentLine, BusinessHoursLine, CaseLine, ChannelLine, ContactPointLine, CustomerLine, EventLine, PresenceLine,
    QueueLine, SlaPolicyLine, StatusLine, TagLine, TeamLine, WorkspaceLine, words,
};

/// One line of the ingest format.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each is the line type of its name")]
pub enum Line {
    Workspace(WorkspaceLine),
    BusinessHours(BusinessHoursLine),
    Agent(AgentLine),
    Presence(PresenceLine),
    Team(TeamLine),
    Queue(QueueLine),
    Tag(TagLine),
    Channel(ChannelLine),
    ContactPoint(ContactPointLine),
    Customer(CustomerLine),
    Status(StatusLine),
    SlaPolicy(SlaPolicyLine),
    Case(Box<CaseLine>),
    Event(Box<EventLine>),
    Erase(Erase),
}

words! {
    /// What can be erased.
    ErasedKind {
        /// A case with all its events: as if never there.
        Case = "case",
        /// A message: as if never there.
        Message = "message",
        /// A customer: figures, ids and groups stay, names and texts go.
        Customer = "customer",
        /// An agent: figures, ids and groups stay, names and texts go.
        Agent = "agent",
    }
}

/// An order to erase something for good. The id is remembered so that a replay does not bring it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erase {
    /// What kind of thing.
    pub of: ErasedKind,
    /// Which.
    pub id: String,
}

/// A line and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberedLine {
    /// Line of the source, from 1.
    pub number: u64,
    /// What it says.
    pub line: Line,
}

/// A line that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reject {
    /// Line of the source, from 1.
    pub line: u64,
    /// Field at fault; empty when the line as a whole is.
    pub field: String,
    /// What is wrong and what is allowed.
    pub reason: String,
}

/// Lines in the order of the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Lines that could be read.
    pub lines: Vec<NumberedLine>,
    /// Lines that could not.
    pub rejects: Vec<Reject>,
}
