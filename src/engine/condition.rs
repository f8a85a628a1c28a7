//! What must hold of rows, compiled: each test makes a mask of a batch, and tests that several measures share are made once a batch.

use std::sync::Arc;

use super::cases::Page;
use super::column::{Column, Numbers, widths};
use super::dictionary::NONE;
use super::error::EngineError;
use super::local::{LocalClock, LocalUnit, Near};
use super::mask::Mask;
use super::open::OpenTest;
use super::snapshot::Snapshot;
use super::source::{Names, Source, Texts};
use super::view::View;
use crate::metric::Condition;
use crate::model::Instant;
use crate::record::Domain;

/// Codes up to which values are compared with each rather than looked up.
const FEW_CODES: usize = 6;

/// A set of codes, or all but a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSet {
    /// Sorted, each once.
    codes: Vec<u32>,
    is_in: bool,
    /// By code, where that is faster than comparing.
    lookup: Vec<bool>,
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A code is of a set.
    Codes(Source, CodeSet),
    /// So is that of what clocks showed at an instant; 0 without one.
    Local(Source, LocalUnit, Arc<LocalClock>, CodeSet),
    /// A flag is so.
    Flag(usize, bool),
    /// A column of the row has a value, or has none.
    There(Source, bool),
    /// A number lies between two, both inclusive.
    Range(Source, i64, i64),
    /// A number is at most another.
    AtMostOf(Source, Source),
    /// An open SLA clock stands so by a promise.
    Open(Box<OpenTest>),
    /// Any of these holds.
    Any(Vec<Test>),
    /// All of these hold.
    All(Vec<Test>),
    /// It does not hold.
    Not(Box<Test>),
    /// The row's case is kept by the case filter of that place.
    Case(usize),
}

impl CodeSet {
    /// Those codes, or all others.
    pub fn new(mut codes: Vec<u32>, is_in: bool) -> CodeSet {
        codes.sort_unstable();
        codes.dedup();
        let most = codes.last().map_or(0, |code| *code as usize + 1);
        let mut lookup = Vec::new();
        if codes.len() > FEW_CODES {
            lookup = vec![!is_in; most];
            codes.iter().for_each(|code| lookup[*code as usize] = is_in);
        }
        CodeSet { codes, is_in, lookup }
    }

    /// Rows without a value, or with one.
    pub fn unset(is_unset: bool) -> CodeSet {
        CodeSet::new(vec![NONE], is_unset)
    }

    /// Indicates a code is of it.
    pub fn has(&self, code: u32) -> bool {
        self.codes.binary_search(&code).is_ok() == self.is_in
    }

    /// Rows whose code is of it.
    pub fn mask<T: Copy + TryFrom<u32> + Into<u32> + PartialEq>(&self, values: &[T]) -> Mask {
        // What a width cannot hold is no row's.
        let narrow: Vec<T> = self.codes.iter().filter_map(|code| T::try_from(*code).ok()).collect();
        let is_in = self.is_in;
        match narrow.as_slice() {
            [] if is_in => Mask::NONE,
            [] => Mask::ALL,
            [only] => Mask::of(values, |value| (value == *only) == is_in),
            [one, other] => Mask::of(values, |value| ((value == *one) | (value == *other)) == is_in),
            few if few.len() <= FEW_CODES => {
                // The rest is filled up with the last, so that all are compared at once.
                let of: [T; FEW_CODES] = std::array::from_fn(|place| few[place.min(few.len() - 1)]);
                Mask::of(values, |value| of.iter().fold(false, |is_any, code| is_any | (value == *code)) == is_in)
            }
            _ => {
                let lookup = self.lookup.as_slice();
                Mask::of(values, |value| lookup.get(value.into() as usize).copied().unwrap_or(!is_in))
            }
        }
    }
}

