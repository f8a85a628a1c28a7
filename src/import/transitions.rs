//! When a case really moved from status to status, from its updates and the columns that state its end.
//!
//! Process logs often repeat on every row when, and by whom, the case was resolved and closed in the end, more truly than the
//! times of the rows. Where `[final]` maps such columns
//! - `resolved_at` dates the last transition into resolved, `closed_at` the last one into closed, neither past the transition
//!   that follows; a status that the file has on an earlier row is not dated after it;
//! - a closed case without a `resolved_at` was never resolved for good: its last transition into resolved is left out, and it
//!   goes directly into closed;
//! - `resolved_by` signs the transition into resolved, or the one directly into closed.

use crate::model::{CaseStatus, Instant};

/// A move into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transition {
    pub(super) at: Instant,
    pub(super) line: u64,
    pub(super) status: CaseStatus,
    /// Indicates that the final resolver made it.
    pub(super) is_resolving: bool,
}

/// What the columns of `[final]` say on a case's last row. The outer option: whether there is such a column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Finals {
    pub(super) resolved_at: Option<Option<Instant>>,
    pub(super) closed_at: Option<Option<Instant>>,
}

/// The transitions of a case that is `new` when created, from (time, line, status) of its rows in order of time and line.
pub(super) fn derive(rows: impl Iterator<Item = (Instant, u64, CaseStatus)>, finals: Finals) -> Vec<Transition> {
    let all = rows.map(|(at, line, status)| Transition { at, line, status, is_resolving: false });
    let mut moves = collapse(all.collect());
    let ends_closed = moves.last().is_some_and(|last| last.status == CaseStatus::Closed);
    date_last(&mut moves, CaseStatus::Closed, finals.closed_at.flatten());
    match finals.resolved_at {
        Some(None) if ends_closed => {
            if let Some(index) = last_into(&moves, CaseStatus::Resolved) {
                moves.remove(index);
            }
        }
        resolved_at => date_last(&mut moves, CaseStatus::Resolved, resolved_at.flatten()),
    }
    moves.sort_by_key(|m| (m.at, m.line));
    let mut moves = collapse(moves);
    if let Some(index) = last_resolution(&moves) {
        moves[index].is_resolving = true;
    }
    moves
}

/// Leaves the first of each run of one status, and none that only says the case is new.
fn collapse(mut moves: Vec<Transition>) -> Vec<Transition> {
    let mut held = CaseStatus::New;
    moves.retain(|m| std::mem::replace(&mut held, m.status) != m.status);
    moves
}

fn last_into(moves: &[Transition], status: CaseStatus) -> Option<usize> {
    moves.iter().rposition(|m| m.status == status)
}

fn date_last(moves: &mut [Transition], status: CaseStatus, stated_at: Option<Instant>) {
    let Some((index, at)) = last_into(moves, status).zip(stated_at) else { return };
    let line = moves[index].line;
    for earlier in moves.iter_mut().filter(|m| m.line < line) {
        earlier.at = earlier.at.min(at);
    }
    let next_at = moves[index + 1..].iter().find(|m| m.line > line).map(|m| m.at);
    moves[index].at = next_at.map_or(at, |next_at| at.min(next_at));
}

/// The last move from a status that is not terminal into one that is.
fn last_resolution(moves: &[Transition]) -> Option<usize> {
    let was_terminal = |index: usize| index > 0 && moves[index - 1].status.is_terminal();
    (0..moves.len()).rev().find(|&index| moves[index].status.is_terminal() && !was_terminal(index))
}
