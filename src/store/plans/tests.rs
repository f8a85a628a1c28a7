//! The judgement of every statement that reads.

use sea_orm::Statement;

use super::world::{self, CASES, now};
use super::{May, Plans, explain};
use crate::model::batch::{Erase, ErasedKind};
use crate::model::{
    AgentLine, AgentOrderField, CaseOrderField, CaseQuestion, Cursor, EventKind, Filter, FilterAttribute, Instant, Key,
    Line, Order, OrderDirection, Presence, PresenceStatus, Span, Window, WorkspaceId,
};
use crate::store::Freshness;
use crate::store::reader::Reader;

const CREATED: &str = "case_record_created_at_case_id";
const TEAM: &str = "case_record_team_created_at_case_id";
const STATUS: &str = "case_record_status_created_at_case_id";
const ASSIGNEE: &str = "case_record_assignee_created_at_case_id";
const REQUESTER: &str = "case_record_requester_created_at_case_id";
const TAG: &str = "case_tag";
const OPEN: [&str; 4] = ["new", "open", "pending", "on_hold"];

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn keep(attribute: FilterAttribute, values: &[&str]) -> Filter {
    let mut filter = Filter::default();
    filter.keep(attribute, texts(values)).unwrap();
    filter
}

fn unset(attribute: FilterAttribute) -> Filter {
    let mut filter = Filter::default();
    filter.unset(attribute);
    filter
}

/// The windows of a list: its start, after a row, before one.
fn windows(order: &str, keys: Vec<Key>) -> [Window; 3] {
    let cursor = || Some(Cursor { order: order.to_owned(), keys: keys.clone() });
    [
        Window { rows: 50, ..Window::default() },
        Window { rows: 50, after: cursor(), ..Window::default() },
        Window { rows: 50, before: cursor(), is_backward: true, ..Window::default() },
    ]
}

