//! SLA policies: which cases they apply to and what they promise.

use super::patch::lay;
use super::{Instant, words};

words! {
    /// What a target measures.
    SlaMetric {
        /// Creation to first human reply.
        FirstReply = "first_reply",
        /// Each later customer run to its reply.
        NextReply = "next_reply",
        /// Creation to the standing resolution.
        Resolution = "resolution",
    }
}
words! {
    /// Which milliseconds count.
    ClockMode {
        /// All of them.
        Calendar = "calendar",
        /// Those in business hours.
        Business = "business",
    }
}
words! {
    /// How a clock stands at an instant.
    SlaState {
        /// Running or paused, not past due.
        Active = "active",
        /// Completed in time.
        Fulfilled = "fulfilled",
        /// Past due and not completed.
        Breached = "breached",
        /// Completed late.
        CompletedAfterBreach = "completed_after_breach",
    }
}

/// One version of a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct SlaPolicy {
    /// The source's identifier.
    pub id: String,
    /// In force for cases created from then on; `None`: since ever.
    pub from: Option<Instant>,
    /// Display name.
    pub name: String,
    /// Policies are tried in this order, then by id.
    pub position: i64,
    /// Whether it is tried at all.
    pub is_enabled: bool,
    /// All must hold on the case as created.
    pub conditions: Conditions,
    /// What it promises.
    pub targets: Vec<SlaTarget>,
}

/// Conditions of a policy: an empty list means any, within a list any-of, all lists must hold.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "each is the case property of its name")]
pub struct Conditions {
    pub channel: Vec<String>,
    pub team: Vec<String>,
    pub queue: Vec<String>,
    pub priority: Vec<String>,
    pub tag: Vec<String>,
    pub case_type: Vec<String>,
}

/// One promise of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaTarget {
    /// What is measured.
    pub metric: SlaMetric,
    /// Only for cases of this priority; `None`: for those without a target of their own.
    pub priority: Option<String>,
    /// Counted milliseconds allowed.
    pub goal_ms: i64,
    /// Which milliseconds count.
    pub clock: ClockMode,
}

/// What one line says of a version of a policy. Conditions and targets are replaced whole.
#[derive(Clone, Debug, PartialEq, Default)]
#[allow(missing_docs, reason = "the fields are those of SlaPolicy")]
pub struct SlaPolicyLine {
    pub id: String,
    pub from: Option<Instant>,
    pub name: Option<String>,
    pub position: Option<i64>,
    pub enabled: Option<bool>,
    pub conditions: Option<Conditions>,
    pub targets: Option<Vec<SlaTarget>>,
}

impl SlaPolicy {
    /// A version of which only id and start are known: it promises nothing.
    pub fn named(id: &str, from: Option<Instant>) -> SlaPolicy {
        SlaPolicy {
            id: id.to_owned(),
            from,
            name: id.to_owned(),
            position: 0,
            is_enabled: true,
            conditions: Conditions::default(),
            targets: Vec::new(),
        }
    }
    /// Lays a line over it.
    pub fn lay(&mut self, line: SlaPolicyLine) {
        lay(line.name, &mut self.name);
        lay(line.position, &mut self.position);
        lay(line.enabled, &mut self.is_enabled);
        lay(line.conditions, &mut self.conditions);
        lay(line.targets, &mut self.targets);
    }
    /// The promise for `metric` of a case with `priority`: the exact priority first, then the target without one.
    pub fn target(&self, metric: SlaMetric, priority: Option<&str>) -> Option<&SlaTarget> {
        let of =
            |wanted: Option<&str>| self.targets.iter().find(|t| t.metric == metric && t.priority.as_deref() == wanted);
        priority.and_then(|p| of(Some(p))).or_else(|| of(None))
    }
}
