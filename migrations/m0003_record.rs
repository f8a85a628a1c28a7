//! The rows derived from cases and events. They can be derived again at any time. What was once a table a kind of records besides is
//! dropped by the migration of the histories, and is not made for it to drop.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, integer, integer_null, text, text_null};

use crate::table::{create, drop, index, index_where};

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        case_record(manager).await?;
        presence_record(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["case_record", "presence_record"]).await
    }
}

async fn case_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        big_integer("number"),
        text("state"),
        big_integer("created_at"),
        big_integer("updated_at"),
        text("status"),
        text("status_id"),
        big_integer("status_since"),
        text_null("priority"),
        integer("priority_rank"),
        text_null("case_type"),
        text_null("subject"),
        text("search_text"),
        text("channel"),
        text("initial_channel"),
        text("direction"),
        text_null("contact_point"),
        text_null("requester"),
        text_null("assignee"),
        big_integer_null("served_since"),
        text_null("team"),
        text_null("queue"),
        text_null("policy"),
        big_integer_null("policy_from"),
        boolean("is_waiting"),
        boolean("is_first_contact_resolved"),
        integer("reopen_count"),
        big_integer_null("last_reopened_at"),
        big_integer_null("first_assignment_at"),
        big_integer_null("last_assignment_at"),
        big_integer_null("last_activity_by_requester_at"),
        big_integer_null("last_activity_by_assignee_at"),
        big_integer_null("last_reply_by_agent_at"),
        big_integer_null("last_reply_by_assignee_at"),
        big_integer_null("last_reply_by_requester_at"),
        big_integer_null("last_reply_by_customer_at"),
        big_integer_null("agent_updated_at"),
        big_integer_null("customer_updated_at"),
        big_integer_null("requester_updated_at"),
        big_integer_null("team_updated_at"),
        big_integer_null("priority_updated_at"),
        big_integer_null("type_updated_at"),
        big_integer_null("status_updated_at"),
        big_integer_null("resolution_at"),
        integer("agents_to_resolution"),
        integer("replies_to_resolution"),
        text_null("last_replier_kind"),
        text_null("last_replier_id"),
        text_null("resolved_by_kind"),
        text_null("resolved_by_id"),
        big_integer_null("resolution_calendar_ms"),
        big_integer_null("resolution_business_ms"),
        integer("reply_gap_count"),
        big_integer_null("customer_wait_calendar_ms"),
        big_integer_null("customer_wait_business_ms"),
        big_integer_null("agent_wait_calendar_ms"),
        big_integer_null("agent_wait_business_ms"),
        big_integer_null("first_response_calendar_ms"),
        big_integer_null("first_response_business_ms"),
        integer("priority_change_count"),
        integer("sla_change_count"),
        integer("assignee_change_count"),
        integer("team_change_count"),
        integer("agent_reply_count"),
        integer("requester_reply_count"),
        integer("agent_touch_count"),
        big_integer_null("first_response_at"),
        text_null("first_responder"),
        text_null("first_response_team"),
        text_null("first_response_queue"),
        big_integer_null("first_response_from_customer_message_ms"),
        big_integer_null("reaction_ms"),
        integer("response_count"),
        big_integer_null("response_sum_ms"),
        big_integer_null("last_response_at"),
        big_integer_null("closed_at"),
        big_integer_null("chat_duration_ms"),
        big_integer_null("service_ms"),
        big_integer_null("inactivity_ms"),
        boolean("is_abandoned"),
        big_integer_null("handle_ms"),
        text_null("resolution_agent"),
        integer_null("latest_score"),
        integer("public_customer_messages"),
        integer("public_agent_messages"),
        integer("public_bot_messages"),
        integer("public_system_messages"),
        integer("internal_agent_messages"),
        integer("internal_other_messages"),
    ];
    create(manager, "case_record", &["workspace", "case_id"], columns).await?;
    // Looked up whatever its state, and as the way to a customer.
    index(manager, "case_record", &["workspace", "number", "case_id"], false).await?;
    index(manager, "case_record", &["workspace", "requester", "created_at", "case_id"], false).await?;
    // The orders of lists, in which only active cases are.
    active_cases(manager, &["workspace", "created_at", "case_id"]).await?;
    active_cases(manager, &["workspace", "updated_at", "case_id"]).await?;
    active_cases(manager, &["workspace", "priority_rank", "case_id"]).await?;
    // What lists are most asked by, each value's cases in the usual order. Of the other attributes every value is either common, so that
    // a page is soon found in that order, or not worth what another index would cost each case that comes in.
    active_cases(manager, &["workspace", "assignee", "created_at", "case_id"]).await?;
    active_cases(manager, &["workspace", "team", "created_at", "case_id"]).await?;
    active_cases(manager, &["workspace", "status", "created_at", "case_id"]).await
}

async fn active_cases(manager: &SchemaManager<'_>, columns: &[&'static str]) -> Result<(), DbErr> {
    index_where(manager, "case_record", columns, Expr::col("state").eq("active")).await
}

async fn presence_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns =
        [text("workspace"), text("agent"), big_integer("from_at"), big_integer_null("until_at"), text("status")];
    create(manager, "presence_record", &["workspace", "agent", "from_at"], columns).await?;
    // The spells that last: one an agent.
    index_where(manager, "presence_record", &["workspace", "agent"], Expr::col("until_at").is_null()).await
}
