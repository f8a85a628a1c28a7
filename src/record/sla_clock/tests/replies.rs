//! First and next replies. 2026-01-05 is a Monday; the office is open 9 to 17.

use super::story::*;
use crate::model::{Actor, ActorKind};

#[test]
fn business_time_ends_with_the_day() {
    let story = || Story::new(&[target(FirstReply, Business, 60)]).office("").created("2026-01-05T16:00");
    // The hour is used up at 17:00. A reply then is in time, at nine the next morning late though nothing more was counted.
    story().reply("2026-01-05T17:00").check(
        "2026-02-01T00:00",
        &["first_reply fulfilled: from 01-05T16:00, done 01-05T17:00, counted 60, due 01-05T17:00"],
    );
    story().reply("2026-01-06T09:00").check(
        "2026-02-01T00:00",
        &["first_reply completed_after_breach: from 01-05T16:00, done 01-06T09:00, counted 60+1, due 01-05T17:00"],
    );
    // Half an hour is left at night: in time, and due half an hour into the next day.
    story().created("2026-01-05T16:30").reply("2026-01-05T20:00").check(
        "2026-02-01T00:00",
        &["first_reply fulfilled: from 01-05T16:30, done 01-05T20:00, counted 30+1, due 01-06T09:30"],
    );
    // Nothing was open: nothing counted, nothing added.
    story().created("2026-01-05T20:00").reply("2026-01-05T21:00").check(
        "2026-02-01T00:00",
        &["first_reply fulfilled: from 01-05T20:00, done 01-05T21:00, counted 0, due 01-06T10:00"],
    );
}

#[test]
fn time_alone_breaches() {
    let story = Story::new(&[target(FirstReply, Business, 60)]).office("").created("2026-01-05T16:30");
    let open = "from 01-05T16:30, running 01-05T16:30, counted 0, due 01-06T09:30";
    story.check("2026-01-06T09:30", &[&format!("first_reply active: {open}")]);
    story.check("2026-01-06T09:30:00.001Z", &[&format!("first_reply breached: {open}")]);
    let [clock] = &story.clocks()[..] else { panic!("one clock") };
    assert!(!clock.is_breached(at("2026-01-06T09:30")) && clock.is_breached(at("2026-01-06T09:31")));
    // At 10:00 an hour has counted, the half hour before 17:00 included; the goal was reached half an hour before.
    let rules = crate::record::Rules::compile(&story.reference);
    let schedule = rules.schedule(None);
    assert_eq!(clock.elapsed_ms(at("2026-01-06T10:00"), schedule), 90 * 60_000);
    assert_eq!(clock.remaining_ms(at("2026-01-06T10:00"), schedule), Some(-30 * 60_000));
}

#[test]
fn only_humans_reply_and_pending_does_not_stop_the_clock() {
    let story = || Story::new(&[target(FirstReply, Calendar, 60)]).bot("2026-01-05T10:10");
    story().status("2026-01-05T10:20", "pending").reply("2026-01-05T11:30").check(
        "2026-02-01T00:00",
        &["first_reply completed_after_breach: from 01-05T10:00, done 01-05T11:30, counted 90, due 01-05T11:00"],
    );
    let mut counting_bots = story();
    counting_bots.reference.workspace.ignore_bot_messages = false;
    counting_bots.check(
        "2026-02-01T00:00",
        &["first_reply fulfilled: from 01-05T10:00, done 01-05T10:10, counted 10, due 01-05T11:00"],
    );
    assert_eq!(counting_bots.clocks()[0].agent.as_deref(), Some("b1"));
}

#[test]
fn every_run_after_the_first_reply_has_a_clock() {
    // Runs begin at 12:00 (two messages) and at 14:00; the run that the first reply ends is the first reply's.
    Story::new(&[target(NextReply, Calendar, 60)])
        .customer("2026-01-05T10:00")
        .customer("2026-01-05T10:05")
        .reply("2026-01-05T11:00")
        .reply("2026-01-05T11:10")
        .customer("2026-01-05T12:00")
        .customer("2026-01-05T12:50")
        .reply("2026-01-05T13:10")
        .customer("2026-01-05T14:00")
        .check(
            "2026-01-05T14:30",
            &[
                "next_reply completed_after_breach: from 01-05T12:00, done 01-05T13:10, counted 70, due 01-05T13:00",
                "next_reply active: from 01-05T14:00, running 01-05T14:00, counted 0, due 01-05T15:00",
            ],
        );
}