/// Everybody, of one team, of two.
fn readers(plans: &Plans) -> [(&'static str, Reader); 3] {
    [None, Some(&["t1"][..]), Some(&["t1", "t2"])]
        .map(|teams| (if teams.is_some() { "restricted" } else { "all" }, plans.test.reader(teams).0))
}

/// What filters let a page be read by: for who sees all, and for who sees the cases of some teams.
fn filters() -> Vec<(&'static str, Filter, &'static str, &'static str)> {
    use FilterAttribute as A;
    let mut mine = keep(A::Agent, &["a1"]);
    mine.keep(A::Status, texts(&OPEN)).unwrap();
    vec![
        ("all", Filter::default(), CREATED, TEAM),
        ("of an agent", keep(A::Agent, &["a1"]), ASSIGNEE, ASSIGNEE),
        ("of three agents", keep(A::Agent, &["a1", "a2", "a3"]), ASSIGNEE, ASSIGNEE),
        ("nobody's", unset(A::Agent), ASSIGNEE, TEAM),
        ("an agent's open ones", mine, ASSIGNEE, ASSIGNEE),
        ("of a requester", keep(A::Requester, &["cu1"]), REQUESTER, REQUESTER),
        ("without requester", unset(A::Requester), REQUESTER, TEAM),
        ("of a team", keep(A::Team, &["t1"]), TEAM, TEAM),
        ("of two teams", keep(A::Team, &["t1", "t2"]), TEAM, TEAM),
        ("of no team", unset(A::Team), TEAM, TEAM),
        ("open ones", keep(A::Status, &OPEN), STATUS, STATUS),
        ("closed ones", keep(A::Status, &["closed"]), STATUS, TEAM),
        ("ended ones", keep(A::Status, &["resolved", "closed"]), STATUS, TEAM),
        ("with a tag", keep(A::Tag, &["vip"]), TAG, TAG),
        ("of two queues", keep(A::Queue, &["q1", "q2"]), CREATED, TEAM),
        ("of a channel", keep(A::Channel, &["ch1"]), CREATED, TEAM),
        ("at noon", keep(A::HourOfDay, &["12"]), CREATED, TEAM),
    ]
}

async fn judge_page(plans: &mut Plans, reader: &Reader, what: &str, question: &CaseQuestion, may: May) {
    let key: Key = if question.order.field == CaseOrderField::Number { 9.into() } else { now().ms().into() };
    let key = if question.order.field == CaseOrderField::Priority { 2.into() } else { key };
    for window in windows(question.order.field.word(), vec![key, "c9".into()]) {
        reader.cases_page(question, &window).await.unwrap();
        plans.judge(&format!("page of cases, {what}"), may).await;
    }
}

async fn judge_cases(plans: &mut Plans) {
    let asked = |filter: Filter| CaseQuestion { filters: vec![filter], ..CaseQuestion::default() };
    for (who, reader) in readers(plans) {
        let of = |all, restricted| if who == "all" { all } else { restricted };
        for (what, filter, all, restricted) in filters() {
            let question = asked(filter);
            judge_page(plans, &reader, &format!("{what} by {who}"), &question, May::Walk(of(all, restricted))).await;
            // Without a lead there is no other way to count than by looking at every case.
            let leads = of(all, restricted) != CREATED;
            if leads || what == "all" {
                reader.count_cases(&question).await.unwrap();
                plans
                    .judge(
                        &format!("number of cases, {what} by {who}"),
                        if leads { May::LookUp } else { May::CountAll },
                    )
                    .await;
            }
        }
        for (field, index) in [
            (CaseOrderField::UpdatedAt, "case_record_updated_at_case_id"),
            (CaseOrderField::Number, "case_record_number_case_id"),
            (CaseOrderField::Priority, "case_record_priority_rank_case_id"),
        ] {
            for direction in [OrderDirection::Asc, OrderDirection::Desc] {
                let question = CaseQuestion { order: Order { field, direction }, ..CaseQuestion::default() };
                judge_page(plans, &reader, &format!("{field} by {who}"), &question, May::Walk(index)).await;
            }
        }
    }
    let all = plans.test.reader(None).0;
    let oldest = Order { field: CaseOrderField::CreatedAt, direction: OrderDirection::Asc };
    let question = CaseQuestion { order: oldest, ..asked(keep(FilterAttribute::Status, &OPEN)) };
    judge_page(plans, &all, "the oldest open ones", &question, May::Walk(STATUS)).await;
    let period = Some(Span { from: now().plus_ms(-Instant::DAY_MS), until: now() });
    let question = CaseQuestion { period, ..CaseQuestion::default() };
    judge_page(plans, &all, "of a day", &question, May::Walk(CREATED)).await;
    all.count_cases(&question).await.unwrap();
    plans.judge("number of cases of a day", May::LookUp).await;
}

async fn judge_loaders(plans: &mut Plans) {
    let cases: Vec<String> = (0..100).map(|n| format!("c{n}")).collect();
    let ids = |suffix: &str| cases.iter().map(|case| format!("{case}-{suffix}")).collect::<Vec<_>>();
    let customers: Vec<String> = (0..50).map(|n| format!("cu{n}")).collect();
    for (who, reader) in readers(plans) {
        let may = May::LookUp;
        reader.cases(&cases).await.unwrap();
        plans.judge(&format!("cases by {who}"), may).await;
        reader.cases_by_number(&(0..100).collect::<Vec<_>>()).await.unwrap();
        plans.judge(&format!("cases by number by {who}"), may).await;
        reader.case_sources(&cases).await.unwrap();
        plans.judge(&format!("sources by {who}"), may).await;
        reader.clocks(&cases).await.unwrap();
        plans.judge(&format!("clocks by {who}"), may).await;
        reader.ratings(&cases).await.unwrap();
        plans.judge(&format!("ratings by {who}"), may).await;
        reader.ratings_by_id(&ids("r")).await.unwrap();
        plans.judge(&format!("ratings by id by {who}"), may).await;
        reader.events_of(&cases).await.unwrap();
        plans.judge(&format!("events of cases by {who}"), may).await;
        reader.events(EventKind::Message, &ids("m")).await.unwrap();
        plans.judge(&format!("events by {who}"), may).await;
        reader.customers(&customers).await.unwrap();
        plans.judge(&format!("customers by {who}"), may).await;
        for window in windows("timeline", vec![now().ms().into(), 0.into(), "c1-m".into(), "message".into()]) {
            reader.timeline_page("c1", Some(&[EventKind::Message]), &window).await.unwrap();
            plans.judge(&format!("timeline by {who}"), may).await;
        }
        reader.count_timeline("c1", None).await.unwrap();
        plans.judge(&format!("length of a timeline by {who}"), may).await;
    }
    let agents: Vec<String> = (0..30).map(|n| format!("a{n}")).collect();
    let all = plans.test.reader(None).0;
    all.presence_now(&agents).await.unwrap();
    plans.judge("presence", May::LookUp).await;
    let hours = CaseQuestion { filters: vec![keep(FilterAttribute::HourOfDay, &["12"])], ..CaseQuestion::default() };
    all.count_cases(&hours).await.unwrap();
    plans.forget();
}

async fn judge_directory(plans: &mut Plans) {
    let reader = plans.test.reader(None).0;
    for field in [AgentOrderField::Name, AgentOrderField::Number] {
        let (index, key) = match field {
            AgentOrderField::Name => ("agent_name_id", "a".into()),
            AgentOrderField::Number => ("agent_number", 1.into()),
        };
        for window in windows(field.word(), vec![key, "a1".into()]) {
            let order = Order { field, direction: OrderDirection::Asc };
            reader.agents_page(None, order, &window).await.unwrap();
            plans.judge("page of agents", May::Walk(index)).await;
        }
    }
    reader.agents(&texts(&["a1", "a2"])).await.unwrap();
    reader.agents_by_username(&texts(&["a1"])).await.unwrap();
    reader.agents_by_number(&[1]).await.unwrap();
    reader.workspace_state().await.unwrap();
    reader.revision().await.unwrap();
    plans.judge("agents and the workspace", May::LookUp).await;
}

/// What the picture is drawn from, and what it follows by.
async fn judge_picture(plans: &mut Plans) {
    let id = WorkspaceId(plans.test.workspace.clone());
    plans.forget();
    let reader = plans.test.store.snapshot_reader(&id).await.unwrap();
    for after in ["", "c2"] {
        reader.cases_after(after, 50).await.unwrap();
        plans.judge(&format!("cases for the picture after {after:?}"), May::Walk("PRIMARY KEY")).await;
    }
    reader.derived_of(&texts(&["c1", "c2", "c200"])).await.unwrap();
    plans.judge("some cases for the picture", May::LookUp).await;
    reader.agents_after("a1", 10).await.unwrap();
    reader.agents_of(&texts(&["a1", "a2"])).await.unwrap();
    plans.judge("agents for the picture", May::LookUp).await;
    reader.changes_since(&Freshness::default(), i64::MAX).await.unwrap().unwrap();
    plans.test.store.revision(&id).await.unwrap();
    plans.judge("changes for the picture", May::LookUp).await;
}

/// What taking lines in looks up.
async fn judge_ingest(plans: &mut Plans) {
    let agent =
        AgentLine { id: "a1".to_owned(), name: Some("Sarah".to_owned()), number: Some(70), ..AgentLine::default() };
    let presence = Presence { agent: "a1".to_owned(), at: now(), status: PresenceStatus::Away };
    let mut lines: Vec<Line> = (CASES - 5..CASES + 5).flat_map(world::case).collect();
    lines.extend([Line::Agent(agent), Line::Presence(presence)]);
    for (of, id) in [(ErasedKind::Case, "c7"), (ErasedKind::Message, "c8-m"), (ErasedKind::Agent, "a2")] {
        lines.push(Line::Erase(Erase { of, id: id.to_owned() }));
    }
    plans.forget();
    world::take(&plans.test.store, &plans.test.workspace, lines).await;
    plans.judge("ingest", May::LookUp).await;
    let id = WorkspaceId(plans.test.workspace.clone());
    plans.test.store.reference(&id).await.unwrap();
    plans.forget();
}

#[tokio::test]
async fn no_statement_reads_more_than_it_need() {
    let mut plans = Plans::open("plans").await;
    world::fill(&plans.test.store, &plans.test.workspace).await;
    world::copy(&plans.test.store).await;
    plans.forget();
    judge_cases(&mut plans).await;
    judge_loaders(&mut plans).await;
    judge_directory(&mut plans).await;
    judge_picture(&mut plans).await;
    judge_ingest(&mut plans).await;
    plans.end();
}

#[tokio::test]
async fn a_statement_that_reads_too_much_is_noticed() {
    let plans = Plans::open("bad_plans").await;
    world::fill(&plans.test.store, &plans.test.workspace).await;
    let db = &plans.test.store.reader;
    for (sql, may) in [
        ("SELECT * FROM case_record WHERE workspace = 'w' AND subject = 'x'", May::LookUp),
        ("SELECT * FROM event WHERE workspace = 'w' AND actor_id = 'x'", May::LookUp),
        (
            "SELECT * FROM case_record WHERE workspace = 'w' AND state = 'active' ORDER BY created_at, case_id LIMIT 9",
            May::Walk(TEAM),
        ),
        (
            "SELECT * FROM case_record WHERE workspace = 'w' AND state = 'active' ORDER BY subject LIMIT 9",
            May::Walk(CREATED),
        ),
        ("SELECT COUNT(*) FROM case_record WHERE workspace = 'w' AND subject = 'x'", May::CountAll),
    ] {
        let sql = sql.replace("'w'", &format!("'{}'", plans.test.workspace));
        let plan = explain(db, Statement::from_string(db.get_database_backend(), sql)).await;
        assert!(!plan.faults(may).is_empty(), "{plan:?}");
    }
}
