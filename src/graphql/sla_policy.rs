//! SLA policies. A policy has versions; the object is one of them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::channel::Channel;
use super::context::{Ask, ask};
use super::directory_by::DirectoryBy;
use super::enums::{Clock, SlaMetric};
use super::error::shown;
use super::node::{Kind, global_id, parse_version_key, source_id, version_key};
use super::page::{self, Connection};
use super::queue::Queue;
use super::scalars::{DateTime, Long};
use super::scope::{Scoped, scoped_object};
use super::tag::Tag;
use super::team::Team;
use crate::model::{self, FilterAttribute, Instant};

/// A version of a policy.
pub struct SlaPolicy {
    versions: Arc<Vec<model::SlaPolicy>>,
    /// Place of this one among them.
    place: usize,
}

impl SlaPolicy {
    /// The version in force at `now` of all there are, the first one when none is yet; `None` of no versions.
    fn current(versions: Arc<Vec<model::SlaPolicy>>, now: Instant) -> Option<SlaPolicy> {
        if versions.is_empty() {
            return None;
        }
        let place = versions.iter().rposition(|version| version.from.is_none_or(|from| from <= now)).unwrap_or(0);
        Some(SlaPolicy { versions, place })
    }

    /// The version of a policy that starts at `from`.
    ///
    /// # Errors
    /// As the loader.
    pub async fn version(ask: &Ask, id: &str, from: Option<Instant>) -> async_graphql::Result<Option<SlaPolicy>> {
        let Some(versions) = ask.load.policies.find(id.to_owned()).await? else { return Ok(None) };
        let place = versions.iter().position(|version| version.from == from);
        Ok(place.map(|place| SlaPolicy { versions, place }))
    }

    /// The version in force now of a policy.
    ///
    /// # Errors
    /// As the loader.
    pub async fn in_force(ask: &Ask, id: &str) -> async_graphql::Result<Option<SlaPolicy>> {
        let versions = ask.load.policies.find(id.to_owned()).await?;
        Ok(versions.and_then(|versions| SlaPolicy::current(versions, ask.lookups.now())))
    }

    /// The version that the key of a global id names.
    ///
    /// # Errors
    /// As the loader.
    pub async fn find(ask: &Ask, key: &str) -> async_graphql::Result<Option<SlaPolicy>> {
        match parse_version_key(key) {
            Some((from, id)) => SlaPolicy::version(ask, id, from).await,
            None => Ok(None),
        }
    }

    fn model(&self) -> &model::SlaPolicy {
        &self.versions[self.place]
    }
}

impl Scoped for SlaPolicy {
    fn scope(&self) -> (FilterAttribute, &str) {
        (FilterAttribute::SlaPolicy, &self.model().id)
    }
}

scoped_object! {
    /// What is promised for which cases: one version of an SLA policy, in force for cases created from its start until the next version's
    SlaPolicy {
        /// Global id of the version; filters take it for the whole policy
        pub async fn id(&self) -> ID {
            let policy = self.model();
            global_id(Kind::SlaPolicy, &version_key(&policy.id, policy.from))
        }
        /// The source's id of the policy, the same in all its versions
        async fn external_id(&self) -> &str {
            &self.model().id
        }
        /// Display name
        async fn name(&self) -> &str {
            &self.model().name
        }
        /// Start of the version; null: in force since ever
        async fn from(&self) -> Option<DateTime> {
            self.model().from.map(DateTime)
        }
        /// Place among the policies: they are tried in this order, then by the source's id
        async fn position(&self) -> Long {
            Long(self.model().position)
        }
        /// Indicates the policy is tried for new cases
        async fn is_enabled(&self) -> bool {
            self.model().is_enabled
        }
        /// What must hold on a case as created for the policy to apply
        async fn conditions(&self) -> SlaConditions {
            SlaConditions { versions: Arc::clone(&self.versions), place: self.place }
        }
        /// What the policy promises
        async fn targets(&self) -> Vec<SlaTarget> {
            self.model().targets.iter().map(SlaTarget::from).collect()
        }
    }
}

/// Conditions of a version of a policy.
pub struct SlaConditions {
    versions: Arc<Vec<model::SlaPolicy>>,
    place: usize,
}

