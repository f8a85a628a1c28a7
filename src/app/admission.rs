//! Who may come in now: so many requests a second of one viewer, so many at work at a time, and so many that wait for their turn. What is
//! more than that is refused at once, so that those who were let in are answered in time.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Error;
use super::clock::Stopwatch;
use crate::model::Viewer;

/// After so many requests, viewers who have not come for long are forgotten.
const FORGET_EACH: u64 = 10_000;

/// How many may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdmissionBounds {
    /// Requests a second of one viewer, in the long run; 0: any number.
    pub rate: u32,
    /// Requests of one viewer that may come at once.
    pub burst: u32,
    /// Requests at work at a time.
    pub running: usize,
    /// Requests that wait for their turn.
    pub waiting: usize,
    /// Longest wait.
    pub longest_wait: Duration,
}

impl Default for AdmissionBounds {
    fn default() -> AdmissionBounds {
        AdmissionBounds { rate: 100, burst: 500, running: 32, waiting: 256, longest_wait: Duration::from_secs(10) }
    }
}

/// See the module.
#[derive(Debug)]
pub struct Admission {
    bounds: AdmissionBounds,
    rate: Option<DefaultKeyedRateLimiter<(String, String)>>,
    asked: AtomicU64,
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// A place at work, given back when it is dropped.
#[derive(Debug)]
pub struct Pass {
    _slot: OwnedSemaphorePermit,
    /// How long it was waited for, in seconds.
    pub waited_seconds: f64,
}

/// One who waits, counted until it waits no longer, whatever ends it.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Admission {
    /// Lets in as many as that.
    pub fn new(bounds: AdmissionBounds) -> Admission {
        let quota = |rate| Quota::per_second(rate).allow_burst(NonZeroU32::new(bounds.burst).unwrap_or(rate));
        Admission {
            rate: NonZeroU32::new(bounds.rate).map(|rate| RateLimiter::keyed(quota(rate))),
            asked: AtomicU64::new(0),
            slots: Arc::new(Semaphore::new(bounds.running)),
            waiting: AtomicUsize::new(0),
            bounds,
        }
    }

    /// Counts requests of a viewer.
    ///
    /// # Errors
    /// `TooOften` when that is more than one viewer may ask now.
    pub fn count(&self, viewer: &Viewer, requests: u32) -> Result<(), Error> {
        let (Some(rate), Some(requests)) = (&self.rate, NonZeroU32::new(requests)) else { return Ok(()) };
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EACH == FORGET_EACH - 1 {
            rate.retain_recent();
        }
        let key = (viewer.workspace.0.clone(), viewer.subject.clone());
        match rate.check_key_n(&key, requests) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(early)) => {
                let wait = early.wait_time_from(DefaultClock::default().now());
                Err(Error::TooOften { seconds: wait.as_secs() + 1 })
            }
            Err(_) => {
                Err(Error::Limit(format!("{requests} operations at once; at most {} are allowed", self.bounds.burst)))
            }
        }
    }

    /// Waits for a place at work.
    ///
    /// # Errors
    /// `Unavailable` when too many wait already, or none came free in time.
    pub async fn enter(&self) -> Result<Pass, Error> {
        let stopwatch = Stopwatch::start();
        if let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            return Ok(Pass { _slot: slot, waited_seconds: 0.0 });
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.bounds.waiting {
            let AdmissionBounds { running, waiting, .. } = self.bounds;
            let text = format!("{running} requests are at work and {waiting} wait; try again later");
            return Err(Error::Unavailable(text));
        }
        let slot = tokio::time::timeout(self.bounds.longest_wait, Arc::clone(&self.slots).acquire_owned()).await;
        // It is never closed.
        let slot = slot.ok().and_then(Result::ok).ok_or_else(|| {
            let text = format!("no place was free within {:?}; try again later", self.bounds.longest_wait);
            Error::Unavailable(text)
        })?;
        Ok(Pass { _slot: slot, waited_seconds: stopwatch.elapsed_ms() / 1_000.0 })
    }

    /// Requests at work now.
    pub fn running(&self) -> usize {
        self.bounds.running.saturating_sub(self.slots.available_permits())
    }

    /// Requests that wait now.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::viewer::local_owner;
    use crate::model::WorkspaceId;

    fn bounds() -> AdmissionBounds {
        AdmissionBounds { rate: 1, burst: 3, running: 1, waiting: 1, longest_wait: Duration::from_millis(50) }
    }

    #[test]
    fn one_viewer_is_told_to_wait_and_others_are_not() {
        let admission = Admission::new(bounds());
        let viewer = |workspace: &str| local_owner(WorkspaceId(workspace.to_owned()));
        let (one, other) = (viewer("one"), viewer("other"));
        assert!((0..3).all(|_| admission.count(&one, 1).is_ok()));
        assert_eq!(admission.count(&one, 1), Err(Error::TooOften { seconds: 1 }));
        assert_eq!(admission.count(&other, 3), Ok(()));
        assert!(matches!(admission.count(&other, 4), Err(Error::Limit(_))));
        let unbounded = Admission::new(AdmissionBounds { rate: 0, ..bounds() });
        assert!((0..1_000).all(|_| unbounded.count(&one, 1).is_ok()));
    }

    #[tokio::test]
    async fn those_who_do_not_fit_are_refused_and_a_place_comes_free_again() {
        let admission = Admission::new(bounds());
        let pass = admission.enter().await.unwrap();
        assert_eq!((admission.running(), admission.waiting()), (1, 0));
        let (second, third) = tokio::join!(admission.enter(), admission.enter());
        assert!(
            matches!(&second, Err(Error::Unavailable(text)) if text.starts_with("no place was free")),
            "{second:?}"
        );
        assert!(matches!(&third, Err(Error::Unavailable(text)) if text.contains("1 wait")), "{third:?}");
        assert_eq!((admission.running(), admission.waiting()), (1, 0));
        let (next, ()) = tokio::join!(admission.enter(), async { drop(pass) });
        assert!(next.is_ok());
        drop(next);
        assert_eq!(admission.running(), 0);
    }
}
