//! Dixa Analytics: catalogues of metrics and records, their data, and the values to filter by. Names, shapes and samples are Dixa's; where
//! its pages are silent: weeks are ISO weeks, lengths of time are seconds, nothing is 0, values of one filter are alternatives and several
//! filters combine, pages have 50 rows unless asked. A filter that a metric's rows have no column for is ignored, as Dixa documents.
//!
//! A conversation is a case, its csid the case's number. Teams, queues and policies go by UUID, contact points by address. Dixa's own ids
//! are first in the catalogues, with its descriptions; the rest is our catalogue in its words. Where a source only ever resolves, closing
//! figures and records are empty.

mod catalogue;
mod data;
mod fields;
mod paging;
mod question;
mod records;
mod values;
mod words;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Gate, Nothing, body, named, parameters, status, text_of};
use crate::app::{Error, Lookups};
use crate::model::{Permission, Viewer};
use catalogue::{MetricMetadata, RecordMetadata};
use data::MetricData;
use paging::{Meta, PageQuery, Paging};
use question::{MetricDataInput, RecordsDataInput, invalid, shortened};
use records::Record;
use values::FilterValue;

/// One thing
#[derive(Serialize, ToSchema)]
#[schema(as = DixaOne)]
struct One<T> {
    data: T,
}

/// A page of a list
#[derive(Serialize, ToSchema)]
#[schema(as = DixaMany)]
struct Many<T> {
    data: Vec<T>,
    meta: Meta,
}

impl<T> Many<T> {
    fn of((data, meta): (Vec<T>, Meta)) -> Json<Many<T>> {
        Json(Many { data, meta })
    }
}

/// What went wrong
#[derive(Serialize, ToSchema)]
#[schema(as = DixaError)]
pub(super) struct Refusal {
    /// What is wrong and what is allowed
    message: String,
}

failures!(Refusal);

/// An error in the vendor's shape.
pub(super) fn refuse(error: &Error) -> Response {
    let status = match error {
        // Dixa has no other word for what is not there.
        Error::NotFound(_) => StatusCode::BAD_REQUEST,
        other => status(other),
    };
    (status, Json(Refusal { message: error.to_string() })).into_response()
}

impl Gate {
    /// The viewer of a token that is all that the header has; a bearer will do, too.
    async fn key(&self, headers: &HeaderMap) -> Result<Arc<Viewer>, Error> {
        let text = text_of(headers, &header::AUTHORIZATION).map(str::trim).unwrap_or_default();
        match text {
            "" => Err(Error::Unauthenticated("token is missing; send it as `Authorization: …`".to_owned())),
            bearer if bearer.contains(' ') => self.bearer(headers).await,
            token => self.token(token).await,
        }
    }
}

fn workspace(lookups: &Lookups) -> &str {
    &lookups.viewer().workspace.0
}

/// Metrics catalogue
///
/// Every metric, what it can be filtered by and what can be taken of it.
#[utoipa::path(
    get, path = "/v1/analytics/metrics", tag = "Dixa", operation_id = "dixaMetrics", params(PageQuery),
    security(("dixa" = [])),
    responses(
        (status = 200, description = "A page of metrics", body = Many<MetricMetadata>),
        Failures,
    )
)]
pub async fn answer_metrics(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let viewer = gate.key(&headers).await;
    let seal = gate.seal.clone();
    let work = |lookups: Lookups| async move {
        let query: PageQuery = parameters(&uri)?;
        let list = (workspace(&lookups), "/v1/analytics/metrics");
        let paging = Paging::new(&seal, list, b"", &query, &headers)?;
        let all = words::metrics().into_iter().map(catalogue::of_metric).collect();
        paging.finish(paging.window.page_of(all, "dixa_metrics")?).map(Many::of)
    };
    gate.answer(viewer, Permission::ReadAnalytics, refuse, work).await
}

/// Metric description
///
/// What a metric can be filtered by and what can be taken of it.
#[utoipa::path(
    get, path = "/v1/analytics/metrics/{metricId}", tag = "Dixa", operation_id = "dixaMetric", params(("metricId" = String, Path, description = "Which metric", example = "csat")),
    security(("dixa" = [])),
    responses(
        (status = 200, description = "The metric", body = One<MetricMetadata>),
        Failures,
    )
)]
pub async fn answer_metric(
    State(gate): State<Arc<Gate>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let viewer = gate.key(&headers).await;
    let work = |_: Lookups| async move {
        let Nothing {} = parameters(&uri)?;
        let id = named(id)?;
        let metric = words::find_metric(&id).ok_or_else(|| data::unknown_metric("metricId", &id))?;
        Ok(Json(One { data: catalogue::of_metric(metric) }))
    };
    gate.answer(viewer, Permission::ReadAnalytics, refuse, work).await
}

/// Get metric data
///
/// What was asked to be taken of a metric, over a period, under filters.
#[utoipa::path(
    post, path = "/v1/analytics/metrics", tag = "Dixa", operation_id = "dixaMetricData", request_body = MetricDataInput,
    security(("dixa" = [])),
    responses(
        (status = 200, description = "The data", body = One<MetricData>),
        Failures,
    )
)]
pub async fn answer_metric_data(
    State(gate): State<Arc<Gate>>,
    headers: HeaderMap,
    uri: Uri,
    content: Body,
) -> Response {
    let viewer = gate.key(&headers).await;
    let content = gate.read(&viewer, content).await;
    let work = |lookups: Lookups| async move {
        let Nothing {} = parameters(&uri)?;
        let input: MetricDataInput = body(&content?)?;
        let data = data::load(&lookups, &input).await?;
        Ok(Json(One { data }))
    };
    gate.answer(viewer, Permission::ReadAnalytics, refuse, work).await
}

