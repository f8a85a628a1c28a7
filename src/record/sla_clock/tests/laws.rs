//! Random cases under random rules: the derived clocks are those of the naive model, second by second.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::naive::{Due, Naive, NaiveClock, World};
use crate::model::{
    Actor, ActorKind, AssignmentKind, Case, CaseLine, CaseStatus, ChangeField, ClockMode, Event, EventBody, Instant,
    Patch, Reference, SlaMetric, SlaPolicy, SlaState, SlaTarget, Status, Visibility, Workspace,
};
use crate::record::schedule::tests::laws::{any_anchor, any_hours};
use crate::record::sla_clock::{SlaClockRecord, derive, explain};
use crate::record::{Rules, Timeline};

const DAY: i64 = 86_400;
const PRIORITIES: [&str; 2] = ["urgent", "low"];
/// The last two are known to no line.
const TEAMS: [&str; 5] = ["t0", "t1", "t2", "t3", "t4"];

fn at(second: i64) -> Instant {
    Instant::from_ms(second * 1000)
}

fn pick<const N: usize>(words: [&'static str; N]) -> impl Strategy<Value = Option<String>> {
    option::of((0..N).prop_map(move |index| words[index].to_owned()))
}

fn any_actor() -> impl Strategy<Value = Option<Actor>> {
    let actor = |kind: ActorKind, id: &str| Some(Actor { kind, id: Some(id.to_owned()) });
    prop_oneof![
        4 => Just(actor(ActorKind::Customer, "cu1")),
        4 => Just(actor(ActorKind::Agent, "a1")),
        2 => Just(actor(ActorKind::Agent, "a2")),
        1 => Just(actor(ActorKind::Agent, "robot")),
        1 => Just(actor(ActorKind::Bot, "b1")),
        1 => Just(actor(ActorKind::System, "x")),
        1 => Just(None),
    ]
}

fn any_body() -> impl Strategy<Value = EventBody> {
    let statuses =
        ["new", "open", "pending", "on_hold", "resolved", "closed", "vendor", "asleep", "solved", "unheard_of"];
    let status =
        (0..statuses.len()).prop_map(move |index| EventBody::StatusChange { status: statuses[index].to_owned() });
    let message = (prop_oneof![4 => Just(Visibility::Public), 1 => Just(Visibility::Internal)], 0..24).prop_map(
        |(visibility, opening)| {
            let opening = [Some(true), Some(false)].get(usize::try_from(opening).unwrap()).copied().flatten();
            EventBody::Message { visibility, opening, edited_at: None }
        },
    );
    let patch = |words: [&'static str; 5]| {
        prop_oneof![Just(Patch::Absent), pick(words).prop_map(|word| word.map_or(Patch::Null, Patch::Value)),]
    };
    let assignment = (patch(["a1", "a2", "a3", "robot", "a5"]), patch(TEAMS), patch(["q1", "q2", "q3", "q4", "q5"]))
        .prop_map(|(agent, team, queue)| EventBody::Assignment { kind: AssignmentKind::Assign, agent, team, queue });
    prop_oneof![
        6 => message,
        6 => status,
        1 => assignment,
        1 => pick(PRIORITIES).prop_map(|to| EventBody::Change { field: ChangeField::Priority, to }),
        1 => pick(TEAMS).prop_map(|to| EventBody::Change { field: ChangeField::Team, to }),
        1 => pick(["p0", "p1", "nobodys"]).prop_map(|policy| EventBody::Sla { policy }),
    ]
}

/// Events in the four days from half a day before creation; many share an instant.
fn any_events(created: i64) -> impl Strategy<Value = Vec<Event>> {
    let second = prop_oneof![3 => (-1i64..24).prop_map(|slot| slot * 3 * 3600), 2 => -DAY / 2..3 * DAY + DAY / 2];
    let draw = (second, option::of(0i64..3), any_actor(), any_body());
    vec(draw, 2..16).prop_map(move |draws| {
        let event =
            |(index, (second, seq, actor, body)): (usize, (i64, Option<i64>, Option<Actor>, EventBody))| Event {
                id: format!("e{}", (index * 7) % 16),
                case: "c1".to_owned(),
                at: at(created + second),
                seq,
                actor,
                action: None,
                body,
            };
        draws.into_iter().enumerate().map(event).collect()
    })
}

fn any_policy(id: &'static str) -> impl Strategy<Value = SlaPolicy> {
    let metric = (0..3usize).prop_map(|index| SlaMetric::ALL[index]);
    let goal = || prop_oneof![Just(0i64), (1i64..9).prop_map(|hours| hours * 3600), 1i64..30_000, 100_000i64..500_000];
    let clock = || prop_oneof![Just(ClockMode::Calendar), Just(ClockMode::Business)];
    let target = (metric, pick(PRIORITIES), goal(), clock()).prop_map(|(metric, priority, goal, clock)| SlaTarget {
        metric,
        priority,
        goal_ms: goal * 1000,
        clock,
    });
    let others = vec((goal(), clock()), 3);
    let conditions = prop_oneof![3 => Just(Vec::new()), 1 => vec(0..2usize, 1..3)];
    let is_enabled = prop_oneof![6 => Just(true), 1 => Just(false)];
    (vec(target, 0..5), others, 0i64..2, is_enabled, conditions).prop_map(
        move |(mut targets, others, position, is_enabled, priorities)| {
            // Mostly there is something promised for every priority.
            for (index, (goal, clock)) in others.into_iter().enumerate().filter(|(_, (goal, _))| goal % 7 != 0) {
                targets.push(SlaTarget { metric: SlaMetric::ALL[index], priority: None, goal_ms: goal * 1000, clock });
            }
            let mut policy = SlaPolicy { position, is_enabled, targets, ..SlaPolicy::named(id, None) };
            policy.conditions.priority = priorities.into_iter().map(|index| PRIORITIES[index].to_owned()).collect();
            policy
        },
    )
}

/// Three schedules, one of them in two versions, two policies, one of them in two versions, and named statuses.
fn any_reference(anchor: i64) -> impl Strategy<Value = Reference> {
    let hours = vec(any_hours(anchor), 4);
    let starts = (option::of(0..6 * DAY), 0..6 * DAY, option::of(-DAY..2 * DAY), 0..2 * DAY);
    let policies = (any_policy("p0"), any_policy("p0"), any_policy("p1"));
    let workspace_hours = pick(["h0", "h1", "h2", "nowhere"]);
    (hours, starts, policies, workspace_hours, any::<bool>()).prop_map(
        move |(mut hours, starts, policies, workspace_hours, ignore_bot_messages)| {
            let mut reference = Reference::new(Workspace::named("w"));
            reference.workspace.business_hours = workspace_hours;
            reference.workspace.ignore_bot_messages = ignore_bot_messages;
            for (index, hours) in hours.iter_mut().enumerate() {
                hours.id = ["h0", "h1", "h2", "h2"][index].to_owned();
            }
            hours[1].from = starts.0.map(|start| at(anchor + 2 * DAY + start));
            hours[3].from = Some(at(anchor + 2 * DAY + starts.1));
            reference.business_hours = hours;
            let (mut first, mut second, third) = policies;
            first.from = starts.2.map(|start| at(anchor + 3 * DAY + start));
            second.from = Some(at(anchor + 5 * DAY + starts.3));
            reference.policies = vec![first, second, third];
            for (id, category, sla_active) in [
                ("vendor", CaseStatus::OnHold, Some(true)),
                ("asleep", CaseStatus::Open, Some(false)),
                ("solved", CaseStatus::Resolved, None),
            ] {
                reference.statuses.push(Status { category, sla_active, ..Status::named(id, None) });
            }
            reference.bots.insert("robot".to_owned());
            for (team, hours) in [("t0", "h0"), ("t1", "h1"), ("t2", "h2")] {
                reference.team_hours.insert(team.to_owned(), hours.to_owned());
            }
            reference
        },
    )
}

fn any_world() -> impl Strategy<Value = World> {
    let around = (any_anchor(), 0..2 * DAY);
    around
        .prop_flat_map(|(anchor, second)| {
            // Every other case is created on the hour, so that much happens at one instant.
            let created = anchor + 3 * DAY + if second % 2 == 0 { second } else { second - second % 3600 };
            let case = (any_actor(), pick(PRIORITIES), pick(TEAMS), pick(["a1", "a2"]));
            (Just((anchor, created)), any_reference(anchor), case, any_events(created))
        })
        .prop_map(|((anchor, created), reference, (creator, priority, team, assignee), events)| {
            let line = CaseLine { id: "c1".to_owned(), created_at: Some(at(created)), ..CaseLine::default() };
            let case = Case { creator, priority, team, assignee, ..Case::create(line, 1).unwrap() };
            World { reference, case, events, from: anchor, until: anchor + 11 * DAY }
        })
}

/// Everything of a clock that does not depend on when one asks.
fn check_clock(clock: &SlaClockRecord, naive: &NaiveClock, until: i64) -> Result<(), TestCaseError> {
    let ms = |counts: [i64; 2]| (Some(counts[0]), Some(counts[1]));
    prop_assert_eq!((clock.metric, clock.ordinal), (naive.metric, naive.ordinal));
    prop_assert_eq!((&clock.policy, clock.policy_from), (&naive.policy, naive.policy_from));
    prop_assert_eq!((clock.clock, clock.goal_ms), (naive.mode, naive.goal * 1000));
    prop_assert_eq!((clock.started_at, clock.completed_at), (at(naive.started), naive.completed.map(at)));
    prop_assert_eq!((&clock.agent, &clock.team, &clock.queue), (&naive.agent, &naive.team, &naive.queue));
    prop_assert_eq!((clock.is_paused, clock.is_left_out), (naive.is_paused, naive.is_left_out));
    prop_assert_eq!((clock.judged_calendar_ms, clock.judged_business_ms), naive.judged.map_or((None, None), ms));
    match naive.due {
        Due::At(second) => prop_assert_eq!(clock.due_at, Some(at(second))),
        Due::Never => prop_assert_eq!(clock.due_at, None),
        Due::Beyond => prop_assert!(clock.due_at.is_none_or(|due_at| due_at > at(until))),
    }
    Ok(())
}

/// Everything of a clock when one asks at a second.
fn check_count(
    clock: &SlaClockRecord,
    naive: &NaiveClock,
    timeline: &Timeline<'_>,
    asked: i64,
) -> Result<(), TestCaseError> {
    let schedule = timeline.rules.schedule(timeline.now().team);
    for (mode, counted) in [(ClockMode::Calendar, naive.counted[0]), (ClockMode::Business, naive.counted[1])] {
        let elapsed_ms = SlaClockRecord { clock: mode, ..clock.clone() }.elapsed_ms(at(asked), schedule);
        prop_assert_eq!(elapsed_ms, counted * 1000, "{:?} {}", clock.metric, mode);
    }
    let elapsed_ms = clock.elapsed_ms(at(asked), schedule);
    let remaining_ms = naive.completed.is_none().then_some(naive.goal * 1000 - elapsed_ms);
    prop_assert_eq!(clock.remaining_ms(at(asked), schedule), remaining_ms);

    let judged_ms = naive.judged.map(|judged| judged[usize::from(naive.mode == ClockMode::Business)]);
    let state = match (naive.completed, judged_ms, naive.due) {
        (Some(_), Some(ms), _) if ms <= naive.goal * 1000 => SlaState::Fulfilled,
        (Some(_), _, _) => SlaState::CompletedAfterBreach,
        (None, _, Due::At(due)) if due < asked => SlaState::Breached,
        _ => SlaState::Active,
    };
    prop_assert_eq!(clock.state(at(asked)), state);

    let (mut next, mut sum, mut last) = (clock.started_at, 0, None);
    for interval in explain(timeline, clock, at(asked)) {
        prop_assert!(interval.from == next && interval.until > interval.from && last != Some(interval.reason));
        sum += if interval.is_counted() { interval.ms() } else { 0 };
        (next, last) = (interval.until, Some(interval.reason));
    }
    prop_assert_eq!(next, clock.completed_at.unwrap_or(at(asked)));
    prop_assert_eq!(sum, elapsed_ms);
    Ok(())
}

proptest! {
    // A world costs a third of a second unoptimised, so failures are shrunk only so far.
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clocks_are_those_of_a_walk_through_every_second(world in any_world()) {
        let rules = Rules::compile(&world.reference);
        let timeline = Timeline::replay(&world.case, &world.events, &rules);
        let clocks = derive(&timeline);
        let naive = Naive::new(&world);
        let latest = world.events.iter().map(|event| event.at).max().unwrap_or(world.case.created_at);
        let latest = latest.max(world.case.created_at).ms() / 1000;
        for asked in [latest, latest + 20_000] {
            let expected = naive.clocks(asked);
            prop_assert_eq!(clocks.len(), expected.len());
            for (clock, naive) in clocks.iter().zip(&expected) {
                check_clock(clock, naive, world.until)?;
                check_count(clock, naive, &timeline, asked)?;
            }
        }
    }

    #[test]
    fn arrival_order_does_not_matter_and_other_goals_judge_the_same_counts(
        mut world in any_world(), factor in 1i64..300, shift in 0usize..14,
    ) {
        let rules = Rules::compile(&world.reference);
        let clocks = derive(&Timeline::replay(&world.case, &world.events, &rules));
        let by = shift.min(world.events.len());
        let mut shuffled = world.events.clone();
        shuffled.rotate_left(by);
        prop_assert_eq!(&derive(&Timeline::replay(&world.case, &shuffled, &rules)), &clocks);

        // Replay under other goals gives what the judged counts say of them.
        for target in world.reference.policies.iter_mut().flat_map(|policy| &mut policy.targets) {
            target.goal_ms = (target.goal_ms / 100_000 * factor + 1) * 1000;
        }
        let rules = Rules::compile(&world.reference);
        let others = derive(&Timeline::replay(&world.case, &world.events, &rules));
        prop_assert_eq!(others.len(), clocks.len());
        for (clock, other) in clocks.iter().zip(&others) {
            prop_assert_eq!(
                (clock.counted_calendar_ms, clock.counted_business_ms, clock.judged_calendar_ms, clock.judged_business_ms),
                (other.counted_calendar_ms, other.counted_business_ms, other.judged_calendar_ms, other.judged_business_ms)
            );
            let is_late = clock.judged_ms(clock.clock).is_some_and(|ms| ms > other.goal_ms);
            if let Some(completed_at) = other.completed_at {
                prop_assert_eq!(other.is_breached(completed_at), is_late);
                prop_assert_eq!(is_late, other.due_at.is_some_and(|due_at| due_at < completed_at));
            } else if other.judged_calendar_ms.is_some() {
                prop_assert_eq!(other.is_left_out, !is_late);
            }
        }
    }
}
