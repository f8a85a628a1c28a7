//! Reading cases: by id and number, and page by page.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};

use super::StoreError;
use super::entity::{case_record, support_case};
use super::filter::{cases_of, is_active, terms_of};
use super::lead::{self, Way, order_column};
use super::page::Keyset;
use super::reader::Reader;
use super::row::case::to_case;
use super::row::case_record::to_case_record;
use crate::model::{Case, CaseOrderField, CaseQuestion, FilterTerm, Instant, Order, Page, Span, Window};
use crate::record::CaseRecord;

impl Reader {
    /// Visible cases by id.
    pub async fn cases(&self, ids: &[String]) -> Result<HashMap<String, CaseRecord>, StoreError> {
        let rows =
            self.rows_by::<case_record::Entity, _>(case_record::Column::CaseId, ids, self.visible_cases()).await?;
        rows.into_iter().map(|row| Ok((row.case_id.clone(), to_case_record(row)?))).collect()
    }

    /// Visible cases by number.
    pub async fn cases_by_number(&self, numbers: &[i64]) -> Result<HashMap<i64, CaseRecord>, StoreError> {
        let rows =
            self.rows_by::<case_record::Entity, _>(case_record::Column::Number, numbers, self.visible_cases()).await?;
        rows.into_iter().map(|row| Ok((row.number, to_case_record(row)?))).collect()
    }

    /// Visible cases as created, by id.
    pub async fn case_sources(&self, ids: &[String]) -> Result<HashMap<String, Case>, StoreError> {
        let visible = self.of_visible_cases(support_case::Column::Id);
        let rows = self.rows_by::<support_case::Entity, _>(support_case::Column::Id, ids, visible).await?;
        rows.into_iter().map(|row| Ok((row.id.clone(), to_case(row)?))).collect()
    }

    /// A page of the active cases that a question is about.
    pub async fn cases_page(&self, question: &CaseQuestion, window: &Window) -> Result<Page<CaseRecord>, StoreError> {
        let mut terms = terms_of(question, self);
        let way = Way::of_page(question.order.field);
        let mut order = order(question.order);
        let select = match (way.lead(&terms), way) {
            (Some(lead), Way::Walk) => {
                let lead = terms.remove(lead);
                let rest = self.select_cases(question, &terms, None).await?;
                lead::walk(&lead, rest, &mut order, window, self)
            }
            (Some(lead), _) => {
                let cases = self.select_cases(question, &terms, Some(lead)).await?;
                lead::ids_first(vec![cases], question.order.field, &order, window, self)
            }
            (None, _) => self.select_cases(question, &terms, None).await?,
        };
        order.page(select, window, self).await?.try_map(to_case_record)
    }

    /// How many active cases a question is about.
    pub async fn count_cases(&self, question: &CaseQuestion) -> Result<i64, StoreError> {
        let terms = terms_of(question, self);
        let cases = self.select_cases(question, &terms, Way::Count.lead(&terms)).await?;
        count(cases.count(self).await?)
    }

    async fn select_cases(
        &self,
        question: &CaseQuestion,
        terms: &[FilterTerm],
        lead: Option<usize>,
    ) -> Result<Select<case_record::Entity>, StoreError> {
        Ok(case_record::Entity::find().filter(cases_of(question, terms, lead, self).await?))
    }
}

/// From the first creation of an active case of the workspace until just after the last; `None` without cases.
pub(super) async fn creation_span(reader: &Reader) -> Result<Option<Span>, StoreError> {
    // Each bound for itself, since only then it is read off the index.
    let bound = |bound: Expr| {
        Query::select()
            .expr(bound)
            .from(case_record::Entity)
            .and_where(reader.in_workspace())
            .and_where(is_active())
            .take()
    };
    let created = || Expr::col(case_record::Column::CreatedAt);
    let query = Query::select().expr(bound(created().min())).expr(bound(created().max())).take();
    let Some(row) = reader.query_one(&query).await? else { return Ok(None) };
    let (first, last): (Option<i64>, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(first
        .zip(last)
        .map(|(first, last)| Span { from: Instant::from_ms(first), until: Instant::from_ms(last).plus_ms(1) }))
}

/// A count as the model has it.
pub(super) fn count(rows: u64) -> Result<i64, StoreError> {
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

fn order(order: Order<CaseOrderField>) -> Keyset<case_record::Model> {
    let keys: fn(&case_record::Model) -> Vec<crate::model::Key> = match order.field {
        CaseOrderField::CreatedAt => |row| vec![row.created_at.into(), row.case_id.as_str().into()],
        CaseOrderField::UpdatedAt => |row| vec![row.updated_at.into(), row.case_id.as_str().into()],
        CaseOrderField::Number => |row| vec![row.number.into(), row.case_id.as_str().into()],
        CaseOrderField::Priority => |row| vec![i64::from(row.priority_rank).into(), row.case_id.as_str().into()],
    };
    let of = |column| Expr::col((case_record::Entity, column));
    Keyset {
        name: order.field.word(),
        columns: vec![of(order_column(order.field)), of(case_record::Column::CaseId)],
        keys,
        like: vec![0.into(), "".into()],
        direction: order.direction,
        null_column: None,
    }
}
