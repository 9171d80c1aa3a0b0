//! `DELETE /providers/:id`

use domain::provider::RemoveProvider;
use eventstore::Execution;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::find;
use crate::http::{Ctx, NoContent, Problem};
use crate::model::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl Operation {
    /// Deletes a model provider.
    ///
    /// Its models can no longer be used. Requires the admin role.
    #[oai(
        path = "/providers/:id",
        method = "delete",
        operation_id = "deleteProvider"
    )]
    async fn delete_provider(&self, ctx: Ctx, id: Path<Uuid>) -> Result<NoContent, Problem> {
        ctx.caller.require_admin()?;
        ctx.delete(find(&ctx, id.0), |provider| Execution {
            release: vec![("provider", provider.name)],
            ..ctx.command(id.0, b"", RemoveProvider)
        })
        .await
    }
}
