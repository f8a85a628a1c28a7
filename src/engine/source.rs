//! Where the values of a row are: in a column of its chunk, or of its case. Names of columns and attributes become places once a
//! question, and texts become codes.

use std::sync::Arc;

use super::cases::{ATTRIBUTES, attribute_place};
use super::chunk::{Chunk, Table, time_column};
use super::column::Column;
use super::error::EngineError;
use super::local::LocalUnit;
use super::snapshot::Snapshot;
use crate::metric::{Credit, Placed, Selection};
use crate::model::FilterAttribute;
use crate::record::column::find;
use crate::record::{
    AssignmentRecord, CaseRecord, ClosureRecord, Columns, Domain, MessageRecord, PresenceRecord, RatingRecord, Read,
    RecordKind, ResolutionRecord, ResponseRecord, SlaClockRecord, StatusSpellRecord,
};

/// Where the value of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a column of the chunk.
    Own(usize),
    /// The chunk's placing instant.
    Time,
    /// What slots are codes of: the agent of presence.
    Slot,
    /// In an attribute of the case.
    Case(usize),
    /// The set of policies that the case ever was under.
    Policies,
    /// The creation of the case.
    Created,
}

/// Whose codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Of a domain.
    Domain(Domain),
    /// Of tags.
    Tags,
    /// Numbers of a local clock.
    Local(LocalUnit),
}

/// Where an attribute of a row is, as a selection understands it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// A code.
    Codes(Source, Texts),
    /// The case's set of tags.
    Tags,
    /// The teams of the agent of presence.
    Teams,
    /// Of the placing instant.
    Local(Source, LocalUnit),
    /// Nowhere: no row has a value.
    Nothing,
}

/// The names of a kind's columns in a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    /// The kind.
    pub kind: RecordKind,
    chunk: &'a Chunk,
}

impl<'a> Names<'a> {
    /// Those of a kind; `None` while there are no rows.
    pub fn new(snapshot: &'a Snapshot, kind: RecordKind) -> Option<Names<'a>> {
        let chunk = &snapshot.table(kind).chunks.first()?.chunk;
        Some(Names { snapshot, kind, chunk })
    }

    /// The rows of the kind.
    pub fn table(&self) -> &'a Table {
        self.snapshot.table(self.kind)
    }

    /// The place of a column: of the kind's own, else of the case's.
    fn find(&self, name: &'static str) -> Option<Source> {
        if let Some(place) = self.table().names.iter().position(|own| *own == name) {
            return Some(Source::Own(place));
        }
        match (self.kind, name) {
            (kind, name) if name == time_column(kind) => Some(Source::Time),
            (RecordKind::Presence, "agent") => Some(Source::Slot),
            (RecordKind::Presence, _) => None,
            (_, "created_at") => Some(Source::Created),
            _ => case_attribute(name).and_then(attribute_place).map(Source::Case),
        }
    }

    fn error(&self, name: &'static str, sort: &'static str) -> EngineError {
        EngineError::Column { kind: self.kind, name, sort }
    }

