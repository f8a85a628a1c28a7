//! Columns of derived rows: name, meaning and getter in one entry, from which the columnar picture, the catalogue of records and the
//! fields of a record all follow.

use super::{
    AssignmentRecord, CaseRecord, ClosureRecord, MessageRecord, PresenceRecord, RatingRecord, ResolutionRecord,
    ResponseRecord, SlaClockRecord, StatusSpellRecord,
};
use crate::model::{Instant, words};

words! {
    /// The kinds of derived rows.
    RecordKind {
        /// A case.
        Case = "cases",
        /// A customer run.
        Response = "responses",
        /// One running of an SLA target.
        SlaClock = "sla_clocks",
        /// A transition into closed.
        Closure = "closures",
        /// A transition from a working status into a terminal one.
        Resolution = "resolutions",
        /// A stretch in one status.
        StatusSpell = "status_spells",
        /// A change of who has a case.
        Assignment = "assignments",
        /// A rating given.
        Rating = "ratings",
        /// A message.
        Message = "messages",
        /// A stretch in one presence status of an agent; of no case.
        Presence = "presence_spells",
    }
}

/// Whose ids or words a text column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the noun of its name")]
pub enum Domain {
    Agent,
    Team,
    Queue,
    Channel,
    ContactPoint,
    SlaPolicy,
    Priority,
    CaseType,
    Customer,
    /// Words of an enumeration.
    Word,
    /// Any text; never in the picture.
    Free,
}

/// How a column is read off a row.
pub enum Read<R: 'static> {
    /// An id or a word.
    Text(Domain, for<'a> fn(&'a R) -> Option<&'a str>),
    /// An instant.
    Instant(fn(&R) -> Option<Instant>),
    /// A length of time in milliseconds.
    Millis(fn(&R) -> Option<i64>),
    /// A number of things, or a score.
    Number(fn(&R) -> Option<i64>),
    /// Yes or no; never null.
    Flag(fn(&R) -> bool),
}

/// One column of a kind of rows.
pub struct Column<R: 'static> {
    /// Its name, unique within the kind.
    pub name: &'static str,
    /// What it means; null included where it can be null.
    pub description: &'static str,
    /// Its getter.
    pub read: Read<R>,
}

/// A kind of rows with named columns.
pub trait Columns: Sized + 'static {
    /// Which kind.
    const KIND: RecordKind;
    /// Its columns in the order in which they are shown. Attributes of the case that all rows of a case share are columns of the case.
    const COLUMNS: &'static [Column<Self>];
}

words! {
    /// What the values of a field are.
    FieldType {
        /// Yes or no.
        Boolean = "boolean",
        /// A number that may have a fraction; of a length of time, seconds.
        Double = "double",
        /// An instant.
        Instant = "instant",
        /// A whole number.
        Long = "long",
        /// A text.
        String = "string",
        /// Several texts.
        List = "list",
    }
}

/// What is known of a field without a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// Indicates it may have no value.
    pub is_nullable: bool,
    /// What its values are.
    pub of: FieldType,
}

impl<R> Column<R> {
    /// What is known of it without a row.
    pub fn info(&self) -> FieldInfo {
        let of = match self.read {
            Read::Text(..) => FieldType::String,
            Read::Instant(_) => FieldType::Instant,
            Read::Millis(_) => FieldType::Double,
            Read::Number(_) => FieldType::Long,
            Read::Flag(_) => FieldType::Boolean,
        };
        // A description says what null means, wherever there is null.
        let is_nullable = self.description.contains("null");
        FieldInfo { name: self.name, description: self.description, is_nullable, of }
    }
}

/// The fields of a kind of rows.
pub fn fields(kind: RecordKind) -> Vec<FieldInfo> {
    fn of<R: Columns>() -> Vec<FieldInfo> {
        R::COLUMNS.iter().map(Column::info).collect()
    }
    match kind {
        RecordKind::Case => of::<CaseRecord>(),
        RecordKind::Response => of::<ResponseRecord>(),
        RecordKind::SlaClock => of::<SlaClockRecord>(),
        RecordKind::Closure => of::<ClosureRecord>(),
        RecordKind::Resolution => of::<ResolutionRecord>(),
        RecordKind::StatusSpell => of::<StatusSpellRecord>(),
        RecordKind::Assignment => of::<AssignmentRecord>(),
        RecordKind::Rating => of::<RatingRecord>(),
        RecordKind::Message => of::<MessageRecord>(),
        RecordKind::Presence => of::<PresenceRecord>(),
    }
}

