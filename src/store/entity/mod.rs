//! One file a table: its columns, and nothing else. Entities never leave the store; `row` turns them into the words of the
//! model and of the records, and back.

pub mod agent;
pub mod agent_team;
pub mod api_key;
pub mod assignment_record;
pub mod business_hours;
pub mod case_policy;
pub mod case_record;
pub mod case_tag;
pub mod change;
pub mod channel;
pub mod closure_record;
pub mod contact_point;
pub mod customer;
pub mod event;
pub mod message_record;
pub mod presence;
pub mod presence_record;
pub mod queue;
pub mod rating_record;
pub mod resolution_record;
pub mod response_record;
pub mod sla_clock_record;
pub mod sla_policy;
pub mod status;
pub mod status_spell_record;
pub mod support_case;
pub mod tag;
pub mod team;
pub mod tombstone;
pub mod workspace;
