//! TLS by files: a chain of certificates and its key, in PEM. The files are read again when they change, as those do that are renewed each
//! few weeks; what cannot be read leaves the old ones in use.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use axum::serve::Listener;
use tokio::sync::mpsc::{self, Receiver};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;
use tokio_util::task::AbortOnDropHandle;

use super::listener::{BoundedListener, Connection};

/// Longest time that greeting a client may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How often it is looked whether the files have changed.
const LOOKED_EACH: Duration = Duration::from_secs(30);

/// Certificates and key, as they were when the files were read last. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    files: Arc<[PathBuf; 2]>,
    now: Arc<RwLock<TlsAcceptor>>,
}

impl Tls {
    /// Reads both files.
    ///
    /// # Errors
    /// When one cannot be read, or they do not belong together.
    pub fn read(certificates: &Path, key: &Path) -> io::Result<Tls> {
        let files = Arc::new([certificates.to_owned(), key.to_owned()]);
        let now = Arc::new(RwLock::new(read(&files)?));
        Ok(Tls { files, now })
    }

    /// Reads the files again whenever they change, for as long as it runs.
    pub async fn follow(self) {
        let mut seen = changed_at(&self.files);
        loop {
            tokio::time::sleep(LOOKED_EACH).await;
            let now = changed_at(&self.files);
            // What cannot be used yet is tried again, though the files look the same.
            if now != seen && self.read_again() {
                seen = now;
            }
        }
    }

    /// Uses the files as they are now from the next connection on, if they can be used; says whether they can.
    pub fn read_again(&self) -> bool {
        match read(&self.files) {
            Ok(acceptor) => {
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
                tracing::info!("the certificates were read again");
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the certificates have changed and cannot be used; the old ones stay");
                false
            }
        }
    }

    fn acceptor(&self) -> TlsAcceptor {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn changed_at(files: &[PathBuf; 2]) -> Vec<Option<SystemTime>> {
    files.iter().map(|file| file.metadata().and_then(|of| of.modified()).ok()).collect()
}

fn read(files: &[PathBuf; 2]) -> io::Result<TlsAcceptor> {
    let wrong = |text: String| io::Error::new(io::ErrorKind::InvalidData, text);
    let [certificates, key] = files;
    let named = |file: &Path, error: &dyn std::fmt::Display| wrong(format!("{}: {error}", file.display()));
    let bytes = |file: &Path| {
        std::fs::read(file).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes(certificates)?).collect();
    let chain = chain.map_err(|error| named(certificates, &error))?;
    if chain.is_empty() {
        return Err(named(certificates, &"has no certificate in PEM"));
    }
    let key_of = PrivateKeyDer::from_pem_slice(&bytes(key)?).map_err(|error| named(key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth().with_single_cert(chain, key_of))
        .and_then(|config| config);
    let mut config = config.map_err(|error| named(certificates, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// A listener whose clients have been greeted; a slow one keeps none waiting.
pub struct TlsListener {
    greeted: Receiver<(TlsStream<Connection>, SocketAddr)>,
    address: io::Result<SocketAddr>,
    _accepting: AbortOnDropHandle<()>,
}

impl TlsListener {
    /// Greets whom `listener` accepts.
    pub fn new(mut listener: BoundedListener, tls: Tls) -> TlsListener {
        let address = listener.local_addr();
        let (greet, greeted) = mpsc::channel(64);
        let accepting = tokio::spawn(async move {
            loop {
                let (connection, from) = listener.accept().await;
                let (acceptor, greet) = (tls.acceptor(), greet.clone());
                tokio::spawn(async move {
                    match tokio::time::timeout(HANDSHAKE, acceptor.accept(connection)).await {
                        // Nobody listens any more while the gateway stops.
                        Ok(Ok(stream)) => drop(greet.send((stream, from)).await),
                        Ok(Err(error)) => tracing::debug!(%from, %error, "a client could not be greeted"),
                        Err(_) => tracing::debug!(%from, "a client was too slow to be greeted"),
                    }
                });
            }
        });
        TlsListener { greeted, address, _accepting: AbortOnDropHandle::new(accepting) }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<Connection>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.greeted.recv().await {
            Some(greeted) => greeted,
            // The task that accepts never ends by itself.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.address.as_ref().copied().map_err(|error| io::Error::new(error.kind(), error.to_string()))
    }
}
