//! `DELETE /groups/:id/members/:user_id`

use domain::group::RemoveMember;
use domain::user::Role;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use projections::user::{self};
use uuid::Uuid;

use crate::group::Tag;
use crate::group::find;
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

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
        ctx.delete(find_role(&ctx, id.0, user_id.0), |role| {
            let command = RemoveMember {
                editor: ctx.caller.editor(),
                user_id: user_id.0,
                role,
            };
            ctx.command(id.0, b"", command)
        })
        .await
    }
}

/// Finds the role of a user, in a group that the caller may see.
async fn find_role(ctx: &Ctx, group_id: Uuid, user_id: Uuid) -> Result<Role, Problem> {
    find(ctx, group_id).await?;
    let user = user::queries::find(&ctx.pool, user_id).await?;
    // Without an account the user is not a member, and the aggregate refuses.
    Ok(user.map_or(Role::Guest, |user| user.role.0))
}
