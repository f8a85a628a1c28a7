//! Versions of SLA policies.

use sea_orm::entity::prelude::*;

/// One row of `sla_policy`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// In force from then on; the least number: since ever.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: i64,
    pub name: String,
    pub position: i64,
    pub is_enabled: bool,
    /// JSON of `model::Conditions`.
    pub conditions: String,
    /// JSON: list of `{metric, priority, goal_ms, clock}`.
    pub targets: String,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
