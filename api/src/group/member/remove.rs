//! `DELETE /groups/:id/members/:user_id`

use domain::group::{Group, GroupCommand};
use domain::user::Role;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::user::{self};
use uuid::Uuid;

use super::role_of;
use crate::group::find;
use crate::http::{Ctx, NoContent, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
    /// Removes a user from a group.
    ///
    /// Members can also remove themselves.
    #[oai(
        path = "/groups/:id/members/:user_id",
        method = "delete",
        operation_id = "removeMember"
    )]
    async fn remove_member(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        user_id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let caller = &ctx.caller;
        ctx.catch_up().await?;
        if let Some(first) = ctx.find_repeated(b"").await? {
            return Ok(NoContent::at(first.position));
        }
        find(&ctx, id.0).await?;
        let user = user::queries::find(&ctx.pool, user_id.0).await?;
        let command = GroupCommand::RemoveMember {
            editor: caller.editor(),
            user_id: user_id.0,
            // Without an account the user is not a member, and the aggregate refuses.
            role: user.as_ref().map_or(Role::Guest, role_of),
        };
        let execution = ctx.command::<Group>(id.0, b"", command);
        let committed = ctx.execute(execution).await?;
        ctx.catch_up().await?;
        Ok(NoContent::at(committed.position))
    }
}
