//! What a request asks: its parameters, from a JSON body, from a URL, or from a message of the WebSocket.

use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Refusal, invalid};
use crate::app::Error;
use crate::http::negotiate::is_media_type;
use crate::http::{Limits, header_text};

/// One operation to be answered.
#[derive(Debug, Default)]
pub struct Operation {
    /// The document.
    pub text: String,
    /// Which of its operations, when it has several.
    pub name: Option<String>,
    /// Values of its variables.
    pub variables: Map<String, Value>,
}

/// What a body asks.
pub enum Asked {
    /// One operation, answered by an object.
    One(Operation),
    /// Several, answered by a list in the same order.
    Batch(Vec<Operation>),
}

/// The parameters of an operation as JSON has them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters {
    query: Option<String>,
    operation_name: Option<String>,
    // Kept as text until its length has been looked at.
    variables: Option<Box<RawValue>>,
    // Read so that what is not an object is refused; we have no use for it.
    #[serde(rename = "extensions")]
    _extensions: Option<Map<String, Value>>,
}

/// The parameters as a URL has them: maps are JSON in text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UrlParameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

impl Parameters {
    /// The operation, once its parts are of the right kind and not too large.
    pub fn check(self, limits: &Limits) -> Result<Operation, Refusal> {
        let text = self.query.ok_or_else(|| invalid("parameter `query` is missing; it is the document, as text"))?;
        let variables = self.variables.as_deref().map_or("null", RawValue::get);
        check_variables_size(variables, limits)?;
        let variables: Option<Map<String, Value>> =
            serde_json::from_str(variables).map_err(|_| invalid("parameter `variables` is not an object"))?;
        Ok(Operation { text, name: self.operation_name, variables: variables.unwrap_or_default() })
    }
}

/// Whether variables, as JSON, are not too long.
pub fn check_variables_size(variables: &str, limits: &Limits) -> Result<(), Refusal> {
    let (bytes, most) = (variables.len(), limits.variables_bytes);
    if bytes > most {
        let error = Error::Limit(format!("variables have {bytes} bytes; at most {most} are allowed"));
        return Err((StatusCode::PAYLOAD_TOO_LARGE, error));
    }
    Ok(())
}

/// Refuses what a page of another site could send without being asked whether it may: only JSON, which browsers ask about first.
pub fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let content_type = header_text(headers, header::CONTENT_TYPE).unwrap_or_default();
    if is_media_type(content_type, "application/json") {
        return Ok(());
    }
    let error = Error::Invalid("content type of a POST must be `application/json`, in UTF-8".to_owned());
    Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, error))
}

/// A body, if it is not too long.
pub async fn read_body(body: Body, limits: &Limits) -> Result<Bytes, Refusal> {
    let most = limits.body_bytes;
    axum::body::to_bytes(body, most).await.map_err(|_| {
        let error = Error::Limit(format!("body is cut off or has more than {most} bytes"));
        (StatusCode::PAYLOAD_TOO_LARGE, error)
    })
}

/// What a body asks.
pub fn of_body(bytes: &[u8], limits: &Limits) -> Result<Asked, Refusal> {
    let wrong = |error: serde_json::Error| {
        let place = format!("line {} column {}", error.line(), error.column());
        let what = "a JSON object of `query` and `operationName` (texts), `variables` and `extensions` (objects)";
        invalid(&format!("body is not {what}: see {place}"))
    };
    if bytes.trim_ascii_start().first() != Some(&b'[') {
        let parameters: Parameters = serde_json::from_slice(bytes).map_err(wrong)?;
        return Ok(Asked::One(parameters.check(limits)?));
    }
    if limits.batch == 0 {
        return Err(invalid("batches are not accepted; send one operation a request"));
    }
    let all: Vec<Parameters> = serde_json::from_slice(bytes).map_err(wrong)?;
    match all.len() {
        0 => Err(invalid("batch has no operation")),
        count if count > limits.batch => {
            let text = format!("batch has {count} operations; at most {} are allowed", limits.batch);
            Err((StatusCode::BAD_REQUEST, Error::Limit(text)))
        }
        _ => {
            let operations = all.into_iter().map(|parameters| parameters.check(limits));
            Ok(Asked::Batch(operations.collect::<Result<_, _>>()?))
        }
    }
}

/// What a URL asks.
pub fn of_url(uri: &Uri, limits: &Limits) -> Result<Operation, Refusal> {
    let Query(url) = Query::<UrlParameters>::try_from_uri(uri).map_err(|_| {
        invalid("parameters of the URL cannot be read; `query`, `operationName`, `variables`, `extensions` are known")
    })?;
    let map = |name: &str, text: Option<String>| -> Result<Map<String, Value>, Refusal> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(Map::new()) };
        check_variables_size(&text, limits)?;
        let read: Result<Option<Map<String, Value>>, _> = serde_json::from_str(&text);
        Ok(read.map_err(|_| invalid(&format!("parameter `{name}` is not a JSON object")))?.unwrap_or_default())
    };
    let variables = map("variables", url.variables)?;
    map("extensions", url.extensions)?;
    let text = url.query.ok_or_else(|| invalid("parameter `query` is missing; it is the document, as text"))?;
    Ok(Operation { text, name: url.operation_name.filter(|name| !name.is_empty()), variables })
}
