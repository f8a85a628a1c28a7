//! Cases for tests of the picture, and everything that a snapshot says as texts.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::engine::build::domains;
use crate::engine::cases::{ATTRIBUTES, attribute_domain};
use crate::engine::column::Column;
use crate::engine::snapshot::Snapshot;
use crate::model::{
    Actor, ActorKind, AssignmentKind, Case, CaseLine, CaseState, ChangeField, ClockMode, Event, EventBody,
    FilterAttribute, Instant, Patch, PresenceStatus, Reference, SlaMetric, SlaPolicy, SlaTarget, Visibility, Workspace,
};
use crate::record::{Derived, Domain, PresenceRecord, RecordKind, Rules, derive};

/// Rules with a policy that has a clock of each sort.
pub fn rules() -> Rules {
    let mut reference = Reference::new(Workspace::named("w"));
    let target = |metric, goal_ms| SlaTarget { metric, priority: None, goal_ms, clock: ClockMode::Calendar };
    reference.policies.push(SlaPolicy {
        targets: vec![
            target(SlaMetric::FirstReply, 600_000),
            target(SlaMetric::NextReply, 900_000),
            target(SlaMetric::Resolution, 86_400_000),
        ],
        ..SlaPolicy::named("gold", None)
    });
    Rules::compile(&reference)
}

/// A case of some events, always the same for one seed.
pub fn case(id: &str, seed: u64, rules: &Rules) -> Derived {
    let mut random = StdRng::seed_from_u64(seed);
    let created_at = Instant::from_ms(1_700_000_000_000 + random.random_range(0..31_536_000_000));
    let word = |random: &mut StdRng, prefix: &str, most: u32| format!("{prefix}{}", random.random_range(0..most));
    let line = CaseLine {
        id: id.to_owned(),
        created_at: Some(created_at),
        channel: Some(word(&mut random, "ch", 4)),
        requester: Patch::Value(word(&mut random, "cu", 1_000)),
        team: Patch::Value(word(&mut random, "t", 8)),
        queue: Patch::Value(word(&mut random, "q", 8)),
        assignee: if random.random_bool(0.7) { Patch::Value(word(&mut random, "a", 50)) } else { Patch::Null },
        tags: Some((0..random.random_range(0..3)).map(|_| word(&mut random, "tag", 20)).collect()),
        state: random.random_bool(0.05).then_some(CaseState::Spam),
        ..CaseLine::default()
    };
    let mut at = created_at;
    let mut events = vec![event(id, 0, at, ActorKind::Agent, EventBody::Sla { policy: Some("gold".to_owned()) })];
    for number in 1..random.random_range(2..14) {
        at = at.plus_ms(random.random_range(-60_000..7_200_000));
        let (actor, body) = happening(&mut random, at);
        events.push(event(id, number, at, actor, body));
    }
    derive(&Case::create(line, 1).unwrap(), &events, rules)
}

fn happening(random: &mut StdRng, at: Instant) -> (ActorKind, EventBody) {
    let agent = Patch::Value(format!("a{}", random.random_range(0..50)));
    match random.random_range(0..10) {
        0..3 => (ActorKind::Customer, message()),
        3..6 => (ActorKind::Agent, message()),
        6 => {
            let kind = AssignmentKind::Assign;
            (ActorKind::Agent, EventBody::Assignment { kind, agent, team: Patch::Absent, queue: Patch::Absent })
        }
        7 => (ActorKind::Agent, EventBody::Change { field: ChangeField::Priority, to: Some("high".to_owned()) }),
        8 => {
            let rated = EventBody::Rating {
                offered_at: Some(at),
                score: Some(random.random_range(1..6)),
                comment: Some("a text".to_owned()),
                agent: Patch::Absent,
                team: Patch::Absent,
                queue: Patch::Absent,
            };
            (ActorKind::Customer, rated)
        }
        _ => {
            let status = ["open", "pending", "resolved", "closed"][random.random_range(0..4)].to_owned();
            (ActorKind::Agent, EventBody::StatusChange { status })
        }
    }
}

fn message() -> EventBody {
    EventBody::Message { visibility: Visibility::Public, opening: None, edited_at: None }
}

