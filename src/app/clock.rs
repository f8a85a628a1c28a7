//! The only place that asks the time. Everything below takes `now` as a parameter.

use crate::model::Instant;

/// Where `now` comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant, for tests and demonstrations.
    Fixed(Instant),
}

impl Clock {
    /// The instant it is. Taken once a request.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(self) -> Instant {
        match self {
            Clock::System => Instant::from_timestamp(jiff::Timestamp::now()),
            Clock::Fixed(instant) => instant,
        }
    }
}
