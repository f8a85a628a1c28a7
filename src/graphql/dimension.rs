//! Dimensions: what figures are grouped by, and the names of the groups.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::{Context, Enum, InputType, Object, Value};

use super::agent::Agent;
use super::channel::Channel;
use super::contact_point::ContactPoint;
use super::context::{Ask, ask};
use super::customer::Customer;
use super::error::shown;
use super::node::Node;
use super::question::shown_value;
use super::queue::Queue;
use super::ready::Ready;
use super::sla_policy::SlaPolicy;
use super::tag::Tag;
use super::team::Team;
use crate::app::lookups::word_label;
use crate::metric;
use crate::model::FilterAttribute;

/// What figures can be grouped by
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum Dimension {
    /// Agent whom the rows are credited to
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
    /// Tags: a row counts in the group of each of its tags, so that groups may add up to more than the whole
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
    /// Hour of the day in the time zone of the question, 0 to 23
    HourOfDay,
    /// Day of the week in the time zone of the question, 1 Monday to 7 Sunday
    DayOfWeek,
}

impl Dimension {
    /// Every dimension.
    pub fn all() -> impl Iterator<Item = Dimension> {
        <Dimension as async_graphql::resolver_utils::EnumType>::items().iter().map(|item| item.value)
    }
}

impl From<Dimension> for FilterAttribute {
    fn from(dimension: Dimension) -> FilterAttribute {
        match dimension {
            Dimension::Agent => FilterAttribute::Agent,
            Dimension::Team => FilterAttribute::Team,
            Dimension::Queue => FilterAttribute::Queue,
            Dimension::Channel => FilterAttribute::Channel,
            Dimension::InitialChannel => FilterAttribute::InitialChannel,
            Dimension::InitialDirection => FilterAttribute::InitialDirection,
            Dimension::Tag => FilterAttribute::Tag,
            Dimension::ContactPoint => FilterAttribute::ContactPoint,
            Dimension::SlaPolicy => FilterAttribute::SlaPolicy,
            Dimension::Priority => FilterAttribute::Priority,
            Dimension::CaseType => FilterAttribute::CaseType,
            Dimension::Status => FilterAttribute::Status,
            Dimension::HourOfDay => FilterAttribute::HourOfDay,
            Dimension::DayOfWeek => FilterAttribute::DayOfWeek,
        }
    }
}

/// Size of the buckets of a series, in the time zone of the question
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::Grain")]
pub enum Grain {
    /// Local hours; one that comes twice when clocks go back is two buckets
    Hour,
    /// Local days
    Day,
    /// ISO weeks, from Monday
    Week,
    /// Calendar months
    Month,
    /// Quarters of a year
    Quarter,
    /// Calendar years
    Year,
}

/// Which earlier span a figure is compared with
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "metric::Shift")]
pub enum Shift {
    /// The span before: of a calendar preset one unit earlier, of anything else as many days or as long; of a bucket the whole one before
    PreviousPeriod,
    /// The same span a week earlier
    SamePeriodPreviousWeek,
    /// The same span a month earlier; a day that the month lacks becomes its last
    SamePeriodPreviousMonth,
    /// The same span a year earlier
    SamePeriodPreviousYear,
}

/// The order of groups; groups without a value come last, and those that are equal go by label, then value
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum GroupOrder {
    /// Largest first: a count by its count, a share by its percentage, a duration or number by its average
    ValueDesc,
    /// Smallest first
    ValueAsc,
    /// Largest sample first
    SampleSizeDesc,
    /// By label
    LabelAsc,
}

/// Which group: a value of a dimension, its absence, or all that is not shown.
#[derive(Clone, Debug)]
pub struct DimensionKey {
    /// Which dimension.
    pub attribute: FilterAttribute,
    /// Its value.
    pub value: Option<Arc<str>>,
    label: String,
    is_others: bool,
}

impl DimensionKey {
    /// The group of a value, or of rows without one, called `label`.
    pub fn new(attribute: FilterAttribute, value: Option<Arc<str>>, label: String) -> DimensionKey {
        DimensionKey { attribute, value, label, is_others: false }
    }

    /// The group of rows that are in none of those shown.
    pub fn others(attribute: FilterAttribute) -> DimensionKey {
        DimensionKey { attribute, value: None, label: "Others".to_owned(), is_others: true }
    }
}

/// Value of a dimension
#[Object]
impl DimensionKey {
    /// The value, as filters take it: an id of the source, a word, a number; null: rows without a value, and the group of all others
    async fn value(&self) -> Option<String> {
        self.value.as_ref().map(|value| shown_value(self.attribute, value))
    }
    /// What the value is called
    async fn label(&self) -> &str {
        &self.label
    }
    /// Indicates the group of all rows that are in none of the groups shown
    async fn is_others(&self) -> bool {
        self.is_others
    }
    /// The agent, team, queue, tag, channel, contact point or policy behind the value; null when there is none
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Node>> {
        match &self.value {
            Some(value) => subject(ask(ctx)?, self.attribute, value).await,
            None => Ok(None),
        }
    }
}

