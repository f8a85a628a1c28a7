//! `deskgraph health`: asks the gateway's `/readyz`, so that a container can be watched without another program in its image.

use std::error::Error as _;
use std::time::Duration;

use reqwest::blocking::Client;

use crate::config::HealthConfig;
use crate::server::{Failure, reachable};

/// Longest wait, so that this ends before those who watch give up.
const WAIT: Duration = Duration::from_secs(4);

/// Succeeds when the gateway says that it is ready.
pub fn run(config: &HealthConfig) -> Result<(), Failure> {
    let address = reachable(config.listen);
    let scheme = if config.tls_cert_file.is_some() { "https" } else { "http" };
    let status = ask(&format!("{scheme}://{address}/readyz")).map_err(|error| {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        Failure::Wrong(format!("gateway at {address}: {error}{cause}"))
    })?;
    if status != reqwest::StatusCode::OK {
        return Err(Failure::Wrong(format!("gateway at {address} is not ready: it answers {}", status.as_u16())));
    }
    println!("ready");
    Ok(())
}

/// The status that `/readyz` is answered with. The gateway's own certificate is of its name, not of this machine's address; nothing is told
/// to whoever answers.
fn ask(url: &str) -> reqwest::Result<reqwest::StatusCode> {
    crate::auth::key_source::choose_cryptography();
    let client = Client::builder().timeout(WAIT).no_proxy().danger_accept_invalid_certs(true).build()?;
    Ok(client.get(url).send()?.status())
}
