//! Tokens through the door: who gets in, and what those who do not are told.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deskgraph::auth::{Grant, Secret, Verifier, token};
use deskgraph::http::Limits;
use deskgraph::model::{Role, WorkspaceId};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::world::{Answer, World, now};

const SECRET: &str = "a secret of the tests, long enough to be one";
const REFUSED: &str = "token is not valid here; ask for one that this gateway's key has signed";

async fn world() -> World {
    let secret = Secret::new(SECRET).unwrap();
    World::with(Verifier::from_secret(&secret), secret, Limits::default()).await
}

fn signed(claims: &Value, algorithm: Algorithm, secret: &str) -> String {
    jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

async fn knock(world: &World, path: &str, authorization: Option<&str>) -> Answer {
    let content_type = if path == "/ingest" { "application/x-ndjson" } else { "application/json" };
    let mut request = Request::post(path).header(header::CONTENT_TYPE, content_type);
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    let body = if path == "/ingest" { String::new() } else { json!({"query": "{ __typename }"}).to_string() };
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn only_good_tokens_open_any_door() {
    let world = world().await;
    let seconds = now().ms() / 1_000;
    let claims = |change: Value| {
        let mut claims =
            json!({"sub": "kim", "workspace": "acme", "role": "admin", "iat": seconds, "exp": seconds + 600});
        for (key, value) in change.as_object().unwrap() {
            claims[key] = value.clone();
        }
        claims
    };
    let bearer = |token: String| Some(format!("Bearer {token}"));
    let good = signed(&claims(json!({})), Algorithm::HS256, SECRET);
    let forged = {
        let payload = URL_SAFE_NO_PAD.encode(claims(json!({"role": "owner"})).to_string());
        let parts: Vec<&str> = good.split('.').collect();
        format!("{}.{payload}.{}", parts[0], parts[2])
    };
    let unsigned = {
        let payload = URL_SAFE_NO_PAD.encode(claims(json!({})).to_string());
        format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#))
    };
    let signed_with = |change: Value| bearer(signed(&claims(change), Algorithm::HS256, SECRET));
    let cases: [(&str, Option<String>, Result<(), &str>); 14] = [
        ("good", bearer(good.clone()), Ok(())),
        ("scheme in small letters", Some(format!("bearer {good}")), Ok(())),
        ("missing", None, Err("token is missing; send a token as `Authorization: Bearer …`")),
        (
            "other scheme",
            Some("Basic a2lt".into()),
            Err("authorization is no bearer token; send a token as `Authorization: Bearer …`"),
        ),
        ("garbage", bearer("garbage".into()), Err(REFUSED)),
        ("forged", bearer(forged), Err(REFUSED)),
        ("unsigned", bearer(unsigned), Err(REFUSED)),
        ("other secret", bearer(signed(&claims(json!({})), Algorithm::HS256, &"x".repeat(40))), Err(REFUSED)),
        ("other algorithm", bearer(signed(&claims(json!({})), Algorithm::HS384, SECRET)), Err(REFUSED)),
        ("expired", signed_with(json!({"exp": seconds - 60})), Err("token has expired; ask for a new one")),
        ("not yet", signed_with(json!({"nbf": seconds + 60})), Err("token is not valid yet")),
        ("endless", signed_with(json!({"exp": null})), Err("token claim `exp` is missing")),
        (
            "unknown role",
            signed_with(json!({"role": "root"})),
            Err("token claim `role` is none of agent, manager, admin, owner"),
        ),
        (
            "no workspace",
            signed_with(json!({"workspace": null})),
            Err("token claim `workspace` is not a text of 1 to 200 characters"),
        ),
    ];
    for (name, authorization, expected) in cases {
        let graph = knock(&world, "/graphql", authorization.as_deref()).await;
        let ingest = knock(&world, "/ingest", authorization.as_deref()).await;
        match expected {
            Ok(()) => assert_eq!((graph.status, ingest.status), (StatusCode::OK, StatusCode::OK), "{name}"),
            Err(text) => {
                assert_eq!(
                    (graph.status, ingest.status),
                    (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED),
                    "{name}"
                );
                let expected = json!({"errors": [{"message": text, "extensions": {"code": "UNAUTHENTICATED"}}]});
                assert_eq!(graph.json(), expected, "{name}");
                assert_eq!(ingest.json(), json!({"error": {"message": text, "code": "UNAUTHENTICATED"}}), "{name}");
                assert_eq!((graph.header("www-authenticate"), ingest.header("www-authenticate")), ("Bearer", "Bearer"));
            }
        }
    }
}

#[tokio::test]
async fn introspection_needs_a_token_too() {
    let world = world().await;
    let request = Request::get("/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D").body(Body::empty()).unwrap();
    assert_eq!(world.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn roles_open_the_doors_that_they_should() {
    let world = world().await;
    for role in Role::ALL.iter().copied() {
        let authorization = format!("Bearer {}", world.token(role));
        let answer = knock(&world, "/ingest", Some(&authorization)).await;
        let expected = if role >= Role::Admin { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status, expected, "{role}: {}", answer.text());
        if role < Role::Admin {
            assert_eq!(answer.json()["error"]["code"], "FORBIDDEN", "{role}");
        }
    }
    let claims = json!({"sub": "kim", "workspace": "acme", "role": "agent", "permissions": ["ingest"], "exp": 4_000_000_000_i64});
    let authorization = format!("Bearer {}", signed(&claims, Algorithm::HS256, SECRET));
    assert_eq!(knock(&world, "/ingest", Some(&authorization)).await.status, StatusCode::OK, "added by the token");
}

#[tokio::test]
async fn a_public_key_fixes_the_algorithm() {
    let keys: [(&str, &[u8], &str); 4] = [
        ("rsa", include_bytes!("../fixtures/keys/rsa.pem"), include_str!("../fixtures/keys/rsa.jwt")),
        ("ec", include_bytes!("../fixtures/keys/ec.pem"), include_str!("../fixtures/keys/ec.jwt")),
        ("ec384", include_bytes!("../fixtures/keys/ec384.pem"), include_str!("../fixtures/keys/ec384.jwt")),
        ("ed", include_bytes!("../fixtures/keys/ed.pem"), include_str!("../fixtures/keys/ed.jwt")),
    ];
    for (name, pem, good) in keys {
        let verifier = Verifier::from_public_pem(pem).unwrap();
        assert_eq!(verifier.verify(good, now()).await.map(|viewer| viewer.subject), Ok("kim".to_owned()), "{name}");
        for (other, _, token) in keys.iter().filter(|(other, ..)| *other != name) {
            assert!(verifier.verify(token, now()).await.is_err(), "{name} took a token of {other}");
        }
        // The public key is known to all: it must not do as a secret.
        let claims = json!({"sub": "kim", "workspace": "acme", "role": "owner", "exp": 4_000_000_000_i64});
        let confused =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(pem)).unwrap();
        assert!(verifier.verify(&confused, now()).await.is_err(), "{name} took its public key for a secret");
    }
    assert!(Verifier::from_public_pem(include_bytes!("../fixtures/keys/rsa1024.pem")).is_err());
}

#[test]
fn a_printed_token_is_for_whom_it_says() {
    let secret = Secret::new(SECRET).unwrap();
    let grant = Grant {
        subject: "kim".into(),
        workspace: WorkspaceId("acme".into()),
        role: Role::Admin,
        teams: None,
        lifetime_ms: 60_000,
    };
    let token = token::issue(&secret, &grant, now()).unwrap();
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap();
    let seconds = now().ms() / 1_000;
    let expected =
        json!({"sub": "kim", "workspace": "acme", "role": "admin", "teams": null, "iat": seconds, "exp": seconds + 60});
    assert_eq!(claims, expected);
}
