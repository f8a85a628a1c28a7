//! `deskgraph api-key`: makes, lists and revokes API keys, beside the database.

use serde_json::json;

use crate::app::api_keys::KeyWish;
use crate::app::viewer::local_owner;
use crate::app::{App, Clock};
use crate::config::{ApiKeyCommand, ApiKeyCreateConfig, ApiKeyListConfig, DEFAULT_DATABASE};
use crate::model::{ApiKey, Instant, Viewer, WorkspaceId};
use crate::server::Failure;

/// Does what is asked, and prints what comes of it on standard output.
pub async fn run(command: ApiKeyCommand) -> Result<(), Failure> {
    match command {
        ApiKeyCommand::Create(config) => create(config).await,
        ApiKeyCommand::List(config) => {
            let (app, owner) = open(&config).await?;
            for key in app.api_keys(&owner).await? {
                println!("{}", line(&key, app.clock.now()));
            }
            Ok(())
        }
        ApiKeyCommand::Revoke(config) => {
            let (app, owner) = open(&config.of).await?;
            app.revoke_api_key(&owner, &config.id).await?;
            println!("revoked {}", config.id);
            Ok(())
        }
    }
}

async fn create(config: ApiKeyCreateConfig) -> Result<(), Failure> {
    let (app, owner) = open(&config.of).await?;
    let lifetime_ms = config.expires.map(|span| i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
    let wish = KeyWish {
        name: config.name,
        role: config.role,
        teams: (!config.teams.is_empty()).then(|| config.teams.into_iter().collect()),
        expires_at: lifetime_ms.map(|ms| app.clock.now().plus_ms(ms)),
    };
    let (key, fresh) = app.make_api_key(&owner, wish).await?;
    eprintln!("{}", line(&key, app.clock.now()));
    eprintln!("Send it as `Authorization: Bearer …`. It is shown this once:");
    println!("{}", fresh.text());
    Ok(())
}

async fn open(config: &ApiKeyListConfig) -> Result<(App, Viewer), Failure> {
    let database = &config.database;
    let clock: Clock = config.clock.clock();
    let app = App::open_waiting(database.url(DEFAULT_DATABASE), database.database_wait, clock).await?;
    Ok((app, local_owner(WorkspaceId(config.workspace.clone()))))
}

/// A key as a line of JSON.
fn line(key: &ApiKey, now: Instant) -> String {
    json!({
        "id": key.id,
        "workspace": key.workspace.0,
        "name": key.name,
        "role": key.role.word(),
        "teams": key.teams,
        "createdAt": key.created_at.to_string(),
        "expiresAt": key.expires_at.map(|at| at.to_string()),
        "revokedAt": key.revoked_at.map(|at| at.to_string()),
        "isGood": key.is_good(now),
    })
    .to_string()
}
