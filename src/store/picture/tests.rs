//! What is read for the picture is what was written, whichever way it is read, and is of one revision.

use sea_orm::{ConnectionTrait, EntityTrait, ModelTrait, Statement};

use super::*;
use crate::model::{AgentLine, CaseLine, CaseState, Instant, Line};
use crate::store::entity as e;
use crate::store::plans::world;
use crate::store::row::{case_record as case_rows, directory, record};
use crate::store::testing::{TestStore, to_model};

async fn open(name: &str) -> (TestStore, WorkspaceId) {
    let test = TestStore::open(name).await;
    world::fill(&test.store, &test.workspace).await;
    world::take(&test.store, "other", world::case(1)).await;
    let spam = CaseLine { id: "c8".to_owned(), state: Some(CaseState::Spam), ..CaseLine::default() };
    world::take(&test.store, &test.workspace, vec![Line::Case(Box::new(spam))]).await;
    let id = WorkspaceId(test.workspace.clone());
    (test, id)
}

async fn all(reader: &SnapshotReader, limit: u64) -> Vec<Derived> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let (mut cases, last) = reader.cases_after(&after, limit).await.unwrap();
        all.append(&mut cases);
        match last {
            Some(last) => after = last,
            None => return all,
        }
    }
}

/// Rows of a table, as texts in order.
async fn stored<E: EntityTrait>(test: &TestStore) -> Vec<String>
where
    E::Model: std::fmt::Debug,
{
    let rows =
        E::find().filter(Expr::col("workspace").eq(test.workspace.as_str())).all(&test.store.reader).await.unwrap();
    sorted(rows)
}

fn sorted<M: ModelTrait>(rows: impl IntoIterator<Item = M>) -> Vec<String> {
    let mut texts: Vec<String> = rows.into_iter().map(|row| format!("{row:?}")).collect();
    texts.sort();
    texts
}

#[tokio::test]
async fn what_is_read_is_what_was_written() {
    let (test, id) = open("picture read").await;
    let w = test.workspace.as_str();
    let all = all(&test.store.snapshot_reader(&id).await.unwrap(), 7).await;
    assert_eq!(all.len(), usize::try_from(world::CASES).unwrap() - 1);
    let cases = sorted(all.iter().map(|d| to_model(&case_rows::CaseRecordRow { workspace: w, of: &d.case })));
    let stored_cases = stored::<e::case_record::Entity>(&test).await;
    assert_eq!(cases, stored_cases.into_iter().filter(|row| !row.contains("spam")).collect::<Vec<_>>());
    let kept = |rows: Vec<String>| rows.into_iter().filter(|row| !row.contains("\"c8\"")).collect::<Vec<_>>();
    let tags = sorted(all.iter().flat_map(|d| case_rows::of_tags(w, &d.case)).map(|row| to_model(&row)));
    assert_eq!(tags, kept(stored::<e::case_tag::Entity>(&test).await));
    let histories = sorted(all.iter().map(|d| record::of_derived(w, d).unwrap()));
    assert_eq!(histories, kept(stored::<e::case_history::Entity>(&test).await));
}

