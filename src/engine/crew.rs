//! Threads that help whoever asks. On Linux they keep off the processor of whom they help: woken while that one and another processor are
//! busy for an instant, they are easily queued behind it, and then wait until its work is done.

use std::sync::{LazyLock, Mutex, MutexGuard, TryLockError};
use std::thread::available_parallelism;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// How many may be helped at a time.
const CREWS: usize = 2;

/// Processors there are. Asked once: the system reads files to say so.
pub static PROCESSORS: LazyLock<usize> = LazyLock::new(|| available_parallelism().map_or(1, usize::from));

/// Those who help: one a processor besides who asks. A crew is lent to one piece of work at a time, so that nobody waits for helpers who
/// are busy elsewhere; who finds none free works alone.
static CREWS_THERE_ARE: LazyLock<Vec<Mutex<Crew>>> = LazyLock::new(|| {
    let crew = |number| {
        let crew = Crew::new(number, PROCESSORS.saturating_sub(1).max(1));
        crew.inspect_err(|error| tracing::warn!(%error, "threads could not be started; questions take longer")).ok()
    };
    (0..CREWS).filter_map(crew).map(Mutex::new).collect()
});

/// Threads that help one at a time.
pub struct Crew {
    pool: ThreadPool,
    places: Places,
}

impl Crew {
    /// A crew that is free, if any, its threads elsewhere than the one that asks.
    pub fn free() -> Option<MutexGuard<'static, Crew>> {
        let mut crew = CREWS_THERE_ARE.iter().find_map(|crew| match crew.try_lock() {
            Ok(crew) => Some(crew),
            // Work that panicked has ended.
            Err(TryLockError::Poisoned(crew)) => Some(crew.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        })?;
        crew.places.keep_off();
        Some(crew)
    }

    /// Wakes a crew that is free, if any, for work that comes soon.
    pub fn rouse() {
        if let Some(crew) = Crew::free() {
            crew.pool.spawn(|| {});
        }
    }

    /// The threads.
    pub fn pool(&self) -> &ThreadPool {
        &self.pool
    }

    fn new(number: usize, helpers: usize) -> Result<Crew, ThreadPoolBuildError> {
        let places = Places::default();
        let starting = places.starting();
        let name = move |place| format!("engine-{number}-{place}");
        let pool = ThreadPoolBuilder::new().num_threads(helpers).thread_name(name).start_handler(starting).build()?;
        Ok(Crew { pool, places })
    }
}

#[cfg(not(target_os = "linux"))]
use elsewhere::Places;
#[cfg(target_os = "linux")]
use linux::Places;

#[cfg(target_os = "linux")]
mod linux {
    use std::sync::{Arc, Mutex, PoisonError};

    use rustix::thread::{CpuSet, Pid, gettid, sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// With more threads there are so many processors that an idle one is found, and moving them all would take too long.
    const FEW: usize = 7;

    /// Where the threads of a crew may run.
    #[derive(Default)]
    pub struct Places {
        /// Those that have started, and where they might run then: what the program was given is never exceeded.
        threads: Arc<Mutex<Vec<(Pid, CpuSet)>>>,
        /// How many of them keep off which processor.
        kept_off: Option<(usize, usize)>,
    }

    impl Places {
        /// What each thread does first.
        pub fn starting(&self) -> impl Fn(usize) + Send + Sync + use<> {
            let threads = Arc::clone(&self.threads);
            move |_| {
                // Where that cannot be known or had, threads run wherever they do.
                if let Ok(places) = sched_getaffinity(None).inspect_err(no_place) {
                    threads.lock().unwrap_or_else(PoisonError::into_inner).push((gettid(), places));
                }
            }
        }

        /// Keeps the threads off the processor of whoever calls, where there are others.
        pub fn keep_off(&mut self) {
            let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            if threads.len() > FEW {
                return;
            }
            let off = (threads.len(), sched_getcpu());
            if self.kept_off == Some(off) {
                return;
            }
            self.kept_off = Some(off);
            for (thread, places) in threads.iter() {
                let mut places = *places;
                places.unset(off.1);
                if places.count() > 0
                    && let Err(error) = sched_setaffinity(Some(*thread), &places)
                {
                    no_place(&error);
                }
            }
        }
    }

    fn no_place(error: &rustix::io::Errno) {
        tracing::debug!(%error, "threads that help cannot be kept apart");
    }

    #[cfg(test)]
    mod tests {
        use std::sync::mpsc::channel;

        use super::*;

        #[test]
        fn threads_keep_off_the_processor_of_whoever_calls() {
            let mut places = Places::default();
            let start = places.starting();
            let ((begun, begins), (ended, ends)) = (channel(), channel::<()>());
            let thread = std::thread::spawn(move || {
                start(0);
                begun.send(()).unwrap();
                let _ = ends.recv();
            });
            begins.recv().unwrap();
            places.keep_off();
            let (_, off) = places.kept_off.unwrap();
            let (of, before) = places.threads.lock().unwrap()[0];
            let now = sched_getaffinity(Some(of)).unwrap();
            assert_eq!(now.count(), (before.count() - 1).max(1));
            assert!(!now.is_set(off) || before.count() == 1);
            drop(ended);
            thread.join().unwrap();
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    /// Nothing is known of places.
    #[derive(Default)]
    pub struct Places;

    impl Places {
        /// Nothing.
        pub fn starting(&self) -> impl Fn(usize) + Send + Sync + use<> {
            |_| {}
        }

        /// Nothing.
        pub fn keep_off(&mut self) {}
    }
}
