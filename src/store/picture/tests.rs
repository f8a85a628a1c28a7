//! What is read for the picture is what was written, whichever way it is read, and is of one revision.

use sea_orm::{EntityTrait, ModelTrait};

use super::*;
use crate::model::{AgentLine, CaseLine, CaseState, Line};
use crate::store::entity as e;
use crate::store::plans::world;
use crate::store::row::{case_record as case_rows, directory, record};
use crate::store::testing::TestStore;

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

fn flat<R, M: ModelTrait>(
    w: &str,
    all: &[Derived],
    rows: impl Fn(&Derived) -> &[R],
    of: fn(&str, &str, &R) -> M,
) -> Vec<String> {
    sorted(all.iter().flat_map(|d| rows(d).iter().map(|r| of(w, &d.case.case, r)).collect::<Vec<_>>()))
}

#[tokio::test]
async fn what_is_read_is_what_was_written() {
    let (test, id) = open("picture read").await;
    let w = test.workspace.as_str();
    let all = all(&test.store.snapshot_reader(&id).await.unwrap(), 7).await;
    assert_eq!(all.len(), usize::try_from(world::CASES).unwrap() - 1);
    let cases = sorted(all.iter().map(|d| case_rows::of_case_record(w, &d.case)));
    let stored_cases = stored::<e::case_record::Entity>(&test).await;
    assert_eq!(cases, stored_cases.into_iter().filter(|row| !row.contains("spam")).collect::<Vec<_>>());
    let kept = |rows: Vec<String>| rows.into_iter().filter(|row| !row.contains("\"c8\"")).collect::<Vec<_>>();
    let tags = sorted(all.iter().flat_map(|d| case_rows::of_tags(w, &d.case)));
    assert_eq!(tags, kept(stored::<e::case_tag::Entity>(&test).await));
    let policies = sorted(all.iter().flat_map(|d| case_rows::of_policies(w, &d.case)));
    assert_eq!(policies, kept(stored::<e::case_policy::Entity>(&test).await));
    let found = [
        (flat(w, &all, |d| &d.responses, record::of_response), stored::<e::response_record::Entity>(&test).await),
        (flat(w, &all, |d| &d.sla_clocks, record::of_sla_clock), stored::<e::sla_clock_record::Entity>(&test).await),
        (flat(w, &all, |d| &d.closures, record::of_closure), stored::<e::closure_record::Entity>(&test).await),
        (flat(w, &all, |d| &d.resolutions, record::of_resolution), stored::<e::resolution_record::Entity>(&test).await),
        (
            flat(w, &all, |d| &d.status_spells, record::of_status_spell),
            stored::<e::status_spell_record::Entity>(&test).await,
        ),
        (flat(w, &all, |d| &d.assignments, record::of_assignment), stored::<e::assignment_record::Entity>(&test).await),
        (flat(w, &all, |d| &d.ratings, record::of_rating), stored::<e::rating_record::Entity>(&test).await),
        (flat(w, &all, |d| &d.messages, record::of_message), stored::<e::message_record::Entity>(&test).await),
    ];
    for (read, stored) in found {
        assert!(!stored.is_empty());
        assert_eq!(read, stored);
    }
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
