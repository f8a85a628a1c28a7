//! The derived rows of cases: made on all of the machine's threads, replaced in the database case by case.

use sea_orm::{ConnectionTrait, EntityTrait};

use crate::model::{Case, Event};
use crate::record::{Derived, Rules, derive};
use crate::store::StoreError;
use crate::store::bulk::{self, Among, texts};
use crate::store::entity::{
    assignment_record, case_policy, case_record, case_tag, closure_record, message_record, rating_record,
    resolution_record, response_record, sla_clock_record, status_spell_record,
};
use crate::store::row::{case_record as case_row, record};

/// Fewer cases than this a thread are not worth one.
const CASES_A_THREAD: usize = 32;

/// A case to derive.
#[derive(Debug)]
pub struct Todo {
    /// The case.
    pub case: Case,
    /// All its events, in no order.
    pub events: Vec<Event>,
    /// Its texts are kept out.
    pub is_anonymous: bool,
}

/// Derived rows of many cases.
#[derive(Debug, Default)]
pub struct Rows {
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
    /// Derives cases, in their order. Blocks; call it where that does no harm.
    pub fn derive(workspace: &str, todos: &[Todo], rules: &Rules) -> Result<Rows, StoreError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let size = todos.len().div_ceil(threads).max(CASES_A_THREAD);
        let mut all = Rows::default();
        std::thread::scope(|scope| {
            let pieces = todos.chunks(size).map(|piece| scope.spawn(move || Rows::of(workspace, piece, rules)));
            for piece in pieces.collect::<Vec<_>>() {
                all.append(piece.join().map_err(|_| StoreError::Derivation)?);
            }
            Ok(all)
        })
    }

    fn of(workspace: &str, todos: &[Todo], rules: &Rules) -> Rows {
        let mut rows = Rows::default();
        for todo in todos {
            let mut derived = derive(&todo.case, &todo.events, rules);
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

    fn append(&mut self, mut other: Rows) {
        self.cases.append(&mut other.cases);
        self.tags.append(&mut other.tags);
        self.policies.append(&mut other.policies);
        self.responses.append(&mut other.responses);
        self.sla_clocks.append(&mut other.sla_clocks);
        self.closures.append(&mut other.closures);
        self.resolutions.append(&mut other.resolutions);
        self.status_spells.append(&mut other.status_spells);
        self.assignments.append(&mut other.assignments);
        self.ratings.append(&mut other.ratings);
        self.messages.append(&mut other.messages);
    }

    /// Writes the rows. What the cases had before must be gone, the case rows themselves aside.
    pub async fn insert(self, db: &impl ConnectionTrait) -> Result<(), StoreError> {
        // Replaced in place, since most of their indexes stay as they are.
        bulk::upsert::<case_record::Entity>(db, self.cases).await?;
        bulk::insert::<case_tag::Entity>(db, self.tags).await?;
        bulk::insert::<case_policy::Entity>(db, self.policies).await?;
        bulk::insert::<response_record::Entity>(db, self.responses).await?;
        bulk::insert::<sla_clock_record::Entity>(db, self.sla_clocks).await?;
        bulk::insert::<closure_record::Entity>(db, self.closures).await?;
        bulk::insert::<resolution_record::Entity>(db, self.resolutions).await?;
        bulk::insert::<status_spell_record::Entity>(db, self.status_spells).await?;
        bulk::insert::<assignment_record::Entity>(db, self.assignments).await?;
        bulk::insert::<rating_record::Entity>(db, self.ratings).await?;
        bulk::insert::<message_record::Entity>(db, self.messages).await
    }
}

/// Deletes what was derived from cases, but for the case rows.
pub async fn delete_derived(db: &impl ConnectionTrait, workspace: &str, cases: &[String]) -> Result<(), StoreError> {
    delete::<case_tag::Entity>(db, workspace, cases).await?;
    delete::<case_policy::Entity>(db, workspace, cases).await?;
    delete::<response_record::Entity>(db, workspace, cases).await?;
    delete::<sla_clock_record::Entity>(db, workspace, cases).await?;
    delete::<closure_record::Entity>(db, workspace, cases).await?;
    delete::<resolution_record::Entity>(db, workspace, cases).await?;
    delete::<status_spell_record::Entity>(db, workspace, cases).await?;
    delete::<assignment_record::Entity>(db, workspace, cases).await?;
    delete::<rating_record::Entity>(db, workspace, cases).await?;
    delete::<message_record::Entity>(db, workspace, cases).await
}

/// Deletes rows of cases.
pub async fn delete<E: EntityTrait>(
    db: &impl ConnectionTrait,
    workspace: &str,
    cases: &[String],
) -> Result<(), StoreError> {
    bulk::delete::<E>(db, Among { workspace, and: None, column: "case_id" }, texts(cases)).await
}
