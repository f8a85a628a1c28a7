//! A walk over the rows of a chunk that blocks are about, a batch at a time, so that what one block reads is still near for the next.

use std::ops::Range;

use super::chunk::Live;
use super::error::EngineError;
use super::limits::Stats;
use super::mask::{BATCH, Mask};
use super::place::Segments;
use super::plan::Plan;
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

/// Calls for each block and batch of a chunk in which rows count for the block.
///
/// # Errors
/// What a call failed with.
pub fn walk<'a>(
    plan: &'a Plan<'a>,
    live: &'a Live,
    memo: &mut Memo<'a>,
    stats: &mut Stats,
    mut call: impl FnMut(&mut Memo<'a>, Batch<'_, 'a>) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let chunk = &*live.chunk;
    let of_block = |block: &super::plan::BlockPlan| {
        block.tests.iter().fold(0..chunk.len(), |rows, test| plan.tests[*test].narrow(chunk, rows))
    };
    let ranges: Vec<Range<usize>> = plan.blocks.iter().map(of_block).collect();
    let asked = || ranges.iter().filter(|range| !range.is_empty());
    let (Some(first), Some(end)) = (asked().map(|range| range.start).min(), asked().map(|range| range.end).max())
    else {
        return Ok(());
    };
    stats.rows += (end - first) as u64;
    stats.chunks += 1;
    let segments: Vec<Option<Segments>> =
        plan.blocks.iter().zip(&ranges).map(|(block, range)| block.place.segments(chunk, range)).collect();
    for start in (first / BATCH * BATCH..end).step_by(BATCH) {
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
            memo.and(&view, &plan.blocks[block].tests, &mut mask);
            if !mask.is_empty() {
                call(memo, Batch { block, view: &view, mask, segments: segments[block].as_ref() })?;
            }
        }
    }
    Ok(())
}
