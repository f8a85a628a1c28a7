//! Running scans: pieces of their chunks are shared out over threads, each fills cells of its own, which are merged in the end. All scans of
//! a request run together, so that no thread waits for the last piece of one before it begins with the next. Between pieces, time, memory
//! and whether anybody still waits are looked at.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;

use super::answer::{Numbered, Sought, empty};
use super::batches::{Memo, Reach, walk};
use super::chunk::Live;
use super::crew::Crew;
use super::error::EngineError;
use super::fill::{Filled, Scratch, With};
use super::limits::{Limits, Stats, Watch};
use super::mask::BATCH;
use super::percentile::{Found, Task};
use super::plan::Plan;
use super::snapshot::Snapshot;
use super::threads::{fold, map};
use crate::metric::{Block, BlockAnswer, Scan};

/// Rows of a piece: few enough for the last ones to be shared out evenly.
const PIECE: usize = 4 * BATCH;

/// Cells of fewer than these are merged before anybody could help.
const MERGED_ALONE: usize = 16_384;

/// What a scan gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// An answer a block.
    pub answers: Vec<BlockAnswer>,
    /// What it took.
    pub stats: Stats,
}

/// What a scan came to.
pub type Outcome = Result<Ran, EngineError>;

impl Snapshot {
    /// Answers a scan. Every row counts in every bucket of `Window::All`, whatever places it.
    ///
    /// # Errors
    /// `Limit`, `TimedOut`, `Cancelled`; `Column` when the picture lacks a column that the scan names.
    pub fn run(&self, scan: &Scan, limits: &Limits) -> Result<Ran, EngineError> {
        let ran = self.run_all(std::slice::from_ref(scan), limits).pop();
        ran.unwrap_or(Err(EngineError::Cancelled))
    }

    /// Answers scans as `run` does each, together.
    pub fn run_all(&self, scans: &[Scan], limits: &Limits) -> Vec<Outcome> {
        let memory = AtomicUsize::new(0);
        if scans.len() > 1 && limits.threads > 1 {
            // Whoever helps is awake by the time that rows are looked at: making several scans ready takes as long as waking.
            Crew::rouse();
        }
        let begun: Vec<_> = scans.iter().map(|scan| Pass::begin(self, scan, limits, &memory)).collect();
        let passes: Vec<&Pass<'_>> = begun.iter().filter_map(|pass| pass.as_ref().ok()?.as_ref()).collect();
        let mut answers = answer_all(&passes, fill_all(&passes, limits.threads), limits.threads).into_iter();
        let outcome = |(scan, begun): (&Scan, &Result<Option<Pass<'_>>, EngineError>)| match begun {
            Err(error) => Err(error.clone()),
            Ok(None) => Ok(Ran { answers: scan.blocks.iter().map(of_no_rows).collect(), stats: Stats::default() }),
            Ok(Some(pass)) => {
                let answers = answers.next().unwrap_or_default();
                let stats = Stats { memory_bytes: pass.watch.memory_bytes(), ..pass.stats };
                pass.failed.get().map_or(Ok(Ran { answers, stats }), |error| Err(error.clone()))
            }
        };
        scans.iter().zip(&begun).map(outcome).collect()
    }
}

fn of_no_rows(block: &Block) -> BlockAnswer {
    let cells = block.selection.window.buckets() * block.measures.len();
    BlockAnswer { groups: if block.group_by.is_empty() { vec![empty(cells)] } else { Vec::new() } }
}

/// A scan that runs.
struct Pass<'a> {
    plan: Plan<'a>,
    watch: Watch<'a>,
    chunks: Vec<(&'a Live, Reach)>,
    /// Rows of chunks that are looked at.
    pieces: Vec<(usize, Range<usize>)>,
    stats: Stats,
    /// What it failed with first; the others go on.
    failed: OnceLock<EngineError>,
}

