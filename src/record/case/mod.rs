//! The case row: every figure of one case, and what the case is now (SEMANTICS 3.3, 1.2, 8 and 8.1).
//!
//! `derive` fills the row part by part: what the case is now, what changed (`changes`), who was active when (`activity`), replies
//! and waits (`replies`), and how it ended (`ending`).

mod activity;
mod changes;
mod ending;
mod replies;

use serde_tuple::{Deserialize_tuple, Serialize_tuple};

use super::rules::Author;
use super::timeline::{Step, Timeline};
use super::{ClosureRecord, RatingRecord, ResolutionRecord, ResponseRecord};
use crate::model::{CaseState, CaseStatus, Direction, Instant, words};

words! {
    /// What kind of person.
    PersonKind {
        /// Of the organisation; bots too, where they count.
        Agent = "agent",
        /// Outside it.
        Customer = "customer",
    }
}

/// Somebody with an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize_tuple, Deserialize_tuple)]
pub struct Person {
    /// Which directory the id is in.
    pub kind: PersonKind,
    /// The source's identifier.
    pub id: String,
}

impl Person {
    /// The human agent or customer who did it; a customer whom the source does not name is the requester then. `None` for bots, the
    /// system and an agent whom the source does not name.
    pub fn author(step: &Step<'_>) -> Option<Person> {
        let (kind, id) = match step.author {
            Author::Agent(id) => (PersonKind::Agent, id),
            Author::Customer(id) => (PersonKind::Customer, id.or(step.before.requester)),
            Author::Bot(_) | Author::System => return None,
        };
        id.map(|id| Person { kind, id: id.to_owned() })
    }

    /// Likewise, a bot being an agent.
    pub fn author_or_bot(step: &Step<'_>) -> Option<Person> {
        match step.author {
            Author::Bot(id) => id.map(|id| Person { kind: PersonKind::Agent, id: id.to_owned() }),
            _ => Person::author(step),
        }
    }
}

/// Messages of a case by who wrote them and who may read them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "visibility and author kind are in the name")]
pub struct MessageCounts {
    pub public_customer: i32,
    pub public_agent: i32,
    pub public_bot: i32,
    pub public_system: i32,
    pub internal_agent: i32,
    pub internal_other: i32,
}

