//! Lines made from rows: each with its row's line number, its events ordered by it, their ids the same in every run.

use std::collections::VecDeque;

use sha2::{Digest, Sha256};

use crate::model::hex;
use crate::model::{
    Actor, ActorKind, CaseLine, CaseStatus, EventLine, EventPatch, ID_CHARS, Instant, Line, NumberedLine, Patch,
};

/// Lines not handed out yet.
pub(super) type Pending = VecDeque<NumberedLine>;

/// Adds the line of a case.
pub(super) fn push_case(pending: &mut Pending, number: u64, line: CaseLine) {
    pending.push_back(NumberedLine { number, line: Line::Case(Box::new(line)) });
}

/// Where and when an event happened.
#[derive(Clone, Copy)]
pub(super) struct Place<'c> {
    pub(super) case: &'c str,
    pub(super) at: Instant,
    /// Row that says so.
    pub(super) line: u64,
    /// Order among events of one instant: the row's line, where the source has no better one.
    pub(super) seq: u64,
}

impl<'c> Place<'c> {
    /// Ordered by its row's line.
    pub(super) fn of_row(case: &'c str, at: Instant, line: u64) -> Place<'c> {
        Place { case, at, line, seq: line }
    }
}

/// Adds an event, known by `id` from now on.
pub(super) fn push_event(pending: &mut Pending, place: Place<'_>, id: String, actor: Patch<Actor>, body: EventPatch) {
    let event = EventLine {
        id,
        case: place.case.to_owned(),
        at: place.at,
        seq: Patch::Value(i64::try_from(place.seq).unwrap_or(i64::MAX)),
        actor,
        action: Patch::Absent,
        body,
    };
    pending.push_back(NumberedLine { number: place.line, line: Line::Event(Box::new(event)) });
}

/// Adds a move into a status.
pub(super) fn push_status(
    pending: &mut Pending,
    place: Place<'_>,
    id: String,
    actor: Patch<Actor>,
    status: CaseStatus,
) {
    push_event(pending, place, id, actor, EventPatch::StatusChange { status: Some(status.word().to_owned()) });
}

/// The agent of that id, if any, as actor.
pub(super) fn by_agent(id: Option<&str>) -> Patch<Actor> {
    match id {
        Some(id) => Patch::Value(Actor { kind: ActorKind::Agent, id: Some(id.to_owned()) }),
        None => Patch::Absent,
    }
}

/// The id of what `what` names of a case: the same on every import.
pub(super) fn event_id(case: &str, what: &str) -> String {
    let id = format!("{case}:{what}");
    if id.chars().count() <= ID_CHARS {
        return id;
    }
    hex(&Sha256::digest(id.as_bytes())[..16])
}
