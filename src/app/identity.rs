//! Who asks, from what a door was handed: a token that the configured signer signed, or an API key. One works wherever the other does.
//!
//! A key is looked up each time, by one statement, so that it is worth nothing from the moment when it is revoked.

use std::sync::Arc;

use super::told::note;
use super::{App, Error};
use crate::auth::{self, Verifier, api_key};
use crate::model::Viewer;

/// Finds out who somebody is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Identity {
    app: App,
    verifier: Verifier,
}

impl Identity {
    /// Takes tokens that `verifier` accepts, and the API keys of the database.
    pub fn new(app: &App, verifier: Verifier) -> Identity {
        Identity { app: app.clone(), verifier }
    }

    /// The viewer of an `Authorization` header.
    ///
    /// # Errors
    /// `Unauthenticated` when there is none or it is not accepted, `Unavailable` when nobody can say.
    pub async fn of_header(&self, authorization: Option<&str>) -> Result<Arc<Viewer>, Error> {
        self.of_token(token_of(authorization)?).await
    }

    /// The viewer of a token or key that came by itself.
    ///
    /// # Errors
    /// As `of_header`.
    pub async fn of_token(&self, token: &str) -> Result<Arc<Viewer>, Error> {
        let viewer = Arc::new(self.judge(token).await?);
        note(|told| told.viewer = Some(Arc::clone(&viewer)));
        Ok(viewer)
    }

    async fn judge(&self, token: &str) -> Result<Viewer, Error> {
        let now = self.app.clock.now();
        if !token.starts_with(api_key::PREFIX) {
            return Ok(self.verifier.verify(token, now).await?);
        }
        // Why it is not accepted says nothing to who has a key that never was one.
        let refused =
            || Error::Unauthenticated("api key is not valid here; it may have expired or been revoked".to_owned());
        let hash = api_key::hash_of(token).ok_or_else(refused)?;
        // Large, and not to be moved about with tokens.
        let key = Box::pin(self.app.store.find_api_key(&hash)).await?;
        Ok(key.filter(|key| key.is_good(now)).ok_or_else(refused)?.viewer())
    }
}

/// The token of an `Authorization` header.
fn token_of(authorization: Option<&str>) -> Result<&str, Error> {
    const HOW: &str = "send a token as `Authorization: Bearer …`";
    let header = authorization.ok_or_else(|| Error::Unauthenticated(format!("token is missing; {HOW}")))?;
    match header.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Error::Unauthenticated(format!("authorization is no bearer token; {HOW}"))),
    }
}

impl From<auth::Error> for Error {
    fn from(error: auth::Error) -> Error {
        match error {
            auth::Error::Key(_) => Error::Invalid(error.to_string()),
            auth::Error::NoKeys => Error::Unavailable(error.to_string()),
            _ => Error::Unauthenticated(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bearer_headers_only() {
        let check = |header: Option<&str>, expected: Result<&str, &str>| {
            let found = token_of(header).map_err(|error| error.to_string());
            match expected {
                Ok(token) => assert_eq!(found, Ok(token)),
                Err(text) => {
                    assert!(found.as_ref().is_err_and(|found| found.starts_with(text)), "{header:?}: {found:?}")
                }
            }
        };
        check(None, Err("token is missing"));
        check(Some(""), Err("authorization is no bearer token"));
        check(Some("Basic YTpi"), Err("authorization is no bearer token"));
        check(Some("bearer abc"), Ok("abc"));
    }
}
