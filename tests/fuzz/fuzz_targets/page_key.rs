//! See `deskgraph_fuzz::page_key`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deskgraph_fuzz::page_key(bytes));
