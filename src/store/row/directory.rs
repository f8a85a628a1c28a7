//! The people and places around cases.

use super::{instant, ms, word};
use crate::model::{
    Agent, AgentKind, Channel, ContactPoint, Customer, Instant, Presence, PresenceStatus, Queue, Tag, Team,
};
use crate::record::PresenceRecord;
use crate::store::StoreError;
use crate::store::entity::{
    agent, agent_team, channel, contact_point, customer, presence, presence_record, queue, tag, team,
};

/// The row of an agent; the teams are rows of their own.
pub fn of_agent(workspace: &str, of: &Agent) -> agent::Model {
    agent::Model {
        workspace: workspace.to_owned(),
        id: of.id.clone(),
        number: of.number,
        name: of.name.clone(),
        username: of.username.clone(),
        email: of.email.clone(),
        search_text: search_text(of),
        kind: of.kind.word().to_owned(),
        is_active: of.is_active,
    }
}

/// What a search looks into: name, login name, id and number, in lower case, on lines of their own.
fn search_text(of: &Agent) -> String {
    let username = of.username.as_deref().unwrap_or_default();
    format!("{}\n{username}\n{}\n{}", of.name, of.id, of.number).to_lowercase()
}
/// The rows of an agent's teams.
pub fn of_agent_teams(workspace: &str, of: &Agent) -> Vec<agent_team::Model> {
    let row =
        |team: &String| agent_team::Model { workspace: workspace.to_owned(), agent: of.id.clone(), team: team.clone() };
    of.teams.iter().map(row).collect()
}
/// The agent of a row and the sorted teams of its team rows.
pub fn to_agent(row: agent::Model, mut teams: Vec<String>) -> Result<Agent, StoreError> {
    teams.sort();
    Ok(Agent {
        kind: word("agent.kind", AgentKind::from_word, &row.kind)?,
        id: row.id,
        number: row.number,
        name: row.name,
        username: row.username,
        email: row.email,
        is_active: row.is_active,
        teams,
    })
}

/// The row of a team.
pub fn of_team(workspace: &str, of: &Team) -> team::Model {
    team::Model {
        workspace: workspace.to_owned(),
        id: of.id.clone(),
        name: of.name.clone(),
        business_hours: of.business_hours.clone(),
    }
}
/// The team of a row.
pub fn to_team(row: team::Model) -> Team {
    Team { id: row.id, name: row.name, business_hours: row.business_hours }
}

/// The row of a queue.
pub fn of_queue(workspace: &str, of: &Queue) -> queue::Model {
    queue::Model { workspace: workspace.to_owned(), id: of.id.clone(), name: of.name.clone(), team: of.team.clone() }
}
/// The queue of a row.
pub fn to_queue(row: queue::Model) -> Queue {
    Queue { id: row.id, name: row.name, team: row.team }
}

/// The row of a tag.
pub fn of_tag(workspace: &str, of: &Tag) -> tag::Model {
    tag::Model { workspace: workspace.to_owned(), id: of.id.clone(), name: of.name.clone() }
}
/// The tag of a row.
pub fn to_tag(row: tag::Model) -> Tag {
    Tag { id: row.id, name: row.name }
}

/// The row of a channel.
pub fn of_channel(workspace: &str, of: &Channel) -> channel::Model {
    channel::Model { workspace: workspace.to_owned(), id: of.id.clone(), label: of.label.clone() }
}
/// The channel of a row.
pub fn to_channel(row: channel::Model) -> Channel {
    Channel { id: row.id, label: row.label }
}

/// The row of a contact point.
pub fn of_contact_point(workspace: &str, of: &ContactPoint) -> contact_point::Model {
    contact_point::Model {
        workspace: workspace.to_owned(),
        id: of.id.clone(),
        channel: of.channel.clone(),
        address: of.address.clone(),
        label: of.label.clone(),
    }
}
/// The contact point of a row.
pub fn to_contact_point(row: contact_point::Model) -> ContactPoint {
    ContactPoint { id: row.id, channel: row.channel, address: row.address, label: row.label }
}

/// The row of a customer.
pub fn of_customer(workspace: &str, of: &Customer) -> customer::Model {
    customer::Model {
        workspace: workspace.to_owned(),
        id: of.id.clone(),
        name: of.name.clone(),
        created_at: ms(of.created_at),
    }
}
/// The customer of a row.
pub fn to_customer(row: customer::Model) -> Customer {
    Customer { id: row.id, name: row.name, created_at: instant(row.created_at) }
}

/// The row of a presence line.
pub fn of_presence(workspace: &str, of: &Presence) -> presence::Model {
    presence::Model {
        workspace: workspace.to_owned(),
        agent: of.agent.clone(),
        at: of.at.ms(),
        status: of.status.word().to_owned(),
    }
}
/// The presence line of a row.
pub fn to_presence(row: presence::Model) -> Result<Presence, StoreError> {
    Ok(Presence {
        status: word("presence.status", PresenceStatus::from_word, &row.status)?,
        agent: row.agent,
        at: Instant::from_ms(row.at),
    })
}

/// The row of a presence spell.
pub fn of_presence_record(workspace: &str, of: &PresenceRecord) -> presence_record::Model {
    presence_record::Model {
        workspace: workspace.to_owned(),
        agent: of.agent.clone(),
        from_at: of.from_at.ms(),
        until_at: ms(of.until_at),
        status: of.status.word().to_owned(),
    }
}
/// The presence spell of a row.
pub fn to_presence_record(row: presence_record::Model) -> Result<PresenceRecord, StoreError> {
    Ok(PresenceRecord {
        status: word("presence_record.status", PresenceStatus::from_word, &row.status)?,
        agent: row.agent,
        from_at: Instant::from_ms(row.from_at),
        until_at: instant(row.until_at),
    })
}
