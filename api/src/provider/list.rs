//! `GET /providers`

use poem::Result;
use poem_openapi::OpenApi;
use projections::provider::queries;

use super::wire::ProviderResource;
use crate::http::{Ctx, List, Problem, Unversioned};
use crate::model::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl Operation {
    /// Lists the model providers.
    ///
    /// Requires the admin role.
    #[oai(path = "/providers", method = "get", operation_id = "listProviders")]
    async fn list_providers(
        &self,
        ctx: Ctx,
    ) -> Result<Unversioned<List<ProviderResource>>, Problem> {
        ctx.caller.require_admin()?;
        let position = ctx.read_position().await?;
        let providers = queries::list(&ctx.pool).await?;
        Ok(Unversioned::new(List::single_page(providers), position))
    }
}