fn event(case: &str, number: u32, at: Instant, kind: ActorKind, body: EventBody) -> Event {
    let id = if kind == ActorKind::Agent { "a1" } else { "cu1" };
    Event {
        id: format!("{case}-{:03}", 999 - number),
        case: case.to_owned(),
        at,
        seq: None,
        actor: Some(Actor { kind, id: Some(id.to_owned()) }),
        action: None,
        body,
    }
}

/// Spells of an agent.
pub fn spells(agent: &str, count: usize, from: Instant) -> Vec<PresenceRecord> {
    let at = |place: usize| from.plus_ms(i64::try_from(place).unwrap() * 3_600_000);
    let spell = |place: usize| PresenceRecord {
        agent: agent.to_owned(),
        status: PresenceStatus::ALL[place % 4],
        from_at: at(place),
        until_at: (place + 1 < count).then(|| at(place + 1)),
    };
    (0..count).map(spell).collect()
}

/// Every row that counts and every case and agent with what is said of it, sorted.
pub fn said(snapshot: &Snapshot) -> Vec<String> {
    let mut said = Vec::new();
    for &kind in RecordKind::ALL {
        let table = snapshot.table(kind);
        for live in &table.chunks {
            assert!(live.chunk.time.len() == live.chunk.len() && live.chunk.ordinals.len() == live.chunk.len());
            assert!((1..live.chunk.len()).all(|row| live.chunk.time.at(row - 1) <= live.chunk.time.at(row)));
            for row in (0..live.chunk.len()).filter(|row| live.is_alive(*row)) {
                let slot = live.chunk.slots[row];
                let whose = match kind {
                    RecordKind::Presence => text(snapshot, Domain::Agent, slot),
                    _ => snapshot.cases.ids.id(slot),
                };
                let mut line = format!("{kind} {whose:?} {} {}", live.chunk.ordinals[row], live.chunk.time.at(row));
                for ((name, column), domain) in table.names.iter().zip(&live.chunk.columns).zip(domains(kind)) {
                    line.push_str(&format!(" {name}={}", value(snapshot, domain, column, row)));
                }
                said.push(line);
            }
        }
    }
    for slot in 0..u32::try_from(snapshot.cases.len).unwrap() {
        let codes: Vec<u32> = (0..ATTRIBUTES.len()).map(|place| snapshot.cases.code(place, slot)).collect();
        if codes.iter().all(|code| *code == 0) {
            continue;
        }
        let (id, at) = (snapshot.cases.ids.id(slot).unwrap(), snapshot.cases.created_at(slot));
        said.push(format!("case {id} {at} {}", attributes(snapshot, &codes).join(" ")));
    }
    for (agent, teams) in snapshot.agent_teams.iter() {
        let mut teams: Vec<_> = teams.iter().map(|team| text(snapshot, Domain::Team, *team)).collect();
        teams.sort();
        said.push(format!("agent {:?} {teams:?}", text(snapshot, Domain::Agent, *agent)));
    }
    said.sort();
    said
}

fn attributes(snapshot: &Snapshot, codes: &[u32]) -> Vec<String> {
    let said = |(attribute, code): (&FilterAttribute, &u32)| match attribute_domain(*attribute) {
        Some(domain) => format!("{:?}", text(snapshot, domain, *code)),
        None => of_tags(snapshot, *code),
    };
    ATTRIBUTES.iter().zip(codes).map(said).collect()
}

fn of_tags(snapshot: &Snapshot, code: u32) -> String {
    let set = snapshot.cases.tag_sets[code as usize].iter();
    let mut tags: Vec<String> = set.map(|tag| snapshot.dictionaries.tags.text(*tag).unwrap().to_string()).collect();
    tags.sort();
    format!("{tags:?}")
}

fn text(snapshot: &Snapshot, domain: Domain, code: u32) -> Option<String> {
    snapshot.dictionaries.of(domain).text(code).map(|text| text.to_string())
}

fn value(snapshot: &Snapshot, domain: Option<Domain>, column: &Column, row: usize) -> String {
    match column {
        Column::Numbers(numbers) => format!("{:?}", numbers.get(row)),
        Column::Flags(flags) => format!("{}", flags.value(row)),
        Column::Codes(codes) => format!("{:?}", text(snapshot, domain.unwrap(), codes.get(row))),
    }
}
