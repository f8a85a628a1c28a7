//! The goals of a what-if.

use async_graphql::InputObject;

use crate::app::Error;
use crate::graphql::context::Ask;
use crate::graphql::enums::Clock;
use crate::graphql::error::shown;
use crate::metric::{Goals, WorkspaceHours};

/// Longest goal: 5,000 days, beyond which due instants are not looked for.
const MAX_SECONDS: f64 = 5_000.0 * 86_400.0;

/// Goals to judge SLA clocks by instead of those in force
#[derive(Clone, Copy, Debug, InputObject)]
pub struct SlaGoalsInput {
    /// Time allowed for first replies, in seconds, to the millisecond; null: each clock's own goal
    first_reply_seconds: Option<f64>,
    /// The same for next replies
    next_reply_seconds: Option<f64>,
    /// The same for resolutions
    resolution_seconds: Option<f64>,
    /// Which time all clocks count, also for percentiles and goalFor; null: each its own
    clock: Option<Clock>,
}

impl SlaGoalsInput {
    /// The goals in milliseconds.
    ///
    /// # Errors
    /// `Invalid` for one that is negative or longer than 5,000 days; as `Lookups::rules`.
    pub async fn check(self, ask: &Ask) -> async_graphql::Result<Goals> {
        let goal_ms = [
            milliseconds("firstReplySeconds", self.first_reply_seconds)?,
            milliseconds("nextReplySeconds", self.next_reply_seconds)?,
            milliseconds("resolutionSeconds", self.resolution_seconds)?,
        ];
        let rules = ask.lookups.rules().await.map_err(|error| shown(&error))?;
        Ok(Goals { goal_ms, mode: self.clock.map(Into::into), hours: WorkspaceHours(rules) })
    }
}

fn milliseconds(name: &str, seconds: Option<f64>) -> async_graphql::Result<Option<i64>> {
    let Some(seconds) = seconds else { return Ok(None) };
    if !(0.0..=MAX_SECONDS).contains(&seconds) {
        let text = format!("goals.{name}: {seconds} is no goal; it is from 0 to {MAX_SECONDS}");
        return Err(shown(&Error::Invalid(text)));
    }
    // Within the bounds the milliseconds are a whole number that fits.
    Ok(Some((seconds * 1_000.0).round() as i64))
}
