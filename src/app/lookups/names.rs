//! Names of what values are ids of, kept between requests until their workspace changes: lists of the best ask for the same few over and over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Lookups;
use crate::app::Error;
use crate::app::viewer::require;
use crate::model::{FilterAttribute, Permission, WorkspaceId};

/// Most workspaces whose names are kept.
const MAX_KEPT: usize = 64;
/// Most names of one workspace.
const MAX_NAMES: usize = 1_000;

/// The names of the workspaces asked about lately, each with the revision they hold for. Cheap to clone; clones share what is kept.
#[derive(Clone, Debug, Default)]
pub struct NamesCache(Arc<Mutex<HashMap<WorkspaceId, Kept>>>);

#[derive(Debug)]
struct Kept {
    revision: i64,
    names: HashMap<(FilterAttribute, Arc<str>), String>,
}

impl NamesCache {
    fn kept(&self) -> MutexGuard<'_, HashMap<WorkspaceId, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops everything, as when somebody was erased.
    pub fn forget(&self) {
        self.kept().clear();
    }
}

impl Lookups {
    /// What values of an attribute are called, if all of them have been asked for since the workspace changed. Those of customers are not
    /// kept, whom not every viewer sees.
    ///
    /// # Errors
    /// `Forbidden` without the permission to read cases; as `snapshot`.
    pub async fn kept_names(
        &self,
        attribute: FilterAttribute,
        values: &[Option<Arc<str>>],
    ) -> Result<Option<HashMap<Option<Arc<str>>, String>>, Error> {
        require(self.viewer(), Permission::ReadCases)?;
        let revision = self.snapshot().await?.revision;
        let all = self.app.names.kept();
        let Some(kept) = all.get(&self.viewer.workspace).filter(|kept| kept.revision == revision) else {
            return Ok(None);
        };
        let name = |value: &Option<Arc<str>>| {
            let name = kept.names.get(&(attribute, Arc::clone(value.as_ref()?)))?;
            Some((value.clone(), name.clone()))
        };
        Ok(values.iter().filter(|value| value.is_some()).map(name).collect())
    }

    /// Keeps what values of an attribute are called. What was read may be newer than the request's revision, never older; kept under it, it
    /// is read again when the next is seen.
    ///
    /// # Errors
    /// As `snapshot`.
    pub async fn keep_names(
        &self,
        attribute: FilterAttribute,
        names: &HashMap<Option<Arc<str>>, String>,
    ) -> Result<(), Error> {
        let revision = self.snapshot().await?.revision;
        if attribute == FilterAttribute::Requester || revision == 0 {
            return Ok(());
        }
        let mut all = self.app.names.kept();
        if all.len() >= MAX_KEPT && !all.contains_key(&self.viewer.workspace) {
            all.clear();
        }
        let kept = all.entry(self.viewer.workspace.clone());
        let kept = kept.or_insert_with(|| Kept { revision, names: HashMap::new() });
        if kept.revision != revision {
            *kept = Kept { revision, names: HashMap::new() };
        }
        for (value, name) in names {
            let Some(value) = value.as_ref().filter(|_| kept.names.len() < MAX_NAMES) else { continue };
            kept.names.insert((attribute, Arc::clone(value)), name.clone());
        }
        Ok(())
    }
}
