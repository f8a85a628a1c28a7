//! Assignments and changes of team.

use sea_orm::entity::prelude::*;

/// One row of `assignment_record`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ordinal: i32,
    pub assigned_at: i64,
    /// Word of `model::AssignmentKind`.
    pub kind: Option<String>,
    pub agent: Option<String>,
    pub team: Option<String>,
    pub queue: Option<String>,
    pub previous_agent: Option<String>,
    pub previous_team: Option<String>,
    pub previous_queue: Option<String>,
    pub names_agent: bool,
    pub is_transfer: bool,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