    fn own(&self, source: Source) -> Option<&'a Column> {
        match source {
            Source::Own(place) => self.chunk.columns.get(place),
            _ => None,
        }
    }

    /// A column of texts.
    ///
    /// # Errors
    /// When there is none.
    pub fn texts(&self, name: &'static str) -> Result<(Source, Texts), EngineError> {
        let no_column = || self.error(name, "a text");
        let source = self.find(name).ok_or_else(no_column)?;
        let domain = match source {
            Source::Own(_) if !matches!(self.own(source), Some(Column::Codes(_))) => None,
            Source::Own(_) | Source::Slot => domain(self.kind, name),
            Source::Case(place) => attribute_domain(ATTRIBUTES[place]),
            Source::Time | Source::Policies | Source::Created => None,
        };
        domain.map(|domain| (source, Texts::Domain(domain))).ok_or_else(no_column)
    }

    /// A column of numbers, instants or lengths.
    ///
    /// # Errors
    /// When there is none.
    pub fn numbers(&self, name: &'static str) -> Result<Source, EngineError> {
        let is_number = |source: &Source| match source {
            Source::Own(_) => matches!(self.own(*source), Some(Column::Numbers(_))),
            Source::Time | Source::Created => true,
            Source::Slot | Source::Case(_) | Source::Policies => false,
        };
        self.find(name).filter(is_number).ok_or_else(|| self.error(name, "a number, instant or length"))
    }

    /// The place of a flag among the chunk's columns.
    ///
    /// # Errors
    /// When there is none.
    pub fn flag(&self, name: &'static str) -> Result<usize, EngineError> {
        match self.find(name) {
            Some(source @ Source::Own(place)) if matches!(self.own(source), Some(Column::Flags(_))) => Ok(place),
            _ => Err(self.error(name, "yes or no")),
        }
    }

    /// A column of any sort; whether it can lack values.
    ///
    /// # Errors
    /// When there is none.
    pub fn any(&self, name: &'static str) -> Result<(Source, bool), EngineError> {
        let source = self.find(name).ok_or_else(|| self.error(name, "in the picture"))?;
        let always =
            matches!(source, Source::Time | Source::Created) || matches!(self.own(source), Some(Column::Flags(_)));
        Ok((source, !always))
    }

    /// Where an attribute is.
    ///
    /// # Errors
    /// When a column that it is credited by is missing.
    pub fn attribute(&self, attribute: FilterAttribute, of: &Selection) -> Result<Attribute, EngineError> {
        use FilterAttribute::{Agent, DayOfWeek, HourOfDay, Queue, SlaPolicy, Status, Tag, Team};
        let codes = |name: &'static str| self.texts(name).map(|(source, texts)| Attribute::Codes(source, texts));
        match (attribute, of.credit) {
            (HourOfDay, _) => Ok(Attribute::Local(self.placing(of)?, LocalUnit::Hour)),
            (DayOfWeek, _) => Ok(Attribute::Local(self.placing(of)?, LocalUnit::Day)),
            (Agent, Credit::Presence) => Ok(Attribute::Codes(Source::Slot, Texts::Domain(Domain::Agent))),
            (Team, Credit::Presence) => Ok(Attribute::Teams),
            (Agent, Credit::Then { agent, .. }) => codes(agent),
            (Team, Credit::Then { team, .. }) => codes(team),
            (Queue, Credit::Then { queue, .. }) => codes(queue),
            _ if self.kind == RecordKind::Presence => Ok(Attribute::Nothing),
            (SlaPolicy, _) if self.kind == RecordKind::SlaClock => codes("policy"),
            (Status, _) if self.kind == RecordKind::StatusSpell => codes("status"),
            (Tag, _) => Ok(Attribute::Tags),
            _ => {
                let place = attribute_place(attribute).zip(attribute_domain(attribute));
                let codes = |(place, domain)| Attribute::Codes(Source::Case(place), Texts::Domain(domain));
                Ok(place.map_or(Attribute::Nothing, codes))
            }
        }
    }

    /// The instant whose hour and day a row has.
    fn placing(&self, of: &Selection) -> Result<Source, EngineError> {
        match (self.kind, of.placed) {
            (RecordKind::Case, Placed::Now) | (RecordKind::SlaClock | RecordKind::Presence, _) => Ok(Source::Time),
            (_, Placed::At(column)) => self.numbers(column),
            (_, Placed::Now | Placed::Standing) => Ok(Source::Created),
            (_, Placed::Overlap) => Ok(Source::Time),
        }
    }

    /// Least and most of a column's numbers over all chunks.
    pub fn bounds(&self, source: Source) -> (i64, i64) {
        let (table, source) = match source {
            Source::Created => (self.snapshot.table(RecordKind::Case), Source::Time),
            _ => (self.table(), source),
        };
        let numbers = table.chunks.iter().filter_map(|live| live.chunk.numbers(source)).filter(|all| !all.lacks_all());
        let bounds = numbers.map(|numbers| (numbers.base, numbers.most));
        bounds.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1))).unwrap_or_default()
    }
}

