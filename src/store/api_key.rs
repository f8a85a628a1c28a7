//! API keys: whom each lets in. The keys themselves are not kept.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::entity::api_key;
use super::row::{from_json, to_json, word};
use super::{Store, StoreError};
use crate::model::{ApiKey, Instant, Role, WorkspaceId};

impl Store {
    /// The key of that hash, good or not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_api_key(&self, hash: &str) -> Result<Option<ApiKey>, StoreError> {
        let row = api_key::Entity::find().filter(api_key::Column::Hash.eq(hash)).one(&self.asker).await?;
        row.map(to_api_key).transpose()
    }

    /// Every key of a workspace, the newest first.
    ///
    /// # Errors
    /// As `find_api_key`.
    pub async fn api_keys(&self, workspace: &WorkspaceId) -> Result<Vec<ApiKey>, StoreError> {
        let rows = api_key::Entity::find()
            .filter(api_key::Column::Workspace.eq(workspace.0.as_str()))
            .order_by_desc(api_key::Column::CreatedAt)
            .order_by_asc(api_key::Column::Id);
        rows.all(&self.reader).await?.into_iter().map(to_api_key).collect()
    }

    /// Adds a key, to be found by its hash.
    ///
    /// # Errors
    /// As `find_api_key`.
    pub async fn add_api_key(&self, key: &ApiKey, hash: &str) -> Result<(), StoreError> {
        let row = api_key::Model {
            workspace: key.workspace.0.clone(),
            id: key.id.clone(),
            hash: hash.to_owned(),
            name: key.name.clone(),
            role: key.role.word().to_owned(),
            teams: key.teams.as_ref().map(to_json).transpose()?,
            created_at: key.created_at.ms(),
            expires_at: key.expires_at.map(Instant::ms),
            revoked_at: key.revoked_at.map(Instant::ms),
        };
        api_key::Entity::insert(row.into_active_model()).exec_without_returning(&self.writer).await?;
        Ok(())
    }

    /// Revokes a key; says whether there was one that was not revoked.
    ///
    /// # Errors
    /// As `find_api_key`.
    pub async fn revoke_api_key(&self, workspace: &WorkspaceId, id: &str, now: Instant) -> Result<bool, StoreError> {
        let update = api_key::Entity::update_many()
            .col_expr(api_key::Column::RevokedAt, Expr::value(now.ms()))
            .filter(api_key::Column::Workspace.eq(workspace.0.as_str()))
            .filter(api_key::Column::Id.eq(id))
            .filter(api_key::Column::RevokedAt.is_null());
        Ok(update.exec(&self.writer).await?.rows_affected > 0)
    }
}

fn to_api_key(row: api_key::Model) -> Result<ApiKey, StoreError> {
    let teams: Option<BTreeSet<String>> =
        row.teams.as_deref().map(|teams| from_json("api_key.teams", teams)).transpose()?;
    Ok(ApiKey {
        id: row.id,
        workspace: WorkspaceId(row.workspace),
        name: row.name,
        role: word("api_key.role", Role::from_word, &row.role)?,
        teams,
        created_at: Instant::from_ms(row.created_at),
        expires_at: row.expires_at.map(Instant::from_ms),
        revoked_at: row.revoked_at.map(Instant::from_ms),
    })
}
