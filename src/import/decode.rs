//! One line of the ingest format: what its type is, and the lines about cases and their events.

use crate::model::batch::ErasedKind;
use crate::model::{
    Actor, ActorKind, AssignmentKind, CaseLine, CaseState, ChangeField, Direction, Erase, EventKind, EventLine,
    EventPatch, FieldError, ID_CHARS, Instant, Line, Patch, Visibility,
};

use super::content_hash::content_id;
use super::decode_reference as reference;
use super::fields::Fields;
use super::json::{Node, Object, shorten};
use super::values::{TEXT_CHARS, instant};
use super::values::{attributes, boolean, bounded, id, id_text, ids, integer, object, past_instant, score, text, word};

type Read<T> = Result<T, FieldError>;

/// Every line type, as messages list them.
const TYPES: &str = "workspace, business_hours, agent, presence, team, queue, tag, channel, contact_point, customer, \
    status, sla_policy, case, message, assignment, status_change, change, sla, rating, erase";

/// The line that an object is.
///
/// # Errors
/// Names the field at fault and what is allowed there.
pub(super) fn decode(entries: Object<'_>, now: Instant) -> Read<Line> {
    let type_word = match entries.iter().find(|(key, _)| key == "type") {
        Some((_, Node::Text(word))) => word.clone(),
        Some((_, other)) => return Err(FieldError::new("type", format!("must be a text, not {}", other.kind()))),
        None => return Err(FieldError::new("type", format!("is required: one of {TYPES}"))),
    };
    if let Some(kind) = EventKind::from_word(&type_word) {
        // Before the fields are taken apart: the hash is of the line as a whole.
        let own_id = entries.iter().all(|(key, _)| key != "id").then(|| content_id(&entries));
        return read(entries, |f| event(f, kind, own_id, now).map(|line| Line::Event(Box::new(line))));
    }
    read(entries, |f| match &*type_word {
        "case" => case(f).map(|line| Line::Case(Box::new(line))),
        "workspace" => reference::workspace(f).map(Line::Workspace),
        "business_hours" => reference::business_hours(f).map(Line::BusinessHours),
        "agent" => reference::agent(f).map(Line::Agent),
        "presence" => reference::presence(f, now).map(Line::Presence),
        "team" => reference::team(f).map(Line::Team),
        "queue" => reference::queue(f).map(Line::Queue),
        "tag" => reference::tag(f).map(Line::Tag),
        "channel" => reference::channel(f).map(Line::Channel),
        "contact_point" => reference::contact_point(f).map(Line::ContactPoint),
        "customer" => reference::customer(f).map(Line::Customer),
        "status" => reference::status(f).map(Line::Status),
        "sla_policy" => reference::sla_policy(f).map(Line::SlaPolicy),
        "erase" => erase(f).map(Line::Erase),
        unknown => Err(FieldError::new("type", format!("`{}` is unknown; must be one of: {TYPES}", shorten(unknown)))),
    })
}

fn read<'a>(entries: Object<'a>, read: impl FnOnce(&mut Fields<'a>) -> Read<Line>) -> Read<Line> {
    let mut fields = Fields::new(entries);
    fields.take("type");
    let line = read(&mut fields)?;
    fields.finish()?;
    Ok(line)
}

fn erase(f: &mut Fields<'_>) -> Read<Erase> {
    Ok(Erase { of: f.require("of", |n| word(n, ErasedKind::from_word, ErasedKind::ALL))?, id: f.require("id", id)? })
}

fn actor(node: Node<'_>) -> Read<Actor> {
    object(node, |f| {
        Ok(Actor { kind: f.require("kind", |n| word(n, ActorKind::from_word, ActorKind::ALL))?, id: f.find("id", id)? })
    })
}

