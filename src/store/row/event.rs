//! Events: one wide table for every kind.
//!
//! `named` keeps apart an agent, team or queue that was said to be nobody from one that was not said. `standing` keeps which
//! fields the line gave that stands for its id (messages and ratings), so that an older line coming later fills only the others.

use super::{actor, instant, ms, word, word_or_null};
use crate::model::{AssignmentKind, ChangeField, Event, EventBody, EventKind, Instant, Patch, Visibility};
use crate::store::StoreError;
use crate::store::entity::event;

const AGENT: i32 = 1;
const TEAM: i32 = 2;
const QUEUE: i32 = 4;

fn named(agent: &Patch<String>, team: &Patch<String>, queue: &Patch<String>) -> i32 {
    let bit = |patch: &Patch<String>, bit| if patch.is_present() { bit } else { 0 };
    bit(agent, AGENT) | bit(team, TEAM) | bit(queue, QUEUE)
}

fn patch(value: Option<String>, named: i32, bit: i32) -> Patch<String> {
    match value {
        Some(value) => Patch::Value(value),
        None if named & bit != 0 => Patch::Null,
        None => Patch::Absent,
    }
}

/// The row of an event.
pub fn of_event(workspace: &str, of: &Event, standing: i32) -> event::Model {
    let mut row = event::Model {
        workspace: workspace.to_owned(),
        case_id: of.case.clone(),
        kind: of.body.kind().word().to_owned(),
        id: of.id.clone(),
        at: of.at.ms(),
        seq: of.seq,
        actor_kind: of.actor.as_ref().map(|a| a.kind.word().to_owned()),
        actor_id: of.actor.as_ref().and_then(|a| a.id.clone()),
        action: of.action.clone(),
        standing,
        named: 0,
        visibility: None,
        is_opening: None,
        edited_at: None,
        assignment_kind: None,
        agent: None,
        team: None,
        queue: None,
        status: None,
        field: None,
        value: None,
        policy: None,
        offered_at: None,
        score: None,
        comment: None,
    };
    lay_body(&of.body, &mut row);
    row
}

fn lay_body(body: &EventBody, row: &mut event::Model) {
    match body {
        EventBody::Message { visibility, opening, edited_at } => {
            row.visibility = Some(visibility.word().to_owned());
            row.is_opening = *opening;
            row.edited_at = ms(*edited_at);
        }
        EventBody::Assignment { kind, agent, team, queue } => {
            row.assignment_kind = Some(kind.word().to_owned());
            row.named = named(agent, team, queue);
            row.agent = agent.value().cloned();
            row.team = team.value().cloned();
            row.queue = queue.value().cloned();
        }
        EventBody::StatusChange { status } => row.status = Some(status.clone()),
        EventBody::Change { field, to } => {
            row.field = Some(field.word().to_owned());
            row.value.clone_from(to);
        }
        EventBody::Sla { policy } => row.policy.clone_from(policy),
        EventBody::Rating { offered_at, score, comment, agent, team, queue } => {
            row.offered_at = ms(*offered_at);
            row.score = *score;
            row.comment.clone_from(comment);
            row.named = named(agent, team, queue);
            row.agent = agent.value().cloned();
            row.team = team.value().cloned();
            row.queue = queue.value().cloned();
        }
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
            assert_eq!(to_event(of_event("w", &event, 9)).unwrap(), event);
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
