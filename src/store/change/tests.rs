//! The log says what was touched, says so when it does not know, and is kept short.

use super::*;
use crate::model::batch::{Erase, ErasedKind};
use crate::model::{AgentKind, AgentLine, CaseLine, Line, Presence, PresenceStatus, WorkspaceId, WorkspaceLine};
use crate::store::plans::world::{self, now, take};
use crate::store::testing::TestStore;

async fn since(test: &TestStore, revision: i64) -> Option<Touched> {
    since_up_to(test, revision, 1_000).await
}

async fn since_up_to(test: &TestStore, revision: i64, limit: i64) -> Option<Touched> {
    let id = WorkspaceId(test.workspace.clone());
    let reader = test.store.snapshot_reader(&id).await.unwrap();
    let mark = reader.mark(revision).await.unwrap();
    reader.changes_since(&Freshness { revision, as_of: now(), mark }, limit).await.unwrap()
}

fn touched(cases: &[&str], agents: &[&str], erases: bool) -> Option<Touched> {
    let texts = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
    Some(Touched { cases: texts(cases), agents: texts(agents), erases })
}

fn case(id: &str) -> Line {
    Line::Case(Box::new(CaseLine { id: id.to_owned(), created_at: Some(now()), ..CaseLine::default() }))
}

#[tokio::test]
async fn every_way_of_writing_is_noted() {
    let test = TestStore::open("change log").await;
    let take = |lines| take(&test.store, &test.workspace, lines);
    assert_eq!(since(&test, 0).await, touched(&[], &[], false));
    // Of an event whose case has not come there is nothing to show.
    take(vec![case("c1"), case("c2"), world::case(7).remove(1)]).await;
    assert_eq!(since(&test, 0).await, touched(&["c1", "c2"], &[], false));
    take(vec![case("c7")]).await;
    assert_eq!(since(&test, 1).await, touched(&["c7"], &[], false));
    let bot = AgentLine { id: "a1".to_owned(), kind: Some(AgentKind::Bot), ..AgentLine::default() };
    take(vec![Line::Agent(bot)]).await;
    take(vec![Line::Presence(Presence { agent: "a2".to_owned(), at: now(), status: PresenceStatus::Away })]).await;
    assert_eq!(since(&test, 2).await, touched(&[], &["a1", "a2"], false));
    let teams = Some(vec!["t1".to_owned()]);
    take(vec![Line::Agent(AgentLine { id: "a3".to_owned(), teams, ..AgentLine::default() })]).await;
    take(vec![Line::Agent(AgentLine { id: "a3".to_owned(), name: Some("A".to_owned()), ..AgentLine::default() })])
        .await;
    assert_eq!(since(&test, 4).await, touched(&[], &["a3"], false));
    // What cases are derived by changes them all.
    let settings = WorkspaceLine { ignore_bot_messages: Some(false), ..WorkspaceLine::default() };
    take(vec![Line::Workspace(settings)]).await;
    assert_eq!(since(&test, 6).await, touched(&["c1", "c2", "c7"], &[], false));
    take(vec![Line::Erase(Erase { of: ErasedKind::Case, id: "c2".to_owned() })]).await;
    assert_eq!(since(&test, 7).await, touched(&["c2"], &[], true));
    assert_eq!(since(&test, 0).await, touched(&["c1", "c2", "c7"], &["a1", "a2", "a3"], true));
    assert_eq!(since(&test, 8).await, touched(&[], &[], false));
}

#[tokio::test]
async fn deriving_again_is_noted() {
    let test = TestStore::open("change again").await;
    take(&test.store, &test.workspace, vec![case("c1"), case("c2"), case("c3")]).await;
    let db = test.store.begin().await.unwrap();
    let row = crate::store::entity::workspace::Entity::find_by_id(test.workspace.as_str()).one(&db).await.unwrap();
    let row = crate::store::entity::workspace::Model { rederive_after: Some(String::new()), ..row.unwrap() };
    bulk::upsert::<crate::store::entity::workspace::Entity>(&db, vec![row]).await.unwrap();
    db.commit().await.unwrap();
    let id = WorkspaceId(test.workspace.clone());
    test.store.rederive(&id, 2, now()).await.unwrap().unwrap();
    assert_eq!(since(&test, 1).await, touched(&["c1", "c2"], &[], false));
    test.store.rederive(&id, 2, now()).await.unwrap().unwrap();
    assert_eq!(since(&test, 2).await, touched(&["c3"], &[], false));
}

#[tokio::test]
async fn what_is_not_known_is_not_made_up() {
    let test = TestStore::open("change unknown").await;
    let id = WorkspaceId(test.workspace.clone());
    for n in 0..4 {
        take(&test.store, &test.workspace, vec![case(&format!("c{n}"))]).await;
    }
    // From a later state than the database is in.
    assert_eq!(since(&test, 5).await, None);
    assert_eq!(since_up_to(&test, 1, 2).await, None);
    assert!(since_up_to(&test, 1, 3).await.is_some());
    let reader = test.store.snapshot_reader(&id).await.unwrap();
    let now = reader.freshness().await.unwrap();
    assert!(reader.changes_since(&now, 9).await.unwrap().is_some());
    // Another revision of that number.
    let other = Freshness { mark: now.mark.map(|mark| mark ^ 1), ..now };
    assert_eq!(reader.changes_since(&other, 9).await.unwrap(), None);
    assert_eq!(reader.changes_since(&Freshness { mark: None, ..now }, 9).await.unwrap(), None);
    drop(reader);
    test.upsert::<change::Entity>(vec![change::Model {
        workspace: test.workspace.clone(),
        revision: 3,
        mark: 1,
        cases: None,
        agents: None,
        touched: 0,
        erases: false,
    }])
    .await;
    assert_eq!((since(&test, 2).await, since(&test, 3).await), (None, touched(&["c3"], &[], false)));
    let db = test.store.begin().await.unwrap();
    change::Entity::delete_many().filter(change::Column::Revision.eq(2)).exec(&db).await.unwrap();
    db.commit().await.unwrap();
    assert_eq!((since(&test, 1).await, since(&test, 3).await), (None, touched(&["c3"], &[], false)));
}

#[tokio::test]
async fn old_revisions_are_taken_out() {
    let test = TestStore::open("change old").await;
    let db = test.store.begin().await.unwrap();
    for revision in [1, 2, 3, PRUNED_EACH - 1, KEPT - 1, KEPT, KEPT + PRUNED_EACH - 1, KEPT + PRUNED_EACH] {
        note(&db, (&test.workspace, revision), &["c1".to_owned()], ["a1"], false).await.unwrap();
    }
    note(&db, ("other", 1), &[], [], false).await.unwrap();
    db.commit().await.unwrap();
    let left = change::Entity::find().all(&test.store.reader).await.unwrap();
    let left: Vec<(&str, i64)> = left.iter().map(|row| (row.workspace.as_str(), row.revision)).collect();
    let w = test.workspace.as_str();
    let mut expected = [(w, KEPT - 1), (w, KEPT), (w, KEPT + 63), (w, KEPT + 64), ("other", 1)];
    expected.sort();
    assert_eq!(left.iter().collect::<BTreeSet<_>>(), expected.iter().collect());
}
