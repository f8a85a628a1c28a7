//! Who holds a token, and what it says they may do. Strangers to the store: nothing here looks anything up.

pub mod token;

pub use token::{Error, Grant, Secret, Verifier};
