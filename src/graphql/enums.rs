//! The enums of the graph: each mirrors one of the model's, value for value.

use async_graphql::Enum;

use crate::model;

/// Category of a status; everything counts by it
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::CaseStatus")]
pub enum CaseStatus {
    /// Nobody has looked at the case yet
    New,
    /// The case is being worked on
    Open,
    /// The case waits for the customer
    Pending,
    /// The case waits for somebody else
    OnHold,
    /// The case is solved; it may be reopened
    Resolved,
    /// The case is done with
    Closed,
}

/// Whether a case counts
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::CaseState")]
pub enum CaseState {
    /// The case counts
    Active,
    /// The case is unwanted and counts nowhere
    Spam,
    /// The case goes on in another one and counts nowhere
    Merged,
}

/// Who started a contact
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Direction")]
pub enum Direction {
    /// The customer wrote or called
    Inbound,
    /// The organisation wrote or called
    Outbound,
}

/// What an agent is
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::AgentKind")]
pub enum AgentKind {
    /// A person
    Human,
    /// A program
    Bot,
}

/// Whether an agent can be reached
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::PresenceStatus")]
pub enum PresenceStatus {
    /// Ready for work
    Available,
    /// Signed in, not at the desk
    Away,
    /// Signed in, at work on something
    Busy,
    /// Not signed in
    Offline,
}

/// What an SLA target measures
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::SlaMetric")]
pub enum SlaMetric {
    /// Creation to the first reply
    FirstReply,
    /// Each later run of customer messages to its reply
    NextReply,
    /// Creation to the standing resolution, terminal time between taken out
    Resolution,
}

/// How an SLA clock stands
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::SlaState")]
pub enum SlaState {
    /// Running or paused, not past due
    Active,
    /// Completed in time
    Fulfilled,
    /// Past due and not completed
    Breached,
    /// Completed late
    CompletedAfterBreach,
}

/// Which time counts
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::ClockMode")]
pub enum Clock {
    /// All of it
    Calendar,
    /// Only business hours
    Business,
}

/// Why a stretch of an SLA clock was counted or not
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::app::lookups::ClockReason")]
pub enum ClockReason {
    /// Counted
    Running,
    /// Not counted: the case was in a status that stops the clock, such as pending
    Paused,
    /// Not counted: outside business hours
    OutsideBusinessHours,
    /// Not counted: a holiday
    Holiday,
    /// Not counted: the case was resolved or closed
    Terminal,
}

/// What kind of party did something
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::ActorKind")]
pub enum ActorKind {
    /// Somebody outside the organisation
    Customer,
    /// Somebody of the organisation
    Agent,
    /// A program answering in the organisation's name
    Bot,
    /// The helpdesk itself
    System,
}

/// Who may read a message
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Visibility")]
pub enum MessageVisibility {
    /// The customer too
    Public,
    /// Agents only: a note
    Internal,
}

/// How a case was assigned
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::AssignmentKind")]
pub enum AssignmentKind {
    /// Given to somebody
    Assign,
    /// Taken by the agent
    Take,
    /// Passed on
    Transfer,
    /// Offered; changes nothing until taken
    Offer,
    /// Taken away
    Unassign,
}

/// Property of a case that an event can change
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::ChangeField")]
pub enum CaseProperty {
    /// Priority
    Priority,
    /// Type
    CaseType,
    /// Team
    Team,
    /// Requester
    Requester,
    /// A tag put on
    TagAdded,
    /// A tag taken off
    TagRemoved,
    /// Channel
    Channel,
    /// Subject
    Subject,
}

/// Kind of event of a case
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::EventKind")]
pub enum CaseEventKind {
    /// A message or note
    Message,
    /// An assignment or offer
    Assignment,
    /// A status set
    StatusChange,
    /// A property set
    #[graphql(name = "PROPERTY_CHANGE")]
    Change,
    /// An SLA policy applied or taken away
    #[graphql(name = "SLA_APPLICATION")]
    Sla,
    /// A rating offered or given
    Rating,
}

/// What somebody is in a workspace; each role may do all that the one before may
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Role")]
pub enum Role {
    /// Reads cases
    Agent,
    /// Reads analytics too
    Manager,
    /// Sends data in too
    Admin,
    /// Administers too
    Owner,
}

/// What a viewer may do
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Permission")]
pub enum Permission {
    /// Read cases and the directory
    ReadCases,
    /// Read figures
    ReadAnalytics,
    /// Send data in
    Ingest,
    /// Change the workspace and its keys
    Administer,
}

/// Which way a list runs
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::OrderDirection")]
pub enum OrderDirection {
    /// Smallest or earliest first
    Asc,
    /// Largest or latest first
    Desc,
}
