//! `deskgraph serve` as a process of its own, spoken to over a socket, so that it can be killed and starved.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use deskgraph::auth::{Grant, Secret, token};
use deskgraph::model::{Instant, Role, WorkspaceId};
use serde_json::{Value, json};

use super::{NOW, Place, WORKSPACE};

const KEY: &str = "a secret of the axe, long enough to be one";
/// Longest wait for an answer: more than any test may need, less than for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// See the module. Dropping it kills it.
pub struct Gateway {
    child: Option<Child>,
    pub address: String,
    log: PathBuf,
}

/// What a request was answered with.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Value,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The code of the error that a plain door answered.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}

impl Gateway {
    /// Starts it and waits until it listens.
    pub fn start(place: &Place, words: &[&str]) -> Gateway {
        let served = place.program(&["serve", "--listen", "127.0.0.1:0"]);
        // A file too large is an error to be answered, as a full disk is, no reason to die.
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(served.get_program());
        command.args(served.get_args()).args(words).current_dir(place.folder.path());
        for (name, value) in served.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let log = place.folder.path().join("gateway.log");
        let file = File::options().create(true).append(true).open(&log).unwrap();
        command.env("DESKGRAPH_SIGNING_KEY", KEY).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
        let mut child = command.spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let address = first.trim().strip_prefix("Deskgraph listens on http://").map(str::to_owned);
        let address = address.unwrap_or_else(|| panic!("{first}{}", fs::read_to_string(&log).unwrap()));
        Gateway { child: Some(child), address, log }
    }

    /// Number of its process.
    pub fn process(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Its process, for somebody else to kill.
    pub fn release(mut self) -> Child {
        self.child.take().unwrap()
    }

    /// Sends lines as an owner.
    pub fn ingest(&self, lines: &str) -> io::Result<Answer> {
        ingest(&self.address, lines)
    }

    /// Asks the graph as an owner.
    pub fn ask(&self, query: &str) -> Answer {
        ask(&self.address, query)
    }

    pub fn get(&self, path: &str) -> Answer {
        send(&self.address, &format!("GET {path}"), "text/plain", "").unwrap()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Sends lines as an owner.
pub fn ingest(address: &str, lines: &str) -> io::Result<Answer> {
    send(address, "POST /ingest", "application/x-ndjson", lines)
}

/// Asks the graph as an owner.
pub fn ask(address: &str, query: &str) -> Answer {
    let body = json!({ "query": query }).to_string();
    send(address, "POST /graphql", "application/json", &body).unwrap()
}

/// One request on a connection of its own.
fn send(address: &str, line: &str, content_type: &str, body: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let token = owner_token();
    let length = body.len();
    write!(
        stream,
        "{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let cut_off = || io::Error::new(io::ErrorKind::UnexpectedEof, "answer is cut off");
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut_off)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut_off)?;
    let body = serde_json::from_str(body).map_err(|_| cut_off())?;
    Ok(Answer { status, head: head.to_owned(), body })
}

fn owner_token() -> String {
    let grant = Grant {
        subject: "kim".to_owned(),
        workspace: WorkspaceId(WORKSPACE.to_owned()),
        role: Role::Owner,
        teams: None,
        lifetime_ms: 3_600_000,
    };
    token::issue(&Secret::new(KEY).unwrap(), &grant, Instant::parse(NOW).unwrap()).unwrap()
}
