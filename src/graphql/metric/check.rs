//! What may be asked of a metric: filters and groups that its rows have, and no more than the bounds.

use crate::app::Error;
use crate::graphql::error::shown;
use crate::metric::{Metric, Percentile, Scope, catalog};
use crate::model::FilterAttribute;
use crate::model::page::MAX_PAGE_ROWS;
use crate::record::RecordKind;

/// Refuses a filter that the rows of a kind do not have.
///
/// # Errors
/// `Invalid` naming those that they have.
pub fn accept_kind(kind: RecordKind, scope: &Scope) -> async_graphql::Result<()> {
    let accepted = catalog::attributes(kind);
    let mut terms = scope.filters.iter().flat_map(|filter| filter.terms());
    let Some(term) = terms.find(|term| !accepted.contains(&term.attribute)) else { return Ok(()) };
    let names: Vec<&str> = accepted.iter().map(|attribute| attribute.word()).collect();
    let text = format!("{kind} cannot be filtered by `{}`; try one of: {}", term.attribute, names.join(", "));
    Err(shown(&Error::Invalid(text)))
}

/// Refuses a filter that the rows of a metric do not have.
///
/// # Errors
/// As `accept`.
pub fn accept_filters(metric: &Metric, scope: &Scope) -> async_graphql::Result<()> {
    let mut terms = scope.filters.iter().flat_map(|filter| filter.terms());
    terms.try_for_each(|term| accept(metric, term.attribute)).map_err(|error| shown(&error))
}

/// Refuses an attribute that the rows of a metric do not have.
///
/// # Errors
/// `Invalid` naming those that they have.
pub fn accept(metric: &Metric, attribute: FilterAttribute) -> Result<(), Error> {
    let accepted = metric.attributes();
    if accepted.contains(&attribute) {
        return Ok(());
    }
    let names: Vec<&str> = accepted.iter().map(|attribute| attribute.word()).collect();
    Err(Error::Invalid(format!(
        "metric `{}` cannot be filtered or grouped by `{attribute}`; try one of: {}",
        metric.id,
        names.join(", ")
    )))
}

/// Refuses too many percentiles.
///
/// # Errors
/// `Limit` naming bound and value.
pub fn check_percentiles(percentiles: &[Percentile]) -> async_graphql::Result<()> {
    let (count, limit) = (percentiles.len(), Percentile::LIMIT);
    if count <= limit {
        return Ok(());
    }
    Err(shown(&Error::Limit(format!("{count} different percentiles; at most {limit} are allowed"))))
}

/// Number of groups to show.
///
/// # Errors
/// `Limit` over 100, `Invalid` below 0.
pub fn check_first(first: i32) -> async_graphql::Result<usize> {
    let refused = |error| Err(shown(&error));
    match usize::try_from(first) {
        Ok(first) if first > MAX_PAGE_ROWS => {
            refused(Error::Limit(format!("`first` is {first}; at most {MAX_PAGE_ROWS} groups are shown")))
        }
        Ok(first) => Ok(first),
        Err(_) => refused(Error::Invalid(format!("`first` is {first}; it is 0 or more"))),
    }
}
