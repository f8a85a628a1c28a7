//! Everything of a workspace, besides a case's own events, that deriving its rows looks at.

use std::collections::{HashMap, HashSet};

use super::{BusinessHours, SlaPolicy, Status, Workspace};

/// The reference data of one workspace at one revision. `record::Rules` is its compiled form.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Settings.
    pub workspace: Workspace,
    /// Every version of every schedule.
    pub business_hours: Vec<BusinessHours>,
    /// Every version of every named status.
    pub statuses: Vec<Status>,
    /// Every version of every policy.
    pub policies: Vec<SlaPolicy>,
    /// Agents listed with kind bot.
    pub bots: HashSet<String>,
    /// Schedule of each team that has one.
    pub team_hours: HashMap<String, String>,
}

impl Reference {
    /// A workspace that knows nothing but its settings.
    pub fn new(workspace: Workspace) -> Reference {
        Reference {
            workspace,
            business_hours: Vec::new(),
            statuses: Vec::new(),
            policies: Vec::new(),
            bots: HashSet::new(),
            team_hours: HashMap::new(),
        }
    }
}
