//! The derived rows of cases: made on all of the machine's threads, replaced in the database case by case.

use sea_orm::{DatabaseBackend, Statement, Value};

use super::transaction::Pen;
use crate::model::{Case, Event};
use crate::record::{CaseRecord, Rules, derive};
use crate::store::StoreError;
use crate::store::bulk::{self, Among, Inserter, Keys, texts};
use crate::store::entity::{case_history, case_record, case_tag};
use crate::store::row::case_record::{CaseRecordRow, CaseTagRow, of_tags};
use crate::store::row::record::{self, CaseHistoryRow};
use crate::store::transaction::Piece;

/// Cases derived at once: few enough for their rows to be encoded while the cache has them.
const CASES_AT_ONCE: usize = 512;
/// Cases whose other rows are held until those of the cases themselves are put down.
const CASES_AT_A_TIME: usize = 4_096;
/// Fewer cases than this a thread are not worth one.
const CASES_A_THREAD: usize = 32;

/// A case to derive.
#[derive(Debug)]
pub struct Todo<'a> {
    /// The case.
    pub case: &'a Case,
    /// All its events, in no order.
    pub events: Vec<&'a Event>,
    /// Its texts are kept out.
    pub is_anonymous: bool,
}

/// Where derived rows go.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// The database.
    pub backend: DatabaseBackend,
    /// The workspace of the cases.
    pub workspace: &'a str,
    /// Cases that may have rows from before, which go.
    pub replaced: &'a Keys,
}

/// Threads on which rows are made: the database is left as many.
pub fn threads() -> usize {
    (std::thread::available_parallelism().map_or(1, usize::from) / 2).max(1)
}

/// Derives cases and puts their rows down, some hundreds of cases at once. Blocks; call it where that does no harm.
pub fn put(pen: &Pen, target: Target<'_>, todos: &[Todo<'_>], rules: &Rules) -> Result<(), StoreError> {
    let share = todos.len().div_ceil(threads()).max(CASES_A_THREAD);
    if todos.len() <= share {
        return derive_all(pen, target, todos, rules);
    }
    std::thread::scope(|scope| {
        let shares = todos.chunks(share).map(|share| scope.spawn(move || derive_all(pen, target, share, rules)));
        for share in shares.collect::<Vec<_>>() {
            share.join().map_err(|_| StoreError::Derivation)??;
        }
        Ok(())
    })
}

fn derive_all(pen: &Pen, to: Target<'_>, todos: &[Todo<'_>], rules: &Rules) -> Result<(), StoreError> {
    let mut into_cases = Inserter::<case_record::Entity>::default();
    let mut into_tags = Inserter::<case_tag::Entity>::default();
    let mut into_histories = Inserter::<case_history::Entity>::default();
    for todos in todos.chunks(CASES_AT_A_TIME) {
        // Rows of a table that follow one another cost PostgreSQL less.
        let (mut tags, mut histories) = (Vec::new(), Vec::new());
        for piece in todos.chunks(CASES_AT_ONCE).take_while(|_| !pen.is_left()) {
            let (mut old, mut new) = (Rows::default(), Rows::default());
            for todo in piece {
                let rows = if to.replaced.contains(&todo.case.id) { &mut old } else { &mut new };
                rows.add(to.workspace, todo, rules)?;
            }
            pen.put_new(into_cases.pieces(to.backend, new.case_rows(to)));
            tags.extend(into_tags.pieces(to.backend, new.tag_rows(to)));
            histories.extend(into_histories.pieces(to.backend, new.history_rows()));
            pen.put(old.replacing_pieces(to));
        }
        pen.put_new(tags);
        pen.put_new(histories);
    }
    Ok(())
}

/// Derived rows of many cases.
#[derive(Debug, Default)]
struct Rows {
    cases: Vec<CaseRecord>,
    histories: Vec<case_history::Model>,
}

