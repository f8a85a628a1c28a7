//! The question as it was understood.

use std::sync::Arc;

use async_graphql::SimpleObject;

use super::filter::FilterAttribute;
use super::scalars::{DateTime, TimeZone};
use crate::metric;
use crate::model::{self, CaseStatus, Direction, Test};

/// The question as it was understood: absolute instants, zone and filter
#[derive(Clone, SimpleObject)]
pub struct Scope {
    /// Start, inclusive
    from: DateTime,
    /// End, exclusive
    until: DateTime,
    /// Zone of days and hours
    timezone: TimeZone,
    /// What must hold of each row, all of it
    filter: Vec<FilterTerm>,
}

/// One demand of a filter
#[derive(Clone, SimpleObject)]
pub struct FilterTerm {
    /// Of which attribute
    attribute: FilterAttribute,
    /// The values, as filters take them; empty with isUnset
    values: Vec<String>,
    /// Indicates rows with the values are excluded; together with isUnset: rows without a value are
    is_negated: bool,
    /// Indicates the demand is about rows without a value
    is_unset: bool,
}

impl From<&Arc<metric::Scope>> for Scope {
    fn from(scope: &Arc<metric::Scope>) -> Scope {
        Scope {
            from: DateTime(scope.span.from),
            until: DateTime(scope.span.until),
            timezone: TimeZone(scope.zone.name().to_owned()),
            filter: scope.filters.iter().flat_map(|filter| filter.terms()).map(FilterTerm::of).collect(),
        }
    }
}

impl FilterTerm {
    fn of(term: &model::FilterTerm) -> FilterTerm {
        let shown = |values: &[String]| values.iter().map(|value| shown_value(term.attribute, value)).collect();
        let (values, is_negated, is_unset) = match &term.test {
            Test::In(values) => (shown(values), false, false),
            Test::NotIn(values) => (shown(values), true, false),
            Test::Unset => (Vec::new(), false, true),
            Test::Set => (Vec::new(), true, true),
        };
        FilterTerm { attribute: term.attribute.into(), values, is_negated, is_unset }
    }
}

/// A value as filters of the graph take it: of an enum its name.
pub fn shown_value(attribute: model::FilterAttribute, value: &str) -> String {
    let is_enum = match attribute {
        model::FilterAttribute::Status => CaseStatus::from_word(value).is_some(),
        model::FilterAttribute::InitialDirection => Direction::from_word(value).is_some(),
        _ => false,
    };
    if is_enum { value.to_uppercase() } else { value.to_owned() }
}
