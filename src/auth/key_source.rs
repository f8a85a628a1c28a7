//! Keys that change while the gateway runs: a key set in a file or at a URL, read again from time to time, and at once when a token names
//! a key that is not known, though never more often than every few seconds. While the source cannot be read, the keys that are known stay
//! good, and it is tried again after pauses that grow.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jsonwebtoken::DecodingKey;
use tokio::sync::Mutex;
use tokio::time::Instant as Moment;

use super::Error;
use super::key_set::{KeySet, LIMIT_SET_BYTES, SigningAlgorithm};

/// Longest wait for a source.
const LONGEST_READ: Duration = Duration::from_secs(5);

/// How often a source is read.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two readings when all is well.
    pub refresh: Duration,
    /// The least between two readings, whoever asks.
    pub least: Duration,
    /// The most between two tries while the source cannot be read; the first pause is `least`, and each is twice the one before.
    pub longest: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { refresh: Duration::from_secs(300), least: Duration::from_secs(10), longest: Duration::from_secs(300) }
    }
}

/// Where a key set is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In a file.
    File(PathBuf),
    /// At an address: `https`, or `http` on this machine.
    Url(String),
}

impl KeySource {
    /// Reads what the options say: an address when it has a scheme, else a file.
    ///
    /// # Errors
    /// `Key` for an address that others could answer in the issuer's place.
    pub fn parse(text: &str) -> Result<KeySource, Error> {
        const INSECURE: Error =
            Error::Key("address of the key set must begin with https://, or http:// on this machine");
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(KeySource::File(text.into())) };
        if scheme.eq_ignore_ascii_case("file") {
            return Ok(KeySource::File(rest.into()));
        }
        let url = reqwest::Url::parse(text).map_err(|_| INSECURE)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::Key("address of the key set must not hold a user or password"));
        }
        match (url.scheme(), url.host_str()) {
            ("https", Some(_)) => Ok(KeySource::Url(text.to_owned())),
            ("http", Some("localhost" | "127.0.0.1" | "[::1]")) => Ok(KeySource::Url(text.to_owned())),
            _ => Err(INSECURE),
        }
    }
}

impl std::fmt::Display for KeySource {
    /// Without what stands behind the question mark, which may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            KeySource::File(path) => write!(f, "{}", path.display()),
            KeySource::Url(url) => f.write_str(url.split(['?', '#']).next().unwrap_or_default()),
        }
    }
}

/// The keys of a source, as they were when it was read last.
pub struct RotatingKeys {
    source: KeySource,
    algorithm: SigningAlgorithm,
    /// For an address only.
    client: Option<reqwest::Client>,
    pace: Pace,
    known: RwLock<Arc<KeySet>>,
    /// Held by the one who reads.
    turn: Mutex<Turn>,
}

/// What the last readings came to.
#[derive(Default)]
struct Turn {
    read_at: Option<Moment>,
    failures: u32,
}

impl std::fmt::Debug for RotatingKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RotatingKeys({}, {})", self.source, self.algorithm)
    }
}

impl RotatingKeys {
    /// The keys of a source, none of them read yet.
    ///
    /// # Errors
    /// `Key` when this machine cannot make requests.
    pub fn new(source: KeySource, algorithm: SigningAlgorithm, pace: Pace) -> Result<RotatingKeys, Error> {
        let client = match source {
            KeySource::File(_) => None,
            KeySource::Url(_) => Some(client()?),
        };
        Ok(RotatingKeys { source, algorithm, client, pace, known: RwLock::default(), turn: Mutex::default() })
    }

    /// Where they are.
    pub fn source(&self) -> &KeySource {
        &self.source
    }

