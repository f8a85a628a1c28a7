//! One file a table: its columns, and nothing else. Entities never leave the store; `row` turns them into the words of the
//! model and of the records, and back.

pub mod agent;
pub mod agent_team;
pub mod api_key;
pub mod business_hours;
pub mod case_history;
pub mod case_record;
pub mod case_tag;
pub mod change;
pub mod channel;
pub mod contact_point;
pub mod customer;
pub mod event;
pub mod presence;
pub mod presence_record;
pub mod queue;
pub mod sla_policy;
pub mod status;
pub mod support_case;
pub mod tag;
pub mod team;
pub mod tombstone;
pub mod workspace;
