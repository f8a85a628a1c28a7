//! Global ids and the `node` and `nodes` fields: any object of the graph by its id alone, as far as the viewer sees it.

use async_graphql::{Context, ID, Interface, Object};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::agent::Agent;
use super::business_hours::BusinessHours;
use super::case::Case;
use super::case_event::{self, Assignment, Message, PropertyChange, RatingEvent, SlaApplication, StatusChange};
use super::channel::Channel;
use super::contact_point::ContactPoint;
use super::context::{Ask, ask};
use super::customer::Customer;
use super::error::shown;
use super::filter_value::FilterValue;
use super::metric_definition::MetricDefinition;
use super::queue::Queue;
use super::rating::Rating;
use super::record::Record;
use super::record_definition::RecordDefinition;
use super::sla_clock::SlaClock;
use super::sla_policy::SlaPolicy;
use super::tag::Tag;
use super::team::Team;
use super::workspace::Workspace;
use crate::app::Error;
use crate::metric::{MetricId, catalog};
use crate::model::page::MAX_PAGE_ROWS;
use crate::model::{EventKind, Instant, words};
use crate::record::RecordKind;

words! {
    /// Types that have global ids, by their names in the graph.
    Kind {
        /// An agent.
        Agent = "Agent",
        /// An assignment event.
        Assignment = "Assignment",
        /// A version of a schedule.
        BusinessHours = "BusinessHours",
        /// A case.
        Case = "Case",
        /// A channel.
        Channel = "Channel",
        /// A contact point.
        ContactPoint = "ContactPoint",
        /// A customer.
        Customer = "Customer",
        /// A value that an attribute has.
        FilterValue = "FilterValue",
        /// A message event.
        Message = "Message",
        /// A metric of the catalogue.
        MetricDefinition = "MetricDefinition",
        /// A property change event.
        PropertyChange = "PropertyChange",
        /// A queue.
        Queue = "Queue",
        /// A rating given.
        Rating = "Rating",
        /// A rating event.
        RatingEvent = "RatingEvent",
        /// A row behind a figure.
        Record = "Record",
        /// A kind of records.
        RecordDefinition = "RecordDefinition",
        /// An SLA application event.
        SlaApplication = "SlaApplication",
        /// An SLA clock.
        SlaClock = "SlaClock",
        /// A version of a policy.
        SlaPolicy = "SlaPolicy",
        /// A status change event.
        StatusChange = "StatusChange",
        /// A tag.
        Tag = "Tag",
        /// A team.
        Team = "Team",
        /// The workspace.
        Workspace = "Workspace",
    }
}

impl Kind {
    /// The kind of events it stands for; `None` for anything else.
    fn event(self) -> Option<EventKind> {
        match self {
            Kind::Message => Some(EventKind::Message),
            Kind::Assignment => Some(EventKind::Assignment),
            Kind::StatusChange => Some(EventKind::StatusChange),
            Kind::PropertyChange => Some(EventKind::Change),
            Kind::SlaApplication => Some(EventKind::Sla),
            Kind::RatingEvent => Some(EventKind::Rating),
            _ => None,
        }
    }
    /// Indicates its ids name one version of several.
    fn has_versions(self) -> bool {
        matches!(self, Kind::SlaPolicy | Kind::BusinessHours)
    }
}

/// The global id of the `kind` that `key` names.
pub fn global_id(kind: Kind, key: &str) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{kind}:{key}")))
}

/// The key of a version: its start, then the source's id.
pub fn version_key(id: &str, from: Option<Instant>) -> String {
    format!("{}:{id}", from.map(|at| at.ms().to_string()).unwrap_or_default())
}

/// Start and source's id of a version's key; `None` for anything else.
pub fn parse_version_key(key: &str) -> Option<(Option<Instant>, &str)> {
    let (from, id) = key.split_once(':')?;
    let from = if from.is_empty() { None } else { Some(Instant::from_ms(from.parse().ok()?)) };
    Some((from, id))
}

/// Type and key of a global id; `None` for any other text.
pub fn parse_global_id(id: &str) -> Option<(Kind, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    let (kind, key) = text.split_once(':')?;
    Some((Kind::from_word(kind)?, key.to_owned()))
}

/// The source's id that a global id of that kind stands for.
///
/// # Errors
/// `Invalid` for what is no global id of that kind.
pub fn source_id(kind: Kind, id: &str, field: &str) -> Result<String, Error> {
    let wrong = || Error::Invalid(format!("{field}: `{}` is no id of type {kind}", cut(id)));
    match parse_global_id(id) {
        Some((found, key)) if found == kind && kind.has_versions() => {
            parse_version_key(&key).map(|(_, id)| id.to_owned()).ok_or_else(wrong)
        }
        Some((found, key)) if found == kind => Ok(key),
        _ => Err(wrong()),
    }
}

