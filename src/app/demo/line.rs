//! The ingest lines that the demo writes, with only the fields that it uses.

use serde::{Serialize, Serializer};

use crate::model::Instant;

/// Open hours by weekday name.
pub type Week = std::collections::BTreeMap<&'static str, [[&'static str; 2]; 1]>;

/// The text of a line.
pub fn text(line: &impl Serialize) -> String {
    // Strings, numbers and string-keyed maps only: there is nothing that could not be written.
    serde_json::to_string(line).unwrap_or_default()
}

fn instant<S: Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

fn instant_or_null<S: Serializer>(at: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}

/// Author or actor.
#[derive(Clone, Debug, Serialize)]
pub struct Who {
    /// customer, agent, bot or system.
    pub kind: &'static str,
    /// Which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Who {
    /// The helpdesk itself.
    pub const SYSTEM: Who = Who { kind: "system", id: None };
    /// That agent.
    pub fn agent(id: &str) -> Who {
        Who { kind: "agent", id: Some(id.to_owned()) }
    }
    /// That bot.
    pub fn bot(id: &str) -> Who {
        Who { kind: "bot", id: Some(id.to_owned()) }
    }
    /// That customer, or somebody unknown.
    pub fn customer(id: Option<String>) -> Who {
        Who { kind: "customer", id }
    }
}

/// `type: business_hours`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the fields are those of the ingest format")]
pub struct BusinessHoursLine {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id: &'static str,
    #[serde(serialize_with = "instant_or_null")]
    pub from: Option<Instant>,
    pub name: &'static str,
    pub timezone: &'static str,
    pub weekly: Week,
    pub holidays: Vec<HolidayEntry>,
}

/// A day that a schedule is closed.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the fields are those of the ingest format")]
pub struct HolidayEntry {
    pub date: String,
    pub name: &'static str,
}

/// `type: customer`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the fields are those of the ingest format")]
pub struct CustomerLine<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id: &'a str,
    pub name: &'a str,
    #[serde(serialize_with = "instant")]
    pub created_at: Instant,
}

/// `type: presence`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the fields are those of the ingest format")]
pub struct PresenceLine<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub agent: &'a str,
    #[serde(serialize_with = "instant")]
    pub at: Instant,
    pub status: &'static str,
}

/// `type: case`.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the fields are those of the ingest format")]
pub struct CaseLine<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub id: &'a str,
    pub number: u64,
    #[serde(serialize_with = "instant")]
    pub created_at: Instant,
    pub channel: &'static str,
    pub direction: &'static str,
    pub contact_point: &'static str,
    pub requester: Option<&'a str>,
    pub creator: Who,
    pub priority: &'static str,
    pub case_type: &'static str,
    pub subject: &'a str,
    pub team: &'static str,
    pub queue: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<&'a str>,
    pub tags: Vec<&'static str>,
    pub state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    pub attributes: Attributes<'a>,
}

/// Further properties of a case.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are the source's own")]
pub struct Attributes<'a> {
    pub product: &'a str,
    pub market: &'static str,
}

/// Any event; a field that is `None` is left out, one that is `Some(None)` says null.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the fields are those of the ingest format")]
pub struct EventLine<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub case: &'a str,
    pub id: &'a str,
    #[serde(serialize_with = "instant")]
    pub at: Instant,
    pub seq: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'a str>,
    #[serde(flatten)]
    pub what: What<'a>,
}

/// What an event says.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the fields are those of the ingest format")]
pub enum What<'a> {
    Message {
        author: Who,
        visibility: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        opening: Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none", serialize_with = "instant_or_null")]
        edited_at: Option<Instant>,
    },
    Assignment {
        actor: Who,
        kind: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        agent: Option<Option<&'a str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        team: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        queue: Option<&'a str>,
    },
    Status {
        actor: Who,
        status: &'static str,
    },
    Change {
        actor: Who,
        field: &'static str,
        to: &'a str,
    },
    Sla {
        actor: Who,
        policy: &'static str,
    },
    Rating {
        #[serde(serialize_with = "instant")]
        offered_at: Instant,
        score: Option<u8>,
        #[serde(skip_serializing_if = "Option::is_none")]
        comment: Option<&'static str>,
    },
}
