//! Cases as created.

use sea_orm::entity::prelude::*;

/// One row of `support_case`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "support_case")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub number: i64,
    pub created_at: i64,
    pub channel: String,
    pub initial_channel: Option<String>,
    /// Word of `model::Direction`.
    pub direction: String,
    pub contact_point: Option<String>,
    pub requester: Option<String>,
    /// Word of `model::ActorKind`.
    pub creator_kind: Option<String>,
    pub creator_id: Option<String>,
    pub priority: Option<String>,
    pub case_type: Option<String>,
    pub subject: Option<String>,
    pub team: Option<String>,
    pub queue: Option<String>,
    pub assignee: Option<String>,
    /// JSON: sorted list.
    pub tags: String,
    /// Word of `model::CaseState`.
    pub state: String,
    pub merged_into: Option<String>,
    /// JSON: map of texts.
    pub attributes: String,
    /// Indicates a customer of the case was erased: its texts are kept out.
    pub is_anonymous: bool,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
