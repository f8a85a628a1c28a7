//! See `deskgraph_fuzz::period`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskgraph_fuzz::period(bytes));
