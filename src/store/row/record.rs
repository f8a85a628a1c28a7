//! The rows of a case besides its own: customer runs, clocks, closures, resolutions, status spells, assignments, ratings, messages.

use super::case_record::person;
use super::{instant, ms, word, word_or_null};
use crate::model::{ActorKind, AssignmentKind, CaseStatus, ClockMode, Instant, SlaMetric, Visibility};
use crate::record::{
    AssignmentRecord, ClosedBy, ClosureRecord, MessageRecord, RatingRecord, ResolutionRecord, ResponseRecord,
    SlaClockRecord, StatusSpellRecord,
};
use crate::store::StoreError;
use crate::store::entity::{
    assignment_record, closure_record, message_record, rating_record, resolution_record, response_record,
    sla_clock_record, status_spell_record,
};

/// The row of a customer run.
pub fn of_response(workspace: &str, case: &str, of: &ResponseRecord) -> response_record::Model {
    response_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        ordinal: of.ordinal,
        started_at: of.started_at.ms(),
        replied_at: ms(of.replied_at),
        is_first: of.is_first,
        calendar_ms: of.calendar_ms,
        business_ms: of.business_ms,
        agent: of.agent.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
    }
}
/// A customer run of a row.
pub fn to_response(row: response_record::Model) -> ResponseRecord {
    ResponseRecord {
        ordinal: row.ordinal,
        started_at: Instant::from_ms(row.started_at),
        replied_at: instant(row.replied_at),
        is_first: row.is_first,
        calendar_ms: row.calendar_ms,
        business_ms: row.business_ms,
        agent: row.agent,
        team: row.team,
        queue: row.queue,
    }
}

/// The row of an SLA clock.
pub fn of_sla_clock(workspace: &str, case: &str, of: &SlaClockRecord) -> sla_clock_record::Model {
    sla_clock_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        metric: of.metric.word().to_owned(),
        ordinal: of.ordinal,
        policy: of.policy.clone(),
        policy_from: ms(of.policy_from),
        clock: of.clock.word().to_owned(),
        goal_ms: of.goal_ms,
        started_at: of.started_at.ms(),
        due_at: ms(of.due_at),
        completed_at: ms(of.completed_at),
        is_paused: of.is_paused,
        paused_since: ms(of.paused_since),
        running_since: ms(of.running_since),
        counted_calendar_ms: of.counted_calendar_ms,
        counted_business_ms: of.counted_business_ms,
        judged_calendar_ms: of.judged_calendar_ms,
        judged_business_ms: of.judged_business_ms,
        is_left_out: of.is_left_out,
        agent: of.agent.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
    }
}
/// An SLA clock of a row.
pub fn to_sla_clock(row: sla_clock_record::Model) -> Result<SlaClockRecord, StoreError> {
    Ok(SlaClockRecord {
        metric: word("sla_clock_record.metric", SlaMetric::from_word, &row.metric)?,
        ordinal: row.ordinal,
        policy: row.policy,
        policy_from: instant(row.policy_from),
        clock: word("sla_clock_record.clock", ClockMode::from_word, &row.clock)?,
        goal_ms: row.goal_ms,
        started_at: Instant::from_ms(row.started_at),
        due_at: instant(row.due_at),
        completed_at: instant(row.completed_at),
        is_paused: row.is_paused,
        paused_since: instant(row.paused_since),
        running_since: instant(row.running_since),
        counted_calendar_ms: row.counted_calendar_ms,
        counted_business_ms: row.counted_business_ms,
        judged_calendar_ms: row.judged_calendar_ms,
        judged_business_ms: row.judged_business_ms,
        is_left_out: row.is_left_out,
        agent: row.agent,
        team: row.team,
        queue: row.queue,
    })
}

/// The row of a closure.
pub fn of_closure(workspace: &str, case: &str, of: &ClosureRecord) -> closure_record::Model {
    closure_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        ordinal: of.ordinal,
        closed_at: of.closed_at.ms(),
        closed_by: of.closed_by.word().to_owned(),
        closing_agent: of.closing_agent.clone(),
        agent: of.agent.clone(),
        assignee: of.assignee.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
        chat_duration_ms: of.chat_duration_ms,
        service_ms: of.service_ms,
        inactivity_ms: of.inactivity_ms,
        is_abandoned: of.is_abandoned,
    }
}
/// A closure of a row.
pub fn to_closure(row: closure_record::Model) -> Result<ClosureRecord, StoreError> {
    Ok(ClosureRecord {
        ordinal: row.ordinal,
        closed_at: Instant::from_ms(row.closed_at),
        closed_by: word("closure_record.closed_by", ClosedBy::from_word, &row.closed_by)?,
        closing_agent: row.closing_agent,
        agent: row.agent,
        assignee: row.assignee,
        team: row.team,
        queue: row.queue,
        chat_duration_ms: row.chat_duration_ms,
        service_ms: row.service_ms,
        inactivity_ms: row.inactivity_ms,
        is_abandoned: row.is_abandoned,
    })
}

