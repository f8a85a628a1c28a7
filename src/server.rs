//! Starting the gateway, what it prints, and stopping it so that what has begun can end.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, select};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{self, Answers, App, demo};
use crate::auth::{self, Grant, Secret, token};
use crate::config::{DEFAULT_DATABASE, DEMO_DATABASE, ServeConfig};
use crate::graphql;
use crate::http::{self, Door, OpenTo, Tls};
use crate::model::{Role, WorkspaceId};

pub mod check;
pub mod keys;

/// Why a command failed; the text is for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A use case refused.
    #[error(transparent)]
    App(#[from] app::Error),
    /// A key or token is not accepted.
    #[error(transparent)]
    Auth(#[from] auth::Error),
    /// A file, socket or thread could not be had.
    #[error("{what}: {cause}")]
    System {
        /// What was tried.
        what: String,
        /// What the system says.
        cause: io::Error,
    },
    /// The options do not fit together, or lines were not good.
    #[error("{0}")]
    Wrong(String),
}

impl Failure {
    /// A failure of the system while trying `what`.
    pub fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> Failure {
        let what = what.into();
        move |cause| Failure::System { what, cause }
    }
}

/// How long the token lasts that a start with `--demo` or `--dev` prints.
const LIFETIME: Duration = Duration::from_secs(7 * 86_400);
/// Most connections at a time to where the meters are told.
const METRICS_CONNECTIONS: usize = 20;
/// The workspace of the token that `--dev` prints.
const DEV_WORKSPACE: &str = "main";

/// Serves until SIGTERM or SIGINT.
pub async fn serve(config: ServeConfig) -> Result<(), Failure> {
    let keys = keys::read_keys(&config.identity, config.demo || config.dev).await?;
    let seal = keys::read_seal(&config.identity, keys.secret.as_ref())?;
    let tls = read_tls(&config)?;
    let url = config.database.url(if config.demo { DEMO_DATABASE } else { DEFAULT_DATABASE });
    make_folder(url)?;
    let statement = config.limits.request_timeout;
    let app = App::open_serving(url, config.database.database_wait, statement, config.clock.clock()).await?;
    let limits = &config.limits;
    let app = app.with_cache(config.database.cache(url)).with_answers(Answers::within(limits.answer_cache_bytes));
    let app = Arc::new(app.with_scan_bounds(limits.scan()));
    app.draw_pictures().await?;
    let schema = graphql::build_within(limits.bounds());
    let door = Door::new(Arc::clone(&app), schema, keys.verifier, seal, limits.limits());
    let door = Arc::new(door.with_admission(limits.admission()).open_to(open_to(&config)));
    let listener = listen(config.listen).await?;
    let address = listener.local_addr().map_err(Failure::system("address of the listener"))?;
    if let Some(address) = config.metrics_listen {
        let (listener, router) = (listen(address).await?, http::metrics_router(&door.meters));
        tokio::spawn(http::serve(listener, METRICS_CONNECTIONS, router, std::future::pending()));
    }
    if let Some(rotating) = keys.rotating {
        tokio::spawn(async move { rotating.follow().await });
    }
    greet(&config, &app, address, keys.secret.as_ref())?;
    if config.demo {
        tokio::spawn(load_demo(Arc::clone(&app)));
    }
    let (stopping, sockets) = (door.stopping.clone(), door.sockets.clone());
    let connections = door.limits.connections;
    let (router, stopped) = (http::router(door), stopping.clone().cancelled_owned());
    let serving: BoxFuture<'_, io::Result<()>> = match tls {
        Some(tls) => {
            tokio::spawn(tls.clone().follow());
            http::serve_tls(listener, connections, tls, router, stopped).boxed()
        }
        None => http::serve(listener, connections, router, stopped).boxed(),
    };
    let stop = stopping.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        tracing::info!("stopping: running requests are given time to end");
        stop.cancel();
    });
    sockets.close();
    let ended = async {
        let ended = serving.await;
        sockets.wait().await;
        ended
    };
    match select(pin!(ended), pin!(stopping.cancelled())).await {
        Either::Left((ended, _)) => ended.map_err(Failure::system("server"))?,
        Either::Right(((), ended)) => match tokio::time::timeout(config.drain_timeout, ended).await {
            Ok(ended) => ended.map_err(Failure::system("server"))?,
            Err(_) => tracing::warn!("stopped with requests still running"),
        },
    }
    tracing::info!("stopped");
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(Failure::system(format!("listen on {address}")))
}

/// Certificates and key, where TLS is asked for.
fn read_tls(config: &ServeConfig) -> Result<Option<Tls>, Failure> {
    match (&config.tls_cert_file, &config.tls_key_file) {
        (Some(certificates), Some(key)) => Ok(Some(Tls::read(certificates, key).map_err(Failure::system("TLS"))?)),
        _ => Ok(None),
    }
}

/// Whom the gateway is open to besides programs with a token.
fn open_to(config: &ServeConfig) -> OpenTo {
    let origins = config.cors_origins.iter().map(|origin| origin.as_str().to_owned()).collect();
    OpenTo { origins, metrics: config.metrics_listen.is_none() && (config.demo || config.dev) }
}

/// SQLite makes the file, but not the folder it is to be in.
fn make_folder(url: &str) -> Result<(), Failure> {
    let path = url.strip_prefix("sqlite://").and_then(|rest| rest.split('?').next()).map(Path::new);
    match path.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => fs::create_dir_all(folder).map_err(Failure::system(format!("folder {}", folder.display()))),
        None => Ok(()),
    }
}

/// Where a listener at `address` is reached from this machine: one that listens everywhere, on the loopback address.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(host, address.port())
}

/// Says where the gateway is; for show also how to get in.
fn greet(config: &ServeConfig, app: &App, address: SocketAddr, secret: Option<&Secret>) -> Result<(), Failure> {
    let scheme = if config.tls_cert_file.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://{}", reachable(address));
    println!("Deskgraph listens on {base}");
    let Some(secret) = secret.filter(|_| config.demo || config.dev) else { return Ok(()) };
    let workspace = if config.demo { demo::WORKSPACE } else { DEV_WORKSPACE };
    let grant = Grant {
        subject: "visitor".to_owned(),
        workspace: WorkspaceId(workspace.to_owned()),
        role: Role::Admin,
        teams: None,
        lifetime_ms: i64::try_from(LIFETIME.as_millis()).unwrap_or(i64::MAX),
    };
    let token = token::issue(secret, &grant, app.clock.now())?;
    println!("\nOpen this in a browser:\n  {base}/graphiql#token={token}");
    println!("\nToken of an admin of workspace {workspace}, good for 7 days:\n  {token}");
    if config.demo {
        println!("\nTwo queries to paste:");
        for (what, query) in demo::QUERIES {
            println!("  # {what}\n  {query}");
        }
    }
    println!();
    Ok(())
}

/// Loads the demonstration while the gateway answers already.
async fn load_demo(app: Arc<App>) {
    if let Err(error) = demo::load(&app, demo::SEED, demo::CASES).await {
        tracing::error!(%error, "the demo could not be loaded");
    }
}

async fn wait_for_signal() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
