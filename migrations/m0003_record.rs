//! The rows derived from cases and events. They can be derived again at any time.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, integer, integer_null, text, text_null};

use crate::table::{create, create_of_case, drop, index, index_where};

/// The migration.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        case_record(manager).await?;
        case_tag(manager).await?;
        case_policy(manager).await?;
        response_record(manager).await?;
        sla_clock_record(manager).await?;
        closure_record(manager).await?;
        resolution_record(manager).await?;
        status_spell_record(manager).await?;
        assignment_record(manager).await?;
        rating_record(manager).await?;
        message_record(manager).await?;
        presence_record(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "case_record",
                "case_tag",
                "case_policy",
                "response_record",
                "sla_clock_record",
                "closure_record",
                "resolution_record",
                "status_spell_record",
                "assignment_record",
                "rating_record",
                "message_record",
                "presence_record",
            ],
        )
        .await
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

async fn case_tag(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("case_id"), text("tag"), big_integer("created_at")];
    create_of_case(manager, "case_tag", &["workspace", "case_id", "tag"], columns).await?;
    index(manager, "case_tag", &["workspace", "tag", "created_at", "case_id"], false).await
}

async fn case_policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("workspace"), text("case_id"), text("policy")];
    create_of_case(manager, "case_policy", &["workspace", "case_id", "policy"], columns).await
}

async fn response_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        integer("ordinal"),
        big_integer("started_at"),
        big_integer_null("replied_at"),
        boolean("is_first"),
        big_integer_null("calendar_ms"),
        big_integer_null("business_ms"),
        text_null("agent"),
        text_null("team"),
        text_null("queue"),
    ];
    create_of_case(manager, "response_record", &["workspace", "case_id", "ordinal"], columns).await
}

async fn sla_clock_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        text("metric"),
        integer("ordinal"),
        text("policy"),
        big_integer_null("policy_from"),
        text("clock"),
        big_integer("goal_ms"),
        big_integer("started_at"),
        big_integer_null("due_at"),
        big_integer_null("completed_at"),
        boolean("is_paused"),
        big_integer_null("paused_since"),
        big_integer_null("running_since"),
        big_integer("counted_calendar_ms"),
        big_integer("counted_business_ms"),
        big_integer_null("judged_calendar_ms"),
        big_integer_null("judged_business_ms"),
        boolean("is_left_out"),
        text_null("agent"),
        text_null("team"),
        text_null("queue"),
    ];
    create_of_case(manager, "sla_clock_record", &["workspace", "case_id", "metric", "ordinal"], columns).await
}

async fn closure_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        integer("ordinal"),
        big_integer("closed_at"),
        text("closed_by"),
        text_null("closing_agent"),
        text_null("agent"),
        text_null("assignee"),
        text_null("team"),
        text_null("queue"),
        big_integer_null("chat_duration_ms"),
        big_integer_null("service_ms"),
        big_integer_null("inactivity_ms"),
        boolean("is_abandoned"),
    ];
    create_of_case(manager, "closure_record", &["workspace", "case_id", "ordinal"], columns).await
}

async fn resolution_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        integer("ordinal"),
        big_integer("resolved_at"),
        text_null("resolved_by_kind"),
        text_null("resolved_by_id"),
        text_null("agent"),
        text_null("assignee"),
        text_null("team"),
        text_null("queue"),
        boolean("is_standing"),
        big_integer_null("calendar_ms"),
        big_integer_null("business_ms"),
        integer("replies"),
        integer("agents"),
        boolean("is_first_contact"),
    ];
    create_of_case(manager, "resolution_record", &["workspace", "case_id", "ordinal"], columns).await
}

async fn status_spell_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        integer("ordinal"),
        text("status_id"),
        text("status"),
        big_integer("from_at"),
        big_integer_null("until_at"),
        text_null("agent"),
        text_null("team"),
        text_null("queue"),
    ];
    create_of_case(manager, "status_spell_record", &["workspace", "case_id", "ordinal"], columns).await
}

async fn assignment_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        integer("ordinal"),
        big_integer("assigned_at"),
        text_null("kind"),
        text_null("agent"),
        text_null("team"),
        text_null("queue"),
        text_null("previous_agent"),
        text_null("previous_team"),
        text_null("previous_queue"),
        boolean("names_agent"),
        boolean("is_transfer"),
    ];
    create_of_case(manager, "assignment_record", &["workspace", "case_id", "ordinal"], columns).await
}

async fn rating_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        text("id"),
        big_integer("rated_at"),
        big_integer_null("offered_at"),
        integer("score"),
        text_null("comment"),
        text_null("agent"),
        text_null("team"),
        text_null("queue"),
    ];
    create_of_case(manager, "rating_record", &["workspace", "case_id", "id"], columns).await
}

async fn message_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        text("workspace"),
        text("case_id"),
        text("id"),
        big_integer("at"),
        text("author_kind"),
        text_null("author"),
        text("visibility"),
        boolean("is_opening"),
        text_null("agent"),
        text_null("team"),
        text_null("queue"),
    ];
    create_of_case(manager, "message_record", &["workspace", "case_id", "id"], columns).await
}

async fn presence_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns =
        [text("workspace"), text("agent"), big_integer("from_at"), big_integer_null("until_at"), text("status")];
    create(manager, "presence_record", &["workspace", "agent", "from_at"], columns).await?;
    // The spells that last: one an agent.
    index_where(manager, "presence_record", &["workspace", "agent"], Expr::col("until_at").is_null()).await
}
