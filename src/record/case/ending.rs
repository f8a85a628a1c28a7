//! How a case ended, if it has: its standing resolution, and its last closure while it is closed (SEMANTICS 8.1).

use super::CaseRecord;
use crate::model::CaseStatus;
use crate::record::{ClosureRecord, ResolutionRecord};

/// Takes the figures of the standing resolution and the closure that holds.
pub fn judge(record: &mut CaseRecord, closures: &[ClosureRecord], resolutions: &[ResolutionRecord]) {
    if let Some(standing) = resolutions.last().filter(|resolution| resolution.is_standing) {
        record.is_first_contact_resolved = standing.is_first_contact;
        record.resolution_at = Some(standing.resolved_at);
        record.resolved_by = standing.resolved_by.clone();
        record.resolution_agent = standing.agent.clone();
        record.agents_to_resolution = standing.agents;
        record.replies_to_resolution = standing.replies;
        record.resolution_calendar_ms = standing.calendar_ms;
        record.resolution_business_ms = standing.business_ms;
        record.handle_ms = standing.resolved_at.duration_since(record.created_at);
    }
    // While it is resolved the closing figures are empty, though it may have been closed before.
    if let Some(closure) = closures.last().filter(|_| record.status == CaseStatus::Closed) {
        record.closed_at = Some(closure.closed_at);
        record.chat_duration_ms = closure.chat_duration_ms;
        record.service_ms = closure.service_ms;
        record.inactivity_ms = closure.inactivity_ms;
        record.is_abandoned = closure.is_abandoned;
    }
}
