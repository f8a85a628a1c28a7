//! API keys, without the keys themselves.

use sea_orm::entity::prelude::*;

/// One row of `api_key`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// SHA-256 of the key, in hexadecimal.
    pub hash: String,
    pub name: String,
    /// Word of `model::Role`.
    pub role: String,
    /// JSON list of ids; null: all teams.
    pub teams: Option<String>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
