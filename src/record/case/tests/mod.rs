//! The case row of hand-made cases: the conformance case, what the case is now, ratings; the figures are in the files beside.

mod activity;
mod changes;
mod ending;
mod replies;
mod touches;

use super::MessageCounts;
use crate::model::{CaseState, CaseStatus, ChangeField, Direction, Instant};
use crate::record::CaseRecord;
use crate::record::story::{at, monday, ms, story, took};

/// K1: assignee set at creation, one agent reply with a status change in one action 402 s after creation, nothing else, outside
/// business hours. First calendar 402, first business 0, one reply, one touch, all else nothing.
#[test]
fn the_conformance_case_of_kayakos_sample() {
    // A Saturday night; the office opens on Monday at 09:00.
    let told = story("2026-03-07T23:00:00Z")
        .office("UTC")
        .assigned("a1")
        .customer("+0s")
        .agent("+402s", "a1")
        .action("x1")
        .status("+402s", "pending")
        .by("a1")
        .action("x1");
    let replied_at = Some(told.at("+402s"));
    let created_at = told.case.created_at;
    assert_eq!(
        told.record(),
        CaseRecord {
            case: "c1".to_owned(),
            number: 7,
            created_at,
            updated_at: created_at.plus_ms(402_000),
            status: CaseStatus::Pending,
            status_id: "pending".to_owned(),
            status_since: created_at.plus_ms(402_000),
            channel: "email".to_owned(),
            initial_channel: "email".to_owned(),
            requester: Some("cu1".to_owned()),
            assignee: Some("a1".to_owned()),
            served_since: Some(created_at),
            last_activity_by_assignee_at: replied_at,
            last_reply_by_agent_at: replied_at,
            last_reply_by_assignee_at: replied_at,
            agent_updated_at: replied_at,
            status_updated_at: replied_at,
            last_replier: super::Person { kind: super::PersonKind::Agent, id: "a1".to_owned() }.into(),
            first_response_calendar_ms: Some(402_000),
            first_response_business_ms: Some(0),
            agent_reply_count: 1,
            agent_touch_count: 1,
            first_response_at: replied_at,
            first_responder: Some("a1".to_owned()),
            first_response_from_customer_message_ms: Some(402_000),
            reaction_ms: Some(402_000),
            response_count: 1,
            response_sum_ms: Some(402_000),
            last_response_at: replied_at,
            messages: MessageCounts { public_customer: 1, public_agent: 1, ..MessageCounts::default() },
            ..CaseRecord::default()
        }
    );
}

#[test]
fn a_case_on_which_nothing_happened_has_no_figures() {
    let told = monday().given(|case| case.requester = None);
    assert_eq!(
        told.record(),
        CaseRecord {
            case: "c1".to_owned(),
            number: 7,
            created_at: told.case.created_at,
            updated_at: told.case.created_at,
            status_id: "new".to_owned(),
            status_since: told.case.created_at,
            channel: "email".to_owned(),
            initial_channel: "email".to_owned(),
            ..CaseRecord::default()
        }
    );
}

#[test]
fn the_row_shows_what_the_case_is_now() {
    let row = monday()
        .named_status("with_vendor", CaseStatus::OnHold)
        .policy("gold", "high")
        .given(|case| {
            case.priority = Some("high".to_owned());
            case.case_type = Some("question".to_owned());
            case.subject = Some("Hi".to_owned());
            case.team = Some("t1".to_owned());
            case.queue = Some("q1".to_owned());
            case.direction = Direction::Outbound;
            case.contact_point = Some("cp1".to_owned());
            case.initial_channel = Some("web".to_owned());
            case.tags = vec!["b".to_owned(), "d".to_owned()];
        })
        .assign("+1m", "a1")
        .change("+2m", ChangeField::Priority, "low")
        .change("+2m", ChangeField::CaseType, "incident")
        .change("+2m", ChangeField::Subject, "")
        .change("+2m", ChangeField::Channel, "slack")
        .change("+2m", ChangeField::Requester, "cu2")
        .change("+2m", ChangeField::Team, "t2")
        .change("+2m", ChangeField::TagAdded, "a")
        .change("+2m", ChangeField::TagRemoved, "d")
        .change("+2m", ChangeField::TagRemoved, "never there")
        .assignment("+3m", crate::model::AssignmentKind::Assign, ["", "", "q2"])
        .status("+4m", "with_vendor")
        .record();
    assert_eq!(row.status, CaseStatus::OnHold);
    assert_eq!(row.status_id, "with_vendor");
    assert_eq!(Some(row.status_since), at("+4m"));
    assert_eq!(row.priority.as_deref(), Some("low"));
    assert_eq!(row.case_type.as_deref(), Some("incident"));
    assert_eq!(row.subject, None);
    assert_eq!(row.channel, "slack");
    assert_eq!(row.initial_channel, "web");
    assert_eq!(row.direction, Direction::Outbound);
    assert_eq!(row.contact_point.as_deref(), Some("cp1"));
    assert_eq!(row.requester.as_deref(), Some("cu2"));
    assert_eq!(row.assignee.as_deref(), Some("a1"));
    assert_eq!(row.served_since, at("+1m"));
    assert_eq!(row.team.as_deref(), Some("t2"));
    assert_eq!(row.queue.as_deref(), Some("q2"));
    assert_eq!(row.tags, ["a", "b"]);
    assert_eq!(row.policy.as_deref(), Some("gold"), "chosen on the case as created, with priority high");
    assert_eq!(row.policy_from, None);
    assert_eq!(Some(row.updated_at), at("+4m"));
}

