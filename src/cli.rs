//! What each command does. Results go to standard output, the log and progress to standard error.

use tokio::runtime::{Builder, Runtime};

use crate::app::{App, Clock};
use crate::auth::{Grant, token};
use crate::config::{Command, DEFAULT_DATABASE, DatabaseConfig, ImportConfig, TokenConfig};
use crate::graphql;
use crate::model::WorkspaceId;
use crate::rest;
use crate::server::keys::read_secret;
use crate::server::{self, Failure};

mod api_key;
mod health;
mod import;
mod log;

pub use log::start_log;

/// Runs a command to its end.
pub fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Schema => {
            print!("{}", graphql::sdl());
            Ok(())
        }
        Command::Openapi => {
            let text = rest::openapi::text();
            println!("{}", text.map_err(|error| Failure::Wrong(format!("description cannot be written: {error}")))?);
            Ok(())
        }
        Command::CheckConfig(config) => block_on(server::check::check(*config)),
        Command::ApiKey(config) => block_on(api_key::run(config.command)),
        Command::Token(config) => {
            println!("{}", sign(&config)?);
            Ok(())
        }
        Command::Migrate(config) => block_on(migrate(config)),
        Command::Import(config) => run_import(config),
        Command::Serve(config) => block_on(server::serve(*config)),
        Command::Health(config) => health::run(&config),
    }
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    threads()?.block_on(work)
}

fn threads() -> Result<Runtime, Failure> {
    Builder::new_multi_thread().enable_all().build().map_err(Failure::system("threads could not be started"))
}

fn run_import(config: ImportConfig) -> Result<(), Failure> {
    let threads = threads()?;
    let done = threads.block_on(import::run(config));
    // Nothing is left to do, and giving memory back piece by piece would take longer than the program's end. Who reads a source that says
    // nothing more would not come to an end at all.
    threads.shutdown_background();
    done
}

async fn migrate(config: DatabaseConfig) -> Result<(), Failure> {
    App::open_waiting(config.url(DEFAULT_DATABASE), config.database_wait, Clock::System).await?;
    println!("database is up to date");
    Ok(())
}

fn sign(config: &TokenConfig) -> Result<String, Failure> {
    let secret = read_secret(&config.signing)?.ok_or_else(|| {
        let ways = "--signing-key-file, DESKGRAPH_SIGNING_KEY_FILE or DESKGRAPH_SIGNING_KEY";
        Failure::Wrong(format!("a token needs the signing key of the gateway it is for; give it by {ways}"))
    })?;
    let teams = (!config.teams.is_empty()).then(|| config.teams.iter().cloned().collect());
    let grant = Grant {
        subject: config.subject.clone(),
        workspace: WorkspaceId(config.workspace.clone()),
        role: config.role,
        teams,
        lifetime_ms: i64::try_from(config.expires.as_millis()).unwrap_or(i64::MAX),
    };
    Ok(token::issue(&secret, &grant, config.clock.clock().now())?)
}
