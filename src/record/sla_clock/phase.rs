//! When a clock runs: the case's statuses, reduced to what stops a clock.

use crate::model::{Instant, SlaMetric};
use crate::record::Timeline;
use crate::record::timeline::State;

/// What a clock does, whatever the business hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Running,
    /// The status is not SLA-active; stops resolution clocks only.
    Paused,
    /// The case is resolved or closed; stops every clock.
    Terminal,
}

/// The phases of a case, one after another; neighbours differ. The first holds since ever.
pub(super) struct Phases(Vec<(Instant, Phase)>);

impl Phases {
    /// The phases of the case's clocks of a metric.
    pub(super) fn of(timeline: &Timeline<'_>, metric: SlaMetric) -> Phases {
        let mut phases = vec![(Instant::MIN, phase(&timeline.created, metric))];
        let mut last = phases[0].1;
        for step in &timeline.steps {
            let next = phase(&step.after, metric);
            if next != last {
                phases.push((step.event.at, next));
                last = next;
            }
        }
        Phases(phases)
    }

    /// The phase that the case is in now, and since when.
    pub(super) fn now(&self) -> (Instant, Phase) {
        self.0.last().copied().unwrap_or((Instant::MIN, Phase::Running))
    }

    /// The phases of `[from, until)`, cut to it; none is empty.
    pub(super) fn within(&self, from: Instant, until: Instant) -> impl Iterator<Item = (Instant, Instant, Phase)> {
        let first = self.0.partition_point(|(start, _)| *start <= from).saturating_sub(1);
        let phases = &self.0[first..];
        let begun = phases.iter().enumerate().take_while(move |(_, (start, _))| *start < until);
        begun.filter_map(move |(index, (start, phase))| {
            let end = phases.get(index + 1).map_or(until, |(next, _)| until.min(*next));
            let start = from.max(*start);
            (start < end).then_some((start, end, *phase))
        })
    }
}

fn phase(state: &State<'_>, metric: SlaMetric) -> Phase {
    if state.status.category.is_terminal() {
        Phase::Terminal
    } else if metric == SlaMetric::Resolution && !state.status.is_sla_active {
        Phase::Paused
    } else {
        Phase::Running
    }
}
