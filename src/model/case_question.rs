//! Which cases a list is about.

use jiff::tz::TimeZone;

use super::{CaseOrderField, FieldError, Filter, FilterAttribute, Order, OrderDirection, Span};

/// Longest text searched for, in characters.
pub const MAX_SEARCH_CHARS: usize = 200;

/// Which cases, in which order. The default is all active cases, the newest first.
#[derive(Clone, Debug)]
pub struct CaseQuestion {
    /// Created in this span; `None`: whenever.
    pub period: Option<Span>,
    /// Zone of hours and days in filters.
    pub zone: TimeZone,
    /// Filters that all apply: the request's own, and those of the things it is asked on.
    pub filters: Vec<Filter>,
    /// Text that subject, external id or number contain, whatever its case; `None` or blank: any.
    pub search: Option<String>,
    /// Order.
    pub order: Order<CaseOrderField>,
}

impl Default for CaseQuestion {
    fn default() -> CaseQuestion {
        CaseQuestion {
            period: None,
            zone: TimeZone::UTC,
            filters: Vec::new(),
            search: None,
            order: Order { field: CaseOrderField::CreatedAt, direction: OrderDirection::Desc },
        }
    }
}

impl CaseQuestion {
    /// Only cases of that agent, team, queue, tag, channel or policy, whatever else is asked.
    #[must_use]
    pub fn within(mut self, attribute: FilterAttribute, id: &str) -> CaseQuestion {
        self.filters.push(Filter::only(attribute, id));
        self
    }
}

/// What a text is searched by: trimmed and in lower case; `None` when it is blank.
///
/// # Errors
/// When it is longer than 200 characters.
pub fn search_text(search: Option<&str>) -> Result<Option<String>, FieldError> {
    let text = search.unwrap_or_default().trim();
    if text.chars().count() > MAX_SEARCH_CHARS {
        return Err(FieldError::new("search", format!("is longer than {MAX_SEARCH_CHARS} characters")));
    }
    Ok((!text.is_empty()).then(|| text.to_lowercase()))
}
