//! What changed about a case: reopenings, assignments to agents, and each property's changes and their latest instant
//! (SEMANTICS 3.3). Changes from and to null count alike; values set at creation are none (8.1).

use std::collections::BTreeSet;

use super::CaseRecord;
use crate::record::assignment::names_agent;
use crate::record::timeline::{Step, Timeline};

/// Counts and dates them.
pub fn count(record: &mut CaseRecord, timeline: &Timeline<'_>) {
    let mut policies: BTreeSet<&str> = timeline.created.policy.iter().map(|policy| policy.id.as_str()).collect();
    for step in &timeline.steps {
        count_properties(record, step);
        let at = Some(step.event.at);
        if step.is_reopening() {
            record.reopen_count += 1;
            record.last_reopened_at = at;
        }
        // Assigning the agent already assigned moves the latest assignment, though it changes nothing (8.1).
        if names_agent(step.event) {
            record.first_assignment_at = record.first_assignment_at.or(at);
            record.last_assignment_at = at;
        }
        policies.extend(step.after.policy.map(|policy| policy.id.as_str()));
    }
    record.policies_ever = policies.into_iter().map(str::to_owned).collect();
}

fn count_properties(record: &mut CaseRecord, step: &Step<'_>) {
    let (before, after, at) = (&step.before, &step.after, Some(step.event.at));
    if before.status.id != after.status.id {
        record.status_updated_at = at;
    }
    if before.priority != after.priority {
        record.priority_change_count += 1;
        record.priority_updated_at = at;
    }
    if before.case_type != after.case_type {
        record.type_updated_at = at;
    }
    if before.team != after.team {
        record.team_change_count += 1;
        record.team_updated_at = at;
    }
    if before.assignee != after.assignee {
        record.assignee_change_count += 1;
    }
    if step.is_policy_change() {
        record.sla_change_count += 1;
    }
}
