//! What the threads added up, put together: groups get one number each, cells are merged, values gathered for percentiles, groups named.

use smallvec::smallvec;

use super::accumulate::{Cells, Kept, Sums, Values};
use super::error::EngineError;
use super::fill::Filled;
use super::group::Groups;
use super::limits::Watch;
use super::percentile::{Distance, Found, Gathered, Task};
use super::pile::Spared;
use super::plan::{BlockPlan, Plan};
use crate::metric::{BlockAnswer, Figures, GroupAnswer, GroupCells, GroupKey, Percentile};

/// Where each part's groups are among all; `None`: where they were.
type Places = Vec<Option<Vec<usize>>>;

/// A block whose groups have one number each, whichever threads found them.
pub struct Numbered<'a> {
    block: &'a BlockPlan,
    groups: Groups,
    places: Places,
    /// Number of cells.
    all: usize,
}

impl<'a> Numbered<'a> {
    /// Numbers the groups of a block; also gives the cells of each measure, in parts.
    ///
    /// # Errors
    /// When there are more cells than there may be.
    pub fn new(
        block: &'a BlockPlan,
        parts: Vec<Filled>,
        watch: &Watch<'_>,
    ) -> Result<(Numbered<'a>, Vec<Vec<Cells>>), EngineError> {
        let mut groups = block.groups();
        let places: Places = parts.iter().map(|part| place(&part.groups, &mut groups)).collect();
        let all = groups.len() * block.buckets;
        if !block.is_dense {
            watch.check_cells(all)?;
        }
        let mut by_measure: Vec<Vec<Cells>> = block.measures.iter().map(|_| Vec::with_capacity(parts.len())).collect();
        for part in parts {
            by_measure.iter_mut().zip(part.cells).for_each(|(measure, cells)| measure.push(cells));
        }
        Ok((Numbered { block, groups, places, all }, by_measure))
    }

    /// Number of cells of all its measures.
    pub fn cells(&self) -> usize {
        self.all * self.block.measures.len()
    }

    /// Puts the cells of one of its measures together, but for percentiles, whose values are gathered.
    pub fn merge(&self, measure: usize, parts: Vec<Cells>) -> (Merged, Option<Sought>) {
        let block = self.block;
        let (mut merged, kept) = Merged::new(parts, &self.places, (block.buckets, self.all));
        if block.is_running {
            merged.cells.sum_up(block.buckets);
        }
        (merged, Sought::new(&block.measures[measure].percentiles, kept, self.all))
    }

    /// The answer, once all measures are put together.
    ///
    /// # Errors
    /// When there are more cells, or more bytes of them, than there may be.
    pub fn answer(&self, plan: &Plan<'_>, merged: Vec<Merged>, watch: &Watch<'_>) -> Result<BlockAnswer, EngineError> {
        let Numbered { block, groups, .. } = self;
        let has_rows = |group: &usize| {
            let cells = group * block.buckets..(group + 1) * block.buckets;
            merged.iter().any(|measure| cells.clone().any(|cell| measure.rows(cell) > 0))
        };
        let shown: Vec<usize> =
            if block.keys.is_empty() { vec![0] } else { (0..groups.len()).filter(has_rows).collect() };
        let cells = shown.len() * block.buckets;
        watch.check_cells(cells)?;
        watch.grow(&mut 0, cells * merged.len() * size_of::<Figures>())?;
        let answer = |group: usize| {
            let mut cells = GroupCells::with_capacity(block.buckets * merged.len());
            for cell in group * block.buckets..(group + 1) * block.buckets {
                cells.extend(merged.iter().map(|measure| measure.figures(cell)));
            }
            GroupAnswer { key: block.keys.texts(plan.snapshot, groups.code(group)), cells }
        };
        // Without rows, cells without keys were never made.
        let answer =
            |group: usize| if groups.is_empty() { empty(block.measures.len() * block.buckets) } else { answer(group) };
        Ok(BlockAnswer { groups: shown.into_iter().map(answer).collect() })
    }
}

/// The one group of a block without keys, of no rows.
pub fn empty(cells: usize) -> GroupAnswer {
    GroupAnswer { key: GroupKey::new(), cells: smallvec![Figures::default(); cells] }
}

fn place(part: &Groups, all: &mut Groups) -> Option<Vec<usize>> {
    match part {
        Groups::Dense(_) => None,
        Groups::Found(_, codes) => Some(codes.iter().map(|code| all.place(*code)).collect()),
    }
}

/// One measure's cells of all parts, and percentiles.
pub struct Merged {
    cells: Cells,
    percentiles: Vec<Vec<f64>>,
}

