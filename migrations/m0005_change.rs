//! What each revision of a workspace touched, so that a picture of the workspace can follow.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, text, text_null};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::table::{create, drop};

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text("workspace"),
            big_integer("revision"),
            big_integer("mark"),
            text_null("cases"),
            text_null("agents"),
            big_integer("touched"),
            boolean("erases"),
        ];
        create(manager, "change", &["workspace", "revision"], columns).await?;
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            // As the migration of the statistics says.
            let sql = "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('change', 'change', '4000 4000 1'); ANALYZE sqlite_schema";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["change"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
