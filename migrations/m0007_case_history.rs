//! The records of a case in one row, since they are written and read together: a list a kind, and a view a kind in which each record is a
//! row again. A case's tags, and the policies that it was ever under, are lists on its own row; a tag has a row a case only as the way to it.
//!
//! A list is a JSON array of arrays. A case of ten messages had some forty rows before, which were most of what an import wrote. The cases
//! of a database that has some are derived again, from their events, by the next gateway that is started on it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::table::{create, drop};

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables: Vec<&str> = VIEWS.iter().map(|view| view.name).chain(["case_policy", "case_tag"]).collect();
        drop(manager, &tables).await?;
        case_history(manager).await?;
        for list in ["tags", "policies_ever"] {
            let mut table = Table::alter();
            table.table("case_record").add_column(text(list).default("[]"));
            manager.alter_table(table).await?;
        }
        let columns = [text("workspace"), text("tag"), big_integer("created_at"), text("case_id")];
        create(manager, "case_tag", &["workspace", "tag", "created_at", "case_id"], columns).await?;
        let (db, backend) = (manager.get_connection(), manager.get_database_backend());
        for view in VIEWS {
            db.execute_unprepared(&view.create(backend)).await?;
        }
        db.execute_unprepared(&create_case_policy(backend)).await?;
        db.execute_unprepared("UPDATE workspace SET rederive_after = ''").await?;
        if backend == DatabaseBackend::Sqlite {
            // As the migration of the statistics says.
            let sql = "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES \
                       ('case_history', 'sqlite_autoindex_case_history_1', '1000000 1000000 1'), \
                       ('case_tag', 'case_tag', '1000000 1000000 10000 1 1'); ANALYZE sqlite_schema";
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the tables of records are not made again".to_owned()))
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn case_history(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table("case_history").if_not_exists().col(text("workspace")).col(text("case_id"));
    for view in VIEWS {
        table.col(text_null(view.list));
    }
    table.primary_key(Index::create().col("workspace").col("case_id"));
    // SQLite keeps long rows whole where they are not in the order of their key.
    manager.create_table(table.to_owned()).await?;
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        // Lists of some kilobytes stay in the row as they are: to compress them takes longer than to write them.
        let sql = "ALTER TABLE case_history SET (toast_tuple_target = 8160)";
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}

/// A kind of records.
struct View {
    name: &'static str,
    /// The column of `case_history`.
    list: &'static str,
    /// Name and type of each place of a record.
    columns: &'static [(&'static str, Type)],
}

#[derive(Clone, Copy)]
enum Type {
    Text,
    Integer,
    BigInteger,
    Boolean,
    /// Two places in one: of whom, and which.
    Person(&'static str, &'static str),
}

impl View {
    fn create(&self, backend: DatabaseBackend) -> String {
        let columns = self.columns.iter().enumerate().flat_map(|(place, (name, kind))| {
            let at = |path: String, name: &str| match backend {
                DatabaseBackend::Postgres => format!("(r.record {path})::{} AS {name}", kind.of_postgres()),
                _ => format!("r.value {path} AS {name}"),
            };
            match kind {
                Type::Person(kind, id) => {
                    vec![at(format!("-> {place} ->> 0"), kind), at(format!("-> {place} ->> 1"), id)]
                }
                _ => vec![at(format!("->> {place}"), name)],
            }
        });
        let columns: Vec<String> = columns.collect();
        let (name, columns) = (self.name, columns.join(", "));
        let records = records(backend, &format!("h.{}", self.list), "json_array_elements");
        format!(
            "CREATE VIEW {name} AS SELECT h.workspace, h.case_id, {columns} FROM case_history AS h CROSS JOIN {records}"
        )
    }
}

/// The elements of a list, as `r`.
fn records(backend: DatabaseBackend, list: &str, elements: &str) -> String {
    match backend {
        DatabaseBackend::Postgres => format!("LATERAL {elements}({list}::json) AS r (record)"),
        _ => format!("json_each({list}) AS r"),
    }
}

fn create_case_policy(backend: DatabaseBackend) -> String {
    let policy = if backend == DatabaseBackend::Postgres { "r.record" } else { "r.value" };
    let policies = records(backend, "c.policies_ever", "json_array_elements_text");
    format!(
        "CREATE VIEW case_policy AS SELECT c.workspace, c.case_id, {policy} AS policy FROM case_record AS c CROSS JOIN {policies}"
    )
}

