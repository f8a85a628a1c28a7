//! Use cases: the only place where store, import and auth meet.

pub mod clock;
pub mod demo;
pub mod error;
pub mod lookups;
pub mod viewer;

pub use clock::Clock;
pub use error::Error;
pub use lookups::{Lookups, Stats};