impl Test {
    /// The test that a condition is.
    ///
    /// # Errors
    /// When a column is missing.
    pub fn of(condition: &Condition, names: &Names<'_>, now: Instant) -> Result<Test, EngineError> {
        Ok(match condition.clone() {
            Condition::Is(name) => Test::Flag(names.flag(name)?, true),
            Condition::IsNot(name) => Test::Flag(names.flag(name)?, false),
            Condition::Has(name) => Test::there(names, name, true)?,
            Condition::Lacks(name) => Test::there(names, name, false)?,
            Condition::OneOf(name, words) => {
                let (source, texts) = names.texts(name)?;
                Test::Codes(source, words_set(names, texts, words))
            }
            Condition::AtLeast(name, least) => Test::Range(names.numbers(name)?, least, i64::MAX),
            Condition::AtMost(name, most) => Test::Range(names.numbers(name)?, i64::MIN, most),
            Condition::AtMostOf(name, other) => Test::AtMostOf(names.numbers(name)?, names.numbers(other)?),
            Condition::Past(name) => Test::Range(names.numbers(name)?, i64::MIN, now.ms().saturating_sub(1)),
            Condition::NotPast(name) => Test::Not(Box::new(Test::of(&Condition::Past(name), names, now)?)),
            Condition::Under(policies) => under(names.snapshot, &policies),
            Condition::OfCases(ids) => {
                let slots = ids.iter().filter_map(|id| names.snapshot.cases.ids.find(id)).collect();
                Test::Codes(Source::Slot, CodeSet::new(slots, true))
            }
            Condition::Not(one) => Test::Not(Box::new(Test::of(&one, names, now)?)),
            Condition::Open(promise, state) => Test::Open(Box::new(OpenTest::new(names, promise, state, now)?)),
            Condition::Any(of) => Test::Any(Test::all_of(of, names, now)?),
            Condition::Either(lists) => {
                let all = |list: &Vec<Condition>| Test::all_of(list, names, now).map(Test::All);
                Test::Any(lists.iter().map(all).collect::<Result<_, _>>()?)
            }
        })
    }

    fn all_of(of: &[Condition], names: &Names<'_>, now: Instant) -> Result<Vec<Test>, EngineError> {
        of.iter().map(|one| Test::of(one, names, now)).collect()
    }

    fn there(names: &Names<'_>, name: &'static str, is_there: bool) -> Result<Test, EngineError> {
        Ok(match names.any(name)? {
            (source @ (Source::Case(_) | Source::Policies | Source::Slot), _) => {
                Test::Codes(source, CodeSet::unset(!is_there))
            }
            (source, true) => Test::There(source, is_there),
            (_, false) if is_there => Test::Any(vec![Test::Range(Source::Time, i64::MIN, i64::MAX)]),
            (_, false) => Test::Any(Vec::new()),
        })
    }

    /// Indicates it is about nothing but the row's case.
    pub fn is_of_case(&self) -> bool {
        matches!(
            self,
            Test::Codes(Source::Case(_) | Source::Policies, _)
                | Test::Local(Source::Created, ..)
                | Test::Range(Source::Created, ..)
        )
    }

    /// Slots of a page that a test of cases keeps.
    pub fn page_mask(&self, page: &Page) -> Mask {
        match self {
            Test::Codes(Source::Case(place), set) => widths!(&page.attributes[*place], Codes, codes => set.mask(codes)),
            Test::Codes(Source::Policies, set) => widths!(&page.policies, Codes, codes => set.mask(codes)),
            Test::Local(_, unit, clock, set) => {
                let near = std::cell::Cell::new(Near::default());
                Mask::of(&page.created_at, |at| {
                    let mut last = near.get();
                    let code = clock.code(*unit, at, &mut last);
                    near.set(last);
                    set.has(code)
                })
            }
            Test::Range(_, low, high) => Mask::of(&page.created_at, |at| *low <= at && at <= *high),
            // Of rows.
            _ => Mask::NONE,
        }
    }

