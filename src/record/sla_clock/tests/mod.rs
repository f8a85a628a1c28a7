//! Hand-made cases whose clocks are worked out in the text, and a naive model that random cases are held against.

#![allow(clippy::unwrap_used)]

mod explained;
mod laws;
mod naive;
mod promises;
mod replies;
mod resolutions;
mod story;
