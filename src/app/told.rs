//! What a door tells the log about its request.

use std::sync::Arc;

use crate::model::Viewer;

/// Goes with the response to the one place that writes the log. Neither tokens, nor bodies, nor variables are ever in it.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Who asked.
    pub viewer: Option<Arc<Viewer>>,
    /// Name of the GraphQL operation.
    pub operation: Option<String>,
    /// Code of the error that was answered.
    pub code: Option<String>,
}