impl<'a> Pass<'a> {
    /// Makes a scan ready; `None` when there are no rows at all.
    fn begin(
        snapshot: &'a Snapshot,
        scan: &Scan,
        limits: &'a Limits,
        memory: &'a AtomicUsize,
    ) -> Result<Option<Pass<'a>>, EngineError> {
        let watch = Watch::start(limits, memory);
        watch.check()?;
        let Some(plan) = Plan::new(snapshot, scan, limits)? else { return Ok(None) };
        watch.grow(&mut 0, plan.bytes())?;
        let chunks = snapshot.table(scan.kind).chunks.iter().map(|live| (live, Reach::of(&plan, &live.chunk)));
        let chunks: Vec<(&Live, Reach)> = chunks.collect();
        let (mut stats, mut pieces) = (Stats::default(), Vec::new());
        for (place, (_, reach)) in chunks.iter().enumerate() {
            let rows = &reach.rows;
            stats.add_chunk(rows);
            let starts = (rows.start / PIECE * PIECE..rows.end).step_by(PIECE);
            pieces.extend(starts.map(|start| (place, start.max(rows.start)..rows.end.min(start + PIECE))));
        }
        Ok(Some(Pass { plan, watch, chunks, pieces, stats, failed: OnceLock::new() }))
    }

    /// Does a part of the work, unless an earlier one failed.
    fn go_on(&self, work: impl FnOnce() -> Result<(), EngineError>) {
        if self.failed.get().is_some() {
            return;
        }
        if let Err(error) = self.watch.check().and_then(|()| work()) {
            // Another thread's may be first.
            let _ = self.failed.set(error);
        }
    }
}

/// One thread's part of a pass.
struct Part<'a> {
    memo: Memo<'a>,
    blocks: Vec<Filled>,
    /// Bytes that are accounted for.
    bytes: usize,
}

impl<'a> Part<'a> {
    fn new(pass: &'a Pass<'a>) -> Part<'a> {
        let plan = &pass.plan;
        let blocks = plan.blocks.iter().map(|block| Filled::new(block, plan.slots)).collect();
        Part { memo: Memo::new(plan), blocks, bytes: 0 }
    }

    fn add(&mut self, pass: &'a Pass<'a>, piece: usize, scratch: &mut Scratch) -> Result<(), EngineError> {
        let Part { memo, blocks, bytes } = self;
        let (plan, watch, (chunk, rows)) = (&pass.plan, &pass.watch, &pass.pieces[piece]);
        let (live, reach) = &pass.chunks[*chunk];
        walk(plan, (live, reach), rows.clone(), memo, |memo, batch| {
            let with = &mut With { watch, scratch };
            blocks[batch.block].add(&plan.blocks[batch.block], &batch, memo, with)
        })?;
        watch.grow(bytes, blocks.iter().map(Filled::bytes).sum())
    }
}