/// Metric records catalogue
///
/// Every kind of records, what they can be filtered by and their fields.
#[utoipa::path(
    get, path = "/v1/analytics/records", tag = "Dixa", operation_id = "dixaRecords", params(PageQuery),
    security(("dixa" = [])),
    responses(
        (status = 200, description = "A page of kinds of records", body = Many<RecordMetadata>),
        Failures,
    )
)]
pub async fn answer_records(State(gate): State<Arc<Gate>>, headers: HeaderMap, uri: Uri) -> Response {
    let viewer = gate.key(&headers).await;
    let seal = gate.seal.clone();
    let work = |lookups: Lookups| async move {
        let query: PageQuery = parameters(&uri)?;
        let list = (workspace(&lookups), "/v1/analytics/records");
        let paging = Paging::new(&seal, list, b"", &query, &headers)?;
        let all = words::RECORDS.iter().map(catalogue::of_record).collect();
        paging.finish(paging.window.page_of(all, "dixa_records")?).map(Many::of)
    };
    gate.answer(viewer, Permission::ReadAnalytics, refuse, work).await
}

/// Metric record description
///
/// What records can be filtered by, and their fields.
#[utoipa::path(
    get, path = "/v1/analytics/records/{recordId}", tag = "Dixa", operation_id = "dixaRecord", params(("recordId" = String, Path, description = "Which records", example = "ratings")),
    security(("dixa" = [])),
    responses(
        (status = 200, description = "The records", body = One<RecordMetadata>),
        Failures,
    )
)]
pub async fn answer_record(
    State(gate): State<Arc<Gate>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let viewer = gate.key(&headers).await;
    let work = |_: Lookups| async move {
        let Nothing {} = parameters(&uri)?;
        let id = named(id)?;
        let record = words::find_record(&id).ok_or_else(|| unknown_record("recordId", &id))?;
        Ok(Json(One { data: catalogue::of_record(record) }))
    };
    gate.answer(viewer, Permission::ReadAnalytics, refuse, work).await
}

/// Get metric records data
///
/// Records over a period, under filters, the newest first. Repeat the body with each page key.
#[utoipa::path(
    post, path = "/v1/analytics/records", tag = "Dixa", operation_id = "dixaRecordsData", params(PageQuery), request_body = RecordsDataInput,
    security(("dixa" = [])),
    responses(
        (status = 200, description = "A page of records", body = Many<Record>),
        Failures,
    )
)]
pub async fn answer_records_data(
    State(gate): State<Arc<Gate>>,
    headers: HeaderMap,
    uri: Uri,
    content: Body,
) -> Response {
    let viewer = gate.key(&headers).await;
    let content = gate.read(&viewer, content).await;
    let seal = gate.seal.clone();
    let work = |lookups: Lookups| async move {
        let query: PageQuery = parameters(&uri)?;
        let input: RecordsDataInput = body(&content?)?;
        let record = words::find_record(&input.id).ok_or_else(|| unknown_record("id", &input.id))?;
        // However the client writes it, the same question is the same list.
        let question = serde_json::to_vec(&input).map_err(|_| Error::Internal)?;
        let list = (workspace(&lookups), "/v1/analytics/records");
        let paging = Paging::new(&seal, list, &question, &query, &headers)?;
        records::load(&lookups, record, &input, &paging).await.map(Many::of)
    };
    gate.answer(viewer, Permission::ReadAnalytics, refuse, work).await
}

/// Filter values
///
/// What an attribute can be filtered by: values that records have.
#[utoipa::path(
    get, path = "/v1/analytics/filter/{filterAttribute}", tag = "Dixa", operation_id = "dixaFilterValues", params(("filterAttribute" = String, Path, description = "Which attribute", example = "channel"), PageQuery),
    security(("dixa" = [])),
    responses(
        (status = 200, description = "A page of values", body = Many<FilterValue>),
        Failures,
    )
)]
pub async fn answer_filter_values(
    State(gate): State<Arc<Gate>>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let viewer = gate.key(&headers).await;
    let seal = gate.seal.clone();
    let work = |lookups: Lookups| async move {
        let query: PageQuery = parameters(&uri)?;
        let name = named(name)?;
        let attribute = words::find_attribute(&name).ok_or_else(|| unknown_attribute("filterAttribute", &name))?;
        let path = format!("/v1/analytics/filter/{name}");
        let list = (workspace(&lookups), path.as_str());
        let paging = Paging::new(&seal, list, b"", &query, &headers)?;
        values::load(&lookups, attribute, &paging).await.map(Many::of)
    };
    gate.answer(viewer, Permission::ReadAnalytics, refuse, work).await
}

/// The error for an id that no records have.
fn unknown_record(field: &str, id: &str) -> Error {
    let ids = words::RECORDS.map(|record| record.id).join(", ");
    invalid(field, &format!("`{}` is no record; it is one of: {ids}", shortened(id)))
}

/// The error for a name that no attribute has.
fn unknown_attribute(field: &str, name: &str) -> Error {
    let names = words::attribute_names();
    invalid(field, &format!("`{}` is no attribute; it is one of: {names}", shortened(name)))
}
