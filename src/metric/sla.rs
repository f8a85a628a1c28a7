//! SLA analytics (SEMANTICS 4, 7.3 and 8): which cases had a policy, how clocks stand, how long completed ones took.

use std::sync::Arc;

use super::ask::Ask;
use super::definition::{Condition, Credit, Placed};
use super::figures::{Figures, Percentile};
use super::promise;
use super::scan::{Block, GroupAnswer, GroupBy, Measured, Selection, Value};
use super::scope::Scope;
use crate::model::{Filter, FilterAttribute, FilterTerm, SlaMetric, SlaState, Test};
use crate::record::RecordKind;

/// How the clocks of one metric stand; apart from each other, and together all clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Completed in time.
    pub fulfilled: u64,
    /// Past due and not completed.
    pub breached: u64,
    /// Completed late.
    pub completed_after_breach: u64,
    /// Running or paused, not past due.
    pub active: u64,
}

impl Outcomes {
    /// Share of those completed in time among those completed or past due, 0 to 100; `None` without any.
    pub fn rate(&self) -> Option<f64> {
        let decided = self.fulfilled + self.breached + self.completed_after_breach;
        (decided > 0).then(|| self.fulfilled as f64 * 100.0 / decided as f64)
    }

    /// All clocks of both.
    #[must_use]
    pub fn and(self, other: Outcomes) -> Outcomes {
        Outcomes {
            fulfilled: self.fulfilled + other.fulfilled,
            breached: self.breached + other.breached,
            completed_after_breach: self.completed_after_breach + other.completed_after_breach,
            active: self.active + other.active,
        }
    }
}

/// The clocks of one cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clocks {
    /// How they stand, by `SlaMetric`.
    pub outcomes: [Outcomes; 3],
    /// What completed ones counted, likewise; with the percentiles that were asked for.
    pub counted: [Figures; 3],
}

impl Clocks {
    /// Number of clocks.
    pub fn count(&self) -> u64 {
        self.outcomes.iter().map(|o| o.fulfilled + o.breached + o.completed_after_breach + o.active).sum()
    }
}

/// Cases of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// All of them.
    pub total: u64,
    /// Those that ever were under a policy; under a filter by policy, one of those.
    pub with_policy: u64,
}

impl Cases {
    /// Share of those under a policy, 0 to 100; `None` without cases.
    pub fn coverage(&self) -> Option<f64> {
        (self.total > 0).then(|| self.with_policy as f64 * 100.0 / self.total as f64)
    }
}

/// Measures of a block of clocks, in the order of `clocks_of`.
const CLOCK_MEASURES: usize = 5;

/// What asks for the cases of a scope. They are narrowed by every filter but the policy.
pub fn cases(scope: &Scope, group_by: Vec<GroupBy>) -> Ask {
    let (mut scope, policies) = without_policies(scope);
    let mut rows = vec![Condition::Is("had_policy")];
    for term in policies {
        match term.test {
            Test::In(values) => rows.push(Condition::Under(values.into())),
            test => scope.filters.push(Arc::new(Filter::of_term(FilterTerm { test, ..term }))),
        }
    }
    let count = |rows| Measured { rows, value: Value::Count, percentiles: Vec::new() };
    let selection = scope.select(Placed::At("created_at"), Credit::Now);
    let measures = vec![count(Vec::new()), count(rows)];
    Ask { kind: RecordKind::Case, block: Block { selection, group_by, measures } }
}

/// The scope without demands on the policy, and those.
fn without_policies(scope: &Scope) -> (Scope, Vec<FilterTerm>) {
    let mut policies = Vec::new();
    let mut rest = scope.clone();
    rest.filters = Vec::new();
    for filter in &scope.filters {
        let (others, mut of_policy) = filter.split(FilterAttribute::SlaPolicy);
        if of_policy.is_empty() {
            rest.filters.push(Arc::clone(filter));
        } else if !others.terms().is_empty() {
            rest.filters.push(Arc::new(others));
        }
        policies.append(&mut of_policy);
    }
    (rest, policies)
}

/// Which clocks are in a state by the goals of a scope.
fn in_state(scope: &Scope, state: SlaState) -> Vec<Condition> {
    use Condition::{Is, IsNot, NotPast, Past};
    if let Some(goals) = &scope.goals {
        let of = |metric: &SlaMetric| [vec![is_of(*metric)], goals.promise(*metric).in_state(state)].concat();
        return vec![Condition::Either(SlaMetric::ALL.iter().map(of).collect())];
    }
    match state {
        SlaState::Fulfilled => vec![Is("is_fulfilled")],
        SlaState::CompletedAfterBreach => vec![Is("is_completed"), IsNot("is_fulfilled")],
        SlaState::Breached => vec![IsNot("is_left_out"), IsNot("is_completed"), Past("due_at")],
        SlaState::Active => vec![IsNot("is_left_out"), IsNot("is_completed"), NotPast("due_at")],
    }
}

