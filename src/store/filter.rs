//! Filters on cases as SQL, the same on every database: no zone functions, only sums on milliseconds.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::StoreError;
use super::entity::{case_record, case_tag};
use super::lead;
use super::reader::Reader;
use crate::model::period::{OffsetSpan, offset_spans};
use crate::model::{CaseQuestion, CaseState, FilterAttribute, FilterTerm, Instant, Span, Test};

/// Most stretches of one offset that hours and days are told apart in: two centuries of summer times.
const MAX_OFFSETS: usize = 400;
/// Whole weeks, in milliseconds, that move every instant of the calendar past 1970, where SQL divides as one expects.
const WEEKS_MS: i64 = 700_000 * 7 * Instant::DAY_MS;
/// The list of a case without tags.
const NO_TAGS: &str = "[]";
const HOUR_MS: i64 = 3_600_000;

/// What a question demands of attributes: its filters' terms, and that the viewer's teams have the case now.
pub(super) fn terms_of(question: &CaseQuestion, reader: &Reader) -> Vec<FilterTerm> {
    let asked = question.filters.iter().flat_map(|filter| filter.terms()).cloned();
    asked.chain(reader.team_term()).collect()
}

/// The active cases that a question is about and that meet the terms, of which one may lead.
pub(super) async fn cases_of(
    question: &CaseQuestion,
    terms: &[FilterTerm],
    lead: Option<usize>,
    reader: &Reader,
) -> Result<Condition, StoreError> {
    let created = case_record::Column::CreatedAt;
    let mut all = Condition::all().add(case_record::Column::Workspace.eq(reader.workspace())).add(is_active());
    if let Some(period) = question.period {
        all = all.add(created.gte(period.from.ms())).add(created.lt(period.until.ms()));
    }
    let offsets = match terms.iter().any(|term| needs_offsets(term.attribute)) {
        true => offsets(question, reader).await?,
        false => Vec::new(),
    };
    for (at, term) in terms.iter().enumerate() {
        all = all.add(condition(term, lead == Some(at), &offsets, reader));
    }
    if let Some(text) = crate::model::case_question::search_text(question.search.as_deref())? {
        all = all.add(contains(case_record::Column::SearchText, &text));
    }
    Ok(all)
}

/// Active cases. The word is written out, since the indexes that hold only those are not used for one that is bound.
pub(super) fn is_active() -> SimpleExpr {
    case_record::Column::State.into_expr().eq(Expr::cust(format!("'{}'", CaseState::Active.word())))
}

/// Rows whose `column`, in lower case, contains `text`.
pub(super) fn contains(column: impl ColumnTrait, text: &str) -> SimpleExpr {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    column.like(LikeExpr::new(pattern).escape('\\'))
}

fn needs_offsets(attribute: FilterAttribute) -> bool {
    matches!(attribute, FilterAttribute::HourOfDay | FilterAttribute::DayOfWeek)
}

/// Where the question's zone keeps one offset, within the question's period and the instants at which there are cases.
async fn offsets(question: &CaseQuestion, reader: &Reader) -> Result<Vec<OffsetSpan>, StoreError> {
    let Some(known) = super::case::creation_span(reader).await? else { return Ok(Vec::new()) };
    let asked = question.period.unwrap_or(known);
    let span = Span { from: asked.from.max(known.from), until: asked.until.min(known.until) };
    if span.from >= span.until {
        return Ok(Vec::new());
    }
    offset_spans(span, &question.zone, MAX_OFFSETS).ok_or_else(|| {
        StoreError::Limit(format!(
            "hours and days are told apart over at most {MAX_OFFSETS} changes of the zone's offset; ask for a shorter period"
        ))
    })
}

fn condition(term: &FilterTerm, leads: bool, offsets: &[OffsetSpan], reader: &Reader) -> Condition {
    use case_record::Column;
    let of = |column| lead::column(column, leads, reader);
    match term.attribute {
        FilterAttribute::Agent => nullable(of(Column::Assignee), &term.test),
        FilterAttribute::Team => nullable(of(Column::Team), &term.test),
        FilterAttribute::Queue => nullable(of(Column::Queue), &term.test),
        FilterAttribute::Channel => always(of(Column::Channel), &term.test),
        FilterAttribute::InitialChannel => always(of(Column::InitialChannel), &term.test),
        FilterAttribute::InitialDirection => always(of(Column::Direction), &term.test),
        FilterAttribute::Tag => tagged(of(Column::CaseId), &term.test, reader),
        FilterAttribute::ContactPoint => nullable(of(Column::ContactPoint), &term.test),
        FilterAttribute::SlaPolicy => nullable(of(Column::Policy), &term.test),
        FilterAttribute::Priority => nullable(of(Column::Priority), &term.test),
        FilterAttribute::CaseType => nullable(of(Column::CaseType), &term.test),
        FilterAttribute::Status => always(of(Column::Status), &term.test),
        FilterAttribute::Requester => nullable(of(Column::Requester), &term.test),
        FilterAttribute::HourOfDay => local(&term.test, 0..24, offsets, |ms| ms.div(HOUR_MS).modulo(24)),
        // 1 January 1970 was a Thursday: day 4.
        FilterAttribute::DayOfWeek => {
            local(&term.test, 1..8, offsets, |ms| ms.div(Instant::DAY_MS).add(3).modulo(7).add(1))
        }
    }
}

