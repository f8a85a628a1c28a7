//! JSON web tokens: reading one into a [`Viewer`], and signing one with the gateway's own secret.
//!
//! The algorithm is fixed by the key that the gateway was given, never by the token. The time is given by the caller, so
//! `exp` and `nbf` are judged here and not by the library. What a refusal says before the signature was found good is one
//! sentence for every cause, so that it tells a forger nothing.

use std::collections::BTreeSet;
use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Deserialize;

use crate::model::{Instant, Permission, Role, Viewer, WorkspaceId};

/// How far the clocks of issuer and gateway may be apart, in milliseconds.
pub const LEEWAY_MS: i64 = 30_000;
/// Longest token that is looked at, in bytes.
pub const LIMIT_TOKEN_BYTES: usize = 8 * 1024;
/// Shortest secret that is accepted, in bytes: as long as the hash it keys.
pub const SHORTEST_SECRET_BYTES: usize = 32;
/// Smallest RSA public key that is accepted, in bytes of its DER form: 2,048 bits.
const SMALLEST_RSA_BYTES: usize = 256;
/// Longest subject, workspace id and team id, in characters.
const LIMIT_ID_CHARS: usize = 200;
/// Most teams that a token may name.
const LIMIT_TEAMS: usize = 200;

/// Why a token or a key is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no token of ours: shape, algorithm, signature and issuer are not told apart.
    #[error("token is not valid here; ask for one that this gateway's key has signed")]
    Refused,
    /// It was good once.
    #[error("token has expired; ask for a new one")]
    Expired,
    /// It will be good.
    #[error("token is not valid yet")]
    NotYet,
    /// It is signed, but a claim is missing or says what this gateway does not know.
    #[error("token claim `{claim}` {reason}")]
    Claim {
        /// Name of the claim.
        claim: &'static str,
        /// What is allowed.
        reason: &'static str,
    },
    /// The key that was configured cannot be used.
    #[error("{0}")]
    Key(&'static str),
}

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
        Secret(bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect())
    }
}

impl Secret {
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

/// What a token that the gateway signs itself grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who it is for.
    pub subject: String,
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// The role there.
    pub role: Role,
    /// The teams whose cases it shows; `None`: all.
    pub teams: Option<BTreeSet<String>>,
    /// How long it is good for, in milliseconds.
    pub lifetime_ms: i64,
}

/// The claims as they travel. Words are kept as text, so that an unknown one can be named.
#[derive(Deserialize)]
struct Claims {
    sub: Option<String>,
    workspace: Option<String>,
    role: Option<String>,
    #[serde(default)]
    permissions: Vec<String>,
    teams: Option<Vec<String>>,
    nbf: Option<f64>,
    exp: Option<f64>,
}

/// Judges tokens with one key, one algorithm, and optionally one issuer and audience.
#[derive(Clone)]
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({:?}, ***)", self.validation.algorithms)
    }
}

impl Verifier {
    /// Judges tokens that the gateway signed itself, by HS256.
    pub fn from_secret(secret: &Secret) -> Verifier {
        Verifier { key: DecodingKey::from_secret(&secret.0), validation: validation(Algorithm::HS256) }
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
        Ok(Verifier { key, validation: validation(algorithm) })
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

    /// The authority that a token grants at `now`.
    pub fn verify(&self, token: &str, now: Instant) -> Result<Viewer, Error> {
        if token.len() > LIMIT_TOKEN_BYTES {
            return Err(Error::Refused);
        }
        let data = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation).map_err(|_| Error::Refused)?;
        if data.header.crit.is_some() {
            return Err(Error::Refused);
        }
        judge_times(&data.claims, now)?;
        read_claims(data.claims)
    }
}

/// Signs a token by HS256.
pub fn issue(secret: &Secret, grant: &Grant, now: Instant) -> Result<String, Error> {
    let issued_at = now.ms().div_euclid(Instant::SECOND_MS);
    let expires_at = now.plus_ms(grant.lifetime_ms).ms().div_euclid(Instant::SECOND_MS);
    let claims = serde_json::json!({
        "sub": grant.subject,
        "workspace": grant.workspace.0,
        "role": grant.role.word(),
        "teams": grant.teams,
        "iat": issued_at,
        "exp": expires_at,
    });
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&secret.0))
        .map_err(|_| Error::Key("signing key cannot sign"))
}

fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    // The library would ask the machine's clock; see `judge_times`.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    validation
}

