//! Reading events of visible cases. Events that wait for their case are never read here.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter};

use super::StoreError;
use super::case::count;
use super::entity::event;
use super::ingest::is_mark;
use super::page::Keyset;
use super::reader::Reader;
use super::row::event::to_event;
use crate::model::{ChangeField, Event, EventBody, EventKind, OrderDirection, Page, Window};

impl Reader {
    /// Events of one kind by id.
    pub async fn events(&self, kind: EventKind, ids: &[String]) -> Result<HashMap<String, Event>, StoreError> {
        let of_kind = self.of_seen_cases(event::Column::CaseId).add(event::Column::Kind.eq(kind.word()));
        let rows = self.rows_by::<event::Entity, _>(event::Column::Id, ids, of_kind).await?;
        rows.into_iter().map(|row| Ok((row.id.clone(), shown(row)?))).collect()
    }

    /// Every event of cases, in no order.
    pub async fn events_of(&self, cases: &[String]) -> Result<HashMap<String, Vec<Event>>, StoreError> {
        let rows = self
            .rows_by::<event::Entity, _>(event::Column::CaseId, cases, self.of_seen_cases(event::Column::CaseId))
            .await?;
        let mut events: HashMap<String, Vec<Event>> = HashMap::new();
        for row in rows {
            events.entry(row.case_id.clone()).or_default().push(shown(row)?);
        }
        Ok(events)
    }

    /// A page of a case's events of some kinds (`None`: of every kind) in the order in which they happened.
    pub async fn timeline_page(
        &self,
        case: &str,
        kinds: Option<&[EventKind]>,
        window: &Window,
    ) -> Result<Page<Event>, StoreError> {
        let select = event::Entity::find().filter(self.timeline(case, kinds));
        in_order().page(select, window, self).await?.try_map(shown)
    }

    /// How many such events there are.
    pub async fn count_timeline(&self, case: &str, kinds: Option<&[EventKind]>) -> Result<i64, StoreError> {
        count(event::Entity::find().filter(self.timeline(case, kinds)).count(self).await?)
    }

    fn timeline(&self, case: &str, kinds: Option<&[EventKind]>) -> Condition {
        let kinds = kinds.map(|kinds| event::Column::Kind.is_in(kinds.iter().map(|kind| kind.word())));
        self.of_seen_cases(event::Column::CaseId)
            .add(event::Column::Workspace.eq(self.workspace()))
            .add(event::Column::CaseId.eq(case))
            .add_option(kinds)
    }
}

/// The event of a row, an erased subject being none.
fn shown(row: event::Model) -> Result<Event, StoreError> {
    let mut event = to_event(row)?;
    if let EventBody::Change { field: ChangeField::Subject, to } = &mut event.body {
        to.take_if(|text| is_mark(text));
    }
    Ok(event)
}

/// The order of `Event::order`, and by kind where it leaves two equal.
fn in_order() -> Keyset<event::Model> {
    let of = |column| Expr::col((event::Entity, column));
    let seq = Func::coalesce([of(event::Column::Seq), Expr::val(i64::MIN)]);
    Keyset {
        name: "timeline",
        columns: vec![of(event::Column::At), seq.into(), of(event::Column::Id), of(event::Column::Kind)],
        keys: |row| {
            let seq = row.seq.unwrap_or(i64::MIN);
            vec![row.at.into(), seq.into(), row.id.as_str().into(), row.kind.as_str().into()]
        },
        like: vec![0.into(), 0.into(), "".into(), "".into()],
        direction: OrderDirection::Asc,
        null_column: None,
    }
}
