//! Dixa's words for what we have: ids of metrics and records, attributes, measures. Those that Dixa publishes come first, in its order and
//! with its descriptions; the rest is ours in its manner.

use crate::metric::{Aggregation, Measure, Metric, MetricId, catalog};
use crate::model::FilterAttribute;
use crate::record::RecordKind;

/// Metrics that Dixa publishes, in its order.
const FIRST: [MetricId; 2] = [MetricId::Csat, MetricId::ClosedCases];

/// Every metric, Dixa's own first.
pub fn metrics() -> Vec<&'static Metric> {
    let rest = MetricId::ALL.iter().filter(|id| !FIRST.contains(id));
    FIRST.iter().chain(rest).map(|id| catalog::find(*id)).collect()
}

/// Dixa's id of a metric.
pub fn metric_id(id: MetricId) -> String {
    match id {
        MetricId::AssignmentsPerAgent => "conversation_assignments_per_agent".to_owned(),
        _ => id.word().replace("cases", "conversations"),
    }
}

/// The metric of an id.
pub fn find_metric(id: &str) -> Option<&'static Metric> {
    metrics().into_iter().find(|metric| metric_id(metric.id) == id)
}

/// What Dixa says of a metric, or we.
pub fn describe(metric: &Metric) -> String {
    match metric.id {
        MetricId::Csat => {
            "(Number of satisfied customers (4 and 5)/ Number of survey responses) x 100 = % of satisfied customers"
                .to_owned()
        }
        MetricId::ClosedCases => "Closed conversation data".to_owned(),
        _ => of_conversations(metric.description),
    }
}

/// A sentence of ours in Dixa's words.
pub fn of_conversations(text: &str) -> String {
    let pairs =
        [("Cases", "Conversations"), ("cases", "conversations"), ("Case", "Conversation"), ("case", "conversation")];
    pairs.iter().fold(text.to_owned(), |text, (ours, theirs)| text.replace(ours, theirs))
}

/// Attributes with Dixa's names, its own six first.
const ATTRIBUTES: [(&str, FilterAttribute); 15] = [
    ("agent_id", FilterAttribute::Agent),
    ("queue_id", FilterAttribute::Queue),
    ("channel", FilterAttribute::Channel),
    ("initial_direction", FilterAttribute::InitialDirection),
    ("tag_id", FilterAttribute::Tag),
    ("contact_point", FilterAttribute::ContactPoint),
    ("team_id", FilterAttribute::Team),
    ("initial_channel", FilterAttribute::InitialChannel),
    ("sla_policy_id", FilterAttribute::SlaPolicy),
    ("priority", FilterAttribute::Priority),
    ("conversation_type", FilterAttribute::CaseType),
    ("status", FilterAttribute::Status),
    ("requester_id", FilterAttribute::Requester),
    ("hour_of_day", FilterAttribute::HourOfDay),
    ("day_of_week", FilterAttribute::DayOfWeek),
];

/// The attribute of a name.
pub fn find_attribute(name: &str) -> Option<FilterAttribute> {
    ATTRIBUTES.iter().find(|(known, _)| *known == name).map(|(_, attribute)| *attribute)
}

/// Names of all attributes, for whoever asks for another.
pub fn attribute_names() -> String {
    ATTRIBUTES.map(|(name, _)| name).join(", ")
}

/// Names of the attributes that rows of a kind can be filtered by. Of closures Dixa lists all of its own but the agent, which comes after
/// them.
pub fn attributes(kind: RecordKind) -> Vec<&'static str> {
    let accepted = catalog::attributes(kind);
    let known = ATTRIBUTES.iter().filter(|(_, attribute)| accepted.contains(attribute));
    let mut names: Vec<&'static str> = known.map(|(name, _)| *name).collect();
    if kind == RecordKind::Closure {
        names[..6].rotate_left(1);
    }
    names
}

/// Dixa's name of a measure; `None` of one that it does not have.
pub const fn measure(aggregation: Aggregation) -> Option<&'static str> {
    Some(match aggregation {
        Aggregation::Count => "Count",
        Aggregation::Percentage => "Percentage",
        Aggregation::Average => "Average",
        Aggregation::Sum => "Sum",
        Aggregation::Min => "Min",
        Aggregation::Max => "Max",
        Aggregation::StdDev => "StdDev",
        Aggregation::AgentPresenceDuration => "AgentPresenceDuration",
        Aggregation::Median | Aggregation::P90 | Aggregation::P95 => return None,
    })
}