fn judge_times(claims: &Claims, now: Instant) -> Result<(), Error> {
    let expires_at = claims.exp.ok_or(Error::Claim { claim: "exp", reason: "is missing" })?;
    if now >= instant(expires_at, "exp")?.plus_ms(LEEWAY_MS) {
        return Err(Error::Expired);
    }
    match claims.nbf {
        Some(from) if now.plus_ms(LEEWAY_MS) < instant(from, "nbf")? => Err(Error::NotYet),
        _ => Ok(()),
    }
}

/// A NumericDate of RFC 7519: seconds, fractions allowed.
fn instant(seconds: f64, claim: &'static str) -> Result<Instant, Error> {
    if !seconds.is_finite() {
        return Err(Error::Claim { claim, reason: "is not a number of seconds" });
    }
    // A float that does not fit saturates, and `from_ms` clamps.
    Ok(Instant::from_ms((seconds * 1_000.0) as i64))
}

fn read_claims(claims: Claims) -> Result<Viewer, Error> {
    let subject = read_id(claims.sub, "sub")?;
    let workspace = WorkspaceId(read_id(claims.workspace, "workspace")?);
    let role = claims
        .role
        .as_deref()
        .and_then(Role::from_word)
        .ok_or(Error::Claim { claim: "role", reason: "is none of agent, manager, admin, owner" })?;
    let mut permissions = role.permissions();
    for word in &claims.permissions {
        permissions.insert(Permission::from_word(word).ok_or(Error::Claim {
            claim: "permissions",
            reason: "holds something other than read_cases, read_analytics, ingest, administer",
        })?);
    }
    let teams = match claims.teams {
        None => None,
        Some(ids) if ids.len() > LIMIT_TEAMS => {
            return Err(Error::Claim { claim: "teams", reason: "names more than 200 teams" });
        }
        Some(ids) => Some(ids.into_iter().map(|id| read_id(Some(id), "teams")).collect::<Result<_, _>>()?),
    };
    Ok(Viewer { subject, workspace, role, permissions, teams })
}

