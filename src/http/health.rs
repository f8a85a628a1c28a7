//! Whether the gateway runs, and whether it can answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Door;
use super::error::Failure;

/// 200 as long as the program runs.
pub async fn healthz() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(json!({"status": "ok"}))).into_response()
}

/// 200 when the database answers, its tables are up to date and the pictures of its workspaces are drawn, else 503.
pub async fn readyz(State(door): State<Arc<Door>>) -> Response {
    match door.app.ready().await {
        Ok(()) => ([(header::CACHE_CONTROL, "no-store")], Json(json!({"status": "ready"}))).into_response(),
        Err(error) => Failure::from(error).into_response(),
    }
}
