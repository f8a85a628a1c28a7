//! A workspace: one organisation's data and the settings by which it is counted.

use super::Patch;
use super::patch::lay;

/// Silence after which a case that staff close counts as abandoned, unless the workspace says otherwise: an hour.
pub const ABANDON_AFTER_MS: i64 = 3_600_000;

/// Settings of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Its id, as tokens name it.
    pub id: String,
    /// Display name.
    pub name: String,
    /// IANA zone of questions that name none; checked when read.
    pub timezone: String,
    /// Schedule of cases whose team has none; `None`: business time is calendar time.
    pub business_hours: Option<String>,
    /// Silence after which a case that staff close counts as abandoned.
    pub abandon_after_ms: i64,
    /// Whether public messages of bots are no replies.
    pub ignore_bot_messages: bool,
}

/// What one line says of the workspace it is sent to.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of Workspace")]
pub struct WorkspaceLine {
    pub name: Option<String>,
    pub timezone: Option<String>,
    pub business_hours: Patch<String>,
    pub abandon_after_ms: Option<i64>,
    pub ignore_bot_messages: Option<bool>,
}

impl Workspace {
    /// A workspace of which only the id is known.
    pub fn named(id: &str) -> Workspace {
        Workspace {
            id: id.to_owned(),
            name: id.to_owned(),
            timezone: "UTC".to_owned(),
            business_hours: None,
            abandon_after_ms: ABANDON_AFTER_MS,
            ignore_bot_messages: true,
        }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: WorkspaceLine) {
        lay(line.name, &mut self.name);
        lay(line.timezone, &mut self.timezone);
        line.business_hours.lay(&mut self.business_hours);
        lay(line.abandon_after_ms, &mut self.abandon_after_ms);
        lay(line.ignore_bot_messages, &mut self.ignore_bot_messages);
    }
}
