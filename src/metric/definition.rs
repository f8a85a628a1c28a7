//! What a metric is: whose rows it counts, which instant puts a row in a period, what is measured on each, who is credited.
//!
//! Columns are named as in `record::column`: those of the metric's own kind first, else those of the case that the row belongs to.

use std::sync::Arc;

use super::promise::Promise;
use crate::model::{SlaState, words};
use crate::record::RecordKind;

words! {
    /// The metrics (SEMANTICS 7.1).
    MetricId {
        /// Cases created.
        CreatedCases = "created_cases",
        /// Resolutions that stand.
        ResolvedCases = "resolved_cases",
        /// Closures.
        ClosedCases = "closed_cases",
        /// Cases that were reopened.
        ReopenedCases = "reopened_cases",
        /// Closures of abandoned cases.
        AbandonedCases = "abandoned_cases",
        /// Assignments to an agent.
        Assignments = "assignments",
        /// Assignments of each agent.
        AssignmentsPerAgent = "assignments_per_agent",
        /// Assignments that take a case from somebody.
        Transfers = "transfers",
        /// Messages.
        Messages = "messages",
        /// Public messages of human agents.
        AgentMessages = "agent_messages",
        /// Ratings given.
        Ratings = "ratings",
        /// Cases that were not terminal at an instant.
        BacklogCases = "backlog_cases",
        /// Cases that are new or open now.
        OpenCases = "open_cases",
        /// Cases that are not terminal and nobody's now.
        UnassignedCases = "unassigned_cases",
        /// Agents who are not offline now.
        ActiveAgents = "active_agents",
        /// Ratings of 4 and 5 among ratings.
        Csat = "csat",
        /// Score of ratings.
        RatingScore = "rating_score",
        /// Terminal cases among cases.
        ResolutionRate = "resolution_rate",
        /// Reopened cases among those ever resolved.
        ReopenRate = "reopen_rate",
        /// Resolutions at first contact among resolutions.
        FirstContactResolutionRate = "first_contact_resolution_rate",
        /// Abandoned cases among closures.
        AbandonmentRate = "abandonment_rate",
        /// Clocks kept among clocks decided.
        SlaCompliance = "sla_compliance",
        /// Cases that ever had a policy among cases.
        SlaCoverage = "sla_coverage",
        /// Creation to first reply.
        FirstResponseTime = "first_response_time",
        /// Customer message to reply.
        ResponseTime = "response_time",
        /// Taking a case to first reply.
        ReactionTime = "reaction_time",
        /// Creation to resolution, terminal time taken out.
        ResolutionTime = "resolution_time",
        /// Creation to resolution.
        HandleTime = "handle_time",
        /// Taking a case to close.
        ServiceTime = "service_time",
        /// What customers waited.
        CustomerWaitTime = "customer_wait_time",
        /// What agents waited.
        AgentWaitTime = "agent_wait_time",
        /// Replies up to the resolution.
        RepliesToResolution = "replies_to_resolution",
        /// Agents up to the resolution.
        AgentsToResolution = "agents_to_resolution",
        /// Time by presence status.
        AgentPresence = "agent_presence",
    }
}
words! {
    /// What a figure counts in.
    Unit {
        /// Things.
        Count = "count",
        /// Hundredths.
        Percent = "percent",
        /// Seconds.
        Seconds = "seconds",
        /// Points of a rating.
        Score = "score",
    }
}
words! {
    /// Which way is good.
    Better {
        /// More.
        Higher = "higher",
        /// Less.
        Lower = "lower",
        /// Neither.
        Neither = "neither",
    }
}

/// One metric: everything that the typed field, the catalogue, the accepted filters and the docs follow from.
#[derive(Debug)]
pub struct Metric {
    /// Which.
    pub id: MetricId,
    /// Display name.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub description: &'static str,
    /// The kind of its rows.
    pub kind: RecordKind,
    /// What puts a row in a period.
    pub placed: Placed,
    /// Which rows of the kind are its own: all of these hold.
    pub rows: &'static [Condition],
    /// What is measured.
    pub measure: Measure,
    /// Whom a row is credited to.
    pub credit: Credit,
    /// What its figures count in.
    pub unit: Unit,
    /// Which way is good.
    pub better: Better,
    /// Why it should no longer be used; `None` for a good one.
    pub deprecated: Option<&'static str>,
}

/// What puts a row in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placed {
    /// An instant of the row lies in it.
    At(&'static str),
    /// The stretch `from_at` to `until_at` of the row contains the end of the period, or of each bucket.
    Standing,
    /// The stretch `from_at` to `until_at` of the row overlaps it.
    Overlap,
    /// Nothing: the row counts now, whatever the period.
    Now,
}

/// What must hold of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// A flag is set.
    Is(&'static str),
    /// A flag is not set.
    IsNot(&'static str),
    /// A column has a value.
    Has(&'static str),
    /// A column has none.
    Lacks(&'static str),
    /// A text is one of these.
    OneOf(&'static str, &'static [&'static str]),
    /// A number or length is at least this.
    AtLeast(&'static str, i64),
    /// A number or length is at most this; null is not.
    AtMost(&'static str, i64),
    /// A number or length is at most that of another column; without either it is not.
    AtMostOf(&'static str, &'static str),
    /// An instant lies before the question's now; null does not.
    Past(&'static str),
    /// An instant does not lie before the question's now; null does not either.
    NotPast(&'static str),
    /// The row's case ever was under one of these SLA policies.
    Under(Arc<[String]>),
    /// The row's case is one of these.
    OfCases(Arc<[String]>),
    /// Any of these holds.
    Any(&'static [Condition]),
    /// All of one of these lists hold.
    Either(Arc<[Vec<Condition>]>),
    /// This does not hold.
    Not(Arc<Condition>),
    /// The row is an open SLA clock that stands so by that promise.
    Open(Arc<Promise>, SlaState),
}

/// What is measured on each row.
#[derive(Clone, Copy, Debug)]
pub enum Measure {
    /// Nothing: rows are counted.
    Count,
    /// Whether a condition holds; the share of rows of which it does.
    Share(&'static [Condition]),
    /// A length of time, in calendar time and, where it is kept, in business time. Rows without a value do not count.
    Duration {
        /// Column in calendar time.
        calendar: &'static str,
        /// Column in business time.
        business: Option<&'static str>,
    },
    /// A number. Rows without a value do not count.
    Number(&'static str),
    /// Rows of each agent: one value an agent who has any.
    RowsPerAgent,
    /// Time that the row's stretch shares with the period, by status.
    Presence,
}

/// Whose agent, team and queue a row has, for filters and groups. The other attributes are the case's own now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credit {
    /// Of the case now: assignee, team, queue.
    Now,
    /// Columns of the row.
    Then {
        /// Agent.
        agent: &'static str,
        /// Team.
        team: &'static str,
        /// Queue.
        queue: &'static str,
    },
    /// Of a presence spell: the agent, and the teams that the agent is in now. It has no other attribute.
    Presence,
}

impl Credit {
    /// The row's own `agent`, `team` and `queue`.
    pub const ROW: Credit = Credit::Then { agent: "agent", team: "team", queue: "queue" };
    /// A case's first replier, and its team and queue then.
    pub const FIRST_RESPONSE: Credit =
        Credit::Then { agent: "first_responder", team: "first_response_team", queue: "first_response_queue" };
}
