//! The cases that rows belong to, by slot: what filters and groups go by that is the case's own, kept once for all its rows.
//!
//! Slots come in pages that are copied when a case of theirs changes. A slot whose case is gone or does not count stays, with no rows.

use std::sync::Arc;

use super::column::{Codes, widths};
use super::ids::CaseIds;
use crate::model::FilterAttribute;
use crate::record::Domain;

/// Slots of a page.
pub const PAGE: usize = 4_096;
/// Cases whose pages are looked at together.
pub const CASES_AT_ONCE: usize = 64;

/// All slots of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// Pages in order; all but the last are full.
    pub pages: Vec<Arc<Page>>,
    /// Number of slots.
    pub len: usize,
    /// Slots by id, shared with later snapshots: there may be more than `len`.
    pub ids: Arc<CaseIds>,
    /// Sets of tags or policies, each a sorted list of codes; a case's `Tag` code and `policies` are places of its sets. The first is the
    /// empty set.
    pub tag_sets: Arc<Vec<Arc<[u32]>>>,
}

/// Attributes of the cases of a page, by slot.
#[derive(Clone, Debug)]
pub struct Page {
    /// By `attribute_place`.
    pub attributes: [Codes; ATTRIBUTES.len()],
    /// Set of the policies that the case ever was under.
    pub policies: Codes,
    /// Creation, in milliseconds since 1970.
    pub created_at: Vec<i64>,
}

/// The attributes that a case has of itself: agent, team, queue and status as they are now; team decides who sees the case. Of `Tag` a
/// code is a set of tags; of `Status` and `InitialDirection` it is of `Domain::Word`.
pub const ATTRIBUTES: [FilterAttribute; 13] = [
    FilterAttribute::Agent,
    FilterAttribute::Team,
    FilterAttribute::Queue,
    FilterAttribute::Channel,
    FilterAttribute::InitialChannel,
    FilterAttribute::InitialDirection,
    FilterAttribute::Tag,
    FilterAttribute::ContactPoint,
    FilterAttribute::SlaPolicy,
    FilterAttribute::Priority,
    FilterAttribute::CaseType,
    FilterAttribute::Status,
    FilterAttribute::Requester,
];

/// Where an attribute is in a page; `None` of hour and day, which are no attributes of a case.
pub fn attribute_place(attribute: FilterAttribute) -> Option<usize> {
    ATTRIBUTES.iter().position(|of| *of == attribute)
}

/// Whose codes an attribute's are; `None` of tags, whose codes are of sets.
pub fn attribute_domain(attribute: FilterAttribute) -> Option<Domain> {
    match attribute {
        FilterAttribute::Agent => Some(Domain::Agent),
        FilterAttribute::Team => Some(Domain::Team),
        FilterAttribute::Queue => Some(Domain::Queue),
        FilterAttribute::Channel | FilterAttribute::InitialChannel => Some(Domain::Channel),
        FilterAttribute::ContactPoint => Some(Domain::ContactPoint),
        FilterAttribute::SlaPolicy => Some(Domain::SlaPolicy),
        FilterAttribute::Priority => Some(Domain::Priority),
        FilterAttribute::CaseType => Some(Domain::CaseType),
        FilterAttribute::Requester => Some(Domain::Customer),
        FilterAttribute::Tag => None,
        FilterAttribute::InitialDirection
        | FilterAttribute::Status
        | FilterAttribute::HourOfDay
        | FilterAttribute::DayOfWeek => Some(Domain::Word),
    }
}

fn page(slot: u32) -> usize {
    slot as usize / PAGE
}

impl Cases {
    /// The code of a case's attribute.
    pub fn code(&self, place: usize, slot: u32) -> u32 {
        let slot = slot as usize;
        self.pages[slot / PAGE].attributes[place].get(slot % PAGE)
    }

    /// Calls with the code of an attribute of each of some cases, by their slots. Cases are numbered in about the order of time, as rows
    /// are, so that many on end are of one page.
    pub fn each_code(&self, place: usize, slots: &[u32], mut call: impl FnMut(u32)) {
        for slots in slots.chunks(CASES_AT_ONCE) {
            // Of few all at once, mostly.
            let (least, most) = slots.iter().fold((u32::MAX, 0), |(l, m), slot| (l.min(*slot), m.max(*slot)));
            if page(least) == page(most) {
                self.each_of_page(place, slots, &mut call);
            } else {
                slots.chunk_by(|one, other| page(*one) == page(*other)).for_each(|slots| {
                    self.each_of_page(place, slots, &mut call);
                });
            }
        }
    }

    fn each_of_page(&self, place: usize, slots: &[u32], call: &mut impl FnMut(u32)) {
        let Some(first) = slots.first() else { return };
        let codes = &self.pages[page(*first)].attributes[place];
        widths!(codes, Codes, codes => slots.iter().for_each(|slot| call(u32::from(codes[*slot as usize % PAGE]))));
    }

    /// The set of policies that a case ever was under.
    pub fn policies(&self, slot: u32) -> u32 {
        let slot = slot as usize;
        self.pages[slot / PAGE].policies.get(slot % PAGE)
    }

    /// When a case was created, in milliseconds since 1970.
    pub fn created_at(&self, slot: u32) -> i64 {
        let slot = slot as usize;
        self.pages[slot / PAGE].created_at[slot % PAGE]
    }
}