impl Ready for DimensionKey {
    fn ready(&self, field: &Field) -> Option<Value> {
        match field.name.node.as_str() {
            "value" => Some(self.value.as_ref().map(|value| shown_value(self.attribute, value)).to_value()),
            "label" => Some(Value::from(self.label.as_str())),
            "isOthers" => Some(Value::from(self.is_others)),
            _ => None,
        }
    }
}

/// What is behind a value of an attribute; `None` when that is nothing, or nothing that the viewer sees.
///
/// # Errors
/// As the loaders.
pub async fn subject(ask: &Ask, attribute: FilterAttribute, value: &str) -> async_graphql::Result<Option<Node>> {
    let id = value.to_owned();
    Ok(match attribute {
        FilterAttribute::Agent => Agent::find(ask, Some(&id)).await?.map(Node::from),
        FilterAttribute::Team => Team::find(ask, Some(&id)).await?.map(Node::from),
        FilterAttribute::Queue => ask.load.queues.find(id).await?.map(|queue| Queue(queue).into()),
        FilterAttribute::Tag => ask.load.tags.find(id).await?.map(|tag| Tag(tag).into()),
        FilterAttribute::Channel | FilterAttribute::InitialChannel => Some(Channel::get(ask, &id).await?.into()),
        FilterAttribute::ContactPoint => ask.load.contact_points.find(id).await?.map(|p| ContactPoint(p).into()),
        FilterAttribute::Requester => ask.load.customers.find(id).await?.map(|c| Customer(c).into()),
        FilterAttribute::SlaPolicy => SlaPolicy::in_force(ask, &id).await?.map(Node::from),
        _ => None,
    })
}

/// What values of an attribute are called, by value; what has no name is called by its value.
///
/// # Errors
/// As the loaders.
pub async fn labels(
    ask: &Ask,
    attribute: FilterAttribute,
    values: &[Option<Arc<str>>],
) -> async_graphql::Result<HashMap<Option<Arc<str>>, String>> {
    const NONE: &str = "None";
    let is_thing = is_of_things(attribute);
    if is_thing
        && let Some(mut names) = ask.lookups.kept_names(attribute, values).await.map_err(|error| shown(&error))?
    {
        names.extend(values.iter().filter(|value| value.is_none()).map(|none| (none.clone(), NONE.to_owned())));
        return Ok(names);
    }
    let ids: Vec<String> = values.iter().flatten().map(ToString::to_string).collect();
    let load = &ask.load;
    let names: HashMap<String, String> = match attribute {
        FilterAttribute::Agent => named(load.agents.find_all(&ids).await?, |a| (&a.id, &a.name)),
        FilterAttribute::Team => named(load.teams.find_all(&ids).await?, |t| (&t.id, &t.name)),
        FilterAttribute::Queue => named(load.queues.find_all(&ids).await?, |q| (&q.id, &q.name)),
        FilterAttribute::Tag => named(load.tags.find_all(&ids).await?, |t| (&t.id, &t.name)),
        FilterAttribute::Channel | FilterAttribute::InitialChannel => {
            named(load.channels.find_all(&ids).await?, |c| (&c.id, &c.label))
        }
        FilterAttribute::ContactPoint => named(load.contact_points.find_all(&ids).await?, |p| (&p.id, &p.label)),
        FilterAttribute::Requester => {
            let customers = load.customers.find_all(&ids).await?;
            customers.iter().filter_map(|c| Some((c.id.clone(), c.name.clone()?))).collect()
        }
        FilterAttribute::SlaPolicy => {
            let policies = load.policies.find_all(&ids).await?;
            let newest = policies.iter().filter_map(|versions| versions.iter().max_by_key(|version| version.from));
            newest.map(|version| (version.id.clone(), version.name.clone())).collect()
        }
        _ => HashMap::new(),
    };
    let label = |value: &Option<Arc<str>>| match value {
        None => NONE.to_owned(),
        Some(value) => names.get(&**value).cloned().unwrap_or_else(|| word_label(attribute, value)),
    };
    let labels = values.iter().map(|value| (value.clone(), label(value))).collect();
    if is_thing {
        ask.lookups.keep_names(attribute, &labels).await.map_err(|error| shown(&error))?;
    }
    Ok(labels)
}

/// Indicates values are ids of what has a name, and not words or numbers.
fn is_of_things(attribute: FilterAttribute) -> bool {
    use FilterAttribute::{Agent, Channel, ContactPoint, InitialChannel, Queue, SlaPolicy, Tag, Team};
    matches!(attribute, Agent | Team | Queue | Tag | Channel | InitialChannel | ContactPoint | SlaPolicy)
}

fn named<T>(found: Vec<Arc<T>>, of: impl Fn(&T) -> (&String, &String)) -> HashMap<String, String> {
    found
        .iter()
        .map(|thing| {
            let (id, name) = of(thing);
            (id.clone(), name.clone())
        })
        .collect()
}
