//! Reading SLA clocks and ratings of cases.

use std::collections::HashMap;

use sea_orm::ColumnTrait;
use sea_orm::sea_query::Query;

use super::StoreError;
use super::entity::{event, rating_record, sla_clock_record};
use super::reader::Reader;
use super::row::record::{to_rating, to_sla_clock};
use crate::model::EventKind;
use crate::record::{RatingRecord, SlaClockRecord};

impl Reader {
    /// Clocks of visible cases, by metric and ordinal, without those left out of every figure.
    pub async fn clocks(&self, cases: &[String]) -> Result<HashMap<String, Vec<SlaClockRecord>>, StoreError> {
        let counting =
            self.of_visible_cases(sla_clock_record::Column::CaseId).add(sla_clock_record::Column::IsLeftOut.eq(false));
        let rows =
            self.rows_by::<sla_clock_record::Entity, _>(sla_clock_record::Column::CaseId, cases, counting).await?;
        let mut clocks: HashMap<String, Vec<SlaClockRecord>> = HashMap::new();
        for row in rows {
            clocks.entry(row.case_id.clone()).or_default().push(to_sla_clock(row)?);
        }
        for of_case in clocks.values_mut() {
            of_case.sort_by_key(|clock| (clock.metric, clock.ordinal));
        }
        Ok(clocks)
    }

    /// Ratings of visible cases, by when they were given, then by id.
    pub async fn ratings(&self, cases: &[String]) -> Result<HashMap<String, Vec<RatingRecord>>, StoreError> {
        let visible = self.of_visible_cases(rating_record::Column::CaseId);
        let rows = self.rows_by::<rating_record::Entity, _>(rating_record::Column::CaseId, cases, visible).await?;
        let mut ratings: HashMap<String, Vec<RatingRecord>> = HashMap::new();
        for row in rows {
            ratings.entry(row.case_id.clone()).or_default().push(to_rating(row));
        }
        for of_case in ratings.values_mut() {
            of_case.sort_by(|a, b| (a.rated_at, &a.id).cmp(&(b.rated_at, &b.id)));
        }
        Ok(ratings)
    }

    /// Ratings of visible cases by their own id, each with its case.
    pub async fn ratings_by_id(&self, ids: &[String]) -> Result<HashMap<String, (String, RatingRecord)>, StoreError> {
        // The event that gave a rating has its id, and an index by it.
        let cases = Query::select()
            .column(event::Column::CaseId)
            .from(event::Entity)
            .and_where(self.in_workspace())
            .and_where(event::Column::Kind.eq(EventKind::Rating.word()))
            .and_where(event::Column::Id.is_in(ids))
            .take();
        let rated =
            self.of_visible_cases(rating_record::Column::CaseId).add(rating_record::Column::CaseId.in_subquery(cases));
        let rows = self.rows_by::<rating_record::Entity, _>(rating_record::Column::Id, ids, rated).await?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), (row.case_id.clone(), to_rating(row)))).collect())
    }
}
