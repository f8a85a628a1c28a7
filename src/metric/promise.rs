//! What-if goals of SLA clocks (SEMANTICS 8.1): other goals, and another mode, than those in force.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::definition::Condition;
use crate::model::{ClockMode, SlaMetric, SlaState};
use crate::record::Rules;

/// The goals of a what-if; what it leaves open is each clock's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Goals {
    /// Milliseconds allowed, by `SlaMetric`; `None`: each clock's own goal.
    pub goal_ms: [Option<i64>; 3],
    /// Which time all clocks count; `None`: each clock's own.
    pub mode: Option<ClockMode>,
    /// What says how business time runs on.
    pub hours: WorkspaceHours,
}

/// The rules of the workspace, one and the same throughout a request: all are equal.
#[derive(Clone, Debug)]
pub struct WorkspaceHours(pub Arc<Rules>);

impl PartialEq for WorkspaceHours {
    fn eq(&self, _: &WorkspaceHours) -> bool {
        true
    }
}
impl Eq for WorkspaceHours {}
impl Hash for WorkspaceHours {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What clocks of one metric are judged by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Promise {
    /// Milliseconds allowed; `None`: the clock's own goal.
    pub goal_ms: Option<i64>,
    /// Which time counts; `None`: the clock's own.
    pub mode: Option<ClockMode>,
    /// What says how business time runs on.
    pub hours: WorkspaceHours,
}

impl Goals {
    /// Those of `self`, and where it leaves something open those of `outer`.
    #[must_use]
    pub fn or(self, outer: &Goals) -> Goals {
        let goal_ms = std::array::from_fn(|metric| self.goal_ms[metric].or(outer.goal_ms[metric]));
        Goals { goal_ms, mode: self.mode.or(outer.mode), hours: self.hours }
    }

    /// What clocks of a metric are judged by.
    pub fn promise(&self, metric: SlaMetric) -> Promise {
        Promise { goal_ms: self.goal_ms[metric as usize], mode: self.mode, hours: self.hours.clone() }
    }
}

impl Promise {
    /// Which clocks are in a state by it.
    pub fn in_state(&self, state: SlaState) -> Vec<Condition> {
        use Condition::{Is, IsNot};
        match state {
            SlaState::Fulfilled => vec![Is("is_completed"), self.is_kept()],
            SlaState::CompletedAfterBreach => vec![Is("is_completed"), Condition::Not(self.is_kept().into())],
            SlaState::Breached | SlaState::Active => {
                vec![IsNot("is_completed"), Condition::Open(self.clone().into(), state)]
            }
        }
    }

    /// Which completed clocks were in time.
    fn is_kept(&self) -> Condition {
        match (self.goal_ms, self.mode) {
            (None, None) => Condition::Is("is_fulfilled"),
            (Some(goal_ms), mode) => Condition::AtMost(judged(mode), goal_ms),
            (None, mode) => Condition::AtMostOf(judged(mode), "goal"),
        }
    }
}

/// The column of what completed clocks counted in a mode, or each in its own.
pub fn counted(mode: Option<ClockMode>) -> &'static str {
    match mode {
        None => "counted",
        Some(ClockMode::Calendar) => "counted_calendar",
        Some(ClockMode::Business) => "counted_business",
    }
}

/// Likewise of what they are judged by.
pub fn judged(mode: Option<ClockMode>) -> &'static str {
    match mode {
        None => "judged",
        Some(ClockMode::Calendar) => "judged_calendar",
        Some(ClockMode::Business) => "judged_business",
    }
}
