//! Which line of a message or rating stands: of a rating the one with a score and the latest `at` (then `seq`), of a message the one
//! with the latest `edited_at`. Lines of one id are laid over each other, the standing one last; of any other event the last received.

use crate::model::{Event, EventBody, EventLine, EventPatch, Patch};

/// An event and which of its fields the standing line gave.
#[derive(Clone, Debug, PartialEq)]
pub struct EventEntry {
    /// The event.
    pub event: Event,
    /// Bits of fields; of kinds other than message and rating, none.
    pub standing: i32,
}

const SEQ: i32 = 1;
const ACTOR: i32 = 1 << 1;
const ACTION: i32 = 1 << 2;
/// The first field of the kind's own; the others follow in the order in which `EventPatch` has them.
const OWN: i32 = 1 << 3;

/// The fields that a line gives.
pub fn given(line: &EventLine) -> i32 {
    let own: &[bool] = match &line.body {
        EventPatch::Message { visibility, opening, edited_at } => {
            &[visibility.is_some(), opening.is_present(), edited_at.is_present()]
        }
        EventPatch::Rating { offered_at, score, comment, agent, team, queue } => &[
            offered_at.is_present(),
            score.is_present(),
            comment.is_present(),
            agent.is_present(),
            team.is_present(),
            queue.is_present(),
        ],
        _ => return 0,
    };
    let all = [(line.seq.is_present(), SEQ), (line.actor.is_present(), ACTOR), (line.action.is_present(), ACTION)];
    let own = own.iter().enumerate().map(|(index, is_given)| (*is_given, OWN << index));
    all.into_iter().chain(own).filter(|(is_given, _)| *is_given).fold(0, |bits, (_, bit)| bits | bit)
}

impl EventEntry {
    /// Lays a further line of the same event over or under it.
    pub fn lay(&mut self, line: EventLine) {
        if self.is_outranked_by(&line) {
            self.standing = given(&line);
            self.event.lay(line);
        } else {
            let rest = self.without_given(line);
            self.event.lay(rest);
        }
    }

    fn is_outranked_by(&self, line: &EventLine) -> bool {
        match (&line.body, &self.event.body) {
            (EventPatch::Message { edited_at, .. }, EventBody::Message { edited_at: standing, .. }) => {
                edited_at.value() >= standing.as_ref()
            }
            (EventPatch::Rating { score, .. }, EventBody::Rating { score: standing, .. }) => {
                let seq = self.event.seq.filter(|_| self.standing & SEQ != 0);
                (score.value().is_some(), line.at, line.seq.value().copied())
                    >= (standing.is_some(), self.event.at, seq)
            }
            _ => true,
        }
    }

    /// The line without the fields that the standing line gave.
    fn without_given(&self, mut line: EventLine) -> EventLine {
        let standing = self.standing;
        line.case.clone_from(&self.event.case);
        line.at = self.event.at;
        clear(&mut line.seq, standing & SEQ);
        clear(&mut line.actor, standing & ACTOR);
        clear(&mut line.action, standing & ACTION);
        match &mut line.body {
            EventPatch::Message { visibility, opening, edited_at } => {
                if standing & OWN != 0 {
                    *visibility = None;
                }
                clear(opening, standing & (OWN << 1));
                clear(edited_at, standing & (OWN << 2));
            }
            EventPatch::Rating { offered_at, score, comment, agent, team, queue } => {
                clear(offered_at, standing & OWN);
                clear(score, standing & (OWN << 1));
                clear(comment, standing & (OWN << 2));
                clear(agent, standing & (OWN << 3));
                clear(team, standing & (OWN << 4));
                clear(queue, standing & (OWN << 5));
            }
            _ => {}
        }
        line
    }
}

fn clear<T>(field: &mut Patch<T>, is_given: i32) {
    if is_given != 0 {
        *field = Patch::Absent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Instant;

    fn rating(at: i64, seq: Option<i64>, score: Patch<i32>, comment: Patch<&str>) -> EventLine {
        EventLine {
            id: "r1".into(),
            case: "c1".into(),
            at: Instant::from_ms(at),
            seq: seq.map_or(Patch::Absent, Patch::Value),
            actor: Patch::Absent,
            action: Patch::Absent,
            body: EventPatch::Rating {
                offered_at: Patch::Absent,
                score,
                comment: match comment {
                    Patch::Absent => Patch::Absent,
                    Patch::Null => Patch::Null,
                    Patch::Value(text) => Patch::Value(text.to_owned()),
                },
                agent: Patch::Absent,
                team: Patch::Absent,
                queue: Patch::Absent,
            },
        }
    }

    fn laid(lines: &[EventLine]) -> (i64, Option<i32>, Option<String>) {
        let (first, rest) = lines.split_first().unwrap();
        let standing = given(first);
        let mut entry = EventEntry { event: Event::create(first.clone()).unwrap(), standing };
        for line in rest {
            entry.lay(line.clone());
        }
        match entry.event.body {
            EventBody::Rating { score, comment, .. } => (entry.event.at.ms(), score, comment),
            _ => panic!("no rating"),
        }
    }

    #[test]
    fn of_two_lines_the_same_stands_in_either_order() {
        let check = |a: EventLine, b: EventLine, expected: (i64, Option<i32>, Option<&str>)| {
            let expected = (expected.0, expected.1, expected.2.map(str::to_owned));
            assert_eq!(laid(&[a.clone(), b.clone()]), expected, "{a:?} then {b:?}");
            assert_eq!(laid(&[b.clone(), a.clone()]), expected, "{b:?} then {a:?}");
        };
        // A score beats none however late; the comment that the standing line lacks is filled in.
        check(
            rating(9, None, Patch::Absent, Patch::Value("offered")),
            rating(5, None, Patch::Value(4), Patch::Absent),
            (5, Some(4), Some("offered")),
        );
        // The later score stands, and its null is a value.
        check(
            rating(5, None, Patch::Value(1), Patch::Value("bad")),
            rating(6, None, Patch::Value(5), Patch::Null),
            (6, Some(5), None),
        );
        // Of one instant the later in the source's order stands.
        check(
            rating(5, Some(2), Patch::Value(1), Patch::Absent),
            rating(5, Some(1), Patch::Value(5), Patch::Value("x")),
            (5, Some(1), Some("x")),
        );
        check(
            rating(5, Some(2), Patch::Value(1), Patch::Absent),
            rating(5, None, Patch::Value(5), Patch::Absent),
            (5, Some(1), None),
        );
    }

    #[test]
    fn a_filled_in_order_does_not_lift_the_standing_line() {
        let standing = rating(10, None, Patch::Value(3), Patch::Absent);
        let older = rating(5, Some(7), Patch::Value(1), Patch::Absent);
        let newer = rating(10, Some(2), Patch::Value(5), Patch::Absent);
        assert_eq!(laid(&[standing, older, newer]), (10, Some(5), None));
    }
}