/// What columns of a view say of a case, a line a row.
async fn seen(test: &TestStore, view: &str, columns: &str) -> Vec<String> {
    let concat = columns.split(' ').map(|column| format!("coalesce(CAST({column} AS text), '-')"));
    let line = concat.collect::<Vec<_>>().join(" || ' ' || ");
    let sql = format!("SELECT {line} FROM {view} WHERE workspace = '{}' AND case_id = 'c7' ORDER BY 1", test.workspace);
    let statement = Statement::from_string(test.store.reader.get_database_backend(), sql);
    let rows = test.store.reader.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn a_view_shows_each_record_as_a_row() {
    let (test, id) = open("picture views").await;
    let found = test.store.snapshot_reader(&id).await.unwrap().derived_of(&["c7".to_owned()]).await.unwrap();
    let [of] = &found[..] else { panic!("no case") };
    let or = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
    let ms = |at: Option<Instant>| at.map_or("-".to_owned(), |at| at.ms().to_string());
    let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
    let check = async |view: &str, columns: &str, mut wanted: Vec<String>| {
        wanted.sort();
        assert!(!wanted.is_empty(), "{view}");
        assert_eq!(seen(&test, view, columns).await, wanted, "{view}");
    };
    let rows = of
        .responses
        .iter()
        .map(|r| format!("{} {} {} {}", r.ordinal, ms(r.replied_at), number(r.business_ms), or(&r.queue)));
    check("response_record", "ordinal replied_at business_ms queue", rows.collect()).await;
    let rows = of.sla_clocks.iter().map(|r| {
        format!(
            "{} {} {} {} {}",
            r.metric,
            ms(r.due_at),
            r.counted_business_ms,
            number(r.judged_calendar_ms),
            or(&r.team)
        )
    });
    let columns = "metric due_at counted_business_ms judged_calendar_ms team";
    check("sla_clock_record", columns, rows.collect()).await;
    let rows = of.closures.iter().map(|r| format!("{} {} {}", r.closed_by, or(&r.assignee), number(r.inactivity_ms)));
    check("closure_record", "closed_by assignee inactivity_ms", rows.collect()).await;
    let rows = of.resolutions.iter().map(|r| {
        let by = r.resolved_by.as_ref().unwrap();
        format!("{} {} {} {} {}", by.kind, by.id, or(&r.agent), number(r.calendar_ms), r.agents)
    });
    check("resolution_record", "resolved_by_kind resolved_by_id agent calendar_ms agents", rows.collect()).await;
    let rows =
        of.status_spells.iter().map(|r| format!("{} {} {} {}", r.status, r.status_id, ms(r.until_at), or(&r.queue)));
    check("status_spell_record", "status status_id until_at queue", rows.collect()).await;
    let rows =
        of.assignments.iter().map(|r| format!("{} {} {}", r.assigned_at.ms(), or(&r.agent), or(&r.previous_queue)));
    check("assignment_record", "assigned_at agent previous_queue", rows.collect()).await;
    let rows = of.ratings.iter().map(|r| format!("{} {} {} {}", r.id, r.rated_at.ms(), r.score, or(&r.queue)));
    check("rating_record", "id rated_at score queue", rows.collect()).await;
    let rows = of
        .messages
        .iter()
        .map(|r| format!("{} {} {} {} {}", r.id, r.author_kind, or(&r.author), r.visibility, or(&r.queue)));
    check("message_record", "id author_kind author visibility queue", rows.collect()).await;
    check("case_policy", "policy", of.case.policies_ever.clone()).await;
}

#[tokio::test]
async fn listed_cases_are_read_like_all() {
    let (test, id) = open("picture listed").await;
    let reader = test.store.snapshot_reader(&id).await.unwrap();
    let all = all(&reader, 1_000).await;
    let listed = ["c1", "c299", "c8", "no case"].map(str::to_owned);
    let mut found = reader.derived_of(&listed).await.unwrap();
    found.sort_by(|a, b| a.case.case.cmp(&b.case.case));
    let rows = |of: &Derived| (of.case.clone(), of.messages.len(), of.status_spells.len(), of.sla_clocks.clone());
    let wanted: Vec<_> = all.iter().filter(|of| ["c1", "c299"].contains(&of.case.case.as_str())).map(rows).collect();
    assert_eq!(found.iter().map(rows).collect::<Vec<_>>(), wanted);
}

#[tokio::test]
async fn presence_is_of_humans() {
    let (test, id) = open("picture agents").await;
    let bot = AgentLine { id: "a1".to_owned(), kind: Some(AgentKind::Bot), ..AgentLine::default() };
    let teams = Some(vec!["t2".to_owned(), "t1".to_owned()]);
    let human = AgentLine { id: "a2".to_owned(), teams, ..AgentLine::default() };
    world::take(&test.store, &test.workspace, vec![Line::Agent(bot), Line::Agent(human)]).await;
    let reader = test.store.snapshot_reader(&id).await.unwrap();
    let (mut all, mut after) = (Vec::new(), String::new());
    while let Some((last, _, _)) = {
        let mut next = reader.agents_after(&after, 4).await.unwrap();
        let last = next.last().cloned();
        all.append(&mut next);
        last
    } {
        after = last;
    }
    assert_eq!(all.len(), 30);
    for (agent, spells, teams) in &all {
        assert_eq!(spells.is_empty(), agent == "a1", "{agent}");
        assert_eq!(teams.as_slice(), if agent == "a2" { &["t1", "t2"][..] } else { &[] }, "{agent}");
    }
    let kept = all.iter().flat_map(|(_, spells, _)| spells).map(|spell| directory::of_presence_record("w", spell));
    assert!(kept.count() > 29);
    let some = reader.agents_of(&["a2".to_owned(), "nobody".to_owned()]).await.unwrap();
    assert_eq!(some, all.iter().filter(|(agent, ..)| agent == "a2").cloned().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_reader_sees_one_revision() {
    let (test, id) = open("picture one").await;
    let reader = test.store.snapshot_reader(&id).await.unwrap();
    let before = reader.freshness().await.unwrap();
    assert_eq!((before.revision, before.as_of), (2, world::now()));
    world::take(&test.store, &test.workspace, world::case(world::CASES + 1)).await;
    assert_eq!(reader.freshness().await.unwrap(), before);
    assert!(reader.derived_of(&[format!("c{}", world::CASES + 1)]).await.unwrap().is_empty());
    drop(reader);
    assert_eq!(test.store.revision(&id).await.unwrap(), 3);
    assert_eq!(test.store.workspaces().await.unwrap().len(), 2);
    let nobody = WorkspaceId("nobody".to_owned());
    assert_eq!(test.store.revision(&nobody).await.unwrap(), 0);
    assert_eq!(
        test.store.snapshot_reader(&nobody).await.unwrap().freshness().await.unwrap(),
        crate::store::Freshness::default()
    );
}
