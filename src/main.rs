//! The `deskgraph` binary; everything it does is in the library.

use std::process::ExitCode;

use clap::Parser;
use deskgraph::{cli, config::Config};

fn main() -> ExitCode {
    let config = Config::parse();
    cli::start_log(&config.log);
    match cli::run(config.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deskgraph: {error}");
            ExitCode::FAILURE
        }
    }
}