fn case(f: &mut Fields<'_>) -> Read<CaseLine> {
    Ok(CaseLine {
        id: f.require("id", id)?,
        number: f.get("number", integer)?,
        created_at: f.get("created_at", instant)?,
        channel: f.get("channel", id)?,
        initial_channel: f.patch("initial_channel", id)?,
        direction: f.get("direction", |n| word(n, Direction::from_word, Direction::ALL))?,
        contact_point: f.patch("contact_point", id)?,
        requester: f.patch("requester", id)?,
        creator: f.patch("creator", actor)?,
        priority: f.patch("priority", id)?,
        case_type: f.patch("case_type", id)?,
        subject: f.patch("subject", text)?,
        team: f.patch("team", id)?,
        queue: f.patch("queue", id)?,
        assignee: f.patch("assignee", id)?,
        tags: f.get("tags", ids)?,
        state: f.get("state", |n| word(n, CaseState::from_word, CaseState::ALL))?,
        merged_into: f.patch("merged_into", id)?,
        attributes: f.get("attributes", attributes)?,
    })
}

fn event(f: &mut Fields<'_>, kind: EventKind, content_id: Option<String>, now: Instant) -> Read<EventLine> {
    let (needs_id, actor_name) = match kind {
        EventKind::Message => (true, "author"),
        EventKind::Rating => (true, "actor"),
        _ => (false, "actor"),
    };
    let given = f.get("id", id)?;
    let id = match (given, content_id) {
        (Some(id), _) => id,
        (None, Some(content_id)) if !needs_id => content_id,
        _ => return Err(FieldError::new("id", "is required")),
    };
    Ok(EventLine {
        id,
        case: f.require("case", super::values::id)?,
        at: f.require("at", |n| past_instant(n, now))?,
        seq: f.patch("seq", integer)?,
        actor: f.patch(actor_name, actor)?,
        action: f.patch("action", super::values::id)?,
        body: body(f, kind, now)?,
    })
}

fn body(f: &mut Fields<'_>, kind: EventKind, now: Instant) -> Read<EventPatch> {
    Ok(match kind {
        EventKind::Message => EventPatch::Message {
            visibility: f.get("visibility", |n| word(n, Visibility::from_word, Visibility::ALL))?,
            opening: f.patch("opening", boolean)?,
            edited_at: f.patch("edited_at", |n| past_instant(n, now))?,
        },
        EventKind::Assignment => EventPatch::Assignment {
            kind: f.get("kind", |n| word(n, AssignmentKind::from_word, AssignmentKind::ALL))?,
            agent: f.patch("agent", id)?,
            team: f.patch("team", id)?,
            queue: f.patch("queue", id)?,
        },
        EventKind::StatusChange => EventPatch::StatusChange { status: f.get("status", id)? },
        EventKind::Change => change(f)?,
        EventKind::Sla => EventPatch::Sla { policy: f.patch("policy", id)? },
        EventKind::Rating => EventPatch::Rating {
            offered_at: f.patch("offered_at", |n| past_instant(n, now))?,
            score: f.patch("score", score)?,
            comment: f.patch("comment", text)?,
            agent: f.patch("agent", id)?,
            team: f.patch("team", id)?,
            queue: f.patch("queue", id)?,
        },
    })
}

fn change(f: &mut Fields<'_>) -> Read<EventPatch> {
    let field = f.get("field", |n| word(n, ChangeField::from_word, ChangeField::ALL))?;
    let to = f.patch("to", text)?;
    if let Err(reason) = check_change(field, &to) {
        return Err(FieldError::new("to", reason));
    }
    Ok(EventPatch::Change { field, to })
}

/// Only a subject may be longer than an identifier; without a field to go by, it is taken for something else.
fn check_change(field: Option<ChangeField>, to: &Patch<String>) -> Result<(), String> {
    let is_tag = matches!(field, Some(ChangeField::TagAdded | ChangeField::TagRemoved));
    match (field, to) {
        (_, Patch::Null) if is_tag => Err("must name a tag".to_owned()),
        (Some(ChangeField::Subject), Patch::Value(to)) => bounded(to, TEXT_CHARS).map_err(|error| error.reason),
        (_, Patch::Value(to)) => {
            id_text(to).map_err(|_| format!("must have 1 to {ID_CHARS} characters, none of them U+0000"))
        }
        _ => Ok(()),
    }
}
