//! Cases as created.

use super::{actor, from_json, to_json, word};
use crate::model::{Case, CaseState, Direction, Instant};
use crate::store::StoreError;
use crate::store::bulk::field::{Field, Row};
use crate::store::entity::support_case::{self, Column};

/// What the row of a case is made from.
pub struct SupportCaseRow<'a> {
    workspace: &'a str,
    of: &'a Case,
    is_anonymous: bool,
    tags: String,
    attributes: String,
}

impl<'a> SupportCaseRow<'a> {
    /// That of a case; `is_anonymous`: a customer of it was erased.
    ///
    /// # Errors
    /// None in fact: lists and maps can be written as JSON.
    pub fn new(workspace: &'a str, of: &'a Case, is_anonymous: bool) -> Result<SupportCaseRow<'a>, StoreError> {
        let (tags, attributes) = (to_json(&of.tags)?, to_json(&of.attributes)?);
        Ok(SupportCaseRow { workspace, of, is_anonymous, tags, attributes })
    }
}

impl Row<support_case::Entity> for SupportCaseRow<'_> {
    fn field(&self, column: Column) -> Field<'_> {
        let of = self.of;
        match column {
            Column::Workspace => self.workspace.into(),
            Column::Id => (&of.id).into(),
            Column::Number => of.number.into(),
            Column::CreatedAt => of.created_at.ms().into(),
            Column::Channel => (&of.channel).into(),
            Column::InitialChannel => of.initial_channel.as_ref().into(),
            Column::Direction => of.direction.word().into(),
            Column::ContactPoint => of.contact_point.as_ref().into(),
            Column::Requester => of.requester.as_ref().into(),
            Column::CreatorKind => of.creator.as_ref().map(|creator| creator.kind.word()).into(),
            Column::CreatorId => of.creator.as_ref().and_then(|creator| creator.id.as_ref()).into(),
            Column::Priority => of.priority.as_ref().into(),
            Column::CaseType => of.case_type.as_ref().into(),
            Column::Subject => of.subject.as_ref().into(),
            Column::Team => of.team.as_ref().into(),
            Column::Queue => of.queue.as_ref().into(),
            Column::Assignee => of.assignee.as_ref().into(),
            Column::Tags => (&self.tags).into(),
            Column::State => of.state.word().into(),
            Column::MergedInto => of.merged_into.as_ref().into(),
            Column::Attributes => (&self.attributes).into(),
            Column::IsAnonymous => self.is_anonymous.into(),
        }
    }
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
