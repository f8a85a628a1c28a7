//! From a metric and a scope to the block that answers it.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use foldhash::fast::RandomState;

use super::bucket::{Bucket, Grain, MAX_BUCKETS, buckets};
use super::definition::{Condition, Credit, Measure, Metric, Placed};
use super::figures::Percentile;
use super::scan::{Block, GroupBy, Measured, Selection, Value, Window};
use super::scope::Scope;
use crate::model::ClockMode;
use crate::record::RecordKind;

/// A block with the kind of its rows: what one field asks, before it is joined with what others ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// Which rows.
    pub kind: RecordKind,
    /// What is made of them.
    pub block: Block,
}

/// An ask whose hash is worked out once. A request looks each of its asks up in several maps. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Asked {
    hash: u64,
    ask: Arc<Ask>,
}

impl From<Ask> for Asked {
    fn from(ask: Ask) -> Asked {
        static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::default);
        Asked { hash: SEED.hash_one(&ask), ask: Arc::new(ask) }
    }
}

impl Asked {
    /// Indicates it is the same, at whatever time it is asked.
    pub fn is_same_but_now(&self, other: &Asked) -> bool {
        let is_same = |one: &Ask, other: &Ask| {
            let (Block { selection, group_by, measures }, of) = (&one.block, &other.block);
            one.kind == other.kind
                && selection.is_same_but_now(&of.selection)
                && (group_by, measures) == (&of.group_by, &of.measures)
        };
        self.hash == other.hash && (Arc::ptr_eq(&self.ask, &other.ask) || is_same(self, other))
    }

    /// The same by somebody who sees the cases of these teams only.
    #[must_use]
    pub fn seen_by(&self, teams: &Arc<BTreeSet<String>>) -> Asked {
        let mut ask = Ask::clone(self);
        ask.block.selection.visible_teams = Some(Arc::clone(teams));
        ask.into()
    }
}

impl Deref for Asked {
    type Target = Ask;

    fn deref(&self) -> &Ask {
        &self.ask
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Asked) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.ask, &other.ask) || self.ask == other.ask)
    }
}

impl Eq for Asked {}

impl Hash for Asked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// A series with more buckets than one may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a series by {0} over this period has more than {MAX_BUCKETS} buckets; at most that many are allowed")]
pub struct TooManyBuckets(pub Grain);

impl Scope {
    /// The rows of this question that a placement and a credit make, in one bucket: the whole span.
    pub fn select(&self, placed: Placed, credit: Credit) -> Selection {
        let window = match placed {
            Placed::Now => Window::All,
            _ => Window::Spans([self.span].into()),
        };
        Selection {
            placed,
            window,
            filters: self.filters.clone(),
            visible_teams: None,
            credit,
            zone: self.zone.clone(),
            now: self.now,
        }
    }

    /// All records of a kind: placed by the kind's own instant, credited to whom the row itself names; and what must hold of them.
    pub fn records(&self, kind: RecordKind) -> (Selection, Vec<Condition>) {
        let credit = match kind {
            RecordKind::Case => Credit::Now,
            RecordKind::Presence => Credit::Presence,
            _ => Credit::ROW,
        };
        let rows = match kind {
            RecordKind::SlaClock => vec![Condition::IsNot("is_left_out")],
            _ => Vec::new(),
        };
        (self.select(Placed::At(kind.instant()), credit), rows)
    }

    /// The buckets of a series of this question.
    ///
    /// # Errors
    /// When there are too many.
    pub fn buckets(&self, grain: Grain) -> Result<Arc<[Bucket]>, TooManyBuckets> {
        let work_out = || buckets(self.span, grain, &self.zone);
        self.kept.get((self.span, grain, &self.zone), work_out).ok_or(TooManyBuckets(grain))
    }
}

impl Metric {
    /// What answers the metric on a scope; percentiles are left out where there are no values.
    pub fn ask(&self, scope: &Scope, clock: ClockMode, group_by: Vec<GroupBy>, percentiles: &[Percentile]) -> Ask {
        let value = self.value(clock);
        let has_values = matches!(value, Value::Column(_) | Value::RowsPerAgent);
        let measured = Measured {
            rows: self.conditions(clock),
            value,
            percentiles: if has_values { percentiles.to_vec() } else { Vec::new() },
        };
        let selection = scope.select(self.placed, self.credit);
        let group_by = match self.measure {
            Measure::Presence => [vec![GroupBy::Column("status")], group_by].concat(),
            _ => group_by,
        };
        Ask { kind: self.kind, block: Block { selection, group_by, measures: vec![measured] } }
    }

    /// Which rows of the kind are the metric's own.
    pub fn conditions(&self, clock: ClockMode) -> Vec<Condition> {
        let mut rows = self.rows.to_vec();
        if let (Measure::Duration { business: Some(business), .. }, ClockMode::Business) = (&self.measure, clock) {
            rows.push(Condition::Has(business));
        }
        rows
    }

    fn value(&self, clock: ClockMode) -> Value {
        match self.measure {
            Measure::Count => Value::Count,
            Measure::Share(conditions) => Value::Share(conditions.to_vec()),
            Measure::Duration { calendar, business } => match clock {
                ClockMode::Business => Value::Column(business.unwrap_or(calendar)),
                ClockMode::Calendar => Value::Column(calendar),
            },
            Measure::Number(column) => Value::Column(column),
            Measure::RowsPerAgent => Value::RowsPerAgent,
            Measure::Presence => Value::Overlap,
        }
    }
}

impl Ask {
    /// The same in the buckets of a series.
    #[must_use]
    pub fn in_buckets(mut self, buckets: &[Bucket]) -> Ask {
        if self.block.selection.placed != Placed::Now {
            let spans: Arc<[_]> = buckets.iter().map(|bucket| bucket.span).collect();
            self.block.selection.window = Window::Spans(spans);
        }
        self
    }
}
