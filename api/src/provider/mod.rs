//! Model providers, for administrators. This crate never calls them: workers do, and record the result.

mod endpoint;
mod request;

use std::time::Duration;

use domain::provider::{Provider, ProviderCommand};
use eventstore::Execution;
use poem::Result;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::MaybeUndefined;
use projections::provider::{ProviderView, queries};
use tokio::time::Instant;
use uuid::Uuid;

use self::endpoint::resolve_endpoint;
use self::request::{CreateProvider, LocalServerResource, ProviderResource, UpdateProvider};
use crate::http::{Body, Created, Ctx, List, NoContent, Problem, Single, Tag, Unversioned};
use crate::state::App;

/// How long a reply waits for a worker's check.
const CHECK_WAIT: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy)]
pub struct ProviderApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl ProviderApi {
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
        let items = queries::list(&ctx.pool).await?;
        let list = List {
            items: items.into_iter().map(Into::into).collect(),
            next_cursor: None,
        };
        Ok(Unversioned::new(list, position))
    }

    /// Lists model servers on this machine.
    ///
    /// Servers such as Ollama that were found on the machine of this server. Each can be added with its `base_url`,
    /// without changing settings. Requires the admin role.
    #[oai(
        path = "/providers/local",
        method = "get",
        operation_id = "listLocalServers"
    )]
    async fn list_local_servers(
        &self,
        ctx: Ctx,
    ) -> Result<Unversioned<List<LocalServerResource>>, Problem> {
        ctx.caller.require_admin()?;
        let position = ctx.read_position().await?;
        let found = ctx.local_servers.borrow().clone();
        let list = List {
            items: found.into_iter().map(Into::into).collect(),
            next_cursor: None,
        };
        Ok(Unversioned::new(list, position))
    }

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

    /// Changes a model provider.
    ///
    /// Changes its address, its API key or its list of models, and checks the provider. Requires the admin role.
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
        let caller = &ctx.caller;
        caller.require_admin()?;
        ctx.catch_up().await?;
        find(&ctx.app, id.0).await?;
        let command = configuration(&ctx.app, id.0, body.value).await?;
        execute(&ctx, id.0, (command, &body.bytes)).await
    }

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
            ..ctx.command::<Provider>(id.0, b"", ProviderCommand::RemoveProvider)
        })
        .await
    }

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
        let command = ProviderCommand::RequestCheck;
        execute(&ctx, id.0, (command, b"")).await
    }

    /// Refreshes the models of a provider.
    ///
    /// Asks the provider for its list of models again. Requires the admin role.
    #[oai(
        path = "/providers/:id/refresh",
        method = "post",
        operation_id = "refreshProvider"
    )]
    async fn refresh_provider(
        &self,
        ctx: Ctx,
        id: Path<Uuid>,
    ) -> Result<Single<ProviderResource>, Problem> {
        ctx.caller.require_admin()?;
        let command = ProviderCommand::RequestCheck;
        execute(&ctx, id.0, (command, b"")).await
    }
}

async fn execute(
    ctx: &Ctx,
    id: Uuid,
    (command, body): (ProviderCommand, &[u8]),
) -> Result<Single<ProviderResource>, Problem> {
    let execution = ctx.command::<Provider>(id, body, command);
    let committed = ctx.execute(execution).await?;
    let view = wait_for_check(ctx, id).await?;
    let version = view.version;
    Ok(Single::new(view.into(), version, committed.position))
}

/// Waits until a worker has checked the provider, up to a time limit, and returns it.
async fn wait_for_check(ctx: &Ctx, id: Uuid) -> Result<ProviderView, Problem> {
    let deadline = Instant::now() + CHECK_WAIT;
    loop {
        ctx.catch_up().await?;
        let view = find(&ctx.app, id).await?;
        if !view.pending || Instant::now() >= deadline {
            return Ok(view);
        }
        ctx.progress.wait_for_progress(POLL_INTERVAL).await;
    }
}

async fn find(app: &App, id: Uuid) -> Result<ProviderView, Problem> {
    queries::find(&app.pool, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// Builds the command that changes a provider.
async fn configuration(
    app: &App,
    provider_id: Uuid,
    input: UpdateProvider,
) -> Result<ProviderCommand, Problem> {
    let endpoint = match input.base_url.as_deref() {
        Some(url) => Some(resolve_endpoint(app, url).await?),
        None => None,
    };
    Ok(ProviderCommand::ConfigureProvider {
        provider_id,
        endpoint,
        api_key: match input.api_key {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(key) => Some(Some(key)),
        },
        models: input.models,
    })
}
