//! The words of the domain: what a case, an event, an agent, a policy is. No I/O, no `async`, no clock.
//!
//! Everything here is plain data as `INGEST.md` names it, plus the `*Line` patches in which it arrives: a line carries only the
//! fields that were sent, and is laid over what is already known.

pub mod api_key;
pub mod batch;
pub mod business_hours;
pub mod case;
pub mod case_question;
pub mod directory;
pub mod event;
pub mod filter;
pub mod instant;
pub mod page;
pub mod patch;
pub mod period;
pub mod priority;
pub mod reference;
pub mod sla;
pub mod status;
pub mod viewer;
pub mod word;
pub mod workspace;

pub use api_key::ApiKey;
pub use batch::{Batch, Erase, Line, NumberedLine, Reject};
pub use business_hours::{BusinessHours, BusinessHoursLine, DayInterval, Holiday};
pub use case::{Case, CaseLine, CaseState, Direction};
pub use case_question::CaseQuestion;
pub use directory::{
    Agent, AgentKind, AgentLine, Channel, ChannelLine, ContactPoint, ContactPointLine, Customer, CustomerLine,
    Presence, PresenceLine, PresenceStatus, Queue, QueueLine, Tag, TagLine, Team, TeamLine,
};
pub use event::{
    Actor, ActorKind, AssignmentKind, ChangeField, Event, EventBody, EventKind, EventLine, EventPatch, Visibility,
};
pub use filter::{Filter, FilterAttribute, FilterError, FilterTerm, MAX_FILTER_VALUES, Test};
pub use instant::Instant;
pub use page::{
    AgentOrderField, CaseOrderField, Cursor, Key, Order, OrderDirection, Page, Window, WindowError, WindowInput,
};
pub use patch::{FieldError, Patch};
pub use period::{Period, PeriodPreset, Span};
pub use priority::priority_rank;
pub use reference::Reference;
pub use sla::{ClockMode, Conditions, SlaMetric, SlaPolicy, SlaPolicyLine, SlaState, SlaTarget};
pub use status::{CaseStatus, Status, StatusLine};
pub use viewer::{Permission, Role, Viewer, WorkspaceId};
pub use workspace::{Workspace, WorkspaceLine};

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from(b"0123456789abcdef"[usize::from(four)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Longest identifier a source may use, in characters.
pub const ID_CHARS: usize = 200;
/// Numbers that the workspace assigns itself start here (2^40), above those that sources use.
pub const FIRST_ASSIGNED_NUMBER: i64 = 1 << 40;
/// Largest magnitude of a 64-bit number that every JSON reader keeps exactly (2^53 − 1).
pub const LARGEST_EXACT_NUMBER: i64 = (1 << 53) - 1;

/// Declares an enum whose values have one lower-case word each, in wire format, storage and messages alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }
        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word of the value.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
            /// The value of a word; `None` for any other text.
            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.word()) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::model::word::AsWord($name::from_word))
            }
        }
    };
}
pub(crate) use words;
