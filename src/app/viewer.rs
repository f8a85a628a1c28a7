//! Who asks, from what a door was handed: a bearer token, or a hand on the machine's own keyboard.

use super::Error;
use crate::auth::{self, Verifier};
use crate::model::{Instant, Permission, Role, Viewer, WorkspaceId};

/// The viewer of an `Authorization` header at `now`. `Unauthenticated` when there is none or it is not accepted.
pub fn authenticate(verifier: &Verifier, authorization: Option<&str>, now: Instant) -> Result<Viewer, Error> {
    const HOW: &str = "send a token as `Authorization: Bearer …`";
    let header = authorization.ok_or_else(|| Error::Unauthenticated(format!("token is missing; {HOW}")))?;
    let token = match header.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => return Err(Error::Unauthenticated(format!("authorization is no bearer token; {HOW}"))),
    };
    authenticate_token(verifier, token, now)
}

/// The viewer of a token that came by itself. `Unauthenticated` when it is not accepted.
pub fn authenticate_token(verifier: &Verifier, token: &str, now: Instant) -> Result<Viewer, Error> {
    verifier.verify(token, now).map_err(Error::from)
}

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

impl From<auth::Error> for Error {
    fn from(error: auth::Error) -> Error {
        match error {
            auth::Error::Key(_) => Error::Invalid(error.to_string()),
            _ => Error::Unauthenticated(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Secret;

    #[test]
    fn reads_bearer_headers_only() {
        let verifier = Verifier::from_secret(&Secret::random());
        let now = Instant::from_ms(0);
        let check = |header: Option<&str>, expected: &str| {
            let Err(Error::Unauthenticated(text)) = authenticate(&verifier, header, now) else {
                panic!("{header:?} was accepted");
            };
            assert!(text.starts_with(expected), "{header:?}: {text}");
        };
        check(None, "token is missing");
        check(Some(""), "authorization is no bearer token");
        check(Some("Basic YTpi"), "authorization is no bearer token");
        check(Some("bearer abc"), "token is not valid here");
    }

    #[test]
    fn names_the_role_that_has_the_permission() {
        let owner = local_owner(WorkspaceId("main".into()));
        assert_eq!(require(&owner, Permission::Administer), Ok(()));
        let agent = Viewer { role: Role::Agent, permissions: Role::Agent.permissions(), ..owner };
        let refused = require(&agent, Permission::Ingest).map_err(|error| error.to_string());
        assert_eq!(refused, Err("permission `ingest` is needed; role `admin` has it, `agent` has not".to_owned()));
    }
}
