//! What holds of every case: rows do not depend on the order in which events come, spells tile time, sums agree.

use proptest::prelude::*;

use super::story::{Story, monday};
use super::timeline::{Role, Timeline};
use super::{Derived, Rules};
use crate::model::{ActorKind, AssignmentKind, CaseStatus, ChangeField, Instant};

/// Something that may happen at a minute.
#[derive(Clone, Debug)]
enum Happening {
    Message(ActorKind, usize),
    Note(usize),
    Assignment(usize, [&'static str; 3]),
    Status(&'static str),
    Change(usize, &'static str),
    Rating(Option<i32>),
}

fn happening() -> impl Strategy<Value = Happening> {
    let kind = prop::sample::select(ActorKind::ALL);
    let patch = |ids: &'static [&'static str]| prop::sample::select(ids);
    let statuses = ["new", "open", "pending", "on_hold", "resolved", "resolved", "closed", "vendor"];
    prop_oneof![
        6 => (kind, 0..3_usize).prop_map(|(kind, who)| Happening::Message(kind, who)),
        1 => (0..3_usize).prop_map(Happening::Note),
        2 => (0..5_usize, patch(&["", "-", "a0", "a1"]), patch(&["", "-", "t0", "t1"]), patch(&["", "q0"]))
            .prop_map(|(kind, agent, team, queue)| Happening::Assignment(kind, [agent, team, queue])),
        4 => prop::sample::select(statuses.to_vec()).prop_map(Happening::Status),
        2 => (0..8_usize, patch(&["", "cu0", "t1", "x"])).prop_map(|(field, to)| Happening::Change(field, to)),
        1 => prop::option::of(1..=5).prop_map(Happening::Rating),
    ]
}

/// A case of up to 30 events from a few minutes before its creation on, many in one instant, told in any order.
fn told(earliest_minute: i64) -> impl Strategy<Value = Story> {
    use ActorKind::{Agent, Bot, Customer, System};
    let actor = prop::sample::select(vec![Agent, Agent, Agent, Customer, Bot, System]);
    let event = (earliest_minute..90, prop::option::of(0..3_i64), actor, happening());
    (prop::collection::vec(event, 0..30), any::<bool>(), any::<bool>()).prop_map(|(events, bots_reply, is_assigned)| {
        let mut told = monday().office("Europe/Copenhagen").bot_agent("a2").named_status("vendor", CaseStatus::OnHold);
        told.reference.workspace.ignore_bot_messages = !bots_reply;
        told.case.assignee = is_assigned.then(|| "a0".to_owned());
        for (minute, seq, actor, happening) in events {
            // Minutes of eleven, so that the events of a case span office hours and a night.
            told =
                tell(told, &format!("{}{}m", if minute < 0 { "-" } else { "+" }, minute.abs() * 11), actor, happening);
            let event = told.events.last_mut().unwrap();
            event.seq = seq;
        }
        told
    })
}

fn tell(told: Story, at: &str, actor: ActorKind, happening: Happening) -> Story {
    let id =
        |kind: ActorKind, who: usize| if kind == ActorKind::Customer { format!("cu{who}") } else { format!("a{who}") };
    match happening {
        Happening::Message(kind, who) => told.message(at, kind, Some(&id(kind, who))),
        Happening::Note(who) => told.note(at, &id(ActorKind::Agent, who)),
        Happening::Assignment(kind, names) => told.assignment(at, AssignmentKind::ALL[kind], names),
        Happening::Status(status) => told.status(at, status).by_actor(actor, Some(&id(actor, 1))),
        Happening::Change(field, to) => {
            told.change(at, ChangeField::ALL[field], to).by_actor(actor, Some(&id(actor, 1))).action("x")
        }
        Happening::Rating(score) => told.rating(at, "", score, ["", "", ""]),
    }
}

proptest! {
    #[test]
    fn deriving_does_not_depend_on_the_order_of_arrival(told in told(-3), turn in 0..30_usize) {
        let mut other = told.clone();
        other.events.reverse();
        let turn = turn.min(other.events.len());
        other.events.rotate_left(turn);
        prop_assert_eq!(told.derive(), other.derive());
    }

    #[test]
    fn spells_tile_the_time_since_creation(told in told(-3)) {
        let Derived { case, status_spells: spells, .. } = told.derive();
        let ends: Vec<Option<Instant>> = spells.iter().map(|spell| spell.until_at).collect();
        let mut starts: Vec<Option<Instant>> = spells.iter().skip(1).map(|spell| Some(spell.from_at)).collect();
        starts.push(None);
        prop_assert_eq!(ends, starts);
        prop_assert_eq!(spells[0].from_at, case.created_at);
        prop_assert!(spells.iter().all(|spell| spell.until_at.is_none_or(|until| spell.from_at < until)));
        let last = spells.last().unwrap();
        prop_assert_eq!(&last.status_id, &case.status_id);
        prop_assert_eq!(last.status, case.status);
        prop_assert_eq!((&last.agent, &last.team, &last.queue), (&case.assignee, &case.team, &case.queue));
    }

    /// The time of a standing resolution is that of the spells before it which are not terminal.
    #[test]
    fn resolution_time_is_the_time_of_the_spells_that_work(told in told(-3)) {
        let Derived { case, status_spells: spells, .. } = told.derive();
        let (Some(resolved_at), Some(calendar_ms)) = (case.resolution_at, case.resolution_calendar_ms) else {
            return Ok(());
        };
        let rules = Rules::compile(&told.reference);
        let timeline = Timeline::replay(&told.case, &told.events, &rules);
        let worked = spells.iter().filter(|spell| !spell.status.is_terminal());
        let spans: Vec<_> = worked.map(|spell| (spell.from_at, spell.until_at.unwrap().min(resolved_at))).collect();
        prop_assert_eq!(calendar_ms, spans.iter().map(|(from, until)| until.since(*from)).sum::<i64>());
        let business_ms: i64 = spans.iter().map(|(from, until)| timeline.hours().open_ms(*from, *until)).sum();
        prop_assert_eq!(case.resolution_business_ms, Some(business_ms));
        prop_assert!(business_ms <= calendar_ms && calendar_ms <= case.handle_ms.unwrap());
    }

    /// A run of the naive reading: of the customer messages between two replies the first, with the reply after them.
    #[test]
    fn responses_equal_a_naive_reading(told in told(-3)) {
        let rules = Rules::compile(&told.reference);
        let timeline = Timeline::replay(&told.case, &told.events, &rules);
        let steps = &timeline.steps;
        let mut bounds: Vec<usize> = (0..steps.len()).filter(|&index| steps[index].role == Role::Reply).collect();
        bounds.push(steps.len());
        let mut runs = Vec::new();
        for (index, &bound) in bounds.iter().enumerate() {
            let after = index.checked_sub(1).map_or(0, |before| bounds[before] + 1);
            let first = steps[after..bound].iter().find(|step| step.is_customer_message());
            let reply = steps.get(bound).map(|step| step.event.at);
            runs.extend(first.map(|first| (first.event.at, reply, index == 0)));
        }
        let Derived { case, responses, .. } = told.derive();
        let found: Vec<_> = responses.iter().map(|row| (row.started_at, row.replied_at, row.is_first)).collect();
        prop_assert_eq!(found, runs.clone());
        prop_assert_eq!(case.is_waiting, runs.last().is_some_and(|run| run.1.is_none()));
        let answered: Vec<i64> = responses.iter().filter_map(|row| row.calendar_ms).collect();
        prop_assert_eq!(usize::try_from(case.response_count).unwrap(), answered.len());
        prop_assert_eq!(case.response_sum_ms.unwrap_or(0), answered.iter().sum::<i64>());
        prop_assert!(responses.iter().all(|row| row.business_ms <= row.calendar_ms));
    }

    #[test]
    fn figures_of_a_case_agree(told in told(-3)) {
        let Derived { case, closures, resolutions, assignments, ratings, messages, .. } = told.derive();
        let count = |of: usize| i32::try_from(of).unwrap();
        let counts = case.messages;
        let public = counts.public_customer + counts.public_agent + counts.public_bot + counts.public_system;
        prop_assert_eq!(public + counts.internal_agent + counts.internal_other, count(messages.len()));
        prop_assert!(messages.iter().filter(|row| row.is_opening).count() <= 1);
        prop_assert!(case.replies_to_resolution <= case.agent_reply_count);
        prop_assert!(case.agent_reply_count <= counts.public_agent + counts.public_bot);
        prop_assert!(case.requester_reply_count <= counts.public_customer);
        prop_assert!(case.reply_gap_count <= case.requester_reply_count.min(case.agent_reply_count));
        prop_assert_eq!(case.reply_gap_count > 0, case.customer_wait_calendar_ms.is_some());
        prop_assert!(case.customer_wait_business_ms <= case.customer_wait_calendar_ms);
        prop_assert!(case.agent_wait_business_ms <= case.agent_wait_calendar_ms);
        prop_assert!(case.agent_touch_count <= count(told.events.len()));
        // Resolutions and reopenings alternate, beginning with a resolution.
        let is_resolved = case.status.is_terminal();
        prop_assert_eq!(count(resolutions.len()), case.reopen_count + i32::from(is_resolved));
        prop_assert_eq!(resolutions.iter().filter(|row| row.is_standing).count(), usize::from(is_resolved));
        prop_assert_eq!(case.resolution_at.is_some(), is_resolved);
        prop_assert_eq!(case.last_reopened_at.is_some(), case.reopen_count > 0);
        prop_assert_eq!(case.closed_at.is_some(), case.status == CaseStatus::Closed);
        prop_assert!(closures.iter().all(|row| !row.is_abandoned || row.closing_agent.is_some()));
        let to_agents = assignments.iter().filter(|row| row.names_agent);
        prop_assert_eq!(to_agents.map(|row| row.assigned_at).max(), case.last_assignment_at);
        prop_assert_eq!(ratings.last().map(|row| row.score), case.latest_score);
        prop_assert!(case.last_reply_by_assignee_at <= case.last_reply_by_agent_at);
        prop_assert!(case.last_reply_by_requester_at <= case.last_reply_by_customer_at);
        prop_assert!(case.requester_updated_at <= case.customer_updated_at);
    }

    /// With nothing before creation, whatever has an instant has a duration.
    #[test]
    fn durations_exist_when_nothing_precedes_creation(told in told(0)) {
        let Derived { case, resolutions, closures, .. } = told.derive();
        prop_assert_eq!(case.first_response_at.is_some(), case.first_response_calendar_ms.is_some());
        prop_assert!(case.first_response_from_customer_message_ms <= case.first_response_calendar_ms);
        prop_assert!(resolutions.iter().all(|row| row.calendar_ms.is_some() && row.business_ms <= row.calendar_ms));
        prop_assert!(closures.iter().all(|row| row.service_ms <= row.chat_duration_ms));
        prop_assert_eq!(case.handle_ms.is_some(), case.resolution_at.is_some());
    }
}

/// Guards the strategy: were its cases dull, the laws would say little.
#[test]
fn the_random_cases_are_not_dull() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = [0; 5];
    for _ in 0..200 {
        let told = proptest::strategy::ValueTree::current(&told(-3).new_tree(&mut runner).unwrap());
        let Derived { case, closures, assignments, .. } = told.derive();
        seen[0] += case.reopen_count;
        seen[1] += case.reply_gap_count;
        seen[2] += i32::from(closures.iter().any(|row| row.is_abandoned));
        seen[3] += i32::from(case.agent_wait_business_ms > Some(0));
        seen[4] += i32::from(assignments.iter().any(|row| row.is_transfer));
    }
    assert!(seen.iter().all(|&count| count > 5), "{seen:?}");
}
