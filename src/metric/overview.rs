//! The figures of a front page: what is asked for them, and what follows from the answers (SEMANTICS 5 and 8.1).

use std::cmp::Reverse;
use std::sync::Arc;

use super::ask::Ask;
use super::definition::MetricId;
use super::figures::{Figures, Percentile};
use super::scan::{BlockAnswer, GroupAnswer, GroupBy};
use super::scope::Scope;
use super::{catalog, shares};
use crate::model::{ClockMode, FilterAttribute};

/// Number of asks behind the figures.
pub const ASKS: usize = 7;

/// The figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// Cases created in the period.
    pub created: Figures,
    /// Creation to first reply, with the median.
    pub first_response: Figures,
    /// Terminal cases among those created.
    pub resolution: Figures,
    /// Cases open now.
    pub open: Figures,
    /// Creation to standing resolution, with the median.
    pub handle: Figures,
    /// Good ratings among ratings.
    pub csat: Figures,
    /// Cases of each channel, the most first.
    pub channels: Vec<ChannelShare>,
}

/// A channel's cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelShare {
    /// The channel.
    pub channel: Arc<str>,
    /// Its cases.
    pub cases: u64,
    /// Its share in tenths of a percent; all together are 1,000.
    pub tenths: u64,
}

fn ask(id: MetricId, scope: &Scope, group_by: Vec<GroupBy>, percentiles: &[Percentile]) -> Ask {
    catalog::find(id).ask(scope, ClockMode::Calendar, group_by, percentiles)
}

/// What asks for the figures.
pub fn asks(scope: &Scope) -> [Ask; ASKS] {
    let median = [Percentile::MEDIAN];
    let by_channel = vec![GroupBy::Attribute(FilterAttribute::Channel)];
    [
        ask(MetricId::CreatedCases, scope, Vec::new(), &[]),
        ask(MetricId::FirstResponseTime, scope, Vec::new(), &median),
        ask(MetricId::ResolutionRate, scope, Vec::new(), &[]),
        ask(MetricId::OpenCases, scope, Vec::new(), &[]),
        ask(MetricId::HandleTime, scope, Vec::new(), &median),
        ask(MetricId::Csat, scope, Vec::new(), &[]),
        ask(MetricId::CreatedCases, scope, by_channel, &[]),
    ]
}

impl Overview {
    /// The figures that the answers to [`asks`] make.
    pub fn of(answers: [&BlockAnswer; ASKS]) -> Overview {
        let [created, first_response, resolution, open, handle, csat, channels] = answers;
        Overview {
            created: created.figures(),
            first_response: first_response.figures(),
            resolution: resolution.figures(),
            open: open.figures(),
            handle: handle.figures(),
            csat: csat.figures(),
            channels: mix(counts(&channels.groups)),
        }
    }
}

/// Shares of channels; of equal ones the first by name comes first, and gets the larger rest.
fn mix(mut counted: Vec<(Arc<str>, u64)>) -> Vec<ChannelShare> {
    counted.sort_unstable();
    let counts: Vec<u64> = counted.iter().map(|(_, cases)| *cases).collect();
    let all = shares::tenths_of_percent(&counts);
    let share = |((channel, cases), tenths)| ChannelShare { channel, cases, tenths };
    let mut mix: Vec<ChannelShare> = counted.into_iter().zip(all).map(share).collect();
    mix.sort_by_key(|share| Reverse(share.cases));
    mix
}

/// What asks for the agents on duty. Presence knows few attributes; what else a filter demands is no demand on it.
pub fn active_agents(scope: &Scope) -> Ask {
    let accepted = catalog::find(MetricId::ActiveAgents).attributes();
    ask(MetricId::ActiveAgents, &scope.keeping(accepted), Vec::new(), &[])
}

/// What asks for the standing resolutions of each agent.
pub fn resolved_by_agent(scope: &Scope) -> Ask {
    ask(MetricId::ResolvedCases, scope, vec![GroupBy::Attribute(FilterAttribute::Agent)], &[])
}

/// Rows of each group that has a value.
pub fn counts(groups: &[GroupAnswer]) -> Vec<(Arc<str>, u64)> {
    let of = |group: &GroupAnswer| Some((group.key.first()?.clone()?, group.cells.first()?.rows));
    groups.iter().filter_map(of).collect()
}

/// The groups among which the first so many are, the largest first; names tell equal ones apart.
pub fn contenders(groups: &[GroupAnswer], first: usize) -> Vec<(Arc<str>, u64)> {
    let mut top = counts(groups);
    top.sort_unstable_by_key(|(_, rows)| Reverse(*rows));
    let last = top.get(first.saturating_sub(1)).map_or(0, |(_, rows)| *rows);
    top.retain(|(_, rows)| *rows >= last);
    top
}

/// The first so many of contenders: the largest first, equal ones by name, then by id.
pub fn best<'a>(
    mut contenders: Vec<(Arc<str>, u64)>,
    first: usize,
    name: impl Fn(&Arc<str>) -> Option<&'a str>,
) -> Vec<(Arc<str>, u64)> {
    contenders.sort_by(|(a, a_rows), (b, b_rows)| {
        b_rows.cmp(a_rows).then_with(|| name(a).cmp(&name(b))).then_with(|| a.cmp(b))
    });
    contenders.truncate(first);
    contenders
}
