//! The laws of the parsers that face the network, as `scripts/fuzz` tests them, over a few thousand inputs: bytes, texts, and the seeds
//! of each target changed here and there.

#[path = "../fuzz/src/lib.rs"]
mod bodies;

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

use bodies::TARGETS;

/// Inputs of each parser.
const CASES: u32 = 3_000;

/// What parsers trip over.
const CRUMBS: [&[u8]; 18] = [
    b"",
    b"\n",
    b"\0",
    b"\"",
    b"{",
    b"[",
    b"}",
    b"]",
    b"null",
    b"-1",
    b"9223372036854775808",
    b"1e999",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\\ud800",
    "é".as_bytes(),
    b"9999-12-31T23:59:59.999Z",
    b"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
];

/// The inputs that a target starts from; the same files feed `scripts/fuzz`.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Replaces a stretch of the bytes by others.
fn replace(bytes: &mut Vec<u8>, from: usize, length: usize, by: &[u8]) {
    let from = from % (bytes.len() + 1);
    let until = (from + length).min(bytes.len());
    bytes.splice(from..until, by.iter().copied());
}

fn input(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => prop::sample::select(CRUMBS.to_vec()).prop_map(<[u8]>::to_vec),
        2 => prop::collection::vec(any::<u8>(), 1..3),
        1 => prop::sample::select(seeds.clone()).prop_map(|seed| seed[..seed.len() / 2].to_vec()),
    ];
    let change = (any::<usize>(), 0..12_usize, piece);
    let changed = (prop::sample::select(seeds), prop::collection::vec(change, 0..4));
    let changed = changed.prop_map(|(mut bytes, changes)| {
        for (from, length, by) in changes {
            replace(&mut bytes, from, length, &by);
        }
        bytes
    });
    prop_oneof![
        6 => changed,
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => ".{0,80}".prop_map(String::into_bytes),
    ]
}

fn check(target: &str) {
    let body = TARGETS.iter().find(|(name, _)| *name == target).unwrap().1;
    let seeds = seeds(target);
    assert!(!seeds.is_empty(), "{target} has no seeds");
    for seed in &seeds {
        body(seed);
    }
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let found = TestRunner::new(config).run(&input(seeds), |bytes| {
        body(&bytes);
        Ok(())
    });
    if let Err(TestError::Fail(reason, bytes)) = found {
        panic!("{target} breaks a law: {reason}\n{}", bytes.escape_ascii());
    }
}

#[test]
fn lines_are_read_or_rejected_by_number() {
    check("ingest_line");
}

#[test]
fn mappings_hold_together_or_say_why_not() {
    check("mapping");
}

#[test]
fn filters_mean_the_same_when_given_again() {
    check("filter");
}

#[test]
fn page_keys_cannot_be_made_up() {
    check("page_key");
}

#[test]
fn cursors_are_read_as_they_were_written() {
    check("cursor");
}

#[test]
fn tokens_that_nobody_signed_are_refused() {
    check("token");
}

#[test]
fn periods_end_after_they_start() {
    check("period");
}

#[test]
fn every_target_has_its_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (target, _) in TARGETS {
        let text = std::fs::read_to_string(folder.join(format!("fuzz_targets/{target}.rs"))).unwrap();
        assert!(text.contains(&format!("deskgraph_fuzz::{target}(bytes)")), "{target}");
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target}");
    }
}
