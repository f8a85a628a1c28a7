//! Versions of schedules.

use sea_orm::entity::prelude::*;

/// One row of `business_hours`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "business_hours")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// In force from then on; the least number: since ever.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: i64,
    pub name: String,
    pub timezone: String,
    /// JSON: seven lists of `[from, until]` minutes, Monday first.
    pub weekly: String,
    /// JSON: list of `{date, name}`.
    pub holidays: String,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
