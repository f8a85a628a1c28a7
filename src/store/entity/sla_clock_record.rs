//! SLA clocks.

use sea_orm::entity::prelude::*;

/// One row of `sla_clock_record`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_clock_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    /// Word of `model::SlaMetric`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub metric: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    pub policy: String,
    pub policy_from: Option<i64>,
    /// Word of `model::ClockMode`.
    pub clock: String,
    pub goal_ms: i64,
    pub started_at: i64,
    pub due_at: Option<i64>,
    pub completed_at: Option<i64>,
    pub is_paused: bool,
    pub paused_since: Option<i64>,
    pub running_since: Option<i64>,
    pub counted_calendar_ms: i64,
    pub counted_business_ms: i64,
    pub judged_calendar_ms: Option<i64>,
    pub judged_business_ms: Option<i64>,
    pub is_left_out: bool,
    pub agent: Option<String>,
    pub team: Option<String>,
    pub queue: Option<String>,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
