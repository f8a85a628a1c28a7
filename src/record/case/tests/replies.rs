//! First response, reply gaps, counts and dates of replies.

use crate::model::{ActorKind, AssignmentKind, ChangeField};
use crate::record::story::{at, monday, story, took};
use crate::record::{CaseRecord, MessageCounts};

/// Sum and number of what the customer waited, sum of what the agent waited.
fn waits(row: &CaseRecord) -> (Option<i64>, i32, Option<i64>) {
    (row.customer_wait_calendar_ms, row.reply_gap_count, row.agent_wait_calendar_ms)
}

#[test]
fn gaps_leave_the_first_response_out() {
    // Opening 0, reply 10 (first response: no gap). Requester 30, 35; reply 50: gap 30→50 = 20 min, the agent's wait 10→30 = 20.
    // Reply again 55: no gap. Requester 65: the agent's wait 55→65 = 10. Reply 70: gap 65→70 = 5. Requester 80: wait 70→80 = 10.
    let row = monday()
        .customer("+0s")
        .agent("+10m", "a1")
        .customer("+30m")
        .customer("+35m")
        .agent("+50m", "a2")
        .agent("+55m", "a1")
        .customer("+65m")
        .agent("+70m", "a1")
        .customer("+80m")
        .record();
    assert_eq!(waits(&row), (took("25m"), 2, took("40m")));
    assert_eq!(row.first_response_calendar_ms, took("10m"));
    assert_eq!((row.agent_reply_count, row.requester_reply_count), (4, 4));
    // Runs: 0→10, 30→50, 65→70; the one of 80 is open.
    assert_eq!((row.response_count, row.response_sum_ms), (3, took("35m")));
    assert!(row.is_waiting);
    assert_eq!((row.last_reply_by_agent_at, row.last_response_at), (at("+70m"), at("+70m")));
    assert_eq!((row.last_reply_by_requester_at, row.last_reply_by_customer_at), (at("+80m"), at("+80m")));
}

#[test]
fn a_case_without_gaps_has_no_waits() {
    let row = monday().customer("+0s").customer("+1m").agent("+10m", "a1").agent("+11m", "a1").record();
    assert_eq!(waits(&row), (None, 0, None));
    assert_eq!(row.requester_reply_count, 1, "the second message of the run is a reply, the opening one is not");
    assert!(!row.is_waiting);
    let nothing = monday().record();
    assert_eq!((nothing.response_count, nothing.response_sum_ms, nothing.is_waiting), (0, None, false));
    assert_eq!((nothing.first_response_at, nothing.reaction_ms, nothing.last_response_at), (None, None, None));
}

/// A gap whose ends fall in one instant is a gap of nothing.
#[test]
fn a_gap_may_take_no_time() {
    let row = monday().customer("+0s").agent("+1m", "a1").customer("+2m").agent("+2m", "a1").record();
    assert_eq!(waits(&row), (took("0s"), 1, took("1m")));
}

/// Gaps are of the requester's messages; responses of all customers'.
#[test]
fn copied_customers_make_runs_but_no_gaps() {
    // First reply at 5. CC at 10, requester at 20, reply 30. Run 10→30 = 20 min, gap 20→30 = 10 min; the agent waited 5→20 = 15.
    // CC at 40, reply 50: run of 10 min, no gap.
    let row = monday()
        .customer("+0s")
        .agent("+5m", "a1")
        .customer_named("+10m", "cc")
        .customer("+20m")
        .agent("+30m", "a1")
        .customer_named("+40m", "cc")
        .agent("+50m", "a1")
        .record();
    assert_eq!(waits(&row), (took("10m"), 1, took("15m")));
    assert_eq!((row.response_count, row.response_sum_ms), (3, took("35m")));
    assert_eq!((row.last_reply_by_requester_at, row.last_reply_by_customer_at), (at("+20m"), at("+40m")));
    assert_eq!(row.requester_reply_count, 1);
}

/// Who the requester is is asked just before each message; a customer whom the source does not name is the requester.
#[test]
fn the_requester_is_whoever_it_was_then() {
    let row = monday()
        .customer("+0s")
        .agent("+5m", "a1")
        .customer_named("+10m", "cu2")
        .change("+11m", ChangeField::Requester, "cu2")
        .customer_named("+12m", "cu2")
        .customer_named("+13m", "cu1")
        .message("+14m", ActorKind::Customer, None)
        .record();
    assert_eq!(row.requester_reply_count, 2, "cu2 at 12, nobody named at 14");
    assert_eq!((row.last_reply_by_requester_at, row.last_reply_by_customer_at), (at("+14m"), at("+14m")));
    assert_eq!(waits(&row), (None, 0, took("7m")), "from 5 to the requester's first reply at 12");
}

