//! A scan made ready for one snapshot: names are places, texts are codes, and what several blocks test is there once.

use super::accumulate::{Cells, Kept, Sums, Values};
use super::condition::Test;
use super::error::EngineError;
use super::filter::{self, CaseFilter};
use super::group::{Groups, Keys};
use super::limits::Limits;
use super::place::{Place, Stretch, place};
use super::remember::{Seen, Tally};
use super::snapshot::Snapshot;
use super::source::{Attribute, Names, Source, Texts};
use crate::metric::{Block, Condition, GroupBy, Measured, Percentile, Scan, Selection, Value, Window};
use crate::model::FilterAttribute;
use crate::record::{Domain, RecordKind};

/// Bytes up to which a thread has a place for every group that could come.
const MAX_DENSE_BYTES: usize = 8 << 20;

/// See the module.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Of what.
    pub snapshot: &'a Snapshot,
    /// Tests, each once.
    pub tests: Vec<Test>,
    /// Sets of cases, each once.
    pub cases: Vec<CaseFilter>,
    /// The blocks.
    pub blocks: Vec<BlockPlan>,
    /// What every slot is below.
    pub slots: usize,
}

/// One block made ready.
#[derive(Debug)]
pub struct BlockPlan {
    /// What must hold of a row; places in the plan's tests.
    pub tests: Vec<usize>,
    /// Those of them that narrowing a chunk's rows does not see to: rows are in order of time.
    pub masked: Vec<usize>,
    /// Which buckets it is in.
    pub place: Place,
    /// Number of buckets.
    pub buckets: usize,
    /// Which groups it is in.
    pub keys: Keys,
    /// Indicates that every possible group has a place.
    pub is_dense: bool,
    /// Indicates that masks of few cells may be counted instead of rows.
    pub is_by_mask: bool,
    /// Indicates that rows are only counted, by group.
    pub is_tallied: bool,
    /// Indicates that cells hold by how much they differ from that of the bucket before.
    pub is_running: bool,
    /// What is measured.
    pub measures: Vec<MeasurePlan>,
}

/// One measure made ready.
#[derive(Debug)]
pub struct MeasurePlan {
    /// What must hold of a row; places in the plan's tests.
    pub rows: Vec<usize>,
    /// What is taken.
    pub taken: Taken,
    /// Percentiles that are asked of the values.
    pub percentiles: Vec<Percentile>,
}

/// What is taken of a row.
#[derive(Debug)]
pub enum Taken {
    /// Nothing.
    Row,
    /// Whether these hold.
    Share(Vec<usize>),
    /// A number; what is kept is the distance from `low`.
    Number {
        /// Which.
        source: Source,
        /// Least of all rows.
        low: i64,
        /// Indicates that distances need 64 bits.
        is_wide: bool,
    },
    /// What a stretch shares with each bucket, or with all time.
    Overlap(Stretch, Option<Vec<(i64, i64)>>),
    /// Its agent, of so many; `None` when no row has one.
    Agent(Option<Source>, u64),
    /// Its case.
    Case,
}

