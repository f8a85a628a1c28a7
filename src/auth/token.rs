//! What a JSON web token says: its claims read into a [`Viewer`], and one signed with the gateway's own secret. The time is given by the
//! caller, so `exp` and `nbf` are judged here and not by the library.

use std::collections::BTreeSet;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Deserialize;

use super::{Error, Secret};
use crate::model::{Instant, Permission, Role, Viewer, WorkspaceId};

/// Longest subject, workspace id and team id, in characters.
const LIMIT_ID_CHARS: usize = 200;
/// Most teams that a token may name.
const LIMIT_TEAMS: usize = 200;

/// What a token that the gateway signs itself grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who it is for.
    pub subject: String,
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// The role there.
    pub role: Role,
    /// The teams whose cases it shows; `None`: all.
    pub teams: Option<BTreeSet<String>>,
    /// How long it is good for, in milliseconds.
    pub lifetime_ms: i64,
}

/// The claims as they travel. Words are kept as text, so that an unknown one can be named.
#[derive(Deserialize)]
pub(super) struct Claims {
    sub: Option<String>,
    workspace: Option<String>,
    role: Option<String>,
    #[serde(default)]
    permissions: Vec<String>,
    teams: Option<Vec<String>>,
    nbf: Option<f64>,
    exp: Option<f64>,
}

/// Signs a token by HS256.
pub fn issue(secret: &Secret, grant: &Grant, now: Instant) -> Result<String, Error> {
    let issued_at = now.ms().div_euclid(Instant::SECOND_MS);
    let expires_at = now.plus_ms(grant.lifetime_ms).ms().div_euclid(Instant::SECOND_MS);
    let claims = serde_json::json!({
        "sub": grant.subject,
        "workspace": grant.workspace.0,
        "role": grant.role.word(),
        "teams": grant.teams,
        "iat": issued_at,
        "exp": expires_at,
    });
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(secret.bytes()))
        .map_err(|_| Error::Key("signing key cannot sign"))
}

/// Whether it is good at `now`, when the clocks of issuer and gateway may be `leeway_ms` apart.
pub(super) fn judge_times(claims: &Claims, now: Instant, leeway_ms: i64) -> Result<(), Error> {
    let expires_at = claims.exp.ok_or(Error::Claim { claim: "exp", reason: "is missing" })?;
    if now >= instant(expires_at, "exp")?.plus_ms(leeway_ms) {
        return Err(Error::Expired);
    }
    match claims.nbf {
        Some(from) if now.plus_ms(leeway_ms) < instant(from, "nbf")? => Err(Error::NotYet),
        _ => Ok(()),
    }
}

/// A NumericDate of RFC 7519: seconds, fractions allowed.
fn instant(seconds: f64, claim: &'static str) -> Result<Instant, Error> {
    if !seconds.is_finite() {
        return Err(Error::Claim { claim, reason: "is not a number of seconds" });
    }
    // A float that does not fit saturates, and `from_ms` clamps.
    Ok(Instant::from_ms((seconds * 1_000.0) as i64))
}

/// The authority that the claims grant.
pub(super) fn read_claims(claims: Claims) -> Result<Viewer, Error> {
    let subject = read_id(claims.sub, "sub")?;
    let workspace = WorkspaceId(read_id(claims.workspace, "workspace")?);
    let role = claims
        .role
        .as_deref()
        .and_then(Role::from_word)
        .ok_or(Error::Claim { claim: "role", reason: "is none of agent, manager, admin, owner" })?;
    let mut permissions = role.permissions();
    for word in &claims.permissions {
        permissions.insert(Permission::from_word(word).ok_or(Error::Claim {
            claim: "permissions",
            reason: "holds something other than read_cases, read_analytics, ingest, administer",
        })?);
    }
    let teams = match claims.teams {
        None => None,
        Some(ids) if ids.len() > LIMIT_TEAMS => {
            return Err(Error::Claim { claim: "teams", reason: "names more than 200 teams" });
        }
        Some(ids) => Some(ids.into_iter().map(|id| read_id(Some(id), "teams")).collect::<Result<_, _>>()?),
    };
    Ok(Viewer { subject, workspace, role, permissions, teams })
}

fn read_id(text: Option<String>, claim: &'static str) -> Result<String, Error> {
    text.filter(|id| (1..=LIMIT_ID_CHARS).contains(&id.chars().count()) && !id.chars().any(char::is_control))
        .ok_or(Error::Claim { claim, reason: "is not a text of 1 to 200 characters" })
}

#[cfg(test)]
mod tests;