impl Texts {
    /// The code of a text; `None` when no row has it.
    pub fn code(self, snapshot: &Snapshot, text: &str) -> Option<u32> {
        match self {
            Texts::Domain(domain) => snapshot.dictionaries.of(domain).find(text),
            Texts::Tags => snapshot.dictionaries.tags.find(text),
            Texts::Local(unit) => unit.code(text),
        }
    }

    /// The text of a code; `None` for no value.
    pub fn text(self, snapshot: &Snapshot, code: u32) -> Option<Arc<str>> {
        match self {
            Texts::Domain(domain) => snapshot.dictionaries.of(domain).text(code),
            Texts::Tags => snapshot.dictionaries.tags.text(code),
            Texts::Local(unit) => (code > 0).then(|| unit.number(code).to_string().into()),
        }
    }

    /// What every code is below.
    pub fn codes(self, snapshot: &Snapshot) -> u64 {
        match self {
            Texts::Domain(domain) => snapshot.dictionaries.of(domain).codes() as u64,
            Texts::Tags => snapshot.dictionaries.tags.codes() as u64,
            Texts::Local(unit) => unit.codes(),
        }
    }
}

/// The case's attribute that a column of case rows is.
fn case_attribute(name: &str) -> Option<FilterAttribute> {
    Some(match name {
        "assignee" => FilterAttribute::Agent,
        "team" => FilterAttribute::Team,
        "queue" => FilterAttribute::Queue,
        "channel" => FilterAttribute::Channel,
        "initial_channel" => FilterAttribute::InitialChannel,
        "initial_direction" => FilterAttribute::InitialDirection,
        "contact_point" => FilterAttribute::ContactPoint,
        "policy" => FilterAttribute::SlaPolicy,
        "priority" => FilterAttribute::Priority,
        "case_type" => FilterAttribute::CaseType,
        "status" => FilterAttribute::Status,
        "requester" => FilterAttribute::Requester,
        _ => return None,
    })
}

/// Whose codes a case's attribute has; `None` of those that have none of a domain.
pub fn attribute_domain(attribute: FilterAttribute) -> Option<Domain> {
    Some(match attribute {
        FilterAttribute::Agent => Domain::Agent,
        FilterAttribute::Team => Domain::Team,
        FilterAttribute::Queue => Domain::Queue,
        FilterAttribute::Channel | FilterAttribute::InitialChannel => Domain::Channel,
        FilterAttribute::InitialDirection | FilterAttribute::Status => Domain::Word,
        FilterAttribute::ContactPoint => Domain::ContactPoint,
        FilterAttribute::SlaPolicy => Domain::SlaPolicy,
        FilterAttribute::Priority => Domain::Priority,
        FilterAttribute::CaseType => Domain::CaseType,
        FilterAttribute::Requester => Domain::Customer,
        FilterAttribute::Tag | FilterAttribute::HourOfDay | FilterAttribute::DayOfWeek => return None,
    })
}

/// Whose codes a column of texts has.
pub fn domain(kind: RecordKind, name: &str) -> Option<Domain> {
    fn of<R: Columns>(name: &str) -> Option<Domain> {
        match find::<R>(name)?.read {
            Read::Text(domain, _) => Some(domain),
            _ => None,
        }
    }
    match kind {
        RecordKind::Case => of::<CaseRecord>(name),
        RecordKind::Response => of::<ResponseRecord>(name),
        RecordKind::SlaClock => of::<SlaClockRecord>(name),
        RecordKind::Closure => of::<ClosureRecord>(name),
        RecordKind::Resolution => of::<ResolutionRecord>(name),
        RecordKind::StatusSpell => of::<StatusSpellRecord>(name),
        RecordKind::Assignment => of::<AssignmentRecord>(name),
        RecordKind::Rating => of::<RatingRecord>(name),
        RecordKind::Message => of::<MessageRecord>(name),
        RecordKind::Presence => of::<PresenceRecord>(name),
    }
}