impl Type {
    fn of_postgres(self) -> &'static str {
        match self {
            Type::Text | Type::Person(..) => "text",
            Type::Integer => "integer",
            Type::BigInteger => "bigint",
            Type::Boolean => "boolean",
        }
    }
}

use Type::{BigInteger, Boolean, Integer, Person, Text};

const VIEWS: &[View] = &[
    View {
        name: "response_record",
        list: "responses",
        columns: &[
            ("ordinal", Integer),
            ("started_at", BigInteger),
            ("replied_at", BigInteger),
            ("is_first", Boolean),
            ("calendar_ms", BigInteger),
            ("business_ms", BigInteger),
            ("agent", Text),
            ("team", Text),
            ("queue", Text),
        ],
    },
    View {
        name: "sla_clock_record",
        list: "sla_clocks",
        columns: &[
            ("metric", Text),
            ("ordinal", Integer),
            ("policy", Text),
            ("policy_from", BigInteger),
            ("clock", Text),
            ("goal_ms", BigInteger),
            ("started_at", BigInteger),
            ("due_at", BigInteger),
            ("completed_at", BigInteger),
            ("is_paused", Boolean),
            ("paused_since", BigInteger),
            ("running_since", BigInteger),
            ("counted_calendar_ms", BigInteger),
            ("counted_business_ms", BigInteger),
            ("judged_calendar_ms", BigInteger),
            ("judged_business_ms", BigInteger),
            ("is_left_out", Boolean),
            ("agent", Text),
            ("team", Text),
            ("queue", Text),
        ],
    },
    View {
        name: "closure_record",
        list: "closures",
        columns: &[
            ("ordinal", Integer),
            ("closed_at", BigInteger),
            ("closed_by", Text),
            ("closing_agent", Text),
            ("agent", Text),
            ("assignee", Text),
            ("team", Text),
            ("queue", Text),
            ("chat_duration_ms", BigInteger),
            ("service_ms", BigInteger),
            ("inactivity_ms", BigInteger),
            ("is_abandoned", Boolean),
        ],
    },
    View {
        name: "resolution_record",
        list: "resolutions",
        columns: &[
            ("ordinal", Integer),
            ("resolved_at", BigInteger),
            ("resolved_by", Person("resolved_by_kind", "resolved_by_id")),
            ("agent", Text),
            ("assignee", Text),
            ("team", Text),
            ("queue", Text),
            ("is_standing", Boolean),
            ("calendar_ms", BigInteger),
            ("business_ms", BigInteger),
            ("replies", Integer),
            ("agents", Integer),
            ("is_first_contact", Boolean),
        ],
    },
    View {
        name: "status_spell_record",
        list: "status_spells",
        columns: &[
            ("ordinal", Integer),
            ("status_id", Text),
            ("status", Text),
            ("from_at", BigInteger),
            ("until_at", BigInteger),
            ("agent", Text),
            ("team", Text),
            ("queue", Text),
        ],
    },
    View {
        name: "assignment_record",
        list: "assignments",
        columns: &[
            ("ordinal", Integer),
            ("assigned_at", BigInteger),
            ("kind", Text),
            ("agent", Text),
            ("team", Text),
            ("queue", Text),
            ("previous_agent", Text),
            ("previous_team", Text),
            ("previous_queue", Text),
            ("names_agent", Boolean),
            ("is_transfer", Boolean),
        ],
    },
    View {
        name: "rating_record",
        list: "ratings",
        columns: &[
            ("id", Text),
            ("rated_at", BigInteger),
            ("offered_at", BigInteger),
            ("score", Integer),
            ("comment", Text),
            ("agent", Text),
            ("team", Text),
            ("queue", Text),
        ],
    },
    View {
        name: "message_record",
        list: "messages",
        columns: &[
            ("id", Text),
            ("at", BigInteger),
            ("author_kind", Text),
            ("author", Text),
            ("visibility", Text),
            ("is_opening", Boolean),
            ("agent", Text),
            ("team", Text),
            ("queue", Text),
        ],
    },
];
