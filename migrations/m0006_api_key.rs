//! API keys: whom each lets in, and the hash by which it is found.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text, text_null};

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
            text("id"),
            text("hash"),
            text("name"),
            text("role"),
            text_null("teams"),
            big_integer("created_at"),
            big_integer_null("expires_at"),
            big_integer_null("revoked_at"),
        ];
        create(manager, "api_key", &["workspace", "id"], columns).await?;
        // Whose it is shows only once it is found, so this index cannot be led by the workspace.
        let mut index = Index::create();
        index.name("api_key_hash").table("api_key").if_not_exists().col("hash").unique();
        manager.create_index(index.to_owned()).await?;
        if manager.get_database_backend() == DatabaseBackend::Sqlite {
            // As the migration of the statistics says.
            let sql = "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('api_key', 'api_key', '100 10 1'), \
                       ('api_key', 'api_key_hash', '100 1'); ANALYZE sqlite_schema";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["api_key"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
