//! `POST /groups`

use domain::group;
use poem::Result;
use poem_openapi::OpenApi;

use super::wire::{CreateGroup, GroupResource};
use super::{Tag, find, require_group_manager};
use crate::http::{Body, Created, Ctx, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
    /// Creates a group.
    ///
    /// Requires the manager or admin role.
    #[oai(path = "/groups", method = "post", operation_id = "createGroup")]
    async fn create_group(
        &self,
        ctx: Ctx,
        body: Body<CreateGroup>,
    ) -> Result<Created<GroupResource>, Problem> {
        require_group_manager(&ctx.caller)?;
        let id = ctx.clock.new_id();
        let command = group::CreateGroup {
            editor: ctx.caller.editor(),
            details: body.value.parse(id).map_err(Problem::refused)?,
        };
        let execution = ctx.creation(id, &body.bytes, command);
        ctx.create(execution, |id| find(&ctx, id)).await
    }
}
