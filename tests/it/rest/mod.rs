//! The REST dialects, through HTTP: conformance cases, the vendors' samples, errors in each vendor's shape, and the same numbers as the
//! graph.

mod dixa;
mod kayako;
mod openapi;
mod opencx;
mod pingback;
mod rocketchat;

use axum::body::Body;
use axum::http::{Method, Request, header};
use deskgraph::model::Role;

use crate::world::{Answer, World};

/// A header of a request.
pub type Header = (&'static str, String);

/// The token of a role of the usual workspace, as a bearer.
pub fn bearer(world: &World, role: Role) -> Header {
    ("authorization", format!("Bearer {}", world.token(role)))
}

/// Asks by GET.
pub async fn get(world: &World, path: &str, headers: &[Header]) -> Answer {
    send(world, Method::GET, path, headers, String::new()).await
}

/// Asks by POST, with JSON.
pub async fn post(world: &World, path: &str, headers: &[Header], body: impl ToString) -> Answer {
    send(world, Method::POST, path, headers, body.to_string()).await
}

async fn send(world: &World, method: Method, path: &str, headers: &[Header], body: String) -> Answer {
    let mut request = Request::builder().method(&method).uri(path);
    if method == Method::POST {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    world.send(request.body(Body::from(body)).unwrap()).await
}

/// A text as it stands in a URL.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The names of members in the order in which a text of JSON has them.
pub fn names_in_order(json: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = json;
    while let Some((_, after)) = rest.split_once('"') {
        let Some((text, after)) = after.split_once('"') else { break };
        if after.starts_with(':') {
            names.push(text.to_owned());
        }
        rest = after;
    }
    names
}

/// What the graph says, without errors.
pub async fn graph(world: &World, query: &str) -> serde_json::Value {
    let answer = world.ask(query).await;
    assert!(answer["errors"].is_null(), "{query}: {}", answer["errors"]);
    answer["data"].clone()
}

/// Asserts that two numbers are the same but for the last bits.
pub fn assert_near(a: &serde_json::Value, b: &serde_json::Value, what: &str) {
    // Nothing is 0 where a vendor wants a number.
    let number = |value: &serde_json::Value| if value.is_null() { Some(0.0) } else { value.as_f64() };
    let (a, b) = (number(a).unwrap_or(f64::NAN), number(b).unwrap_or(f64::NAN));
    assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0), "{what}: {a} is not {b}");
}
