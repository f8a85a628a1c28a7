//! A span of time cut into open and closed parts, with the reason: what an explanation of a business clock shows.

use super::Hours;
use crate::model::Instant;

/// Whether business hours leave an instant open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    /// In business hours.
    Open,
    /// Closed by the week.
    OutsideHours,
    /// On a local day that is a holiday.
    Holiday,
}

/// The parts of a span, made as they are asked for.
#[derive(Clone, Debug)]
pub struct Spans<'h> {
    hours: &'h Hours<'h>,
    next: Instant,
    until: Instant,
}

impl<'h> Spans<'h> {
    pub(super) fn new(hours: &'h Hours<'h>, from: Instant, until: Instant) -> Spans<'h> {
        Spans { hours, next: from, until }
    }
}

impl Iterator for Spans<'_> {
    /// From, until, and whether it is open.
    type Item = (Instant, Instant, Openness);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.until {
            return None;
        }
        let from = self.next;
        let (openness, mut end) = self.hours.openness(from);
        while end < self.until {
            let (following, until) = self.hours.openness(end);
            if following != openness || until <= end {
                break;
            }
            end = until;
        }
        self.next = end.min(self.until);
        Some((from, self.next, openness))
    }
}