impl<'a> Plan<'a> {
    /// Makes a scan ready; `None` when there are no rows at all.
    ///
    /// # Errors
    /// When a column is missing, or groups cannot be counted.
    pub fn new(snapshot: &'a Snapshot, scan: &Scan, limits: &Limits) -> Result<Option<Plan<'a>>, EngineError> {
        let Some(names) = Names::new(snapshot, scan.kind) else { return Ok(None) };
        let slots = match scan.kind {
            RecordKind::Presence => snapshot.dictionaries.of(Domain::Agent).codes(),
            _ => snapshot.cases.len,
        };
        let mut plan = Plan { snapshot, slots, tests: Vec::new(), cases: Vec::new(), blocks: Vec::new() };
        for block in &scan.blocks {
            let block = plan.block(&names, block, limits)?;
            plan.blocks.push(block);
        }
        Ok(Some(plan))
    }

    fn block(&mut self, names: &Names<'_>, block: &Block, limits: &Limits) -> Result<BlockPlan, EngineError> {
        let selection = &block.selection;
        let (place, placing) = place(names, selection)?;
        let mut tests: Vec<usize> = placing.into_iter().map(|test| self.add(test)).collect();
        let (of_case, of_row): (Vec<Test>, Vec<Test>) =
            filter::tests(names, selection)?.into_iter().partition(Test::is_of_case);
        tests.extend(of_row.into_iter().map(|test| self.add(test)));
        if !of_case.is_empty() {
            let test = self.add_cases(of_case);
            tests.push(self.add(test));
        }
        let keys = Keys::new(names, selection, &block.group_by)?;
        let mut measures = Vec::with_capacity(block.measures.len());
        for measured in &block.measures {
            measures.push(self.measure(names, selection, measured)?);
        }
        let buckets = selection.window.buckets();
        let bytes: usize = measures.iter().map(MeasurePlan::cell_bytes).sum();
        let most = MAX_DENSE_BYTES.min(limits.memory_bytes / limits.threads.max(1) / 2);
        let cells = usize::try_from(keys.groups).ok().and_then(|groups| groups.checked_mul(buckets));
        let is_dense = cells.and_then(|cells| cells.checked_mul(bytes)).is_some_and(|bytes| bytes <= most);
        let is_plain =
            measures.iter().all(|measure| matches!(measure.taken, Taken::Row | Taken::Share(_) | Taken::Number { .. }));
        let is_by_mask = is_dense && keys.is_single() && is_plain && matches!(place, Place::All | Place::Ordered(_));
        let is_counted = measures.iter().all(|measure| matches!(measure.taken, Taken::Row | Taken::Share(_)));
        let is_running = is_counted && matches!(place, Place::Standing(..));
        let is_rows = measures.iter().all(|measure| matches!(measure.taken, Taken::Row));
        let is_tallied = is_dense && is_rows && matches!(place, Place::All);
        let is_masked = |test: &usize| !matches!(self.tests[*test], Test::Range(Source::Time, ..));
        let masked = tests.iter().copied().filter(is_masked).collect();
        Ok(BlockPlan { tests, masked, place, buckets, keys, is_dense, is_by_mask, is_tallied, is_running, measures })
    }

    fn measure(&mut self, names: &Names<'_>, of: &Selection, measured: &Measured) -> Result<MeasurePlan, EngineError> {
        let rows = self.conditions(names, of, &measured.rows)?;
        let taken = match &measured.value {
            Value::Count => Taken::Row,
            Value::Share(conditions) => Taken::Share(self.conditions(names, of, conditions)?),
            Value::Column(name) => {
                let source = names.numbers(name)?;
                let (low, high) = match source {
                    Source::Created => (i64::MIN, i64::MAX),
                    _ => names.bounds(source),
                };
                Taken::Number { source, low, is_wide: u32::try_from(high.abs_diff(low)).is_err() }
            }
            Value::Overlap => {
                let spans = match &of.window {
                    Window::All => None,
                    Window::Spans(spans) => Some(spans.iter().map(|span| (span.from.ms(), span.until.ms())).collect()),
                };
                Taken::Overlap(Stretch::of(names, of)?, spans)
            }
            Value::RowsPerAgent => {
                let source = match names.attribute(FilterAttribute::Agent, of)? {
                    Attribute::Codes(source, _) => Some(source),
                    _ => None,
                };
                Taken::Agent(source, Texts::Domain(Domain::Agent).codes(names.snapshot))
            }
            Value::Cases => Taken::Case,
        };
        Ok(MeasurePlan { rows, taken, percentiles: measured.percentiles.clone() })
    }

    fn conditions(
        &mut self,
        names: &Names<'_>,
        of: &Selection,
        conditions: &[Condition],
    ) -> Result<Vec<usize>, EngineError> {
        conditions.iter().map(|one| Test::of(one, names, of.now).map(|test| self.add(test))).collect()
    }

    /// The place of a test, which is added when it is not there.
    fn add(&mut self, test: Test) -> usize {
        let test = self.lift(test);
        if let Some(place) = self.tests.iter().position(|other| *other == test) {
            return place;
        }
        self.tests.push(test);
        self.tests.len() - 1
    }

    /// The same test, with what it demands of cases made sets of cases.
    fn lift(&mut self, test: Test) -> Test {
        match test {
            Test::Any(tests) => Test::Any(tests.into_iter().map(|test| self.lift(test)).collect()),
            Test::All(tests) => Test::All(tests.into_iter().map(|test| self.lift(test)).collect()),
            Test::Not(test) => Test::Not(Box::new(self.lift(*test))),
            test if test.is_of_case() => self.add_cases(vec![test]),
            test => test,
        }
    }

    fn add_cases(&mut self, tests: Vec<Test>) -> Test {
        if let Some(place) = self.cases.iter().position(|cases| cases.tests == tests) {
            return Test::Case(place);
        }
        self.cases.push(CaseFilter::new(tests, self.snapshot));
        Test::Case(self.cases.len() - 1)
    }

    /// Bytes that the plan takes.
    pub fn bytes(&self) -> usize {
        self.cases.iter().map(CaseFilter::bytes).sum()
    }
}

impl BlockPlan {
    /// Where groups begin.
    pub fn groups(&self) -> Groups {
        // Dense groups fit.
        if self.is_dense {
            Groups::Dense(self.keys.groups as usize)
        } else {
            Groups::Found(Default::default(), Vec::new())
        }
    }

