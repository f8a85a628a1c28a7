//! Key sets: of a file and of an address, changed, out of reach and back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use deskgraph::auth::key_source::Pace;
use deskgraph::auth::{Error, KeySource, RotatingKeys, Secret, SigningAlgorithm, Verifier};
use deskgraph::http::Limits;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use crate::world::{World, now, post};

const FIRST: (&str, &str) = (include_str!("../../fixtures/jwks/k1.json"), include_str!("../../fixtures/jwks/k1.jwt"));
const SECOND: (&str, &str) = (include_str!("../../fixtures/jwks/k2.json"), include_str!("../../fixtures/jwks/k2.jwt"));
/// Signed by the first key, by an algorithm that is not the configured one.
const OTHER_ALGORITHM: &str = include_str!("../../fixtures/jwks/k1-ps256.jwt");

/// Reads whenever somebody asks.
const EAGER: Pace = Pace { refresh: Duration::ZERO, least: Duration::ZERO, longest: Duration::ZERO };

fn keys(source: KeySource, pace: Pace) -> Arc<RotatingKeys> {
    Arc::new(RotatingKeys::new(source, SigningAlgorithm::Rs256, pace).unwrap())
}

async fn judged(verifier: &Verifier, token: &str) -> Result<String, Error> {
    verifier.verify(token, now()).await.map(|viewer| viewer.subject)
}

/// An issuer whose answer a test may change.
#[derive(Clone, Default)]
struct Issuer(Arc<Mutex<Option<String>>>, Arc<AtomicUsize>);

impl Issuer {
    async fn start() -> (Issuer, KeySource) {
        let issuer = Issuer::default();
        async fn answer(State(Issuer(set, asked)): State<Issuer>) -> (StatusCode, String) {
            asked.fetch_add(1, Ordering::Relaxed);
            match set.lock().unwrap().clone() {
                Some(set) => (StatusCode::OK, set),
                None => (StatusCode::INTERNAL_SERVER_ERROR, String::new()),
            }
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let router = Router::new().route("/keys", get(answer)).with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (issuer, KeySource::parse(&url).unwrap())
    }
    fn answers(&self, set: Option<&str>) {
        *self.0.lock().unwrap() = set.map(str::to_owned);
    }
    fn asked(&self) -> usize {
        self.1.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_file_is_read_again_when_a_token_names_a_new_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let absent = keys(KeySource::File(file.clone()), EAGER);
    assert!(matches!(absent.start().await, Err(Error::Key(_))));
    std::fs::write(&file, FIRST.0).unwrap();
    let keys = keys(KeySource::File(file.clone()), EAGER);
    keys.start().await.unwrap();
    let verifier = Verifier::from_rotating(keys);
    assert_eq!(judged(&verifier, FIRST.1).await, Ok("kim".to_owned()));
    assert_eq!(judged(&verifier, SECOND.1).await, Err(Error::Refused));
    assert_eq!(judged(&verifier, OTHER_ALGORITHM).await, Err(Error::Refused));
    std::fs::write(&file, SECOND.0).unwrap();
    assert_eq!(judged(&verifier, SECOND.1).await, Ok("kim".to_owned()));
    assert_eq!(judged(&verifier, FIRST.1).await, Err(Error::Refused), "a key that was taken back");
    // What is no set leaves the keys that are known.
    std::fs::write(&file, "half a f").unwrap();
    assert_eq!(judged(&verifier, FIRST.1).await, Err(Error::Refused));
    assert_eq!(judged(&verifier, SECOND.1).await, Ok("kim".to_owned()));
}

#[tokio::test]
async fn the_algorithm_is_the_configured_one_whatever_a_token_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, FIRST.0).unwrap();
    let keys = keys(KeySource::File(file), EAGER);
    keys.start().await.unwrap();
    let verifier = Verifier::from_rotating(keys);
    let claims = json!({"sub": "kim", "workspace": "acme", "role": "owner", "exp": 4_000_000_000_i64});
    let modulus = serde_json::from_str::<serde_json::Value>(FIRST.0).unwrap()["keys"][2]["n"].to_string();
    for secret in [FIRST.0, modulus.trim_matches('"'), "k1"] {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("k1".to_owned());
        let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap();
        assert_eq!(judged(&verifier, &token).await, Err(Error::Refused), "{secret}");
    }
}

#[tokio::test]
async fn known_keys_stay_good_while_the_issuer_is_away() {
    let (issuer, source) = Issuer::start().await;
    let keys = keys(source, EAGER);
    // The issuer is away at the start: nobody can be judged, which is not the fault of who asks.
    keys.start().await.unwrap();
    assert_eq!(keys.check(), Err(Error::NoKeys));
    let secret = Secret::random();
    let world = World::with(Verifier::from_rotating(Arc::clone(&keys)), secret, Limits::default()).await;
    let ask = async |token: &str| {
        let request = post("/graphql", token).header("content-type", "application/json");
        world.send(request.body(json!({"query": "{ viewer { subject } }"}).to_string().into()).unwrap()).await
    };
    let answer = ask(FIRST.1).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
    issuer.answers(Some(FIRST.0));
    assert_eq!(ask(FIRST.1).await.json()["data"]["viewer"]["subject"], "kim");
    issuer.answers(Some(SECOND.0));
    assert_eq!(ask(SECOND.1).await.status, StatusCode::OK);
    assert_eq!(ask(FIRST.1).await.status, StatusCode::UNAUTHORIZED);
    issuer.answers(None);
    assert_eq!(ask(SECOND.1).await.status, StatusCode::OK, "a key that is known");
    assert_eq!(ask(FIRST.1).await.status, StatusCode::UNAUTHORIZED);
    issuer.answers(Some(FIRST.0));
    assert_eq!(ask(FIRST.1).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_makes_the_gateway_ask_often() {
    let (issuer, source) = Issuer::start().await;
    let hour = Duration::from_secs(3_600);
    issuer.answers(Some(FIRST.0));
    let keys = keys(source, Pace { refresh: hour, least: hour, longest: hour });
    keys.start().await.unwrap();
    let verifier = Verifier::from_rotating(keys);
    for _ in 0..100 {
        assert_eq!(judged(&verifier, SECOND.1).await, Err(Error::Refused));
    }
    assert_eq!(issuer.asked(), 1);
    assert_eq!(judged(&verifier, FIRST.1).await, Ok("kim".to_owned()));
}