/// The row of a resolution.
pub fn of_resolution(workspace: &str, case: &str, of: &ResolutionRecord) -> resolution_record::Model {
    resolution_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        ordinal: of.ordinal,
        resolved_at: of.resolved_at.ms(),
        resolved_by_kind: of.resolved_by.as_ref().map(|p| p.kind.word().to_owned()),
        resolved_by_id: of.resolved_by.as_ref().map(|p| p.id.clone()),
        agent: of.agent.clone(),
        assignee: of.assignee.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
        is_standing: of.is_standing,
        calendar_ms: of.calendar_ms,
        business_ms: of.business_ms,
        replies: of.replies,
        agents: of.agents,
        is_first_contact: of.is_first_contact,
    }
}
/// A resolution of a row.
pub fn to_resolution(row: resolution_record::Model) -> Result<ResolutionRecord, StoreError> {
    let kind = row.resolved_by_kind.as_deref();
    Ok(ResolutionRecord {
        ordinal: row.ordinal,
        resolved_at: Instant::from_ms(row.resolved_at),
        resolved_by: person("resolution_record.resolved_by_kind", kind, row.resolved_by_id)?,
        agent: row.agent,
        assignee: row.assignee,
        team: row.team,
        queue: row.queue,
        is_standing: row.is_standing,
        calendar_ms: row.calendar_ms,
        business_ms: row.business_ms,
        replies: row.replies,
        agents: row.agents,
        is_first_contact: row.is_first_contact,
    })
}

/// The row of a status spell.
pub fn of_status_spell(workspace: &str, case: &str, of: &StatusSpellRecord) -> status_spell_record::Model {
    status_spell_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        ordinal: of.ordinal,
        status_id: of.status_id.clone(),
        status: of.status.word().to_owned(),
        from_at: of.from_at.ms(),
        until_at: ms(of.until_at),
        agent: of.agent.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
    }
}
/// A status spell of a row.
pub fn to_status_spell(row: status_spell_record::Model) -> Result<StatusSpellRecord, StoreError> {
    Ok(StatusSpellRecord {
        ordinal: row.ordinal,
        status_id: row.status_id,
        status: word("status_spell_record.status", CaseStatus::from_word, &row.status)?,
        from_at: Instant::from_ms(row.from_at),
        until_at: instant(row.until_at),
        agent: row.agent,
        team: row.team,
        queue: row.queue,
    })
}

/// The row of an assignment.
pub fn of_assignment(workspace: &str, case: &str, of: &AssignmentRecord) -> assignment_record::Model {
    assignment_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        ordinal: of.ordinal,
        assigned_at: of.assigned_at.ms(),
        kind: of.kind.map(|w| w.word().to_owned()),
        agent: of.agent.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
        previous_agent: of.previous_agent.clone(),
        previous_team: of.previous_team.clone(),
        previous_queue: of.previous_queue.clone(),
        names_agent: of.names_agent,
        is_transfer: of.is_transfer,
    }
}
/// An assignment of a row.
pub fn to_assignment(row: assignment_record::Model) -> Result<AssignmentRecord, StoreError> {
    Ok(AssignmentRecord {
        ordinal: row.ordinal,
        assigned_at: Instant::from_ms(row.assigned_at),
        kind: word_or_null("assignment_record.kind", AssignmentKind::from_word, row.kind.as_deref())?,
        agent: row.agent,
        team: row.team,
        queue: row.queue,
        previous_agent: row.previous_agent,
        previous_team: row.previous_team,
        previous_queue: row.previous_queue,
        names_agent: row.names_agent,
        is_transfer: row.is_transfer,
    })
}

/// The row of a rating.
pub fn of_rating(workspace: &str, case: &str, of: &RatingRecord) -> rating_record::Model {
    rating_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        id: of.id.clone(),
        rated_at: of.rated_at.ms(),
        offered_at: ms(of.offered_at),
        score: of.score,
        comment: of.comment.clone(),
        agent: of.agent.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
    }
}
/// A rating of a row.
pub fn to_rating(row: rating_record::Model) -> RatingRecord {
    RatingRecord {
        id: row.id,
        rated_at: Instant::from_ms(row.rated_at),
        offered_at: instant(row.offered_at),
        score: row.score,
        comment: row.comment,
        agent: row.agent,
        team: row.team,
        queue: row.queue,
    }
}

/// The row of a message.
pub fn of_message(workspace: &str, case: &str, of: &MessageRecord) -> message_record::Model {
    message_record::Model {
        workspace: workspace.to_owned(),
        case_id: case.to_owned(),
        id: of.id.clone(),
        at: of.at.ms(),
        author_kind: of.author_kind.word().to_owned(),
        author: of.author.clone(),
        visibility: of.visibility.word().to_owned(),
        is_opening: of.is_opening,
        agent: of.agent.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
    }
}
/// A message of a row.
pub fn to_message(row: message_record::Model) -> Result<MessageRecord, StoreError> {
    Ok(MessageRecord {
        id: row.id,
        at: Instant::from_ms(row.at),
        author_kind: word("message_record.author_kind", ActorKind::from_word, &row.author_kind)?,
        author: row.author,
        visibility: word("message_record.visibility", Visibility::from_word, &row.visibility)?,
        is_opening: row.is_opening,
        agent: row.agent,
        team: row.team,
        queue: row.queue,
    })
}
