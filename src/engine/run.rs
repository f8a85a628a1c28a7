//! Running a scan: chunks are shared out over threads, each fills cells of its own, which are merged in the end. Between chunks, time,
//! memory and whether anybody still waits are looked at.

use super::answer::{answer, empty};
use super::batches::{Memo, walk};
use super::chunk::Live;
use super::error::EngineError;
use super::fill::{Filled, Scratch, With};
use super::limits::{Limits, Stats, Watch};
use super::plan::Plan;
use super::snapshot::Snapshot;
use super::threads::fold;
use crate::metric::{Block, BlockAnswer, Scan};

/// What a scan gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// An answer a block.
    pub answers: Vec<BlockAnswer>,
    /// What it took.
    pub stats: Stats,
}

impl Snapshot {
    /// Answers a scan. Every row counts in every bucket of `Window::All`, whatever places it.
    ///
    /// # Errors
    /// `Limit`, `TimedOut`, `Cancelled`; `Column` when the picture lacks a column that the scan names.
    pub fn run(&self, scan: &Scan, limits: &Limits) -> Result<Ran, EngineError> {
        let watch = Watch::start(limits);
        watch.check()?;
        let Some(plan) = Plan::new(self, scan, limits)? else {
            return Ok(Ran { answers: scan.blocks.iter().map(of_no_rows).collect(), stats: Stats::default() });
        };
        watch.grow(&mut 0, plan.bytes())?;
        let chunks = &self.table(scan.kind).chunks;
        let threads = fold(
            limits.threads,
            chunks.len(),
            || Thread::new(&plan),
            |thread, task| {
                watch.check()?;
                thread.add(&plan, &chunks[task], &watch)
            },
        )?;
        let mut stats = Stats::default();
        let mut parts: Vec<Vec<Filled>> = plan.blocks.iter().map(|_| Vec::with_capacity(threads.len())).collect();
        for thread in threads {
            stats.rows += thread.stats.rows;
            stats.chunks += thread.stats.chunks;
            parts.iter_mut().zip(thread.blocks).for_each(|(parts, block)| parts.push(block));
        }
        let blocks = plan.blocks.iter().zip(parts);
        let answers = blocks.map(|(block, parts)| answer(&plan, block, parts, &watch)).collect::<Result<_, _>>()?;
        Ok(Ran { answers, stats: Stats { memory_bytes: watch.memory_bytes(), ..stats } })
    }
}

fn of_no_rows(block: &Block) -> BlockAnswer {
    let cells = block.selection.window.buckets() * block.measures.len();
    BlockAnswer { groups: if block.group_by.is_empty() { vec![empty(cells)] } else { Vec::new() } }
}

/// One thread's part of the work.
struct Thread<'a> {
    memo: Memo<'a>,
    blocks: Vec<Filled>,
    scratch: Scratch,
    stats: Stats,
    /// Bytes that are accounted for.
    bytes: usize,
}

impl<'a> Thread<'a> {
    fn new(plan: &'a Plan<'a>) -> Thread<'a> {
        let blocks = plan.blocks.iter().map(|block| Filled::new(block, plan.slots)).collect();
        Thread { memo: Memo::new(plan), blocks, scratch: Scratch::default(), stats: Stats::default(), bytes: 0 }
    }

    fn add(&mut self, plan: &'a Plan<'a>, live: &'a Live, watch: &Watch<'_>) -> Result<(), EngineError> {
        let Thread { memo, blocks, scratch, stats, bytes } = self;
        walk(plan, live, memo, stats, |memo, batch| {
            let with = &mut With { watch, scratch };
            blocks[batch.block].add(&plan.blocks[batch.block], &batch, memo, with)
        })?;
        watch.grow(bytes, blocks.iter().map(Filled::bytes).sum())
    }
}
