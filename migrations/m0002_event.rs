//! What sources say of cases: the cases as created, their events, and what was erased.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, boolean_null, integer, integer_null, text, text_null,
};
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::table::{create, drop, index};

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        support_case(manager).await?;
        event(manager).await?;
        tombstone(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["support_case", "event", "tombstone"]).await
    }
}

async fn support_case(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("id"),
        big_integer("number"),
        big_integer("created_at"),
        text("channel"),
        text_null("initial_channel"),
        text("direction"),
        text_null("contact_point"),
        text_null("requester"),
        text_null("creator_kind"),
        text_null("creator_id"),
        text_null("priority"),
        text_null("case_type"),
        text_null("subject"),
        text_null("team"),
        text_null("queue"),
        text_null("assignee"),
        text("tags"),
        text("state"),
        text_null("merged_into"),
        text("attributes"),
        boolean("is_anonymous"),
    ];
    create(manager, "support_case", &["workspace", "id"], columns).await
}

async fn event(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        text("kind"),
        text("id"),
        big_integer("at"),
        big_integer_null("seq"),
        text_null("actor_kind"),
        text_null("actor_id"),
        text_null("action"),
        integer("standing"),
        integer("named"),
        text_null("visibility"),
        boolean_null("is_opening"),
        big_integer_null("edited_at"),
        text_null("assignment_kind"),
        text_null("agent"),
        text_null("team"),
        text_null("queue"),
        text_null("status"),
        text_null("field"),
        text_null("value"),
        text_null("policy"),
        big_integer_null("offered_at"),
        integer_null("score"),
        text_null("comment"),
    ];
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        // A case's events lie together.
        create(manager, "event", &["workspace", "case_id", "kind", "id"], columns).await?;
        return index(manager, "event", &["workspace", "kind", "id"], true).await;
    }
    // PostgreSQL's rows lie in no order of a key, so the index by case need not tell the events of a case apart: it is a tenth of the
    // size, and quicker to add to.
    create(manager, "event", &["workspace", "kind", "id"], columns).await?;
    index(manager, "event", &["workspace", "case_id"], false).await
}

async fn tombstone(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("kind"), text("id")];
    create(manager, "tombstone", &["workspace", "kind", "id"], columns).await
}
