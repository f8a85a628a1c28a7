//! Files that the binary carries for its pages, so that these ask nothing of any other machine. `web/build.rs` has fetched those of
//! packages.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::error::Failure;
use super::header_text;
use crate::app::Error;
use crate::model::hex;

/// Why the packages are not in this build; empty when they are.
pub const MISSING: &str = include_str!(concat!(env!("OUT_DIR"), "/web/missing.txt"));

/// What a page may do: load from here, talk to here, and style itself (editors set styles in place).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page.
pub struct Page {
    html: String,
    etag: String,
}

impl Page {
    /// The page, or the one that says what the build lacked.
    pub fn new(html: impl FnOnce() -> String) -> Page {
        let html = match MISSING.is_empty() {
            true => html(),
            false => include_str!("../../web/missing.html").replace("REASON", &escape(MISSING)),
        };
        Page { etag: etag(html.as_bytes()), html }
    }

    /// Answers a request for it.
    pub fn answer(&'static self, headers: &HeaderMap) -> Response {
        let mut response = cached(headers, &self.etag, "text/html; charset=utf-8", self.html.as_bytes());
        if let Ok(policy) = POLICY.parse() {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// A file of a page.
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

static FILES: LazyLock<[File; 9]> = LazyLock::new(|| {
    [
        file!("react.js", "text/javascript; charset=utf-8", concat!(env!("OUT_DIR"), "/web/react.js")),
        file!("react-dom.js", "text/javascript; charset=utf-8", concat!(env!("OUT_DIR"), "/web/react-dom.js")),
        file!("graphiql.js", "text/javascript; charset=utf-8", concat!(env!("OUT_DIR"), "/web/graphiql.js")),
        file!("graphiql.css", "text/css; charset=utf-8", concat!(env!("OUT_DIR"), "/web/graphiql.css")),
        file!("swagger-ui.js", "text/javascript; charset=utf-8", concat!(env!("OUT_DIR"), "/web/swagger-ui.js")),
        file!("swagger-ui.css", "text/css; charset=utf-8", concat!(env!("OUT_DIR"), "/web/swagger-ui.css")),
        file!("page.js", "text/javascript; charset=utf-8", "../../web/page.js"),
        file!("page.css", "text/css; charset=utf-8", "../../web/page.css"),
        file!("openapi.js", "text/javascript; charset=utf-8", "../../web/openapi.js"),
    ]
});

/// Answers `/graphiql/{file}`.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match FILES.iter().find(|file| file.name == name && !file.bytes.is_empty()) {
        Some(file) => cached(&headers, &file.etag, file.content_type, file.bytes),
        None => Failure::from(Error::NotFound("page has no such file".to_owned())).into_response(),
    }
}

/// 304 when the client has it already. Clients keep it and ask each time, so that a new binary shows at once.
pub fn cached(headers: &HeaderMap, etag: &str, content_type: &'static str, bytes: &'static [u8]) -> Response {
    let caching = [(header::ETAG, etag), (header::CACHE_CONTROL, "no-cache")];
    let known =
        header_text(headers, header::IF_NONE_MATCH).is_some_and(|known| known.contains(etag.trim_start_matches("W/")));
    if known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, content_type)], bytes).into_response()
}

/// Weak, since the bytes on the wire may be compressed.
pub fn etag(bytes: &[u8]) -> String {
    format!("W/\"{}\"", hex(&Sha256::digest(bytes)[..12]))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
