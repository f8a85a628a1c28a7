//! Writing the pages of cases: attributes of a case as codes, sets of tags each kept once, pages copied when a case of theirs changes.

use std::collections::HashMap;
use std::sync::Arc;

use super::cases::{ATTRIBUTES, Cases, PAGE, Page};
use super::column::Codes;
use super::dictionary::{Dictionaries, NONE};
use crate::model::{FilterAttribute, Instant};
use crate::record::{CaseRecord, Domain};

/// Attributes of one case; the default is of a case that is gone.
#[derive(Clone, Debug, Default)]
pub struct CaseNow {
    codes: [u32; ATTRIBUTES.len()],
    policies: u32,
    created_at: i64,
}

/// Sets of tags by their codes.
#[derive(Debug, Default)]
pub struct TagSets(HashMap<Arc<[u32]>, u32>);

impl TagSets {
    /// The sets that are there; the empty one is put where there is none.
    pub fn of(cases: &mut Cases) -> TagSets {
        if cases.tag_sets.is_empty() {
            cases.tag_sets = Arc::new(vec![Arc::new([])]);
        }
        let mut sets = HashMap::new();
        for (code, set) in (0..).zip(cases.tag_sets.iter()) {
            // Sets that no case has any more may have become the empty one.
            sets.entry(Arc::clone(set)).or_insert(code);
        }
        TagSets(sets)
    }

    /// The code of a set, made when it is new.
    fn code(&mut self, mut tags: Vec<u32>, cases: &mut Cases) -> u32 {
        tags.sort_unstable();
        tags.dedup();
        if let Some(code) = self.0.get(tags.as_slice()) {
            return *code;
        }
        let set: Arc<[u32]> = tags.into();
        let sets = Arc::make_mut(&mut cases.tag_sets);
        let code = u32::try_from(sets.len()).unwrap_or(u32::MAX);
        sets.push(Arc::clone(&set));
        self.0.insert(set, code);
        code
    }
}

impl CaseNow {
    /// What a case is now.
    pub fn of(case: &CaseRecord, cases: &mut Cases, sets: &mut TagSets, dictionaries: &Dictionaries) -> CaseNow {
        let of = |domain, text: Option<&str>| dictionaries.of(domain).code(text);
        let codes = ATTRIBUTES.map(|attribute| match attribute {
            FilterAttribute::Agent => of(Domain::Agent, case.assignee.as_deref()),
            FilterAttribute::Team => of(Domain::Team, case.team.as_deref()),
            FilterAttribute::Queue => of(Domain::Queue, case.queue.as_deref()),
            FilterAttribute::Channel => of(Domain::Channel, Some(&case.channel)),
            FilterAttribute::InitialChannel => of(Domain::Channel, Some(&case.initial_channel)),
            FilterAttribute::InitialDirection => of(Domain::Word, Some(case.direction.word())),
            FilterAttribute::Tag => {
                let tags = case.tags.iter().map(|tag| dictionaries.tags.code(Some(tag)));
                sets.code(tags.collect(), cases)
            }
            FilterAttribute::ContactPoint => of(Domain::ContactPoint, case.contact_point.as_deref()),
            FilterAttribute::SlaPolicy => of(Domain::SlaPolicy, case.policy.as_deref()),
            FilterAttribute::Priority => of(Domain::Priority, case.priority.as_deref()),
            FilterAttribute::CaseType => of(Domain::CaseType, case.case_type.as_deref()),
            FilterAttribute::Status => of(Domain::Word, Some(case.status.word())),
            FilterAttribute::Requester => of(Domain::Customer, case.requester.as_deref()),
            // No attributes of a case.
            FilterAttribute::HourOfDay | FilterAttribute::DayOfWeek => NONE,
        });
        let ever = case.policies_ever.iter().map(|policy| of(Domain::SlaPolicy, Some(policy))).collect();
        CaseNow { codes, policies: sets.code(ever, cases), created_at: Instant::ms(case.created_at) }
    }
}

impl Cases {
    /// Puts cases in, in the order of their slots; new ones follow the last without a gap.
    pub fn lay(&mut self, changed: &[(u32, CaseNow)]) {
        let page_of = |slot: u32| slot as usize / PAGE;
        for of_page in changed.chunk_by(|(a, _), (b, _)| page_of(*a) == page_of(*b)) {
            let Some((first, _)) = of_page.first() else { continue };
            let place = page_of(*first);
            let page = Arc::new(with(self.pages.get(place).map(Arc::as_ref), of_page));
            match self.pages.get_mut(place) {
                Some(old) => *old = page,
                None => self.pages.push(page),
            }
        }
        self.len =
            self.pages.len().saturating_sub(1) * PAGE + self.pages.last().map_or(0, |last| last.created_at.len());
    }
}

fn with(page: Option<&Page>, changed: &[(u32, CaseNow)]) -> Page {
    let mut created_at = page.map(|page| page.created_at.clone()).unwrap_or_default();
    let len = changed.last().map_or(0, |(slot, _)| *slot as usize % PAGE + 1).max(created_at.len());
    created_at.resize(len, 0);
    for (slot, case) in changed {
        created_at[*slot as usize % PAGE] = case.created_at;
    }
    let laid = |old: Option<&Codes>, of: &dyn Fn(&CaseNow) -> u32| {
        let mut codes = vec![NONE; len];
        if let Some(old) = old {
            codes.iter_mut().zip(0..old.len()).for_each(|(code, row)| *code = old.get(row));
        }
        for (slot, case) in changed {
            codes[*slot as usize % PAGE] = of(case);
        }
        Codes::of(&codes)
    };
    let attributes = std::array::from_fn(|attribute| {
        laid(page.map(|page| &page.attributes[attribute]), &|case| case.codes[attribute])
    });
    let policies = laid(page.map(|page| &page.policies), &|case| case.policies);
    Page { attributes, policies, created_at }
}
