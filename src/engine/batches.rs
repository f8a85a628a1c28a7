//! A walk over the rows of a chunk that blocks are about, a batch at a time, so that what one block reads is still near for the next.

use std::ops::Range;

use super::chunk::{Chunk, Live};
use super::error::EngineError;
use super::mask::{BATCH, Mask};
use super::place::Segments;
use super::plan::{BlockPlan, Plan};
use super::view::View;

/// Masks of a plan's tests for one batch, each made when first asked for.
#[derive(Debug)]
pub struct Memo<'a> {
    plan: &'a Plan<'a>,
    masks: Vec<Option<Mask>>,
}

/// What one block has of a batch.
pub struct Batch<'b, 'a> {
    /// Which block.
    pub block: usize,
    /// The rows.
    pub view: &'b View<'a>,
    /// Those of them that count for the block.
    pub mask: Mask,
    /// Where buckets are; `None` when they are found row by row.
    pub segments: Option<&'b Segments>,
}

impl<'a> Memo<'a> {
    /// None yet.
    pub fn new(plan: &'a Plan<'a>) -> Memo<'a> {
        Memo { plan, masks: vec![None; plan.tests.len()] }
    }

    /// Drops rows of which one of some tests does not hold.
    pub fn and(&mut self, view: &View<'_>, tests: &[usize], mask: &mut Mask) {
        for &place in tests {
            if mask.is_empty() {
                return;
            }
            let plan = self.plan;
            let of_case = |place: usize| plan.cases[place].mask(view);
            mask.and(self.masks[place].get_or_insert_with(|| plan.tests[place].mask(view, &of_case)));
        }
    }

    fn clear(&mut self) {
        self.masks.iter_mut().for_each(|mask| *mask = None);
    }
}

/// Rows of a chunk that blocks may be about.
#[derive(Debug)]
pub struct Reach {
    /// By block.
    ranges: Vec<Range<usize>>,
    /// From the first to the last of any.
    pub rows: Range<usize>,
}

impl Reach {
    /// Those that no block's tests rule out as a whole.
    pub fn of(plan: &Plan<'_>, chunk: &Chunk) -> Reach {
        let narrowed = |block: &BlockPlan| {
            block.tests.iter().fold(0..chunk.len(), |rows, test| plan.tests[*test].narrow(chunk, rows))
        };
        let ranges: Vec<Range<usize>> = plan.blocks.iter().map(narrowed).collect();
        let asked = || ranges.iter().filter(|range| !range.is_empty());
        let first = asked().map(|range| range.start).min().unwrap_or_default();
        let end = asked().map(|range| range.end).max().unwrap_or_default();
        Reach { rows: first..end, ranges }
    }
}

/// Calls for each block and batch of some rows of a chunk in which rows count for the block.
///
/// # Errors
/// What a call failed with.
pub fn walk<'a>(
    plan: &'a Plan<'a>,
    (live, reach): (&'a Live, &Reach),
    rows: Range<usize>,
    memo: &mut Memo<'a>,
    mut call: impl FnMut(&mut Memo<'a>, Batch<'_, 'a>) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let chunk = &*live.chunk;
    let within = |range: &Range<usize>| range.start.max(rows.start)..range.end.min(rows.end);
    let ranges: Vec<Range<usize>> = reach.ranges.iter().map(within).collect();
    let segments: Vec<Option<Segments>> =
        plan.blocks.iter().zip(&ranges).map(|(block, range)| block.place.segments(chunk, range)).collect();
    for start in (rows.start / BATCH * BATCH..rows.end).step_by(BATCH) {
        let view = View { snapshot: plan.snapshot, chunk, rows: start..chunk.len().min(start + BATCH) };
        memo.clear();
        let dead = live.dead.as_ref().map(|dead| Mask::bits(dead, &view.rows));
        for (block, range) in ranges.iter().enumerate() {
            let (from, until) = (range.start.max(start), range.end.min(view.rows.end));
            if from >= until {
                continue;
            }
            let mut mask = Mask::range(from - start..until - start);
            if let Some(dead) = &dead {
                mask.and_not(dead);
            }
            memo.and(&view, &plan.blocks[block].masked, &mut mask);
            if !mask.is_empty() {
                call(memo, Batch { block, view: &view, mask, segments: segments[block].as_ref() })?;
            }
        }
    }
    Ok(())
}
