//! The REST dialects, through HTTP: conformance cases, the vendors' samples, errors in each vendor's shape, and the same numbers as the
//! graph.

mod opencx;
mod pingback;

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
#[allow(dead_code, reason = "for the dialects that take bodies")]
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
#[allow(dead_code, reason = "for the dialects that take texts")]
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
