//! Messages, attributed.

use sea_orm::entity::prelude::*;

/// One row of `message_record`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub at: i64,
    /// Word of `model::ActorKind`.
    pub author_kind: String,
    pub author: Option<String>,
    /// Word of `model::Visibility`.
    pub visibility: String,
    pub is_opening: bool,
    pub agent: Option<String>,
    pub team: Option<String>,
    pub queue: Option<String>,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