/// What can be taken of a metric, as Dixa offers it: of a share the percentage alone.
pub fn aggregations(metric: &Metric) -> Vec<(Aggregation, &'static str)> {
    let offered = metric.aggregations().iter().filter(|aggregation| match metric.measure {
        Measure::Share(_) => **aggregation == Aggregation::Percentage,
        _ => true,
    });
    offered.filter_map(|aggregation| Some((*aggregation, measure(*aggregation)?))).collect()
}

/// What Dixa says of a measure of a metric, or we.
pub fn describe_measure(metric: &Metric, aggregation: Aggregation) -> String {
    match (metric.id, aggregation) {
        (MetricId::ClosedCases, Aggregation::Count) => "Conversation closed count".to_owned(),
        (_, Aggregation::Percentage) => "Calculated Percentage".to_owned(),
        // Dixa has no null.
        _ => aggregation.description().replace("null without rows", "0 without rows"),
    }
}

/// A kind of records: Dixa's id and description, and what it is here.
#[derive(Clone, Copy, Debug)]
pub struct RecordWords {
    /// Its id.
    pub id: &'static str,
    /// What it is.
    pub description: &'static str,
    /// Of which rows.
    pub kind: RecordKind,
    /// The metric whose rows, instants and values these are; `None`: all rows of the kind.
    pub behind: Option<MetricId>,
}

const fn record(
    id: &'static str,
    description: &'static str,
    kind: RecordKind,
    behind: Option<MetricId>,
) -> RecordWords {
    RecordWords { id, description, kind, behind }
}

/// Id of the records of first responses.
pub const FIRST_RESPONSE: &str = "first_response_time";

/// Every kind of records, Dixa's own first.
pub const RECORDS: [RecordWords; 11] = [
    record("ratings", "Conversation Ratings", RecordKind::Rating, Some(MetricId::RatingScore)),
    record("closed_conversations", "Closed conversation data", RecordKind::Closure, Some(MetricId::ClosedCases)),
    record(
        FIRST_RESPONSE,
        "Conversations with a first response, and the seconds from creation to it",
        RecordKind::Case,
        Some(MetricId::FirstResponseTime),
    ),
    record("conversations", "Conversations created, as they are now", RecordKind::Case, Some(MetricId::CreatedCases)),
    record(
        "resolved_conversations",
        "Resolutions that still stand: the conversation was not reopened since",
        RecordKind::Resolution,
        Some(MetricId::ResolvedCases),
    ),
    record("conversation_assignments", "Assignments to an agent, team or queue", RecordKind::Assignment, None),
    record(
        "responses",
        "Replies, and the seconds from the first customer message without a reply to each",
        RecordKind::Response,
        Some(MetricId::ResponseTime),
    ),
    record("messages", "Messages, those of the system aside", RecordKind::Message, Some(MetricId::Messages)),
    record("sla_clocks", "Runnings of targets of an SLA policy", RecordKind::SlaClock, None),
    record("status_spells", "Stretches of a conversation in one status", RecordKind::StatusSpell, None),
    record(
        "agent_presence",
        "Stretches of a human agent in one presence status, and the seconds of each within the period",
        RecordKind::Presence,
        Some(MetricId::AgentPresence),
    ),
];

/// The kind of records of an id.
pub fn find_record(id: &str) -> Option<&'static RecordWords> {
    RECORDS.iter().find(|record| record.id == id)
}

impl RecordWords {
    /// Indicates a metric is made of these rows, or of some of them.
    pub fn relates_to(&self, metric: &Metric) -> bool {
        let is_first_response = metric.id == MetricId::FirstResponseTime;
        metric.kind == self.kind && (self.kind != RecordKind::Case || is_first_response == (self.id == FIRST_RESPONSE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_an_id_of_its_own_and_a_record() {
        let mut ids: Vec<String> = metrics().iter().map(|metric| metric_id(metric.id)).collect();
        assert_eq!(ids.len(), MetricId::ALL.len());
        for id in ["csat", "closed_conversations", "conversation_assignments_per_agent", "first_response_time"] {
            assert!(find_metric(id).is_some(), "{id}");
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), MetricId::ALL.len());
        for metric in metrics() {
            assert_eq!(RECORDS.iter().filter(|record| record.relates_to(metric)).count(), 1, "{}", metric.id);
            assert!(!aggregations(metric).is_empty(), "{}", metric.id);
            assert!(!describe(metric).contains("case"), "{}", metric.id);
        }
    }

    #[test]
    fn attributes_of_closures_begin_as_dixas() {
        let ours = ["queue_id", "channel", "initial_direction", "tag_id", "contact_point", "agent_id"];
        assert_eq!(attributes(RecordKind::Closure)[..6], ours);
        assert_eq!(attributes(RecordKind::Presence), ["agent_id", "team_id"]);
        assert_eq!(attributes(RecordKind::Rating).len(), FilterAttribute::ALL.len());
    }
}
