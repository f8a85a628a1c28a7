//! What can go wrong with the database, by what can be done about it.

use sea_orm::sqlx;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

use crate::model::FieldError;

/// Text of the `DbErr` by which a reader refuses a text with a NUL character.
pub(super) const HOLDS_NUL: &str = "holds a NUL character, which no text kept here has";

/// An error of the store. The source says more, for the log alone.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database cannot be used.
    #[error("database url must start with sqlite:// (a file) or postgres://")]
    Address,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unavailable(#[source] DbErr),
    /// The database has no room left.
    #[error("the database is out of room")]
    Full(#[source] DbErr),
    /// Others held what was needed for too long, or no connection could be had in time.
    #[error("the database is busy")]
    Busy(#[source] DbErr),
    /// It did not answer in time.
    #[error("the database does not answer")]
    Silent,
    /// A row holds what the program never wrote.
    #[error("column {column} holds a value that it cannot hold")]
    Corrupt {
        /// Table and column.
        column: &'static str,
    },
    /// What was asked does not fit what it is asked of, such as a cursor of another list.
    #[error(transparent)]
    Invalid(#[from] FieldError),
    /// A bound was met.
    #[error("{0}")]
    Limit(String),
    /// A row of that key is there already.
    #[error("the database has a row of that key already")]
    Duplicate(#[source] DbErr),
    /// Any other failure.
    #[error("the database failed")]
    Failed(#[source] DbErr),
    /// Deriving stopped: a fault of ours.
    #[error("deriving the rows of a case failed")]
    Derivation,
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> StoreError {
        match &error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => StoreError::Busy(error),
            DbErr::ConnectionAcquire(_) => StoreError::Unavailable(error),
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => match reason(cause) {
                Reason::Unavailable => StoreError::Unavailable(error),
                Reason::Full => StoreError::Full(error),
                Reason::Busy => StoreError::Busy(error),
                Reason::Duplicate => StoreError::Duplicate(error),
                Reason::Other => StoreError::Failed(error),
            },
            DbErr::Custom(text) if text == HOLDS_NUL => StoreError::Invalid(FieldError::new("request", HOLDS_NUL)),
            DbErr::Conn(_) => StoreError::Unavailable(error),
            _ => StoreError::Failed(error),
        }
    }
}

enum Reason {
    Unavailable,
    Full,
    Busy,
    Duplicate,
    Other,
}

fn reason(cause: &sqlx::Error) -> Reason {
    match cause {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            Reason::Unavailable
        }
        sqlx::Error::PoolTimedOut => Reason::Busy,
        sqlx::Error::Database(database) => reason_of_code(database.code().as_deref().unwrap_or_default()),
        _ => Reason::Other,
    }
}

/// SQLite's (extended) result codes are numbers, PostgreSQL's five characters.
fn reason_of_code(code: &str) -> Reason {
    if code.len() == 5 {
        return match code {
            "53300" | "55P03" | "57014" | "40001" | "40P01" => Reason::Busy,
            "23505" => Reason::Duplicate,
            // A standby, a database that is no more, and one that no longer lets us in.
            "25006" | "3D000" => Reason::Unavailable,
            _ => match code.get(..2) {
                Some("08" | "28" | "57" | "58") => Reason::Unavailable,
                Some("53") => Reason::Full,
                _ => Reason::Other,
            },
        };
    }
    if matches!(code, "1555" | "2067") {
        return Reason::Duplicate;
    }
    match code.parse::<u32>().map(|code| code & 0xff) {
        // 9: a statement that was ended because it took too long.
        Ok(5 | 6 | 9 | 15) => Reason::Busy,
        Ok(13) => Reason::Full,
        Ok(8 | 10 | 14) => Reason::Unavailable,
        _ => Reason::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        let check = |code: &str, expected: &str| {
            let found = match reason_of_code(code) {
                Reason::Unavailable => "unavailable",
                Reason::Full => "full",
                Reason::Busy => "busy",
                Reason::Duplicate => "duplicate",
                Reason::Other => "other",
            };
            assert_eq!(found, expected, "{code}");
        };
        check("13", "full");
        check("517", "busy");
        check("9", "busy");
        check("57014", "busy");
        check("14", "unavailable");
        check("778", "unavailable");
        check("1555", "duplicate");
        check("1299", "other");
        check("53100", "full");
        check("57P01", "unavailable");
        check("08006", "unavailable");
        check("40P01", "busy");
        check("53200", "full");
        check("58030", "unavailable");
        check("25006", "unavailable");
        check("28P01", "unavailable");
        check("23505", "duplicate");
        check("23502", "other");
    }
}
