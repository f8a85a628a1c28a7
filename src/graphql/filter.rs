//! Filters as the graph asks for them.

use async_graphql::{Enum, ID, InputObject};

use super::enums::{CaseStatus, Direction};
use super::node::{Kind, any_id};
use crate::app::Error;
use crate::model;

/// What rows can be filtered by
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::FilterAttribute")]
pub enum FilterAttribute {
    /// Agent; of a case the assignee now
    Agent,
    /// Team
    Team,
    /// Queue
    Queue,
    /// Channel now
    Channel,
    /// Channel of the first contact
    InitialChannel,
    /// Who started the contact
    InitialDirection,
    /// Any of the tags
    Tag,
    /// Address the case came in by
    ContactPoint,
    /// SLA policy
    SlaPolicy,
    /// Priority
    Priority,
    /// Type of the case
    CaseType,
    /// Category of the status
    Status,
    /// Customer whose case it is
    Requester,
    /// Hour of the day in the time zone of the question
    HourOfDay,
    /// Day of the week in the time zone of the question
    DayOfWeek,
}

/// Declares an input with one list a filter attribute, and further fields.
macro_rules! filter_input {
    ($(#[$doc:meta])* $name:ident { $($(#[$extra_doc:meta])* $extra:ident: $extra_type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, InputObject)]
        pub struct $name {
            /// Agents, by global id or the source's id; of a case the assignee now
            agent: Option<Vec<ID>>,
            /// Teams, by global id or the source's id
            team: Option<Vec<ID>>,
            /// Queues, by global id or the source's id
            queue: Option<Vec<ID>>,
            /// Channels now, by the source's id
            channel: Option<Vec<String>>,
            /// Channels of the first contact, by the source's id
            initial_channel: Option<Vec<String>>,
            /// Who started the contact
            initial_direction: Option<Vec<Direction>>,
            /// Tags, by global id or the source's id; any of the case's counts
            tag: Option<Vec<ID>>,
            /// Contact points, by global id or the source's id
            contact_point: Option<Vec<ID>>,
            /// SLA policies, by global id or the source's id
            sla_policy: Option<Vec<ID>>,
            /// Priorities, in the source's words
            priority: Option<Vec<String>>,
            /// Types of case, in the source's words
            case_type: Option<Vec<String>>,
            /// Categories of status
            status: Option<Vec<CaseStatus>>,
            /// Customers whose case it is, by global id or the source's id
            requester: Option<Vec<ID>>,
            /// Hours of the day in the time zone of the question, 0 to 23
            hour_of_day: Option<Vec<i32>>,
            /// Days of the week in the time zone of the question, 1 Monday to 7 Sunday
            day_of_week: Option<Vec<i32>>,
            $($(#[$extra_doc])* $extra: $extra_type,)*
        }

        impl $name {
            /// Hands each attribute that a list is given for to `term`.
            fn lists(
                &mut self,
                term: &mut dyn FnMut(model::FilterAttribute, Vec<String>) -> Result<(), Error>,
            ) -> Result<(), Error> {
                use model::FilterAttribute as A;
                let ids = [
                    (A::Agent, Kind::Agent, self.agent.take()),
                    (A::Team, Kind::Team, self.team.take()),
                    (A::Queue, Kind::Queue, self.queue.take()),
                    (A::Tag, Kind::Tag, self.tag.take()),
                    (A::ContactPoint, Kind::ContactPoint, self.contact_point.take()),
                    (A::SlaPolicy, Kind::SlaPolicy, self.sla_policy.take()),
                    (A::Requester, Kind::Customer, self.requester.take()),
                ];
                for (attribute, kind, list) in ids {
                    let Some(list) = list else { continue };
                    let field = format!("filter.{}", attribute.field_name());
                    let values: Result<Vec<_>, _> = list.iter().map(|id| any_id(kind, id, &field)).collect();
                    term(attribute, values?)?;
                }
                let words = |list: Option<Vec<CaseStatus>>| {
                    list.map(|list| list.into_iter().map(|value| model::CaseStatus::from(value).word().to_owned()).collect())
                };
                let sides = |list: Option<Vec<Direction>>| {
                    list.map(|list| list.into_iter().map(|value| model::Direction::from(value).word().to_owned()).collect())
                };
                let numbers = |list: Option<Vec<i32>>| list.map(|list| list.iter().map(i32::to_string).collect());
                let texts = [
                    (A::Channel, self.channel.take()),
                    (A::InitialChannel, self.initial_channel.take()),
                    (A::InitialDirection, sides(self.initial_direction.take())),
                    (A::Priority, self.priority.take()),
                    (A::CaseType, self.case_type.take()),
                    (A::Status, words(self.status.take())),
                    (A::HourOfDay, numbers(self.hour_of_day.take())),
                    (A::DayOfWeek, numbers(self.day_of_week.take())),
                ];
                for (attribute, list) in texts {
                    if let Some(list) = list {
                        term(attribute, list)?;
                    }
                }
                Ok(())
            }
        }
    };
}

filter_input! {
    /// Which rows are excluded; each field excludes by itself, an empty list excludes nothing, and rows without a value stay
    FilterExclusion {}
}

filter_input! {
    /// Which rows count; values of one field are alternatives, several fields all apply, an empty list matches nothing, a field left out
    /// or null matches everything
    Filter {
        /// Rows without a value, such as cases without an agent
        unset: Option<Vec<FilterAttribute>>,
        /// Rows to exclude
        not: Option<FilterExclusion>,
    }
}

impl Filter {
    /// The filter as the model knows it.
    ///
    /// # Errors
    /// `Invalid` and `Limit` for values that an attribute cannot have.
    pub fn compile(mut self) -> Result<model::Filter, Error> {
        let mut filter = model::Filter::default();
        self.lists(&mut |attribute, values| filter.keep(attribute, values).map_err(Error::from))?;
        for attribute in self.unset.unwrap_or_default() {
            filter.unset(attribute.into());
        }
        if let Some(mut not) = self.not {
            not.lists(&mut |attribute, values| filter.exclude(attribute, values).map_err(Error::from))?;
        }
        Ok(filter)
    }
}
