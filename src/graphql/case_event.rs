//! The kinds of events of a case, one object type each.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::agent::Agent;
use super::case::Case;
use super::context::ask;
use super::enums::{AssignmentKind, CaseProperty, CaseStatus, MessageVisibility};
use super::error::shown;
use super::node::{Kind, Node, global_id};
use super::person::Actor;
use super::queue::Queue;
use super::scalars::{DateTime, Long};
use super::sla_policy::SlaPolicy;
use super::team::Team;
use super::timeline::CaseEvent;
use crate::app::Error;
use crate::model::{Event, EventBody, Patch};

/// Any event, to be taken as what the field it is returned by wants.
pub enum AnyEvent {
    /// An assignment.
    Assignment(Assignment),
    /// A message.
    Message(Message),
    /// A property change.
    PropertyChange(PropertyChange),
    /// A rating.
    RatingEvent(RatingEvent),
    /// A policy applied.
    SlaApplication(SlaApplication),
    /// A status change.
    StatusChange(StatusChange),
}

macro_rules! any_event_into {
    ($target:ident: $($kind:ident)+) => {
        impl From<AnyEvent> for $target {
            fn from(event: AnyEvent) -> $target {
                match event { $(AnyEvent::$kind(event) => event.into(),)+ }
            }
        }
    };
}
any_event_into!(CaseEvent: Assignment Message PropertyChange RatingEvent SlaApplication StatusChange);
any_event_into!(Node: Assignment Message PropertyChange RatingEvent SlaApplication StatusChange);

/// The object of an event.
pub fn object(event: Arc<Event>) -> AnyEvent {
    match event.body {
        EventBody::Message { .. } => AnyEvent::Message(Message(event)),
        EventBody::Assignment { .. } => AnyEvent::Assignment(Assignment(event)),
        EventBody::StatusChange { .. } => AnyEvent::StatusChange(StatusChange(event)),
        EventBody::Change { .. } => AnyEvent::PropertyChange(PropertyChange(event)),
        EventBody::Sla { .. } => AnyEvent::SlaApplication(SlaApplication(event)),
        EventBody::Rating { .. } => AnyEvent::RatingEvent(RatingEvent(event)),
    }
}

/// Declares the object type of one kind of event: the fields that every event has, then its own.
macro_rules! event_object {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        pub struct $name(Arc<Event>);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// Global id
            pub async fn id(&self) -> ID {
                global_id(Kind::$name, &self.0.id)
            }
            /// The source's id, unique among events of one kind; a hash of the event when the source gave none
            pub async fn external_id(&self) -> String {
                self.0.id.clone()
            }
            /// The case
            pub async fn case(&self, ctx: &Context<'_>) -> async_graphql::Result<Case> {
                Case::get(ask(ctx)?, &self.0.case).await
            }
            /// When it happened; of a rating, when it was given
            pub async fn at(&self) -> DateTime {
                DateTime(self.0.at)
            }
            /// The source's own order among events of one instant; null comes first
            pub async fn seq(&self) -> Option<Long> {
                self.0.seq.map(Long)
            }
            /// Author of a message, actor of anything else; null when unknown
            pub async fn actor(&self) -> Option<Actor> {
                self.0.actor.clone().map(Actor)
            }
            /// What the event was saved together with: events of one actor with one action are one touch; null: by itself
            pub async fn action(&self) -> Option<String> {
                self.0.action.clone()
            }
            $($own)*
        }
    };
}

event_object! {
    /// Somebody wrote; the text itself is not kept
    Message {
        /// Author of the message; the same as its actor
        async fn author(&self) -> Option<Actor> {
            self.0.actor.clone().map(Actor)
        }
        /// Who may read the message
        async fn visibility(&self) -> async_graphql::Result<MessageVisibility> {
            match self.0.body {
                EventBody::Message { visibility, .. } => Ok(visibility.into()),
                _ => Err(shown(&Error::Internal)),
            }
        }
        /// Indicates the source marks the message as the one that opened the case; null when it does not say
        async fn is_opening(&self) -> Option<bool> {
            match self.0.body {
                EventBody::Message { opening, .. } => opening,
                _ => None,
            }
        }
        /// When the message was last edited; null when never
        async fn edited_at(&self) -> Option<DateTime> {
            match self.0.body {
                EventBody::Message { edited_at, .. } => edited_at.map(DateTime),
                _ => None,
            }
        }
    }
}

impl Assignment {
    fn set(&self) -> (&Patch<String>, &Patch<String>, &Patch<String>) {
        match &self.0.body {
            EventBody::Assignment { agent, team, queue, .. } => (agent, team, queue),
            _ => (&Patch::Absent, &Patch::Absent, &Patch::Absent),
        }
    }
}

