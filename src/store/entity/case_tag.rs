//! The way from a tag to the cases that have it now, which list it themselves.

use sea_orm::entity::prelude::*;

/// One row of `case_tag`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_tag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: String,
    /// When the case was created.
    #[sea_orm(primary_key, auto_increment = false)]
    pub created_at: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
