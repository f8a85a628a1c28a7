//! Settings of a workspace, and where its writing stands.

use sea_orm::entity::prelude::*;

/// One row of `workspace`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workspace")]
pub struct Model {
    /// Its id, as tokens name it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Display name.
    pub name: String,
    /// IANA zone.
    pub timezone: String,
    /// Schedule of cases whose team has none.
    pub business_hours: Option<String>,
    /// Silence after which a case that staff close counts as abandoned.
    pub abandon_after_ms: i64,
    /// Whether public messages of bots are no replies.
    pub ignore_bot_messages: bool,
    /// Counts the transactions that changed something.
    pub revision: i64,
    /// Next number for a case whose source gives none.
    pub next_case_number: i64,
    /// Next number for an agent whose source gives none.
    pub next_agent_number: i64,
    /// Cases with greater ids are still to be derived again; `None` when none are.
    pub rederive_after: Option<String>,
    /// When the latest revision was made.
    pub as_of: i64,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
