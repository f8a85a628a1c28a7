//! Rows of a batch into the cells of a block: few cells are masks, which are counted and packed as a whole; many are looked up row by row.

use super::accumulate::{Cells, add_each};
use super::batches::{Batch, Memo};
use super::error::EngineError;
use super::group::Groups;
use super::limits::Watch;
use super::mask::Mask;
use super::packed::Room;
use super::place::Entries;
use super::plan::{BlockPlan, MeasurePlan, Taken};
use super::view::View;

/// Most cells of a batch that are worth a mask each.
const FEW_MASKS: usize = 8;

/// Batches that are passed over after one that had more.
const MISSED: usize = 31;

/// The cells of one block, as far as one thread has filled them.
#[derive(Debug)]
pub struct Filled {
    /// Where groups are.
    pub groups: Groups,
    /// By measure.
    pub cells: Vec<Cells>,
    /// Batches that are not worth trying to cut into masks, since the last one had too many groups.
    skip: usize,
}

/// What filling needs while it is at it.
#[derive(Debug, Default)]
pub struct Scratch {
    room: Room,
    entries: Entries,
    cells: Vec<u32>,
    groups: Vec<(u64, Mask)>,
    masks: Vec<(usize, Mask)>,
    kept: (Vec<u32>, Vec<u32>),
}

/// What is at hand while filling.
pub struct With<'a> {
    /// The question's bounds.
    pub watch: &'a Watch<'a>,
    /// Room.
    pub scratch: &'a mut Scratch,
}

type Done = Result<(), EngineError>;

impl Filled {
    /// Empty cells, with slots below `slots`.
    pub fn new(block: &BlockPlan, slots: usize) -> Filled {
        Filled { groups: block.groups(), cells: block.cells(slots), skip: 0 }
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        self.groups.bytes() + self.cells.iter().map(Cells::bytes).sum::<usize>()
    }

    /// Takes a batch in.
    ///
    /// # Errors
    /// When there are more cells than there may be.
    pub fn add(&mut self, block: &BlockPlan, batch: &Batch<'_, '_>, memo: &mut Memo<'_>, with: &mut With<'_>) -> Done {
        if block.is_by_mask && self.is_cut(block, batch, with.scratch) {
            for (measure, cells) in block.measures.iter().zip(&mut self.cells) {
                let mut mask = batch.mask;
                memo.and(batch.view, &measure.rows, &mut mask);
                if !mask.is_empty() {
                    add_masks(measure, cells, (batch.view, &mask), memo, with.scratch);
                }
            }
            return Ok(());
        }
        if block.is_tallied && self.tally(block, batch, memo, &mut with.scratch.room) {
            return Ok(());
        }
        if block.is_running {
            // One more from the first bucket of a stretch on, one less from the first after it.
            for (is_end, weight) in [(false, 1), (true, u64::MAX)] {
                block.place.enter_edge(batch.view, &batch.mask, is_end, &mut with.scratch.entries);
                self.add_entered(block, batch, memo, with, weight)?;
            }
            return Ok(());
        }
        block.place.enter(batch.view, &batch.mask, batch.segments, &mut with.scratch.entries);
        self.add_entered(block, batch, memo, with, 1)
    }

