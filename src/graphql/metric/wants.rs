//! What is selected below a metric: the percentiles to work out, and the series, groups and earlier spans to ask for at once.

use async_graphql::{InputType, SelectionField};

use crate::graphql::dimension::{Dimension, Grain, Shift};
use crate::metric::{self, Ask, GroupBy, Metric, Percentile, Scope};
use crate::model::ClockMode;

/// A metric on a scope, as fields ask for it.
#[derive(Clone)]
pub struct Wanted<'a> {
    /// Which metric.
    pub metric: &'static Metric,
    /// Which time its lengths count.
    pub clock: ClockMode,
    /// Of which rows.
    pub scope: &'a Scope,
}

impl Wanted<'_> {
    /// The ask for the one figure.
    pub fn total(&self, percentiles: &[Percentile]) -> Ask {
        self.metric.ask(self.scope, self.clock, Vec::new(), percentiles)
    }

    /// The ask for a series; `None` when it has too many buckets.
    pub fn series(&self, grain: metric::Grain, percentiles: &[Percentile]) -> Option<Ask> {
        Some(self.total(percentiles).in_buckets(&self.scope.buckets(grain).ok()?))
    }

    /// The ask for groups.
    pub fn groups(&self, dimension: Dimension, percentiles: &[Percentile]) -> Ask {
        let group_by = vec![GroupBy::Attribute(dimension.into())];
        self.metric.ask(self.scope, self.clock, group_by, percentiles)
    }

    /// Everything that the selection below a field that gives this metric asks for: what hangs on it, and on what does. What hangs on points and
    /// groups in turn is asked when they are there.
    pub fn below(&self, field: SelectionField<'_>) -> Vec<Ask> {
        let mut asks = Vec::new();
        for child in field.selection_set() {
            match child.name() {
                "series" => {
                    let grain = argument::<Grain>(child, "grain").map(metric::Grain::from);
                    asks.extend(grain.and_then(|grain| self.series(grain, &percentiles_below(child))));
                }
                "by" => {
                    let dimension = argument::<Dimension>(child, "dimension");
                    asks.extend(dimension.map(|dimension| self.groups(dimension, &percentiles_below(child))));
                }
                "previous" | "change" => {
                    let shift = argument::<Shift>(child, "shift").map_or(metric::Shift::PreviousPeriod, Into::into);
                    let Some(scope) = self.scope.shifted(shift) else { continue };
                    let earlier = Wanted { scope: &scope, ..self.clone() };
                    let is_change = child.name() == "change";
                    asks.push(earlier.total(&if is_change { Vec::new() } else { percentiles(child) }));
                    asks.extend(if is_change { Vec::new() } else { earlier.below(child) });
                }
                _ => {}
            }
        }
        asks
    }
}

/// The percentiles selected of a metric.
pub fn percentiles(field: SelectionField<'_>) -> Vec<Percentile> {
    let selected = field.selection_set().filter_map(|child| match child.name() {
        "median" => Some(Percentile::MEDIAN),
        "percentile" => argument::<f64>(child, "p").and_then(Percentile::of),
        _ => None,
    });
    let mut percentiles: Vec<Percentile> = selected.collect();
    percentiles.sort_unstable();
    percentiles.dedup();
    percentiles
}

/// The percentiles selected of the metrics of points or groups.
pub fn percentiles_below(field: SelectionField<'_>) -> Vec<Percentile> {
    let metrics = field.selection_set().filter(|child| child.name() == "metric");
    let mut all: Vec<Percentile> = metrics.flat_map(percentiles).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// An argument of a field, variables resolved; `None` when it is not given or is not good, which the field itself will say.
pub fn argument<T: InputType>(field: SelectionField<'_>, name: &str) -> Option<T> {
    let arguments = field.arguments().ok()?;
    let value = arguments.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)?;
    T::parse(Some(value)).ok()
}
