//! Who holds a token, and what it says they may do. Strangers to the store: nothing here looks anything up.

pub mod seal;
pub mod token;

pub use seal::Seal;
pub use token::{Error, Grant, Secret, Verifier};
