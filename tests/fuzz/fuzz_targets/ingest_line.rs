//! See `deskgraph_fuzz::ingest_line`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskgraph_fuzz::ingest_line(bytes));
