//! Derived rows: what each is, and how it follows from one case's events. Pure, and nowhere else in the program.
//!
//! `derive` replays a case once (`timeline`) and lets each kind's module read the replay. Every row of a case also carries the
//! case's own attributes as they are now (channel, priority, type, tags, requester, contact point, status, team); they are
//! kept once, on the case row.

pub mod assignment;
pub mod case;
pub mod closure;
pub mod column;
pub mod fields;
pub mod message;
pub mod presence;
pub mod rating;
pub mod resolution;
pub mod response;
pub mod rules;
pub mod schedule;
pub mod sla_clock;
pub mod status_spell;
pub mod timeline;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod story;

pub use assignment::AssignmentRecord;
pub use case::{CaseRecord, MessageCounts, Person};
pub use closure::{ClosedBy, ClosureRecord};
pub use column::{Column, Columns, Domain, Read, RecordKind};
pub use fields::{Field, FieldValue};
pub use message::MessageRecord;
pub use presence::PresenceRecord;
pub use rating::RatingRecord;
pub use resolution::ResolutionRecord;
pub use response::ResponseRecord;
pub use rules::Rules;
pub use sla_clock::{ClockInterval, ClockReason, OpenClock, SlaClockRecord};
pub use status_spell::StatusSpellRecord;
pub use timeline::Timeline;

use crate::model::{Case, CaseState, Event};

/// Everything derived from one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// The case itself; the only row of a case that does not count (spam, merged).
    pub case: CaseRecord,
    /// One a customer run.
    pub responses: Vec<ResponseRecord>,
    /// One an SLA clock.
    pub sla_clocks: Vec<SlaClockRecord>,
    /// One a transition into closed.
    pub closures: Vec<ClosureRecord>,
    /// One a transition from a status that is not terminal into a terminal one.
    pub resolutions: Vec<ResolutionRecord>,
    /// One a stretch in one status with one assignee, team and queue.
    pub status_spells: Vec<StatusSpellRecord>,
    /// One an assignment event or change of team.
    pub assignments: Vec<AssignmentRecord>,
    /// One a rating given.
    pub ratings: Vec<RatingRecord>,
    /// One a message.
    pub messages: Vec<MessageRecord>,
}

impl Derived {
    /// A case with nothing else derived from it.
    pub fn of_case(case: CaseRecord) -> Derived {
        Derived {
            case,
            responses: Vec::new(),
            sla_clocks: Vec::new(),
            closures: Vec::new(),
            resolutions: Vec::new(),
            status_spells: Vec::new(),
            assignments: Vec::new(),
            ratings: Vec::new(),
            messages: Vec::new(),
        }
    }
}

/// Number of the row after `count` others of its kind and case.
fn ordinal(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Derives every row of a case from its events, in whatever order they are given.
pub fn derive<'a>(case: &'a Case, events: impl IntoIterator<Item = &'a Event>, rules: &'a Rules) -> Derived {
    let timeline = Timeline::replay(case, events, rules);
    let responses = response::derive(&timeline);
    let closures = closure::derive(&timeline);
    let resolutions = resolution::derive(&timeline);
    let ratings = rating::derive(&timeline);
    let record = case::derive(&timeline, &responses, &closures, &resolutions, &ratings);
    if case.state != CaseState::Active {
        return Derived::of_case(record);
    }
    Derived {
        case: record,
        sla_clocks: sla_clock::derive(&timeline),
        status_spells: status_spell::derive(&timeline),
        assignments: assignment::derive(&timeline),
        messages: message::derive(&timeline),
        responses,
        closures,
        resolutions,
        ratings,
    }
}
