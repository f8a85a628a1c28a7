//! Laws of what is ingested: lines of the ingest format, and tables with their mapping.

use std::io::Cursor;

use deskgraph::import::{Importer, Mapping, Ndjson, Source, decode_line};
use deskgraph::model::{Batch, Line, Reject};

use super::{check_text, now};

/// Lines taken together; small, so that few bytes make several batches.
const BATCH_LINES: usize = 3;

/// Every batch of a source until its end.
fn batches(source: &mut dyn Source) -> Batch {
    let mut all = Batch::default();
    while let Ok(Some(batch)) = source.next_batch(BATCH_LINES) {
        assert!(batch.lines.len() + batch.rejects.len() <= BATCH_LINES, "a batch is over its bound");
        all.lines.extend(batch.lines);
        all.rejects.extend(batch.rejects);
    }
    all
}

fn check_reject(reject: &Reject) {
    assert!(reject.line > 0, "{reject:?} names no line");
    assert!(!reject.reason.is_empty(), "{reject:?} says nothing");
    check_text(&format!("{}: {}", reject.field, reject.reason));
}

/// The ingest format: whatever the bytes, each line is read, blank or rejected by its number, alone as among others.
pub fn ingest_line(bytes: &[u8]) {
    let all = batches(&mut Ndjson::new(bytes, now()));
    let (mut lines, mut rejects) = (all.lines.into_iter(), all.rejects.into_iter());
    for (number, text) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
        match decode_line(number, text, now()) {
            Ok(None) => {}
            Ok(Some(line)) => {
                let found = lines.next();
                assert_eq!(found.as_ref(), Some(&line), "line {number} differs among others");
                check_again(number, text, &line.line);
            }
            Err(reject) => {
                check_reject(&reject);
                assert_eq!(reject.line, number);
                assert_eq!(rejects.next(), Some(reject), "line {number} differs among others");
            }
        }
    }
    assert!(lines.next().is_none() && rejects.next().is_none(), "there are more lines than there are");
}

/// What was accepted, printed by another JSON writer, reads the same: the order of keys, spaces and escapes say nothing.
fn check_again(number: u64, text: &[u8], line: &Line) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(text.trim_ascii()) else {
        panic!("line {number} is no JSON but was accepted");
    };
    if has_fraction(&json) {
        return;
    }
    let again = decode_line(number, json.to_string().as_bytes(), now());
    assert!(again.as_ref().is_ok_and(|again| again.as_ref().is_some_and(|again| again.line == *line)), "{again:?}");
}

/// Fractions are printed as the nearest of several texts, so another writer need not find the same one.
fn has_fraction(json: &serde_json::Value) -> bool {
    match json {
        serde_json::Value::Number(number) => number.is_f64(),
        serde_json::Value::Array(items) => items.iter().any(has_fraction),
        serde_json::Value::Object(entries) => entries.values().any(has_fraction),
        _ => false,
    }
}

/// A mapping and, after a line `---`, the table that it maps.
pub fn mapping(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (head, table) = text.split_once("\n---\n").unwrap_or((text, ""));
    let mapping = match Mapping::parse(head) {
        Ok(mapping) => mapping,
        Err(error) => return check_text(&error.to_string()),
    };
    let open = || Importer::new(Box::new(Cursor::new(table.to_owned().into_bytes())), &mapping, now());
    match (open(), open()) {
        (Ok(mut one), Ok(mut other)) => {
            let found = batches(&mut one);
            found.rejects.iter().for_each(check_reject);
            assert_eq!(found, batches(&mut other), "the same table gives other lines");
        }
        (Err(error), Err(_)) => check_text(&error.to_string()),
        _ => panic!("the same table opens and does not"),
    }
}
