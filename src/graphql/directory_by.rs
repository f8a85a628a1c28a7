//! How a team, queue or policy is named when one is asked for.

use async_graphql::{ID, OneofObject};

/// Which one; exactly one field is given
#[derive(Clone, Debug, OneofObject)]
pub enum DirectoryBy {
    /// Global id
    Id(ID),
    /// The source's id
    ExternalId(String),
    /// Display name; of several with one name the one with the smallest id
    Name(String),
}
