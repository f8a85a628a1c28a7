//! A workspace at one revision: what one request sees, whatever is written meanwhile.

use std::collections::HashMap;
use std::sync::Arc;

use super::cases::Cases;
use super::chunk::Table;
use super::dictionary::Dictionaries;
use crate::model::Instant;
use crate::record::RecordKind;

/// See the module.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Revision of the workspace.
    pub revision: i64,
    /// When that was written.
    pub as_of: Instant,
    /// Codes, shared with later snapshots.
    pub dictionaries: Arc<Dictionaries>,
    /// The cases.
    pub cases: Cases,
    /// Teams of each agent who has any, as codes, by the agent's code.
    pub agent_teams: Arc<HashMap<u32, Arc<[u32]>>>,
    /// By `RecordKind`, in its order.
    pub tables: [Table; RecordKind::ALL.len()],
}

impl Snapshot {
    /// The rows of a kind.
    pub fn table(&self, kind: RecordKind) -> &Table {
        &self.tables[kind as usize]
    }
}
