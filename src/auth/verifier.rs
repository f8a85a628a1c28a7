//! The judge of tokens. The algorithm is fixed by configuration (it follows from a key, or is named beside a set of them), never by the
//! token. What a refusal says before the signature was found good is one sentence for every cause, so that it tells a forger nothing.

use std::fmt;
use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::key_source::RotatingKeys;
use super::token::{Claims, judge_times, read_claims};
use super::{Error, Secret};
use crate::model::{Instant, Viewer};

/// How far the clocks of issuer and gateway may be apart when nothing is configured, in milliseconds.
pub const DEFAULT_LEEWAY_MS: i64 = 30_000;
/// Longest token that is looked at, in bytes.
pub const LIMIT_TOKEN_BYTES: usize = 8 * 1024;
/// Smallest RSA public key that is accepted, in bytes of its DER form: 2,048 bits.
const SMALLEST_RSA_BYTES: usize = 256;

/// Where the key for a token comes from.
#[derive(Clone)]
enum Keys {
    One(Box<DecodingKey>),
    Rotating(Arc<RotatingKeys>),
}

/// Judges tokens with one key or a set of them, one algorithm, and optionally one issuer and audience. Cheap to clone.
#[derive(Clone)]
pub struct Verifier {
    keys: Keys,
    validation: Validation,
    leeway_ms: i64,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({:?}, ***)", self.validation.algorithms)
    }
}

impl Verifier {
    fn of(keys: Keys, algorithm: Algorithm) -> Verifier {
        let mut validation = Validation::new(algorithm);
        // The library would ask the machine's clock; see `judge_times`.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        Verifier { keys, validation, leeway_ms: DEFAULT_LEEWAY_MS }
    }

    /// Judges tokens that the gateway signed itself, by HS256.
    pub fn from_secret(secret: &Secret) -> Verifier {
        Verifier::of(Keys::One(Box::new(DecodingKey::from_secret(secret.bytes()))), Algorithm::HS256)
    }

    /// Judges tokens that name, by `kid`, one of a set of keys that may change.
    pub fn from_rotating(keys: Arc<RotatingKeys>) -> Verifier {
        let algorithm = keys.algorithm().of_library();
        Verifier::of(Keys::Rotating(keys), algorithm)
    }

    /// Judges tokens signed by the holder of the private half of a public key in PEM: RSA by RS256, P-256 by ES256, P-384 by
    /// ES384, Ed25519 by EdDSA.
    pub fn from_public_pem(pem: &[u8]) -> Result<Verifier, Error> {
        const UNREADABLE: Error =
            Error::Key("public key file is not a public key in PEM: RSA, P-256, P-384 or Ed25519");
        if String::from_utf8_lossy(pem).contains("PRIVATE KEY") {
            return Err(Error::Key("public key file holds a private key; give the gateway only the public half"));
        }
        let (key, algorithm) = if let Ok(key) = DecodingKey::from_ed_pem(pem) {
            (key, Algorithm::EdDSA)
        } else if let Ok(key) = DecodingKey::from_ec_pem(pem) {
            match key.try_get_as_bytes().map(<[u8]>::len) {
                Ok(65) => (key, Algorithm::ES256),
                Ok(97) => (key, Algorithm::ES384),
                _ => return Err(UNREADABLE),
            }
        } else if let Ok(key) = DecodingKey::from_rsa_pem(pem) {
            if key.try_get_as_bytes().map_or(0, <[u8]>::len) < SMALLEST_RSA_BYTES {
                return Err(Error::Key("public key file holds an RSA key of less than 2048 bits"));
            }
            (key, Algorithm::RS256)
        } else {
            return Err(UNREADABLE);
        };
        Ok(Verifier::of(Keys::One(Box::new(key)), algorithm))
    }

    /// Accepts only tokens of that issuer (`iss`).
    pub fn with_issuer(mut self, issuer: &str) -> Verifier {
        self.validation.set_issuer(&[issuer]);
        self.validation.required_spec_claims.insert("iss".to_owned());
        self
    }

    /// Accepts only tokens made for that audience (`aud`). Without it a token that names any audience is refused.
    pub fn with_audience(mut self, audience: &str) -> Verifier {
        self.validation.set_audience(&[audience]);
        self.validation.required_spec_claims.insert("aud".to_owned());
        self
    }

    /// Bears with clocks that are so far apart, in milliseconds.
    pub fn with_leeway(mut self, leeway_ms: i64) -> Verifier {
        self.leeway_ms = leeway_ms;
        self
    }

    /// The authority that a token grants at `now`. Waits a few seconds at most, for keys of a signer who has new ones.
    ///
    /// # Errors
    /// Everything but `Key`.
    pub async fn verify(&self, token: &str, now: Instant) -> Result<Viewer, Error> {
        if token.len() > LIMIT_TOKEN_BYTES {
            return Err(Error::Refused);
        }
        let data = match &self.keys {
            Keys::One(key) => jsonwebtoken::decode::<Claims>(token, key, &self.validation),
            Keys::Rotating(keys) => {
                let header = jsonwebtoken::decode_header(token).map_err(|_| Error::Refused)?;
                // Large, and seldom needed.
                let key = Box::pin(keys.find(header.kid.as_deref())).await?.ok_or(Error::Refused)?;
                jsonwebtoken::decode::<Claims>(token, &key, &self.validation)
            }
        };
        let data = data.map_err(|_| Error::Refused)?;
        if data.header.crit.is_some() {
            return Err(Error::Refused);
        }
        judge_times(&data.claims, now, self.leeway_ms)?;
        read_claims(data.claims)
    }
}
