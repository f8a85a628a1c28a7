//! By which attribute's index cases are read.
//!
//! In the order of creation an index that leads with an attribute gives the cases of one value in the list's own order, so a page of
//! several values is as many short walks laid into one another, and no other cases are read. A count, and a page of another order,
//! look at all cases of the values, when those are few. Else the way is along the order itself. PostgreSQL knows how many cases have a
//! value and may think better of it; SQLite's planner does not, and is told which indexes to leave alone.

use sea_orm::sea_query::{Expr, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, JoinType, QueryFilter, QuerySelect,
    QueryTrait, RelationDef, Select,
};

use super::entity::{case_record, case_tag};
use super::page::Keyset;
use super::reader::Reader;
use crate::model::{CaseOrderField, CaseStatus, FilterAttribute, FilterTerm, Test, Window};

/// Most walks that a page is made of.
const MAX_WALKS: usize = 16;

/// How cases are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// All of them, for their number.
    Count,
    /// As a page in the order of creation.
    Walk,
    /// As a page in another order.
    Sort,
}

impl Way {
    /// That of a page in an order.
    pub fn of_page(order: CaseOrderField) -> Way {
        if order == CaseOrderField::CreatedAt { Way::Walk } else { Way::Sort }
    }

    /// The term whose attribute leads; what few cases have goes before what many have.
    pub fn lead(self, terms: &[FilterTerm]) -> Option<usize> {
        let ranked = terms.iter().enumerate().filter_map(|(at, term)| Some((self.rank(term)?, at)));
        ranked.min().map(|(_, at)| at)
    }

    /// How few cases meet a term that can lead; `None` when it cannot.
    fn rank(self, term: &FilterTerm) -> Option<u8> {
        let values = match &term.test {
            Test::In(values) => values.len(),
            Test::Unset => 1,
            Test::NotIn(_) | Test::Set => 0,
        };
        // A case with two of the tags would be met on two walks.
        let most_walks = if term.attribute == FilterAttribute::Tag { 1 } else { MAX_WALKS };
        if values == 0 || (self == Way::Walk && values > most_walks) {
            return None;
        }
        let rank = match (term.attribute, &term.test) {
            (FilterAttribute::Requester, Test::In(_)) => 0,
            (FilterAttribute::Agent, Test::In(_)) => 1,
            (FilterAttribute::Status, Test::In(words)) if words.iter().all(|word| is_of_work(word)) => 2,
            (FilterAttribute::Tag, Test::In(_)) => 3,
            (FilterAttribute::Team, _) => 4,
            (FilterAttribute::Agent | FilterAttribute::Requester, _) => 5,
            (FilterAttribute::Status, Test::In(_)) => 6,
            _ => return None,
        };
        (rank <= 3 || self != Way::Sort).then_some(rank)
    }
}

/// Indicates a status of cases that are still worked on: however many cases there ever were, those are few.
fn is_of_work(word: &str) -> bool {
    CaseStatus::from_word(word).is_some_and(|status| !status.is_terminal())
}

/// A column of a condition; SQLite keeps off its index unless it leads.
pub(super) fn column(column: case_record::Column, leads: bool, reader: &Reader) -> Expr {
    match reader.get_database_backend() {
        DatabaseBackend::Sqlite if !leads => Expr::cust_with_expr("+?", column.into_expr()),
        _ => column.into_expr(),
    }
}

/// Cases of `select` that meet `lead`, which is none of its conditions, as they are walked to in the order of creation.
pub(super) fn walk(
    lead: &FilterTerm,
    select: Select<case_record::Entity>,
    order: &mut Keyset<case_record::Model>,
    window: &Window,
    reader: &Reader,
) -> Select<case_record::Entity> {
    let column = match lead.attribute {
        FilterAttribute::Tag => {
            let of = |column| Expr::col((case_tag::Entity, column));
            order.columns = vec![of(case_tag::Column::CreatedAt), of(case_tag::Column::CaseId)];
            let tagged = Condition::all().add(case_tag::Column::Workspace.eq(reader.workspace()));
            let Test::In(tags) = &lead.test else { return select };
            return select.join(JoinType::InnerJoin, tagging()).filter(tagged.add(case_tag::Column::Tag.is_in(tags)));
        }
        FilterAttribute::Requester => case_record::Column::Requester,
        FilterAttribute::Agent => case_record::Column::Assignee,
        FilterAttribute::Team => case_record::Column::Team,
        _ => case_record::Column::Status,
    };
    let Test::In(values) = &lead.test else {
        order.null_column = Some(column.into_expr());
        return select.filter(column.is_null());
    };
    let mut walks: Vec<_> = values.iter().map(|value| select.clone().filter(column.eq(value))).collect();
    if walks.len() == 1 {
        return walks.remove(0);
    }
    ids_first(walks, CaseOrderField::CreatedAt, order, window, reader)
}

/// The rows of the ids that the selects give; what is sorted is then short.
pub(super) fn ids_first(
    selects: Vec<Select<case_record::Entity>>,
    field: CaseOrderField,
    order: &Keyset<case_record::Model>,
    window: &Window,
    reader: &Reader,
) -> Select<case_record::Entity> {
    let ids = selects.into_iter().map(|select| {
        let select = order.bounded(select, window).select_only();
        let select = select.column(case_record::Column::CaseId).column(order_column(field));
        // SQLite takes an order within a union only one level down.
        Query::select().expr(Expr::cust("*")).from_subquery(select.into_query(), "walk").take()
    });
    let all = ids.reduce(|mut all, next| all.union(UnionType::All, next).take()).unwrap_or_default();
    let mut first: SelectStatement = Query::select();
    first.column(case_record::Column::CaseId).from_subquery(all, case_record::Entity);
    order.bound(&mut first, window);
    let first = case_record::Column::CaseId.in_subquery(first);
    case_record::Entity::find().filter(case_record::Column::Workspace.eq(reader.workspace())).filter(first)
}

/// The column of an order.
pub(super) fn order_column(field: CaseOrderField) -> case_record::Column {
    match field {
        CaseOrderField::CreatedAt => case_record::Column::CreatedAt,
        CaseOrderField::UpdatedAt => case_record::Column::UpdatedAt,
        CaseOrderField::Number => case_record::Column::Number,
        CaseOrderField::Priority => case_record::Column::PriorityRank,
    }
}

fn tagging() -> RelationDef {
    case_record::Entity::belongs_to(case_tag::Entity)
        .from((case_record::Column::Workspace, case_record::Column::CaseId))
        .to((case_tag::Column::Workspace, case_tag::Column::CaseId))
        .into()
}
