//! The case row. Its tags are rows of their own, too.

use super::{from_json, instant, ms, word, word_or_null};
use crate::model::{CaseState, CaseStatus, Direction, Instant, priority_rank};
use crate::record::case::PersonKind;
use crate::record::{CaseRecord, MessageCounts, Person};
use crate::store::StoreError;
use crate::store::bulk::field::{Field, Row};
use crate::store::entity::case_record::{self, Column};
use crate::store::entity::case_tag;

/// What the row of a case is made from.
#[derive(Clone, Copy)]
pub struct CaseRecordRow<'a> {
    /// The workspace.
    pub workspace: &'a str,
    /// The case.
    pub of: &'a CaseRecord,
}

/// One line a column, however many there are.
impl Row<case_record::Entity> for CaseRecordRow<'_> {
    fn field(&self, column: Column) -> Field<'_> {
        let of = self.of;
        match column {
            Column::Workspace => self.workspace.into(),
            Column::CaseId => (&of.case).into(),
            Column::Number => of.number.into(),
            Column::State => of.state.word().into(),
            Column::CreatedAt => of.created_at.ms().into(),
            Column::UpdatedAt => of.updated_at.ms().into(),
            Column::Status => of.status.word().into(),
            Column::StatusId => (&of.status_id).into(),
            Column::StatusSince => of.status_since.ms().into(),
            Column::Priority => of.priority.as_ref().into(),
            Column::PriorityRank => priority_rank(of.priority.as_deref()).into(),
            Column::CaseType => of.case_type.as_ref().into(),
            Column::Subject => of.subject.as_ref().into(),
            Column::SearchText => search_text(of).into(),
            Column::Channel => (&of.channel).into(),
            Column::InitialChannel => (&of.initial_channel).into(),
            Column::Direction => of.direction.word().into(),
            Column::ContactPoint => of.contact_point.as_ref().into(),
            Column::Requester => of.requester.as_ref().into(),
            Column::Assignee => of.assignee.as_ref().into(),
            Column::ServedSince => ms(of.served_since).into(),
            Column::Team => of.team.as_ref().into(),
            Column::Queue => of.queue.as_ref().into(),
            Column::Policy => of.policy.as_ref().into(),
            Column::PolicyFrom => ms(of.policy_from).into(),
            Column::IsWaiting => of.is_waiting.into(),
            Column::IsFirstContactResolved => of.is_first_contact_resolved.into(),
            Column::ReopenCount => of.reopen_count.into(),
            Column::LastReopenedAt => ms(of.last_reopened_at).into(),
            Column::FirstAssignmentAt => ms(of.first_assignment_at).into(),
            Column::LastAssignmentAt => ms(of.last_assignment_at).into(),
            Column::LastActivityByRequesterAt => ms(of.last_activity_by_requester_at).into(),
            Column::LastActivityByAssigneeAt => ms(of.last_activity_by_assignee_at).into(),
            Column::LastReplyByAgentAt => ms(of.last_reply_by_agent_at).into(),
            Column::LastReplyByAssigneeAt => ms(of.last_reply_by_assignee_at).into(),
            Column::LastReplyByRequesterAt => ms(of.last_reply_by_requester_at).into(),
            Column::LastReplyByCustomerAt => ms(of.last_reply_by_customer_at).into(),
            Column::AgentUpdatedAt => ms(of.agent_updated_at).into(),
            Column::CustomerUpdatedAt => ms(of.customer_updated_at).into(),
            Column::RequesterUpdatedAt => ms(of.requester_updated_at).into(),
            Column::TeamUpdatedAt => ms(of.team_updated_at).into(),
            Column::PriorityUpdatedAt => ms(of.priority_updated_at).into(),
            Column::TypeUpdatedAt => ms(of.type_updated_at).into(),
            Column::StatusUpdatedAt => ms(of.status_updated_at).into(),
            Column::ResolutionAt => ms(of.resolution_at).into(),
            Column::AgentsToResolution => of.agents_to_resolution.into(),
            Column::RepliesToResolution => of.replies_to_resolution.into(),
            Column::LastReplierKind => of.last_replier.as_ref().map(|person| person.kind.word()).into(),
            Column::LastReplierId => of.last_replier.as_ref().map(|person| &person.id).into(),
            Column::ResolvedByKind => of.resolved_by.as_ref().map(|person| person.kind.word()).into(),
            Column::ResolvedById => of.resolved_by.as_ref().map(|person| &person.id).into(),
            Column::ResolutionCalendarMs => of.resolution_calendar_ms.into(),
            Column::ResolutionBusinessMs => of.resolution_business_ms.into(),
            Column::ReplyGapCount => of.reply_gap_count.into(),
            Column::CustomerWaitCalendarMs => of.customer_wait_calendar_ms.into(),
            Column::CustomerWaitBusinessMs => of.customer_wait_business_ms.into(),
            Column::AgentWaitCalendarMs => of.agent_wait_calendar_ms.into(),
            Column::AgentWaitBusinessMs => of.agent_wait_business_ms.into(),
            Column::FirstResponseCalendarMs => of.first_response_calendar_ms.into(),
            Column::FirstResponseBusinessMs => of.first_response_business_ms.into(),
            Column::PriorityChangeCount => of.priority_change_count.into(),
            Column::SlaChangeCount => of.sla_change_count.into(),
            Column::AssigneeChangeCount => of.assignee_change_count.into(),
            Column::TeamChangeCount => of.team_change_count.into(),
            Column::AgentReplyCount => of.agent_reply_count.into(),
            Column::RequesterReplyCount => of.requester_reply_count.into(),
            Column::AgentTouchCount => of.agent_touch_count.into(),
            Column::FirstResponseAt => ms(of.first_response_at).into(),
            Column::FirstResponder => of.first_responder.as_ref().into(),
            Column::FirstResponseTeam => of.first_response_team.as_ref().into(),
            Column::FirstResponseQueue => of.first_response_queue.as_ref().into(),
            Column::FirstResponseFromCustomerMessageMs => of.first_response_from_customer_message_ms.into(),
            Column::ReactionMs => of.reaction_ms.into(),
            Column::ResponseCount => of.response_count.into(),
            Column::ResponseSumMs => of.response_sum_ms.into(),
            Column::LastResponseAt => ms(of.last_response_at).into(),
            Column::ClosedAt => ms(of.closed_at).into(),
            Column::ChatDurationMs => of.chat_duration_ms.into(),
            Column::ServiceMs => of.service_ms.into(),
            Column::InactivityMs => of.inactivity_ms.into(),
            Column::IsAbandoned => of.is_abandoned.into(),
            Column::HandleMs => of.handle_ms.into(),
            Column::ResolutionAgent => of.resolution_agent.as_ref().into(),
            Column::LatestScore => of.latest_score.into(),
            Column::PublicCustomerMessages => of.messages.public_customer.into(),
            Column::PublicAgentMessages => of.messages.public_agent.into(),
            Column::PublicBotMessages => of.messages.public_bot.into(),
            Column::PublicSystemMessages => of.messages.public_system.into(),
            Column::InternalAgentMessages => of.messages.internal_agent.into(),
            Column::InternalOtherMessages => of.messages.internal_other.into(),
            Column::Tags => list(&of.tags).into(),
            Column::PoliciesEver => list(&of.policies_ever).into(),
        }
    }
}

