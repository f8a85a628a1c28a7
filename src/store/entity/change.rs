//! What each revision touched.

use sea_orm::entity::prelude::*;

/// One row of `change`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    /// A random number, by which a revision is told from another of the same number: in a copy that was put back, say.
    pub mark: i64,
    /// JSON: ids of cases whose rows were written or removed; `None`: perhaps all.
    pub cases: Option<String>,
    /// JSON: ids of agents whose presence, teams or kind were; `None`: perhaps all.
    pub agents: Option<String>,
    /// Number of those ids.
    pub touched: i64,
    /// Indicates that something was erased.
    pub erases: bool,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
