//! The command line and the environment: everything that can be set, each with flag, variable, default and help, in one place.
//! Nothing else in the program reads the environment.

mod identity;
mod limits;
mod parse;
mod serve;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::{Cache, Clock};
use crate::model::Instant;

pub use identity::{
    ApiKeyCommand, ApiKeyConfig, ApiKeyCreateConfig, ApiKeyListConfig, ApiKeyRevokeConfig, IdentityConfig,
    SigningConfig, TokenConfig,
};
pub use limits::LimitsConfig;
pub use parse::{HeaderText, Hidden};
use parse::{parse_instant, parse_span};
pub use serve::ServeConfig;

/// Where data is kept when nothing is configured.
pub const DEFAULT_DATABASE: &str = "sqlite://deskgraph.db";
/// Where the demonstration's data is kept when nothing is configured.
pub const DEMO_DATABASE: &str = "sqlite://data/deskgraph-demo.db";

/// One typed GraphQL graph over all of a support organisation's data.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 110)]
pub struct Config {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to log.
    #[command(flatten)]
    pub log: LogConfig,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the gateway: /graphql, /graphiql, /ingest, the REST dialects, /openapi, /healthz, /readyz
    Serve(Box<ServeConfig>),
    /// Look at what `serve` would be started with, and at what it needs: files, keys, database; takes the options of `serve`
    CheckConfig(Box<ServeConfig>),
    /// Print a token that the gateway with the same signing key accepts
    Token(TokenConfig),
    /// Make, list and revoke API keys, for programs that cannot ask for a token each hour
    ApiKey(ApiKeyConfig),
    /// Read files into the database, without a running gateway
    Import(ImportConfig),
    /// Print the GraphQL schema; needs no database
    Schema,
    /// Print the description of the REST dialects, OpenAPI 3.1; needs no database
    Openapi,
    /// Bring the database's tables up to date
    Migrate(DatabaseConfig),
    /// Ask the gateway on this machine whether it can answer; fails unless it can
    Health(HealthConfig),
}

/// How to log.
#[derive(Debug, Args)]
pub struct LogConfig {
    /// Form of the log on standard error
    #[arg(long, env = "DESKGRAPH_LOG_FORMAT", hide_env_values = true, global = true, default_value = "text")]
    pub log_format: LogFormat,
    /// What to log: error, warn, info, debug, trace, or directives such as `deskgraph=debug,sqlx=info`
    #[arg(long, env = "DESKGRAPH_LOG_LEVEL", hide_env_values = true, global = true, default_value = "info")]
    pub log_level: String,
    /// File to which a line of JSON is added for each request: who asked which operation, with what outcome [default: none]
    #[arg(long, env = "DESKGRAPH_AUDIT_LOG", hide_env_values = true, global = true, value_name = "FILE")]
    pub audit_log: Option<PathBuf>,
    /// Collector that spans of requests, fields, look-ups, SQL and scans are sent to by OTLP over HTTP, such as http://127.0.0.1:4318
    /// [default: none]
    #[arg(long, env = "DESKGRAPH_OTLP_ENDPOINT", hide_env_values = true, global = true, value_name = "URL")]
    pub otlp_endpoint: Option<String>,
}

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// Which database.
#[derive(Debug, Args)]
pub struct DatabaseConfig {
    /// Where the data is: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME` [default: sqlite://deskgraph.db]
    #[arg(long, env = "DESKGRAPH_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<Hidden>,
    /// Longest wait for a connection to the database, and again for another who is writing there, such as 10s
    #[arg(long, env = "DESKGRAPH_DATABASE_WAIT", hide_env_values = true, default_value = "10s")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub database_wait: Duration,
    /// Folder for files from which a start loads what it answers from [default: beside an SQLite database; none with PostgreSQL]
    #[arg(long, env = "DESKGRAPH_CACHE_DIR", hide_env_values = true, value_name = "FOLDER")]
    pub cache_dir: Option<PathBuf>,
}

