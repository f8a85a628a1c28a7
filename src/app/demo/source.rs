//! The demo as a source of lines like any other.

use super::Plan;
use crate::import::{Source, SourceError, decode_line};
use crate::model::{Batch, Instant};

/// Lines of the first batch: everything that is referred to, and the cases of about two days.
const FIRST_LINES: usize = 1_000;

/// Lines of a plan, read as the lines of a file would be.
pub struct DemoSource {
    lines: Box<dyn Iterator<Item = String> + Send>,
    now: Instant,
    number: u64,
}

impl Plan {
    /// The lines of the demo as a source.
    pub fn source(self) -> DemoSource {
        DemoSource { lines: Box::new(self.lines()), now: self.now, number: 0 }
    }
}

impl Source for DemoSource {
    fn next_batch(&mut self, limit_lines: usize) -> Result<Option<Batch>, SourceError> {
        let mut batch = Batch::default();
        // A small first batch, so that there is something to look at soon.
        let limit_lines = if self.number == 0 { limit_lines.min(FIRST_LINES) } else { limit_lines };
        for line in self.lines.by_ref().take(limit_lines.max(1)) {
            self.number += 1;
            match decode_line(self.number, line.as_bytes(), self.now) {
                Ok(line) => batch.lines.extend(line),
                Err(reject) => batch.rejects.push(reject),
            }
        }
        Ok((!batch.lines.is_empty() || !batch.rejects.is_empty()).then_some(batch))
    }
}