    /// Rows of a batch of which it holds. `of_case` makes the masks of case filters.
    pub fn mask(&self, view: &View<'_>, of_case: &dyn Fn(usize) -> Mask) -> Mask {
        match self {
            Test::Codes(Source::Slot, set) => set.mask(view.slots()),
            Test::Codes(source, set) => match view.chunk.codes(*source) {
                Some(codes) => widths!(codes, Codes, codes => set.mask(&codes[view.rows.clone()])),
                None => Mask::NONE,
            },
            Test::Local(source, unit, clock, set) => {
                let (mut near, mut codes) = (Near::default(), Vec::with_capacity(view.rows.len()));
                view.each_number(*source, 0..view.rows.len(), |at| {
                    codes.push(at.map_or(NONE, |at| clock.code(*unit, at, &mut near)));
                });
                set.mask(&codes)
            }
            Test::Flag(place, is_set) => match view.chunk.columns.get(*place) {
                Some(Column::Flags(flags)) if *is_set => Mask::bits(flags, &view.rows),
                Some(Column::Flags(flags)) => Mask::bits(flags, &view.rows).inverted(),
                _ => Mask::NONE,
            },
            Test::There(source, is_there) => {
                let there = match (view.chunk.numbers(*source), view.chunk.codes(*source)) {
                    (Some(numbers), _) => numbers.there(view),
                    (_, Some(codes)) => {
                        widths!(codes, Codes, codes => CodeSet::unset(false).mask(&codes[view.rows.clone()]))
                    }
                    _ => Mask::NONE,
                };
                if *is_there { there } else { there.inverted() }
            }
            Test::Range(source, low, high) => {
                view.chunk.numbers(*source).map_or(Mask::NONE, |numbers| numbers.between(view, *low, *high))
            }
            Test::AtMostOf(source, other) => {
                let mut mask = Mask::NONE;
                for row in 0..view.rows.len() {
                    let pair = view.number(*source, row).zip(view.number(*other, row));
                    if pair.is_some_and(|(number, other)| number <= other) {
                        mask.set(row);
                    }
                }
                mask
            }
            Test::Open(test) => test.mask(view),
            Test::Any(tests) => tests.iter().fold(Mask::NONE, |mut any, test| {
                any.or(&test.mask(view, of_case));
                any
            }),
            Test::All(tests) => tests.iter().fold(Mask::ALL, |mut all, test| {
                all.and(&test.mask(view, of_case));
                all
            }),
            Test::Not(test) => test.mask(view, of_case).inverted(),
            Test::Case(place) => of_case(*place),
        }
    }
}

/// Cases that ever were under one of some policies.
fn under(snapshot: &Snapshot, policies: &[String]) -> Test {
    let codes: Vec<u32> =
        policies.iter().filter_map(|id| snapshot.dictionaries.of(Domain::SlaPolicy).find(id)).collect();
    let sets = (0..).zip(snapshot.cases.tag_sets.iter());
    let meant = sets.filter(|(_, set)| set.iter().any(|policy| codes.contains(policy))).map(|(code, _)| code);
    Test::Codes(Source::Policies, CodeSet::new(meant.collect(), true))
}

fn words_set(names: &Names<'_>, texts: Texts, words: &[&str]) -> CodeSet {
    CodeSet::new(words.iter().filter_map(|word| texts.code(names.snapshot, word)).collect(), true)
}

impl Numbers {
    /// Rows that have a number.
    pub fn there(&self, view: &View<'_>) -> Mask {
        self.nulls.as_ref().map_or(Mask::ALL, |nulls| Mask::bits(nulls.inner(), &view.rows))
    }

    /// Rows whose number lies between two, both inclusive.
    fn between(&self, view: &View<'_>, low: i64, high: i64) -> Mask {
        if high < self.base || low > self.most || low > high {
            return Mask::NONE;
        }
        let there = self.there(view);
        if low <= self.base && self.most <= high {
            return there;
        }
        // Within what the column holds, so that both fit its width.
        let (least, most) = (low.max(self.base).abs_diff(self.base), high.min(self.most).abs_diff(self.base));
        fn within<T: Copy + PartialOrd + TryFrom<u64>>(values: &[T], least: u64, most: u64) -> Mask {
            match (T::try_from(least), T::try_from(most)) {
                (Ok(least), Ok(most)) => Mask::of(values, |value| (least <= value) & (value <= most)),
                _ => Mask::NONE,
            }
        }
        widths!(&self.distances, Distances, values => within(&values[view.rows.clone()], least, most)).joined(&there)
    }
}
