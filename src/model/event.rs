//! What happened to a case: messages, assignments, status and property changes, SLA applications, ratings.

use std::cmp::Ordering;

use super::patch::lay;
use super::{FieldError, Instant, Patch, words};

words! {
    /// What kind of party did something.
    ActorKind {
        /// Somebody outside the organisation.
        Customer = "customer",
        /// Somebody of the organisation.
        Agent = "agent",
        /// A program answering in the organisation's name.
        Bot = "bot",
        /// The helpdesk itself.
        System = "system",
    }
}
words! {
    /// Who may read a message.
    Visibility {
        /// The customer too.
        Public = "public",
        /// Agents only: a note.
        Internal = "internal",
    }
}
words! {
    /// How a case was assigned.
    AssignmentKind {
        /// Given to somebody.
        Assign = "assign",
        /// Taken by the agent.
        Take = "take",
        /// Passed on.
        Transfer = "transfer",
        /// Offered; changes nothing until taken.
        Offer = "offer",
        /// Taken away.
        Unassign = "unassign",
    }
}
words! {
    /// Properties that a `change` event changes.
    ChangeField {
        /// Priority.
        Priority = "priority",
        /// Case type.
        CaseType = "case_type",
        /// Team; the same thing as a team given by an assignment.
        Team = "team",
        /// Requester.
        Requester = "requester",
        /// A tag put on.
        TagAdded = "tag_added",
        /// A tag taken off.
        TagRemoved = "tag_removed",
        /// Channel.
        Channel = "channel",
        /// Subject.
        Subject = "subject",
    }
}
words! {
    /// Kinds of events.
    EventKind {
        /// A message or note.
        Message = "message",
        /// An assignment or offer.
        Assignment = "assignment",
        /// A status set.
        StatusChange = "status_change",
        /// A property set.
        Change = "change",
        /// An SLA policy applied or taken away.
        Sla = "sla",
        /// A rating offered or given.
        Rating = "rating",
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// What kind of party. An agent listed with kind bot counts as bot whatever this says.
    pub kind: ActorKind,
    /// Which agent or customer; `None` when the source does not say.
    pub id: Option<String>,
}

/// One event of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The source's identifier, unique by kind in the workspace, or the hash of the event's content.
    pub id: String,
    /// The case.
    pub case: String,
    /// When it happened; of a rating, when it was given.
    pub at: Instant,
    /// The source's own order among events of one instant.
    pub seq: Option<i64>,
    /// Author of a message, actor of anything else; `None` when unknown.
    pub actor: Option<Actor>,
    /// Events of one author with one action are one touch.
    pub action: Option<String>,
    /// What happened.
    pub body: EventBody,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum EventBody {
    /// Somebody wrote.
    Message {
        /// Who may read it.
        visibility: Visibility,
        /// Whether it opened the case; `None` when nobody says.
        opening: Option<bool>,
        /// When it was last edited.
        edited_at: Option<Instant>,
    },
    /// Agent, team or queue set: null takes it away, absent leaves it. An offer changes nothing.
    Assignment {
        /// How.
        kind: AssignmentKind,
        /// Agent.
        agent: Patch<String>,
        /// Team.
        team: Patch<String>,
        /// Queue.
        queue: Patch<String>,
    },
    /// Status set.
    StatusChange {
        /// A category's word, or the id of a `status` line.
        status: String,
    },
    /// Property set.
    Change {
        /// Which.
        field: ChangeField,
        /// Its value from then on; `None` takes it away.
        to: Option<String>,
    },
    /// Policy applied; `None` takes it away.
    Sla {
        /// Policy.
        policy: Option<String>,
    },
    /// Rating offered (no score) or given.
    Rating {
        /// When it was offered.
        offered_at: Option<Instant>,
        /// 1 to 5; `None` while only offered.
        score: Option<i32>,
        /// What the customer wrote.
        comment: Option<String>,
        /// Agent rated; absent: the case's at the offer.
        agent: Patch<String>,
        /// Team rated; absent: the case's at the offer.
        team: Patch<String>,
        /// Queue rated; absent: the case's at the offer.
        queue: Patch<String>,
    },
}

/// What one line says of an event. `at` and `case` are always given.
#[derive(Clone, Debug, PartialEq)]
pub struct EventLine {
    /// Identifier; the importer fills in the content hash where a line may lack one.
    pub id: String,
    /// The case.
    pub case: String,
    /// When.
    pub at: Instant,
    /// The source's own order.
    pub seq: Patch<i64>,
    /// Author or actor.
    pub actor: Patch<Actor>,
    /// Action.
    pub action: Patch<String>,
    /// The fields of its kind.
    pub body: EventPatch,
}

/// The kind's own fields of an event line, as `EventBody` names them.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are those of EventBody")]
pub enum EventPatch {
    /// A message.
    Message { visibility: Option<Visibility>, opening: Patch<bool>, edited_at: Patch<Instant> },
    /// An assignment.
    Assignment { kind: Option<AssignmentKind>, agent: Patch<String>, team: Patch<String>, queue: Patch<String> },
    /// A status change.
    StatusChange { status: Option<String> },
    /// A property change.
    Change { field: Option<ChangeField>, to: Patch<String> },
    /// An SLA application.
    Sla { policy: Patch<String> },
    /// A rating.
    Rating {
        offered_at: Patch<Instant>,
        score: Patch<i32>,
        comment: Patch<String>,
        agent: Patch<String>,
        team: Patch<String>,
        queue: Patch<String>,
    },
}

impl EventPatch {
    /// The kind of event it belongs to.
    pub fn kind(&self) -> EventKind {
        match self {
            EventPatch::Message { .. } => EventKind::Message,
            EventPatch::Assignment { .. } => EventKind::Assignment,
            EventPatch::StatusChange { .. } => EventKind::StatusChange,
            EventPatch::Change { .. } => EventKind::Change,
            EventPatch::Sla { .. } => EventKind::Sla,
            EventPatch::Rating { .. } => EventKind::Rating,
        }
    }
}

impl EventBody {
    /// The kind of event.
    pub fn kind(&self) -> EventKind {
        match self {
            EventBody::Message { .. } => EventKind::Message,
            EventBody::Assignment { .. } => EventKind::Assignment,
            EventBody::StatusChange { .. } => EventKind::StatusChange,
            EventBody::Change { .. } => EventKind::Change,
            EventBody::Sla { .. } => EventKind::Sla,
            EventBody::Rating { .. } => EventKind::Rating,
        }
    }
}

impl Event {
    /// The event that a first line makes.
    ///
    /// # Errors
    /// When the line lacks what its kind cannot do without: the status of a status change, the field of a change, the
    /// policy (or null) of an SLA application.
    pub fn create(line: EventLine) -> Result<Event, FieldError> {
        let body = match line.body {
            EventPatch::Message { visibility, opening, edited_at } => EventBody::Message {
                visibility: visibility.unwrap_or(Visibility::Public),
                opening: opening.into_option(),
                edited_at: edited_at.into_option(),
            },
            EventPatch::Assignment { kind, agent, team, queue } => {
                EventBody::Assignment { kind: kind.unwrap_or(AssignmentKind::Assign), agent, team, queue }
            }
            EventPatch::StatusChange { status } => EventBody::StatusChange { status: required(status, "status")? },
            EventPatch::Change { field, to } => {
                EventBody::Change { field: required(field, "field")?, to: to.into_option() }
            }
            EventPatch::Sla { policy } => {
                let given = policy.is_present().then_some(());
                required(given, "policy")?;
                EventBody::Sla { policy: policy.into_option() }
            }
            EventPatch::Rating { offered_at, score, comment, agent, team, queue } => EventBody::Rating {
                offered_at: offered_at.into_option(),
                score: score.into_option(),
                comment: comment.into_option(),
                agent,
                team,
                queue,
            },
        };
        Ok(Event {
            id: line.id,
            case: line.case,
            at: line.at,
            seq: line.seq.into_option(),
            actor: line.actor.into_option(),
            action: line.action.into_option(),
            body,
        })
    }

    /// Lays another line of the same event over it, field by field. A line of another kind is ignored: ids are unique by kind.
    pub fn lay(&mut self, line: EventLine) {
        self.case = line.case;
        self.at = line.at;
        line.seq.lay(&mut self.seq);
        line.actor.lay(&mut self.actor);
        line.action.lay(&mut self.action);
        match (line.body, &mut self.body) {
            (
                EventPatch::Message { visibility: v, opening: o, edited_at: e },
                EventBody::Message { visibility, opening, edited_at },
            ) => {
                lay(v, visibility);
                o.lay(opening);
                e.lay(edited_at);
            }
            (
                EventPatch::Assignment { kind: k, agent: a, team: t, queue: q },
                EventBody::Assignment { kind, agent, team, queue },
            ) => {
                lay(k, kind);
                a.lay_patch(agent);
                t.lay_patch(team);
                q.lay_patch(queue);
            }
            (EventPatch::StatusChange { status: s }, EventBody::StatusChange { status }) => lay(s, status),
            (EventPatch::Change { field: f, to: t }, EventBody::Change { field, to }) => {
                lay(f, field);
                t.lay(to);
            }
            (EventPatch::Sla { policy: p }, EventBody::Sla { policy }) => p.lay(policy),
            (
                EventPatch::Rating { offered_at: o, score: s, comment: c, agent: a, team: t, queue: q },
                EventBody::Rating { offered_at, score, comment, agent, team, queue },
            ) => {
                o.lay(offered_at);
                s.lay(score);
                c.lay(comment);
                a.lay_patch(agent);
                t.lay_patch(team);
                q.lay_patch(queue);
            }
            _ => {}
        }
    }

    /// The order in which a case's events happened: instant, then the source's order (none first), then id.
    pub fn order(&self, other: &Event) -> Ordering {
        (self.at, self.seq, &self.id).cmp(&(other.at, other.seq, &other.id))
    }
}

fn required<T>(value: Option<T>, field: &str) -> Result<T, FieldError> {
    value.ok_or_else(|| FieldError::new(field, "is required on the first line of an event of this type"))
}