impl RecordKind {
    /// The instant by which rows are ordered and put in a period when nothing else is said; of SLA clocks the creation of their case.
    pub const fn instant(self) -> &'static str {
        match self {
            RecordKind::Case | RecordKind::SlaClock => "created_at",
            RecordKind::Response => "replied_at",
            RecordKind::Closure => "closed_at",
            RecordKind::Resolution => "resolved_at",
            RecordKind::StatusSpell | RecordKind::Presence => "from_at",
            RecordKind::Assignment => "assigned_at",
            RecordKind::Rating => "rated_at",
            RecordKind::Message => "at",
        }
    }

    /// What one row is, in a sentence.
    pub fn description(self) -> &'static str {
        match self {
            RecordKind::Case => "A case, as it is now",
            RecordKind::Response => "A stretch of customer messages without a reply, and the reply that ended it",
            RecordKind::SlaClock => "One running of one target of an SLA policy",
            RecordKind::Closure => "A transition of a case into closed",
            RecordKind::Resolution => "A transition of a case from a working status into resolved or closed",
            RecordKind::StatusSpell => "A stretch of a case in one status, with one assignee, team and queue",
            RecordKind::Assignment => "An assignment of a case to an agent, team or queue",
            RecordKind::Rating => "A rating given by a customer",
            RecordKind::Message => "A message of a case",
            RecordKind::Presence => "A stretch of an agent in one presence status",
        }
    }
}

/// The column of a name.
pub fn find<R: Columns>(name: &str) -> Option<&'static Column<R>> {
    R::COLUMNS.iter().find(|column| column.name == name)
}

macro_rules! columns {
    ($row:ident is $kind:ident { $($name:literal $read:ident($($of:tt)*) $description:literal;)+ }) => {
        impl Columns for $row {
            const KIND: RecordKind = RecordKind::$kind;
            const COLUMNS: &'static [Column<$row>] = &[
                $(Column { name: $name, description: $description, read: columns!(@ $read $($of)*) }),+
            ];
        }
    };
    (@ text $domain:ident, $row:ident, $get:expr) => { Read::Text(Domain::$domain, |$row| $get) };
    (@ instant $row:ident, $get:expr) => { Read::Instant(|$row| $get) };
    (@ millis $row:ident, $get:expr) => { Read::Millis(|$row| $get) };
    (@ number $row:ident, $get:expr) => { Read::Number(|$row| $get) };
    (@ flag $row:ident, $get:expr) => { Read::Flag(|$row| $get) };
}

columns! { CaseRecord is Case {
    "created_at" instant(r, Some(r.created_at)) "Creation";
    "status" text(Word, r, Some(r.status.word())) "Category of the status now";
    "channel" text(Channel, r, Some(&r.channel)) "Channel now";
    "initial_channel" text(Channel, r, Some(&r.initial_channel)) "Channel of the first contact";
    "initial_direction" text(Word, r, Some(r.direction.word())) "Who started the contact: inbound or outbound";
    "contact_point" text(ContactPoint, r, r.contact_point.as_deref()) "Address the case came in by; null when not known";
    "requester" text(Customer, r, r.requester.as_deref()) "Customer whose case it is; null when not known";
    "assignee" text(Agent, r, r.assignee.as_deref()) "Agent who has the case now; null without one";
    "team" text(Team, r, r.team.as_deref()) "Team that has the case now; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue the case is in now; null when in none";
    "priority" text(Priority, r, r.priority.as_deref()) "Priority now; null without one";
    "case_type" text(CaseType, r, r.case_type.as_deref()) "Type of the case now; null without one";
    "policy" text(SlaPolicy, r, r.policy.as_deref()) "SLA policy the case is under now; null when under none";
    "had_policy" flag(r, !r.policies_ever.is_empty()) "Indicates the case ever was under an SLA policy";
    "was_resolved" flag(r, r.resolution_at.is_some() || r.reopen_count > 0) "Indicates the case ever was resolved";
    "was_reopened" flag(r, r.reopen_count > 0) "Indicates the case was reopened";
    "last_reopened_at" instant(r, r.last_reopened_at) "Latest reopening; null when it never was";
    "first_responder" text(Agent, r, r.first_responder.as_deref()) "Agent who first replied; null when nobody has";
    "first_response_team" text(Team, r, r.first_response_team.as_deref()) "Team of the case at the first reply; null without either";
    "first_response_queue" text(Queue, r, r.first_response_queue.as_deref()) "Queue of the case at the first reply; null without either";
    "first_response" millis(r, r.first_response_calendar_ms) "Creation to first reply; null without one";
    "first_response_business" millis(r, r.first_response_business_ms) "Creation to first reply in business time; null without one";
    "first_response_from_customer_message" millis(r, r.first_response_from_customer_message_ms)
        "First customer message to first reply, from creation when no customer wrote before it; null without one";
    "reaction" millis(r, r.reaction_ms) "From when the agent then had the case to the first reply; null without either";
    "mean_response" millis(r, mean_response_ms(r)) "Mean over the answered customer runs of run start to reply; null without one";
    "customer_wait" millis(r, r.customer_wait_calendar_ms) "What the customer waited for replies after the first; null when never";
    "customer_wait_business" millis(r, r.customer_wait_business_ms) "The same in business time; null when never";
    "agent_wait" millis(r, r.agent_wait_calendar_ms) "What agents waited for the customer; null when never";
    "agent_wait_business" millis(r, r.agent_wait_business_ms) "The same in business time; null when never";
    "chat_duration" millis(r, r.chat_duration_ms) "Creation to close while closed; null otherwise";
    "service" millis(r, r.service_ms) "Since the assignee at the close had the case, to the close, while closed; null otherwise";
    "subject" text(Free, r, r.subject.as_deref()) "Subject; null without one";
    "handle" millis(r, r.handle_ms) "Creation to the standing resolution; null while unresolved";
    "agent_messages" number(r, Some(i64::from(r.messages.public_agent + r.messages.public_bot)))
        "Public messages of agents and bots";
} }

