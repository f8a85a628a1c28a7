//! What a source has brought to a workspace that was empty before it. As long as nobody else writes there, what the source has not named is
//! not there, and need not be looked for: most of what an import into a new workspace would look up.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use foldhash::{HashSet, HashSetExt};

use crate::model::{FIRST_ASSIGNED_NUMBER, Line, NumberedLine};

/// A source that names more cases, or gives them more numbers, is better looked up than remembered.
const CASES: usize = 4_000_000;

/// What a source has named.
#[derive(Debug)]
pub struct Ours {
    /// Of the workspace, with nothing in it but what the source has brought.
    pub revision: i64,
    /// Hashes of ids: one that is not among them was never named.
    cases: HashSet<u64>,
    numbers: HashSet<i64>,
    hasher: RandomState,
}

impl Ours {
    /// Nothing yet, in a workspace that is empty.
    pub fn at(revision: i64) -> Ours {
        Ours { revision, cases: HashSet::new(), numbers: HashSet::new(), hasher: RandomState::default() }
    }

    /// Indicates the case, or events of it, may be there.
    pub fn may_have(&self, case: &str) -> bool {
        self.cases.contains(&self.hasher.hash_one(case))
    }

    /// Indicates a case may have the number: given, or assigned by us.
    pub fn may_have_number(&self, number: i64) -> bool {
        number >= FIRST_ASSIGNED_NUMBER || self.numbers.contains(&number)
    }

    /// Adds what lines name; `None` when that is too much.
    pub fn with(mut self, lines: &[NumberedLine]) -> Option<Ours> {
        for line in lines {
            let case = match &line.line {
                Line::Case(case) => {
                    self.numbers.extend(case.number);
                    &case.id
                }
                Line::Event(event) => &event.case,
                _ => continue,
            };
            self.cases.insert(self.hasher.hash_one(case.as_str()));
        }
        (self.cases.len().max(self.numbers.len()) <= CASES).then_some(self)
    }

    /// After a batch of the source that made `revision`, or nothing; `None` when others have written, too.
    pub fn after(self, revision: i64) -> Option<Ours> {
        (revision - self.revision <= 1).then_some(Ours { revision, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CaseLine;

    #[test]
    fn what_was_named_may_be_there_and_nothing_else() {
        let line = CaseLine { id: "c1".to_owned(), number: Some(7), ..CaseLine::default() };
        let lines = [NumberedLine { number: 1, line: Line::Case(Box::new(line)) }];
        let ours = Ours::at(0).with(&lines).unwrap();
        assert!(ours.may_have("c1") && ours.may_have_number(7));
        assert!(!ours.may_have("c2") && !ours.may_have_number(8));
        assert!(ours.may_have_number(FIRST_ASSIGNED_NUMBER));
    }

    #[test]
    fn it_is_of_no_use_when_others_write() {
        assert_eq!(Ours::at(3).after(4).map(|ours| ours.revision), Some(4));
        assert_eq!(Ours::at(3).after(3).map(|ours| ours.revision), Some(3));
        assert!(Ours::at(3).after(5).is_none());
    }
}
