//! The description of the REST dialects, as a document and as a page that shows it.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::assets::{Page, cached, etag};
use super::error::Failure;
use crate::app::Error;
use crate::rest;

/// The document with its tag; empty when it could not be written, which a test holds never happens.
static DOCUMENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let text = rest::openapi::text().unwrap_or_default();
    let etag = etag(text.as_bytes());
    (text, etag)
});

static PAGE: LazyLock<Page> = LazyLock::new(|| Page::new(|| include_str!("../../web/openapi.html").to_owned()));

/// Answers `/openapi.json`.
pub async fn document(headers: HeaderMap) -> Response {
    let (text, etag) = &*DOCUMENT;
    match text.is_empty() {
        true => Failure::from(Error::Internal).into_response(),
        false => cached(&headers, etag, "application/json", text.as_bytes()),
    }
}

/// Answers `/openapi`.
pub async fn page(headers: HeaderMap) -> Response {
    PAGE.answer(&headers)
}