impl Rows {
    fn add(&mut self, workspace: &str, todo: &Todo<'_>, rules: &Rules) -> Result<(), StoreError> {
        let mut derived = derive(todo.case, todo.events.iter().copied(), rules);
        if todo.is_anonymous {
            derived.case.subject = None;
        }
        self.histories.push(record::of_derived(workspace, &derived)?);
        self.cases.push(derived.case);
        Ok(())
    }

    /// The pieces that write the rows in the place of those that their cases have.
    fn replacing_pieces(&self, to: Target<'_>) -> Vec<Piece> {
        let among = Among { workspace: to.workspace, and: None, column: "case_id" };
        let keys = texts(self.cases.iter().map(|case| &case.case));
        let mut pieces = untag_pieces(to.backend, to.workspace, &keys);
        let (cases, histories) = (self.case_rows(to).collect(), self.history_rows().collect());
        pieces.extend(bulk::replace_pieces::<case_record::Entity>(to.backend, among, &keys, cases));
        pieces.extend(bulk::replace_pieces::<case_history::Entity>(to.backend, among, &keys, histories));
        pieces.extend(bulk::insert_pieces::<case_tag::Entity>(to.backend, self.tag_rows(to)));
        pieces
    }

    fn case_rows<'a>(&'a self, to: Target<'a>) -> impl ExactSizeIterator<Item = CaseRecordRow<'a>> {
        self.cases.iter().map(move |of| CaseRecordRow { workspace: to.workspace, of })
    }

    fn tag_rows<'a>(&'a self, to: Target<'a>) -> Vec<CaseTagRow<'a>> {
        self.cases.iter().flat_map(move |case| of_tags(to.workspace, case)).collect()
    }

    fn history_rows(&self) -> impl ExactSizeIterator<Item = CaseHistoryRow<'_>> {
        self.histories.iter().map(CaseHistoryRow)
    }
}

/// The pieces that delete what was derived from cases.
pub fn deleted(backend: DatabaseBackend, workspace: &str, cases: &Keys) -> Vec<Piece> {
    let among = Among { workspace, and: None, column: "case_id" };
    let mut pieces = untag_pieces(backend, workspace, cases);
    pieces.extend(bulk::delete_pieces::<case_record::Entity>(backend, among, cases));
    pieces.extend(bulk::delete_pieces::<case_history::Entity>(backend, among, cases));
    pieces
}

/// The pieces that delete the tags of cases, which are found by what the rows of the cases say of them.
fn untag_pieces(backend: DatabaseBackend, workspace: &str, cases: &Keys) -> Vec<Piece> {
    let sql = match backend {
        DatabaseBackend::Postgres => {
            "DELETE FROM case_tag WHERE ctid = ANY(ARRAY(SELECT g.place FROM unnest($2) AS k (case_id) \
             CROSS JOIN LATERAL (SELECT created_at, tags FROM case_record WHERE workspace = $1 AND case_id = k.case_id OFFSET 0) AS c \
             CROSS JOIN LATERAL json_array_elements_text(c.tags::json) AS t (tag) \
             CROSS JOIN LATERAL (SELECT ctid AS place FROM case_tag WHERE workspace = $1 AND tag = t.tag \
             AND created_at = c.created_at AND case_id = k.case_id OFFSET 0) AS g))"
        }
        _ => {
            "DELETE FROM case_tag WHERE workspace = ?1 AND (tag, created_at, case_id) IN (SELECT t.value, case_record.created_at, case_record.case_id \
             FROM json_each(?2) AS k CROSS JOIN case_record CROSS JOIN json_each(case_record.tags) AS t \
             WHERE case_record.workspace = ?1 AND case_record.case_id = k.value)"
        }
    };
    let values = |keys| vec![Value::from(workspace), keys];
    cases
        .bound(backend)
        .into_iter()
        .map(|keys| Piece::Statement(Statement::from_sql_and_values(backend, sql, values(keys))))
        .collect()
}
