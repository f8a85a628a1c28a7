//! Closures.

use sea_orm::entity::prelude::*;

/// One row of `closure_record`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "closure_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    pub closed_at: i64,
    /// Word of `record::ClosedBy`.
    pub closed_by: String,
    pub closing_agent: Option<String>,
    pub agent: Option<String>,
    pub assignee: Option<String>,
    pub team: Option<String>,
    pub queue: Option<String>,
    pub chat_duration_ms: Option<i64>,
    pub service_ms: Option<i64>,
    pub inactivity_ms: Option<i64>,
    pub is_abandoned: bool,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
