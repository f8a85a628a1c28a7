//! What the gateway's door is measured against by `scripts/bench analytics`: a handler that checks the same token, reads the body and
//! returns the same bytes every time. Usage: plain_door ADDRESS SECRET NOW FILE

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use deskgraph::auth::{Secret, Verifier};
use deskgraph::model::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Door {
    verifier: Verifier,
    now: Instant,
    answer: Bytes,
}

async fn answer(State(door): State<Arc<Door>>, headers: HeaderMap, _body: Bytes) -> Response {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let is_good = match token {
        Some(token) => door.verifier.verify(token, door.now).await.is_ok(),
        None => false,
    };
    match is_good {
        true => ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], door.answer.clone()).into_response(),
        false => StatusCode::UNAUTHORIZED.into_response(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, secret, now, file] = arguments.as_slice() else {
        return Err("usage: plain_door ADDRESS SECRET NOW FILE".into());
    };
    let verifier = Verifier::from_secret(&Secret::new(secret)?);
    let now = Instant::parse(now).ok_or("NOW is no instant")?;
    let door = Door { verifier, now, answer: std::fs::read(file)?.into() };
    let router = Router::new().route("/graphql", post(answer)).with_state(Arc::new(door));
    axum::serve(tokio::net::TcpListener::bind(address).await?, router).await?;
    Ok(())
}
