//! Filters, compiled: all that a selection demands of the case becomes one set of cases, made page by page when a row first asks for
//! it and shared by blocks and threads; the rest become tests of rows.

use std::sync::{Arc, OnceLock};

use super::cases::{PAGE, attribute_place};
use super::condition::{CodeSet, Test};
use super::error::EngineError;
use super::local::LocalClock;
use super::mask::{BATCH, Mask};
use super::snapshot::Snapshot;
use super::source::{Attribute, Names, Source, Texts};
use super::view::View;
use crate::metric::Selection;
use crate::model::{FilterAttribute, FilterTerm, Test as Demand};
use crate::record::{Domain, RecordKind};

// A page's slots make one mask.
const _: () = assert!(PAGE == BATCH);

/// A set of cases: those that pass all of some tests.
#[derive(Debug)]
pub struct CaseFilter {
    /// The tests.
    pub tests: Vec<Test>,
    pages: Vec<OnceLock<Mask>>,
}

impl CaseFilter {
    /// Cases of a snapshot that pass all tests, each about nothing but the case.
    pub fn new(tests: Vec<Test>, snapshot: &Snapshot) -> CaseFilter {
        CaseFilter { tests, pages: snapshot.cases.pages.iter().map(|_| OnceLock::new()).collect() }
    }

    fn page(&self, snapshot: &Snapshot, place: usize) -> &Mask {
        self.pages[place].get_or_init(|| {
            let page = &snapshot.cases.pages[place];
            let mut mask = Mask::ALL;
            self.tests.iter().for_each(|test| mask.and(&test.page_mask(page)));
            mask
        })
    }

    /// Rows of a batch whose case is of it.
    pub fn mask(&self, view: &View<'_>) -> Mask {
        let slots = view.slots();
        let Some(first) = slots.first() else { return Mask::NONE };
        let place = *first as usize / PAGE;
        let (mut last, mut page) = (place, self.page(view.snapshot, place));
        let mut words = [0; BATCH / 64];
        for (word, slots) in words.iter_mut().zip(slots.chunks(64)) {
            for (row, slot) in slots.iter().enumerate() {
                let slot = *slot as usize;
                // Cases are numbered in about the order of time, as rows are.
                if slot / PAGE != last {
                    last = slot / PAGE;
                    page = self.page(view.snapshot, last);
                }
                *word |= u64::from(page.has(slot % PAGE)) << row;
            }
        }
        Mask::of_words(words)
    }

    /// Bytes taken.
    pub fn bytes(&self) -> usize {
        self.pages.len() * size_of::<OnceLock<Mask>>()
    }
}

/// What a selection's filters and visibility demand, as tests.
///
/// # Errors
/// When a column that a row is credited by is missing.
pub fn tests(names: &Names<'_>, selection: &Selection) -> Result<Vec<Test>, EngineError> {
    let mut tests = Vec::new();
    for term in selection.filters.iter().flat_map(|filter| filter.terms()) {
        tests.extend(term_test(names, selection, term)?);
    }
    if let Some(teams) = &selection.visible_teams {
        let texts = Texts::Domain(Domain::Team);
        let codes: Vec<u32> = teams.iter().filter_map(|team| texts.code(names.snapshot, team)).collect();
        tests.push(match attribute_place(FilterAttribute::Team) {
            // Of an agent there is to see what the agent's teams let see.
            _ if names.kind == RecordKind::Presence => agents_in(names.snapshot, &codes, true),
            Some(place) => Test::Codes(Source::Case(place), CodeSet::new(codes, true)),
            None => Test::Any(Vec::new()),
        });
    }
    Ok(tests)
}

/// The test that a term is; `None` when it always holds.
fn term_test(names: &Names<'_>, selection: &Selection, term: &FilterTerm) -> Result<Option<Test>, EngineError> {
    let attribute = names.attribute(term.attribute, selection)?;
    let texts = match attribute {
        Attribute::Codes(_, texts) => texts,
        Attribute::Tags => Texts::Tags,
        Attribute::Teams => Texts::Domain(Domain::Team),
        Attribute::Local(_, unit) => Texts::Local(unit),
        Attribute::Nothing if matches!(term.test, Demand::In(_) | Demand::Set) => {
            return Ok(Some(Test::Any(Vec::new())));
        }
        Attribute::Nothing => return Ok(None),
    };
    let codes = |values: &[String]| values.iter().filter_map(|value| texts.code(names.snapshot, value)).collect();
    // Of what: none, some, or all but some values.
    let (codes, is_in): (Vec<u32>, bool) = match &term.test {
        Demand::In(values) => (codes(values), true),
        Demand::NotIn(values) => (codes(values), false),
        Demand::Unset => (vec![super::dictionary::NONE], true),
        Demand::Set => (vec![super::dictionary::NONE], false),
    };
    let is_unset = matches!(term.test, Demand::Unset | Demand::Set);
    Ok(Some(match attribute {
        Attribute::Codes(source, _) => Test::Codes(source, CodeSet::new(codes, is_in)),
        Attribute::Local(source, unit) => {
            let (low, high) = names.bounds(source);
            let clock = Arc::new(LocalClock::new(&selection.zone, low, high));
            Test::Local(source, unit, clock, CodeSet::new(codes, is_in))
        }
        Attribute::Tags => tag_test(names.snapshot, &codes, is_in, is_unset),
        Attribute::Teams if is_unset => {
            let having = names.snapshot.agent_teams.iter().filter(|(_, teams)| !teams.is_empty());
            Test::Codes(Source::Slot, CodeSet::new(having.map(|(agent, _)| *agent).collect(), !is_in))
        }
        Attribute::Teams => agents_in(names.snapshot, &codes, is_in),
        Attribute::Nothing => return Ok(None),
    }))
}

/// Cases with any of some tags, or with none of them; or those without tags.
fn tag_test(snapshot: &Snapshot, tags: &[u32], is_in: bool, is_unset: bool) -> Test {
    let is_meant = |set: &[u32]| if is_unset { set.is_empty() } else { set.iter().any(|tag| tags.contains(tag)) };
    let sets = snapshot.cases.tag_sets.iter().enumerate().filter(|(_, set)| is_meant(set));
    let codes = sets.filter_map(|(place, _)| u32::try_from(place).ok()).collect();
    match attribute_place(FilterAttribute::Tag) {
        Some(place) => Test::Codes(Source::Case(place), CodeSet::new(codes, is_in)),
        None => Test::Any(Vec::new()),
    }
}

/// Presence of agents who are in any of some teams, or in none of them.
fn agents_in(snapshot: &Snapshot, teams: &[u32], is_in: bool) -> Test {
    let meant = snapshot.agent_teams.iter().filter(|(_, of)| of.iter().any(|team| teams.contains(team)));
    Test::Codes(Source::Slot, CodeSet::new(meant.map(|(agent, _)| *agent).collect(), is_in))
}
