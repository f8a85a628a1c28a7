//! The line between a gateway and its PostgreSQL, which can be cut, and go silent, as when the server stops or its machine is gone.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncWrite, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How the line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Nothing goes through, nobody is told, and connections of that time never work again.
    Silent,
    /// Connections are closed.
    Cut,
}

/// See the module.
pub struct Line {
    address: SocketAddr,
    server: Arc<Server>,
    state: watch::Sender<State>,
    accepting: Option<JoinHandle<()>>,
}

enum Server {
    Socket(PathBuf),
    Address(String, u16),
}

impl Line {
    /// A line to the server of that URL, and the URL by which to go through it.
    pub async fn lay(url: &str) -> (Line, String) {
        let options = PgConnectOptions::from_str(url).unwrap();
        let port = options.get_port();
        let server = match options.get_socket() {
            Some(folder) => Server::Socket(folder.join(format!(".s.PGSQL.{port}"))),
            None => Server::Address(options.get_host().to_owned(), port),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, _) = watch::channel(State::Open);
        let mut line = Line { address, server: Arc::new(server), state, accepting: None };
        line.accept(listener);
        let (scheme, rest) = url.split_once("://").unwrap();
        let user = rest.split_once('@').map_or(String::new(), |(user, _)| format!("{user}@"));
        let through = format!("{scheme}://{user}{address}/{}", options.get_database().unwrap());
        (line, through)
    }

    fn accept(&mut self, listener: TcpListener) {
        let (server, state) = (Arc::clone(&self.server), self.state.clone());
        self.accepting = Some(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, Arc::clone(&server), state.subscribe()));
            }
        }));
    }

    /// Closes every connection and takes no new one.
    pub async fn cut(&mut self) {
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // The port is free once the task is gone.
            let _ = accepting.await;
        }
        self.state.send_replace(State::Cut);
    }

    /// Lets nothing through, and tells nobody; who is connected by then will never hear of the server again.
    pub fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    /// All is well again.
    pub async fn mend(&mut self) {
        self.state.send_replace(State::Open);
        if self.accepting.is_none() {
            let listener = TcpListener::bind(self.address).await.unwrap();
            self.accept(listener);
        }
    }
}

/// Carries one connection until either side ends it, or the line does.
async fn carry(client: TcpStream, server: Arc<Server>, mut state: watch::Receiver<State>) {
    let (from, to) = client.into_split();
    match &*server {
        Server::Socket(path) => {
            let Ok(stream) = UnixStream::connect(path).await else { return };
            let (back, forth) = stream.into_split();
            between((from, to), (back, forth), &mut state).await;
        }
        Server::Address(host, port) => {
            let Ok(stream) = TcpStream::connect((host.as_str(), *port)).await else { return };
            let (back, forth) = stream.into_split();
            between((from, to), (back, forth), &mut state).await;
        }
    }
}

async fn between<R, W>(
    (mut from, mut to): (OwnedReadHalf, OwnedWriteHalf),
    (mut back, mut forth): (R, W),
    state: &mut watch::Receiver<State>,
) where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut changes = state.clone();
    let is_silent = tokio::select! {
        changed = changes.wait_for(|state| *state != State::Open) => changed.is_ok_and(|state| *state == State::Silent),
        _ = copy(&mut from, &mut forth) => false,
        _ = copy(&mut back, &mut to) => false,
    };
    if is_silent {
        // The server notices in the end. The client waits for ever.
        let _ = state.wait_for(|state| *state != State::Silent).await;
        drop((back, forth));
        std::future::pending::<()>().await;
    }
}
