//! How many lines requests may leave in the log. When very many come, a line for each costs more than answering them and tells no more; the
//! meters and the audit log leave nothing out.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// Bounds the lines of requests that went well and of those that did not, each by itself: neither hides the other.
#[derive(Debug)]
pub struct LogBound {
    well: Share,
    not_well: Share,
}

#[derive(Debug)]
struct Share {
    rate: Option<DefaultDirectRateLimiter>,
    left_out: AtomicU64,
}

/// Leave to write a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Requests of the same kind that left none since the last line; `None`: all did.
    pub left_out: Option<u64>,
}

impl LogBound {
    /// At most so many a second of each kind, in the long run; 0: any number.
    pub fn at_most(a_second: u32) -> LogBound {
        let share = || Share {
            rate: NonZeroU32::new(a_second).map(|most| RateLimiter::direct(Quota::per_second(most))),
            left_out: AtomicU64::new(0),
        };
        LogBound { well: share(), not_well: share() }
    }

    /// Leave to write a line about a request now; `None` when there have been enough.
    pub fn take(&self, is_well: bool) -> Option<Line> {
        let share = if is_well { &self.well } else { &self.not_well };
        if share.rate.as_ref().is_some_and(|rate| rate.check().is_err()) {
            share.left_out.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        // Most of the time there is nothing to take away.
        let some = share.left_out.load(Ordering::Relaxed) > 0;
        Some(Line { left_out: some.then(|| share.left_out.swap(0, Ordering::Relaxed)).filter(|count| *count > 0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beyond_the_bound_are_counted_in_the_next_one() {
        let lines = LogBound::at_most(20);
        let (mut asked, mut written, mut left_out) = (0, 0, 0);
        // Until a line is written after some were left out, which takes a twentieth of a second.
        while left_out == 0 {
            asked += 1;
            if let Some(line) = lines.take(true) {
                written += 1;
                left_out += line.left_out.unwrap_or_default();
            }
        }
        assert!(written > 20, "as many as the bound at once, then one by one: {written}");
        assert_eq!(written + left_out, asked);
        assert_eq!(lines.take(false), Some(Line { left_out: None }), "of its own kind none was left out");
    }

    #[test]
    fn without_a_bound_every_request_leaves_a_line() {
        let lines = LogBound::at_most(0);
        assert!((0..100_000).all(|_| lines.take(true) == Some(Line { left_out: None })));
    }
}
