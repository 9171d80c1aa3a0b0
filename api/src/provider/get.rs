//! `GET /providers/:id`

use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::find;
use super::wire::ProviderResource;
use crate::http::{Ctx, Problem, Single};
use crate::model::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl Operation {
    /// Reads a model provider.
    ///
    /// Requires the admin role.
    #[oai(path = "/providers/:id", method = "get", operation_id = "getProvider")]
    async fn get_provider(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<ProviderResource>, Problem> {
        ctx.caller.require_admin()?;
        ctx.get(find(&ctx.app, id.0)).await
    }
}
