//! The enums of the catalogue: each mirrors one of `metric`'s or `record`'s, value for value.

use async_graphql::Enum;

use crate::{metric, record};

/// Metrics of the catalogue
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::MetricId")]
pub enum MetricId {
    /// Cases created
    CreatedCases,
    /// Resolutions that stand
    ResolvedCases,
    /// Closures
    ClosedCases,
    /// Cases that were reopened
    ReopenedCases,
    /// Closures of abandoned cases
    AbandonedCases,
    /// Assignments to an agent
    Assignments,
    /// Assignments of each agent
    AssignmentsPerAgent,
    /// Assignments that take a case from somebody
    Transfers,
    /// Messages
    Messages,
    /// Public messages of human agents
    AgentMessages,
    /// Ratings given
    Ratings,
    /// Cases that were not terminal at an instant
    BacklogCases,
    /// Cases that are new or open now
    OpenCases,
    /// Cases that are not terminal and nobody's now
    UnassignedCases,
    /// Agents who are not offline now
    ActiveAgents,
    /// Ratings of 4 and 5 among ratings
    Csat,
    /// Score of ratings
    RatingScore,
    /// Terminal cases among cases
    ResolutionRate,
    /// Reopened cases among those ever resolved
    ReopenRate,
    /// Resolutions at first contact among resolutions
    FirstContactResolutionRate,
    /// Abandoned cases among closures
    AbandonmentRate,
    /// Clocks kept among clocks decided
    SlaCompliance,
    /// Cases that ever had a policy among cases
    SlaCoverage,
    /// Creation to first reply
    FirstResponseTime,
    /// Customer message to reply
    ResponseTime,
    /// Taking a case to first reply
    ReactionTime,
    /// Creation to resolution, terminal time taken out
    ResolutionTime,
    /// Creation to resolution
    HandleTime,
    /// Taking a case to close
    ServiceTime,
    /// What customers waited
    CustomerWaitTime,
    /// What agents waited
    AgentWaitTime,
    /// Replies up to the resolution
    RepliesToResolution,
    /// Agents up to the resolution
    AgentsToResolution,
    /// Time by presence status
    AgentPresence,
}

/// What a figure counts in
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::Unit")]
pub enum Unit {
    /// Things
    Count,
    /// Hundredths
    Percent,
    /// Seconds
    Seconds,
    /// Points of a rating
    Score,
}

/// Which way a figure is good
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::Better")]
pub enum Better {
    /// More
    Higher,
    /// Less
    Lower,
    /// Neither
    Neither,
}

/// What an agent overview measures
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::agent_overview::AgentMeasure")]
pub enum AgentMeasure {
    /// The agent's share of all served cases
    CaseShare,
    /// Mean of creation to close
    AverageChatDuration,
    /// Public messages of agents and bots
    Messages,
    /// Mean of customer message to first reply
    AverageFirstResponseTime,
    /// Shortest of customer message to first reply
    BestFirstResponseTime,
    /// Mean of the cases' mean reply times
    AverageResponseTime,
    /// Mean of taking a case to first reply
    AverageReactionTime,
}

/// Numbers that can be taken of a metric
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::Aggregation")]
pub enum Aggregation {
    /// Rows; of a metric by agent, agents
    Count,
    /// Share of rows, 0 to 100
    Percentage,
    /// Mean value
    Average,
    /// 50th percentile
    Median,
    /// 90th percentile
    P90,
    /// 95th percentile
    P95,
    /// All values together
    Sum,
    /// Smallest value
    Min,
    /// Largest value
    Max,
    /// Population standard deviation
    StdDev,
    /// Time by presence status
    AgentPresenceDuration,
}

/// What the values of a field are
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "record::column::FieldType")]
pub enum FieldType {
    /// Yes or no
    Boolean,
    /// A number that may have a fraction; of a length of time, seconds
    Double,
    /// An instant
    Instant,
    /// A whole number
    Long,
    /// A text
    String,
    /// Several texts
    List,
}

/// The kinds of records, the rows behind metrics
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "record::RecordKind")]
pub enum RecordId {
    /// A case
    Case,
    /// A customer run
    Response,
    /// One running of an SLA target
    SlaClock,
    /// A transition into closed
    Closure,
    /// A transition from a working status into a terminal one
    Resolution,
    /// A stretch in one status
    StatusSpell,
    /// A change of who has a case
    Assignment,
    /// A rating given
    Rating,
    /// A message
    Message,
    /// A stretch in one presence status of an agent; of no case
    Presence,
}
