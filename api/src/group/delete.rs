//! `DELETE /groups/:id`

use domain::Subject;
use domain::group::DeleteGroup;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::{Tag, find};
use crate::http::{Ctx, NoContent, Problem};

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Groups")]
impl Operation {
    /// Deletes a group.
    ///
    /// Everything shared with the group is no longer shared with it. Requires the admin role, or being the manager of
    /// this group.
    #[oai(path = "/groups/:id", method = "delete", operation_id = "deleteGroup")]
    async fn delete_group(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        let command = DeleteGroup {
            editor: Some(ctx.caller.editor()),
        };
        ctx.delete(find(&ctx, id.0), |_| {
            ctx.command(id.0, b"", command)
                .with_key_destruction(&Subject::new("group", id.0))
        })
        .await
    }
}
