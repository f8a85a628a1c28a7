//! Events of every kind, waiting ones too (those whose case has not come).

use sea_orm::entity::prelude::*;

/// One row of `event`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    /// Word of `model::EventKind`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub at: i64,
    pub seq: Option<i64>,
    /// Word of `model::ActorKind`.
    pub actor_kind: Option<String>,
    pub actor_id: Option<String>,
    pub action: Option<String>,
    /// Bits of the fields that the standing line of a message or rating gave; see `row::event`.
    pub standing: i32,
    /// Bits of agent (1), team (2) and queue (4) that an assignment or rating names; one named and null takes it away.
    pub named: i32,
    /// Of a message: word of `model::Visibility`.
    pub visibility: Option<String>,
    /// Of a message.
    pub is_opening: Option<bool>,
    /// Of a message.
    pub edited_at: Option<i64>,
    /// Of an assignment: word of `model::AssignmentKind`.
    pub assignment_kind: Option<String>,
    /// Of an assignment or rating.
    pub agent: Option<String>,
    /// Of an assignment or rating.
    pub team: Option<String>,
    /// Of an assignment or rating.
    pub queue: Option<String>,
    /// Of a status change.
    pub status: Option<String>,
    /// Of a change: word of `model::ChangeField`.
    pub field: Option<String>,
    /// Of a change.
    pub value: Option<String>,
    /// Of an SLA application.
    pub policy: Option<String>,
    /// Of a rating.
    pub offered_at: Option<i64>,
    /// Of a rating.
    pub score: Option<i32>,
    /// Of a rating.
    pub comment: Option<String>,
}

/// Rows are joined by the program, not by the database.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
