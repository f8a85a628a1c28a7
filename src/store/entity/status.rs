//! Versions of named statuses.

use sea_orm::entity::prelude::*;

/// One row of `status`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// In force from then on; the least number: since ever.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: i64,
    pub label: String,
    /// Word of `model::CaseStatus`.
    pub category: String,
    pub sla_active: Option<bool>,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
