//! Figures, points and groups whose values are all at hand.

use async_graphql::parser::types::Field;
use async_graphql::{InputType, Value};

use crate::graphql::dimension::DimensionKey;
use crate::graphql::ready::{Ready, object};
use crate::graphql::scalars::DateTime;
use crate::metric::{Bucket, Figures, Percentile};

/// Figures, and which percentiles they have.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The figures.
    pub figures: &'a Figures,
    /// The percentiles.
    pub percentiles: &'a [Percentile],
}

/// What a field of a type of metric gives of figures; `None` where that takes more than them.
pub type OfType = fn(Known<'_>, &Field) -> Option<Value>;

/// Figures as a type of metric shows them.
pub struct FigureAtHand<'a>(pub Known<'a>, pub OfType);

/// A bucket of a series with its figure.
pub struct PointAtHand<'a>(pub &'a Bucket, pub FigureAtHand<'a>);

/// A group with its figure.
pub struct GroupAtHand<'a>(pub &'a DimensionKey, pub FigureAtHand<'a>);

impl Known<'_> {
    /// A percentile; `None` when it was not worked out.
    pub fn percentile(self, wanted: Percentile) -> Option<Option<f64>> {
        let place = self.percentiles.iter().position(|of| *of == wanted)?;
        Some(self.figures.percentiles.get(place).copied())
    }
}

impl Ready for FigureAtHand<'_> {
    fn ready(&self, field: &Field) -> Option<Value> {
        let FigureAtHand(known, of_type) = self;
        of_type(*known, field)
    }
}

impl Ready for PointAtHand<'_> {
    fn ready(&self, field: &Field) -> Option<Value> {
        let PointAtHand(bucket, figure) = self;
        match field.name.node.as_str() {
            "from" => Some(InputType::to_value(&DateTime(bucket.span.from))),
            "until" => Some(InputType::to_value(&DateTime(bucket.span.until))),
            "label" => Some(Value::from(bucket.label.as_str())),
            "metric" => object(figure, &field.selection_set.node),
            _ => None,
        }
    }
}

impl Ready for GroupAtHand<'_> {
    fn ready(&self, field: &Field) -> Option<Value> {
        let GroupAtHand(key, figure) = self;
        match field.name.node.as_str() {
            "key" => object(*key, &field.selection_set.node),
            "metric" => object(figure, &field.selection_set.node),
            _ => None,
        }
    }
}
