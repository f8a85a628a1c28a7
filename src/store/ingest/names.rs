//! Whom and what a thing names: each exists from then on, with its id as its name until a line of its own comes.

use foldhash::HashSet;

use crate::model::{Actor, ActorKind, Agent, Case, ChangeField, ContactPoint, Event, EventBody, Queue, SlaPolicy};

/// Ids named, by what they are ids of.
#[derive(Debug, Default)]
#[allow(missing_docs, reason = "each is the noun of its name")]
pub struct Names {
    pub agents: HashSet<String>,
    pub teams: HashSet<String>,
    pub queues: HashSet<String>,
    pub tags: HashSet<String>,
    pub channels: HashSet<String>,
    pub contact_points: HashSet<String>,
    pub customers: HashSet<String>,
}

fn add(set: &mut HashSet<String>, id: Option<&str>) {
    if let Some(id) = id
        && !set.contains(id)
    {
        set.insert(id.to_owned());
    }
}

fn add_all<'a>(set: &mut HashSet<String>, ids: impl IntoIterator<Item = &'a String>) {
    for id in ids {
        add(set, Some(id));
    }
}

impl Names {
    /// Those of an agent.
    pub fn of_agent(&mut self, agent: &Agent) {
        add_all(&mut self.teams, &agent.teams);
    }
    /// Those of a queue.
    pub fn of_queue(&mut self, queue: &Queue) {
        add(&mut self.teams, queue.team.as_deref());
    }
    /// Those of a contact point.
    pub fn of_contact_point(&mut self, contact_point: &ContactPoint) {
        add(&mut self.channels, contact_point.channel.as_deref());
    }
    /// Those of a policy's conditions.
    pub fn of_policy(&mut self, policy: &SlaPolicy) {
        add_all(&mut self.channels, &policy.conditions.channel);
        add_all(&mut self.teams, &policy.conditions.team);
        add_all(&mut self.queues, &policy.conditions.queue);
        add_all(&mut self.tags, &policy.conditions.tag);
    }
    /// Those of a case.
    pub fn of_case(&mut self, case: &Case) {
        add(&mut self.channels, Some(&case.channel));
        add(&mut self.channels, case.initial_channel.as_deref());
        add(&mut self.contact_points, case.contact_point.as_deref());
        add(&mut self.customers, case.requester.as_deref());
        self.of_actor(case.creator.as_ref());
        add(&mut self.teams, case.team.as_deref());
        add(&mut self.queues, case.queue.as_deref());
        add(&mut self.agents, case.assignee.as_deref());
        add_all(&mut self.tags, &case.tags);
    }
    /// Those of an event.
    pub fn of_event(&mut self, event: &Event) {
        self.of_actor(event.actor.as_ref());
        match &event.body {
            EventBody::Assignment { agent, team, queue, .. } | EventBody::Rating { agent, team, queue, .. } => {
                add(&mut self.agents, agent.value().map(String::as_str));
                add(&mut self.teams, team.value().map(String::as_str));
                add(&mut self.queues, queue.value().map(String::as_str));
            }
            EventBody::Change { field, to } => {
                let set = match field {
                    ChangeField::Team => &mut self.teams,
                    ChangeField::Requester => &mut self.customers,
                    ChangeField::TagAdded | ChangeField::TagRemoved => &mut self.tags,
                    ChangeField::Channel => &mut self.channels,
                    ChangeField::Priority | ChangeField::CaseType | ChangeField::Subject => return,
                };
                add(set, to.as_deref());
            }
            EventBody::Message { .. } | EventBody::StatusChange { .. } | EventBody::Sla { .. } => {}
        }
    }
    fn of_actor(&mut self, actor: Option<&Actor>) {
        let Some(actor) = actor else { return };
        match actor.kind {
            ActorKind::Customer => add(&mut self.customers, actor.id.as_deref()),
            ActorKind::Agent | ActorKind::Bot => add(&mut self.agents, actor.id.as_deref()),
            ActorKind::System => {}
        }
    }
}
