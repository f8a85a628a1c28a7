//! What every field of one request shares: the viewer's eyes, the request's now, and fresh loaders.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_graphql::Context;

use super::error::shown;
use super::loader::Loader;
use crate::app::analytics::Answered;
use crate::app::lookups::{ClockInterval, ClockKey, ClockNow, WorkspaceState};
use crate::app::{Error, Lookups, Spent};
use crate::metric;
use crate::model::{
    Agent, BusinessHours, Case, Channel, ContactPoint, Customer, Event, EventKind, Queue, SlaPolicy, Tag, Team,
};
use crate::record::{CaseRecord, Derived, PresenceRecord, RatingRecord, Rules};

/// Loaders, one a kind of key. Each looks a key up at most once a request.
#[allow(missing_docs, reason = "each is named for what it loads, by id unless the key says otherwise")]
pub struct Loaders {
    pub workspace: Loader<(), WorkspaceState>,
    pub rules: Loader<(), Arc<Rules>>,
    pub cases: Loader<String, CaseRecord>,
    pub case_sources: Loader<String, Case>,
    pub agents: Loader<String, Agent>,
    pub presence: Loader<String, PresenceRecord>,
    pub teams: Loader<String, Team>,
    pub queues: Loader<String, Queue>,
    pub tags: Loader<String, Tag>,
    pub channels: Loader<String, Channel>,
    pub contact_points: Loader<String, ContactPoint>,
    pub customers: Loader<String, Customer>,
    pub policies: Loader<String, Vec<SlaPolicy>>,
    pub business_hours: Loader<String, Vec<BusinessHours>>,
    /// By case.
    pub clocks: Loader<String, Vec<ClockNow>>,
    pub explanations: Loader<ClockKey, Vec<ClockInterval>>,
    /// By case.
    pub ratings: Loader<String, Vec<RatingRecord>>,
    /// By the rating's own id; with its case.
    pub ratings_by_id: Loader<String, (String, RatingRecord)>,
    pub events: Loader<(EventKind, String), Event>,
    /// Everything derived from a case, by case.
    pub derived: Loader<String, Derived>,
    /// Presence spells, by agent.
    pub spells: Loader<String, Vec<PresenceRecord>>,
    /// Figures, by what is asked.
    pub answers: Loader<metric::Asked, Answered>,
}

/// What a request may see, and what it has looked up so far.
pub struct Ask {
    /// The viewer's eyes.
    pub lookups: Arc<Lookups>,
    /// Loaders of this request.
    pub load: Loaders,
    batches: Arc<AtomicU64>,
    cost: AtomicU64,
    is_right: AtomicBool,
}

impl Ask {
    /// A request that looks through `lookups`, with loaders of its own.
    pub fn new(lookups: Lookups) -> Ask {
        let lookups = Arc::new(lookups);
        let batches = Arc::default();
        Ask {
            load: Loaders::new(&lookups, &batches),
            lookups,
            batches,
            cost: AtomicU64::new(0),
            is_right: AtomicBool::new(false),
        }
    }
    /// What the request took so far.
    pub fn spent(&self) -> Spent {
        Spent {
            cost: self.cost.load(Ordering::Relaxed),
            loader_batches: self.batches.load(Ordering::Relaxed),
            ..self.lookups.meter().spent()
        }
    }
    /// Notes what the request is estimated to cost.
    pub fn note_cost(&self, cost: u64) {
        self.cost.store(cost, Ordering::Relaxed);
    }
    /// Notes that nothing is wrong with the request.
    pub fn note_right(&self) {
        self.is_right.store(true, Ordering::Relaxed);
    }
    /// What the request is estimated to cost, if it was judged now and nothing is wrong with it.
    pub fn judged_cost(&self) -> Option<u64> {
        self.is_right.load(Ordering::Relaxed).then(|| self.cost.load(Ordering::Relaxed))
    }
    /// The viewer's workspace.
    ///
    /// # Errors
    /// As `Lookups::workspace`.
    pub async fn workspace(&self) -> async_graphql::Result<Arc<WorkspaceState>> {
        self.load.workspace.find(()).await?.ok_or_else(|| shown(&Error::Internal))
    }
}

/// What the request that a field belongs to shares.
///
/// # Errors
/// Internal when the schema was asked without a viewer, which no door does.
pub fn ask<'a>(ctx: &Context<'a>) -> async_graphql::Result<&'a Arc<Ask>> {
    ctx.data::<Arc<Ask>>().map_err(|_| shown(&Error::Internal))
}

impl Loaders {
    fn new(lookups: &Arc<Lookups>, batches: &Arc<AtomicU64>) -> Loaders {
        macro_rules! by {
            ($method:ident) => {
                Loader::new(lookups, batches, |lookups, keys| async move { lookups.$method(&keys).await })
            };
        }
        Loaders {
            workspace: Loader::new(lookups, batches, |lookups, _| async move {
                Ok([((), lookups.workspace().await?)].into())
            }),
            rules: Loader::new(lookups, batches, |lookups, _| async move { Ok([((), lookups.rules().await?)].into()) }),
            cases: by!(cases),
            case_sources: by!(case_sources),
            agents: by!(agents),
            presence: by!(presence_now),
            teams: by!(teams),
            queues: by!(queues),
            tags: by!(tags),
            channels: by!(channels),
            contact_points: by!(contact_points),
            customers: by!(customers),
            policies: by!(policies),
            business_hours: by!(business_hours),
            clocks: by!(clocks),
            explanations: by!(explanations),
            ratings: by!(ratings),
            ratings_by_id: by!(ratings_by_id),
            derived: by!(derived),
            spells: by!(spells),
            answers: by!(answers),
            events: Loader::new(lookups, batches, |lookups, keys: Vec<(EventKind, String)>| async move {
                let mut found = std::collections::HashMap::new();
                for &kind in EventKind::ALL {
                    let ids: Vec<_> = keys.iter().filter(|key| key.0 == kind).map(|key| key.1.clone()).collect();
                    if !ids.is_empty() {
                        let events = lookups.events(kind, &ids).await?;
                        found.extend(events.into_iter().map(|(id, event)| ((kind, id), event)));
                    }
                }
                Ok(found)
            }),
        }
    }
}
