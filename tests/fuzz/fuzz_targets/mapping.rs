//! See `deskgraph_fuzz::mapping`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskgraph_fuzz::mapping(bytes));
