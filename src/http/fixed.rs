//! Answers that follow from a request's body and the viewer alone, such as what the schema says of itself. They are kept as bytes for
//! whoever sends the same again.

use std::sync::Arc;

use axum::body::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::negotiate::Answer;
use crate::model::Viewer;

/// Memory that all of them take, in bytes: the whole schema's description takes about a megabyte.
const LIMIT_BYTES: u64 = 32 * 1024 * 1024;
/// Longest body that is remembered, in bytes.
const LIMIT_BODY_BYTES: usize = 32 * 1024;
/// What one takes besides its bytes, about.
const ENTRY_BYTES: usize = 512;

/// What an answer follows from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// Who asks, as the token says.
    pub viewer: Arc<Viewer>,
    /// In which media type it is answered.
    pub answer: Answer,
    /// The request's body.
    pub body: Bytes,
}

/// What was answered, without errors.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// Name of the operation.
    pub operation: Option<String>,
    /// What it was estimated to cost.
    pub cost: u64,
    /// The answer's body.
    pub body: Bytes,
}

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Asked, Fixed> for Weight {
    fn weight(&self, asked: &Asked, fixed: &Fixed) -> u64 {
        (ENTRY_BYTES + asked.body.len() + fixed.body.len()) as u64
    }
}

/// See the module.
pub struct FixedAnswers(Cache<Asked, Fixed, Weight>);

impl Default for FixedAnswers {
    fn default() -> FixedAnswers {
        FixedAnswers(Cache::with_weighter(1_000, LIMIT_BYTES, Weight))
    }
}

impl FixedAnswers {
    /// What was answered before.
    pub fn find(&self, asked: &Asked) -> Option<Fixed> {
        self.0.get(asked)
    }

    /// Keeps an answer that has no errors.
    pub fn keep(&self, asked: Asked, fixed: Fixed) {
        if asked.body.len() <= LIMIT_BODY_BYTES {
            // Bodies are cut from what the connection read, which is larger.
            self.0.insert(Asked { body: Bytes::copy_from_slice(&asked.body), ..asked }, fixed);
        }
    }
}
