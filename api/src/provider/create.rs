//! `POST /providers`

use domain::provider::{Provider, ProviderCommand};
use eventstore::Execution;
use poem::Result;
use poem_openapi::OpenApi;
use uuid::Uuid;

use super::endpoint::resolve_endpoint;
use super::wait_for_check;
use super::wire::{CreateProvider, ProviderResource};
use crate::http::{Body, Created, Ctx, Problem, Tag};

#[derive(Debug, Clone, Copy)]
pub struct Operation;

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
        let caller = &ctx.caller;
        caller.require_admin()?;
        let input = body.value;
        let id = Uuid::now_v7();
        let command = ProviderCommand::AddProvider {
            provider_id: id,
            name: input.name.clone(),
            kind: input.kind.into(),
            endpoint: resolve_endpoint(&ctx.app, &input.base_url).await?,
            api_key: input.api_key,
            models: input.models.unwrap_or_default(),
        };
        let execution = Execution {
            reserve: vec![("provider", input.name, id.to_string())],
            ..ctx.creation::<Provider>(id, &body.bytes, command)
        };
        ctx.create(execution, |id| wait_for_check(&ctx, id)).await
    }
}