impl Merged {
    fn new(parts: Vec<Cells>, places: &Places, (buckets, all): (usize, usize)) -> (Merged, Vec<Values>) {
        let mut kept = Vec::with_capacity(parts.len());
        let mut merged: Option<Cells> = None;
        for (mut part, places) in parts.into_iter().zip(places) {
            let place = |cell: usize| match places {
                Some(places) => places[cell / buckets] * buckets + cell % buckets,
                None => cell,
            };
            if let Cells::Sums(_, values) = &mut part {
                kept.push(std::mem::replace(values, Values::Dropped).moved(place));
            }
            match &mut merged {
                None => merged = Some(part.moved(place, all)),
                Some(merged) => merged.merge(part, place),
            }
        }
        let cells = merged.unwrap_or(Cells::Rows(Vec::new()));
        let (cells, values) = cells.settled(all);
        kept.extend(values);
        (Merged { cells, percentiles: Vec::new() }, kept)
    }

    /// Takes percentiles in that were found.
    pub fn lay(&mut self, found: Found) {
        for (cell, percentiles) in found {
            if self.percentiles.len() <= cell {
                self.percentiles.resize(cell + 1, Vec::new());
            }
            self.percentiles[cell] = percentiles;
        }
    }

    fn rows(&self, cell: usize) -> u64 {
        match &self.cells {
            Cells::Rows(rows) => rows.get(cell).copied().unwrap_or_default(),
            Cells::Shares(shares) => shares.get(cell).map_or(0, |share| share[0]),
            Cells::Sums(sums, _) => sums.get(cell).map_or(0, Sums::rows),
            // Settled.
            Cells::Agents(_) | Cells::Cases(_) => 0,
        }
    }

    fn figures(&self, cell: usize) -> Figures {
        let rows = self.rows(cell);
        match &self.cells {
            Cells::Shares(shares) => {
                Figures { rows, hits: shares.get(cell).map_or(0, |share| share[1]), ..Figures::default() }
            }
            Cells::Sums(sums, _) => {
                let figures = sums.get(cell).map(Sums::figures).unwrap_or_default();
                Figures { percentiles: self.percentiles.get(cell).cloned().unwrap_or_default(), ..figures }
            }
            _ => Figures { rows, ..Figures::default() },
        }
    }
}

impl Values {
    /// The same of cells at other places.
    fn moved(mut self, place: impl Fn(usize) -> usize) -> Values {
        match &mut self {
            Values::Narrow(kept) => kept.pairs.iter_mut().for_each(|(cell, _)| *cell = place(*cell as usize) as u32),
            Values::Wide(kept) => kept.pairs.iter_mut().for_each(|(cell, _)| *cell = place(*cell as usize) as u32),
            Values::Dropped => {}
        }
        self
    }
}

impl Cells {
    fn moved(self, place: impl Fn(usize) -> usize, all: usize) -> Cells {
        let mut moved = match &self {
            Cells::Rows(_) => Cells::Rows(Vec::new()),
            Cells::Shares(_) => Cells::Shares(Vec::new()),
            Cells::Sums(..) => Cells::Sums(Vec::new(), Values::Dropped),
            Cells::Agents(tally) => Cells::Agents(tally.like()),
            Cells::Cases(seen) => Cells::Cases(seen.like()),
        };
        moved.grow(all);
        moved.merge(self, place);
        moved
    }

    /// Makes differences from bucket to bucket counts.
    fn sum_up(&mut self, buckets: usize) {
        match self {
            Cells::Rows(rows) => rows.chunks_mut(buckets.max(1)).for_each(|rows| {
                let mut sum = 0_u64;
                rows.iter_mut().for_each(|rows| {
                    sum = sum.wrapping_add(*rows);
                    *rows = sum;
                });
            }),
            Cells::Shares(shares) => shares.chunks_mut(buckets.max(1)).for_each(|shares| {
                let mut sum = [0_u64; 2];
                shares.iter_mut().for_each(|share| {
                    sum = [sum[0].wrapping_add(share[0]), sum[1].wrapping_add(share[1])];
                    *share = sum;
                });
            }),
            Cells::Sums(..) | Cells::Agents(_) | Cells::Cases(_) => {}
        }
    }

