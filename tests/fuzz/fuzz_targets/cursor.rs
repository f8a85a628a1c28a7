//! See `deskgraph_fuzz::cursor`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskgraph_fuzz::cursor(bytes));
