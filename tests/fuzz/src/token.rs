//! Laws of tokens: what nobody signed is refused by one sentence, and what is signed gives a viewer within bounds or names a claim.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deskgraph::auth::token as signing;
use deskgraph::auth::verifier::LIMIT_TOKEN_BYTES;
use deskgraph::auth::{Error, Grant, Secret, Verifier};
use deskgraph::model::Viewer;
use futures_util::FutureExt;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::{check_text, now};

const KEY: &str = "a secret of the tests, long enough to be one";
const HEADER: &[u8] = br#"{"alg":"HS256"}"#;

static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::new(KEY).expect("a secret"));
static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| Verifier::from_secret(&SECRET));

/// What one key says of a token, for which nothing is waited for.
fn judged(token: &str) -> Result<Viewer, Error> {
    VERIFIER.verify(token, now()).now_or_never().expect("nothing to wait for")
}

/// `bytes` as a token, then signed as the claims of one, or as its header and its claims on two lines.
pub fn token(bytes: &[u8]) {
    let unsigned = judged(&String::from_utf8_lossy(bytes));
    assert_eq!(unsigned.err(), Some(Error::Refused), "nobody signed this");
    let (header, claims) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (HEADER, bytes),
    };
    match judged(&signed(header, claims)) {
        Ok(viewer) => {
            let header: serde_json::Value = serde_json::from_slice(header).expect("a header");
            assert!(header["alg"] == "HS256" && header["crit"].is_null(), "{header} is accepted");
            check_viewer(&viewer);
        }
        Err(error) => check_text(&error.to_string()),
    }
}

fn signed(header: &[u8], claims: &[u8]) -> String {
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("a key");
    mac.update(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// Ids are short and of one line, the role's permissions are there, and a grant of the same reads the same.
fn check_viewer(viewer: &Viewer) {
    let teams = viewer.teams.iter().flatten();
    for id in teams.chain([&viewer.subject, &viewer.workspace.0]) {
        assert!((1..=200).contains(&id.chars().count()) && !id.chars().any(char::is_control), "{id:?}");
    }
    assert!(viewer.teams.as_ref().is_none_or(|teams| teams.len() <= 200));
    assert!(viewer.permissions.is_superset(&viewer.role.permissions()), "{viewer:?}");
    let grant = Grant {
        subject: viewer.subject.clone(),
        workspace: viewer.workspace.clone(),
        role: viewer.role,
        teams: viewer.teams.clone(),
        lifetime_ms: 60_000,
    };
    let Ok(token) = signing::issue(&SECRET, &grant, now()) else { panic!("{grant:?} cannot be signed") };
    if token.len() > LIMIT_TOKEN_BYTES {
        return;
    }
    let Ok(again) = judged(&token) else { panic!("{grant:?} is not read back") };
    assert_eq!((&again.subject, &again.workspace, again.role), (&viewer.subject, &viewer.workspace, viewer.role));
    assert_eq!(again.teams, viewer.teams);
}
