//! Agents.

use sea_orm::entity::prelude::*;

/// One row of `agent`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub number: i64,
    pub name: String,
    pub username: Option<String>,
    pub email: Option<String>,
    /// Lower-cased name, login name, id and number, for searching.
    pub search_text: String,
    /// Word of `model::AgentKind`.
    pub kind: String,
    pub is_active: bool,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
