//! Open SLA clocks judged by a promise of a what-if. There are few of them, so that each is looked at as a whole.

use std::sync::Arc;

use super::column::Column;
use super::error::EngineError;
use super::mask::Mask;
use super::source::{Names, Source, Texts};
use super::view::View;
use crate::metric::Promise;
use crate::model::{ClockMode, Instant, SlaState};
use crate::record::OpenClock;

/// Whether an open clock stands in a state.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenTest {
    promise: Arc<Promise>,
    state: SlaState,
    now: Instant,
    columns: Columns,
}

/// Where a clock's values are.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Columns {
    is_completed: usize,
    is_left_out: usize,
    mode: Source,
    /// The code of clocks that count business time.
    business: Option<u32>,
    goal: Source,
    due_at: Source,
    running_since: Source,
    counted: [Source; 2],
    judged: [Source; 2],
    team: (Source, Texts),
}

impl OpenTest {
    /// The test of a promise at the question's now.
    ///
    /// # Errors
    /// When a column is missing.
    pub fn new(
        names: &Names<'_>,
        promise: Arc<Promise>,
        state: SlaState,
        now: Instant,
    ) -> Result<OpenTest, EngineError> {
        let (mode, modes) = names.texts("mode")?;
        let columns = Columns {
            is_completed: names.flag("is_completed")?,
            is_left_out: names.flag("is_left_out")?,
            mode,
            business: modes.code(names.snapshot, ClockMode::Business.word()),
            goal: names.numbers("goal")?,
            due_at: names.numbers("due_at")?,
            running_since: names.numbers("running_since")?,
            counted: [names.numbers("counted_calendar")?, names.numbers("counted_business")?],
            judged: [names.numbers("judged_calendar")?, names.numbers("judged_business")?],
            team: names.texts("team")?,
        };
        Ok(OpenTest { promise, state, now, columns })
    }

    /// Rows of a batch of which it holds.
    pub fn mask(&self, view: &View<'_>) -> Mask {
        let Some(Column::Flags(completed)) = view.chunk.columns.get(self.columns.is_completed) else {
            return Mask::NONE;
        };
        let open = Mask::bits(completed, &view.rows).inverted().joined(&Mask::range(0..view.rows.len()));
        let mut mask = Mask::NONE;
        open.each(|row| {
            if self.standing(view, row) == Some(self.state) {
                mask.set(row);
            }
        });
        mask
    }

    fn standing(&self, view: &View<'_>, row: usize) -> Option<SlaState> {
        let clock = self.clock(view, row);
        let goal_ms = self.promise.goal_ms.unwrap_or(clock.goal_ms);
        let mode = self.promise.mode.unwrap_or(clock.mode);
        // Only business time that runs on needs the schedule.
        let schedule = match (mode, clock.running_since) {
            (ClockMode::Business, Some(_)) => {
                let (source, texts) = self.columns.team;
                let team = texts.text(view.snapshot, view.code(source, row));
                self.promise.hours.0.schedule(team.as_deref())
            }
            _ => None,
        };
        clock.state(goal_ms, mode, self.now, schedule)
    }

    fn clock(&self, view: &View<'_>, row: usize) -> OpenClock {
        let columns = &self.columns;
        let is_left_out = match view.chunk.columns.get(columns.is_left_out) {
            Some(Column::Flags(flags)) => flags.value(view.rows.start + row),
            _ => false,
        };
        let instant = |source| view.number(source, row).map(Instant::from_ms);
        let is_business = columns.business == Some(view.code(columns.mode, row));
        OpenClock {
            mode: if is_business { ClockMode::Business } else { ClockMode::Calendar },
            goal_ms: view.number(columns.goal, row).unwrap_or_default(),
            due_at: instant(columns.due_at),
            is_left_out,
            running_since: instant(columns.running_since),
            counted_calendar_ms: view.number(columns.counted[0], row).unwrap_or_default(),
            counted_business_ms: view.number(columns.counted[1], row).unwrap_or_default(),
            judged_calendar_ms: view.number(columns.judged[0], row),
            judged_business_ms: view.number(columns.judged[1], row),
        }
    }
}
