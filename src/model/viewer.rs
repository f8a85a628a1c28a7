//! Who asks: one workspace, what they may do there, and which teams' cases they see.

use std::collections::BTreeSet;

use super::words;

/// Id of a workspace, as tokens name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkspaceId(pub String);

impl std::fmt::Display for WorkspaceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// What somebody is in a workspace; each role may do all that the one before may.
    Role {
        /// Reads cases.
        Agent = "agent",
        /// Reads analytics too.
        Manager = "manager",
        /// Sends data in too.
        Admin = "admin",
        /// Administers too.
        Owner = "owner",
    }
}
words! {
    /// What one may do.
    Permission {
        /// Read cases and the directory.
        ReadCases = "read_cases",
        /// Read figures.
        ReadAnalytics = "read_analytics",
        /// Send data in.
        Ingest = "ingest",
        /// Change the workspace and its keys.
        Administer = "administer",
    }
}

impl Role {
    /// What the role may do.
    pub fn permissions(self) -> BTreeSet<Permission> {
        let count = match self {
            Role::Agent => 1,
            Role::Manager => 2,
            Role::Admin => 3,
            Role::Owner => 4,
        };
        Permission::ALL.iter().copied().take(count).collect()
    }
}

/// The authority behind a request. Holding one is what lets code touch a workspace's data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Viewer {
    /// Who: the token's subject.
    pub subject: String,
    /// Where.
    pub workspace: WorkspaceId,
    /// As what.
    pub role: Role,
    /// May do what: the role's permissions and those the token adds.
    pub permissions: BTreeSet<Permission>,
    /// Sees only cases that are these teams' now; `None`: all of the workspace's.
    pub teams: Option<BTreeSet<String>>,
}

impl Viewer {
    /// Indicates the viewer may do that.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}
