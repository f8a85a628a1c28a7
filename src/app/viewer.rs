//! What who asks may do. Who that is, `identity` finds out.

use super::Error;
use crate::model::{Permission, Role, Viewer, WorkspaceId};

/// The owner of a workspace, for commands run beside the database rather than through a door.
pub fn local_owner(workspace: WorkspaceId) -> Viewer {
    let role = Role::Owner;
    Viewer { subject: "command line".to_owned(), workspace, role, permissions: role.permissions(), teams: None }
}

/// `Forbidden` unless the viewer may do that.
pub fn require(viewer: &Viewer, permission: Permission) -> Result<(), Error> {
    if viewer.may(permission) {
        return Ok(());
    }
    let needed = Role::ALL.iter().find(|role| role.permissions().contains(&permission));
    let role = needed.map_or("owner", |role| role.word());
    Err(Error::Forbidden(format!(
        "permission `{permission}` is needed; role `{role}` has it, `{}` has not",
        viewer.role
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_role_that_has_the_permission() {
        let owner = local_owner(WorkspaceId("main".into()));
        assert_eq!(require(&owner, Permission::Administer), Ok(()));
        let agent = Viewer { role: Role::Agent, permissions: Role::Agent.permissions(), ..owner };
        let refused = require(&agent, Permission::Ingest).map_err(|error| error.to_string());
        assert_eq!(refused, Err("permission `ingest` is needed; role `admin` has it, `agent` has not".to_owned()));
    }
}
