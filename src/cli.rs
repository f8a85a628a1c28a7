//! What each command does. Results go to standard output, the log and progress to standard error.

use std::io::{self, BufWriter};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::app::{App, Clock};
use crate::auth::{Grant, token};
use crate::config::{Command, DEFAULT_DATABASE, DatabaseConfig, LogConfig, LogFormat, TokenConfig};
use crate::graphql;
use crate::model::WorkspaceId;
use crate::rest;
use crate::server::keys::read_secret;
use crate::server::{self, Failure};

mod health;
mod import;

/// Sends the log to standard error, from a thread of its own that writes what has gathered at once; dropping what is returned waits
/// until all is written.
pub fn start_log(config: &LogConfig) -> WorkerGuard {
    // The crates below speak of themselves; what they say is of use only when something is wrong with them.
    let quiet = "sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=warn,tower_http=warn";
    let directives = format!("{quiet},{}", config.log_level);
    let filter = EnvFilter::builder().parse_lossy(directives);
    // A full queue makes whoever logs wait; no line is lost.
    let (lines, written) = NonBlockingBuilder::default().lossy(false).finish(BufWriter::new(io::stderr()));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines);
    let started = match config.log_format {
        LogFormat::Text => builder.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
    // It only fails when somebody has set one already, as tests do.
    drop(started);
    written
}

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
        Command::Token(config) => {
            println!("{}", sign(&config)?);
            Ok(())
        }
        Command::Migrate(config) => block_on(migrate(config)),
        Command::Import(config) => block_on(import::run(config)),
        Command::Serve(config) => block_on(server::serve(config)),
        Command::Health(config) => health::run(&config),
    }
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().map_err(Failure::system("threads could not be started"))?.block_on(work)
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
