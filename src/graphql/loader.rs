//! Loaders: the keys that the fields of one request ask for together become one look-up.
//!
//! The batch function never awaits. It starts the look-up as a task of its own and hands every key a shared future, so that a field
//! dropped because its sibling failed takes no other field's answer with it, and no lock is held while the database works. A request that is dropped takes its
//! tasks along.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dataloader::BatchFn;
use dataloader::cached;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::task::unconstrained;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::error::shared;
use crate::app::{Error, Lookups};
use crate::model::page::MAX_PAGE_ROWS;

/// Fields of one kind that a row of a page may have: a page's keys then fit in one batch.
const FIELDS_A_ROW: usize = 40;

type Answer<V> = Result<Option<Arc<V>>, Arc<Error>>;
type Found<K, V> = Result<HashMap<K, V>, Error>;
type Fetch<K, V> = Box<dyn Fn(Arc<Lookups>, Vec<K>) -> BoxFuture<'static, Found<K, V>> + Send + Sync>;

/// A key's answer on its way.
pub struct Pending<V>(Shared<BoxFuture<'static, Answer<V>>>);

impl<V> Clone for Pending<V> {
    fn clone(&self) -> Pending<V> {
        Pending(self.0.clone())
    }
}

impl<V: Send + Sync + 'static> Pending<V> {
    fn new(answer: impl Future<Output = Answer<V>> + Send + 'static) -> Pending<V> {
        Pending(answer.boxed().shared())
    }
}

/// What a loader's key is.
pub trait Key: Clone + Debug + Eq + Hash + Send + Sync + 'static {}
impl<K: Clone + Debug + Eq + Hash + Send + Sync + 'static> Key for K {}

/// Turns a set of keys into one look-up.
pub struct Batch<K, V> {
    lookups: Arc<Lookups>,
    batches: Arc<AtomicU64>,
    fetch: Fetch<K, V>,
}

impl<K: Key, V: Send + Sync + 'static> BatchFn<K, Pending<V>> for Batch<K, V> {
    async fn load(&mut self, keys: &[K]) -> HashMap<K, Pending<V>> {
        self.batches.fetch_add(1, Ordering::Relaxed);
        let span = tracing::debug_span!(target: "deskgraph::trace", "loader", value = std::any::type_name::<V>(), keys = keys.len());
        let work = (self.fetch)(Arc::clone(&self.lookups), keys.to_vec()).instrument(span);
        let task = AbortOnDropHandle::new(tokio::spawn(work));
        let all = async move {
            let found = task.await.unwrap_or_else(|error| {
                tracing::error!(%error, "a look-up ended early");
                Err(Error::Internal)
            });
            let shared = |found: HashMap<K, V>| found.into_iter().map(|(key, value)| (key, Arc::new(value))).collect();
            found.map(|found| Arc::<HashMap<K, Arc<V>>>::new(shared(found))).map_err(Arc::new)
        };
        let all = all.boxed().shared();
        let one = |key: &K| {
            let (all, key) = (all.clone(), key.clone());
            Pending::new(async move { all.await.map(|found| found.get(&key).cloned()) })
        };
        keys.iter().map(|key| (key.clone(), one(key))).collect()
    }
}

/// Loads values of one kind by key, for one request.
pub struct Loader<K: Key, V: Send + Sync + 'static> {
    inner: cached::Loader<K, Pending<V>, Batch<K, V>>,
}

impl<K: Key, V: Send + Sync + 'static> Loader<K, V> {
    /// A loader that looks keys up by `fetch` and counts its look-ups in `batches`.
    pub fn new<F, R>(lookups: &Arc<Lookups>, batches: &Arc<AtomicU64>, fetch: F) -> Loader<K, V>
    where
        F: Fn(Arc<Lookups>, Vec<K>) -> R + Send + Sync + 'static,
        R: Future<Output = Found<K, V>> + Send + 'static,
    {
        let fetch: Fetch<K, V> = Box::new(move |lookups, keys| fetch(lookups, keys).boxed());
        let batch = Batch { lookups: Arc::clone(lookups), batches: Arc::clone(batches), fetch };
        Loader { inner: cached::Loader::new(batch).with_max_batch_size(MAX_PAGE_ROWS * FIELDS_A_ROW) }
    }

    /// The value of a key; `None` when nothing visible has it.
    ///
    /// # Errors
    /// That of the look-up the key was part of.
    pub async fn find(&self, key: K) -> async_graphql::Result<Option<Arc<V>>> {
        // Large, and a part of every field that may look something up: the library makes room for the largest one of a type, whichever is asked.
        // The runtime must not cut a turn short in the midst of many fields: those after the cut would come too late.
        let pending = Box::pin(unconstrained(self.inner.try_load(key))).await;
        let pending = pending.map_err(|_| super::error::shown(&Error::Internal))?;
        shared(pending.0.await)
    }

    /// The values of several keys in their order, those that nothing visible has left out.
    ///
    /// # Errors
    /// As `find`.
    pub async fn find_all(&self, keys: &[K]) -> async_graphql::Result<Vec<Arc<V>>> {
        let found = futures_util::future::try_join_all(keys.iter().map(|key| self.find(key.clone()))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Remembers a value that came another way, so that asking for it costs nothing.
    pub async fn keep(&self, key: K, value: Arc<V>) {
        let answer: Answer<V> = Ok(Some(value));
        self.inner.prime(key, Pending::new(futures_util::future::ready(answer))).await;
    }
}
