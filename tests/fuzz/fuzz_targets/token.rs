//! See `deskgraph_fuzz::token`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskgraph_fuzz::token(bytes));
