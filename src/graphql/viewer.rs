//! Who asks.

use async_graphql::{Context, Object};

use super::context::ask;
use super::enums::{Permission, Role};
use super::team::Team;
use super::workspace::Workspace;

/// The viewer of the request.
pub struct Viewer;

/// Who asks, and what they may see and do
#[Object]
impl Viewer {
    /// Who: the subject of the token
    async fn subject<'a>(&self, ctx: &Context<'a>) -> async_graphql::Result<&'a str> {
        Ok(&ask(ctx)?.lookups.viewer().subject)
    }
    /// The workspace whose data the viewer sees
    async fn workspace(&self, ctx: &Context<'_>) -> async_graphql::Result<Workspace> {
        Ok(Workspace(ask(ctx)?.workspace().await?))
    }
    /// What the viewer is in the workspace
    async fn role(&self, ctx: &Context<'_>) -> async_graphql::Result<Role> {
        Ok(ask(ctx)?.lookups.viewer().role.into())
    }
    /// What the viewer may do: the role's permissions and those that the token adds
    async fn permissions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Permission>> {
        Ok(ask(ctx)?.lookups.viewer().permissions.iter().map(|&permission| permission.into()).collect())
    }
    /// Teams whose cases the viewer sees; null: every case of the workspace
    async fn teams(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<Team>>> {
        let ask = ask(ctx)?;
        let Some(teams) = &ask.lookups.viewer().teams else { return Ok(None) };
        let ids: Vec<_> = teams.iter().cloned().collect();
        Ok(Some(ask.load.teams.find_all(&ids).await?.into_iter().map(Team).collect()))
    }
}

/// Fields of the root.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who asks
    async fn viewer(&self) -> Viewer {
        Viewer
    }
}