/// Fills the cells of all passes: by pass and thread, the blocks.
fn fill_all(passes: &[&Pass<'_>], threads: usize) -> Vec<Vec<Vec<Filled>>> {
    let tasks: Vec<(usize, usize)> =
        passes.iter().enumerate().flat_map(|(of, pass)| (0..pass.pieces.len()).map(move |piece| (of, piece))).collect();
    let start = || (passes.iter().map(|_| None).collect::<Vec<Option<Part<'_>>>>(), Scratch::default());
    let filled = fold(threads, tasks.len(), start, |(parts, scratch), task| {
        let (of, piece) = tasks[task];
        let pass = passes[of];
        pass.go_on(|| parts[of].get_or_insert_with(|| Part::new(pass)).add(pass, piece, scratch));
        Ok::<_, std::convert::Infallible>(())
    });
    let Ok(filled) = filled;
    let mut by_pass: Vec<Vec<Vec<Filled>>> = passes.iter().map(|_| Vec::with_capacity(filled.len())).collect();
    for (parts, _) in filled {
        for (by_pass, part) in by_pass.iter_mut().zip(parts) {
            by_pass.extend(part.map(|part| part.blocks));
        }
    }
    by_pass
}

/// Makes answers of what was filled: by pass, one a block; of a pass that failed none.
fn answer_all(passes: &[&Pass<'_>], filled: Vec<Vec<Vec<Filled>>>, threads: usize) -> Vec<Vec<BlockAnswer>> {
    let (mut jobs, mut numbered) = (Vec::new(), Vec::new());
    for (of, (pass, parts)) in passes.iter().zip(filled).enumerate() {
        let mut parts: Vec<_> = parts.into_iter().map(Vec::into_iter).collect();
        for block in &pass.plan.blocks {
            let parts = parts.iter_mut().filter_map(Iterator::next).collect();
            pass.go_on(|| {
                let (block, cells) = Numbered::new(block, parts, &pass.watch)?;
                jobs.extend(cells.into_iter().enumerate().map(|(measure, cells)| (numbered.len(), measure, cells)));
                numbered.push((of, block));
                Ok(())
            });
        }
    }
    let cells: usize = numbered.iter().map(|(_, block)| block.cells()).sum();
    let merging = if cells < MERGED_ALONE { 1 } else { threads };
    let merged = map(merging, jobs, |(place, measure, cells)| {
        let (of, block) = &numbered[place];
        let mut merged = None;
        passes[*of].go_on(|| {
            merged = Some(block.merge(measure, cells));
            Ok(())
        });
        Some((place, measure, merged?))
    });
    let mut by_block: Vec<Vec<_>> = numbered.iter().map(|_| Vec::new()).collect();
    let mut sought = Vec::new();
    for (place, measure, (merged, values)) in merged.into_iter().flatten() {
        let (pass, at) = (numbered[place].0, by_block[place].len());
        sought.extend(values.map(|sought| SoughtOf { pass, block: place, at, sought }));
        by_block[place].push((measure, merged));
    }
    for ((place, at), found) in find_all(passes, &sought, threads) {
        by_block[place][at].1.lay(found);
    }
    let mut answers: Vec<Vec<BlockAnswer>> = passes.iter().map(|_| Vec::new()).collect();
    for ((of, block), mut merged) in numbered.into_iter().zip(by_block) {
        merged.sort_by_key(|(measure, _)| *measure);
        let merged = merged.into_iter().map(|(_, merged)| merged).collect();
        let pass = passes[of];
        pass.go_on(|| {
            answers[of].push(block.answer(&pass.plan, merged, &pass.watch)?);
            Ok(())
        });
    }
    answers
}

/// Percentiles that are sought: of which pass, block and place among its measures.
struct SoughtOf {
    pass: usize,
    block: usize,
    at: usize,
    sought: Sought,
}

/// Finds percentiles, those of many values first; gives them with block and place.
fn find_all(passes: &[&Pass<'_>], all: &[SoughtOf], threads: usize) -> Vec<((usize, usize), Found)> {
    let tasks_of = |place: usize| all[place].sought.tasks().into_iter().map(move |task| (place, task));
    let mut tasks: Vec<(usize, Task)> = (0..all.len()).flat_map(tasks_of).collect();
    tasks.sort_by_key(|(_, task)| std::cmp::Reverse(task.values));
    let find = |(place, task): (usize, Task), within: usize| {
        let SoughtOf { pass, block, at, sought } = &all[place];
        let mut found = Found::new();
        passes[*pass].go_on(|| {
            found = sought.find(&task, within);
            Ok(())
        });
        ((*block, *at), found)
    };
    // Few large ones would be shared out unevenly: on each, all threads work together.
    let large = tasks.iter().take_while(|(_, task)| task.is_large()).count();
    let rest = tasks.split_off(if large < 2 * threads { large } else { 0 });
    let mut found: Vec<_> = tasks.into_iter().map(|task| find(task, threads)).collect();
    found.extend(map(threads, rest, |task| find(task, 1)));
    found
}
