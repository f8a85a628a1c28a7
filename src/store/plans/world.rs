//! Something to plan for: as many cases as make PostgreSQL plan as it would for a million.

use sea_orm::{ConnectionTrait, DatabaseBackend};

use crate::model::{
    Actor, ActorKind, AssignmentKind, CaseLine, ClockMode, EventLine, EventPatch, Instant, Line, NumberedLine, Patch,
    Presence, PresenceStatus, SlaMetric, SlaPolicyLine, SlaTarget, WorkspaceId,
};
use crate::store::Store;
use crate::store::ingest::Landing;

/// Cases that come in.
pub const CASES: i64 = 300;
/// Copies that are made of each.
const COPIES: i64 = 60;

pub fn now() -> Instant {
    Instant::parse("2026-02-03T04:05:06Z").unwrap()
}

fn event(case: &str, id: &str, at: Instant, actor: (ActorKind, String), body: EventPatch) -> Line {
    let actor = Patch::Value(Actor { kind: actor.0, id: Some(actor.1) });
    let (id, case) = (format!("{case}-{id}"), case.to_owned());
    Line::Event(Box::new(EventLine { id, case, at, seq: Patch::Absent, actor, action: Patch::Absent, body }))
}

/// A case of a team, an agent and a customer; one in forty is still worked on.
pub fn case(n: i64) -> Vec<Line> {
    let id = format!("c{n}");
    let at = now().plus_ms((n - CASES) * 3_600_000);
    let (agent, customer) = (format!("a{}", n % 30), format!("cu{}", n / 2));
    let line = CaseLine {
        id: id.clone(),
        number: Some(n),
        created_at: Some(at),
        channel: Some(format!("ch{}", n % 4)),
        requester: Patch::Value(customer.clone()),
        subject: Patch::Value(format!("Lamp {n}")),
        team: Patch::Value(format!("t{}", n % 8)),
        queue: Patch::Value(format!("q{}", n % 9)),
        tags: Some(vec![if n % 20 == 0 { "vip".to_owned() } else { format!("tag{}", n % 20) }]),
        ..CaseLine::default()
    };
    let message = || EventPatch::Message { visibility: None, opening: Patch::Absent, edited_at: Patch::Absent };
    let assigned = EventPatch::Assignment {
        kind: Some(AssignmentKind::Assign),
        agent: Patch::Value(agent.clone()),
        team: Patch::Absent,
        queue: Patch::Absent,
    };
    let rated = EventPatch::Rating {
        offered_at: Patch::Absent,
        score: Patch::Value(4),
        comment: Patch::Absent,
        agent: Patch::Absent,
        team: Patch::Absent,
        queue: Patch::Absent,
    };
    let status = if n % 40 == 0 { "open" } else { "closed" };
    let status = EventPatch::StatusChange { status: Some(status.to_owned()) };
    let policy = EventPatch::Sla { policy: Patch::Value("gold".to_owned()) };
    vec![
        Line::Case(Box::new(line)),
        event(&id, "m", at, (ActorKind::Customer, customer.clone()), message()),
        event(&id, "p", at, (ActorKind::Agent, agent.clone()), policy),
        event(&id, "a", at.plus_ms(60_000), (ActorKind::Agent, agent.clone()), assigned),
        event(&id, "n", at.plus_ms(120_000), (ActorKind::Agent, agent.clone()), message()),
        event(&id, "s", at.plus_ms(180_000), (ActorKind::Agent, agent), status),
        event(&id, "r", at.plus_ms(240_000), (ActorKind::Customer, customer), rated),
    ]
}

/// Takes lines in as one batch.
pub async fn take(store: &Store, workspace: &str, lines: Vec<Line>) {
    let lines = (1..).zip(lines).map(|(number, line)| NumberedLine { number, line }).collect();
    let workspace = WorkspaceId(workspace.to_owned());
    let taken = store.ingest(&workspace, lines, Landing::EachGood, now()).await.unwrap();
    assert_eq!(taken.rejects, []);
}

/// Fills a workspace.
pub async fn fill(store: &Store, workspace: &str) {
    let target = SlaTarget { metric: SlaMetric::FirstReply, priority: None, goal_ms: 1, clock: ClockMode::Calendar };
    let gold = SlaPolicyLine { id: "gold".to_owned(), targets: Some(vec![target]), ..SlaPolicyLine::default() };
    let presence = (0..CASES).map(|n| Presence {
        agent: format!("a{}", n % 30),
        at: now().plus_ms(-n * 3_600_000),
        status: if n % 60 < 30 { PresenceStatus::Away } else { PresenceStatus::Available },
    });
    let lines = [Line::SlaPolicy(gold)].into_iter().chain(presence.map(Line::Presence));
    take(store, workspace, lines.chain((0..CASES).flat_map(case)).collect()).await;
}

/// With PostgreSQL, copies what a database holds often enough.
pub async fn copy(store: &Store) {
    if store.writer.get_database_backend() != DatabaseBackend::Postgres {
        return;
    }
    for table in super::LARGE {
        let sql =
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1";
        let statement =
            sea_orm::Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, [sea_orm::Value::from(table)]);
        let rows = store.writer.query_all_raw(statement).await.unwrap();
        let columns: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        let copied = columns.iter().map(|column| match column.as_str() {
            "id" | "case_id" | "requester" | "creator_id" => format!("\"{column}\" || '-' || n"),
            "number" => "number + 100000 * n".to_owned(),
            "at" | "created_at" | "updated_at" | "from_at" => format!("\"{column}\" - n * 1000"),
            _ => format!("\"{column}\""),
        });
        let copied = copied.collect::<Vec<_>>().join(", ");
        let names = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "INSERT INTO \"{table}\" ({names}) SELECT {copied} FROM \"{table}\" CROSS JOIN generate_series(1, {COPIES}) n"
        );
        store.writer.execute_unprepared(&sql).await.unwrap();
    }
    store.writer.execute_unprepared("VACUUM ANALYZE").await.unwrap();
}