#[test]
fn equal_instants_go_by_the_source_order() {
    let story = || Story::new(&[target(NextReply, Calendar, 60)]).reply("2026-01-05T11:00");
    story().customer("2026-01-05T12:00").reply("2026-01-05T12:00").check(
        "2026-02-01T00:00",
        &["next_reply fulfilled: from 01-05T12:00, done 01-05T12:00, counted 0, due 01-05T13:00"],
    );
    story().reply("2026-01-05T12:00").customer("2026-01-05T12:00").check(
        "2026-01-05T12:30",
        &["next_reply active: from 01-05T12:00, running 01-05T12:00, counted 0, due 01-05T13:00"],
    );
}

#[test]
fn a_case_that_an_agent_opened_waits_for_the_customer() {
    let mut story = Story::new(&[target(FirstReply, Calendar, 60), target(NextReply, Calendar, 60)]);
    story.case.creator = Some(Actor { kind: ActorKind::Agent, id: Some("a1".to_owned()) });
    story.check("2026-02-01T00:00", &[]);
    // Two messages of the agent before any of the customer's end nothing; the run from 14:00 is the first after the reply at 13:30.
    let story = story.reply("2026-01-05T10:10").reply("2026-01-05T11:00");
    story.check("2026-02-01T00:00", &[]);
    story
        .customer("2026-01-05T13:00")
        .reply("2026-01-05T13:30")
        .customer("2026-01-05T14:00")
        .reply("2026-01-05T14:15")
        .check(
            "2026-02-01T00:00",
            &[
                "first_reply fulfilled: from 01-05T13:00, done 01-05T13:30, counted 30, due 01-05T14:00",
                "next_reply fulfilled: from 01-05T14:00, done 01-05T14:15, counted 15, due 01-05T15:00",
            ],
        );
}

#[test]
fn a_reply_before_creation_has_no_clock_but_is_the_first_reply() {
    Story::new(&[target(FirstReply, Calendar, 60), target(NextReply, Calendar, 60)])
        .reply("2026-01-05T09:00")
        .customer("2026-01-05T10:30")
        .reply("2026-01-05T10:40")
        .check(
            "2026-02-01T00:00",
            &["next_reply fulfilled: from 01-05T10:30, done 01-05T10:40, counted 10, due 01-05T11:30"],
        );
}

#[test]
fn a_thank_you_breaches_nothing_until_the_case_is_reopened() {
    let story = || {
        Story::new(&[target(NextReply, Calendar, 60)])
            .reply("2026-01-05T10:30")
            .status("2026-01-05T11:00", "resolved")
            .customer("2026-01-05T11:30")
    };
    let now = "2026-02-01T00:00";
    story().check(now, &["next_reply left out: from 01-05T11:30, paused 01-05T11:30, counted 0, due never"]);
    // Answered while resolved: nothing counted; running on from 12:00 it would have been due at 13:00.
    story()
        .reply("2026-01-05T12:00")
        .check(now, &["next_reply fulfilled: from 01-05T11:30, done 01-05T12:00, counted 0, due 01-05T13:00"]);
    story()
        .status("2026-01-05T12:00", "open")
        .check(now, &["next_reply breached: from 01-05T11:30, running 01-05T12:00, counted 0, due 01-05T13:00"]);
}

#[test]
fn a_clock_that_was_reached_before_the_end_stays_breached() {
    // The run of 10:20 is due at 10:50.
    let story = |end: &str| {
        Story::new(&[target(NextReply, Calendar, 30)])
            .reply("2026-01-05T10:10")
            .customer("2026-01-05T10:20")
            .status(end, "closed")
    };
    let now = "2026-02-01T00:00";
    story("2026-01-05T11:00")
        .check(now, &["next_reply breached: from 01-05T10:20, paused 01-05T11:00, counted 40, due 01-05T10:50"]);
    // Closed at the very instant, the goal was not reached before it.
    story("2026-01-05T10:50")
        .check(now, &["next_reply left out: from 01-05T10:20, paused 01-05T10:50, counted 30, due 01-05T10:50"]);
    story("2026-01-05T10:40")
        .check(now, &["next_reply left out: from 01-05T10:20, paused 01-05T10:40, counted 20, due never"]);
    // In business time the goal of 16:30 is reached at 17:00, before 18:00: judged by a millisecond more than counted.
    Story::new(&[target(FirstReply, Business, 30)])
        .office("")
        .created("2026-01-05T16:30")
        .status("2026-01-05T18:00", "closed")
        .check(now, &["first_reply breached: from 01-05T16:30, paused 01-05T18:00, counted 30+1, due 01-05T17:00"]);
}
