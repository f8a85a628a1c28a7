//! When a case really moved from status to status, from its updates and the columns that state its end.
//!
//! Process logs often repeat on every row when, and by whom, the case was resolved and closed in the end, more truly than the
//! times of the rows. Where `[final]` maps such columns
//! - `resolved_at` dates the last transition into resolved, `closed_at` the last one into closed, neither past the transition that
//!   follows; a status that the file has on an earlier row is not dated after it;
//! - a closed case without a `resolved_at` was never resolved for good: it goes directly into closed;
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

#[cfg(test)]
mod tests {
    use super::{Finals, derive};
    use crate::model::{CaseStatus, Instant};

    fn status(letter: &str) -> CaseStatus {
        match letter {
            "N" => CaseStatus::New,
            "O" => CaseStatus::Open,
            "R" => CaseStatus::Resolved,
            _ => CaseStatus::Closed,
        }
    }

    /// Rows and transitions as `status@minute#line`; a `!` marks the one that the final resolver made.
    fn check(rows: &str, resolved_at: Option<Option<i64>>, closed_at: Option<i64>, expected: &str) {
        let minute = |minutes: i64| Instant::from_ms(minutes * 60_000);
        let read = |row: &str| {
            let (letter, rest) = row.split_once('@').unwrap();
            let (at, line) = rest.split_once('#').unwrap();
            (minute(at.parse().unwrap()), line.parse::<u64>().unwrap(), status(letter))
        };
        let mut rows: Vec<_> = rows.split(' ').map(read).collect();
        rows.sort_by_key(|(at, line, _)| (*at, *line));
        let finals =
            Finals { resolved_at: resolved_at.map(|at| at.map(minute)), closed_at: Some(closed_at.map(minute)) };
        let found: Vec<String> = derive(rows.iter().copied(), finals)
            .iter()
            .map(|m| {
                let letter = m.status.word()[..1].to_uppercase();
                let mark = if m.is_resolving { "!" } else { "" };
                format!("{letter}@{}#{}{mark}", m.at.ms() / 60_000, m.line)
            })
            .collect();
        assert_eq!(found.join(" "), expected, "{rows:?}");
    }

    #[test]
    fn keeps_the_rows_own_times_without_final_columns() {
        check("N@1#1 O@2#2 O@3#3 R@4#4 C@5#5", None, None, "O@2#2 R@4#4! C@5#5");
        check("O@1#1 N@2#2 C@3#3 O@4#4", None, None, "O@1#1 N@2#2 C@3#3! O@4#4");
        check("O@1#2 R@1#1", None, None, "R@1#1! O@1#2");
    }

    #[test]
    fn dates_only_the_last_resolution_and_closing() {
        check("O@1#1 R@2#2 O@3#3 R@4#4 R@5#5 C@9#6", Some(Some(6)), Some(8), "O@1#1 R@2#2 O@3#3 R@6#4! C@8#6");
        // Never past what follows.
        check("O@1#1 R@2#2 O@3#3", Some(Some(7)), None, "O@1#1 R@3#2! O@3#3");
        check("R@2#1 C@3#2", Some(Some(7)), None, "R@3#1! C@3#2");
    }

    #[test]
    fn takes_file_order_where_a_row_contradicts_the_final_date() {
        check("N@70#1 N@4#2 R@63#3 C@900#4", Some(Some(63)), Some(900), "R@63#3! C@900#4");
        // A later row that reopens is no contradiction.
        check("N@4#1 R@63#2 O@70#3 C@900#4", Some(Some(63)), Some(900), "R@63#2 O@70#3 C@900#4!");
    }

    #[test]
    fn a_case_without_final_resolution_was_closed_directly() {
        check("R@2#1 C@9#2", Some(None), Some(8), "C@8#2!");
        check("R@2#1 O@3#2 R@4#3 C@9#4", Some(None), Some(8), "R@2#1 O@3#2 C@8#4!");
        // Not closed in the end: the row stands.
        check("O@1#1 R@2#2", Some(None), None, "O@1#1 R@2#2!");
    }
}
