//! Reading SLA clocks and ratings of cases.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IdenStatic, QueryFilter, QuerySelect};
use serde::de::DeserializeOwned;

use super::StoreError;
use super::entity::case_history::Column;
use super::entity::{case_history, event};
use super::reader::{Reader, key_lists};
use super::row::record::to_list;
use crate::model::EventKind;
use crate::record::{RatingRecord, SlaClockRecord};

impl Reader {
    /// Clocks of visible cases, by metric and ordinal, without those left out of every figure.
    pub async fn clocks(&self, cases: &[String]) -> Result<HashMap<String, Vec<SlaClockRecord>>, StoreError> {
        let mut clocks: HashMap<String, Vec<SlaClockRecord>> = self.records_of(Column::SlaClocks, cases).await?;
        for of_case in clocks.values_mut() {
            of_case.retain(|clock| !clock.is_left_out);
            of_case.sort_by_key(|clock| (clock.metric, clock.ordinal));
        }
        Ok(clocks)
    }

    /// Ratings of visible cases, by when they were given, then by id.
    pub async fn ratings(&self, cases: &[String]) -> Result<HashMap<String, Vec<RatingRecord>>, StoreError> {
        let mut ratings: HashMap<String, Vec<RatingRecord>> = self.records_of(Column::Ratings, cases).await?;
        for of_case in ratings.values_mut() {
            of_case.sort_by(|a, b| (a.rated_at, &a.id).cmp(&(b.rated_at, &b.id)));
        }
        Ok(ratings)
    }

    /// Ratings of visible cases by their own id, each with its case.
    pub async fn ratings_by_id(&self, ids: &[String]) -> Result<HashMap<String, (String, RatingRecord)>, StoreError> {
        let mut found = HashMap::with_capacity(ids.len());
        for ids in key_lists(ids) {
            // The event that gave a rating has its id, and an index by it.
            let cases = Query::select()
                .column(event::Column::CaseId)
                .from(event::Entity)
                .and_where(self.in_workspace())
                .and_where(event::Column::Kind.eq(EventKind::Rating.word()))
                .and_where(event::Column::Id.is_in(ids.iter().map(String::as_str)))
                .take();
            let rated = Condition::all().add(Column::CaseId.in_subquery(cases));
            let wanted: HashSet<&str> = ids.iter().map(String::as_str).collect();
            for (case, ratings) in self.lists::<RatingRecord>(Column::Ratings, rated).await? {
                let asked = ratings.into_iter().filter(|rating| wanted.contains(rating.id.as_str()));
                found.extend(asked.map(|rating| (rating.id.clone(), (case.clone(), rating))));
            }
        }
        Ok(found)
    }

    /// The records of one column of visible cases, by case.
    async fn records_of<R: DeserializeOwned>(
        &self,
        column: Column,
        cases: &[String],
    ) -> Result<HashMap<String, Vec<R>>, StoreError> {
        let mut found = HashMap::with_capacity(cases.len());
        for cases in key_lists(cases) {
            found.extend(self.lists(column, Condition::all().add(Column::CaseId.is_in(cases))).await?);
        }
        Ok(found)
    }

    /// The records of one column of the visible ones of `which` cases, each with its case.
    async fn lists<R: DeserializeOwned>(
        &self,
        column: Column,
        which: Condition,
    ) -> Result<Vec<(String, Vec<R>)>, StoreError> {
        let lists: Vec<(String, String)> = case_history::Entity::find()
            .select_only()
            .columns([Column::CaseId, column])
            .filter(self.in_workspace())
            .filter(which)
            .filter(column.is_not_null())
            .filter(self.of_visible_cases(Column::CaseId))
            .into_tuple()
            .all(self)
            .await?;
        lists.into_iter().map(|(case, list)| Ok((case, to_list(column.as_str(), Some(&list))?))).collect()
    }
}