    fn is_cut(&mut self, block: &BlockPlan, batch: &Batch<'_, '_>, scratch: &mut Scratch) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        let is_cut = cut(block, batch, scratch);
        self.skip = if is_cut { 0 } else { MISSED };
        is_cut
    }

    /// Counts rows by group; `false`, and nothing done, when the group is no code of theirs or of their cases.
    fn tally(&mut self, block: &BlockPlan, batch: &Batch<'_, '_>, memo: &mut Memo<'_>, room: &mut Room) -> bool {
        block.measures.iter().zip(&mut self.cells).all(|(measure, cells)| {
            let mut mask = batch.mask;
            memo.and(batch.view, &measure.rows, &mut mask);
            match cells {
                Cells::Rows(rows) => block.keys.tally(batch.view, &mask, room, rows),
                _ => false,
            }
        })
    }

    /// Adds rows that have been given their buckets, each `weight` times.
    fn add_entered(
        &mut self,
        block: &BlockPlan,
        batch: &Batch<'_, '_>,
        memo: &mut Memo<'_>,
        with: &mut With<'_>,
        weight: u64,
    ) -> Done {
        let With { watch, scratch } = with;
        self.find_cells(block, batch.view, watch, scratch)?;
        for (measure, cells) in block.measures.iter().zip(&mut self.cells) {
            let mut mask = batch.mask;
            memo.and(batch.view, &measure.rows, &mut mask);
            if let Taken::Number { source, .. } = measure.taken
                && let Some(numbers) = batch.view.chunk.numbers(source)
            {
                mask.and(&numbers.there(batch.view));
            }
            let Scratch { entries, cells: all, kept: (rows, some), .. } = &mut *scratch;
            let (rows, some) = if mask == batch.mask {
                (&*entries.rows, &**all)
            } else {
                rows.clear();
                some.clear();
                for (row, cell) in entries.rows.iter().zip(all.iter()).filter(|(row, _)| mask.has(**row as usize)) {
                    rows.push(*row);
                    some.push(*cell);
                }
                (&**rows, &**some)
            };
            let entered = Entered { rows, cells: some, buckets: block.buckets, weight };
            add_entries(measure, cells, batch.view, &entered, memo);
        }
        Ok(())
    }

    /// The cell of each entry; new groups get cells.
    fn find_cells(&mut self, block: &BlockPlan, view: &View<'_>, watch: &Watch<'_>, scratch: &mut Scratch) -> Done {
        let Scratch { entries, cells, .. } = scratch;
        cells.clear();
        if block.keys.is_empty() && block.is_dense {
            cells.extend_from_slice(&entries.buckets);
            return Ok(());
        }
        if block.is_dense && block.keys.is_single() {
            block.keys.number(view, &entries.rows, cells);
            if block.buckets > 1 {
                let buckets = block.buckets as u32;
                cells.iter_mut().zip(&entries.buckets).for_each(|(cell, bucket)| *cell = *cell * buckets + bucket);
            }
            return Ok(());
        }
        block.keys.enter(view, entries);
        let buckets = block.buckets;
        let pairs = entries.codes.iter().zip(&entries.buckets);
        // Cells are counted within 32 bits, which is looked after before they are used.
        match &mut self.groups {
            Groups::Dense(_) => cells.extend(pairs.map(|(code, bucket)| *code as u32 * buckets as u32 + bucket)),
            groups => {
                cells.extend(pairs.map(|(code, bucket)| ((groups.place(*code) * buckets) as u32).wrapping_add(*bucket)))
            }
        }
        if !block.is_dense {
            let all = self.groups.len() * buckets;
            watch.check_cells(all)?;
            self.cells.iter_mut().for_each(|cells| cells.grow(all));
        }
        Ok(())
    }
}

/// Cuts a batch into masks of cells, if they are few.
fn cut(block: &BlockPlan, batch: &Batch<'_, '_>, scratch: &mut Scratch) -> bool {
    let Scratch { groups, masks, .. } = scratch;
    masks.clear();
    let Some(segments) = batch.segments else { return false };
    let rows = &batch.view.rows;
    let reached = segments.partition_point(|(segment, _)| segment.end <= rows.start);
    let here = segments[reached..].iter().take_while(|(segment, _)| segment.start < rows.end);
    let here = &segments[reached..reached + here.count()];
    if here.len() > FEW_MASKS {
        return false;
    }
    if block.keys.is_empty() {
        groups.clear();
        groups.push((0, batch.mask));
    } else if !block.keys.split(batch.view, &batch.mask, FEW_MASKS, groups) {
        return false;
    }
    for (segment, bucket) in here {
        let range = segment.start.max(rows.start) - rows.start..segment.end.min(rows.end) - rows.start;
        let is_whole = range.len() == rows.len();
        let range = Mask::range(range);
        for (group, mask) in groups.iter() {
            let cell = *group as usize * block.buckets + *bucket as usize;
            masks.push((cell, if is_whole { *mask } else { mask.joined(&range) }));
        }
    }
    true
}

