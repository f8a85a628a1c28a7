//! The rules of workspaces, kept between requests until their workspace changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::Error;
use crate::model::{Reference, Workspace, WorkspaceId};
use crate::record::Rules;
use crate::store::{Reader, Store};

/// Most workspaces whose rules are kept.
const MAX_KEPT: usize = 256;

/// The rules of the workspaces asked about lately, each with the revision it holds for. Cheap to clone; clones share what is kept.
#[derive(Clone, Debug, Default)]
pub struct RulesCache {
    kept: Arc<Mutex<HashMap<WorkspaceId, Kept>>>,
}

#[derive(Debug)]
struct Kept {
    revision: i64,
    rules: Arc<Rules>,
}

impl RulesCache {
    /// The rules of the reader's workspace, as of its latest revision.
    pub(super) async fn get(&self, store: &Store, reader: &Reader, id: &WorkspaceId) -> Result<Arc<Rules>, Error> {
        let revision = reader.revision().await?;
        if let Some(rules) = self.find(id, revision) {
            return Ok(rules);
        }
        // What is read now may be newer than the revision, never older; kept under it, it is read again when the next is seen.
        let reference = store.reference(id).await?.unwrap_or_else(|| Reference::new(Workspace::named(&id.0)));
        let rules = Arc::new(Rules::compile(&reference));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT && !kept.contains_key(id) {
            kept.clear();
        }
        kept.insert(id.clone(), Kept { revision, rules: rules.clone() });
        Ok(rules)
    }

    fn find(&self, id: &WorkspaceId, revision: i64) -> Option<Arc<Rules>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(id).filter(|kept| kept.revision == revision).map(|kept| kept.rules.clone())
    }
}
