//! Touches: distinct actions of agents.

use crate::model::{ActorKind, AssignmentKind, ChangeField};
use crate::record::story::{Story, monday};

fn check(what: &str, expected: i32, told: Story) {
    assert_eq!(told.record().agent_touch_count, expected, "{what}");
}

#[test]
fn one_action_of_one_author_is_one_touch() {
    let saved = |by: [&str; 3], actions: [&str; 3]| {
        let mut told = monday().agent("+1m", by[0]).status("+1m", "open").by(by[1]);
        told = told.change("+1m", ChangeField::Priority, "high").by(by[2]);
        for (event, action) in told.events.iter_mut().zip(actions) {
            event.action = (!action.is_empty()).then(|| action.to_owned());
        }
        told
    };
    check("all together", 1, saved(["a1", "a1", "a1"], ["x", "x", "x"]));
    check("in two", 2, saved(["a1", "a1", "a1"], ["x", "y", "x"]));
    check("one without action", 2, saved(["a1", "a1", "a1"], ["x", "", "x"]));
    check("all without action", 3, saved(["a1", "a1", "a1"], ["", "", ""]));
    check("two authors", 2, saved(["a1", "a2", "a1"], ["x", "x", "x"]));
}

#[test]
fn an_action_may_take_its_time() {
    check("not next to each other", 2, {
        monday()
            .agent("+1m", "a1")
            .action("x")
            .agent("+2m", "a1")
            .action("y")
            .status("+9m", "open")
            .by("a1")
            .action("x")
    });
}

#[test]
fn what_is_a_touch() {
    let each = |is_touch: bool, what: &str, tell: fn(Story) -> Story| {
        check(what, i32::from(is_touch), tell(monday().assigned("a1")).by("a1"));
    };
    each(true, "a reply", |s| s.agent("+1m", "a1"));
    each(true, "a note", |s| s.note("+1m", "a1"));
    each(false, "the opening message", |s| s.agent("+1m", "a1").opening(true));
    each(true, "an assignment", |s| s.assign("+1m", "a2"));
    each(true, "the same agent again", |s| s.assign("+1m", "a1"));
    each(true, "an offer", |s| s.assignment("+1m", AssignmentKind::Offer, ["a2", "", ""]));
    each(true, "a status", |s| s.status("+1m", "open"));
    each(true, "the status it has", |s| s.status("+1m", "new"));
    each(true, "a change", |s| s.change("+1m", ChangeField::Priority, "high"));
    each(true, "a change of nothing", |s| s.change("+1m", ChangeField::Priority, ""));
    each(false, "a policy", |s| s.sla("+1m", "gold"));
    each(false, "a rating", |s| s.rating("+1m", "", Some(5), ["", "", ""]));
}

#[test]
fn only_agents_touch() {
    check("a customer", 0, monday().customer("+0s").customer("+1m"));
    check("a customer's change", 0, monday().status("+1m", "open").by_actor(ActorKind::Customer, Some("cu1")));
    check("the system", 0, monday().status("+1m", "open"));
    check("a bot's change", 0, monday().bots_reply().status("+1m", "open").by_actor(ActorKind::Bot, Some("b1")));
    check("a bot's message", 0, monday().bot("+1m", "b1"));
    check("a bot's reply", 1, monday().bots_reply().bot("+1m", "b1"));
    check("a bot's note", 0, monday().bots_reply().bot("+1m", "b1").internal());
    check("an agent whom nobody names", 1, monday().message("+1m", ActorKind::Agent, None));
}
