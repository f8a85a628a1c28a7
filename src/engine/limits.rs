//! The bounds of a question, watched while it is answered; and what answering it took.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant as Moment};

use super::crew::PROCESSORS;
use super::error::EngineError;

/// Bounds of scans that run together.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Most groups × buckets of a block.
    pub cells: usize,
    /// Most bytes that accumulators and answers of all of them may take.
    pub memory_bytes: usize,
    /// Longest time.
    pub time: Duration,
    /// Threads to work on.
    pub threads: usize,
    /// Set by whoever no longer waits.
    pub cancelled: Arc<AtomicBool>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            cells: 1_000_000,
            memory_bytes: 1 << 30,
            time: Duration::from_secs(10),
            threads: *PROCESSORS,
            cancelled: Arc::default(),
        }
    }
}

/// What answering took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Rows looked at: those of chunks that the windows do not rule out.
    pub rows: u64,
    /// Chunks that these are in.
    pub chunks: u64,
    /// Bytes that accumulators and answers took.
    pub memory_bytes: usize,
}

impl Stats {
    /// Adds what is looked at of a chunk.
    pub fn add_chunk(&mut self, rows: &Range<usize>) {
        self.rows += rows.len() as u64;
        self.chunks += u64::from(!rows.is_empty());
    }
}

/// One scan's use of its bounds, over all threads.
#[derive(Debug)]
pub struct Watch<'a> {
    limits: &'a Limits,
    started: Moment,
    memory: AtomicUsize,
    /// Bytes taken by all scans that run together, for which there is one bound.
    all: &'a AtomicUsize,
}

impl<'a> Watch<'a> {
    /// Begins to watch; `all` counts the bytes of all scans that run together.
    pub fn start(limits: &'a Limits, all: &'a AtomicUsize) -> Watch<'a> {
        Watch { limits, started: Moment::now(), memory: AtomicUsize::new(0), all }
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// `Cancelled` and `TimedOut`.
    pub fn check(&self) -> Result<(), EngineError> {
        if self.limits.cancelled.load(Ordering::Relaxed) {
            return Err(EngineError::Cancelled);
        }
        if self.started.elapsed() > self.limits.time {
            return Err(EngineError::TimedOut(self.limits.time.as_millis()));
        }
        Ok(())
    }

    /// Adds what a part of the work takes beyond `before`, which becomes `now`.
    ///
    /// # Errors
    /// `Limit` when all parts of all scans that run together take more memory than they may.
    pub fn grow(&self, before: &mut usize, now: usize) -> Result<(), EngineError> {
        let more = now.saturating_sub(*before);
        *before = now.max(*before);
        self.memory.fetch_add(more, Ordering::Relaxed);
        let (bytes, most) = (self.all.fetch_add(more, Ordering::Relaxed) + more, self.limits.memory_bytes);
        if bytes > most {
            let text = format!("the question takes {bytes} bytes of memory; at most {most} are allowed");
            return Err(EngineError::Limit(text));
        }
        Ok(())
    }

    /// Whether a block may have that many cells.
    ///
    /// # Errors
    /// `Limit` when not.
    pub fn check_cells(&self, cells: usize) -> Result<(), EngineError> {
        let most = self.limits.cells;
        if cells > most {
            let text = format!("the question has {cells} groups × buckets; at most {most} are allowed");
            return Err(EngineError::Limit(text));
        }
        Ok(())
    }

    /// Bytes that this scan has taken so far.
    pub fn memory_bytes(&self) -> usize {
        self.memory.load(Ordering::Relaxed)
    }
}
