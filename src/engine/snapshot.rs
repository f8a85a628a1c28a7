//! A workspace at one revision: what one request sees, whatever is written meanwhile.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::cases::{Cases, Page, attribute_place};
use super::chunk::{Live, Table};
use super::column::Codes;
use super::dictionary::Dictionaries;
use crate::model::{FilterAttribute, Instant};
use crate::record::{Domain, RecordKind};

/// See the module.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Tells it from every other snapshot of this process that was ever shown, of whichever workspace.
    pub serial: u64,
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

/// The serial of a snapshot that will be shown.
pub fn serial() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

impl Snapshot {
    /// The rows of a kind.
    pub fn table(&self, kind: RecordKind) -> &Table {
        &self.tables[kind as usize]
    }

    /// The team that has the case of a slot; `None` when none has, and of cases that came after this snapshot.
    pub fn team(&self, slot: u32) -> Option<Arc<str>> {
        let place = attribute_place(FilterAttribute::Team).filter(|_| (slot as usize) < self.cases.len)?;
        self.dictionaries.of(Domain::Team).text(self.cases.code(place, slot))
    }

    /// Memory held, in bytes.
    pub fn bytes(&self) -> Bytes {
        let of_page = |page: &Page| {
            page.attributes.iter().map(Codes::bytes).sum::<usize>() + page.policies.bytes() + page.created_at.len() * 8
        };
        let of_set = |set: &Arc<[u32]>| set.len() * 4 + 32;
        Bytes {
            kinds: std::array::from_fn(|kind| self.tables[kind].chunks.iter().map(Live::bytes).sum()),
            cases: self.cases.pages.iter().map(|page| of_page(page)).sum::<usize>()
                + self.cases.ids.bytes()
                + self.cases.tag_sets.iter().map(of_set).sum::<usize>(),
            texts: self.dictionaries.bytes(),
        }
    }
}

/// Memory held by a snapshot, in bytes; what is shared with others is counted too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// Rows, by `RecordKind` in its order.
    pub kinds: [usize; RecordKind::ALL.len()],
    /// Ids and attributes of cases.
    pub cases: usize,
    /// Dictionaries.
    pub texts: usize,
}

impl Bytes {
    /// All of it.
    pub fn total(&self) -> usize {
        self.kinds.iter().sum::<usize>() + self.cases + self.texts
    }
}
