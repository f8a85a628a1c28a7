//! Options about who is let in: keys, tokens, API keys.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::parse::{Hidden, parse_algorithm, parse_role, parse_span, parse_span_or_none};
use super::{ClockConfig, DatabaseConfig};
use crate::auth::SigningAlgorithm;
use crate::model::Role;

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

impl SigningConfig {
    /// Indicates a secret is named.
    pub fn is_given(&self) -> bool {
        self.signing_key.is_some() || self.signing_key_file.is_some()
    }
}

/// Whose tokens are accepted.
#[derive(Debug, Args)]
pub struct IdentityConfig {
    /// What tokens are signed with.
    #[command(flatten)]
    pub signing: SigningConfig,
    /// File that holds, in PEM, the public key of whoever signs the tokens: RSA (RS256), P-256 (ES256), P-384 (ES384), Ed25519 (EdDSA)
    #[arg(long, env = "DESKGRAPH_PUBLIC_KEY_FILE", hide_env_values = true, value_name = "FILE")]
    #[arg(conflicts_with_all = ["signing_key_file", "signing_key"])]
    pub public_key_file: Option<PathBuf>,
    /// Key set (JWKS) of whoever signs the tokens: a file, or an https:// address; read again every few minutes, and at once for a key id
    /// that is not known
    #[arg(long, env = "DESKGRAPH_JWKS", hide_env_values = true, value_name = "FILE|URL")]
    #[arg(conflicts_with_all = ["signing_key_file", "signing_key", "public_key_file"])]
    pub jwks: Option<String>,
    /// Algorithm of tokens whose keys are in a key set: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or EdDSA
    #[arg(long, env = "DESKGRAPH_TOKEN_ALGORITHM", hide_env_values = true, default_value = "RS256")]
    #[arg(value_name = "NAME", value_parser = parse_algorithm)]
    pub token_algorithm: SigningAlgorithm,
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
    /// How far the clocks of issuer and gateway may be apart, at most 5m
    #[arg(long, env = "DESKGRAPH_TOKEN_LEEWAY", hide_env_values = true, default_value = "30s")]
    #[arg(value_name = "SPAN", value_parser = parse_leeway)]
    pub token_leeway: Duration,
}

fn parse_leeway(text: &str) -> Result<Duration, String> {
    let span = parse_span_or_none(text)?;
    if span > Duration::from_secs(300) { Err("not a span from 0s to 5m".to_owned()) } else { Ok(span) }
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

/// `deskgraph api-key`.
#[derive(Debug, Args)]
pub struct ApiKeyConfig {
    /// What to do.
    #[command(subcommand)]
    pub command: ApiKeyCommand,
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub enum ApiKeyCommand {
    /// Make a key and print it; it is shown this once
    Create(ApiKeyCreateConfig),
    /// List the keys of a workspace, as lines of JSON
    List(ApiKeyListConfig),
    /// Take all worth from a key, at once
    Revoke(ApiKeyRevokeConfig),
}

/// Whose keys.
#[derive(Debug, Args)]
pub struct ApiKeyListConfig {
    /// Workspace that the keys open
    #[arg(long, env = "DESKGRAPH_WORKSPACE", hide_env_values = true, value_name = "ID")]
    pub workspace: String,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseConfig,
    /// What time it is.
    #[command(flatten)]
    pub clock: ClockConfig,
}

/// `deskgraph api-key create`.
#[derive(Debug, Args)]
pub struct ApiKeyCreateConfig {
    /// Where it is.
    #[command(flatten)]
    pub of: ApiKeyListConfig,
    /// What the key is for, such as the name of the tool
    #[arg(long, env = "DESKGRAPH_API_KEY_NAME", hide_env_values = true, value_name = "TEXT")]
    pub name: String,
    /// What the key's holder is there: agent, manager, admin or owner
    #[arg(long, env = "DESKGRAPH_API_KEY_ROLE", hide_env_values = true, default_value = "manager")]
    #[arg(value_parser = parse_role)]
    pub role: Role,
    /// Team whose cases the key shows; may be given again [default: all teams]
    #[arg(
        long = "team",
        env = "DESKGRAPH_API_KEY_TEAMS",
        hide_env_values = true,
        value_name = "ID",
        value_delimiter = ','
    )]
    pub teams: Vec<String>,
    /// How long the key is good for, such as 90d [default: until it is revoked]
    #[arg(long, env = "DESKGRAPH_API_KEY_EXPIRES", hide_env_values = true)]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub expires: Option<Duration>,
}

/// `deskgraph api-key revoke`.
#[derive(Debug, Args)]
pub struct ApiKeyRevokeConfig {
    /// Id of the key, as `api-key list` tells it
    #[arg(value_name = "KEY")]
    pub id: String,
    /// Where it is.
    #[command(flatten)]
    pub of: ApiKeyListConfig,
}
