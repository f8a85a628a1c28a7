//! The workspace, and the people, places and promises around its cases.
//!
//! A version that is in force since ever has the least 64-bit number as its `from_at`, since a key cannot be null.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, boolean_null, text, text_null};

use crate::table::{create, drop, index};

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        workspace(manager).await?;
        business_hours(manager).await?;
        sla_policy(manager).await?;
        status(manager).await?;
        agent(manager).await?;
        agent_team(manager).await?;
        team(manager).await?;
        queue(manager).await?;
        tag(manager).await?;
        channel(manager).await?;
        contact_point(manager).await?;
        customer(manager).await?;
        presence(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "workspace",
                "business_hours",
                "sla_policy",
                "status",
                "agent",
                "agent_team",
                "team",
                "queue",
                "tag",
                "channel",
                "contact_point",
                "customer",
                "presence",
            ],
        )
        .await
    }
}

async fn workspace(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("id"),
        text("name"),
        text("timezone"),
        text_null("business_hours"),
        big_integer("abandon_after_ms"),
        boolean("ignore_bot_messages"),
        big_integer("revision"),
        big_integer("next_case_number"),
        big_integer("next_agent_number"),
        text_null("rederive_after"),
        big_integer("as_of"),
    ];
    create(manager, "workspace", &["id"], columns).await
}

async fn business_hours(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("id"),
        big_integer("from_at"),
        text("name"),
        text("timezone"),
        text("weekly"),
        text("holidays"),
    ];
    create(manager, "business_hours", &["workspace", "id", "from_at"], columns).await
}

async fn sla_policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("id"),
        big_integer("from_at"),
        text("name"),
        big_integer("position"),
        boolean("is_enabled"),
        text("conditions"),
        text("targets"),
    ];
    create(manager, "sla_policy", &["workspace", "id", "from_at"], columns).await
}

async fn status(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("id"),
        big_integer("from_at"),
        text("label"),
        text("category"),
        boolean_null("sla_active"),
    ];
    create(manager, "status", &["workspace", "id", "from_at"], columns).await
}

async fn agent(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("id"),
        big_integer("number"),
        text("name"),
        text_null("username"),
        text_null("email"),
        text("search_text"),
        text("kind"),
        boolean("is_active"),
    ];
    create(manager, "agent", &["workspace", "id"], columns).await?;
    index(manager, "agent", &["workspace", "number"], false).await?;
    index(manager, "agent", &["workspace", "username"], false).await?;
    index(manager, "agent", &["workspace", "name", "id"], false).await
}

async fn agent_team(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("agent"), text("team")];
    create(manager, "agent_team", &["workspace", "agent", "team"], columns).await?;
    index(manager, "agent_team", &["workspace", "team", "agent"], false).await
}

async fn team(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("id"), text("name"), text_null("business_hours")];
    create(manager, "team", &["workspace", "id"], columns).await?;
    index(manager, "team", &["workspace", "name", "id"], false).await
}

async fn queue(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("id"), text("name"), text_null("team")];
    create(manager, "queue", &["workspace", "id"], columns).await?;
    index(manager, "queue", &["workspace", "name", "id"], false).await
}

async fn tag(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("id"), text("name")];
    create(manager, "tag", &["workspace", "id"], columns).await?;
    index(manager, "tag", &["workspace", "name", "id"], false).await
}

async fn channel(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("id"), text("label")];
    create(manager, "channel", &["workspace", "id"], columns).await
}

async fn contact_point(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("id"), text_null("channel"), text_null("address"), text("label")];
    create(manager, "contact_point", &["workspace", "id"], columns).await?;
    index(manager, "contact_point", &["workspace", "label", "id"], false).await
}

async fn customer(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("id"), text_null("name"), big_integer_null("created_at")];
    create(manager, "customer", &["workspace", "id"], columns).await
}

async fn presence(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("agent"), big_integer("at"), text("status")];
    create(manager, "presence", &["workspace", "agent", "at"], columns).await
}
