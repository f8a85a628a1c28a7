//! Options of the gateway.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::parse::{HeaderText, parse_origin, parse_span};
use super::{ClockConfig, DatabaseConfig, IdentityConfig, LimitsConfig};

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
    /// Whose tokens are accepted.
    #[command(flatten)]
    pub identity: IdentityConfig,
    /// What time it is.
    #[command(flatten)]
    pub clock: ClockConfig,
    /// How much may be asked.
    #[command(flatten)]
    pub limits: LimitsConfig,
    /// File with the chain of certificates, in PEM, to serve by TLS with; read again when it changes [default: plain HTTP]
    #[arg(
        long,
        env = "DESKGRAPH_TLS_CERT_FILE",
        hide_env_values = true,
        value_name = "FILE",
        requires = "tls_key_file"
    )]
    pub tls_cert_file: Option<PathBuf>,
    /// File with the key of the certificate, in PEM
    #[arg(
        long,
        env = "DESKGRAPH_TLS_KEY_FILE",
        hide_env_values = true,
        value_name = "FILE",
        requires = "tls_cert_file"
    )]
    pub tls_key_file: Option<PathBuf>,
    /// Site whose pages may call the gateway from a browser, such as https://desk.example, or `*`; may be given again [default: none]
    #[arg(
        long = "cors-origin",
        env = "DESKGRAPH_CORS_ORIGIN",
        hide_env_values = true,
        value_name = "ORIGIN",
        value_delimiter = ',',
        value_parser = parse_origin
    )]
    pub cors_origins: Vec<HeaderText>,
    /// Address and port on which /metrics answers, to whoever reaches it [default: with --demo or --dev the gateway's own; else nowhere]
    #[arg(long, env = "DESKGRAPH_METRICS_LISTEN", hide_env_values = true, value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// Longest time that running requests are given to end after SIGTERM or SIGINT, such as 20s
    #[arg(long, env = "DESKGRAPH_DRAIN_TIMEOUT", hide_env_values = true, default_value = "20s")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub drain_timeout: Duration,
}
