//! What SQLite's planner is to assume of the tables: the figures of one workspace with a million cases.
//!
//! Without figures the planner takes the workspace, which leads every key, for nearly unique, and reads all of it where an index would
//! lead straight to the rows. Figures of the data would make the plans change with it; these make them the same everywhere.
//! PostgreSQL gathers its own. An index that has no line here is used by luck: give every new one its line.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DatabaseBackend::Sqlite {
            return Ok(());
        }
        let rows: Vec<String> =
            FIGURES.iter().map(|(table, index, figures)| format!("('{table}', '{index}', '{figures}')")).collect();
        let sql = format!(
            "ANALYZE workspace; DELETE FROM sqlite_stat4; DELETE FROM sqlite_stat1; \
             INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {}; ANALYZE sqlite_schema",
            rows.join(", ")
        );
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            let sql = "DELETE FROM sqlite_stat1; ANALYZE sqlite_schema";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    /// The figures and the change of the schema that makes other connections read them become visible together.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Table, index (the table's own name: its primary key), and rows: of the table, then per value of the first column, of the first
/// two, and so on.
const FIGURES: &[(&str, &str, &str)] = &[
    ("agent", "agent", "1000 1000 1"),
    ("agent", "agent_name_id", "1000 1000 2 1"),
    ("agent", "agent_number", "1000 1000 1"),
    ("agent", "agent_username", "1000 1000 1"),
    ("agent_team", "agent_team", "2000 2000 2 1"),
    ("agent_team", "agent_team_team_agent", "2000 2000 20 1"),
    ("business_hours", "business_hours", "100 100 2 1"),
    ("case_record", "case_record", "1000000 1000000 1"),
    ("case_record", "case_record_assignee_created_at_case_id", "950000 950000 10000 1 1"),
    ("case_record", "case_record_created_at_case_id", "950000 950000 1 1"),
    ("case_record", "case_record_number_case_id", "1000000 1000000 1 1"),
    ("case_record", "case_record_priority_rank_case_id", "950000 950000 200000 1"),
    ("case_record", "case_record_requester_created_at_case_id", "1000000 1000000 4 1 1"),
    ("case_record", "case_record_status_created_at_case_id", "950000 950000 15000 1 1"),
    ("case_record", "case_record_team_created_at_case_id", "950000 950000 50000 1 1"),
    ("case_record", "case_record_updated_at_case_id", "950000 950000 1 1"),
    ("channel", "channel", "20 20 1"),
    ("contact_point", "contact_point", "100 100 1"),
    ("contact_point", "contact_point_label_id", "100 100 2 1"),
    ("customer", "customer", "300000 300000 1"),
    ("event", "event", "10000000 10000000 10 3 1"),
    ("event", "event_kind_id", "10000000 10000000 1700000 1"),
    ("presence", "presence", "700000 700000 700 1"),
    ("presence_record", "presence_record", "700000 700000 700 1"),
    ("presence_record", "presence_record_agent", "1000 1000 1"),
    ("queue", "queue", "100 100 1"),
    ("queue", "queue_name_id", "100 100 2 1"),
    ("sla_policy", "sla_policy", "50 50 2 1"),
    ("status", "status", "50 50 2 1"),
    ("support_case", "support_case", "1000000 1000000 1"),
    ("tag", "tag", "1000 1000 1"),
    ("tag", "tag_name_id", "1000 1000 2 1"),
    ("team", "team", "100 100 1"),
    ("team", "team_name_id", "100 100 2 1"),
    ("tombstone", "tombstone", "10000 10000 3000 1"),
];
