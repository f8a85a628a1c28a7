//! Who holds a token or a key, and what it says they may do. Strangers to the store: nothing here looks anything up in it.

pub mod api_key;
mod error;
pub mod key_set;
pub mod key_source;
pub mod seal;
mod secret;
pub mod token;
pub mod verifier;

pub use api_key::FreshKey;
pub use error::Error;
pub use key_set::SigningAlgorithm;
pub use key_source::{KeySource, RotatingKeys};
pub use seal::Seal;
pub use secret::Secret;
pub use token::Grant;
pub use verifier::Verifier;
