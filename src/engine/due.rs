//! Until when nothing changes by time alone: when the next open SLA clock is due. And how far rows reach.

use super::chunk::Chunk;
use super::column::Column;
use super::snapshot::Snapshot;
use super::source::Source;
use crate::model::Instant;
use crate::record::RecordKind;

impl Snapshot {
    /// The earliest instant, not before `now`, at which an open SLA clock is due; perhaps one that no longer counts. `None` when there
    /// is none.
    pub fn next_due(&self, now: Instant) -> Option<Instant> {
        let table = self.table(RecordKind::SlaClock);
        let place = |name: &str| table.names.iter().position(|own| *own == name);
        let (due_at, is_completed) = (place("due_at")?, place("is_completed")?);
        let next = table.chunks.iter().filter_map(|live| {
            let dues = live.chunk.dues.get_or_init(|| dues(&live.chunk, due_at, is_completed));
            dues.get(dues.partition_point(|due| *due < now.ms())).copied()
        });
        next.min().map(Instant::from_ms)
    }

    /// The latest instant by which a row of a kind is placed; perhaps of one that no longer counts. `None` without rows.
    pub fn newest(&self, kind: RecordKind) -> Option<Instant> {
        let chunks = self.table(kind).chunks.iter().filter(|live| !live.chunk.is_empty());
        chunks.map(|live| live.chunk.time.most).max().map(Instant::from_ms)
    }
}

/// When the open clocks of a chunk are due, in order.
fn dues(chunk: &Chunk, due_at: usize, is_completed: usize) -> Box<[i64]> {
    let Some(Column::Flags(completed)) = chunk.columns.get(is_completed) else { return Box::default() };
    let Some(numbers) = chunk.numbers(Source::Own(due_at)) else { return Box::default() };
    let open = (0..chunk.len()).filter(|row| !completed.value(*row));
    let mut dues: Vec<i64> = open.filter_map(|row| numbers.get(row)).collect();
    dues.sort_unstable();
    dues.into()
}
