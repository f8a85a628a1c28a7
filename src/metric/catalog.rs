//! The catalogue: one entry a metric (SEMANTICS 7.1).

use std::collections::BTreeSet;

use super::definition::{Better, Condition, Credit, Measure, Metric, MetricId, Placed, Unit};
use crate::model::FilterAttribute;
use crate::record::RecordKind;

use Condition::{Any, AtLeast, Has, Is, Lacks, OneOf, Past};

const TERMINAL: &[&str] = &["resolved", "closed"];
const WORKING: &[&str] = &["new", "open", "pending", "on_hold"];

/// Credited to the assignee at a closure, and to team and queue then.
const ASSIGNEE_THEN: Credit = Credit::Then { agent: "assignee", team: "team", queue: "queue" };

/// Declares the metrics; what is left out: rows without condition, credited to columns `agent`, `team` and `queue` of the row.
macro_rules! catalog {
    ($($id:ident: $name:literal, $description:literal, $kind:ident $placed:expr, [$($rows:expr),*], $measure:expr, $credit:expr,
        $unit:ident $better:ident;)+) => {
        /// Every metric, in the order in which the graph shows them.
        pub static METRICS: &[Metric] = &[$(Metric {
            id: MetricId::$id,
            name: $name,
            description: $description,
            kind: RecordKind::$kind,
            placed: $placed,
            rows: &[$($rows),*],
            measure: $measure,
            credit: $credit,
            unit: Unit::$unit,
            better: Better::$better,
            deprecated: None,
        }),+];
    };
}

const fn at(column: &'static str) -> Placed {
    Placed::At(column)
}
const fn time(calendar: &'static str, business: &'static str) -> Measure {
    Measure::Duration { calendar, business: Some(business) }
}
const fn calendar_time(calendar: &'static str) -> Measure {
    Measure::Duration { calendar, business: None }
}

