//! Resolutions.

use sea_orm::entity::prelude::*;

/// One row of `resolution_record`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resolution_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    pub resolved_at: i64,
    pub resolved_by_kind: Option<String>,
    pub resolved_by_id: Option<String>,
    pub agent: Option<String>,
    pub assignee: Option<String>,
    pub team: Option<String>,
    pub queue: Option<String>,
    pub is_standing: bool,
    pub calendar_ms: Option<i64>,
    pub business_ms: Option<i64>,
    pub replies: i32,
    pub agents: i32,
    pub is_first_contact: bool,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