fn read_id(text: Option<String>, claim: &'static str) -> Result<String, Error> {
    text.filter(|id| (1..=LIMIT_ID_CHARS).contains(&id.chars().count()) && !id.chars().any(char::is_control))
        .ok_or(Error::Claim { claim, reason: "is not a text of 1 to 200 characters" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new("a secret of the tests, long enough to be one").unwrap()
    }
    fn now() -> Instant {
        Instant::parse("2026-06-01T12:00:00Z").unwrap()
    }
    fn signed(claims: &serde_json::Value, algorithm: Algorithm, secret: &Secret) -> String {
        jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(&secret.0)).unwrap()
    }

    #[test]
    fn reads_back_what_it_signs() {
        let teams: BTreeSet<String> = ["t1".to_owned()].into();
        let grant = Grant {
            subject: "kim".into(),
            workspace: WorkspaceId("acme".into()),
            role: Role::Manager,
            teams: Some(teams.clone()),
            lifetime_ms: 60_000,
        };
        let token = issue(&secret(), &grant, now()).unwrap();
        let viewer = Verifier::from_secret(&secret()).verify(&token, now()).unwrap();
        assert_eq!((viewer.subject.as_str(), viewer.workspace.0.as_str(), viewer.role), ("kim", "acme", Role::Manager));
        assert_eq!(viewer.permissions, [Permission::ReadCases, Permission::ReadAnalytics].into());
        assert_eq!(viewer.teams, Some(teams));
    }

    #[test]
    fn judges_times_by_the_given_now_with_a_little_leeway() {
        let grant = Grant {
            subject: "kim".into(),
            workspace: WorkspaceId("acme".into()),
            role: Role::Agent,
            teams: None,
            lifetime_ms: 60_000,
        };
        let token = issue(&secret(), &grant, now()).unwrap();
        let check = |later_ms: i64, expected: Result<(), Error>| {
            let verified = Verifier::from_secret(&secret()).verify(&token, now().plus_ms(later_ms)).map(|_| ());
            assert_eq!(verified, expected, "{later_ms}");
        };
        check(0, Ok(()));
        check(60_000 + LEEWAY_MS - 1, Ok(()));
        check(60_000 + LEEWAY_MS, Err(Error::Expired));
    }

    #[test]
    fn refuses_claims_that_it_does_not_know() {
        let exp = now().ms() / 1_000 + 60;
        let base = serde_json::json!({"sub": "kim", "workspace": "acme", "role": "agent", "exp": exp});
        let check = |change: serde_json::Value, expected: Result<(), &str>| {
            let mut claims = base.clone();
            for (key, value) in change.as_object().unwrap() {
                claims[key] = value.clone();
            }
            let token = signed(&claims, Algorithm::HS256, &secret());
            let verified = Verifier::from_secret(&secret()).verify(&token, now());
            assert_eq!(
                verified.map(|_| ()).map_err(|error| error.to_string()),
                expected.map_err(str::to_owned),
                "{change}"
            );
        };
        const REFUSED: &str = "token is not valid here; ask for one that this gateway's key has signed";
        let id = |claim: &str| format!("token claim `{claim}` is not a text of 1 to 200 characters");
        check(serde_json::json!({}), Ok(()));
        check(serde_json::json!({"permissions": ["ingest"], "teams": []}), Ok(()));
        check(serde_json::json!({"nbf": exp - 45}), Ok(()));
        check(serde_json::json!({"nbf": exp}), Err("token is not valid yet"));
        check(serde_json::json!({"exp": null}), Err("token claim `exp` is missing"));
        check(serde_json::json!({"exp": "tomorrow"}), Err(REFUSED));
        check(serde_json::json!({"aud": "another service"}), Err(REFUSED));
        check(serde_json::json!({"sub": ""}), Err(&id("sub")));
        check(serde_json::json!({"sub": "kim\nroot"}), Err(&id("sub")));
        check(serde_json::json!({"workspace": null}), Err(&id("workspace")));
        check(serde_json::json!({"workspace": "w".repeat(201)}), Err(&id("workspace")));
        check(serde_json::json!({"teams": [""]}), Err(&id("teams")));
        check(serde_json::json!({"teams": vec!["t"; 201]}), Err("token claim `teams` names more than 200 teams"));
        check(serde_json::json!({"role": "root"}), Err("token claim `role` is none of agent, manager, admin, owner"));
        check(
            serde_json::json!({"permissions": ["fly"]}),
            Err("token claim `permissions` holds something other than read_cases, read_analytics, ingest, administer"),
        );
    }

    #[test]
    fn takes_the_algorithm_from_the_key() {
        let claims = serde_json::json!({"sub": "kim", "workspace": "acme", "role": "agent", "exp": 4_000_000_000_i64});
        let verify = |token: &str| Verifier::from_secret(&secret()).verify(token, now()).map(|_| ());
        assert_eq!(verify(&signed(&claims, Algorithm::HS256, &secret())), Ok(()));
        assert_eq!(verify(&signed(&claims, Algorithm::HS512, &secret())), Err(Error::Refused));
        assert_eq!(verify(&signed(&claims, Algorithm::HS256, &Secret::random())), Err(Error::Refused));
        assert_eq!(verify("not.a.token"), Err(Error::Refused));
        assert_eq!(verify(&"x".repeat(LIMIT_TOKEN_BYTES + 1)), Err(Error::Refused));
    }

    #[test]
    fn asks_for_the_audience_and_issuer_it_was_given() {
        let verifier = Verifier::from_secret(&secret()).with_audience("deskgraph").with_issuer("login");
        let check = |audience: Option<&str>, issuer: Option<&str>, expected: Result<(), Error>| {
            let mut claims =
                serde_json::json!({"sub": "kim", "workspace": "a", "role": "agent", "exp": 4_000_000_000_i64});
            for (key, value) in [("aud", audience), ("iss", issuer)] {
                if let Some(value) = value {
                    claims[key] = value.into();
                }
            }
            let verified = verifier.verify(&signed(&claims, Algorithm::HS256, &secret()), now()).map(|_| ());
            assert_eq!(verified, expected, "{audience:?} {issuer:?}");
        };
        check(Some("deskgraph"), Some("login"), Ok(()));
        check(Some("elsewhere"), Some("login"), Err(Error::Refused));
        check(None, Some("login"), Err(Error::Refused));
        check(Some("deskgraph"), Some("stranger"), Err(Error::Refused));
        check(Some("deskgraph"), None, Err(Error::Refused));
    }

    #[test]
    fn refuses_weak_keys_and_prints_none() {
        assert!(Secret::new("short").is_err());
        assert!(Secret::new(&format!("{}   \n", "x".repeat(31))).is_err());
        assert_eq!(format!("{:?}", secret()), "***");
        assert_eq!(format!("{:?}", Verifier::from_secret(&secret())), "Verifier([HS256], ***)");
        assert!(Verifier::from_public_pem(b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----").is_err());
        assert!(Verifier::from_public_pem(b"hello").is_err());
    }
}
