//! The `deskgraph` binary; everything it does is in the library.

use std::process::ExitCode;

use clap::Parser;
use deskgraph::{cli, config::Config};

/// Rows are made on one thread and freed on another, at which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let config = Config::parse();
    // What is logged is written before the program ends.
    let ran = cli::start_log(&config.log).and_then(|_log| cli::run(config.command));
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deskgraph: {error}");
            ExitCode::FAILURE
        }
    }
}
