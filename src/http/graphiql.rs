//! The GraphiQL page. All it is made of is in the binary; the page asks nothing of any other machine.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::error::Failure;
use super::header_text;
use crate::app::Error;

/// What the page may do: load from here, talk to here, and style itself (the editor sets styles in place).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Why the packages are not in this build; empty when they are.
const MISSING: &str = include_str!(concat!(env!("OUT_DIR"), "/graphiql/missing.txt"));

/// Example tabs: a title for the tests and the text that the tab opens with.
pub const EXAMPLES: [(&str, &str); 7] = [
    ("metrics", include_str!("../../web/examples/metrics.graphql")),
    ("SLA", include_str!("../../web/examples/sla.graphql")),
    ("cases", include_str!("../../web/examples/cases.graphql")),
    ("case", include_str!("../../web/examples/case.graphql")),
    ("agents", include_str!("../../web/examples/agents.graphql")),
    ("viewer", include_str!("../../web/examples/viewer.graphql")),
    ("node", include_str!("../../web/examples/node.graphql")),
];

/// A file of the page.
struct File {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    etag: String,
}

macro_rules! file {
    ($name:literal, $content_type:literal, $($path:tt)+) => {{
        let bytes: &[u8] = include_bytes!($($path)+);
        File { name: $name, content_type: $content_type, bytes, etag: etag(bytes) }
    }};
}

static FILES: LazyLock<[File; 6]> = LazyLock::new(|| {
    [
        file!("react.js", "text/javascript; charset=utf-8", concat!(env!("OUT_DIR"), "/graphiql/react.js")),
        file!("react-dom.js", "text/javascript; charset=utf-8", concat!(env!("OUT_DIR"), "/graphiql/react-dom.js")),
        file!("graphiql.js", "text/javascript; charset=utf-8", concat!(env!("OUT_DIR"), "/graphiql/graphiql.js")),
        file!("graphiql.css", "text/css; charset=utf-8", concat!(env!("OUT_DIR"), "/graphiql/graphiql.css")),
        file!("page.js", "text/javascript; charset=utf-8", "../../web/page.js"),
        file!("page.css", "text/css; charset=utf-8", "../../web/page.css"),
    ]
});

/// The page, with its example tabs; or the one that says what the build lacked.
static PAGE: LazyLock<(String, String)> = LazyLock::new(|| {
    let html = if MISSING.is_empty() {
        let tabs: Vec<_> = EXAMPLES.iter().map(|(_, query)| json!({"query": query})).collect();
        // A `<` in the data could end the element that holds it.
        let tabs = serde_json::Value::from(tabs).to_string().replace('<', "\\u003c");
        include_str!("../../web/page.html").replace("EXAMPLES", &tabs)
    } else {
        include_str!("../../web/missing.html").replace("REASON", &escape(MISSING))
    };
    let etag = etag(html.as_bytes());
    (html, etag)
});

/// Answers `/graphiql`.
pub async fn page(headers: HeaderMap) -> Response {
    let (html, etag) = &*PAGE;
    let mut response = cached(&headers, etag, "text/html; charset=utf-8", html.as_bytes());
    if let Ok(policy) = POLICY.parse() {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Answers `/graphiql/{file}`.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match FILES.iter().find(|file| file.name == name && !file.bytes.is_empty()) {
        Some(file) => cached(&headers, &file.etag, file.content_type, file.bytes),
        None => Failure::from(Error::NotFound("page has no such file".to_owned())).into_response(),
    }
}

/// 304 when the client has it already. Clients keep it and ask each time, so that a new binary shows at once.
fn cached(headers: &HeaderMap, etag: &str, content_type: &'static str, bytes: &'static [u8]) -> Response {
    let caching = [(header::ETAG, etag), (header::CACHE_CONTROL, "no-cache")];
    let known =
        header_text(headers, header::IF_NONE_MATCH).is_some_and(|known| known.contains(etag.trim_start_matches("W/")));
    if known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, content_type)], bytes).into_response()
}

/// Weak, since the bytes on the wire may be compressed.
fn etag(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("W/\"{hex}\"")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
