//! `PATCH /groups/:id`

use domain::group::DescribeGroup;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::wire::{GroupResource, UpdateGroup};
use super::{Tag, find};
use crate::http::{Body, Ctx, Problem, Single};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
    /// Changes a group.
    ///
    /// Changes the given fields and leaves the others. Requires the admin role, or being the manager of this group.
    #[oai(path = "/groups/:id", method = "patch", operation_id = "updateGroup")]
    async fn update_group(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateGroup>,
    ) -> Result<Single<GroupResource>, Problem> {
        ctx.change(id.0, &body.bytes, || async {
            let before = find(&ctx, id.0).await?;
            let command = DescribeGroup {
                editor: ctx.caller.editor(),
                details: body.value.parse(&before).map_err(Problem::refused)?,
            };
            Ok((before.version, command))
        })
        .await?;
        ctx.reply(find(&ctx, id.0)).await
    }
}
