//! What can go wrong, folded by what the caller can do about it. Each door renders it once in its own way.

use std::error::Error as _;

use crate::model::{FieldError, FilterError, WindowError};
use crate::store::StoreError;

/// An error of a use case. The text is for the caller: lower case, no full stop, names the thing and what is allowed. Causes inside
/// the program are logged where they are caught and never sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No token, or one that is not accepted.
    #[error("{0}")]
    Unauthenticated(String),
    /// The viewer may not do that.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or none that the viewer sees.
    #[error("{0}")]
    NotFound(String),
    /// The request is wrong; the text says where and what is allowed.
    #[error("{0}")]
    Invalid(String),
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// A bound was met; the text names bound and value.
    #[error("{0}")]
    Limit(String),
    /// So many requests that this viewer has to wait.
    #[error("too many requests of one viewer; try again in {seconds} s")]
    TooOften {
        /// When there is room again.
        seconds: u64,
    },
    /// The database cannot be reached or is out of room; trying again may help.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours; logged, not shown.
    #[error("internal error")]
    Internal,
}

impl Error {
    /// The code by which programs tell errors apart.
    pub const fn code(&self) -> &'static str {
        match self {
            Error::Unauthenticated(_) => "UNAUTHENTICATED",
            Error::Forbidden(_) => "FORBIDDEN",
            Error::NotFound(_) => "NOT_FOUND",
            Error::Invalid(_) => "BAD_USER_INPUT",
            Error::Conflict(_) => "CONFLICT",
            Error::Limit(_) | Error::TooOften { .. } => "LIMIT_EXCEEDED",
            Error::Unavailable(_) => "UNAVAILABLE",
            Error::Internal => "INTERNAL_SERVER_ERROR",
        }
    }
}

impl From<FieldError> for Error {
    fn from(error: FieldError) -> Error {
        Error::Invalid(error.to_string())
    }
}

impl From<FilterError> for Error {
    fn from(error: FilterError) -> Error {
        match error {
            FilterError::TooMany { .. } => Error::Limit(error.to_string()),
            FilterError::Invalid(_) => Error::Invalid(error.to_string()),
        }
    }
}

impl From<WindowError> for Error {
    fn from(error: WindowError) -> Error {
        match error {
            WindowError::TooMany { .. } => Error::Limit(error.to_string()),
            WindowError::Invalid(_) => Error::Invalid(error.to_string()),
        }
    }
}

/// The cause is logged here, once; the caller learns what can be done about it.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        match error {
            StoreError::Limit(text) => return Error::Limit(text),
            StoreError::Address | StoreError::Invalid(_) => return Error::Invalid(error.to_string()),
            _ => tracing::error!(error = %error, cause, "the store failed"),
        }
        match error {
            StoreError::Unavailable(_) | StoreError::Full(_) | StoreError::Busy(_) | StoreError::Silent => {
                Error::Unavailable(format!("{error}; try again later"))
            }
            _ => Error::Internal,
        }
    }
}