    fn merge(&mut self, part: Cells, place: impl Fn(usize) -> usize) {
        match (self, part) {
            (Cells::Rows(all), Cells::Rows(part)) => {
                part.into_iter().enumerate().for_each(|(cell, rows)| {
                    let all = &mut all[place(cell)];
                    *all = all.wrapping_add(rows);
                });
            }
            (Cells::Shares(all), Cells::Shares(part)) => part.into_iter().enumerate().for_each(|(cell, share)| {
                let all = &mut all[place(cell)];
                *all = [all[0].wrapping_add(share[0]), all[1].wrapping_add(share[1])];
            }),
            (Cells::Sums(all, _), Cells::Sums(part, _)) => {
                part.iter().enumerate().for_each(|(cell, sums)| all[place(cell)].merge(sums));
            }
            (Cells::Agents(all), Cells::Agents(part)) => {
                part.counts().for_each(|(cell, agent, count)| all.add(place(cell), agent, count));
            }
            (Cells::Cases(all), Cells::Cases(part)) => all.merge(&part, place),
            // All parts are of one measure.
            _ => {}
        }
    }

    /// Rows or sums out of what was remembered, and values that those are sums of.
    fn settled(self, all: usize) -> (Cells, Option<Values>) {
        match self {
            Cells::Agents(tally) => {
                let (mut sums, mut kept) = (vec![Sums::default(); all], Kept::new(0, None));
                for (cell, _, count) in tally.counts() {
                    sums[cell].add(i64::from(count));
                    kept.keep(cell, u64::from(count));
                }
                (Cells::Sums(sums, Values::Dropped), Some(Values::Wide(kept)))
            }
            Cells::Cases(seen) => {
                let mut rows = vec![0; all];
                seen.count(|cell, cases| {
                    if let Some(rows) = rows.get_mut(cell) {
                        *rows += cases;
                    }
                });
                (Cells::Rows(rows), None)
            }
            other => (other, None),
        }
    }
}

/// Percentiles of a measure that are to be found, and its values.
pub struct Sought {
    wanted: Vec<Percentile>,
    low: i64,
    values: SoughtIn,
    /// Number of cells.
    cells: usize,
}

/// Gathered values of either width.
enum SoughtIn {
    Narrow(Gathered<u32>),
    Wide(Gathered<u64>),
}

impl Sought {
    fn new(wanted: &[Percentile], parts: Vec<Values>, cells: usize) -> Option<Sought> {
        if wanted.is_empty() {
            return None;
        }
        let (mut narrow, mut wide) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Values::Narrow(kept) => narrow.push(kept),
                Values::Wide(kept) => wide.push(kept),
                Values::Dropped => {}
            }
        }
        // All parts of a measure have one width.
        let low = narrow.first().map(|kept| kept.low).or(wide.first().map(|kept| kept.low))?;
        let values = match narrow.is_empty() {
            true => SoughtIn::Wide(gathered(wide, cells)),
            false => SoughtIn::Narrow(gathered(narrow, cells)),
        };
        Some(Sought { wanted: wanted.to_vec(), low, values, cells })
    }

    /// What there is to do.
    pub fn tasks(&self) -> Vec<Task> {
        match &self.values {
            SoughtIn::Narrow(values) => values.tasks(self.cells),
            SoughtIn::Wide(values) => values.tasks(self.cells),
        }
    }

    /// Does one of them: percentiles by cell.
    pub fn find(&self, task: &Task, threads: usize) -> Found {
        match &self.values {
            SoughtIn::Narrow(values) => values.find(task, &self.wanted, self.low, threads),
            SoughtIn::Wide(values) => values.find(task, &self.wanted, self.low, threads),
        }
    }
}

fn gathered<T: Distance + Default>(parts: Vec<Kept<T>>, cells: usize) -> Gathered<T> {
    let flat =
        if parts.iter().any(|part| !part.pairs.is_empty()) { in_order(&parts, cells) } else { Default::default() };
    Gathered { parts: parts.into_iter().map(|part| part.by_cell).collect(), flat }
}

/// Values of pairs by cell, one cell after the other, and where each cell's end.
fn in_order<T: Spared + Default>(parts: &[Kept<T>], cells: usize) -> (Vec<T>, Vec<usize>) {
    let mut ends = vec![0_usize; cells];
    let pairs = || parts.iter().flat_map(|part| &part.pairs);
    pairs().for_each(|(cell, _)| ends[*cell as usize] += 1);
    let mut all = 0;
    for end in &mut ends {
        // Where the cell begins, which becomes its end while values are put there.
        all += std::mem::replace(end, all);
    }
    let mut values = vec![T::default(); all];
    for (cell, value) in pairs() {
        let end = &mut ends[*cell as usize];
        values[*end] = *value;
        *end += 1;
    }
    (values, ends)
}