/// The mean reply time of one case, rounded to the millisecond, half away from zero.
fn mean_response_ms(case: &CaseRecord) -> Option<i64> {
    let count = i64::from(case.response_count);
    case.response_sum_ms.filter(|_| count > 0).map(|sum| (2 * sum + count).div_euclid(2 * count))
}

columns! { ResponseRecord is Response {
    "started_at" instant(r, Some(r.started_at)) "First customer message of the run";
    "replied_at" instant(r, r.replied_at) "The reply; null while unanswered";
    "is_first" flag(r, r.is_first) "Indicates the reply is the first of the case";
    "response" millis(r, r.calendar_ms) "Run start to reply; null while unanswered";
    "response_business" millis(r, r.business_ms) "The same in business time; null while unanswered";
    "agent" text(Agent, r, r.agent.as_deref()) "Agent who replied; the assignee while unanswered; null without one";
    "team" text(Team, r, r.team.as_deref()) "Team of the case then; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue of the case then; null when in none";
} }

columns! { SlaClockRecord is SlaClock {
    "metric" text(Word, r, Some(r.metric.word())) "What the clock measures: first_reply, next_reply or resolution";
    "policy" text(SlaPolicy, r, Some(&r.policy)) "Policy by which it is or was judged";
    "mode" text(Word, r, Some(r.clock.word())) "Which time it counts: calendar or business";
    "goal" millis(r, Some(r.goal_ms)) "Counted time allowed";
    "started_at" instant(r, Some(r.started_at)) "Start";
    "due_at" instant(r, r.due_at) "When the count reaches the goal; null while paused, and when that is never";
    "completed_at" instant(r, r.completed_at) "Completion; null while open";
    "is_completed" flag(r, r.completed_at.is_some()) "Indicates the clock was completed";
    "is_fulfilled" flag(r, r.completed_at.is_some() && r.judged_ms(r.clock).unwrap_or_default() <= r.goal_ms)
        "Indicates the clock was completed in time";
    "is_left_out" flag(r, r.is_left_out) "Indicates an open reply clock of a terminal case, which counts nowhere";
    "running_since" instant(r, r.running_since) "Open and running: until when its counts below are; null when completed or paused";
    "counted" millis(r, Some(r.counted_ms(r.clock))) "What the clock counted in its own mode, an open one until it paused or since when it runs";
    "counted_calendar" millis(r, Some(r.counted_calendar_ms)) "The same in calendar time";
    "counted_business" millis(r, Some(r.counted_business_ms)) "The same in business time";
    "judged" millis(r, r.judged_ms(r.clock)) "The count in its own mode by which a completed clock is judged, or an open one of a terminal case; null of other open ones";
    "judged_calendar" millis(r, r.judged_calendar_ms) "The same in calendar time; null likewise";
    "judged_business" millis(r, r.judged_business_ms) "The same in business time; null likewise";
    "agent" text(Agent, r, r.agent.as_deref()) "Replier or assignee at completion, the assignee now while open; null without one";
    "team" text(Team, r, r.team.as_deref()) "Team of the case at completion, now while open; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue likewise; null when in none";
} }

