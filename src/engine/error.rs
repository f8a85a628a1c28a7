//! What keeps a question from being answered.

use crate::record::RecordKind;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Over a bound; names bound and value.
    #[error("{0}")]
    Limit(String),
    /// Whoever asked no longer waits.
    #[error("the question was cancelled")]
    Cancelled,
    /// Over the time that a question may take.
    #[error("the question takes more than {0} ms; at most that many are allowed")]
    TimedOut(u128),
    /// A column that the picture does not keep, or not of the sort that the question needs.
    #[error("{kind} has no column {name} that is {sort}")]
    Column {
        /// Whose.
        kind: RecordKind,
        /// Which.
        name: &'static str,
        /// What it would have to be.
        sort: &'static str,
    },
}