impl DatabaseConfig {
    /// The database to open: the configured one, else `default`.
    pub fn url<'a>(&'a self, default: &'a str) -> &'a str {
        self.database_url.as_ref().map_or(default, Hidden::reveal)
    }

    /// Where pictures of the database at `url` are kept.
    pub fn cache(&self, url: &str) -> Option<Cache> {
        Cache::of(url, self.cache_dir.as_deref())
    }
}

/// What time it is.
#[derive(Debug, Args)]
pub struct ClockConfig {
    /// Instant that the program takes for now, always, such as 2026-06-01T12:00:00Z; for demonstrations and tests
    #[arg(long, env = "DESKGRAPH_NOW", hide_env_values = true, value_name = "INSTANT", value_parser = parse_instant)]
    pub now: Option<Instant>,
}

impl ClockConfig {
    /// The clock to go by.
    pub fn clock(&self) -> Clock {
        self.now.map_or(Clock::System, Clock::Fixed)
    }
}

/// `deskgraph import`.
#[derive(Debug, Args)]
pub struct ImportConfig {
    /// Files to read, plain, gzip or zstd; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Workspace to import into; made when it is not there
    #[arg(long, env = "DESKGRAPH_WORKSPACE", hide_env_values = true, default_value = "main", value_name = "ID")]
    pub workspace: String,
    /// TOML file that says what the columns of a CSV mean; without it the files are lines of JSON
    #[arg(long, env = "DESKGRAPH_MAPPING", hide_env_values = true, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// File to write every rejected row to, as lines of JSON
    #[arg(long, env = "DESKGRAPH_REJECTS", hide_env_values = true, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseConfig,
    /// What time it is.
    #[command(flatten)]
    pub clock: ClockConfig,
}

/// `deskgraph health`.
#[derive(Debug, Args)]
pub struct HealthConfig {
    /// Address and port that the gateway was told to listen on
    #[arg(long, env = "DESKGRAPH_LISTEN", hide_env_values = true, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Given, as the gateway was: it serves by TLS
    #[arg(long, env = "DESKGRAPH_TLS_CERT_FILE", hide_env_values = true, value_name = "FILE")]
    pub tls_cert_file: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_option_has_a_variable_and_a_help() {
        fn check(command: &clap::Command) {
            for option in command.get_arguments().filter(|option| option.get_long().is_some_and(|long| long != "help"))
            {
                let name = option.get_id();
                assert!(option.get_env().is_some_and(|env| env.to_string_lossy().starts_with("DESKGRAPH_")), "{name}");
                assert!(option.get_help().is_some(), "{name}");
                assert!(option.is_hide_env_values_set(), "{name}");
            }
            command.get_subcommands().for_each(check);
        }
        Config::command().debug_assert();
        check(&Config::command());
    }

    #[test]
    fn reads_spans() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(parse_span(text).ok().map(|span| span.as_secs()), expected, "{text}");
        };
        check("90s", Some(90));
        check("1h30m", Some(5_400));
        check("7d", Some(604_800));
        check("", None);
        check("0s", None);
        check("10", None);
        check("1w", None);
        check("99999999999999999999d", None);
        check("4000d", None);
        check("-1h", None);
    }

    #[test]
    fn shows_no_secret() {
        let key = "0123456789abcdef0123456789abcdef";
        let url = "postgres://desk:hush@db/desk";
        let words = ["deskgraph", "serve", "--signing-key", key, "--database-url", url];
        let shown = format!("{:?}", Config::try_parse_from(words).unwrap());
        assert!(shown.contains("***") && !shown.contains(key) && !shown.contains("hush"), "{shown}");
    }

    #[test]
    fn refuses_two_keys() {
        let words = ["deskgraph", "serve", "--signing-key", "a", "--signing-key-file", "b"];
        assert!(Config::try_parse_from(words).is_err());
        let words = ["deskgraph", "serve", "--signing-key", "a", "--public-key-file", "b"];
        assert!(Config::try_parse_from(words).is_err());
        let words = ["deskgraph", "serve", "--jwks", "a", "--public-key-file", "b"];
        assert!(Config::try_parse_from(words).is_err());
    }
}
