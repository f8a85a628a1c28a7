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

/// Measures how long something takes; never how late it is.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Stopwatch {
        Stopwatch(std::time::Instant::now())
    }
    /// Milliseconds since the start, with fractions.
    pub fn elapsed_ms(self) -> f64 {
        (self.0.elapsed().as_secs_f64() * 1e6).round() / 1e3
    }
}
