//! What tokens are accepted, and by whom.

use futures_util::FutureExt;
use jsonwebtoken::Algorithm;

use super::*;
use crate::auth::Verifier;
use crate::auth::verifier::{DEFAULT_LEEWAY_MS, LIMIT_TOKEN_BYTES};

fn secret() -> Secret {
    Secret::new("a secret of the tests, long enough to be one").unwrap()
}
fn now() -> Instant {
    Instant::parse("2026-06-01T12:00:00Z").unwrap()
}
/// What one key says of a token, for which nothing is waited for.
fn judged(verifier: &Verifier, token: &str, now: Instant) -> Result<Viewer, Error> {
    verifier.verify(token, now).now_or_never().unwrap()
}
fn signed(claims: &serde_json::Value, algorithm: Algorithm, secret: &Secret) -> String {
    jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret.bytes())).unwrap()
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
    let viewer = judged(&Verifier::from_secret(&secret()), &token, now()).unwrap();
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
        let verified = judged(&Verifier::from_secret(&secret()), &token, now().plus_ms(later_ms)).map(|_| ());
        assert_eq!(verified, expected, "{later_ms}");
    };
    check(0, Ok(()));
    check(60_000 + DEFAULT_LEEWAY_MS - 1, Ok(()));
    check(60_000 + DEFAULT_LEEWAY_MS, Err(Error::Expired));
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
        let verified = judged(&Verifier::from_secret(&secret()), &token, now());
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
    let verify = |token: &str| judged(&Verifier::from_secret(&secret()), token, now()).map(|_| ());
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
        let mut claims = serde_json::json!({"sub": "kim", "workspace": "a", "role": "agent", "exp": 4_000_000_000_i64});
        for (key, value) in [("aud", audience), ("iss", issuer)] {
            if let Some(value) = value {
                claims[key] = value.into();
            }
        }
        let verified = judged(&verifier, &signed(&claims, Algorithm::HS256, &secret()), now()).map(|_| ());
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
