//! Whole files of lines, and what is no line at all.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::import::ndjson::LINE_BYTES;
use crate::import::{BATCH_BYTES, Ndjson, Source};

#[test]
fn refuses_what_is_no_object_and_skips_what_is_nothing() {
    bad("[]", "", "must be a JSON object");
    bad("{", "", "is not JSON");
    bad(&"[".repeat(1000), "", "is not JSON");
    bad(r#"{"type":"tag","id":"x","id":"y"}"#, "id", "is given more than once");
    for blank in ["", "  ", "\r\n", "\t\n"] {
        assert_eq!(decode_line(3, blank.as_bytes(), now()), Ok(None));
    }
    let with_mark = "\u{feff}{\"type\":\"workspace\"}";
    assert!(matches!(decode_line(1, with_mark.as_bytes(), now()), Ok(Some(_))));
    assert_eq!(decode_line(2, with_mark.as_bytes(), now()).unwrap_err().field, "");
}

fn batches(text: &[u8], limit_lines: usize) -> Vec<Batch> {
    let mut source = Ndjson::new(Cursor::new(text), now());
    std::iter::from_fn(|| source.next_batch(limit_lines).unwrap()).collect()
}

#[test]
fn cuts_batches_by_lines_and_keeps_line_numbers() {
    let text = "\u{feff}{\"type\":\"tag\",\"id\":\"a\"}\r\n\n{}\n{\"type\":\"tag\",\"id\":\"b\"}\n{\"type\":\"tag\",\"id\":\"c\"}";
    let numbers = |limit_lines| -> Vec<(Vec<u64>, Vec<u64>)> {
        let numbers = |batch: Batch| {
            (batch.lines.iter().map(|l| l.number).collect(), batch.rejects.iter().map(|r| r.line).collect())
        };
        batches(text.as_bytes(), limit_lines).into_iter().map(numbers).collect()
    };
    assert_eq!(numbers(100), [(vec![1, 4, 5], vec![3])]);
    assert_eq!(numbers(2), [(vec![1], vec![3]), (vec![4, 5], vec![])]);
    assert_eq!(numbers(0), [(vec![1], vec![]), (vec![], vec![3]), (vec![4], vec![]), (vec![5], vec![])]);
    assert_eq!(batches(b"", 5), []);
}

#[test]
fn skips_lines_that_are_too_long() {
    let padded = |length: usize| format!("{{\"type\":\"tag\",\"id\":\"a\"}}{}", " ".repeat(length - 23));
    let text = [padded(LINE_BYTES), "x".repeat(LINE_BYTES + 1), "x".repeat(3 * LINE_BYTES), padded(30)].join("\n");
    let batch = &batches(text.as_bytes(), 100)[0];
    assert_eq!(batch.lines.iter().map(|l| l.number).collect::<Vec<_>>(), [1, 4]);
    let reason = "is longer than 1048576 bytes".to_owned();
    let reject = |line| Reject { line, field: String::new(), reason: reason.clone() };
    assert_eq!(batch.rejects, [reject(2), reject(3)]);
    assert_eq!(batches("x".repeat(2 * LINE_BYTES).as_bytes(), 100)[0].rejects, [reject(1)]);
}

#[test]
fn cuts_batches_by_bytes_too() {
    let text = format!("{{\"type\":\"tag\",\"id\":\"a\"}}{}\n", " ".repeat(LINE_BYTES - 24)).repeat(20);
    let counts: Vec<usize> = batches(text.as_bytes(), 100).iter().map(|batch| batch.lines.len()).collect();
    assert_eq!(counts, [BATCH_BYTES / LINE_BYTES, 20 - BATCH_BYTES / LINE_BYTES]);
}

/// Bytes that look enough like lines to get past the first checks.
fn near_line() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"type\"",
        "\"case\"",
        "\"message\"",
        "\"change\"",
        "\"id\"",
        "\"at\"",
        "\"weekly\"",
        "\"business_hours\"",
        "\"sla_policy\"",
        "\"targets\"",
        "null",
        "1",
        "-0.5",
        "1e308",
        "\"2026-01-01T00:00:00Z\"",
        "\"\\u0000\"",
        "\"é\"",
        " ",
        "\n",
        "{\"type\":\"status_change\",\"case\":\"c\",\"at\":\"2026-01-01T00:00:00Z\",",
        "{\"type\":\"business_hours\",\"id\":\"b\",\"weekly\":{\"monday\":[",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), near_line()], number in 1..3u64) {
        if let Err(reject) = decode_line(number, &bytes, now()) {
            prop_assert_eq!(reject.line, number);
            prop_assert!(!reject.reason.is_empty());
        }
        batches(&bytes, 2);
    }

    #[test]
    fn no_time_text_makes_it_panic(at in "\\PC{0,40}|[0-9TZ:+.-]{15,40}") {
        let line = serde_json::json!({"type": "presence", "agent": "a", "at": at, "status": "away"}).to_string();
        let _ = decode_line(1, line.as_bytes(), now());
    }
}
