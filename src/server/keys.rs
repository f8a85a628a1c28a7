//! The keys that the options name: who judges tokens, and who may sign them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::Failure;
use crate::auth::key_source::Pace;
use crate::auth::{KeySource, RotatingKeys, Seal, Secret, Verifier};
use crate::config::{IdentityConfig, SigningConfig};

/// The judge of tokens, and what goes with it.
#[derive(Debug)]
pub struct Keys {
    /// The judge.
    pub verifier: Verifier,
    /// The secret, when the gateway holds one.
    pub secret: Option<Secret>,
    /// The keys that are to be kept fresh, when there are such.
    pub rotating: Option<Arc<RotatingKeys>>,
}

impl Keys {
    /// Whether tokens can be judged now.
    pub fn check(&self) -> Result<(), Failure> {
        match &self.rotating {
            Some(keys) => Ok(keys.check()?),
            None => Ok(()),
        }
    }

    /// How tokens are judged, without what must not be seen.
    pub fn says(&self, config: &IdentityConfig, is_for_show: bool) -> String {
        let how = match (&self.rotating, &self.secret) {
            (Some(keys), _) => {
                format!("{} by the key set {}", keys.algorithm(), keys.source())
            }
            (None, Some(_)) if is_for_show && !config.signing.is_given() => {
                "HS256 by a key made for the run".to_owned()
            }
            (None, Some(_)) => "HS256 by the signing key".to_owned(),
            (None, None) => "by the public key".to_owned(),
        };
        let issuer = config.token_issuer.as_deref().unwrap_or("any");
        let audience = config.token_audience.as_deref().unwrap_or("none");
        format!("{how}, issuer {issuer}, audience {audience}, leeway {:?}", config.token_leeway)
    }
}

/// The secret that the options name, if they do.
pub fn read_secret(config: &SigningConfig) -> Result<Option<Secret>, Failure> {
    let text = match (&config.signing_key, &config.signing_key_file) {
        (Some(key), _) => key.reveal().to_owned(),
        (None, Some(path)) => read_text(path, "signing key file")?,
        (None, None) => return Ok(None),
    };
    Ok(Some(Secret::new(&text)?))
}

/// The keys. Without one nothing is served, unless the start is for show.
pub async fn read_keys(config: &IdentityConfig, is_for_show: bool) -> Result<Keys, Failure> {
    let mut keys = match (&config.public_key_file, &config.jwks) {
        (Some(path), _) => {
            let verifier = Verifier::from_public_pem(read_text(path, "public key file")?.as_bytes())?;
            Keys { verifier, secret: None, rotating: None }
        }
        (None, Some(source)) => {
            let keys = RotatingKeys::new(KeySource::parse(source)?, config.token_algorithm, Pace::default())?;
            let keys = Arc::new(keys);
            keys.start().await?;
            Keys { verifier: Verifier::from_rotating(Arc::clone(&keys)), secret: None, rotating: Some(keys) }
        }
        (None, None) => {
            let secret = match read_secret(&config.signing)? {
                Some(secret) => secret,
                None if is_for_show => Secret::random(),
                None => {
                    let ways = "--signing-key-file, DESKGRAPH_SIGNING_KEY, --public-key-file or --jwks";
                    return Err(Failure::Wrong(format!("no signing key: give one by {ways}, or try --demo")));
                }
            };
            Keys { verifier: Verifier::from_secret(&secret), secret: Some(secret), rotating: None }
        }
    };
    let leeway_ms = i64::try_from(config.token_leeway.as_millis()).unwrap_or(i64::MAX);
    keys.verifier = keys.verifier.with_leeway(leeway_ms);
    if let Some(issuer) = &config.token_issuer {
        keys.verifier = keys.verifier.with_issuer(issuer);
    }
    if let Some(audience) = &config.token_audience {
        keys.verifier = keys.verifier.with_audience(audience);
    }
    Ok(keys)
}

/// What marks page keys: of its own secret when there is one, else it follows from the signing key; else it is made for the run.
pub fn read_seal(config: &IdentityConfig, secret: Option<&Secret>) -> Result<Seal, Failure> {
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
