//! `POST /providers/:id/test`

use domain::provider::RequestCheck;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::execute;
use super::wire::ProviderResource;
use crate::http::{Ctx, Problem, Single};
use crate::model::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl Operation {
    /// Tests a model provider.
    ///
    /// Asks the provider whether it answers. Requires the admin role.
    #[oai(
        path = "/providers/:id/test",
        method = "post",
        operation_id = "testProvider"
    )]
    async fn test_provider(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<ProviderResource>, Problem> {
        ctx.caller.require_admin()?;
        let command = RequestCheck;
        execute(&ctx, id.0, (command, b"")).await
    }
}
