//! The command line and the environment: everything that can be set, each with flag, variable, default and help, in one place.
//! Nothing else in the program reads the environment.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::{ANSWER_BYTES, Cache, Clock};
use crate::model::{Instant, Role};

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
    Serve(ServeConfig),
    /// Print a token that the gateway with the same signing key accepts
    Token(TokenConfig),
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

/// The secret that tokens are signed with.
#[derive(Debug, Args)]
pub struct SigningConfig {
    /// File that holds the secret tokens are signed with by HS256, at least 32 bytes
    #[arg(long, env = "DESKGRAPH_SIGNING_KEY_FILE", hide_env_values = true, value_name = "FILE")]
    pub signing_key_file: Option<PathBuf>,
    /// The secret itself; better given by file or variable, since other users of the machine can read flags
    #[arg(long, env = "DESKGRAPH_SIGNING_KEY", hide_env_values = true, value_name = "SECRET")]
    #[arg(conflicts_with = "signing_key_file")]
    pub signing_key: Option<Hidden>,
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

/// `deskgraph serve`.
#[derive(Debug, Args)]
pub struct ServeConfig {
    /// Address and port to listen on
    #[arg(long, env = "DESKGRAPH_LISTEN", hide_env_values = true, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseConfig,
    /// Serve a made-up support organisation from data/deskgraph-demo.db, with a key made for the run unless one is given
    #[arg(long, env = "DESKGRAPH_DEMO", hide_env_values = true)]
    pub demo: bool,
    /// Make a signing key for the run when none is given, and print a token; for development
    #[arg(long, env = "DESKGRAPH_DEV", hide_env_values = true)]
    pub dev: bool,
    /// What tokens are signed with.
    #[command(flatten)]
    pub signing: SigningConfig,
    /// File that holds, in PEM, the public key of whoever signs the tokens: RSA (RS256), P-256 (ES256), P-384 (ES384), Ed25519 (EdDSA)
    #[arg(long, env = "DESKGRAPH_PUBLIC_KEY_FILE", hide_env_values = true, value_name = "FILE")]
    #[arg(conflicts_with_all = ["signing_key_file", "signing_key"])]
    pub public_key_file: Option<PathBuf>,
    /// File that holds the secret by which page keys are marked, at least 32 bytes; gateways that share clients share it [default: it
    /// follows from the signing key; without one it is made for the run]
    #[arg(long, env = "DESKGRAPH_PAGE_KEY_FILE", hide_env_values = true, value_name = "FILE")]
    pub page_key_file: Option<PathBuf>,
    /// Accept only tokens of this issuer (`iss`) [default: any]
    #[arg(long, env = "DESKGRAPH_TOKEN_ISSUER", hide_env_values = true, value_name = "TEXT")]
    pub token_issuer: Option<String>,
    /// Accept only tokens made for this audience (`aud`) [default: only tokens that name none]
    #[arg(long, env = "DESKGRAPH_TOKEN_AUDIENCE", hide_env_values = true, value_name = "TEXT")]
    pub token_audience: Option<String>,
    /// What time it is.
    #[command(flatten)]
    pub clock: ClockConfig,
    /// Longest time that a request may take, such as 30s
    #[arg(long, env = "DESKGRAPH_REQUEST_TIMEOUT", hide_env_values = true, default_value = "30s")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub request_timeout: Duration,
    /// Longest time that one ingest request may take, such as 10m
    #[arg(long, env = "DESKGRAPH_INGEST_TIMEOUT", hide_env_values = true, default_value = "10m")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub ingest_timeout: Duration,
    /// Largest body of one ingest request once unpacked, in bytes
    #[arg(long, env = "DESKGRAPH_INGEST_LIMIT_BYTES", hide_env_values = true, default_value_t = 64 * 1024 * 1024)]
    #[arg(value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    pub ingest_limit_bytes: u64,
    /// Memory for answers that are kept for whoever asks the same again, in bytes; 0 keeps none
    #[arg(long, env = "DESKGRAPH_ANSWER_CACHE_BYTES", hide_env_values = true, default_value_t = ANSWER_BYTES)]
    #[arg(value_name = "BYTES")]
    pub answer_cache_bytes: u64,
    /// Longest time that running requests are given to end after SIGTERM or SIGINT, such as 20s
    #[arg(long, env = "DESKGRAPH_DRAIN_TIMEOUT", hide_env_values = true, default_value = "20s")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub drain_timeout: Duration,
}

/// `deskgraph token`.
#[derive(Debug, Args)]
pub struct TokenConfig {
    /// Workspace that the token opens
    #[arg(long, env = "DESKGRAPH_TOKEN_WORKSPACE", hide_env_values = true, value_name = "ID")]
    pub workspace: String,
    /// What the token's holder is there: agent, manager, admin or owner
    #[arg(long, env = "DESKGRAPH_TOKEN_ROLE", hide_env_values = true, default_value = "agent", value_parser = parse_role)]
    pub role: Role,
    /// Team whose cases the token shows; may be given again [default: all teams]
    #[arg(
        long = "team",
        env = "DESKGRAPH_TOKEN_TEAMS",
        hide_env_values = true,
        value_name = "ID",
        value_delimiter = ','
    )]
    pub teams: Vec<String>,
    /// Who the token is for
    #[arg(long, env = "DESKGRAPH_TOKEN_SUBJECT", hide_env_values = true, default_value = "command line")]
    pub subject: String,
    /// How long the token is good for, such as 1h
    #[arg(long, env = "DESKGRAPH_TOKEN_EXPIRES", hide_env_values = true, default_value = "1h")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub expires: Duration,
    /// What tokens are signed with.
    #[command(flatten)]
    pub signing: SigningConfig,
    /// What time it is.
    #[command(flatten)]
    pub clock: ClockConfig,
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
}

/// A text that is not to be seen; prints as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// The text, for the one who needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Hidden {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Hidden, Self::Err> {
        Ok(Hidden(text.to_owned()))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

fn parse_instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).ok_or_else(|| "not an instant with an offset, such as 2026-06-01T12:00:00Z".to_owned())
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::from_word(text).ok_or_else(|| "not one of agent, manager, admin, owner".to_owned())
}

/// Reads `90s`, `15m`, `1h`, `7d`, or several of them in one (`1h30m`); at least a second, at most ten years.
fn parse_span(text: &str) -> Result<Duration, String> {
    const LIMIT_SECONDS: u64 = 3_660 * 86_400;
    let wrong = || "not a span from 1s to 3660d, such as 90s, 15m, 1h or 7d".to_owned();
    let mut seconds = 0_u64;
    let mut digits = String::new();
    for letter in text.chars() {
        let unit_seconds = match letter {
            '0'..='9' => {
                digits.push(letter);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let count: u64 = std::mem::take(&mut digits).parse().map_err(|_| wrong())?;
        seconds = count.checked_mul(unit_seconds).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
    }
    if !digits.is_empty() || !(1..=LIMIT_SECONDS).contains(&seconds) {
        return Err(wrong());
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_option_has_a_variable_and_a_help() {
        Config::command().debug_assert();
        for command in Config::command().get_subcommands() {
            for option in command.get_arguments().filter(|option| option.get_long().is_some_and(|long| long != "help"))
            {
                let name = option.get_id();
                assert!(option.get_env().is_some_and(|env| env.to_string_lossy().starts_with("DESKGRAPH_")), "{name}");
                assert!(option.get_help().is_some(), "{name}");
                assert!(option.is_hide_env_values_set(), "{name}");
            }
        }
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
    }
}
