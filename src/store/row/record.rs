//! The records of a case besides its own row, in lists: JSON, each record the array of its fields. The views `response_record` and so on
//! name the fields in the same order.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{from_json, to_json};
use crate::record::Derived;
use crate::store::StoreError;
use crate::store::bulk::field::{Field, Row};
use crate::store::entity::case_history::{self, Column};

/// The history of a case.
pub fn of_derived(workspace: &str, of: &Derived) -> Result<case_history::Model, StoreError> {
    Ok(case_history::Model {
        workspace: workspace.to_owned(),
        case_id: of.case.case.clone(),
        responses: of_list(&of.responses)?,
        sla_clocks: of_list(&of.sla_clocks)?,
        closures: of_list(&of.closures)?,
        resolutions: of_list(&of.resolutions)?,
        status_spells: of_list(&of.status_spells)?,
        assignments: of_list(&of.assignments)?,
        ratings: of_list(&of.ratings)?,
        messages: of_list(&of.messages)?,
    })
}

/// What the row of a case's history is made from: the row, which is not copied.
pub struct CaseHistoryRow<'a>(pub &'a case_history::Model);

impl Row<case_history::Entity> for CaseHistoryRow<'_> {
    fn field(&self, column: Column) -> Field<'_> {
        let row = self.0;
        match column {
            Column::Workspace => (&row.workspace).into(),
            Column::CaseId => (&row.case_id).into(),
            Column::Responses => row.responses.as_ref().into(),
            Column::SlaClocks => row.sla_clocks.as_ref().into(),
            Column::Closures => row.closures.as_ref().into(),
            Column::Resolutions => row.resolutions.as_ref().into(),
            Column::StatusSpells => row.status_spells.as_ref().into(),
            Column::Assignments => row.assignments.as_ref().into(),
            Column::Ratings => row.ratings.as_ref().into(),
            Column::Messages => row.messages.as_ref().into(),
        }
    }
}

/// Gives a case the records of its history.
pub fn lay_history(row: &case_history::Model, on: &mut Derived) -> Result<(), StoreError> {
    on.responses = to_list("case_history.responses", row.responses.as_deref())?;
    on.sla_clocks = to_list("case_history.sla_clocks", row.sla_clocks.as_deref())?;
    on.closures = to_list("case_history.closures", row.closures.as_deref())?;
    on.resolutions = to_list("case_history.resolutions", row.resolutions.as_deref())?;
    on.status_spells = to_list("case_history.status_spells", row.status_spells.as_deref())?;
    on.assignments = to_list("case_history.assignments", row.assignments.as_deref())?;
    on.ratings = to_list("case_history.ratings", row.ratings.as_deref())?;
    on.messages = to_list("case_history.messages", row.messages.as_deref())?;
    Ok(())
}

/// The list of records; null when there are none.
fn of_list<R: Serialize>(records: &[R]) -> Result<Option<String>, StoreError> {
    (!records.is_empty()).then(|| to_json(&records)).transpose()
}

/// The records of a list.
pub fn to_list<R: DeserializeOwned>(column: &'static str, list: Option<&str>) -> Result<Vec<R>, StoreError> {
    list.map_or_else(|| Ok(Vec::new()), |list| from_json(column, list))
}
