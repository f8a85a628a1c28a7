//! What rows can be filtered by: the values of an attribute that rows have.

use std::sync::Arc;

use super::ask::Ask;
use super::catalog;
use super::scan::{Block, BlockAnswer, GroupBy, Measured, Value};
use super::scope::{Scope, Zone};
use crate::model::{FieldError, FilterAttribute, Instant};
use crate::record::RecordKind;

/// All values of an attribute that do not depend on rows, in their own order; `None` of others.
pub fn fixed(attribute: FilterAttribute) -> Option<Vec<Arc<str>>> {
    let numbers = match attribute {
        FilterAttribute::HourOfDay => 0..24,
        FilterAttribute::DayOfWeek => 1..8,
        _ => return None,
    };
    Some(numbers.map(|number: u8| number.to_string().into()).collect())
}

/// What asks for the values that rows have. Agents, teams and queues may be those of a moment: who resolved a case that another has now.
///
/// # Errors
/// None in fact: the zone is there.
pub fn asks(attribute: FilterAttribute, now: Instant) -> Result<Vec<Ask>, FieldError> {
    use FilterAttribute::{Agent, Queue, SlaPolicy, Team};
    let scope = Scope::whenever(Zone::find("UTC")?, None, now);
    let kinds: &[RecordKind] = match attribute {
        Agent | Team | Queue => RecordKind::ALL,
        SlaPolicy => &[RecordKind::Case, RecordKind::SlaClock],
        _ => &[RecordKind::Case],
    };
    let kinds = kinds.iter().filter(|kind| catalog::attributes(**kind).contains(&attribute));
    let ask = |kind: &RecordKind| {
        let (selection, rows) = scope.records(*kind);
        let measures = vec![Measured { rows, value: Value::Count, percentiles: Vec::new() }];
        let block = Block { selection, group_by: vec![GroupBy::Attribute(attribute)], measures };
        Ask { kind: *kind, block }
    };
    Ok(kinds.map(ask).collect())
}

/// The values that the answers to [`asks`] name, sorted, each once.
pub fn of<'a>(answers: impl IntoIterator<Item = &'a BlockAnswer>) -> Vec<Arc<str>> {
    let groups = answers.into_iter().flat_map(|answer| &answer.groups);
    let mut values: Vec<Arc<str>> = groups.filter_map(|group| group.key.first().cloned().flatten()).collect();
    values.sort_unstable();
    values.dedup();
    values
}
