//! Rocket.Chat's overview of the cases created in a period (SEMANTICS 1.4): what is asked for it, and which day and hour are the busiest.

use super::ask::Ask;
use super::bucket::Bucket;
use super::definition::{Condition, Credit, Placed};
use super::figures::Figures;
use super::scan::{Block, BlockAnswer, Measured, Value};
use super::scope::Scope;
use crate::record::RecordKind;

/// The cases of a scope by how they stand now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// All of them.
    pub total: u64,
    /// Neither terminal nor on hold.
    pub open: u64,
    /// On hold.
    pub on_hold: u64,
}

/// Mean lengths of time in milliseconds over cases that have both a first response and a reaction; `None` without any.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Productivity {
    /// Of the cases' mean reply times.
    pub response: Option<f64>,
    /// Of the first customer message to the first reply.
    pub first_response: Option<f64>,
    /// Of taking a case to the first reply.
    pub reaction: Option<f64>,
}

fn ask(scope: &Scope, kind: RecordKind, measures: Vec<Measured>) -> Ask {
    let selection = scope.select(Placed::At("created_at"), Credit::Now);
    Ask { kind, block: Block { selection, group_by: Vec::new(), measures } }
}

fn measured(rows: Vec<Condition>, value: Value) -> Measured {
    Measured { rows, value, percentiles: Vec::new() }
}

/// What asks for [`Cases`].
pub fn cases(scope: &Scope) -> Ask {
    let in_status = |words| measured(vec![Condition::OneOf("status", words)], Value::Count);
    let all = measured(Vec::new(), Value::Count);
    ask(scope, RecordKind::Case, vec![all, in_status(&["new", "open", "pending"]), in_status(&["on_hold"])])
}

/// The answer to [`cases`].
pub fn cases_of(answer: &BlockAnswer) -> Cases {
    let rows = |measure: usize| cell(answer, measure).map_or(0, |cell| cell.rows);
    Cases { total: rows(0), open: rows(1), on_hold: rows(2) }
}

/// What asks for the public messages of customers, agents and bots in the cases of a scope, placed by the creation of their case.
pub fn messages(scope: &Scope) -> Ask {
    let rows = vec![
        Condition::OneOf("author_kind", &["customer", "agent", "bot"]),
        Condition::OneOf("visibility", &["public"]),
    ];
    ask(scope, RecordKind::Message, vec![measured(rows, Value::Count)])
}

/// The bucket of [`messages`] that has most of them, the earliest of equal ones, and how many all have; `None` without any.
pub fn busiest<'a>(answer: &BlockAnswer, buckets: &'a [Bucket]) -> (Option<&'a Bucket>, u64) {
    let counts: Vec<u64> = (0..buckets.len()).map(|place| cell(answer, place).map_or(0, |cell| cell.rows)).collect();
    let most = counts.iter().copied().max().filter(|most| *most > 0);
    let place = most.and_then(|most| counts.iter().position(|count| *count == most));
    (place.and_then(|place| buckets.get(place)), counts.iter().sum())
}

/// What asks for [`Productivity`].
pub fn productivity(scope: &Scope) -> Ask {
    let of = |column| {
        let rows = vec![Condition::Has("first_response_from_customer_message"), Condition::Has("reaction")];
        measured(rows, Value::Column(column))
    };
    let columns = ["mean_response", "first_response_from_customer_message", "reaction"];
    ask(scope, RecordKind::Case, columns.map(of).to_vec())
}

/// The answer to [`productivity`].
pub fn productivity_of(answer: &BlockAnswer) -> Productivity {
    let mean = |measure: usize| cell(answer, measure).and_then(Figures::average);
    Productivity { response: mean(0), first_response: mean(1), reaction: mean(2) }
}

fn cell(answer: &BlockAnswer, place: usize) -> Option<&Figures> {
    answer.groups.first().and_then(|group| group.cells.get(place))
}
