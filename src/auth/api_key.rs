//! API keys, for programs that cannot ask for a token each hour. A key is shown once, when it is made; what is kept is a hash of it, by
//! which it is found again. It is made of 256 random bits, so that the hash need not be slow.

use sha2::{Digest, Sha256};

use crate::model::hex;

/// What every key begins with, so that it is known for one wherever it leaks to.
pub const PREFIX: &str = "dgk_";
/// Characters of an id.
const ID_CHARS: usize = 12;
/// Characters of the secret part.
const SECRET_CHARS: usize = 64;

/// A new key; prints as its id.
#[derive(Clone)]
pub struct FreshKey {
    id: String,
    secret: String,
}

impl std::fmt::Debug for FreshKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FreshKey({}, ***)", self.id)
    }
}

impl FreshKey {
    /// Makes a key.
    pub fn random() -> FreshKey {
        let (id, secret): ([u8; ID_CHARS / 2], [u8; SECRET_CHARS / 2]) = (rand::random(), rand::random());
        FreshKey { id: hex(&id), secret: hex(&secret) }
    }

    /// What it is called by those who may not use it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key itself, for the one it is made for.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}_{}", self.id, self.secret)
    }
}

/// By what a key is found: its hash; `None` for a text that is no key of ours.
pub fn hash_of(text: &str) -> Option<String> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_key = id.len() == ID_CHARS && secret.len() == SECRET_CHARS && is_hex(id) && is_hex(secret);
    is_key.then(|| hex(&Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_hash_and_shows_itself_only_when_asked() {
        let (key, other) = (FreshKey::random(), FreshKey::random());
        let text = key.text();
        assert_ne!(text, other.text());
        assert!(text.starts_with(PREFIX) && text.contains(key.id()));
        assert_eq!(format!("{key:?}"), format!("FreshKey({}, ***)", key.id()));
        let hash = hash_of(&text).unwrap();
        assert_eq!((hash.len(), hash_of(&text)), (64, Some(hash.clone())));
        assert!(!hash.contains(&key.secret));
        for wrong in ["", "dgk_", "dgk_ab_cd", &text[4..], &text[..80], &text.to_uppercase(), &format!("{text}0")] {
            assert_eq!(hash_of(wrong), None, "{wrong}");
        }
    }
}
