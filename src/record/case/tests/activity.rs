//! Latest activity and updates, and who replied last.

use crate::model::{ActorKind, AssignmentKind, ChangeField};
use crate::record::case::{Person, PersonKind};
use crate::record::story::{Story, at, monday};

#[test]
fn activity_is_by_whoever_was_requester_or_assignee_just_before() {
    let row = monday()
        .assigned("a1")
        .customer("+0s")
        .customer("+1m")
        .note("+2m", "a1")
        .agent("+3m", "a2")
        // a1 gives the case away: still its assignee just before.
        .assign("+4m", "a2")
        .by("a1")
        .note("+5m", "a1")
        // The requester hands the case on: still the requester just before.
        .change("+6m", ChangeField::Requester, "cu2")
        .by_actor(ActorKind::Customer, Some("cu1"))
        .customer_named("+7m", "cu1")
        .record();
    assert_eq!(row.last_activity_by_assignee_at, at("+4m"));
    assert_eq!(row.last_activity_by_requester_at, at("+6m"));
    assert_eq!(row.agent_updated_at, at("+5m"));
    assert_eq!(row.requester_updated_at, at("+6m"));
    assert_eq!(row.customer_updated_at, at("+7m"));
}

#[test]
fn what_is_an_update() {
    // By an agent who has the case: updates it or not.
    let check = |what: &str, is_update: bool, tell: fn(Story) -> Story| {
        let told = monday().policy("gold", "high").given(|case| {
            case.assignee = Some("a1".to_owned());
            case.team = Some("t1".to_owned());
            case.priority = Some("high".to_owned());
            case.tags = vec!["vip".to_owned()];
        });
        let row = tell(told).by("a1").record();
        let expected = if is_update { at("+5m") } else { None };
        assert_eq!((row.agent_updated_at, row.last_activity_by_assignee_at), (expected, expected), "{what}");
        assert_eq!(row.customer_updated_at, None, "{what}");
        assert_eq!(Some(row.updated_at), at("+5m"), "{what}: any event is one of the case");
    };
    check("a reply", true, |s| s.agent("+5m", "a1"));
    check("a note", true, |s| s.note("+5m", "a1"));
    check("the opening message", false, |s| s.agent("+5m", "a1").opening(true));
    check("an assignment", true, |s| s.assign("+5m", "a2"));
    check("the same agent again", false, |s| s.assign("+5m", "a1"));
    check("an offer", false, |s| s.assignment("+5m", AssignmentKind::Offer, ["a2", "", ""]));
    check("a queue", true, |s| s.assignment("+5m", AssignmentKind::Assign, ["", "", "q1"]));
    check("a status", true, |s| s.status("+5m", "open"));
    check("the status it has", false, |s| s.status("+5m", "new"));
    check("a priority", true, |s| s.change("+5m", ChangeField::Priority, "low"));
    check("a priority taken away", true, |s| s.change("+5m", ChangeField::Priority, ""));
    check("the priority it has", false, |s| s.change("+5m", ChangeField::Priority, "high"));
    check("a type", true, |s| s.change("+5m", ChangeField::CaseType, "question"));
    check("a team", true, |s| s.change("+5m", ChangeField::Team, "t2"));
    check("the team it has", false, |s| s.change("+5m", ChangeField::Team, "t1"));
    check("a requester", true, |s| s.change("+5m", ChangeField::Requester, "cu2"));
    check("a tag", true, |s| s.change("+5m", ChangeField::TagAdded, "new"));
    check("a tag it has", false, |s| s.change("+5m", ChangeField::TagAdded, "vip"));
    check("a tag off", true, |s| s.change("+5m", ChangeField::TagRemoved, "vip"));
    check("a tag off that it has not", false, |s| s.change("+5m", ChangeField::TagRemoved, "new"));
    check("a channel", true, |s| s.change("+5m", ChangeField::Channel, "web"));
    check("the channel it has", false, |s| s.change("+5m", ChangeField::Channel, "email"));
    check("a subject", true, |s| s.change("+5m", ChangeField::Subject, "Hi"));
    check("a policy", false, |s| s.sla("+5m", ""));
    check("a rating", false, |s| s.rating("+5m", "", Some(5), ["", "", ""]));
}

#[test]
fn updates_by_others_than_people_are_nobodys() {
    let row = monday()
        .bot_agent("b2")
        .assigned("b2")
        .status("+1m", "open")
        .status("+2m", "pending")
        .by_actor(ActorKind::Bot, Some("b1"))
        .status("+3m", "open")
        .by("b2")
        .bot("+4m", "b1")
        .record();
    assert_eq!((row.agent_updated_at, row.customer_updated_at, row.requester_updated_at), (None, None, None));
    assert_eq!((row.last_activity_by_assignee_at, row.last_activity_by_requester_at), (None, None));
    assert_eq!(row.status_updated_at, at("+3m"), "the status has changed whoever did it");
}

/// Where bots reply, their public messages are updates by an agent; their notes and changes are not.
#[test]
fn a_replying_bot_updates_by_its_messages_alone() {
    let row = monday()
        .bot_agent("b1")
        .bots_reply()
        .assigned("b1")
        .agent("+1m", "b1")
        .note("+2m", "b1")
        .status("+3m", "open")
        .by("b1")
        .record();
    assert_eq!((row.agent_updated_at, row.last_activity_by_assignee_at), (at("+1m"), at("+1m")));
    assert_eq!(row.agent_touch_count, 1);
}

#[test]
fn a_customer_whom_nobody_names_is_the_requester() {
    let row = monday().status("+1m", "open").by_actor(ActorKind::Customer, None).record();
    assert_eq!((row.requester_updated_at, row.customer_updated_at), (at("+1m"), at("+1m")));
    let row = monday().status("+1m", "open").by_actor(ActorKind::Customer, Some("cc")).record();
    assert_eq!((row.requester_updated_at, row.customer_updated_at), (None, at("+1m")));
}

#[test]
fn the_last_replier_wrote_the_latest_public_message() {
    let check = |told: Story, expected: Option<(PersonKind, &str)>| {
        let expected = expected.map(|(kind, id)| Person { kind, id: id.to_owned() });
        assert_eq!(told.record().last_replier, expected);
    };
    check(monday(), None);
    check(monday().customer("+0s"), Some((PersonKind::Customer, "cu1")));
    check(monday().customer("+0s").agent("+1m", "a1"), Some((PersonKind::Agent, "a1")));
    check(monday().customer("+0s").note("+1m", "a1"), Some((PersonKind::Customer, "cu1")));
    check(monday().agent("+0s", "a1").system("+1m"), Some((PersonKind::Agent, "a1")));
    // Bots are not skipped, though they do not reply here.
    check(monday().agent("+0s", "a1").bot("+1m", "b1"), Some((PersonKind::Agent, "b1")));
    check(monday().agent("+2m", "a1").customer("+1m"), Some((PersonKind::Agent, "a1")));
    check(monday().message("+0s", ActorKind::Customer, None), Some((PersonKind::Customer, "cu1")));
    check(monday().customer("+0s").message("+1m", ActorKind::Agent, None), None);
    let handed_on = monday().change("+1m", ChangeField::Requester, "cu2").message("+2m", ActorKind::Customer, None);
    check(handed_on, Some((PersonKind::Customer, "cu2")));
}
