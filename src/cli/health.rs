//! `deskgraph health`: asks the gateway's `/readyz`, so that a container can be watched without another program in its image.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::config::HealthConfig;
use crate::server::{Failure, reachable};

/// Longest wait for each step, so that the whole ends before those who watch give up.
const WAIT: Duration = Duration::from_secs(2);
/// Longest first line of an answer that is read, in bytes.
const LIMIT_LINE_BYTES: u64 = 1_024;

/// Succeeds when the gateway says that it is ready.
pub fn run(config: &HealthConfig) -> Result<(), Failure> {
    let address = reachable(config.listen);
    let status = ask(address).map_err(Failure::system(format!("gateway at {address}")))?;
    if status != "200" {
        return Err(Failure::Wrong(format!("gateway at {address} is not ready: it answers {status}")));
    }
    println!("ready");
    Ok(())
}

/// The status that `/readyz` is answered with.
fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, WAIT)?;
    stream.set_read_timeout(Some(WAIT))?;
    stream.set_write_timeout(Some(WAIT))?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream.take(LIMIT_LINE_BYTES)).read_line(&mut line)?;
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some(version), Some(status)) if version.starts_with("HTTP/") => Ok(status.to_owned()),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "does not speak HTTP")),
    }
}