fn list(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

/// What the row of a case's tag is made from.
#[derive(Clone, Copy)]
pub struct CaseTagRow<'a> {
    workspace: &'a str,
    of: &'a CaseRecord,
    tag: &'a str,
}

/// The rows of a case's tags.
pub fn of_tags<'a>(workspace: &'a str, of: &'a CaseRecord) -> impl Iterator<Item = CaseTagRow<'a>> {
    of.tags.iter().map(move |tag| CaseTagRow { workspace, of, tag })
}

impl Row<case_tag::Entity> for CaseTagRow<'_> {
    fn field(&self, column: case_tag::Column) -> Field<'_> {
        match column {
            case_tag::Column::Workspace => self.workspace.into(),
            case_tag::Column::Tag => self.tag.into(),
            case_tag::Column::CreatedAt => self.of.created_at.ms().into(),
            case_tag::Column::CaseId => (&self.of.case).into(),
        }
    }
}

/// The case of a row.
pub fn to_case_record(row: case_record::Model) -> Result<CaseRecord, StoreError> {
    Ok(CaseRecord {
        case: row.case_id,
        number: row.number,
        state: word("case_record.state", CaseState::from_word, &row.state)?,
        created_at: Instant::from_ms(row.created_at),
        updated_at: Instant::from_ms(row.updated_at),
        status: word("case_record.status", CaseStatus::from_word, &row.status)?,
        status_id: row.status_id,
        status_since: Instant::from_ms(row.status_since),
        priority: row.priority,
        case_type: row.case_type,
        subject: row.subject,
        channel: row.channel,
        initial_channel: row.initial_channel,
        direction: word("case_record.direction", Direction::from_word, &row.direction)?,
        contact_point: row.contact_point,
        requester: row.requester,
        assignee: row.assignee,
        served_since: instant(row.served_since),
        team: row.team,
        queue: row.queue,
        tags: from_json("case_record.tags", &row.tags)?,
        policy: row.policy,
        policy_from: instant(row.policy_from),
        policies_ever: from_json("case_record.policies_ever", &row.policies_ever)?,
        is_waiting: row.is_waiting,
        is_first_contact_resolved: row.is_first_contact_resolved,
        reopen_count: row.reopen_count,
        last_reopened_at: instant(row.last_reopened_at),
        first_assignment_at: instant(row.first_assignment_at),
        last_assignment_at: instant(row.last_assignment_at),
        last_activity_by_requester_at: instant(row.last_activity_by_requester_at),
        last_activity_by_assignee_at: instant(row.last_activity_by_assignee_at),
        last_reply_by_agent_at: instant(row.last_reply_by_agent_at),
        last_reply_by_assignee_at: instant(row.last_reply_by_assignee_at),
        last_reply_by_requester_at: instant(row.last_reply_by_requester_at),
        last_reply_by_customer_at: instant(row.last_reply_by_customer_at),
        agent_updated_at: instant(row.agent_updated_at),
        customer_updated_at: instant(row.customer_updated_at),
        requester_updated_at: instant(row.requester_updated_at),
        team_updated_at: instant(row.team_updated_at),
        priority_updated_at: instant(row.priority_updated_at),
        type_updated_at: instant(row.type_updated_at),
        status_updated_at: instant(row.status_updated_at),
        resolution_at: instant(row.resolution_at),
        agents_to_resolution: row.agents_to_resolution,
        replies_to_resolution: row.replies_to_resolution,
        last_replier: person("case_record.last_replier_kind", row.last_replier_kind.as_deref(), row.last_replier_id)?,
        resolved_by: person("case_record.resolved_by_kind", row.resolved_by_kind.as_deref(), row.resolved_by_id)?,
        resolution_calendar_ms: row.resolution_calendar_ms,
        resolution_business_ms: row.resolution_business_ms,
        reply_gap_count: row.reply_gap_count,
        customer_wait_calendar_ms: row.customer_wait_calendar_ms,
        customer_wait_business_ms: row.customer_wait_business_ms,
        agent_wait_calendar_ms: row.agent_wait_calendar_ms,
        agent_wait_business_ms: row.agent_wait_business_ms,
        first_response_calendar_ms: row.first_response_calendar_ms,
        first_response_business_ms: row.first_response_business_ms,
        priority_change_count: row.priority_change_count,
        sla_change_count: row.sla_change_count,
        assignee_change_count: row.assignee_change_count,
        team_change_count: row.team_change_count,
        agent_reply_count: row.agent_reply_count,
        requester_reply_count: row.requester_reply_count,
        agent_touch_count: row.agent_touch_count,
        first_response_at: instant(row.first_response_at),
        first_responder: row.first_responder,
        first_response_team: row.first_response_team,
        first_response_queue: row.first_response_queue,
        first_response_from_customer_message_ms: row.first_response_from_customer_message_ms,
        reaction_ms: row.reaction_ms,
        response_count: row.response_count,
        response_sum_ms: row.response_sum_ms,
        last_response_at: instant(row.last_response_at),
        closed_at: instant(row.closed_at),
        chat_duration_ms: row.chat_duration_ms,
        service_ms: row.service_ms,
        inactivity_ms: row.inactivity_ms,
        is_abandoned: row.is_abandoned,
        handle_ms: row.handle_ms,
        resolution_agent: row.resolution_agent,
        latest_score: row.latest_score,
        messages: MessageCounts {
            public_customer: row.public_customer_messages,
            public_agent: row.public_agent_messages,
            public_bot: row.public_bot_messages,
            public_system: row.public_system_messages,
            internal_agent: row.internal_agent_messages,
            internal_other: row.internal_other_messages,
        },
    })
}

/// A person from two columns.
pub fn person(column: &'static str, kind: Option<&str>, id: Option<String>) -> Result<Option<Person>, StoreError> {
    let kind = word_or_null(column, PersonKind::from_word, kind)?;
    Ok(kind.zip(id).map(|(kind, id)| Person { kind, id }))
}

/// What a search looks into: subject, id and number, in lower case, on lines of their own.
fn search_text(of: &CaseRecord) -> String {
    format!("{}\n{}\n{}", of.subject.as_deref().unwrap_or_default(), of.case, of.number).to_lowercase()
}