impl SlaConditions {
    fn model(&self) -> &model::Conditions {
        &self.versions[self.place].conditions
    }
}

/// Which cases an SLA policy applies to: an empty list means any, within a list any of its values will do, all lists must hold
#[Object]
impl SlaConditions {
    /// Channels
    async fn channels(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Channel>> {
        let ask = ask(ctx)?;
        futures_util::future::try_join_all(self.model().channel.iter().map(|id| Channel::get(ask, id))).await
    }
    /// Teams
    async fn teams(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Team>> {
        Ok(ask(ctx)?.load.teams.find_all(&self.model().team).await?.into_iter().map(Team).collect())
    }
    /// Queues
    async fn queues(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Queue>> {
        Ok(ask(ctx)?.load.queues.find_all(&self.model().queue).await?.into_iter().map(Queue).collect())
    }
    /// Priorities, in the source's words
    async fn priorities(&self) -> &[String] {
        &self.model().priority
    }
    /// Tags
    async fn tags(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Tag>> {
        Ok(ask(ctx)?.load.tags.find_all(&self.model().tag).await?.into_iter().map(Tag).collect())
    }
    /// Types of case, in the source's words
    async fn case_types(&self) -> &[String] {
        &self.model().case_type
    }
}

/// One promise of an SLA policy
#[derive(SimpleObject)]
pub struct SlaTarget {
    /// What is measured
    metric: SlaMetric,
    /// Only for cases of this priority; null: for those whose priority has no target of its own
    priority: Option<String>,
    /// Counted time allowed, in seconds
    goal_seconds: f64,
    /// Which time counts
    clock: Clock,
}

impl From<&model::SlaTarget> for SlaTarget {
    fn from(target: &model::SlaTarget) -> SlaTarget {
        SlaTarget {
            metric: target.metric.into(),
            priority: target.priority.clone(),
            goal_seconds: super::scalars::seconds(target.goal_ms),
            clock: target.clock.into(),
        }
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct SlaPolicyQuery;

#[Object]
impl SlaPolicyQuery {
    /// An SLA policy, by global id in that version, else in the version in force now; null when there is none
    async fn sla_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one")] by: DirectoryBy,
    ) -> async_graphql::Result<Option<SlaPolicy>> {
        let ask = ask(ctx)?;
        match by {
            DirectoryBy::Id(id) => {
                source_id(Kind::SlaPolicy, &id, "by.id").map_err(|error| shown(&error))?;
                match super::node::parse_global_id(&id) {
                    Some((_, key)) => SlaPolicy::find(ask, &key).await,
                    None => Ok(None),
                }
            }
            DirectoryBy::ExternalId(id) => SlaPolicy::in_force(ask, &id).await,
            DirectoryBy::Name(name) => {
                let found = ask.lookups.policies_by_name(std::slice::from_ref(&name)).await;
                let found = found.map_err(|error| shown(&error))?.remove(&name);
                Ok(found.and_then(|versions| SlaPolicy::current(Arc::new(versions), ask.lookups.now())))
            }
        }
    }

    /// SLA policies in the order in which their latest versions are tried, each in the version in force now
    #[graphql(complexity = "page::cost(first, last, child_complexity)")]
    async fn sla_policies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows wanted from the start, at most 100; 50 when neither first nor last is given")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor")] after: Option<String>,
        #[graphql(desc = "Rows wanted from the end, at most 100; not together with first")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor")] before: Option<String>,
    ) -> async_graphql::Result<Option<Connection<SlaPolicy>>> {
        let window = page::window(first, after, last, before)?;
        let ask = ask(ctx)?;
        let mut page = ask.lookups.policies_page(&window).await.map_err(|error| shown(&error))?;
        page.items.retain(|(_, versions)| !versions.is_empty());
        let now = ask.lookups.now();
        let object = |versions: Vec<model::SlaPolicy>| {
            let place = versions.iter().rposition(|version| version.from.is_none_or(|from| from <= now)).unwrap_or(0);
            SlaPolicy { versions: Arc::new(versions), place }
        };
        Ok(Some(Connection::new(page, object, |lookups| async move { lookups.count_policies().await })))
    }
}
