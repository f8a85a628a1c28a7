//! Fields of records: which ones a kind has, by Dixa's names where it has any, and what is said of each. Dixa's own come first.

use super::catalogue::FieldMetadata;
use super::words::{FIRST_RESPONSE, RecordWords, of_conversations};
use crate::record::RecordKind;
use crate::record::column::{self, FieldInfo};

/// Where the value of a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The number of the row's case.
    Number,
    /// Who started the contact.
    Direction,
    /// Channel of the first contact.
    InitialChannel,
    /// Address the case came in by.
    ContactPoint,
    /// Channel now.
    Channel,
    /// Tags of the case.
    Tags,
    /// A column of the row's own.
    Own(&'static str),
}

/// A field of a kind of records.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    description: String,
    /// Indicates a record may lack it.
    is_nullable: bool,
    /// Where its value comes from.
    pub from: From,
}

fn field(name: &'static str, description: &str, is_nullable: bool, from: From) -> Field {
    Field { name, description: of_conversations(description), is_nullable, from }
}

/// Fields that Dixa publishes of a kind, in its order and with its descriptions.
fn published(kind: RecordKind) -> Vec<Field> {
    let id = field("conversation_id", "Conversation ID", false, From::Number);
    match kind {
        RecordKind::Rating => vec![
            id,
            field("agent_id", "The agent assigned to the conversation", true, From::Own("agent")),
            field(
                "queue_id",
                "The queue which the conversation was part of when the conversation was offered",
                true,
                From::Own("queue"),
            ),
        ],
        RecordKind::Closure => vec![
            field("closed_at", "Timestamp of when the conversation was closed", false, From::Own("closed_at")),
            id,
            field("agent_id", "The agent closing the conversation", true, From::Own("closing_agent")),
            field(
                "queue_id",
                "The queue which the conversation was part of when the conversation was closed",
                true,
                From::Own("queue"),
            ),
            field(
                "closed_by",
                "User closing the conversation (Agent, Enduser or Unknown)",
                false,
                From::Own("closed_by"),
            ),
        ],
        RecordKind::Presence => Vec::new(),
        _ => vec![id],
    }
}

/// Fields that rows of a case have of the case; the first four come first in a record, as in Dixa's sample.
fn of_case() -> [Field; 6] {
    [
        field("csid", "Conversation ID", false, From::Number),
        field("initial_direction", "Who started the contact", false, From::Direction),
        field("initial_channel", "Channel of the first contact", false, From::InitialChannel),
        field("contact_point", "Address the conversation came in by; null when not known", true, From::ContactPoint),
        field("current_channel", "Channel now", false, From::Channel),
        field("tags", "Tags now", false, From::Tags),
    ]
}

/// What Dixa would call a column of a kind; `None` of one that is shown otherwise already.
fn name_of(record: &RecordWords, column: &'static str) -> Option<&'static str> {
    if record.id == FIRST_RESPONSE {
        // Filters are by who replied first, and so are these.
        match column {
            "first_responder" => return Some("agent_id"),
            "first_response_team" => return Some("team_id"),
            "first_response_queue" => return Some("queue_id"),
            "assignee" => return Some("current_agent_id"),
            "team" => return Some("current_team_id"),
            "queue" => return Some("current_queue_id"),
            _ => {}
        }
    }
    Some(match (record.kind, column) {
        (RecordKind::Case, "initial_channel" | "initial_direction" | "contact_point" | "channel") => return None,
        (RecordKind::Case, "assignee") => "agent_id",
        (RecordKind::Closure, "agent") => "credited_agent_id",
        (_, "agent") => "agent_id",
        (_, "assignee") => "assignee_id",
        (_, "team") => "team_id",
        (_, "queue") => "queue_id",
        (_, "policy") => "sla_policy_id",
        (_, "case_type") => "conversation_type",
        (_, "requester") => "requester_id",
        (_, "first_responder") => "first_responder_id",
        (_, "first_response_team") => "first_response_team_id",
        (_, "first_response_queue") => "first_response_queue_id",
        (_, "previous_agent") => "previous_agent_id",
        (_, "previous_team") => "previous_team_id",
        (_, "previous_queue") => "previous_queue_id",
        (_, other) => other,
    })
}

/// All fields of records, in the order of their description.
fn all(record: &RecordWords) -> Vec<Field> {
    let kind = record.kind;
    let mut fields = published(kind);
    for FieldInfo { name, description, is_nullable, .. } in column::fields(kind) {
        let is_there = fields.iter().any(|field| field.from == From::Own(name));
        if let Some(shown) = name_of(record, name).filter(|_| !is_there) {
            fields.push(field(shown, description, is_nullable, From::Own(name)));
        }
    }
    if kind != RecordKind::Presence {
        fields.extend(of_case());
    }
    fields
}

/// What is said of the fields of records.
pub fn metadata(record: &RecordWords) -> Vec<FieldMetadata> {
    let said =
        |of: Field| FieldMetadata { field: of.name.to_owned(), description: of.description, nullable: of.is_nullable };
    all(record).into_iter().map(said).collect()
}

/// All fields of records, in the order in which each has them.
pub fn in_records(record: &RecordWords) -> Vec<Field> {
    if record.kind == RecordKind::Presence {
        return all(record);
    }
    let mut fields = of_case().to_vec();
    let rest = fields.split_off(4);
    let known = |field: &Field| !of_case().iter().any(|of| of.name == field.name);
    fields.extend(all(record).into_iter().filter(known));
    fields.extend(rest);
    fields
}

#[cfg(test)]
mod tests {
    use super::super::words::RECORDS;
    use super::*;

    #[test]
    fn every_field_has_a_name_of_its_own() {
        for record in &RECORDS {
            let names = |fields: Vec<Field>| {
                let mut names: Vec<_> = fields.into_iter().map(|field| field.name).collect();
                names.sort_unstable();
                names
            };
            let mut found = names(all(record));
            assert_eq!(found, names(in_records(record)), "{}", record.id);
            let count = found.len();
            found.dedup();
            assert_eq!(found.len(), count, "{}: {found:?}", record.id);
        }
        let first: Vec<_> = in_records(&RECORDS[1]).into_iter().take(4).map(|field| field.name).collect();
        assert_eq!(first, ["csid", "initial_direction", "initial_channel", "contact_point"]);
    }
}
