//! Opening databases, and connections that a failure has left in a bad state.

use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait, Statement};

use super::*;
use crate::model::{CaseLine, Instant, Line, NumberedLine, WorkspaceId};
use crate::store::Landing;
use crate::store::entity::support_case;
use crate::store::testing::TestStore;

#[tokio::test]
async fn a_file_is_made_and_migrated_twice_without_harm() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("new.db").display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    store.check_readable().await.unwrap();
}

#[tokio::test]
async fn the_planner_of_sqlite_knows_every_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite://{}", folder.path().join("new.db").display())).await.unwrap();
    store.migrate().await.unwrap();
    let rows = |sql: &'static str| {
        let reader = store.reader.clone();
        async move { reader.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, sql)).await.unwrap() }
    };
    let unknown = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT IN \
                   (SELECT tbl FROM sqlite_stat1 WHERE idx IN (tbl, 'sqlite_autoindex_' || tbl || '_1') \
                   UNION SELECT 'workspace') \
                   AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations' \
                   UNION SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL \
                   AND name NOT IN (SELECT idx FROM sqlite_stat1)";
    let unknown: Vec<String> = rows(unknown).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(unknown, Vec::<String>::new());
    // It goes by them in connections that were open before: else many ids would not be worth an index.
    let plan = rows(
        "EXPLAIN QUERY PLAN SELECT * FROM event WHERE workspace = 'w' AND kind = 'x' AND id IN \
         ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p')",
    );
    let plan: String = plan.await[0].try_get("", "detail").unwrap();
    assert!(plan.contains("event_kind_id"), "{plan}");
}

#[tokio::test]
async fn other_addresses_are_refused() {
    assert!(matches!(Store::open("mysql://x/y").await, Err(StoreError::Address)));
    assert!(matches!(Store::open("sqlite::memory:").await, Err(StoreError::Address)));
}

fn cases(ids: std::ops::Range<u64>) -> Vec<NumberedLine> {
    let line = |n: u64| {
        let created_at = Some(Instant::from_ms(0));
        Line::Case(Box::new(CaseLine { id: format!("c{n}"), created_at, ..CaseLine::default() }))
    };
    ids.map(|n| NumberedLine { number: n, line: line(n) }).collect()
}

#[tokio::test]
async fn a_batch_that_finds_no_room_half_way_lands_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("small.db").display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let (workspace, now) = (WorkspaceId("acme".to_owned()), Instant::from_ms(0));
    let take = async |lines| store.ingest(&workspace, lines, Landing::EachGood, now).await;
    let stored = async |store: &Store| support_case::Entity::find().count(&store.reader).await.unwrap();
    take(cases(0..3)).await.unwrap();

    store.writer.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
    assert!(matches!(take(cases(3..2_000)).await, Err(StoreError::Full(_))));
    assert_eq!(stored(&store).await, 3);

    store.writer.execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
    assert_eq!(take(cases(0..3)).await.unwrap().unchanged, 3);
    assert_eq!(take(cases(3..2_000)).await.unwrap().accepted, 1_997);
    let other = Store::open(&url).await.unwrap();
    assert_eq!(stored(&other).await, 2_000);
}

/// Counts without end.
const ENDLESS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

#[tokio::test]
async fn a_statement_for_a_request_that_takes_too_long_is_ended() {
    let test = TestStore::open("slow").await;
    let store = Store::open_waiting(&test.url, DEFAULT_WAIT, Duration::from_millis(100)).await.unwrap();
    let backend = store.asker.get_database_backend();
    for _ in 0..2 {
        let ended = store.asker.query_all_raw(Statement::from_string(backend, ENDLESS)).await;
        assert!(matches!(ended.map_err(StoreError::from), Err(StoreError::Busy(_))));
        // The connection is good for the next one, which has all its time.
        let one = store.asker.query_one_raw(Statement::from_string(backend, "SELECT 1")).await;
        assert!(one.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_ended() {
    let test = TestStore::open("left").await;
    let store = &test.store;
    let backend = store.asker.get_database_backend();
    let (reader, _) = test.reader(None);
    // As many as there are connections, so that the next question waits for one of them.
    let endless = || async {
        let left = reader.query_all_raw(Statement::from_string(backend, ENDLESS));
        tokio::time::timeout(Duration::from_millis(300), left).await
    };
    let left = futures_util::future::join_all((0..READERS).map(|_| endless())).await;
    assert!(left.iter().all(Result::is_err), "it came to an end");
    let one = reader.query_one_raw(Statement::from_string(backend, "SELECT 1")).await;
    assert!(one.unwrap().is_some());
    if backend != DatabaseBackend::Postgres {
        return;
    }
    // The server's own pause sets the pace; it looks each second whether somebody is there.
    let sql = "SELECT count(*) FROM pg_sleep(0.1), pg_stat_activity WHERE state = 'active' AND query LIKE 'WITH RECURSIVE n%' \
               AND datname = current_database()";
    let mut running = 1;
    for _ in 0..100 {
        let row = store.reader.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, sql)).await.unwrap();
        running = row.unwrap().try_get_by_index::<i64>(0).unwrap();
        if running == 0 {
            break;
        }
    }
    assert_eq!(running, 0, "it goes on after ten seconds");
}

#[tokio::test]
async fn cases_of_a_database_from_before_histories_are_derived_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite://{}", folder.path().join("old.db").display())).await.unwrap();
    Migrator::up(&store.writer, Some(6)).await.unwrap();
    let made = [
        "INSERT INTO workspace (id, name, timezone, abandon_after_ms, ignore_bot_messages, revision, next_case_number, \
         next_agent_number, as_of) VALUES ('acme', 'acme', 'UTC', 1, 0, 7, 1, 1, 0)",
        "INSERT INTO support_case (workspace, id, number, created_at, channel, direction, tags, state, attributes, is_anonymous) \
         VALUES ('acme', 'c1', 1, 0, 'email', 'inbound', '[\"vip\"]', 'active', '{}', 0)",
        "INSERT INTO event (workspace, case_id, kind, id, at, actor_kind, standing, named, visibility) \
         VALUES ('acme', 'c1', 'message', 'm1', 5, 'customer', 0, 0, 'public')",
    ];
    for sql in made {
        store.writer.execute_unprepared(sql).await.unwrap();
    }
    store.migrate().await.unwrap();
    let workspace = WorkspaceId("acme".to_owned());
    assert_eq!(store.workspaces_to_rederive().await.unwrap(), std::slice::from_ref(&workspace));
    let done = store.rederive(&workspace, 10, Instant::from_ms(9)).await.unwrap().unwrap();
    assert_eq!((done.cases, done.is_unfinished), (vec!["c1".to_owned()], false));
    let found = store.snapshot_reader(&workspace).await.unwrap().derived_of(&["c1".to_owned()]).await.unwrap();
    assert_eq!((found[0].case.tags.as_slice(), found[0].messages.len()), (&["vip".to_owned()][..], 1));
}