#[test]
fn first_response_is_attributed_as_the_case_was_then() {
    let row = monday()
        .given(|case| case.team = Some("t1".to_owned()))
        .customer("+2m")
        .assignment("+3m", AssignmentKind::Assign, ["a1", "", "q1"])
        .agent("+10m", "a2")
        .assignment("+11m", AssignmentKind::Transfer, ["a3", "t2", "q2"])
        .agent("+20m", "a3")
        .record();
    assert_eq!(row.first_response_at, at("+10m"));
    assert_eq!(row.first_responder.as_deref(), Some("a2"));
    assert_eq!(row.first_response_team.as_deref(), Some("t1"));
    assert_eq!(row.first_response_queue.as_deref(), Some("q1"));
    assert_eq!(row.first_response_calendar_ms, took("10m"));
    assert_eq!(row.first_response_from_customer_message_ms, took("8m"), "the customer wrote at 2");
    assert_eq!(row.reaction_ms, took("7m"), "a1, the assignee then, became it at 3");
    assert_eq!(row.last_response_at, at("+20m"));
}

#[test]
fn reaction_needs_an_assignee_then() {
    let check = |told: crate::record::story::Story, expected: Option<i64>| {
        assert_eq!(told.record().reaction_ms, expected);
    };
    check(monday().customer("+0s").agent("+10m", "a1"), None);
    check(monday().customer("+0s").agent("+10m", "a1").assign("+11m", "a1"), None);
    check(monday().assigned("a1").agent("+10m", "a2"), took("10m"));
    check(monday().assigned("a1").assign("+4m", "a2").agent("+10m", "a1"), took("6m"));
    check(monday().assigned("a1").assign("+4m", "-").agent("+10m", "a1"), None);
    check(monday().assigned("a1").agent("-1m", "a1"), None);
}

/// When the agent opened the case: the opening message is no reply, a second one before the customer's is.
#[test]
fn a_case_opened_by_an_agent() {
    let opened = monday().agent("+0s", "a1").opening(true);
    let row = opened.clone().customer("+10m").agent("+25m", "a1").record();
    assert_eq!(row.first_response_calendar_ms, took("25m"));
    assert_eq!(row.first_response_from_customer_message_ms, took("15m"));
    assert_eq!((row.agent_reply_count, row.requester_reply_count), (1, 1), "the customer's message opened nothing");
    assert_eq!(waits(&row), (None, 0, None), "the run that the first reply answers has no gap");

    let row = opened.agent("+5m", "a2").customer("+10m").agent("+25m", "a1").record();
    assert_eq!((row.first_response_calendar_ms, row.first_responder.as_deref()), (took("5m"), Some("a2")));
    assert_eq!(row.first_response_from_customer_message_ms, took("5m"), "from creation: no customer wrote before");
    assert_eq!(waits(&row), (took("15m"), 1, took("5m")));
    assert_eq!((row.response_count, row.response_sum_ms), (1, took("15m")));
}

/// Nobody marks an opening message: the first public customer message is it, unless a reply comes before.
#[test]
fn which_message_opens_the_case() {
    let replies = |told: crate::record::story::Story| {
        let row = told.record();
        (row.agent_reply_count, row.requester_reply_count)
    };
    assert_eq!(replies(monday().customer("+0s").customer("+1m")), (0, 1));
    assert_eq!(replies(monday().agent("+0s", "a1").customer("+1m")), (1, 1), "a reply before it: none opened it");
    assert_eq!(replies(monday().note("+0s", "a1").system("+0s").customer("+1m")), (0, 0), "neither is a reply");
    assert_eq!(replies(monday().bot("+0s", "b1").customer("+1m")), (0, 0), "nor is a bot's message");
    assert_eq!(replies(monday().bot("+0s", "b1").customer("+1m").bots_reply()), (1, 1), "here it is");
    assert_eq!(replies(monday().customer("+0s").opening(false).customer("+1m")), (0, 2), "the source says it is not");
    // Marked later: the second message opened it, so that the first is a reply.
    assert_eq!(replies(monday().customer("+0s").customer("+1m").opening(true)), (0, 1));
    assert_eq!(replies(monday().agent("+0s", "a1").opening(true).agent("+1m", "a1")), (1, 0));
}

#[test]
fn bots_reply_only_where_the_workspace_says_so() {
    let told = monday().bot_agent("b2").customer("+0s").bot("+1m", "b1").agent("+2m", "b2").agent("+10m", "a1");
    let row = told.clone().record();
    assert_eq!((row.first_response_calendar_ms, row.first_responder.as_deref()), (took("10m"), Some("a1")));
    assert_eq!((row.agent_reply_count, row.response_sum_ms), (1, took("10m")));
    let row = told.bots_reply().record();
    assert_eq!((row.first_response_calendar_ms, row.first_responder.as_deref()), (took("1m"), Some("b1")));
    assert_eq!((row.agent_reply_count, row.response_sum_ms), (3, took("1m")));
    let counts = MessageCounts { public_customer: 1, public_bot: 2, public_agent: 1, ..MessageCounts::default() };
    assert_eq!(row.messages, counts, "a listed bot counts as bot whatever the message says");
}