/// The clocks of a scope, one by one: those of these metrics, in any of these states; `None`: whichever.
pub fn rows(scope: &Scope, states: Option<&[SlaState]>, metrics: Option<&[SlaMetric]>) -> (Selection, Vec<Condition>) {
    // Which clocks are left out depends on the goals, so that all states together are not all rows.
    let states = states.unwrap_or(SlaState::ALL);
    let mut rows = vec![Condition::Either(states.iter().map(|state| in_state(scope, *state)).collect())];
    if let Some(metrics) = metrics {
        let of = |metric: &SlaMetric| vec![is_of(*metric)];
        rows.push(Condition::Either(metrics.iter().map(of).collect()));
    }
    (scope.select(Placed::At("created_at"), Credit::ROW), rows)
}

/// What asks for the clocks of a scope: of cases created in it, credited as section 8 says.
pub fn clocks(scope: &Scope, group_by: Vec<GroupBy>, percentiles: &[Percentile]) -> Ask {
    let mode = scope.goals.as_ref().and_then(|goals| goals.mode);
    let count = |state| Measured { rows: in_state(scope, state), value: Value::Count, percentiles: Vec::new() };
    let measures = vec![
        count(SlaState::Fulfilled),
        count(SlaState::CompletedAfterBreach),
        count(SlaState::Active),
        count(SlaState::Breached),
        Measured {
            rows: vec![Condition::Is("is_completed")],
            value: Value::Column(promise::counted(mode)),
            percentiles: percentiles.to_vec(),
        },
    ];
    let selection = scope.select(Placed::At("created_at"), Credit::ROW);
    let group_by = [vec![GroupBy::Column("metric")], group_by].concat();
    Ask { kind: RecordKind::SlaClock, block: Block { selection, group_by, measures } }
}

/// What asks for the number of cases that have a clock.
pub fn clock_cases(scope: &Scope, group_by: Vec<GroupBy>) -> Ask {
    let measures =
        vec![Measured { rows: vec![Condition::IsNot("is_left_out")], value: Value::Cases, percentiles: Vec::new() }];
    let selection = scope.select(Placed::At("created_at"), Credit::ROW);
    Ask { kind: RecordKind::SlaClock, block: Block { selection, group_by, measures } }
}

fn is_of(metric: SlaMetric) -> Condition {
    let words: &[&str] = match metric {
        SlaMetric::FirstReply => &["first_reply"],
        SlaMetric::NextReply => &["next_reply"],
        SlaMetric::Resolution => &["resolution"],
    };
    Condition::OneOf("metric", words)
}

/// What asks for the counts by which the completed clocks of a metric are judged.
pub fn judged(scope: &Scope, metric: SlaMetric, percentiles: &[Percentile]) -> Ask {
    let rows = vec![Condition::Is("is_completed"), is_of(metric)];
    let mode = scope.goals.as_ref().and_then(|goals| goals.mode);
    let value = Value::Column(promise::judged(mode));
    let measured = Measured { rows, value, percentiles: percentiles.to_vec() };
    let selection = scope.select(Placed::At("created_at"), Credit::ROW);
    let block = Block { selection, group_by: Vec::new(), measures: vec![measured] };
    Ask { kind: RecordKind::SlaClock, block }
}

/// The cases of a group in a bucket.
pub fn cases_of(group: &GroupAnswer, bucket: usize) -> Cases {
    let rows = |measure: usize| group.cells.get(bucket * 2 + measure).map_or(0, |cell| cell.rows);
    Cases { total: rows(0), with_policy: rows(1) }
}

/// The clocks in a bucket of those groups of an answer whose further keys are these.
pub fn clocks_of(groups: &[GroupAnswer], key: &[Option<Arc<str>>], bucket: usize) -> Clocks {
    let mut clocks = Clocks::default();
    for group in groups.iter().filter(|group| group.key.get(1..) == Some(key)) {
        let metric = group.key.first().and_then(|key| key.as_deref()).and_then(SlaMetric::from_word);
        let (Some(metric), Some(cells)) = (metric, group.cells.get(bucket * CLOCK_MEASURES..)) else { continue };
        let [fulfilled, late, active, breached, counted, ..] = cells else { continue };
        clocks.outcomes[metric as usize] = Outcomes {
            fulfilled: fulfilled.rows,
            breached: breached.rows,
            completed_after_breach: late.rows,
            active: active.rows,
        };
        clocks.counted[metric as usize] = counted.clone();
    }
    clocks
}