catalog! {
    CreatedCases: "Created cases", "Cases created in the period",
        Case at("created_at"), [], Measure::Count, Credit::Now, Count Neither;
    ResolvedCases: "Resolved cases", "Resolutions in the period that still stand: the case was not reopened since",
        Resolution at("resolved_at"), [Is("is_standing")], Measure::Count, Credit::ROW, Count Higher;
    ClosedCases: "Closed cases", "Closures in the period, each of them",
        Closure at("closed_at"), [], Measure::Count, Credit::ROW, Count Higher;
    ReopenedCases: "Reopened cases", "Cases whose latest reopening lies in the period",
        Case at("last_reopened_at"), [], Measure::Count, Credit::Now, Count Lower;
    AbandonedCases: "Abandoned cases",
        "Closures in the period by an agent after staff had the last word and the customer was silent for the workspace's timeout",
        Closure at("closed_at"), [Is("is_abandoned")], Measure::Count, ASSIGNEE_THEN, Count Lower;
    Assignments: "Assignments", "Assignments of a case to an agent in the period",
        Assignment at("assigned_at"), [Is("names_agent")], Measure::Count, Credit::ROW, Count Neither;
    AssignmentsPerAgent: "Assignments per agent", "Assignments in the period of each agent who had any",
        Assignment at("assigned_at"), [Is("names_agent")], Measure::RowsPerAgent, Credit::ROW, Count Neither;
    Transfers: "Transfers", "Assignments in the period after which a previous agent, team or queue is no longer the case's",
        Assignment at("assigned_at"), [Is("is_transfer")], Measure::Count, Credit::ROW, Count Lower;
    Messages: "Messages", "Messages in the period, those of the system aside",
        Message at("at"), [OneOf("author_kind", &["customer", "agent", "bot"])], Measure::Count, Credit::ROW, Count Neither;
    AgentMessages: "Agent messages", "Public messages of human agents in the period",
        Message at("at"), [OneOf("author_kind", &["agent"]), OneOf("visibility", &["public"])],
        Measure::Count, Credit::ROW, Count Neither;
    Ratings: "Ratings", "Ratings given in the period",
        Rating at("rated_at"), [], Measure::Count, Credit::ROW, Count Higher;
    BacklogCases: "Backlog", "Cases that were not terminal at the end of the period, or of each bucket of a series",
        StatusSpell Placed::Standing, [OneOf("status", WORKING)], Measure::Count, Credit::ROW, Count Lower;
    OpenCases: "Open cases", "Cases that are new or open now, whatever the period",
        Case Placed::Now, [OneOf("status", &["new", "open"])], Measure::Count, Credit::Now, Count Lower;
    UnassignedCases: "Unassigned cases", "Cases that are not terminal and have no assignee now, whatever the period",
        Case Placed::Now, [OneOf("status", WORKING), Lacks("assignee")], Measure::Count, Credit::Now, Count Lower;
    ActiveAgents: "Active agents", "Human agents who are not offline now, whatever the period",
        Presence Placed::Now, [Lacks("until_at"), OneOf("status", &["available", "away", "busy"])],
        Measure::Count, Credit::Presence, Count Higher;
    Csat: "Customer satisfaction", "Share of the ratings given in the period whose score is 4 or 5",
        Rating at("rated_at"), [], Measure::Share(&[AtLeast("score", 4)]), Credit::ROW, Percent Higher;
    RatingScore: "Rating score", "Score, from 1 to 5, of the ratings given in the period",
        Rating at("rated_at"), [], Measure::Number("score"), Credit::ROW, Score Higher;
    ResolutionRate: "Resolution rate", "Share of the cases created in the period that are resolved or closed now",
        Case at("created_at"), [], Measure::Share(&[OneOf("status", TERMINAL)]), Credit::Now, Percent Higher;
    ReopenRate: "Reopen rate", "Share of the cases created in the period and ever resolved that were reopened",
        Case at("created_at"), [Is("was_resolved")], Measure::Share(&[Is("was_reopened")]), Credit::Now, Percent Lower;
    FirstContactResolutionRate: "First contact resolution rate",
        "Share of the resolutions in the period that still stand that took one reply at most and no reopening",
        Resolution at("resolved_at"), [Is("is_standing")], Measure::Share(&[Is("is_first_contact")]), Credit::ROW, Percent Higher;
    AbandonmentRate: "Abandonment rate", "Share of the closures in the period that were of abandoned cases",
        Closure at("closed_at"), [], Measure::Share(&[Is("is_abandoned")]), ASSIGNEE_THEN, Percent Lower;
    SlaCompliance: "SLA compliance",
        "Share of the SLA clocks of cases created in the period that were completed in time, among those completed or past due",
        SlaClock at("created_at"), [Condition::IsNot("is_left_out"), Any(&[Is("is_completed"), Past("due_at")])],
        Measure::Share(&[Is("is_fulfilled")]), Credit::ROW, Percent Higher;
    SlaCoverage: "SLA coverage", "Share of the cases created in the period that ever were under an SLA policy",
        Case at("created_at"), [], Measure::Share(&[Is("had_policy")]), Credit::Now, Percent Higher;
    FirstResponseTime: "First response time", "From the creation of a case created in the period to its first public reply by a human agent",
        Case at("created_at"), [Has("first_response")], time("first_response", "first_response_business"), Credit::FIRST_RESPONSE, Seconds Lower;
    ResponseTime: "Response time",
        "From the first customer message without a reply to the reply, for each reply in the period, first ones included",
        Response at("replied_at"), [Has("response")], time("response", "response_business"), Credit::ROW, Seconds Lower;
    ReactionTime: "Reaction time", "From when an agent took a case created in the period to the first reply",
        Case at("created_at"), [Has("reaction")], calendar_time("reaction"), Credit::Now, Seconds Lower;
    ResolutionTime: "Resolution time",
        "From creation to each resolution in the period that still stands, the time that the case was resolved before taken out",
        Resolution at("resolved_at"), [Is("is_standing"), Has("resolution")],
        time("resolution", "resolution_business"), Credit::ROW, Seconds Lower;
    HandleTime: "Handle time", "From the creation of a case created in the period to its standing resolution, all time counted",
        Case at("created_at"), [Has("handle")], calendar_time("handle"), Credit::Now, Seconds Lower;
    ServiceTime: "Service time", "From when the agent who closed a case created in the period took it to the close",
        Case at("created_at"), [Has("service")], calendar_time("service"), Credit::Now, Seconds Lower;
    CustomerWaitTime: "Customer wait time", "What the customer of a case created in the period waited for replies after the first, in sum",
        Case at("created_at"), [Has("customer_wait")], time("customer_wait", "customer_wait_business"), Credit::Now, Seconds Lower;
    AgentWaitTime: "Agent wait time", "What agents waited for the customer of a case created in the period, in sum",
        Case at("created_at"), [Has("agent_wait")], time("agent_wait", "agent_wait_business"), Credit::Now, Seconds Neither;
    RepliesToResolution: "Replies to resolution", "Agent replies up to each resolution in the period that still stands",
        Resolution at("resolved_at"), [Is("is_standing")], Measure::Number("replies"), Credit::ROW, Count Lower;
    AgentsToResolution: "Agents to resolution", "Distinct agents who replied or had the case up to each resolution in the period that still stands",
        Resolution at("resolved_at"), [Is("is_standing")], Measure::Number("agents"), Credit::ROW, Count Lower;
    AgentPresence: "Agent presence", "Time that human agents spent in each presence status within the period",
        Presence Placed::Overlap, [], Measure::Presence, Credit::Presence, Seconds Neither;
}

/// The metric of an id.
pub fn find(id: MetricId) -> &'static Metric {
    // Declared in the order of their ids, which a test holds.
    &METRICS[id as usize]
}