#[test]
fn replies_by_the_assignee_are_by_whoever_it_was_then() {
    let row = monday()
        .assigned("a1")
        .customer("+0s")
        .agent("+1m", "a1")
        .agent("+2m", "a2")
        .assign("+3m", "a2")
        .agent("+4m", "a1")
        .note("+5m", "a2")
        .record();
    assert_eq!(row.last_reply_by_assignee_at, at("+1m"), "a2 became it after replying, and its note is no reply");
    assert_eq!(row.last_reply_by_agent_at, at("+4m"));
    let bot = monday().bot_agent("b1").assigned("b1").customer("+0s").agent("+1m", "b1");
    assert_eq!(bot.record().last_reply_by_assignee_at, None);
    assert_eq!(bot.bots_reply().record().last_reply_by_assignee_at, at("+1m"));
    let unnamed = monday().customer("+0s").message("+1m", ActorKind::Agent, None).record();
    assert_eq!((unnamed.last_reply_by_agent_at, unnamed.last_reply_by_assignee_at), (at("+1m"), None));
    assert_eq!((unnamed.agent_reply_count, unnamed.first_responder), (1, None));
}

#[test]
fn messages_are_counted_by_author_and_visibility() {
    let row = monday()
        .customer("+0s")
        .customer_named("+1m", "cc")
        .agent("+2m", "a1")
        .bot("+3m", "b1")
        .system("+4m")
        .note("+5m", "a1")
        .note("+6m", "a2")
        .bot("+7m", "b1")
        .internal()
        .system("+8m")
        .internal()
        .customer("+9m")
        .internal()
        .record();
    let expected = MessageCounts {
        public_customer: 2,
        public_agent: 1,
        public_bot: 1,
        public_system: 1,
        internal_agent: 2,
        internal_other: 3,
    };
    assert_eq!(row.messages, expected);
    assert_eq!(row.requester_reply_count, 0, "a note of the requester is no reply");
}

/// The office is open 09:00 to 17:00 on working days. Friday 16:00: opening. Monday 10:00: reply. Monday 16:30: requester.
/// Tuesday 09:15: reply.
#[test]
fn waits_in_business_hours() {
    let row = story("2026-03-06T16:00:00Z")
        .office("UTC")
        .customer("+0s")
        .agent("2026-03-09T10:00:00Z", "a1")
        .customer("2026-03-09T16:30:00Z")
        .agent("2026-03-10T09:15:00Z", "a1")
        .customer("2026-03-10T09:20:00Z")
        .record();
    assert_eq!(row.first_response_calendar_ms, took("66h"));
    assert_eq!(row.first_response_business_ms, took("2h"), "an hour of Friday and one of Monday");
    assert_eq!(row.customer_wait_calendar_ms, took("16h45m"));
    assert_eq!(row.customer_wait_business_ms, took("45m"), "half an hour of Monday, a quarter of Tuesday");
    assert_eq!(row.agent_wait_calendar_ms, took("6h35m"), "10:00 to 16:30 and 09:15 to 09:20");
    assert_eq!(row.agent_wait_business_ms, took("6h35m"), "all of it in the office's hours");
}

/// Business time is that of the team which has the case at each instant: until 12:00 t1, open 09:00 to 11:00; then t2, open 10:00
/// to 20:00. Created 09:00, moved 12:00, reply 13:30: 2 hours of t1 and 1.5 of t2.
#[test]
fn business_time_follows_the_team() {
    let row = monday()
        .team_hours("t1", 9 * 60, 11 * 60)
        .team_hours("t2", 10 * 60, 20 * 60)
        .given(|case| case.team = Some("t1".to_owned()))
        .customer("+0s")
        .change("+3h", ChangeField::Team, "t2")
        .agent("+4h30m", "a1")
        .record();
    assert_eq!(row.first_response_calendar_ms, took("4h30m"));
    assert_eq!(row.first_response_business_ms, took("3h30m"));
}

/// In Copenhagen the night to 29 March 2026 has 23 hours. Saturday 28 March 12:00 local (11:00 UTC) to Monday 30 March 12:00 local
/// (10:00 UTC) are 47 hours, of which the office is open from Monday 09:00 to 12:00.
#[test]
fn a_night_of_23_hours() {
    let row = story("2026-03-28T12:00:00+01:00")
        .office("Europe/Copenhagen")
        .customer("+0s")
        .agent("2026-03-30T12:00:00+02:00", "a1")
        .record();
    assert_eq!(row.first_response_calendar_ms, took("47h"));
    assert_eq!(row.first_response_business_ms, took("3h"));
}

/// The night to 25 October 2026 has 25 hours: Friday 16:00 to Monday 10:00 local are 67 hours; 1 hour of Friday, 1 of Monday.
#[test]
fn a_night_of_25_hours() {
    let row = story("2026-10-23T16:00:00+02:00")
        .office("Europe/Copenhagen")
        .customer("+0s")
        .agent("2026-10-26T10:00:00+01:00", "a1")
        .record();
    assert_eq!(row.first_response_calendar_ms, took("67h"));
    assert_eq!(row.first_response_business_ms, took("2h"));
}
