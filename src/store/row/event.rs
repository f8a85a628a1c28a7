//! Events: one wide table for every kind.
//!
//! `named` keeps apart an agent, team or queue that was said to be nobody from one that was not said. `standing` keeps which
//! fields the line gave that stands for its id (messages and ratings), so that an older line coming later fills only the others.

use super::{actor, instant, ms, word, word_or_null};
use crate::model::{AssignmentKind, ChangeField, Event, EventBody, EventKind, Instant, Patch, Visibility};
use crate::store::StoreError;
use crate::store::bulk::field::{Field, Row};
use crate::store::entity::event::{self, Column};

const AGENT: i32 = 1;
const TEAM: i32 = 2;
const QUEUE: i32 = 4;

fn named(body: &EventBody) -> i32 {
    let bit = |patch: &Patch<String>, bit| if patch.is_present() { bit } else { 0 };
    match body {
        EventBody::Assignment { agent, team, queue, .. } | EventBody::Rating { agent, team, queue, .. } => {
            bit(agent, AGENT) | bit(team, TEAM) | bit(queue, QUEUE)
        }
        _ => 0,
    }
}

fn patch(value: Option<String>, named: i32, bit: i32) -> Patch<String> {
    match value {
        Some(value) => Patch::Value(value),
        None if named & bit != 0 => Patch::Null,
        None => Patch::Absent,
    }
}

/// What the row of an event is made from.
#[derive(Clone, Copy)]
pub struct EventRow<'a> {
    /// The workspace.
    pub workspace: &'a str,
    /// The event.
    pub of: &'a Event,
    /// The column of that name.
    pub standing: i32,
}

impl Row<event::Entity> for EventRow<'_> {
    fn field(&self, column: Column) -> Field<'_> {
        let of = self.of;
        match column {
            Column::Workspace => self.workspace.into(),
            Column::CaseId => (&of.case).into(),
            Column::Kind => of.body.kind().word().into(),
            Column::Id => (&of.id).into(),
            Column::At => of.at.ms().into(),
            Column::Seq => of.seq.into(),
            Column::ActorKind => of.actor.as_ref().map(|actor| actor.kind.word()).into(),
            Column::ActorId => of.actor.as_ref().and_then(|actor| actor.id.as_ref()).into(),
            Column::Action => of.action.as_ref().into(),
            Column::Standing => self.standing.into(),
            Column::Named => named(&of.body).into(),
            column => body_field(&of.body, column),
        }
    }
}

/// A column of the kind of event that has it; null of other kinds.
fn body_field(body: &EventBody, column: Column) -> Field<'_> {
    match body {
        EventBody::Message { visibility, opening, edited_at } => match column {
            Column::Visibility => visibility.word().into(),
            Column::IsOpening => (*opening).into(),
            Column::EditedAt => ms(*edited_at).into(),
            _ => Field::Null,
        },
        EventBody::Assignment { kind, agent, team, queue } => match column {
            Column::AssignmentKind => kind.word().into(),
            column => party_field((agent, team, queue), column),
        },
        EventBody::StatusChange { status } => match column {
            Column::Status => status.into(),
            _ => Field::Null,
        },
        EventBody::Change { field, to } => match column {
            Column::Field => field.word().into(),
            Column::Value => to.as_ref().into(),
            _ => Field::Null,
        },
        EventBody::Sla { policy } => match column {
            Column::Policy => policy.as_ref().into(),
            _ => Field::Null,
        },
        EventBody::Rating { offered_at, score, comment, agent, team, queue } => match column {
            Column::OfferedAt => ms(*offered_at).into(),
            Column::Score => (*score).into(),
            Column::Comment => comment.as_ref().into(),
            column => party_field((agent, team, queue), column),
        },
    }
}

type Party<'a> = (&'a Patch<String>, &'a Patch<String>, &'a Patch<String>);

fn party_field<'a>((agent, team, queue): Party<'a>, column: Column) -> Field<'a> {
    match column {
        Column::Agent => agent.value().into(),
        Column::Team => team.value().into(),
        Column::Queue => queue.value().into(),
        _ => Field::Null,
    }
}

/// The event of a row.
pub fn to_event(mut row: event::Model) -> Result<Event, StoreError> {
    let kind = word("event.kind", EventKind::from_word, &row.kind)?;
    let body = take_body(kind, &mut row)?;
    Ok(Event {
        actor: actor("event.actor_kind", row.actor_kind.as_deref(), row.actor_id)?,
        id: row.id,
        case: row.case_id,
        at: Instant::from_ms(row.at),
        seq: row.seq,
        action: row.action,
        body,
    })
}

fn take_body(kind: EventKind, row: &mut event::Model) -> Result<EventBody, StoreError> {
    let agent = patch(row.agent.take(), row.named, AGENT);
    let team = patch(row.team.take(), row.named, TEAM);
    let queue = patch(row.queue.take(), row.named, QUEUE);
    Ok(match kind {
        EventKind::Message => EventBody::Message {
            visibility: required(
                "event.visibility",
                word_or_null("event.visibility", Visibility::from_word, row.visibility.as_deref())?,
            )?,
            opening: row.is_opening,
            edited_at: instant(row.edited_at),
        },
        EventKind::Assignment => EventBody::Assignment {
            kind: required(
                "event.assignment_kind",
                word_or_null("event.assignment_kind", AssignmentKind::from_word, row.assignment_kind.as_deref())?,
            )?,
            agent,
            team,
            queue,
        },
        EventKind::StatusChange => EventBody::StatusChange { status: required("event.status", row.status.take())? },
        EventKind::Change => EventBody::Change {
            field: required("event.field", word_or_null("event.field", ChangeField::from_word, row.field.as_deref())?)?,
            to: row.value.take(),
        },
        EventKind::Sla => EventBody::Sla { policy: row.policy.take() },
        EventKind::Rating => EventBody::Rating {
            offered_at: instant(row.offered_at),
            score: row.score,
            comment: row.comment.take(),
            agent,
            team,
            queue,
        },
    })
}

fn required<T>(column: &'static str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or(StoreError::Corrupt { column })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Actor, ActorKind};
    use crate::store::testing::to_model;

    #[test]
    fn every_kind_comes_back_as_it_went() {
        let check = |body: EventBody| {
            let event = Event {
                id: "e1".into(),
                case: "c1".into(),
                at: Instant::from_ms(5),
                seq: Some(-1),
                actor: Some(Actor { kind: ActorKind::Bot, id: None }),
                action: Some("x".into()),
                body,
            };
            let row = EventRow { workspace: "w", of: &event, standing: 9 };
            assert_eq!(to_event(to_model(&row)).unwrap(), event);
        };
        let value = || Patch::Value("a".to_owned());
        check(EventBody::Message {
            visibility: Visibility::Internal,
            opening: Some(false),
            edited_at: Some(Instant::from_ms(7)),
        });
        check(EventBody::Assignment {
            kind: AssignmentKind::Offer,
            agent: Patch::Absent,
            team: Patch::Null,
            queue: value(),
        });
        check(EventBody::StatusChange { status: "on_hold".into() });
        check(EventBody::Change { field: ChangeField::TagAdded, to: None });
        check(EventBody::Sla { policy: None });
        check(EventBody::Rating {
            offered_at: None,
            score: Some(5),
            comment: Some("good".into()),
            agent: Patch::Null,
            team: Patch::Absent,
            queue: value(),
        });
    }
}