/// The source's id meant by what may be a global id of that kind or the source's id itself.
///
/// # Errors
/// `Invalid` for a global id of another kind.
pub fn any_id(kind: Kind, id: &str, field: &str) -> Result<String, Error> {
    match parse_global_id(id) {
        None => Ok(id.to_owned()),
        Some(_) => source_id(kind, id, field),
    }
}

fn cut(id: &str) -> String {
    id.chars().take(60).collect()
}

/// Something with an id of its own in the whole graph
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id, opaque; the same thing keeps it"))]
#[allow(missing_docs, reason = "each is the type of its name")]
pub enum Node {
    Agent(Agent),
    Assignment(Assignment),
    BusinessHours(BusinessHours),
    Case(Case),
    Channel(Channel),
    ContactPoint(ContactPoint),
    Customer(Customer),
    FilterValue(FilterValue),
    Message(Message),
    MetricDefinition(MetricDefinition),
    PropertyChange(PropertyChange),
    Queue(Queue),
    Rating(Rating),
    RatingEvent(RatingEvent),
    Record(Record),
    RecordDefinition(RecordDefinition),
    SlaApplication(SlaApplication),
    SlaClock(SlaClock),
    SlaPolicy(SlaPolicy),
    StatusChange(StatusChange),
    Tag(Tag),
    Team(Team),
    Workspace(Workspace),
}

async fn find(ask: &Ask, id: &str) -> async_graphql::Result<Option<Node>> {
    let (kind, key) = parse_global_id(id)
        .ok_or_else(|| shown(&Error::Invalid(format!("id: `{}` is no id of this graph", cut(id)))))?;
    if let Some(event) = kind.event() {
        let found = ask.load.events.find((event, key)).await?;
        return Ok(found.map(|event| case_event::object(event).into()));
    }
    let load = &ask.load;
    Ok(match kind {
        Kind::Agent => load.agents.find(key).await?.map(|agent| Agent(agent).into()),
        Kind::Case => load.cases.find(key).await?.map(|case| Case(case).into()),
        Kind::Channel => load.channels.find(key).await?.map(|channel| Channel(channel).into()),
        Kind::ContactPoint => load.contact_points.find(key).await?.map(|point| ContactPoint(point).into()),
        Kind::Customer => load.customers.find(key).await?.map(|customer| Customer(customer).into()),
        Kind::Queue => load.queues.find(key).await?.map(|queue| Queue(queue).into()),
        Kind::Tag => load.tags.find(key).await?.map(|tag| Tag(tag).into()),
        Kind::Team => load.teams.find(key).await?.map(|team| Team(team).into()),
        Kind::Rating => load.ratings_by_id.find(key).await?.map(|rating| Rating::from(&*rating).into()),
        Kind::FilterValue => FilterValue::find(ask, &key).await?.map(Node::from),
        Kind::MetricDefinition => MetricId::from_word(&key).map(|id| MetricDefinition(catalog::find(id)).into()),
        Kind::Record => Record::find(ask, &key).await?.map(Node::from),
        Kind::RecordDefinition => RecordKind::from_word(&key).map(|kind| RecordDefinition(kind).into()),
        Kind::SlaClock => SlaClock::find(ask, &key).await?.map(Node::from),
        Kind::SlaPolicy => SlaPolicy::find(ask, &key).await?.map(Node::from),
        Kind::BusinessHours => BusinessHours::find(ask, &key).await?.map(Node::from),
        Kind::Workspace => {
            let state = ask.workspace().await?;
            (state.workspace.id == key).then(|| Workspace(state).into())
        }
        _ => None,
    })
}

/// Fields of the root.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Object with that global id; null when there is none that the viewer sees
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id")] id: ID,
    ) -> async_graphql::Result<Option<Node>> {
        find(ask(ctx)?, &id).await
    }

    /// Objects with those global ids, in their order; null for each that the viewer does not see
    #[graphql(complexity = "1 + ids.len() * child_complexity")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids, at most 100")] ids: Vec<ID>,
    ) -> async_graphql::Result<Option<Vec<Option<Node>>>> {
        if ids.len() > MAX_PAGE_ROWS {
            return Err(shown(&Error::Limit(format!("{} ids; at most {MAX_PAGE_ROWS} are allowed", ids.len()))));
        }
        let ask = ask(ctx)?;
        futures_util::future::try_join_all(ids.iter().map(|id| find(ask, id))).await.map(Some)
    }
}