/// No row.
fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// A column that always has a value.
fn always(column: SimpleExpr, test: &Test) -> Condition {
    match test {
        Test::In(values) if values.is_empty() => nothing(),
        Test::In(values) => Condition::all().add(column.is_in(values)),
        Test::NotIn(values) if values.is_empty() => Condition::all(),
        Test::NotIn(values) => Condition::all().add(column.is_not_in(values)),
        Test::Unset => nothing(),
        Test::Set => Condition::all(),
    }
}

/// A column that may have no value; rows without one stay under an exclusion.
fn nullable(column: SimpleExpr, test: &Test) -> Condition {
    match test {
        Test::Unset => Condition::all().add(column.is_null()),
        Test::Set => Condition::all().add(column.is_not_null()),
        Test::NotIn(values) if !values.is_empty() => {
            Condition::any().add(column.clone().is_null()).add(column.is_not_in(values))
        }
        test => always(column, test),
    }
}

fn tagged(case: SimpleExpr, test: &Test, reader: &Reader) -> Condition {
    let mut tags = Query::select();
    tags.column(case_tag::Column::CaseId)
        .from(case_tag::Entity)
        .and_where(Expr::col((case_tag::Entity, case_tag::Column::Workspace)).eq(reader.workspace()));
    let of_case = Expr::col((case_tag::Entity, case_tag::Column::CaseId))
        .equals((case_record::Entity, case_record::Column::CaseId))
        .and(
            Expr::col((case_tag::Entity, case_tag::Column::CreatedAt))
                .equals((case_record::Entity, case_record::Column::CreatedAt)),
        );
    let any_of = |values: &[String]| Expr::col((case_tag::Entity, case_tag::Column::Tag)).is_in(values);
    match test {
        Test::In(values) if values.is_empty() => nothing(),
        Test::In(values) => Condition::all().add(case.in_subquery(tags.and_where(any_of(values)).take())),
        Test::NotIn(values) if values.is_empty() => Condition::all(),
        Test::NotIn(values) => {
            Condition::all().add(Expr::not_exists(tags.and_where(of_case).and_where(any_of(values)).take()))
        }
        Test::Unset => Condition::all().add(case_record::Column::Tags.eq(NO_TAGS)),
        Test::Set => Condition::all().add(case_record::Column::Tags.ne(NO_TAGS)),
    }
}

/// A unit of the local time of creation, which every case has: one sum for each offset, over the stretches in which the zone keeps it.
fn local(
    test: &Test,
    units: std::ops::Range<i64>,
    offsets: &[OffsetSpan],
    unit: impl Fn(SimpleExpr) -> SimpleExpr,
) -> Condition {
    let numbers = |values: &[String]| values.iter().filter_map(|v| v.parse().ok()).collect::<Vec<i64>>();
    let wanted: Vec<i64> = match test {
        Test::In(values) => numbers(values),
        Test::NotIn(values) => {
            let dropped = numbers(values);
            units.filter(|unit| !dropped.contains(unit)).collect()
        }
        Test::Unset => Vec::new(),
        Test::Set => units.collect(),
    };
    if wanted.is_empty() {
        return nothing();
    }
    let created = || Expr::col((case_record::Entity, case_record::Column::CreatedAt));
    let mut by_offset: BTreeMap<i64, Condition> = BTreeMap::new();
    for OffsetSpan { span, offset_ms } in offsets {
        let within = Condition::all().add(created().gte(span.from.ms())).add(created().lt(span.until.ms()));
        let stretches = by_offset.remove(offset_ms).unwrap_or_else(Condition::any);
        by_offset.insert(*offset_ms, stretches.add(within));
    }
    by_offset.into_iter().fold(Condition::any().add(Expr::val(1).eq(0)), |any, (offset_ms, stretches)| {
        let ms = created().add(WEEKS_MS + offset_ms);
        any.add(Condition::all().add(unit(ms).is_in(wanted.iter().copied())).add(stretches))
    })
}

#[cfg(test)]
mod tests;
