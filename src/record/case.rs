//! The case row: every figure of one case, and what the case is now (SEMANTICS 3.3, 1.2, 8 and 8.1).

use super::{ClosureRecord, RatingRecord, ResolutionRecord, ResponseRecord, Timeline};
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    /// Which directory the id is in.
    pub kind: PersonKind,
    /// The source's identifier.
    pub id: String,
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
#[derive(Clone, Debug, PartialEq)]
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
    _responses: &[ResponseRecord],
    _closures: &[ClosureRecord],
    _resolutions: &[ResolutionRecord],
    _ratings: &[RatingRecord],
) -> CaseRecord {
    let (case, now) = (timeline.case, timeline.now());
    let text = |value: Option<&str>| value.map(str::to_owned);
    CaseRecord {
        case: case.id.clone(),
        number: case.number,
        state: case.state,
        created_at: case.created_at,
        updated_at: case.created_at,
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
        tags: now.tags.iter().map(|&tag| tag.to_owned()).collect(),
        policy: now.policy.map(|p| p.id.clone()),
        policy_from: now.policy.and_then(|p| p.from),
        policies_ever: Vec::new(),
        is_waiting: false,
        is_first_contact_resolved: false,
        reopen_count: 0,
        last_reopened_at: None,
        first_assignment_at: None,
        last_assignment_at: None,
        last_activity_by_requester_at: None,
        last_activity_by_assignee_at: None,
        last_reply_by_agent_at: None,
        last_reply_by_assignee_at: None,
        last_reply_by_requester_at: None,
        last_reply_by_customer_at: None,
        agent_updated_at: None,
        customer_updated_at: None,
        requester_updated_at: None,
        team_updated_at: None,
        priority_updated_at: None,
        type_updated_at: None,
        status_updated_at: None,
        resolution_at: None,
        agents_to_resolution: 0,
        replies_to_resolution: 0,
        last_replier: None,
        resolved_by: None,
        resolution_calendar_ms: None,
        resolution_business_ms: None,
        reply_gap_count: 0,
        customer_wait_calendar_ms: None,
        customer_wait_business_ms: None,
        agent_wait_calendar_ms: None,
        agent_wait_business_ms: None,
        first_response_calendar_ms: None,
        first_response_business_ms: None,
        priority_change_count: 0,
        sla_change_count: 0,
        assignee_change_count: 0,
        team_change_count: 0,
        agent_reply_count: 0,
        requester_reply_count: 0,
        agent_touch_count: 0,
        first_response_at: None,
        first_responder: None,
        first_response_team: None,
        first_response_queue: None,
        first_response_from_customer_message_ms: None,
        reaction_ms: None,
        response_count: 0,
        response_sum_ms: None,
        last_response_at: None,
        closed_at: None,
        chat_duration_ms: None,
        service_ms: None,
        inactivity_ms: None,
        is_abandoned: false,
        handle_ms: None,
        resolution_agent: None,
        latest_score: None,
        messages: MessageCounts::default(),
    }
}