event_object! {
    /// Agent, team or queue of the case set; an offer changes nothing
    Assignment {
        /// How the case was assigned
        async fn kind(&self) -> async_graphql::Result<AssignmentKind> {
            match self.0.body {
                EventBody::Assignment { kind, .. } => Ok(kind.into()),
                _ => Err(shown(&Error::Internal)),
            }
        }
        /// Indicates the event is about the agent; without an agent it takes the agent away
        async fn is_agent_set(&self) -> bool {
            self.set().0.is_present()
        }
        /// Agent; null when taken away or left as it was
        async fn agent(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Agent>> {
            Agent::find(ask(ctx)?, self.set().0.value()).await
        }
        /// Indicates the event is about the team; without a team it takes the team away
        async fn is_team_set(&self) -> bool {
            self.set().1.is_present()
        }
        /// Team; null when taken away or left as it was
        async fn team(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Team>> {
            Team::find(ask(ctx)?, self.set().1.value()).await
        }
        /// Indicates the event is about the queue; without a queue it takes the queue away
        async fn is_queue_set(&self) -> bool {
            self.set().2.is_present()
        }
        /// Queue; null when taken away or left as it was
        async fn queue(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Queue>> {
            Queue::find(ask(ctx)?, self.set().2.value()).await
        }
    }
}

impl StatusChange {
    fn word(&self) -> &str {
        match &self.0.body {
            EventBody::StatusChange { status } => status,
            _ => "",
        }
    }
}

event_object! {
    /// Status of the case set
    StatusChange {
        /// Category of the status, as it was in force then
        async fn status(&self, ctx: &Context<'_>) -> async_graphql::Result<CaseStatus> {
            let rules = ask(ctx)?.load.rules.find(()).await?.ok_or_else(|| shown(&Error::Internal))?;
            Ok(rules.status(self.word(), self.0.at).category.into())
        }
        /// Status in the source's word: a category's word or the id of a status of its own
        async fn status_id(&self) -> &str {
            self.word()
        }
    }
}

event_object! {
    /// Property of the case set
    PropertyChange {
        /// Which property
        async fn field(&self) -> async_graphql::Result<CaseProperty> {
            match self.0.body {
                EventBody::Change { field, .. } => Ok(field.into()),
                _ => Err(shown(&Error::Internal)),
            }
        }
        /// Value from then on, in the source's word or id; of a tag the one put on or taken off; null when taken away, or a subject that was erased
        async fn to(&self) -> Option<&str> {
            match &self.0.body {
                EventBody::Change { to, .. } => to.as_deref(),
                _ => None,
            }
        }
    }
}

event_object! {
    /// SLA policy applied to the case or taken away
    SlaApplication {
        /// Policy applied, in the version in force now; null when taken away, or when there is no such policy
        async fn policy(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SlaPolicy>> {
            match &self.0.body {
                EventBody::Sla { policy: Some(id) } => SlaPolicy::in_force(ask(ctx)?, id).await,
                _ => Ok(None),
            }
        }
    }
}

impl RatingEvent {
    fn rated(&self) -> (Option<&String>, Option<&String>, Option<&String>) {
        match &self.0.body {
            EventBody::Rating { agent, team, queue, .. } => (agent.value(), team.value(), queue.value()),
            _ => (None, None, None),
        }
    }
}

event_object! {
    /// Rating offered to the customer or given
    RatingEvent {
        /// When the rating was offered; null when the source does not say
        async fn offered_at(&self) -> Option<DateTime> {
            match self.0.body {
                EventBody::Rating { offered_at, .. } => offered_at.map(DateTime),
                _ => None,
            }
        }
        /// Score, 1 to 5; null while only offered
        async fn score(&self) -> Option<i32> {
            match self.0.body {
                EventBody::Rating { score, .. } => score,
                _ => None,
            }
        }
        /// What the customer wrote; null when nothing, or erased
        async fn comment(&self) -> Option<&str> {
            match &self.0.body {
                EventBody::Rating { comment, .. } => comment.as_deref(),
                _ => None,
            }
        }
        /// Agent whom the source says is rated; null when it does not say, and the case's own at the offer is
        async fn agent(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Agent>> {
            Agent::find(ask(ctx)?, self.rated().0).await
        }
        /// Team that the source says is rated; null when it does not say, and the case's own at the offer is
        async fn team(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Team>> {
            Team::find(ask(ctx)?, self.rated().1).await
        }
        /// Queue that the source says is rated; null when it does not say, and the case's own at the offer is
        async fn queue(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Queue>> {
            Queue::find(ask(ctx)?, self.rated().2).await
        }
    }
}