/// Adds the rows of a mask that a measure counts to the cells that masks were cut into.
fn add_masks(
    measure: &MeasurePlan,
    cells: &mut Cells,
    (view, mask): (&View<'_>, &Mask),
    memo: &mut Memo<'_>,
    scratch: &mut Scratch,
) {
    let Scratch { masks, room, .. } = scratch;
    match (&measure.taken, cells) {
        (Taken::Row, Cells::Rows(rows)) => {
            masks.iter().for_each(|(cell, of_cell)| rows[*cell] += of_cell.count_with(mask) as u64);
        }
        (Taken::Share(tests), Cells::Shares(shares)) => {
            let mut hits = *mask;
            memo.and(view, tests, &mut hits);
            for (cell, of_cell) in masks {
                shares[*cell][0] += of_cell.count_with(mask) as u64;
                shares[*cell][1] += of_cell.count_with(&hits) as u64;
            }
        }
        (Taken::Number { source, .. }, Cells::Sums(sums, values)) => {
            let there = view.chunk.numbers(*source).map_or(Mask::ALL, |numbers| numbers.there(view)).joined(mask);
            for (cell, of_cell) in masks {
                let packed = room.pack(view, *source, &of_cell.joined(&there));
                sums[*cell].add_packed(&packed);
                values.keep_packed(*cell, &packed);
            }
        }
        // Other measures are never by mask, and cells are their measure's.
        _ => {}
    }
}

/// Rows and the cell of each.
struct Entered<'a> {
    rows: &'a [u32],
    cells: &'a [u32],
    buckets: usize,
    /// How often each counts; what is taken away wraps around and back.
    weight: u64,
}

fn add_rows(rows: &mut [u64], cells: &[u32], weight: u64) {
    for cell in cells {
        let rows = &mut rows[*cell as usize];
        *rows = rows.wrapping_add(weight);
    }
}

/// Adds rows to their cells.
fn add_entries(measure: &MeasurePlan, cells: &mut Cells, view: &View<'_>, entered: &Entered<'_>, memo: &mut Memo<'_>) {
    let Entered { rows, cells: places, buckets, weight } = *entered;
    let pairs = || rows.iter().map(|row| *row as usize).zip(places.iter().map(|cell| *cell as usize));
    match (&measure.taken, cells) {
        (Taken::Row, Cells::Rows(rows)) => add_rows(rows, places, weight),
        (Taken::Share(tests), Cells::Shares(shares)) => {
            let mut hits = Mask::ALL;
            memo.and(view, tests, &mut hits);
            for (row, cell) in pairs() {
                let share = &mut shares[cell];
                share[0] = share[0].wrapping_add(weight);
                share[1] = share[1].wrapping_add(if hits.has(row) { weight } else { 0 });
            }
        }
        (Taken::Number { source, .. }, Cells::Sums(sums, values)) => {
            add_each(view, *source, (rows, places), sums, values);
        }
        (Taken::Overlap(stretch, spans), Cells::Sums(sums, values)) => {
            for (row, cell) in pairs() {
                let span = spans.as_ref().and_then(|spans| spans.get(cell % buckets).copied());
                let value = stretch.overlap_ms(view, row, span);
                sums[cell].add(value);
                values.keep(cell, value);
            }
        }
        (Taken::Agent(Some(source), _), Cells::Agents(tally)) => {
            for (row, cell) in pairs() {
                let agent = view.code(*source, row);
                if agent != super::dictionary::NONE {
                    tally.add(cell, agent, 1);
                }
            }
        }
        (Taken::Case, Cells::Cases(seen)) => pairs().for_each(|(row, cell)| seen.add(cell, view.slots()[row])),
        // Cells are their measure's.
        _ => {}
    }
}
