//! Cases as created.

use super::{actor, from_json, to_json, word};
use crate::model::{Case, CaseState, Direction, Instant};
use crate::store::StoreError;
use crate::store::entity::support_case;

/// The row of a case. `is_anonymous`: a customer of the case was erased.
pub fn of_case(workspace: &str, of: &Case, is_anonymous: bool) -> Result<support_case::Model, StoreError> {
    Ok(support_case::Model {
        workspace: workspace.to_owned(),
        id: of.id.clone(),
        number: of.number,
        created_at: of.created_at.ms(),
        channel: of.channel.clone(),
        initial_channel: of.initial_channel.clone(),
        direction: of.direction.word().to_owned(),
        contact_point: of.contact_point.clone(),
        requester: of.requester.clone(),
        creator_kind: of.creator.as_ref().map(|c| c.kind.word().to_owned()),
        creator_id: of.creator.as_ref().and_then(|c| c.id.clone()),
        priority: of.priority.clone(),
        case_type: of.case_type.clone(),
        subject: of.subject.clone(),
        team: of.team.clone(),
        queue: of.queue.clone(),
        assignee: of.assignee.clone(),
        tags: to_json(&of.tags)?,
        state: of.state.word().to_owned(),
        merged_into: of.merged_into.clone(),
        attributes: to_json(&of.attributes)?,
        is_anonymous,
    })
}

/// The case of a row.
pub fn to_case(row: support_case::Model) -> Result<Case, StoreError> {
    Ok(Case {
        id: row.id,
        number: row.number,
        created_at: Instant::from_ms(row.created_at),
        channel: row.channel,
        initial_channel: row.initial_channel,
        direction: word("support_case.direction", Direction::from_word, &row.direction)?,
        contact_point: row.contact_point,
        requester: row.requester,
        creator: actor("support_case.creator_kind", row.creator_kind.as_deref(), row.creator_id)?,
        priority: row.priority,
        case_type: row.case_type,
        subject: row.subject,
        team: row.team,
        queue: row.queue,
        assignee: row.assignee,
        tags: from_json("support_case.tags", &row.tags)?,
        state: word("support_case.state", CaseState::from_word, &row.state)?,
        merged_into: row.merged_into,
        attributes: from_json("support_case.attributes", &row.attributes)?,
    })
}
