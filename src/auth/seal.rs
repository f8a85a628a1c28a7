//! Marks on texts that clients carry and give back, so that only what this gateway gave out is taken.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Secret;

/// Bytes of a mark: half of the hash, as RFC 2104 allows, is beyond guessing.
pub const MARK_BYTES: usize = 16;
/// Keeps marks apart from everything else that the same secret signs.
const PURPOSE: &[u8] = b"deskgraph seal v1";

/// Marks texts and tells its own marks (HMAC-SHA256). Gateways with the same secret take each other's.
#[derive(Clone)]
pub struct Seal(Hmac<Sha256>);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(***)")
    }
}

impl Seal {
    /// A seal that follows from a secret.
    ///
    /// # Errors
    /// None in fact: every length of key is taken.
    pub fn of(secret: &Secret) -> Result<Seal, super::Error> {
        let unusable = |_| super::Error::Key("signing key cannot mark page keys");
        let mut outer = Hmac::<Sha256>::new_from_slice(secret.bytes()).map_err(unusable)?;
        outer.update(PURPOSE);
        let key = outer.finalize().into_bytes();
        Hmac::new_from_slice(&key).map(Seal).map_err(unusable)
    }

    /// The mark of a text.
    pub fn mark(&self, text: &[u8]) -> [u8; MARK_BYTES] {
        let full = self.0.clone().chain_update(text).finalize().into_bytes();
        let mut mark = [0; MARK_BYTES];
        mark.copy_from_slice(&full[..MARK_BYTES]);
        mark
    }

    /// Indicates the mark is the text's; takes the same time whichever it is.
    pub fn is_mark_of(&self, mark: &[u8], text: &[u8]) -> bool {
        mark.len() == MARK_BYTES && self.0.clone().chain_update(text).verify_truncated_left(mark).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_only_marks_of_the_same_secret_and_text() {
        let secret = Secret::random();
        let seal = Seal::of(&secret).unwrap();
        let mark = seal.mark(b"page 2");
        assert!(Seal::of(&secret).unwrap().is_mark_of(&mark, b"page 2"));
        assert!(!seal.is_mark_of(&mark, b"page 3"));
        assert!(!seal.is_mark_of(&mark[..4], b"page 2"));
        assert!(!Seal::of(&Secret::random()).unwrap().is_mark_of(&mark, b"page 2"));
    }
}
