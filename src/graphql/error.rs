//! Errors as the graph shows them: the use case's text and, in `extensions.code`, what kind it is. What the library finds wrong with a
//! request has no code of its own and gets one here.

use std::sync::Arc;

use async_graphql::{ErrorExtensions, Response, ServerError};

use crate::app::Error;

/// The library's texts for its own limits.
const LIBRARY_LIMITS: [&str; 2] = ["The recursion depth of the query cannot", "The number of directives on the field"];

/// An error of a field.
pub fn shown(error: &Error) -> async_graphql::Error {
    async_graphql::Error::new(error.to_string()).extend_with(|_, extensions| extensions.set("code", error.code()))
}

/// An error of the request as a whole.
pub fn refused(error: &Error) -> ServerError {
    shown(error).into_server_error(async_graphql::Pos::default())
}

/// A value behind a loader, or the error of the batch it was to come in.
pub fn shared<T>(result: Result<T, Arc<Error>>) -> async_graphql::Result<T> {
    result.map_err(|error| shown(&error))
}

/// Gives every error without a code the one it should have: a limit of the library, else a wrong request.
pub fn code_library_errors(response: &mut Response) {
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_with(Default::default);
        if extensions.get("code").is_none() {
            let is_limit = LIBRARY_LIMITS.iter().any(|text| error.message.starts_with(text));
            let code = if is_limit { Error::Limit(String::new()).code() } else { Error::Invalid(String::new()).code() };
            extensions.set("code", code);
        }
    }
}
