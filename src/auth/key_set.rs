//! JSON web key sets (RFC 7517): the public keys of whoever signs tokens, each found by its `kid`.
//!
//! Of a set only those keys are taken that are public, for signatures and of the one algorithm that is configured; issuers publish others
//! beside them, which are passed over.

use std::collections::HashMap;
use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde::Deserialize;

use super::Error;
use crate::model::words;

/// Largest set, in bytes.
pub const LIMIT_SET_BYTES: usize = 256 * 1024;
/// Most keys of a set that are looked at.
const LIMIT_KEYS: usize = 100;
/// Smallest RSA modulus that is accepted, in characters of its base64: 2,048 bits.
const SMALLEST_MODULUS_CHARS: usize = 341;

words! {
    /// An algorithm by which tokens are signed with a private key (RFC 7518, RFC 8037).
    SigningAlgorithm {
        /// RSA PKCS#1 v1.5 with SHA-256.
        Rs256 = "RS256",
        /// RSA PKCS#1 v1.5 with SHA-384.
        Rs384 = "RS384",
        /// RSA PKCS#1 v1.5 with SHA-512.
        Rs512 = "RS512",
        /// RSA PSS with SHA-256.
        Ps256 = "PS256",
        /// RSA PSS with SHA-384.
        Ps384 = "PS384",
        /// RSA PSS with SHA-512.
        Ps512 = "PS512",
        /// ECDSA on P-256 with SHA-256.
        Es256 = "ES256",
        /// ECDSA on P-384 with SHA-384.
        Es384 = "ES384",
        /// Ed25519.
        EdDsa = "EdDSA",
    }
}

impl SigningAlgorithm {
    /// As the library knows it.
    pub(super) const fn of_library(self) -> Algorithm {
        match self {
            SigningAlgorithm::Rs256 => Algorithm::RS256,
            SigningAlgorithm::Rs384 => Algorithm::RS384,
            SigningAlgorithm::Rs512 => Algorithm::RS512,
            SigningAlgorithm::Ps256 => Algorithm::PS256,
            SigningAlgorithm::Ps384 => Algorithm::PS384,
            SigningAlgorithm::Ps512 => Algorithm::PS512,
            SigningAlgorithm::Es256 => Algorithm::ES256,
            SigningAlgorithm::Es384 => Algorithm::ES384,
            SigningAlgorithm::EdDsa => Algorithm::EdDSA,
        }
    }

    /// Indicates a key is of this algorithm, by what it is and by what it says of itself.
    fn fits(self, key: &Jwk) -> bool {
        let common = &key.common;
        let is_for_signatures = matches!(common.public_key_use, None | Some(PublicKeyUse::Signature));
        let names_it = common.key_algorithm.is_none_or(|named| named.to_string() == self.word());
        let is_such = match (&key.algorithm, self.of_library()) {
            (AlgorithmParameters::RSA(rsa), algorithm) => {
                algorithm.family() == AlgorithmFamily::Rsa && rsa.n.len() >= SMALLEST_MODULUS_CHARS
            }
            (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
            (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES384) => curve.curve == EllipticCurve::P384,
            (AlgorithmParameters::OctetKeyPair(pair), Algorithm::EdDSA) => pair.curve == EllipticCurve::Ed25519,
            _ => false,
        };
        is_for_signatures && names_it && is_such
    }
}

/// The keys of a set that tokens may be signed with.
#[derive(Clone, Default)]
pub struct KeySet {
    by_kid: HashMap<String, Arc<DecodingKey>>,
    nameless: Vec<Arc<DecodingKey>>,
}

/// A set as it travels. Each key is read by itself, so that one of a kind that nobody knows yet does not spoil the others.
#[derive(Deserialize)]
struct Sent {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// Reads a set.
    ///
    /// # Errors
    /// `Key` when it is no key set, or has no key for the algorithm.
    pub fn parse(bytes: &[u8], algorithm: SigningAlgorithm) -> Result<KeySet, Error> {
        let sent: Sent = serde_json::from_slice(bytes)
            .map_err(|_| Error::Key("key set is not a JSON object with `keys`, as RFC 7517 has it"))?;
        let mut set = KeySet::default();
        for key in sent.keys.into_iter().take(LIMIT_KEYS) {
            let Ok(key) = serde_json::from_value::<Jwk>(key) else { continue };
            let Ok(decoding) = DecodingKey::from_jwk(&key) else { continue };
            match key.common.key_id.clone().filter(|_| algorithm.fits(&key)) {
                Some(kid) => drop(set.by_kid.insert(kid, Arc::new(decoding))),
                None if algorithm.fits(&key) => set.nameless.push(Arc::new(decoding)),
                None => {}
            }
        }
        if set.is_empty() {
            return Err(Error::Key("key set has no public key for signatures of the configured algorithm"));
        }
        Ok(set)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.by_kid.len() + self.nameless.len()
    }

