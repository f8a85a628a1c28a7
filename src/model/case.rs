//! A case as it was created. What happened to it later is its events; what it is now is `record::CaseRecord`.

use std::collections::BTreeMap;

use super::event::Actor;
use super::patch::lay;
use super::{FieldError, Instant, Patch, words};

words! {
    /// Who started the contact.
    Direction {
        /// The customer wrote or called.
        Inbound = "inbound",
        /// The organisation wrote or called.
        Outbound = "outbound",
    }
}
words! {
    /// Whether a case counts. Only active ones are in any figure or list.
    CaseState {
        /// Counts.
        Active = "active",
        /// Unwanted; counts nowhere.
        Spam = "spam",
        /// Continued in another case; counts nowhere.
        Merged = "merged",
    }
}

/// The ingest format's default.
impl Default for Direction {
    fn default() -> Direction {
        Direction::Inbound
    }
}
/// The ingest format's default.
impl Default for CaseState {
    fn default() -> CaseState {
        CaseState::Active
    }
}

/// A case on the day it was created, every line of it laid over the ones before.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The source's identifier.
    pub id: String,
    /// The number people quote; given by the source, or assigned once.
    pub number: i64,
    /// When it was created.
    pub created_at: Instant,
    /// Channel as created.
    pub channel: String,
    /// Channel of the first contact; the channel when no line names one.
    pub initial_channel: Option<String>,
    /// Who started the contact.
    pub direction: Direction,
    /// Address it came in by.
    pub contact_point: Option<String>,
    /// The customer whose case it is.
    pub requester: Option<String>,
    /// Who created it.
    pub creator: Option<Actor>,
    /// Priority as created, the source's own word.
    pub priority: Option<String>,
    /// Type as created, the source's own word.
    pub case_type: Option<String>,
    /// Subject line as created.
    pub subject: Option<String>,
    /// Team as created.
    pub team: Option<String>,
    /// Queue as created.
    pub queue: Option<String>,
    /// Agent it was given to at creation; no assignment event.
    pub assignee: Option<String>,
    /// Tags as created, sorted, without repeats.
    pub tags: Vec<String>,
    /// Whether it counts.
    pub state: CaseState,
    /// Case it was merged into.
    pub merged_into: Option<String>,
    /// Further properties of the source, by name.
    pub attributes: BTreeMap<String, String>,
}

/// What one line says of a case.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CaseLine {
    /// The source's identifier.
    pub id: String,
    /// Number, when the source has one.
    pub number: Option<i64>,
    /// Creation; required on the first line of a case.
    pub created_at: Option<Instant>,
    /// Channel.
    pub channel: Option<String>,
    /// Channel of the first contact.
    pub initial_channel: Patch<String>,
    /// Who started the contact.
    pub direction: Option<Direction>,
    /// Contact point.
    pub contact_point: Patch<String>,
    /// Customer.
    pub requester: Patch<String>,
    /// Who created it.
    pub creator: Patch<Actor>,
    /// Priority.
    pub priority: Patch<String>,
    /// Type.
    pub case_type: Patch<String>,
    /// Subject.
    pub subject: Patch<String>,
    /// Team.
    pub team: Patch<String>,
    /// Queue.
    pub queue: Patch<String>,
    /// Agent.
    pub assignee: Patch<String>,
    /// Tags, the whole list.
    pub tags: Option<Vec<String>>,
    /// Whether it counts.
    pub state: Option<CaseState>,
    /// Case it was merged into.
    pub merged_into: Patch<String>,
    /// Further properties, the whole map.
    pub attributes: Option<BTreeMap<String, String>>,
}

impl Case {
    /// The case that a first line makes, numbered `number` unless the line numbers it.
    ///
    /// # Errors
    /// When the line does not say when the case was created.
    pub fn create(line: CaseLine, number: i64) -> Result<Case, FieldError> {
        let Some(created_at) = line.created_at else {
            return Err(FieldError::new("created_at", "is required on the first line of a case"));
        };
        let mut case = Case {
            id: line.id.clone(),
            number,
            created_at,
            channel: "unknown".to_owned(),
            initial_channel: None,
            direction: Direction::Inbound,
            contact_point: None,
            requester: None,
            creator: None,
            priority: None,
            case_type: None,
            subject: None,
            team: None,
            queue: None,
            assignee: None,
            tags: Vec::new(),
            state: CaseState::Active,
            merged_into: None,
            attributes: BTreeMap::new(),
        };
        case.lay(line);
        Ok(case)
    }

    /// Lays a later line of the same case over it, field by field.
    pub fn lay(&mut self, line: CaseLine) {
        lay(line.number, &mut self.number);
        lay(line.created_at, &mut self.created_at);
        lay(line.channel, &mut self.channel);
        line.initial_channel.lay(&mut self.initial_channel);
        lay(line.direction, &mut self.direction);
        line.contact_point.lay(&mut self.contact_point);
        line.requester.lay(&mut self.requester);
        line.creator.lay(&mut self.creator);
        line.priority.lay(&mut self.priority);
        line.case_type.lay(&mut self.case_type);
        line.subject.lay(&mut self.subject);
        line.team.lay(&mut self.team);
        line.queue.lay(&mut self.queue);
        line.assignee.lay(&mut self.assignee);
        if let Some(mut tags) = line.tags {
            tags.sort();
            tags.dedup();
            self.tags = tags;
        }
        lay(line.state, &mut self.state);
        line.merged_into.lay(&mut self.merged_into);
        lay(line.attributes, &mut self.attributes);
    }

    /// Channel of the first contact.
    pub fn initial_channel(&self) -> &str {
        self.initial_channel.as_deref().unwrap_or(&self.channel)
    }
}
