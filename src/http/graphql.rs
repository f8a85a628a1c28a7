//! `/graphql`: GraphQL over HTTP by its specification, which the library's own responder is not.
//!
//! A request that is not well formed is answered 4xx without `data`. A document that does not parse or validate is 400 to a client
//! that takes `application/graphql-response+json` and 200 to one that only takes `application/json`. Every error has a code.

use std::sync::Arc;

use async_graphql::{Response as Executed, ServerError, Variables};
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::{say_what_to_do, status};
use super::fixed::{Asked, Fixed};
use super::negotiate::{Answer, is_media_type};
use super::{Door, document, header_text, within};
use crate::app::viewer::authenticate;
use crate::app::{Error, Told};
use crate::graphql;
use crate::graphql::error::{code_library_errors, refused};

/// Largest body, in bytes.
pub const LIMIT_BODY_BYTES: usize = 1024 * 1024;
/// With the value 1 asks what answering took, in `extensions.stats`.
const X_STATS: HeaderName = HeaderName::from_static("x-stats");

/// A refusal before anything ran: the status and the error.
type Refusal = (StatusCode, Error);

/// The parameters of a request, however they came.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Map<String, Value>>,
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

/// The body of an answer. `data` is absent when nothing ran.
#[derive(Serialize)]
struct Answered<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a async_graphql::Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'a std::collections::BTreeMap<String, async_graphql::Value>,
}

/// Answers GET and POST.
pub async fn answer(State(door): State<Arc<Door>>, request: Request<Body>) -> Response {
    let mut told = Told::default();
    let accept = joined(request.headers(), header::ACCEPT);
    let mut response = match Answer::choose(accept.as_deref()) {
        None => {
            let text = "accept allows neither `application/graphql-response+json` nor `application/json`";
            refuse(Answer::Json, (StatusCode::NOT_ACCEPTABLE, Error::Invalid(text.to_owned())), &mut told)
        }
        Some(answer) => {
            let run = run(&door, request, answer, &mut told);
            match within(door.limits.request_timeout, run).await.map_err(at_status).flatten() {
                Ok(response) => response,
                Err(refusal) => refuse(answer, refusal, &mut told),
            }
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, authorization"));
    response.extensions_mut().insert(told);
    response
}

async fn run(door: &Door, request: Request<Body>, answer: Answer, told: &mut Told) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    if head.method == Method::POST {
        check_content_type(&head.headers)?;
    }
    let now = door.app.clock.now();
    let authorization = header_text(&head.headers, header::AUTHORIZATION);
    let viewer = Arc::new(authenticate(&door.verifier, authorization, now).map_err(at_status)?);
    told.viewer = Some(Arc::clone(&viewer));
    let stats = header_text(&head.headers, X_STATS) == Some("1");
    let is_post = head.method == Method::POST;
    let (parameters, asked) = if is_post {
        let asked = Asked { viewer: Arc::clone(&viewer), answer, body: read_body(body).await? };
        if let Some(fixed) = door.fixed.find(&asked).filter(|_| !stats) {
            told.operation = fixed.operation;
            return Ok(with_type(answer, StatusCode::OK, fixed.body));
        }
        (parameters(&asked.body)?, Some(asked))
    } else {
        (read_url(&head.uri)?, None)
    };
    let text = parameters.query.ok_or_else(|| invalid("parameter `query` is missing; it is the document, as text"))?;
    document::check_text(&text).map_err(bad_request)?;

    let variables = Variables::from_json(Value::Object(parameters.variables.unwrap_or_default()));
    let mut request = async_graphql::Request::new(text).variables(variables.clone());
    request.operation_name = parameters.operation_name;
    let name = request.operation_name.clone();
    let parsed = match request.parsed_query() {
        Ok(parsed) => parsed,
        Err(error) => {
            let mut executed = Executed::from_errors(vec![error]);
            code_library_errors(&mut executed);
            return Ok(render(answer, executed, told));
        }
    };
    if let Some((name, operation)) = document::find_operation(parsed, name.as_deref()) {
        told.operation = name.map(str::to_owned);
        if !is_post && !document::is_query(operation) {
            let error = Error::Invalid("GET may only ask queries; send other operations by POST".to_owned());
            return Err((StatusCode::METHOD_NOT_ALLOWED, error));
        }
        if let Err(error) = document::check_variables(operation, &variables) {
            return Ok(render(answer, Executed::from_errors(vec![refused(&error)]), told));
        }
    }
    // Large, and not to be moved about with what does not come as far as this.
    let executed = Box::pin(graphql::execute(&door.schema, request, &door.app, viewer, stats)).await;
    match asked.filter(|_| executed.is_fixed && executed.response.errors.is_empty()) {
        Some(asked) => Ok(keep(door, asked, executed.response, told)),
        None => Ok(render(answer, executed.response, told)),
    }
}

/// Renders an answer that follows from what was asked alone, and keeps it.
fn keep(door: &Door, asked: Asked, executed: Executed, told: &Told) -> Response {
    let (answer, operation) = (asked.answer, told.operation.clone());
    let shown = Answered { errors: &[], data: Some(&executed.data), extensions: &executed.extensions };
    let Ok(body) = serde_json::to_vec(&shown).map(Bytes::from) else { return write(answer, StatusCode::OK, &shown) };
    door.fixed.keep(asked, Fixed { operation, body: body.clone() });
    with_type(answer, StatusCode::OK, body)
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let content_type = header_text(headers, header::CONTENT_TYPE).unwrap_or_default();
    if is_media_type(content_type, "application/json") {
        return Ok(());
    }
    let error = Error::Invalid("content type of a POST must be `application/json`, in UTF-8".to_owned());
    Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, error))
}

