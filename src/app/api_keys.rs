//! Making, listing and revoking API keys.

use std::collections::BTreeSet;

use super::viewer::require;
use super::{App, Error};
use crate::auth::FreshKey;
use crate::auth::api_key::hash_of;
use crate::model::{ApiKey, ID_CHARS, Instant, Permission, Role, Viewer};

/// Longest name of a key, in characters.
const LIMIT_NAME_CHARS: usize = 200;
/// Most teams of a key.
const LIMIT_TEAMS: usize = 200;
/// Most keys of a workspace that are good.
const LIMIT_KEYS: usize = 1_000;

/// What a new key is for.
#[derive(Clone, Debug)]
pub struct KeyWish {
    /// What it is for, in words.
    pub name: String,
    /// The role of whoever uses it.
    pub role: Role,
    /// The teams whose cases it shows; `None`: all.
    pub teams: Option<BTreeSet<String>>,
    /// When it ends by itself; `None`: never.
    pub expires_at: Option<Instant>,
}

impl App {
    /// Makes a key for the viewer's workspace. The key itself is in the answer and nowhere else.
    ///
    /// # Errors
    /// `Forbidden` without the permission to administer, `Invalid` for a name or team that cannot be one, `Limit` for too many keys.
    pub async fn make_api_key(&self, viewer: &Viewer, wish: KeyWish) -> Result<(ApiKey, FreshKey), Error> {
        require(viewer, Permission::Administer)?;
        check(&wish)?;
        let now = self.clock.now();
        let kept = self.store.api_keys(&viewer.workspace).await?;
        if kept.iter().filter(|key| key.is_good(now)).count() >= LIMIT_KEYS {
            return Err(Error::Limit(format!("workspace has {LIMIT_KEYS} keys; revoke one first")));
        }
        let fresh = FreshKey::random();
        let key = ApiKey {
            id: fresh.id().to_owned(),
            workspace: viewer.workspace.clone(),
            name: wish.name,
            role: wish.role,
            teams: wish.teams,
            created_at: now,
            expires_at: wish.expires_at,
            revoked_at: None,
        };
        let hash = hash_of(&fresh.text()).ok_or(Error::Internal)?;
        self.store.add_api_key(&key, &hash).await?;
        tracing::info!(workspace = %key.workspace, key = key.id, role = %key.role, "api key was made");
        Ok((key, fresh))
    }

    /// Every key of the viewer's workspace, the newest first.
    ///
    /// # Errors
    /// `Forbidden` without the permission to administer.
    pub async fn api_keys(&self, viewer: &Viewer) -> Result<Vec<ApiKey>, Error> {
        require(viewer, Permission::Administer)?;
        Ok(self.store.api_keys(&viewer.workspace).await?)
    }

    /// Takes all worth from a key, from now on.
    ///
    /// # Errors
    /// `Forbidden` without the permission to administer, `NotFound` when there is no such key that is not revoked.
    pub async fn revoke_api_key(&self, viewer: &Viewer, id: &str) -> Result<(), Error> {
        require(viewer, Permission::Administer)?;
        if !self.store.revoke_api_key(&viewer.workspace, id, self.clock.now()).await? {
            let text = format!("api key `{id}` is none of workspace `{}`, or was revoked before", viewer.workspace);
            return Err(Error::NotFound(text));
        }
        tracing::info!(workspace = %viewer.workspace, key = id, "api key was revoked");
        Ok(())
    }
}

fn check(wish: &KeyWish) -> Result<(), Error> {
    let is_text =
        |text: &str, limit: usize| (1..=limit).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if !is_text(&wish.name, LIMIT_NAME_CHARS) {
        return Err(Error::Invalid(format!("name of a key is a text of 1 to {LIMIT_NAME_CHARS} characters")));
    }
    let teams = wish.teams.iter().flatten();
    if teams.clone().count() > LIMIT_TEAMS {
        return Err(Error::Limit(format!("a key shows the cases of {LIMIT_TEAMS} teams at most")));
    }
    match teams.into_iter().find(|team| !is_text(team, ID_CHARS)) {
        Some(_) => Err(Error::Invalid(format!("team of a key is an id of 1 to {ID_CHARS} characters"))),
        None => Ok(()),
    }
}
