//! Cases, their events and their ratings.

use std::collections::HashMap;

use super::{CaseQuestion, Lookups};
use crate::app::Error;
use crate::model::{Case, Event, EventKind, Page, Window};
use crate::record::{CaseRecord, RatingRecord, Rules};

/// Which events of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineQuestion {
    /// The case.
    pub case: String,
    /// Of these kinds; `None`: of every kind; an empty list: none.
    pub kinds: Option<Vec<EventKind>>,
}

impl Lookups {
    /// Cases by id, whatever their state.
    ///
    /// # Errors
    /// `Forbidden`, `Unavailable`, `Internal`; so all methods here.
    pub async fn cases(&self, _ids: &[String]) -> Result<HashMap<String, CaseRecord>, Error> {
        Err(Error::Internal)
    }
    /// Cases by number, whatever their state.
    pub async fn cases_by_number(&self, _numbers: &[i64]) -> Result<HashMap<i64, CaseRecord>, Error> {
        Err(Error::Internal)
    }
    /// What the source says of cases, by id: attributes, what they were merged into, who created them.
    pub async fn case_sources(&self, _ids: &[String]) -> Result<HashMap<String, Case>, Error> {
        Err(Error::Internal)
    }
    /// Ratings given on each case, by when they were given.
    pub async fn ratings(&self, _cases: &[String]) -> Result<HashMap<String, Vec<RatingRecord>>, Error> {
        Err(Error::Internal)
    }
    /// Ratings by their own id, each with its case.
    pub async fn ratings_by_id(&self, _ids: &[String]) -> Result<HashMap<String, (String, RatingRecord)>, Error> {
        Err(Error::Internal)
    }
    /// Events of one kind by id.
    pub async fn events(&self, _kind: EventKind, _ids: &[String]) -> Result<HashMap<String, Event>, Error> {
        Err(Error::Internal)
    }
    /// Display name of a case's status, in the version in force when the case entered it; needs no statement.
    pub fn status_label(&self, _rules: &Rules, case: &CaseRecord) -> String {
        case.status_id.clone()
    }

    /// A page of active cases. Also `Invalid` and `Limit` for a search text or cursor that is wrong.
    pub async fn cases_page(&self, _question: &CaseQuestion, _window: &Window) -> Result<Page<CaseRecord>, Error> {
        Err(Error::Internal)
    }
    /// Active cases that the question is about, all pages together.
    pub async fn count_cases(&self, _question: &CaseQuestion) -> Result<i64, Error> {
        Err(Error::Internal)
    }
    /// A page of a case's events in the order in which they happened; empty when the case is not visible.
    pub async fn timeline_page(&self, _question: &TimelineQuestion, _window: &Window) -> Result<Page<Event>, Error> {
        Err(Error::Internal)
    }
    /// Events that the question is about, all pages together.
    pub async fn count_timeline(&self, _question: &TimelineQuestion) -> Result<i64, Error> {
        Err(Error::Internal)
    }
}
