//! Use cases: the only place where store, import and auth meet.

pub mod clock;
pub mod error;
pub mod viewer;

pub use clock::Clock;
pub use error::Error;
