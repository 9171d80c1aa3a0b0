//! `POST /providers`

use eventstore::Execution;
use poem::Result;
use poem_openapi::OpenApi;

use super::endpoint::resolve_endpoint;
use super::wait_for_check;
use super::wire::{CreateProvider, ProviderResource};
use crate::http::{Body, Created, Ctx, Problem};
use crate::model::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl Operation {
    /// Adds a model provider.
    ///
    /// Checks the provider and waits a few seconds for the result. Requires the admin role.
    #[oai(path = "/providers", method = "post", operation_id = "createProvider")]
    async fn create_provider(
        &self,
        ctx: Ctx,
        body: Body<CreateProvider>,
    ) -> Result<Created<ProviderResource>, Problem> {
        ctx.caller.require_admin()?;
        let id = ctx.clock.new_id();
        let name = body.value.name.clone();
        let endpoint = resolve_endpoint(&ctx, &body.value.base_url).await?;
        let command = body.value.command(id, endpoint);
        let execution = Execution {
            reserve: vec![("provider", name, id.to_string())],
            ..ctx.creation(id, &body.bytes, command)
        };
        ctx.create(execution, |id| wait_for_check(&ctx, id)).await
    }
}
