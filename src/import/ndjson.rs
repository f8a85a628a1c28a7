//! The ingest format itself: one JSON object a line.

use std::io::{BufRead, Read};

use crate::model::{Batch, FieldError, Instant, NumberedLine, Reject};

use super::decode::decode;
use super::json::parse_object;
use super::{BATCH_BYTES, Source, SourceError};

/// Longest line, in bytes without its line break.
pub const LINE_BYTES: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the line numbered `number` (from 1), given without or with its line break; `None` when it is blank. A byte order mark
/// before the first line is no part of it.
///
/// # Errors
/// A reject that names the field at fault and what is allowed there.
pub fn decode_line(number: u64, bytes: &[u8], now: Instant) -> Result<Option<NumberedLine>, Reject> {
    let bytes = match number {
        1 => bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes),
        _ => bytes,
    };
    let bytes = bytes.trim_ascii();
    if bytes.is_empty() {
        return Ok(None);
    }
    let reject = |error: FieldError| Reject { line: number, field: error.field, reason: error.reason };
    if bytes.len() > LINE_BYTES {
        return Err(too_long(number));
    }
    let object = parse_object(bytes).map_err(reject)?;
    let line = decode(object, now).map_err(reject)?;
    Ok(Some(NumberedLine { number, line }))
}

fn too_long(number: u64) -> Reject {
    Reject { line: number, field: String::new(), reason: format!("is longer than {LINE_BYTES} bytes") }
}

/// Lines of the ingest format from any reader, already decompressed.
pub struct Ndjson<R> {
    reader: R,
    now: Instant,
    number: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Ndjson<R> {
    /// Reads from the start of `reader`; events later than a day from `now` are rejected.
    pub fn new(reader: R, now: Instant) -> Ndjson<R> {
        Ndjson { reader, now, number: 0, buffer: Vec::new() }
    }

    /// Bytes taken from the reader for the next line, 0 at the end. A line that is too long is skipped and marked so.
    fn read_line(&mut self) -> Result<(usize, bool), SourceError> {
        self.buffer.clear();
        // One for the line break, one to tell too long from just fitting.
        let limit = LINE_BYTES as u64 + 2;
        let mut taken = (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer)?;
        let is_cut = taken as u64 == limit && !self.buffer.ends_with(b"\n");
        if is_cut {
            taken += self.skip_line()?;
        }
        Ok((taken, is_cut))
    }

    fn skip_line(&mut self) -> Result<usize, SourceError> {
        let mut skipped = 0;
        loop {
            let available = self.reader.fill_buf()?;
            let (length, is_end) = match available.iter().position(|byte| *byte == b'\n') {
                Some(index) => (index + 1, true),
                None => (available.len(), available.is_empty()),
            };
            self.reader.consume(length);
            skipped += length;
            if is_end {
                return Ok(skipped);
            }
        }
    }
}

impl<R: BufRead> Source for Ndjson<R> {
    fn next_batch(&mut self, limit_lines: usize) -> Result<Option<Batch>, SourceError> {
        let mut batch = Batch::default();
        let mut bytes = 0;
        while batch.lines.len() + batch.rejects.len() < limit_lines.max(1) && bytes < BATCH_BYTES {
            let (taken, is_cut) = self.read_line()?;
            if taken == 0 {
                break;
            }
            bytes += taken;
            self.number += 1;
            if is_cut {
                batch.rejects.push(too_long(self.number));
                continue;
            }
            match decode_line(self.number, &self.buffer, self.now) {
                Ok(Some(line)) => batch.lines.push(line),
                Ok(None) => {}
                Err(reject) => batch.rejects.push(reject),
            }
        }
        Ok((bytes > 0).then_some(batch))
    }
}