columns! { ClosureRecord is Closure {
    "closed_at" instant(r, Some(r.closed_at)) "The close";
    "closed_by" text(Word, r, Some(r.closed_by.word())) "What kind of party closed it: agent, enduser or unknown";
    "closing_agent" text(Agent, r, r.closing_agent.as_deref()) "Human agent who closed it; null when none did";
    "agent" text(Agent, r, r.agent.as_deref()) "The closing agent, else the assignee then; null without either";
    "assignee" text(Agent, r, r.assignee.as_deref()) "Assignee then; null without one";
    "team" text(Team, r, r.team.as_deref()) "Team then; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue then; null when in none";
    "chat_duration" millis(r, r.chat_duration_ms) "Creation to close; null when that would be negative";
    "service" millis(r, r.service_ms) "Since the assignee then had the case, to the close; null without one";
    "inactivity" millis(r, r.inactivity_ms) "Silence before the close when staff had the last word; null otherwise";
    "is_abandoned" flag(r, r.is_abandoned) "Indicates staff closed it after a silence of at least the workspace's timeout";
} }

columns! { ResolutionRecord is Resolution {
    "resolved_at" instant(r, Some(r.resolved_at)) "The resolution";
    "agent" text(Agent, r, r.agent.as_deref()) "The author when a human agent, else the assignee then; null without either";
    "team" text(Team, r, r.team.as_deref()) "Team then; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue then; null when in none";
    "is_standing" flag(r, r.is_standing) "Indicates the case was not reopened since";
    "resolution" millis(r, r.calendar_ms) "Creation to it, terminal time between taken out; null when that would be negative";
    "resolution_business" millis(r, r.business_ms) "The same in business time; null when that would be negative";
    "replies" number(r, Some(i64::from(r.replies))) "Agent replies up to it";
    "agents" number(r, Some(i64::from(r.agents))) "Distinct agents who replied or were assignee up to it";
    "is_first_contact" flag(r, r.is_first_contact) "Indicates nothing was reopened and at most one reply was needed";
} }

columns! { StatusSpellRecord is StatusSpell {
    "from_at" instant(r, Some(r.from_at)) "Start, inclusive";
    "until_at" instant(r, r.until_at) "End, exclusive; null while it lasts";
    "status" text(Word, r, Some(r.status.word())) "Category of the status";
    "agent" text(Agent, r, r.agent.as_deref()) "Assignee in it; null without one";
    "team" text(Team, r, r.team.as_deref()) "Team in it; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue in it; null when in none";
} }

columns! { AssignmentRecord is Assignment {
    "assigned_at" instant(r, Some(r.assigned_at)) "The assignment";
    "kind" text(Word, r, r.kind.map(|kind| kind.word())) "How: assign, take, transfer, offer or unassign; null for a change of team";
    "agent" text(Agent, r, r.agent.as_deref()) "Agent after it; null without one";
    "team" text(Team, r, r.team.as_deref()) "Team after it; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue after it; null when in none";
    "previous_agent" text(Agent, r, r.previous_agent.as_deref()) "Agent before it; null without one";
    "previous_team" text(Team, r, r.previous_team.as_deref()) "Team before it; null without one";
    "previous_queue" text(Queue, r, r.previous_queue.as_deref()) "Queue before it; null when in none";
    "names_agent" flag(r, r.names_agent) "Indicates it gives the case to an agent";
    "is_transfer" flag(r, r.is_transfer) "Indicates a previous agent, team or queue is no longer the case's";
} }

columns! { RatingRecord is Rating {
    "rated_at" instant(r, Some(r.rated_at)) "When it was given";
    "offered_at" instant(r, r.offered_at) "When it was offered; null when not known";
    "score" number(r, Some(i64::from(r.score))) "1 to 5";
    "comment" text(Free, r, r.comment.as_deref()) "What the customer wrote; null when nothing";
    "agent" text(Agent, r, r.agent.as_deref()) "Agent rated; null without one";
    "team" text(Team, r, r.team.as_deref()) "Team rated; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue rated; null when in none";
} }

columns! { MessageRecord is Message {
    "at" instant(r, Some(r.at)) "When it was written";
    "author_kind" text(Word, r, Some(r.author_kind.word())) "Kind of author: customer, agent, bot or system";
    "visibility" text(Word, r, Some(r.visibility.word())) "Who may read it: public or internal";
    "is_opening" flag(r, r.is_opening) "Indicates it opened the case";
    "agent" text(Agent, r, r.agent.as_deref()) "Author when an agent or bot, else the assignee then; null without either";
    "team" text(Team, r, r.team.as_deref()) "Team of the case then; null without one";
    "queue" text(Queue, r, r.queue.as_deref()) "Queue of the case then; null when in none";
} }

columns! { PresenceRecord is Presence {
    "from_at" instant(r, Some(r.from_at)) "Start, inclusive";
    "until_at" instant(r, r.until_at) "End, exclusive; null while it lasts";
    "status" text(Word, r, Some(r.status.word())) "Presence: available, away, busy or offline";
    "agent" text(Agent, r, Some(&r.agent)) "The agent";
} }
