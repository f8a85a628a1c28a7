//! The keys that the options name: who judges tokens, and who may sign them.

use std::fs;
use std::path::Path;

use super::Failure;
use crate::auth::{Seal, Secret, Verifier};
use crate::config::{ServeConfig, SigningConfig};

/// The secret that the options name, if they do.
pub fn read_secret(config: &SigningConfig) -> Result<Option<Secret>, Failure> {
    let text = match (&config.signing_key, &config.signing_key_file) {
        (Some(key), _) => key.reveal().to_owned(),
        (None, Some(path)) => read_text(path, "signing key file")?,
        (None, None) => return Ok(None),
    };
    Ok(Some(Secret::new(&text)?))
}

/// The judge of tokens, and the secret when the gateway holds one. Without a key nothing is served, unless the start is for show.
pub fn read_keys(config: &ServeConfig) -> Result<(Verifier, Option<Secret>), Failure> {
    let (verifier, secret) = match &config.public_key_file {
        Some(path) => (Verifier::from_public_pem(read_text(path, "public key file")?.as_bytes())?, None),
        None => {
            let secret = match read_secret(&config.signing)? {
                Some(secret) => secret,
                None if config.demo || config.dev => Secret::random(),
                None => {
                    let ways = "--signing-key-file, DESKGRAPH_SIGNING_KEY or --public-key-file";
                    return Err(Failure::Wrong(format!("no signing key: give one by {ways}, or try --demo")));
                }
            };
            (Verifier::from_secret(&secret), Some(secret))
        }
    };
    let verifier = config.token_issuer.iter().fold(verifier, |verifier, issuer| verifier.with_issuer(issuer));
    let verifier = config.token_audience.iter().fold(verifier, |verifier, audience| verifier.with_audience(audience));
    Ok((verifier, secret))
}

/// What marks page keys: of its own secret when there is one, else it follows from the signing key; else it is made for the run.
pub fn read_seal(config: &ServeConfig, secret: Option<&Secret>) -> Result<Seal, Failure> {
    let own = match &config.page_key_file {
        Some(path) => Some(Secret::new(&read_text(path, "page key file")?)?),
        None => None,
    };
    let made = Secret::random();
    Ok(Seal::of(own.as_ref().or(secret).unwrap_or(&made))?)
}

fn read_text(path: &Path, what: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(Failure::system(format!("{what} {}", path.display())))
}
