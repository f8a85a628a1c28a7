//! `deskgraph check-config`: looks at everything that `serve` would need, and says of each thing whether it would do.

use super::{Failure, keys, read_tls};
use crate::app::App;
use crate::config::{DEFAULT_DATABASE, DEMO_DATABASE, ServeConfig};

/// Looks at what the options name, changing nothing; fails when `serve` would, after all of it was looked at.
pub async fn check(config: ServeConfig) -> Result<(), Failure> {
    let mut wrong = 0;
    let mut say = |what: &str, found: Result<String, Failure>| match found {
        Ok(text) => println!("ok     {what}: {text}"),
        Err(error) => {
            wrong += 1;
            println!("WRONG  {what}: {error}");
        }
    };
    let is_for_show = config.demo || config.dev;
    let identity = &config.identity;
    let keys = keys::read_keys(identity, is_for_show).await;
    let seal = keys::read_seal(identity, keys.as_ref().ok().and_then(|keys| keys.secret.as_ref()));
    let keys = match keys {
        Ok(keys) => keys.check().map(|()| keys.says(identity, is_for_show)),
        Err(error) => Err(error),
    };
    say("tokens", keys);
    say("page keys", seal.map(|_| "can be marked".to_owned()));
    let url = config.database.url(if config.demo { DEMO_DATABASE } else { DEFAULT_DATABASE });
    let database = App::check_database(url, config.database.database_wait).await;
    say("database", database.map_err(Failure::from));
    say("listen", listen(config.listen));
    if let Some(address) = config.metrics_listen {
        say("metrics", listen(address));
    }
    let tls = read_tls(&config)
        .map(|tls| if tls.is_some() { "certificates and key belong together" } else { "off; plain HTTP" });
    say("TLS", tls.map(str::to_owned));
    let bounds = (config.limits.bounds(), config.limits.admission(), config.limits.scan());
    say("limits", Ok(format!("{:?} {:?} {:?} {:?}", config.limits.limits(), bounds.0, bounds.1, bounds.2)));
    match wrong {
        0 => Ok(()),
        1 => Err(Failure::Wrong("one thing is wrong".to_owned())),
        _ => Err(Failure::Wrong(format!("{wrong} things are wrong"))),
    }
}

/// Whether the address can be listened on now.
fn listen(address: std::net::SocketAddr) -> Result<String, Failure> {
    std::net::TcpListener::bind(address)
        .map(|_| format!("{address} is free"))
        .map_err(Failure::system(format!("listen on {address}")))
}