    /// Indicates there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key of that name; for a token that names none, or where the key has no name, the only key there is.
    pub fn find(&self, kid: Option<&str>) -> Option<Arc<DecodingKey>> {
        let named = kid.and_then(|kid| self.by_kid.get(kid));
        let only = || match (kid, self.len()) {
            (None, 1) => self.by_kid.values().next().or(self.nameless.first()),
            (Some(_), 1) => self.nameless.first(),
            _ => None,
        };
        named.or_else(only).cloned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// A public P-256 key: the base point of the curve.
    fn p256(more: Value) -> Value {
        let mut key = json!({
            "kty": "EC", "crv": "P-256",
            "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
        });
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    }

    #[test]
    fn takes_public_keys_for_signatures_of_one_algorithm() {
        let count = |key: Value, algorithm| {
            let set = json!({"keys": [key, {"kty": "of tomorrow"}]}).to_string();
            KeySet::parse(set.as_bytes(), algorithm).map_or(0, |set| set.len())
        };
        assert_eq!(count(p256(json!({"kid": "a"})), SigningAlgorithm::Es256), 1);
        assert_eq!(count(p256(json!({"use": "sig", "alg": "ES256"})), SigningAlgorithm::Es256), 1);
        assert_eq!(count(p256(json!({"use": "enc"})), SigningAlgorithm::Es256), 0);
        assert_eq!(count(p256(json!({"alg": "ES384"})), SigningAlgorithm::Es256), 0);
        for algorithm in SigningAlgorithm::ALL.iter().filter(|algorithm| **algorithm != SigningAlgorithm::Es256) {
            assert_eq!(count(p256(json!({})), *algorithm), 0, "{algorithm}");
        }
        let secret = json!({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "s"});
        assert!(SigningAlgorithm::ALL.iter().all(|algorithm| count(secret.clone(), *algorithm) == 0));
        let small = json!({"kty": "RSA", "n": "A".repeat(SMALLEST_MODULUS_CHARS - 1), "e": "AQAB"});
        assert_eq!(count(small, SigningAlgorithm::Rs256), 0);
    }

    #[test]
    fn finds_keys_by_name_or_the_only_one() {
        let parse = |keys: Value| {
            KeySet::parse(json!({ "keys": keys }).to_string().as_bytes(), SigningAlgorithm::Es256).unwrap()
        };
        let two = parse(json!([p256(json!({"kid": "a"})), p256(json!({"kid": "b"}))]));
        assert!(two.find(Some("a")).is_some() && two.find(Some("c")).is_none() && two.find(None).is_none());
        let one = parse(json!([p256(json!({"kid": "a"}))]));
        assert!(one.find(None).is_some() && one.find(Some("b")).is_none());
        let nameless = parse(json!([p256(json!({}))]));
        assert!(nameless.find(None).is_some() && nameless.find(Some("b")).is_some());
    }

    #[test]
    fn refuses_what_is_no_set() {
        for text in ["", "[]", "{}", r#"{"keys": 1}"#, r#"{"keys": []}"#] {
            assert!(KeySet::parse(text.as_bytes(), SigningAlgorithm::Rs256).is_err(), "{text}");
        }
    }
}
