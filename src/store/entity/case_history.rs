//! All records of a case besides its own row: they are written and read together. Each kind is a list in a column of its own, and a view
//! (`response_record` and so on) in which each is a row.

use sea_orm::entity::prelude::*;

/// One row of `case_history`. A list is JSON, an array of arrays; see `row::record`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_history")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    pub responses: Option<String>,
    pub sla_clocks: Option<String>,
    pub closures: Option<String>,
    pub resolutions: Option<String>,
    pub status_spells: Option<String>,
    pub assignments: Option<String>,
    pub ratings: Option<String>,
    pub messages: Option<String>,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