    /// What tokens are signed by.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Reads the source.
    ///
    /// # Errors
    /// `Key` when it is a file that cannot be used. An address that cannot be reached now may be later.
    pub async fn start(&self) -> Result<(), Error> {
        match (self.read_if_due(Duration::ZERO).await, &self.source) {
            (Err(error), KeySource::File(_)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether there are keys.
    ///
    /// # Errors
    /// `NoKeys` when the source has not been read.
    pub fn check(&self) -> Result<(), Error> {
        if self.known().is_empty() { Err(Error::NoKeys) } else { Ok(()) }
    }

    /// Keeps the keys fresh for as long as it runs.
    pub async fn follow(&self) {
        loop {
            tokio::time::sleep(self.pace.least).await;
            // What went wrong has been logged.
            drop(self.read_if_due(self.pace.refresh).await);
        }
    }

    /// The key of that name; reads the source again when it is not known.
    pub(super) async fn find(&self, kid: Option<&str>) -> Result<Option<Arc<DecodingKey>>, Error> {
        if let Some(key) = self.known().find(kid) {
            return Ok(Some(key));
        }
        let read = self.read_if_due(self.pace.least).await;
        match self.known().find(kid) {
            None if read.is_err() && self.known().is_empty() => Err(Error::NoKeys),
            found => Ok(found),
        }
    }

    fn known(&self) -> Arc<KeySet> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the source unless that was done less than `pause` ago, or it failed and the time to try again has not come.
    async fn read_if_due(&self, pause: Duration) -> Result<(), Error> {
        let mut turn = self.turn.lock().await;
        let failed_pause = |failures: u32| {
            let doubled = self.pace.least.saturating_mul(1 << failures.saturating_sub(1).min(16));
            doubled.min(self.pace.longest)
        };
        let pause = if turn.failures == 0 { pause } else { failed_pause(turn.failures) };
        if turn.read_at.is_some_and(|at| at.elapsed() < pause) {
            return if turn.failures == 0 { Ok(()) } else { Err(Error::NoKeys) };
        }
        // Noted first: whoever asked may not wait for the answer, and the next one is not to ask at once.
        turn.read_at = Some(Moment::now());
        let failures = turn.failures;
        turn.failures = failures.saturating_add(1);
        match self.read().await {
            Ok(set) => {
                let keys = set.len();
                turn.failures = 0;
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
                tracing::debug!(keys, "the key set was read");
                Ok(())
            }
            Err(error) => {
                let known = self.known().len();
                let seconds = failed_pause(turn.failures).as_secs_f32();
                tracing::warn!(source = %self.source, %error, known, seconds, "the key set cannot be read; the known keys stay good");
                Err(error)
            }
        }
    }

    async fn read(&self) -> Result<KeySet, Error> {
        let bytes = match &self.source {
            KeySource::File(path) => {
                tokio::fs::read(path).await.map_err(|_| Error::Key("file of the key set cannot be read"))?
            }
            KeySource::Url(url) => self.fetch(url).await?,
        };
        if bytes.len() > LIMIT_SET_BYTES {
            return Err(Error::Key("key set is larger than 262144 bytes"));
        }
        KeySet::parse(&bytes, self.algorithm)
    }

    async fn fetch(&self, url: &str) -> Result<Vec<u8>, Error> {
        const UNREACHED: Error = Error::Key("address of the key set does not answer with 200");
        let client = self.client.as_ref().ok_or(UNREACHED)?;
        let mut response = client.get(url).send().await.map_err(|_| UNREACHED)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(UNREACHED);
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| UNREACHED)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LIMIT_SET_BYTES {
                break;
            }
        }
        Ok(bytes)
    }
}

/// Asks an issuer; follows nobody who points elsewhere.
fn client() -> Result<reqwest::Client, Error> {
    choose_cryptography();
    reqwest::Client::builder()
        .timeout(LONGEST_READ)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("deskgraph/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| Error::Key("key set cannot be fetched: this machine's certificates cannot be read"))
}

/// Chooses who does the cryptography of outgoing TLS, for the whole program; one that has been chosen before stays.
pub fn choose_cryptography() {
    drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_files_and_addresses_that_nobody_else_can_answer() {
        let check =
            |text: &str, expected: Option<KeySource>| assert_eq!(KeySource::parse(text).ok(), expected, "{text}");
        check("keys.json", Some(KeySource::File("keys.json".into())));
        check("file:///etc/keys.json", Some(KeySource::File("/etc/keys.json".into())));
        for url in ["https://login.example/keys", "http://localhost:9/keys", "http://127.0.0.1/x", "http://[::1]:1/"] {
            check(url, Some(KeySource::Url(url.to_owned())));
        }
        for url in [
            "http://login.example/keys",
            "ftp://x/y",
            "http://localhost.example/",
            "http://[::1].example/",
            "http://localhost:x@login.example/",
            "https://a:b@login.example/",
        ] {
            check(url, None);
        }
    }
}
