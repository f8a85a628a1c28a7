//! A secret by which the gateway signs and marks what it will see again.

use std::fmt;

use super::Error;
use crate::model::hex;

/// Shortest secret that is accepted, in bytes: as long as the hash it keys.
pub const SHORTEST_SECRET_BYTES: usize = 32;

/// A secret for HS256; prints as `***`.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes a secret of at least 32 bytes. White space around it, as files have it, is not part of it.
    pub fn new(text: &str) -> Result<Secret, Error> {
        let bytes = text.trim().as_bytes();
        if bytes.len() < SHORTEST_SECRET_BYTES {
            return Err(Error::Key("signing key is shorter than 32 bytes; make one with `openssl rand -hex 32`"));
        }
        Ok(Secret(bytes.to_vec()))
    }

    /// Makes a secret that lasts as long as the program.
    pub fn random() -> Secret {
        let bytes: [u8; 32] = rand::random();
        Secret(hex(&bytes).into_bytes())
    }

    /// Its bytes, for what else it keys.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