/// One case, now. Durations in milliseconds; `None` when it never happened or would be negative.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseRecord {
    /// The case.
    pub case: String,
    /// The number people quote.
    pub number: i64,
    /// Whether it counts.
    pub state: CaseState,
    /// Creation.
    pub created_at: Instant,
    /// Latest event, or creation.
    pub updated_at: Instant,

    // What it is now.
    /// Category of its status.
    pub status: CaseStatus,
    /// Its status: a category's word or the id of a named status.
    pub status_id: String,
    /// Instant since which it is in that status; selects the version of the status in force then.
    pub status_since: Instant,
    /// Priority.
    pub priority: Option<String>,
    /// Type.
    pub case_type: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Channel.
    pub channel: String,
    /// Channel of the first contact.
    pub initial_channel: String,
    /// Who started the contact.
    pub direction: Direction,
    /// Address it came in by.
    pub contact_point: Option<String>,
    /// Customer whose case it is.
    pub requester: Option<String>,
    /// Agent who has it: who serves it.
    pub assignee: Option<String>,
    /// Since when that agent has it.
    pub served_since: Option<Instant>,
    /// Team that has it; decides who may see any row of the case.
    pub team: Option<String>,
    /// Queue it is in.
    pub queue: Option<String>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// Policy it is under.
    pub policy: Option<String>,
    /// Start of the policy's version; `None` too for the first version.
    pub policy_from: Option<Instant>,
    /// Policies it ever was under, sorted; empty: never had one.
    pub policies_ever: Vec<String>,
    /// Indicates the customer waits: a run is unanswered.
    pub is_waiting: bool,

    // The 41 figures of Kayako's case metrics not above, in its order (SEMANTICS 3.3).
    /// Resolved, never reopened, by at most one reply.
    pub is_first_contact_resolved: bool,
    /// Number of reopenings; any makes `was_reopened`.
    pub reopen_count: i32,
    /// Latest reopening.
    pub last_reopened_at: Option<Instant>,
    /// First assignment to an agent.
    pub first_assignment_at: Option<Instant>,
    /// Latest assignment to an agent.
    pub last_assignment_at: Option<Instant>,
    /// Latest message, opening excluded, or change by the requester then.
    pub last_activity_by_requester_at: Option<Instant>,
    /// Latest message, opening excluded, note or change by the assignee then.
    pub last_activity_by_assignee_at: Option<Instant>,
    /// Latest public reply by an agent.
    pub last_reply_by_agent_at: Option<Instant>,
    /// Latest public reply by the assignee then.
    pub last_reply_by_assignee_at: Option<Instant>,
    /// Latest public message by the requester, opening excluded.
    pub last_reply_by_requester_at: Option<Instant>,
    /// Latest public message by any customer, opening excluded.
    pub last_reply_by_customer_at: Option<Instant>,
    /// Latest update by an agent.
    pub agent_updated_at: Option<Instant>,
    /// Latest update by any customer.
    pub customer_updated_at: Option<Instant>,
    /// Latest update by the requester then.
    pub requester_updated_at: Option<Instant>,
    /// Latest change of team.
    pub team_updated_at: Option<Instant>,
    /// Latest change of priority.
    pub priority_updated_at: Option<Instant>,
    /// Latest change of type.
    pub type_updated_at: Option<Instant>,
    /// Latest change of status.
    pub status_updated_at: Option<Instant>,
    /// Standing resolution; `None` while not terminal.
    pub resolution_at: Option<Instant>,
    /// Distinct agents who replied or were assignee up to the resolution; 0 while unresolved.
    pub agents_to_resolution: i32,
    /// Agent replies up to the resolution; 0 while unresolved.
    pub replies_to_resolution: i32,
    /// Author of the latest public message, system ones skipped.
    pub last_replier: Option<Person>,
    /// Author of the standing resolution; `None` for automation.
    pub resolved_by: Option<Person>,
    /// Creation to resolution, terminal time between taken out.
    pub resolution_calendar_ms: Option<i64>,
    /// The same in business time.
    pub resolution_business_ms: Option<i64>,
    /// Answered gaps of requester reply to agent reply, the first response's excluded.
    pub reply_gap_count: i32,
    /// Sum of those gaps: what the customer waited. `None` without a gap. The average is this over the count.
    pub customer_wait_calendar_ms: Option<i64>,
    /// The same in business time.
    pub customer_wait_business_ms: Option<i64>,
    /// Sum of last agent reply of a turn to next requester reply. `None` without such a gap.
    pub agent_wait_calendar_ms: Option<i64>,
    /// The same in business time.
    pub agent_wait_business_ms: Option<i64>,
    /// Creation to first agent reply.
    pub first_response_calendar_ms: Option<i64>,
    /// The same in business time.
    pub first_response_business_ms: Option<i64>,
    /// Changes of priority.
    pub priority_change_count: i32,
    /// Changes of policy.
    pub sla_change_count: i32,
    /// Changes of assignee.
    pub assignee_change_count: i32,
    /// Changes of team.
    pub team_change_count: i32,
    /// Public agent replies.
    pub agent_reply_count: i32,
    /// Public requester replies.
    pub requester_reply_count: i32,
    /// Agent actions.
    pub agent_touch_count: i32,

    // Ours and Rocket.Chat's (SEMANTICS 1.2, 7).
    /// First agent reply.
    pub first_response_at: Option<Instant>,
    /// Who made it.
    pub first_responder: Option<String>,
    /// Team of the case then.
    pub first_response_team: Option<String>,
    /// Queue of the case then.
    pub first_response_queue: Option<String>,
    /// First customer message of the run to first reply; from creation when no customer wrote before it.
    pub first_response_from_customer_message_ms: Option<i64>,
    /// First reply minus when the assignee then became it.
    pub reaction_ms: Option<i64>,
    /// Answered customer runs, the first one included.
    pub response_count: i32,
    /// Sum of their response times; the mean reply time is this over the count.
    pub response_sum_ms: Option<i64>,
    /// Last public message of an agent after the first reply, the first reply included.
    pub last_response_at: Option<Instant>,
    /// Last closure while closed.
    pub closed_at: Option<Instant>,
    /// Creation to close, while closed.
    pub chat_duration_ms: Option<i64>,
    /// Service by the assignee at the close, while closed.
    pub service_ms: Option<i64>,
    /// Silence of the customer before the close, while closed.
    pub inactivity_ms: Option<i64>,
    /// Indicates the last closure was of an abandoned case, while closed.
    pub is_abandoned: bool,
    /// Creation to standing resolution, plain difference.
    pub handle_ms: Option<i64>,
    /// Agent credited with the standing resolution: its author when a human agent, else the assignee then.
    pub resolution_agent: Option<String>,
    /// Score of the latest rating given.
    pub latest_score: Option<i32>,
    /// Messages by author and visibility.
    pub messages: MessageCounts,
}

/// Derives the case row of a replayed case from the replay and the rows already derived from it.
pub fn derive(
    timeline: &Timeline<'_>,
    responses: &[ResponseRecord],
    closures: &[ClosureRecord],
    resolutions: &[ResolutionRecord],
    ratings: &[RatingRecord],
) -> CaseRecord {
    let mut record = describe(timeline);
    changes::count(&mut record, timeline);
    activity::date(&mut record, timeline);
    replies::measure(&mut record, timeline, responses);
    ending::judge(&mut record, closures, resolutions);
    record.latest_score = ratings.last().map(|rating| rating.score);
    record
}

/// The row with what the case is now; every figure still empty.
fn describe(timeline: &Timeline<'_>) -> CaseRecord {
    let (case, now) = (timeline.case, timeline.now());
    let text = |value: Option<&str>| value.map(str::to_owned);
    let latest = timeline.steps.last().map_or(case.created_at, |step| step.event.at);
    CaseRecord {
        case: case.id.clone(),
        number: case.number,
        state: case.state,
        created_at: case.created_at,
        updated_at: latest.max(case.created_at),
        status: now.status.category,
        status_id: now.status.id.to_owned(),
        status_since: now.status.since,
        priority: text(now.priority),
        case_type: text(now.case_type),
        subject: text(now.subject),
        channel: now.channel.to_owned(),
        initial_channel: case.initial_channel().to_owned(),
        direction: case.direction,
        contact_point: case.contact_point.clone(),
        requester: text(now.requester),
        assignee: text(now.assignee),
        served_since: now.served_since,
        team: text(now.team),
        queue: text(now.queue),
        tags: timeline.tags.iter().map(|&tag| tag.to_owned()).collect(),
        policy: now.policy.map(|policy| policy.id.clone()),
        policy_from: now.policy.and_then(|policy| policy.from),
        ..CaseRecord::default()
    }
}

#[cfg(test)]
mod tests;
