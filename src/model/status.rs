//! Statuses: the six categories that everything counts by, and the named statuses that a source maps onto them.

use super::patch::lay;
use super::{Instant, Patch, words};

words! {
    /// Category of a status.
    CaseStatus {
        /// Nobody has looked yet.
        New = "new",
        /// Being worked on.
        Open = "open",
        /// Waiting for the customer.
        Pending = "pending",
        /// Waiting for somebody else.
        OnHold = "on_hold",
        /// Solved; may be reopened.
        Resolved = "resolved",
        /// Done with.
        Closed = "closed",
    }
}

/// The ingest format's default.
impl Default for CaseStatus {
    fn default() -> CaseStatus {
        CaseStatus::New
    }
}

impl CaseStatus {
    /// Display name of the category.
    pub const fn label(self) -> &'static str {
        match self {
            CaseStatus::New => "New",
            CaseStatus::Open => "Open",
            CaseStatus::Pending => "Pending",
            CaseStatus::OnHold => "On hold",
            CaseStatus::Resolved => "Resolved",
            CaseStatus::Closed => "Closed",
        }
    }
    /// Indicates the work is over: resolved or closed.
    pub const fn is_terminal(self) -> bool {
        matches!(self, CaseStatus::Resolved | CaseStatus::Closed)
    }
    /// Indicates the resolution clock counts in statuses of this category that do not say otherwise.
    pub const fn is_sla_active(self) -> bool {
        !matches!(self, CaseStatus::Pending | CaseStatus::OnHold)
    }
}

/// One version of a named status. The category's own words are statuses too, unless a line redefines them.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// The source's identifier.
    pub id: String,
    /// In force from then on; `None`: since ever.
    pub from: Option<Instant>,
    /// Display name.
    pub label: String,
    /// Category it counts as.
    pub category: CaseStatus,
    /// Whether the resolution clock counts in it; by category when `None`.
    pub sla_active: Option<bool>,
}
/// What one line says of a version of a status.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Status")]
pub struct StatusLine {
    pub id: String,
    pub from: Option<Instant>,
    pub label: Option<String>,
    pub category: Option<CaseStatus>,
    pub sla_active: Patch<bool>,
}
impl Status {
    /// A version of which only id and start are known: open, unless the id is a category's word.
    pub fn named(id: &str, from: Option<Instant>) -> Status {
        Status {
            id: id.to_owned(),
            from,
            label: id.to_owned(),
            category: CaseStatus::from_word(id).unwrap_or(CaseStatus::Open),
            sla_active: None,
        }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: StatusLine) {
        lay(line.label, &mut self.label);
        lay(line.category, &mut self.category);
        line.sla_active.lay(&mut self.sla_active);
    }
    /// Indicates the resolution clock counts while a case is in it.
    pub fn is_sla_active(&self) -> bool {
        self.sla_active.unwrap_or(self.category.is_sla_active())
    }
}