async fn read_body(body: Body) -> Result<Bytes, Refusal> {
    axum::body::to_bytes(body, LIMIT_BODY_BYTES).await.map_err(|_| {
        let error = Error::Limit(format!("body is cut off or has more than {LIMIT_BODY_BYTES} bytes"));
        (StatusCode::PAYLOAD_TOO_LARGE, error)
    })
}

fn parameters(bytes: &[u8]) -> Result<Parameters, Refusal> {
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(invalid("batches are not accepted; send one operation a request"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        let what = "a JSON object of `query` and `operationName` (texts), `variables` and `extensions` (objects)";
        invalid(&format!("body is not {what}: see {place}"))
    })
}

fn read_url(uri: &Uri) -> Result<Parameters, Refusal> {
    let Query(url) = Query::<UrlParameters>::try_from_uri(uri).map_err(|_| {
        invalid("parameters of the URL cannot be read; `query`, `operationName`, `variables`, `extensions` are known")
    })?;
    let map = |name: &str, text: Option<String>| -> Result<Option<Map<String, Value>>, Refusal> {
        let text = text.filter(|text| !text.is_empty());
        let read = text.map(|text| serde_json::from_str(&text)).transpose();
        read.map(Option::flatten).map_err(|_| invalid(&format!("parameter `{name}` is not a JSON object")))
    };
    Ok(Parameters {
        query: url.query,
        operation_name: url.operation_name.filter(|name| !name.is_empty()),
        variables: map("variables", url.variables)?,
        _extensions: map("extensions", url.extensions)?,
    })
}

/// Renders what the library answered. Nothing ran when there is no data and no error has a place in it.
fn render(answer: Answer, mut executed: Executed, told: &mut Told) -> Response {
    for error in &mut executed.errors {
        // The library writes line 0 where there is no place; the specification counts from 1.
        error.locations.retain(|place| place.line > 0);
    }
    told.code = executed.errors.first().and_then(code_of);
    let nothing_ran = executed.data == async_graphql::Value::Null
        && !executed.errors.is_empty()
        && executed.errors.iter().all(|error| error.path.is_empty());
    let status = match answer {
        Answer::Response if nothing_ran => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let data = (!nothing_ran).then_some(&executed.data);
    write(answer, status, &Answered { errors: &executed.errors, data, extensions: &executed.extensions })
}

/// Renders a request that was refused before it reached the library.
fn refuse(answer: Answer, (status, error): Refusal, told: &mut Told) -> Response {
    told.code = Some(error.code().to_owned());
    let mut error = refused(&error);
    error.locations.clear();
    let answered = Answered { errors: &[error], data: None, extensions: &Default::default() };
    let mut response = write(answer, status, &answered);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    say_what_to_do(&mut response);
    response
}

fn write(answer: Answer, status: StatusCode, answered: &Answered<'_>) -> Response {
    match serde_json::to_vec(answered) {
        Ok(body) => with_type(answer, status, body),
        Err(error) => {
            tracing::error!(%error, "answer could not be written");
            let body = r#"{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}"#;
            with_type(answer, StatusCode::INTERNAL_SERVER_ERROR, body)
        }
    }
}

fn with_type(answer: Answer, status: StatusCode, body: impl IntoResponse) -> Response {
    (status, [(header::CONTENT_TYPE, answer.content_type())], body).into_response()
}

fn code_of(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

fn at_status(error: Error) -> Refusal {
    (status(&error), error)
}

/// A document over a bound is a wrong request, not a body too large.
fn bad_request(error: Error) -> Refusal {
    (StatusCode::BAD_REQUEST, error)
}

fn invalid(text: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, Error::Invalid(text.to_owned()))
}

/// A header that may come several times, as one list.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}
