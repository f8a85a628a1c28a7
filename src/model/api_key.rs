//! What is known of an API key: everything but the key.

use std::collections::BTreeSet;

use super::{Instant, Role, Viewer, WorkspaceId};

/// An API key, as those see it who may make and revoke them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// What it is called; it is part of the key.
    pub id: String,
    /// The workspace it opens.
    pub workspace: WorkspaceId,
    /// What it is for.
    pub name: String,
    /// The role of whoever uses it.
    pub role: Role,
    /// The teams whose cases it shows; `None`: all.
    pub teams: Option<BTreeSet<String>>,
    /// When it was made.
    pub created_at: Instant,
    /// When it ends by itself; `None`: never.
    pub expires_at: Option<Instant>,
    /// When it was revoked; `None`: it was not.
    pub revoked_at: Option<Instant>,
}

impl ApiKey {
    /// Indicates it lets somebody in at `now`.
    pub fn is_good(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whoever uses it. A subject of this form is of no token.
    pub fn viewer(self) -> Viewer {
        let permissions = self.role.permissions();
        let subject = format!("api-key:{}", self.id);
        Viewer { subject, workspace: self.workspace, role: self.role, permissions, teams: self.teams }
    }
}
