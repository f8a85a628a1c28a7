//! Messages and replies of a case, the first response, and who waited for whom how long (SEMANTICS 3.3, 1.2 and 7).

use super::activity::is_by_assignee;
use super::{CaseRecord, MessageCounts};
use crate::model::{EventBody, Instant, Visibility};
use crate::record::ResponseRecord;
use crate::record::rules::Author;
use crate::record::timeline::{Role, Step, Timeline};

/// Counts, dates and measures them.
pub fn measure(record: &mut CaseRecord, timeline: &Timeline<'_>, responses: &[ResponseRecord]) {
    let mut waits = Waits::default();
    for step in &timeline.steps {
        count_message(&mut record.messages, step);
        match step.role {
            Role::Reply => {
                if record.agent_reply_count == 0 {
                    measure_first(record, timeline, step);
                }
                waits.reply(record, timeline, step.event.at);
                date_reply(record, step);
            }
            Role::CustomerMessage => {
                let at = Some(step.event.at);
                record.last_reply_by_customer_at = at;
                if Timeline::is_by_requester(step) {
                    record.last_reply_by_requester_at = at;
                    record.requester_reply_count += 1;
                    waits.ask(record, timeline, step.event.at);
                }
            }
            Role::Opening | Role::OtherMessage | Role::Other => {}
        }
    }
    measure_responses(record, responses);
}

fn date_reply(record: &mut CaseRecord, step: &Step<'_>) {
    let at = Some(step.event.at);
    record.agent_reply_count += 1;
    record.last_reply_by_agent_at = at;
    record.last_response_at = at;
    if is_by_assignee(step) {
        record.last_reply_by_assignee_at = at;
    }
}

/// Measures up to the case's first reply.
fn measure_first(record: &mut CaseRecord, timeline: &Timeline<'_>, step: &Step<'_>) {
    let (created_at, at, then) = (timeline.case.created_at, step.event.at, &step.before);
    record.first_response_at = Some(at);
    record.first_responder = step.author.agent().map(str::to_owned);
    record.first_response_team = then.team.map(str::to_owned);
    record.first_response_queue = then.queue.map(str::to_owned);
    record.first_response_calendar_ms = at.duration_since(created_at);
    record.first_response_business_ms = timeline.business_ms(created_at, at);
    record.reaction_ms = then.served_since.and_then(|since| at.duration_since(since));
}

/// Sums answered customer runs up; the first of them says how long the first response took from the customer's message.
fn measure_responses(record: &mut CaseRecord, responses: &[ResponseRecord]) {
    record.is_waiting = responses.last().is_some_and(|last| last.replied_at.is_none());
    // Without a customer message before the reply, from creation (SEMANTICS 8.1).
    record.first_response_from_customer_message_ms = record.first_response_calendar_ms;
    for response in responses {
        let Some(ms) = response.calendar_ms else { continue };
        record.response_count += 1;
        *record.response_sum_ms.get_or_insert(0) += ms;
        if response.is_first {
            record.first_response_from_customer_message_ms = Some(ms);
        }
    }
}

/// The two sides of the reply gaps (SEMANTICS 8.1): runs are of the requester's messages only, and the run that the case's first
/// reply answers has no gap.
#[derive(Default)]
struct Waits {
    /// First requester reply of the open run.
    asked_at: Option<Instant>,
    /// Latest agent reply, while the requester has not replied to it.
    replied_at: Option<Instant>,
}

impl Waits {
    fn reply(&mut self, record: &mut CaseRecord, timeline: &Timeline<'_>, at: Instant) {
        let is_first = record.agent_reply_count == 0;
        if let Some(asked_at) = self.asked_at.take().filter(|_| !is_first) {
            record.reply_gap_count += 1;
            add(&mut record.customer_wait_calendar_ms, at.duration_since(asked_at));
            add(&mut record.customer_wait_business_ms, timeline.business_ms(asked_at, at));
        }
        self.replied_at = Some(at);
    }

    fn ask(&mut self, record: &mut CaseRecord, timeline: &Timeline<'_>, at: Instant) {
        if let Some(replied_at) = self.replied_at.take() {
            add(&mut record.agent_wait_calendar_ms, at.duration_since(replied_at));
            add(&mut record.agent_wait_business_ms, timeline.business_ms(replied_at, at));
        }
        self.asked_at.get_or_insert(at);
    }
}

fn add(sum: &mut Option<i64>, ms: Option<i64>) {
    if let Some(ms) = ms {
        *sum.get_or_insert(0) += ms;
    }
}

fn count_message(counts: &mut MessageCounts, step: &Step<'_>) {
    let EventBody::Message { visibility, .. } = step.event.body else { return };
    let count = match (visibility, step.author) {
        (Visibility::Public, Author::Customer(_)) => &mut counts.public_customer,
        (Visibility::Public, Author::Agent(_)) => &mut counts.public_agent,
        (Visibility::Public, Author::Bot(_)) => &mut counts.public_bot,
        (Visibility::Public, Author::System) => &mut counts.public_system,
        (Visibility::Internal, Author::Agent(_)) => &mut counts.internal_agent,
        (Visibility::Internal, _) => &mut counts.internal_other,
    };
    *count += 1;
}
