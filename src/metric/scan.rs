//! What the engine is asked: one pass over the rows of a kind that fills the cells of any number of blocks. By then nothing is left to
//! decide: the engine only finds rows, groups and adds.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use smallvec::SmallVec;

use super::definition::{Condition, Credit, Placed};
use super::figures::{Figures, Percentile};
use super::scope::Zone;
use crate::model::{Filter, FilterAttribute, Instant, Span};
use crate::record::RecordKind;

/// One pass over the rows of a kind.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Which rows.
    pub kind: RecordKind,
    /// What is made of them.
    pub blocks: Vec<Block>,
}

/// Cells to fill: groups × buckets × measures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// Which rows, in which buckets.
    pub selection: Selection,
    /// What groups them, outermost first; empty: all rows are one group.
    pub group_by: Vec<GroupBy>,
    /// What is measured in each cell.
    pub measures: Vec<Measured>,
}

/// Which rows a block is about. All of it must hold of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// What puts a row in a bucket.
    pub placed: Placed,
    /// The buckets.
    pub window: Window,
    /// Filters that all apply; agent, team and queue by `credit`, hours and days of the placing instant in `zone` (of `Now`,
    /// `Standing` and SLA clocks: of the case's creation).
    pub filters: Vec<Arc<Filter>>,
    /// Teams whose cases are seen, by the team that has the case now; `None`: all.
    pub visible_teams: Option<Arc<BTreeSet<String>>>,
    /// Whose agent, team and queue count.
    pub credit: Credit,
    /// Zone of hours and days.
    pub zone: Zone,
    /// The question's now.
    pub now: Instant,
}

/// By all but now, so that the same question at another time is found.
impl Hash for Selection {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Selection { placed, window, filters, visible_teams, credit, zone, now: _ } = self;
        (placed, window, filters, visible_teams, credit, zone).hash(state);
    }
}

impl Selection {
    /// Indicates it is the same, at whatever time it is asked.
    pub fn is_same_but_now(&self, other: &Selection) -> bool {
        let Selection { placed, window, filters, visible_teams, credit, zone, now: _ } = self;
        (placed, window, filters) == (&other.placed, &other.window, &other.filters)
            && (visible_teams, credit, zone) == (&other.visible_teams, &other.credit, &other.zone)
    }
}

/// The buckets of a block, in order of time and apart from each other; one that holds nothing is still there in the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Window {
    /// One bucket that every row is in.
    All,
    /// Spans. Of `Placed::Standing` the end of each span counts.
    Spans(Arc<[Span]>),
}

/// Where it begins and ends and of how many buckets it is tells windows apart well enough.
impl Hash for Window {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Window::All => state.write_usize(usize::MAX),
            Window::Spans(spans) => {
                state.write_usize(spans.len());
                (spans.first(), spans.last()).hash(state);
            }
        }
    }
}

impl Window {
    /// Number of buckets.
    pub fn buckets(&self) -> usize {
        match self {
            Window::All => 1,
            Window::Spans(spans) => spans.len(),
        }
    }
}

/// What groups rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// An attribute, as filters understand it. Of a many-valued one (tag; team of presence) a row is in each of its values' groups, and
    /// without any in the group without a key.
    Attribute(FilterAttribute),
    /// A text column of the row.
    Column(&'static str),
    /// The SLA policies that the row's case ever was under: a row is in each one's group, and of a case never under any in the group
    /// without a key.
    PolicyEver,
}

/// What is measured in each cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Measured {
    /// Which of the block's rows count: all of these hold.
    pub rows: Vec<Condition>,
    /// What is taken of each.
    pub value: Value,
    /// Percentiles of the values, sorted, each once.
    pub percentiles: Vec<Percentile>,
}

/// What is taken of each row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing; `Figures::rows` counts.
    Count,
    /// Whether all of these hold; `Figures::hits` counts those.
    Share(Vec<Condition>),
    /// A column of lengths or numbers; rows without a value do not count.
    Column(&'static str),
    /// Milliseconds that the row's stretch shares with the bucket, the stretch ending at now at the latest.
    Overlap,
    /// The number of rows of each agent (by credit) as one value, of agents who have any; rows without an agent do not count.
    RowsPerAgent,
    /// Rows that differ in case: `Figures::rows` counts cases.
    Cases,
}

/// A block's cells.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockAnswer {
    /// Groups with at least one row in some cell, in no order; of a block without `group_by` always exactly one.
    pub groups: Vec<GroupAnswer>,
}

impl BlockAnswer {
    /// The only cell of a block without groups; of one in which nothing was found, empty.
    pub fn figures(&self) -> Figures {
        self.groups.first().and_then(|group| group.cells.first()).cloned().unwrap_or_default()
    }
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupAnswer {
    /// Its values, one for each of `group_by`; `None`: rows without a value.
    pub key: GroupKey,
    /// Its cells: of bucket `b` and measure `m` at `b * measures + m`.
    pub cells: GroupCells,
}

/// The values of a group, of which there is mostly one.
pub type GroupKey = SmallVec<[Option<Arc<str>>; 1]>;

/// The cells of a group, of which there is mostly one.
pub type GroupCells = SmallVec<[Figures; 1]>;
