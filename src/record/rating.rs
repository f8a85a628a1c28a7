//! Ratings given (SEMANTICS 8).

use crate::model::Instant;

/// One rating with a score.
#[derive(Clone, Debug, PartialEq)]
pub struct RatingRecord {
    /// The source's identifier.
    pub id: String,
    /// When it was given.
    pub rated_at: Instant,
    /// When it was offered.
    pub offered_at: Option<Instant>,
    /// 1 to 5.
    pub score: i32,
    /// What the customer wrote.
    pub comment: Option<String>,
    /// Agent rated.
    pub agent: Option<String>,
    /// Team rated.
    pub team: Option<String>,
    /// Queue rated.
    pub queue: Option<String>,
}

/// Derives the rows of a replayed case.
pub fn derive(_timeline: &super::Timeline<'_>) -> Vec<RatingRecord> {
    Vec::new()
}