#[test]
fn served_since_follows_the_assignee() {
    let check = |told: crate::record::story::Story, expected: Option<Instant>, why: &str| {
        assert_eq!(told.record().served_since, expected, "{why}");
    };
    check(monday().assigned("a1"), at("+0s"), "creation, when given on the case line");
    check(monday().assign("+5m", "a1"), at("+5m"), "when assigned");
    check(monday().assign("+5m", "a1").assign("+9m", "a1"), at("+5m"), "the same agent again moves nothing");
    check(monday().assign("+5m", "a1").assign("+9m", "a2").assign("+11m", "a1"), at("+11m"), "back again: anew");
    check(monday().assign("+5m", "a1").assign("+9m", "-"), None, "taken away");
    let unassign = |story: crate::record::story::Story, names: [&str; 3]| {
        story.assignment("+9m", crate::model::AssignmentKind::Unassign, names)
    };
    check(unassign(monday().assign("+5m", "a1"), ["", "-", ""]), at("+5m"), "unassign without agent leaves the agent");
    check(unassign(monday().assign("+5m", "a1"), ["-", "", ""]), None, "unassign with agent takes it away");
    let offer = monday().assign("+5m", "a1").assignment("+9m", crate::model::AssignmentKind::Offer, ["a2", "t2", ""]);
    check(offer, at("+5m"), "an offer changes nothing");
}

/// Spam and merged cases keep their row and lose all others; the row keeps its figures.
#[test]
fn cases_that_do_not_count_have_only_their_own_row() {
    for state in [CaseState::Spam, CaseState::Merged] {
        let derived = monday()
            .given(|case| case.state = state)
            .customer("+0s")
            .agent("+5m", "a1")
            .assign("+5m", "a1")
            .status("+6m", "closed")
            .rating("+7m", "", Some(5), ["", "", ""])
            .derive();
        assert_eq!(derived.case.state, state);
        assert_eq!(derived.case.first_response_calendar_ms, took("5m"));
        assert_eq!(derived.case.latest_score, Some(5));
        assert!(derived.responses.is_empty() && derived.closures.is_empty() && derived.resolutions.is_empty());
        assert!(derived.status_spells.is_empty() && derived.assignments.is_empty() && derived.messages.is_empty());
        assert!(derived.ratings.is_empty() && derived.sla_clocks.is_empty());
    }
}

#[test]
fn the_latest_score_is_that_of_the_rating_given_last() {
    let told = monday().rating("+2h", "+10m", Some(2), ["", "", ""]).rating("+1h", "+1h", Some(5), ["", "", ""]);
    assert_eq!(told.record().latest_score, Some(2), "given at +2h, though told first");
    let offered_after = told.rating("+3h", "+3h", None, ["", "", ""]);
    assert_eq!(offered_after.record().latest_score, Some(2), "one that is only offered is none");
}

/// An event before creation is kept: it shapes the case, and a duration that would be negative is none.
#[test]
fn events_before_creation_shape_the_case_and_take_no_time() {
    let row =
        monday().assign("-20m", "a1").customer("-15m").agent("-10m", "a1").status("-5m", "closed").by("a1").record();
    assert_eq!(Some(row.updated_at), at("+0s"), "creation is later than its events");
    assert_eq!((row.status, row.assignee.as_deref()), (CaseStatus::Closed, Some("a1")));
    assert_eq!(row.first_response_at, at("-10m"));
    assert_eq!((row.first_response_calendar_ms, row.first_response_business_ms), (None, None));
    assert_eq!(row.first_response_from_customer_message_ms, took("5m"), "from the message at -15m");
    assert_eq!(row.reaction_ms, took("10m"), "a1 became the assignee at -20m");
    assert_eq!((row.resolution_at, row.closed_at), (at("-5m"), at("-5m")));
    assert_eq!((row.resolution_calendar_ms, row.resolution_business_ms, row.handle_ms), (None, None, None));
    assert_eq!(row.chat_duration_ms, None);
    assert_eq!(row.service_ms, took("15m"), "from -20m to -5m");
}

/// Whatever the order in which events are told, and whatever their ids: at, then seq (none first), then id.
#[test]
fn events_of_one_instant_go_by_seq_then_id() {
    let status = |events: [(&str, Option<i64>); 2]| {
        let mut told = monday();
        for (status, seq) in events {
            told = told.status("+1m", status);
            told.events.last_mut().unwrap().seq = seq;
        }
        told.record().status_id
    };
    assert_eq!(status([("open", Some(2)), ("pending", Some(1))]), "open");
    assert_eq!(status([("open", Some(1)), ("pending", Some(2))]), "pending");
    assert_eq!(status([("open", None), ("pending", None)]), "pending", "by id: e000, e001");
    assert_eq!(status([("open", Some(-9)), ("pending", None)]), "open", "without seq comes first");
}

#[test]
fn four_hundred_days_are_counted_to_the_millisecond() {
    // 400 days of 24 hours; 34,560,000,000 ms does not fit 32 bits.
    let row = monday().customer("+0s").agent("+400d1ms", "a1").status("+400d2ms", "resolved").by("a1").record();
    assert_eq!(row.first_response_calendar_ms, Some(34_560_000_001));
    assert_eq!(row.response_sum_ms, Some(34_560_000_001));
    assert_eq!(row.resolution_calendar_ms, Some(34_560_000_002));
    assert_eq!(row.handle_ms, Some(ms("400d2ms")));
}