/// Attributes that rows of a kind can be filtered and grouped by.
pub fn attributes(kind: RecordKind) -> &'static [FilterAttribute] {
    match kind {
        RecordKind::Presence => &[FilterAttribute::Agent, FilterAttribute::Team],
        _ => FilterAttribute::ALL,
    }
}

impl Metric {
    /// Attributes that its rows can be filtered and grouped by.
    pub fn attributes(&self) -> &'static [FilterAttribute] {
        attributes(self.kind)
    }
}

/// Columns of a kind, or of its case, that questions about SLA and agents read besides those of the metrics.
const OTHERS: &[(RecordKind, &[&str])] = &[
    (RecordKind::SlaClock, &["metric", "policy", "counted", "judged"]),
    // What-if.
    (RecordKind::SlaClock, &["mode", "goal", "due_at", "is_completed", "is_left_out", "running_since", "team"]),
    (RecordKind::SlaClock, &["counted_calendar", "counted_business", "judged_calendar", "judged_business"]),
    (RecordKind::Case, &["chat_duration", "agent_messages", "mean_response", "first_response_from_customer_message"]),
];

/// Names of the columns that questions about rows of a kind read, which are those that the picture keeps of it.
pub fn columns(kind: RecordKind) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    for metric in METRICS.iter().filter(|metric| metric.kind == kind) {
        metric.rows.iter().for_each(|condition| condition.columns(&mut names));
        match metric.placed {
            Placed::At(column) => drop(names.insert(column)),
            Placed::Standing | Placed::Overlap => names.extend(["from_at", "until_at"]),
            Placed::Now => {}
        }
        match &metric.measure {
            Measure::Share(conditions) => conditions.iter().for_each(|condition| condition.columns(&mut names)),
            Measure::Duration { calendar, business } => {
                names.insert(calendar);
                names.extend(*business);
            }
            Measure::Number(column) => drop(names.insert(column)),
            Measure::Presence => drop(names.insert("status")),
            Measure::Count | Measure::RowsPerAgent => {}
        }
        if let Credit::Then { agent, team, queue } = metric.credit {
            names.extend([agent, team, queue]);
        }
        if metric.credit == Credit::Presence {
            names.insert("agent");
        }
    }
    names.extend(OTHERS.iter().filter(|(of, _)| *of == kind).flat_map(|(_, columns)| columns.iter().copied()));
    names
}

impl Condition {
    /// Adds the columns that it looks at.
    pub fn columns(&self, names: &mut BTreeSet<&'static str>) {
        match self {
            Condition::Any(conditions) => conditions.iter().for_each(|condition| condition.columns(names)),
            Condition::Either(lists) => lists.iter().flatten().for_each(|condition| condition.columns(names)),
            Condition::Not(condition) => condition.columns(names),
            Condition::AtMostOf(column, other) => names.extend([column, other]),
            // What open clocks are judged by is kept as `OTHERS`.
            Condition::Under(_) | Condition::OfCases(_) | Condition::Open(..) => {}
            Condition::Is(column)
            | Condition::IsNot(column)
            | Condition::Has(column)
            | Condition::Lacks(column)
            | Condition::OneOf(column, _)
            | Condition::AtLeast(column, _)
            | Condition::AtMost(column, _)
            | Condition::Past(column)
            | Condition::NotPast(column) => drop(names.insert(column)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::column::{Columns, find as find_column};
    use crate::record::*;

    fn has<R: Columns>(name: &str) -> bool {
        find_column::<R>(name).is_some()
            || (R::KIND != RecordKind::Presence && find_column::<CaseRecord>(name).is_some())
    }

    #[test]
    fn metrics_stand_in_the_order_of_their_ids() {
        let ids: Vec<MetricId> = METRICS.iter().map(|metric| metric.id).collect();
        assert_eq!(ids, MetricId::ALL);
        assert!(METRICS.iter().all(|metric| find(metric.id).id == metric.id));
    }

    #[test]
    fn metrics_read_columns_that_are_there() {
        for &kind in RecordKind::ALL {
            for name in columns(kind) {
                let is_there = match kind {
                    RecordKind::Case => has::<CaseRecord>(name),
                    RecordKind::Response => has::<ResponseRecord>(name),
                    RecordKind::SlaClock => has::<SlaClockRecord>(name),
                    RecordKind::Closure => has::<ClosureRecord>(name),
                    RecordKind::Resolution => has::<ResolutionRecord>(name),
                    RecordKind::StatusSpell => has::<StatusSpellRecord>(name),
                    RecordKind::Assignment => has::<AssignmentRecord>(name),
                    RecordKind::Rating => has::<RatingRecord>(name),
                    RecordKind::Message => has::<MessageRecord>(name),
                    RecordKind::Presence => has::<PresenceRecord>(name),
                };
                assert!(is_there, "{kind} has no column {name}");
            }
        }
    }
}