    /// Empty cells of each measure, with slots below `slots`.
    pub fn cells(&self, slots: usize) -> Vec<Cells> {
        let cells = self.is_dense.then(|| self.keys.groups as usize * self.buckets);
        self.measures.iter().map(|measure| measure.cells(cells, slots)).collect()
    }
}

impl MeasurePlan {
    fn cell_bytes(&self) -> usize {
        match self.taken {
            Taken::Row | Taken::Agent(..) | Taken::Case => 8,
            Taken::Share(_) => 16,
            Taken::Number { .. } | Taken::Overlap(..) => size_of::<Sums>(),
        }
    }

    fn cells(&self, cells: Option<usize>, slots: usize) -> Cells {
        let mut made = match &self.taken {
            Taken::Row => Cells::Rows(Vec::new()),
            Taken::Share(_) => Cells::Shares(Vec::new()),
            Taken::Number { .. } | Taken::Overlap(..) if self.percentiles.is_empty() => {
                Cells::Sums(Vec::new(), Values::Dropped)
            }
            Taken::Number { low, is_wide: false, .. } => {
                Cells::Sums(Vec::new(), Values::Narrow(Kept::new(*low, cells)))
            }
            Taken::Number { low, .. } => Cells::Sums(Vec::new(), Values::Wide(Kept::new(*low, cells))),
            Taken::Overlap(..) => Cells::Sums(Vec::new(), Values::Wide(Kept::new(0, cells))),
            Taken::Agent(_, agents) => Cells::Agents(Tally::new(cells, *agents)),
            Taken::Case => Cells::Cases(Seen::new(cells, slots)),
        };
        made.grow(cells.unwrap_or_default());
        made
    }
}

/// A block of one measure without groups, whose rows are looked for.
pub fn of_rows(kind: RecordKind, selection: &Selection, rows: &[Condition], value: &Value) -> Scan {
    let measured = Measured { rows: rows.to_vec(), value: value.clone(), percentiles: Vec::new() };
    let block = Block { selection: selection.clone(), group_by: Vec::<GroupBy>::new(), measures: vec![measured] };
    Scan { kind, blocks: vec![block] }
}
