//! `PATCH /providers/:id`

use domain::provider::ConfigureProvider;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use uuid::Uuid;

use super::endpoint::resolve_endpoint;
use super::wire::{ProviderResource, UpdateProvider};
use super::{execute, find};
use crate::http::{Body, Ctx, Problem, Single};
use crate::model::Tag;

#[derive(Debug, Clone, Copy)]
pub(super) struct Operation;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl Operation {
    /// Changes a model provider.
    ///
    /// Changes its address, its API key or its lists of models, and checks the provider unless it only disables models.
    /// Requires the admin role.
    #[oai(
        path = "/providers/:id",
        method = "patch",
        operation_id = "updateProvider"
    )]
    async fn update_provider(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
        body: Body<UpdateProvider>,
    ) -> Result<Single<ProviderResource>, Problem> {
        ctx.caller.require_admin()?;
        ctx.catch_up().await?;
        find(&ctx.app, id.0).await?;
        let command = configuration(&ctx, id.0, body.value).await?;
        execute(&ctx, id.0, (command, &body.bytes)).await
    }
}

/// Builds the command that changes a provider.
async fn configuration(
    ctx: &Ctx,
    provider_id: Uuid,
    input: UpdateProvider,
) -> Result<ConfigureProvider, Problem> {
    let endpoint = match input.base_url.as_deref() {
        Some(url) => Some(resolve_endpoint(ctx, url).await?),
        None => None,
    };
    Ok(ConfigureProvider {
        provider_id,
        endpoint,
        api_key: input.api_key.into(),
        models: input.models,
        disabled_models: input.disabled_models,
    })
}
