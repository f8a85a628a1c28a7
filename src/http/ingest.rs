//! `POST /ingest`: lines in, a report out. The body is read as it comes, plain, gzip or zstd; what it unpacks to is bounded.
//!
//! Without `?atomic=true` each batch of lines is durable by itself, so a body that breaks off has landed up to there; sending it
//! again changes nothing that stands. With it, all lines are read before the first is written.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, TryStreamExt};
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::SemaphorePermit;
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;
use tokio_util::io::{StreamReader, SyncIoBridge};

use super::error::Failure;
use super::negotiate::is_media_type;
use super::{Door, header_text, within};
use crate::app::source::{batches, read_ahead};
use crate::app::told::{note_answer, note_lines};
use crate::app::viewer::require;
use crate::app::{Error, IngestReport, Lines, Told};
use crate::import::{Ndjson, SourceError, decompress};
use crate::model::{Batch, Instant, Permission, Viewer};

/// The media type of lines.
const CONTENT_TYPE: &str = "application/x-ndjson";
/// Most lines of one request.
const LIMIT_LINES: usize = 1_000_000;
/// Most rejected lines that one answer lists.
const LIMIT_LISTED: usize = 1_000;

/// What may stand after the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    atomic: bool,
}

/// Answers `POST /ingest`.
pub async fn take(State(door): State<Arc<Door>>, request: Request) -> Response {
    let mut told = Told::default();
    let run = run(&door, request, &mut told);
    let answered = within(door.limits.ingest_timeout, run).await.map_err(Failure::from).flatten();
    let mut response = answered.unwrap_or_else(IntoResponse::into_response);
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, zstd"));
    }
    note_answer(told);
    response
}

async fn run(door: &Door, request: Request, told: &mut Told) -> Result<Response, Failure> {
    let now = door.app.clock.now();
    let headers = request.headers();
    let viewer = door.identity.of_header(header_text(headers, header::AUTHORIZATION)).await?;
    told.viewer = Some(Arc::clone(&viewer));
    door.admission.count(&viewer, 1)?;
    require(&viewer, Permission::Ingest)?;
    check_headers(headers)?;
    let Query(options) = Query::<Options>::try_from_uri(request.uri())
        .map_err(|_| Error::Invalid("parameters of the URL cannot be read; `atomic=true` is known".to_owned()))?;
    let _slot = slot(door).await?;
    let unpacked = unpack(request.into_body(), door.limits.ingest_bytes, now);
    let (report, refused) = if options.atomic {
        take_whole(door, &viewer, unpacked, now).await?
    } else {
        (take_pieces(door, &viewer, unpacked, now).await?, false)
    };
    note_lines(lines_of(&report));
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Json(report)).into_response())
}

/// A permit to be worked on. Others may hold them all for long, as when the database is locked; nobody waits for that longer than any
/// request may take.
async fn slot(door: &Door) -> Result<SemaphorePermit<'_>, Error> {
    let slot = tokio::time::timeout(door.limits.request_timeout, door.ingest_slots.acquire()).await;
    let busy = || Error::Unavailable("other lines are being taken in; try again later".to_owned());
    slot.ok().and_then(Result::ok).ok_or_else(busy)
}

fn check_headers(headers: &HeaderMap) -> Result<(), Failure> {
    let unsupported = |text: String| Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Error::Invalid(text));
    let content_type = header_text(headers, header::CONTENT_TYPE).unwrap_or_default();
    if !is_media_type(content_type, CONTENT_TYPE) {
        return Err(unsupported(format!("content type must be `{CONTENT_TYPE}`, in UTF-8")));
    }
    // Which of the three it is shows in its first bytes.
    let encoding = header_text(headers, header::CONTENT_ENCODING).unwrap_or("identity").trim().to_ascii_lowercase();
    match encoding.as_str() {
        "" | "identity" | "gzip" | "x-gzip" | "zstd" => Ok(()),
        _ => Err(unsupported("content encoding must be identity, gzip or zstd".to_owned())),
    }
}

/// The batches of a body. The thread that reads it would wait for the client as long as that stays connected; it is let go when this is
/// dropped.
struct Unpacked {
    batches: Receiver<Result<Batch, SourceError>>,
    _hold: oneshot::Sender<()>,
}

/// Reads the body's lines on a thread of their own.
fn unpack(body: Body, limit_bytes: u64, now: Instant) -> Unpacked {
    let (hold, released) = oneshot::channel();
    let stream = body.into_data_stream().map_err(io::Error::other).take_until(released);
    let stream = StreamReader::new(Box::pin(stream));
    let runtime = Handle::current();
    let batches = read_ahead(move || {
        let packed = BufReader::new(SyncIoBridge::new_with_handle(stream, runtime));
        let plain = Bounded { inner: decompress(packed)?, left: limit_bytes, limit: limit_bytes };
        Ok(Box::new(Ndjson::new(BufReader::new(plain), now)))
    });
    Unpacked { batches, _hold: hold }
}

/// Writes batch after batch.
async fn take_pieces(door: &Door, viewer: &Viewer, unpacked: Unpacked, now: Instant) -> Result<IngestReport, Error> {
    let Unpacked { batches: received, _hold } = unpacked;
    let mut total = IngestReport::default();
    let mut lines = 0;
    let batches = batches(received).map(|batch| {
        let batch = batch?;
        lines += batch.lines.len() + batch.rejects.len();
        check_lines(lines)?;
        Ok(batch)
    });
    let add = |report| {
        total.add(report, LIMIT_LISTED);
        // These have landed, whatever comes of the rest.
        note_lines(lines_of(&total));
        Ok(())
    };
    door.app.ingest_all(viewer, batches, now, add).await?;
    Ok(total)
}

/// Reads everything, then writes it in one piece or not at all; says whether it was refused.
async fn take_whole(
    door: &Door,
    viewer: &Viewer,
    mut unpacked: Unpacked,
    now: Instant,
) -> Result<(IngestReport, bool), Error> {
    let mut whole = Batch::default();
    let (mut lines, mut unlisted) = (0, 0);
    while let Some(batch) = unpacked.batches.recv().await {
        let batch = batch?;
        lines += batch.lines.len() + batch.rejects.len();
        check_lines(lines)?;
        whole.lines.extend(batch.lines);
        whole.rejects.extend(batch.rejects);
        // A reason can be a hundred times as long as its line.
        unlisted += whole.rejects.len().saturating_sub(LIMIT_LISTED);
        whole.rejects.truncate(LIMIT_LISTED);
    }
    let mut total = IngestReport::default();
    total.add(door.app.ingest(viewer, whole, true, now).await?, LIMIT_LISTED);
    total.rejected_count += unlisted as u64;
    let refused = total.has_rejects();
    Ok((total, refused))
}

/// What became of lines, by number.
fn lines_of(report: &IngestReport) -> Lines {
    Lines { accepted: report.accepted, unchanged: report.unchanged, rejected: report.rejected_count }
}

fn check_lines(lines: usize) -> Result<(), Error> {
    if lines > LIMIT_LINES {
        return Err(Error::Limit(format!("body has more than {LIMIT_LINES} lines; send it in pieces")));
    }
    Ok(())
}

/// A reader that fails once it has given that many bytes.
struct Bounded<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            let text = format!("body unpacks to more than {} bytes; send it in pieces", self.limit);
            io::Error::new(io::ErrorKind::FileTooLarge, text)
        })?;
        Ok(count)
    }
}
