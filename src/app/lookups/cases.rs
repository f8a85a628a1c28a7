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
    pub async fn cases(&self, ids: &[String]) -> Result<HashMap<String, CaseRecord>, Error> {
        Ok(self.reader()?.cases(ids).await?)
    }
    /// Cases by number, whatever their state.
    pub async fn cases_by_number(&self, numbers: &[i64]) -> Result<HashMap<i64, CaseRecord>, Error> {
        Ok(self.reader()?.cases_by_number(numbers).await?)
    }
    /// What the source says of cases, by id: attributes, what they were merged into, who created them.
    pub async fn case_sources(&self, ids: &[String]) -> Result<HashMap<String, Case>, Error> {
        Ok(self.reader()?.case_sources(ids).await?)
    }
    /// Ratings given on each case, by when they were given.
    pub async fn ratings(&self, cases: &[String]) -> Result<HashMap<String, Vec<RatingRecord>>, Error> {
        Ok(self.reader()?.ratings(cases).await?)
    }
    /// Ratings by their own id, each with its case.
    pub async fn ratings_by_id(&self, ids: &[String]) -> Result<HashMap<String, (String, RatingRecord)>, Error> {
        Ok(self.reader()?.ratings_by_id(ids).await?)
    }
    /// Events of one kind by id.
    pub async fn events(&self, kind: EventKind, ids: &[String]) -> Result<HashMap<String, Event>, Error> {
        Ok(self.reader()?.events(kind, ids).await?)
    }
    /// Display name of a case's status, in the version in force when the case entered it; needs no statement.
    pub fn status_label(&self, rules: &Rules, case: &CaseRecord) -> String {
        rules.status_label(&case.status_id, case.status_since)
    }

    /// A page of active cases. Also `Invalid` and `Limit` for a search text or cursor that is wrong.
    pub async fn cases_page(&self, question: &CaseQuestion, window: &Window) -> Result<Page<CaseRecord>, Error> {
        Ok(self.reader()?.cases_page(question, window).await?)
    }
    /// Active cases that the question is about, all pages together.
    pub async fn count_cases(&self, question: &CaseQuestion) -> Result<i64, Error> {
        Ok(self.reader()?.count_cases(question).await?)
    }
    /// A page of a case's events in the order in which they happened; empty when the case is not visible.
    pub async fn timeline_page(&self, question: &TimelineQuestion, window: &Window) -> Result<Page<Event>, Error> {
        Ok(self.reader()?.timeline_page(&question.case, question.kinds.as_deref(), window).await?)
    }
    /// Events that the question is about, all pages together.
    pub async fn count_timeline(&self, question: &TimelineQuestion) -> Result<i64, Error> {
        Ok(self.reader()?.count_timeline(&question.case, question.kinds.as_deref()).await?)
    }
}
