//! A database for tests of the store: SQLite in a folder of its own; PostgreSQL when `DESKGRAPH_TEST_DATABASE_URL` names a server where
//! databases may be made.

use std::collections::BTreeSet;
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Database, EntityTrait, Iterable, TryIntoModel};

use super::bulk::field::{Row, null_of};
use super::entity::{case_record, case_tag};
use super::reader::{Reader, Stats};
use super::row::case_record::{CaseRecordRow, of_tags};
use super::{Store, bulk};
use crate::model::{
    Case, CaseLine, CaseState, CaseStatus, Direction, Instant, Reference, Role, Viewer, Workspace, WorkspaceId,
};
use crate::record::{CaseRecord, Rules, derive};

/// A database, open and migrated.
pub struct TestStore {
    /// The store.
    pub store: Store,
    /// A workspace, which is not there yet.
    pub workspace: String,
    /// Where it is.
    pub url: String,
    _folder: Arc<tempfile::TempDir>,
}

impl TestStore {
    /// Opens one for the test of that name.
    pub async fn open(name: &str) -> TestStore {
        let folder = tempfile::tempdir().unwrap();
        let url = match std::env::var("DESKGRAPH_TEST_DATABASE_URL") {
            Ok(server) => make_database(&server, name).await,
            Err(_) => format!("sqlite://{}", folder.path().join("test.db").display()),
        };
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        TestStore { store, workspace: name.to_owned(), url, _folder: Arc::new(folder) }
    }

    /// Another workspace of the same database.
    pub fn beside(&self, workspace: &str) -> TestStore {
        TestStore {
            store: self.store.clone(),
            workspace: workspace.to_owned(),
            url: self.url.clone(),
            _folder: self._folder.clone(),
        }
    }

    /// Reads as somebody who sees these teams' cases, or all.
    pub fn reader(&self, teams: Option<&[&str]>) -> (Reader, Arc<Stats>) {
        let role = Role::Agent;
        let viewer = Viewer {
            subject: "test".to_owned(),
            workspace: WorkspaceId(self.workspace.clone()),
            role,
            permissions: role.permissions(),
            teams: teams.map(|teams| teams.iter().map(|&team| team.to_owned()).collect::<BTreeSet<_>>()),
        };
        let stats = Arc::new(Stats::default());
        (self.store.reader(Arc::new(viewer), stats.clone()), stats)
    }

    /// Puts rows in that are not there yet.
    pub async fn insert<E: EntityTrait>(&self, rows: Vec<impl Row<E>>) {
        let transaction = self.store.begin().await.unwrap();
        bulk::insert::<E>(&transaction, rows).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Puts rows in, or replaces the ones that have their keys.
    pub async fn upsert<E: EntityTrait>(&self, rows: Vec<impl Row<E>>) {
        let transaction = self.store.begin().await.unwrap();
        bulk::upsert::<E>(&transaction, rows).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Puts case rows in.
    pub async fn put(&self, cases: &[CaseRecord]) {
        let workspace = &self.workspace;
        let rows = cases.iter().map(|of| CaseRecordRow { workspace, of }).collect();
        self.insert::<case_record::Entity>(rows).await;
        let tags = cases.iter().flat_map(|case| of_tags(workspace, case)).collect();
        self.insert::<case_tag::Entity>(tags).await;
    }
}

/// The row as the database holds it.
pub fn to_model<E>(row: &impl Row<E>) -> E::Model
where
    E: EntityTrait,
    E::ActiveModel: TryIntoModel<E::Model>,
{
    let mut active = E::ActiveModel::default();
    for column in E::Column::iter() {
        active.set(column, row.field(column).into_value(&null_of(column)));
    }
    active.try_into_model().unwrap()
}

async fn make_database(server: &str, test: &str) -> String {
    let name = format!("store_{}_{}", test.replace(' ', "_"), std::process::id());
    let connection = Database::connect(server).await.unwrap();
    connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    connection.close().await.unwrap();
    // What follows the name of the server's own database, such as the folder of its socket, stays.
    let (head, rest) =
        server.split_once('?').map_or((server, String::new()), |(head, rest)| (head, format!("?{rest}")));
    let (head, _) = head.rsplit_once('/').unwrap();
    format!("{head}/{name}{rest}")
}

/// A case row without a history.
pub fn case(id: &str, number: i64, created_at: Instant) -> CaseRecord {
    let line = CaseLine { id: id.to_owned(), created_at: Some(created_at), ..CaseLine::default() };
    let rules = Rules::compile(&Reference::new(Workspace::named("w")));
    derive(&Case::create(line, number).unwrap(), &[], &rules).case
}

/// Case rows of every sort, created within `span_ms` of `around`; always the same for one seed.
pub fn cases(seed: u64, count: i64, around: Instant, span_ms: i64) -> Vec<CaseRecord> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut cases = Vec::new();
    for number in 0..count {
        let created_at = around.plus_ms(random.random_range(-span_ms..span_ms));
        let mut record = case(&format!("c{:03}", number * 7 % count), number, created_at);
        let pick = |random: &mut StdRng, prefix: &str| {
            let n = random.random_range(0..4);
            (n > 0).then(|| format!("{prefix}{n}"))
        };
        record.updated_at = created_at.plus_ms(random.random_range(0..3) * 1_000);
        record.assignee = pick(&mut random, "a");
        record.team = pick(&mut random, "t");
        record.queue = pick(&mut random, "q");
        record.contact_point = pick(&mut random, "p");
        record.requester = pick(&mut random, "cu");
        record.case_type = pick(&mut random, "type ");
        record.policy = pick(&mut random, "sla");
        record.channel = format!("ch{}", random.random_range(1..4));
        record.initial_channel = format!("ch{}", random.random_range(1..4));
        record.priority =
            [None, Some("low"), Some("high"), Some("P1"), Some("odd")][random.random_range(0..5)].map(Into::into);
        record.status = CaseStatus::ALL[random.random_range(0..6)];
        record.direction = Direction::ALL[random.random_range(0..2)];
        record.tags = ["vip", "bug", "é_%"].iter().filter(|_| random.random_bool(0.3)).map(|&t| t.to_owned()).collect();
        record.subject =
            ["100% off", "100 off", "Ærø ÆRLIG", "a_b", "a\\b"].get(random.random_range(0..7)).map(|&s| s.to_owned());
        if random.random_bool(0.1) {
            record.state = CaseState::Spam;
        }
        cases.push(record);
    }
    cases
}
