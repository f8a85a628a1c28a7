//! The order of groups.

use std::cmp::Ordering;
use std::sync::Arc;

use async_graphql::Context;

use super::answered::Answered;
use crate::graphql::context::ask;
use crate::graphql::dimension::{GroupOrder, labels};
use crate::metric::{Figures, GroupAnswer};
use crate::model::FilterAttribute;

impl Answered {
    /// Brings groups into an order as far as the first ones need it; gives the names of those.
    pub(super) async fn sort(
        &self,
        ctx: &Context<'_>,
        attribute: FilterAttribute,
        groups: &mut [&GroupAnswer],
        order: GroupOrder,
        first: usize,
    ) -> async_graphql::Result<Vec<(Option<Arc<str>>, String)>> {
        let rank = |group: &GroupAnswer| group.cells.first().and_then(|figures| self.rank(figures, order));
        groups.sort_by(|a, b| by_rank(rank(a), rank(b)));
        // Names tell equal groups apart, so those of the first ones and of all that equal the last of them are needed.
        let last = groups.get(first.saturating_sub(1)).map(|group| rank(group));
        let named = match last {
            Some(last) => groups.partition_point(|group| by_rank(rank(group), last) != Ordering::Greater),
            None => groups.len(),
        };
        let head = &mut groups[..named];
        let values: Vec<_> = head.iter().map(|group| group.key.first().cloned().flatten()).collect();
        let names = labels(ask(ctx)?, attribute, &values).await?;
        let name = |group: &GroupAnswer| names.get(&group.key.first().cloned().flatten());
        head.sort_by(|a, b| {
            by_rank(rank(a), rank(b)).then_with(|| name(a).cmp(&name(b))).then_with(|| a.key.cmp(&b.key))
        });
        Ok(names.into_iter().collect())
    }

    /// What a group is ordered by, smallest first.
    fn rank(&self, figures: &Figures, order: GroupOrder) -> Option<f64> {
        match order {
            GroupOrder::ValueDesc => self.value(figures).map(|value| -value),
            GroupOrder::ValueAsc => self.value(figures),
            GroupOrder::SampleSizeDesc => Some(-(figures.rows as f64)),
            GroupOrder::LabelAsc => Some(0.0),
        }
    }
}

/// Groups without a value come last.
fn by_rank(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}
