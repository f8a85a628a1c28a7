//! The derived rows of cases: made on all of the machine's threads, replaced in the database case by case.

use sea_orm::DatabaseBackend;

use super::transaction::Pen;
use crate::model::{Case, Event};
use crate::record::{Derived, Rules, derive};
use crate::store::StoreError;
use crate::store::bulk::{self, Among, Keys, texts};
use crate::store::entity::{
    assignment_record, case_policy, case_record, case_tag, closure_record, message_record, rating_record,
    resolution_record, response_record, sla_clock_record, status_spell_record,
};
use crate::store::row::{case_record as case_row, record};
use crate::store::transaction::Piece;

/// Cases derived at once: enough for full pieces of most tables, few enough for their rows to be encoded while the cache has them.
const CASES_AT_ONCE: usize = 512;
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

/// Derives cases and puts their rows down, some hundreds of cases at once. Blocks; call it where that does no harm.
pub fn put(pen: &Pen, target: Target<'_>, todos: &[Todo<'_>], rules: &Rules) -> Result<(), StoreError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = todos.len().div_ceil(threads).max(CASES_A_THREAD);
    std::thread::scope(|scope| {
        let derive = |share: &[Todo<'_>]| {
            for piece in share.chunks(CASES_AT_ONCE).take_while(|_| !pen.is_left()) {
                pen.put(Rows::of(target.workspace, piece, rules).pieces(target));
            }
        };
        let shares = todos.chunks(share).map(|share| scope.spawn(move || derive(share)));
        for share in shares.collect::<Vec<_>>() {
            share.join().map_err(|_| StoreError::Derivation)?;
        }
        Ok(())
    })
}

/// Derived rows of many cases.
#[derive(Debug, Default)]
struct Rows {
    cases: Vec<case_record::Model>,
    tags: Vec<case_tag::Model>,
    policies: Vec<case_policy::Model>,
    responses: Vec<response_record::Model>,
    sla_clocks: Vec<sla_clock_record::Model>,
    closures: Vec<closure_record::Model>,
    resolutions: Vec<resolution_record::Model>,
    status_spells: Vec<status_spell_record::Model>,
    assignments: Vec<assignment_record::Model>,
    ratings: Vec<rating_record::Model>,
    messages: Vec<message_record::Model>,
}

impl Rows {
    fn of(workspace: &str, todos: &[Todo<'_>], rules: &Rules) -> Rows {
        let mut rows = Rows::default();
        for todo in todos {
            let mut derived = derive(todo.case, todo.events.iter().copied(), rules);
            if todo.is_anonymous {
                derived.case.subject = None;
            }
            rows.add(workspace, &derived);
        }
        rows
    }

    fn add(&mut self, workspace: &str, of: &Derived) {
        let case = of.case.case.as_str();
        self.cases.push(case_row::of_case_record(workspace, &of.case));
        self.tags.extend(case_row::of_tags(workspace, &of.case));
        self.policies.extend(case_row::of_policies(workspace, &of.case));
        self.responses.extend(of.responses.iter().map(|r| record::of_response(workspace, case, r)));
        self.sla_clocks.extend(of.sla_clocks.iter().map(|r| record::of_sla_clock(workspace, case, r)));
        self.closures.extend(of.closures.iter().map(|r| record::of_closure(workspace, case, r)));
        self.resolutions.extend(of.resolutions.iter().map(|r| record::of_resolution(workspace, case, r)));
        self.status_spells.extend(of.status_spells.iter().map(|r| record::of_status_spell(workspace, case, r)));
        self.assignments.extend(of.assignments.iter().map(|r| record::of_assignment(workspace, case, r)));
        self.ratings.extend(of.ratings.iter().map(|r| record::of_rating(workspace, case, r)));
        self.messages.extend(of.messages.iter().map(|r| record::of_message(workspace, case, r)));
    }

    /// The pieces that write the rows; what was derived before from their cases goes.
    fn pieces(self, target: Target<'_>) -> impl Iterator<Item = Piece> {
        let Target { backend, workspace, replaced } = target;
        let among = Among { workspace, and: None, column: "case_id" };
        let (old, new): (Vec<_>, Vec<_>) = self.cases.into_iter().partition(|row| replaced.contains(&row.case_id));
        let replaced = texts(old.iter().map(|row| &row.case_id));
        let mut first = deleted(backend, workspace, &replaced);
        first.extend(bulk::replace_pieces::<case_record::Entity>(backend, among, &replaced, old));
        first
            .into_iter()
            .chain(bulk::insert_pieces::<case_record::Entity>(backend, new))
            .chain(bulk::insert_pieces::<case_tag::Entity>(backend, self.tags))
            .chain(bulk::insert_pieces::<case_policy::Entity>(backend, self.policies))
            .chain(bulk::insert_pieces::<response_record::Entity>(backend, self.responses))
            .chain(bulk::insert_pieces::<sla_clock_record::Entity>(backend, self.sla_clocks))
            .chain(bulk::insert_pieces::<closure_record::Entity>(backend, self.closures))
            .chain(bulk::insert_pieces::<resolution_record::Entity>(backend, self.resolutions))
            .chain(bulk::insert_pieces::<status_spell_record::Entity>(backend, self.status_spells))
            .chain(bulk::insert_pieces::<assignment_record::Entity>(backend, self.assignments))
            .chain(bulk::insert_pieces::<rating_record::Entity>(backend, self.ratings))
            .chain(bulk::insert_pieces::<message_record::Entity>(backend, self.messages))
    }
}

/// The pieces that delete what was derived from cases, but for the case rows.
pub fn deleted(backend: DatabaseBackend, workspace: &str, cases: &Keys) -> Vec<Piece> {
    let among = Among { workspace, and: None, column: "case_id" };
    [
        bulk::delete_pieces::<case_tag::Entity>(backend, among, cases),
        bulk::delete_pieces::<case_policy::Entity>(backend, among, cases),
        bulk::delete_pieces::<response_record::Entity>(backend, among, cases),
        bulk::delete_pieces::<sla_clock_record::Entity>(backend, among, cases),
        bulk::delete_pieces::<closure_record::Entity>(backend, among, cases),
        bulk::delete_pieces::<resolution_record::Entity>(backend, among, cases),
        bulk::delete_pieces::<status_spell_record::Entity>(backend, among, cases),
        bulk::delete_pieces::<assignment_record::Entity>(backend, among, cases),
        bulk::delete_pieces::<rating_record::Entity>(backend, among, cases),
        bulk::delete_pieces::<message_record::Entity>(backend, among, cases),
    ]
    .into_iter()
    .flatten()
    .collect()
}
