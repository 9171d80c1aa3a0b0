//! Model providers, for administrators. This crate never calls them: workers do, and record the result.

mod endpoint;
mod request;

use std::sync::Arc;
use std::time::Duration;

use domain::provider::{Provider, ProviderCommand};
use eventstore::Execution;
use eventstore::executor::step;
use poem::Result;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::types::MaybeUndefined;
use projections::provider::{ProviderView, queries};
use tokio::time::Instant;
use uuid::Uuid;

use self::endpoint::resolve_endpoint;
use self::request::{CreateProvider, LocalServerResource, ProviderResource, UpdateProvider};
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::problem::Problem;
use crate::reply::{Created, List, NoContent, Single, Unversioned};
use crate::request_meta::RequestMeta;
use crate::state::App;
use crate::tag::Tag;

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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<Unversioned<List<ProviderResource>>, Problem> {
        auth.0.require_admin()?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let items = queries::list(&app.pool).await?;
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
    ) -> Result<Unversioned<List<LocalServerResource>>, Problem> {
        auth.0.require_admin()?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let found = app.local_servers.borrow().clone();
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        body: Body<CreateProvider>,
    ) -> Result<Created<ProviderResource>, Problem> {
        let caller = auth.0;
        caller.require_admin()?;
        let input = body.value;
        let id = Uuid::now_v7();
        let command = ProviderCommand::AddProvider {
            provider_id: id,
            name: input.name.clone(),
            kind: input.kind.into(),
            endpoint: resolve_endpoint(&app, &input.base_url).await?,
            api_key: input.api_key,
            models: input.models.unwrap_or_default(),
        };
        let execution = Execution {
            reserve: vec![("provider", input.name, id.to_string())],
            ..meta.execution(
                &caller,
                &body.bytes,
                vec![step::<Provider>(id, None, command)],
            )
        };
        let committed = app.execute(caller.id, execution).await?;
        let id = committed
            .events
            .first()
            .map_or(id, |event| event.aggregate_id);
        let view = wait_for_check(&app, &caller, id).await?;
        let (version, location) = (view.version, format!("/api/v1/providers/{id}"));
        Ok(Created::new(
            view.into(),
            location,
            version,
            committed.position,
        ))
    }

    /// Reads a model provider.
    ///
    /// Requires the admin role.
    #[oai(path = "/providers/:id", method = "get", operation_id = "getProvider")]
    async fn get_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<ProviderResource>, Problem> {
        auth.0.require_admin()?;
        let position = app.read_position(auth.0.id, meta.min_position).await?;
        let view = find(&app, id.0).await?;
        let version = view.version;
        Ok(Single::new(view.into(), version, position))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
        body: Body<UpdateProvider>,
    ) -> Result<Single<ProviderResource>, Problem> {
        let caller = auth.0;
        caller.require_admin()?;
        app.read_position(caller.id, None).await?;
        find(&app, id.0).await?;
        let command = configuration(&app, id.0, body.value).await?;
        execute(&app, &caller, &meta, id.0, (command, &body.bytes)).await
    }

    /// Deletes a model provider.
    ///
    /// Its models can no longer be used. Requires the admin role.
    #[oai(
        path = "/providers/:id",
        method = "delete",
        operation_id = "deleteProvider"
    )]
    async fn delete_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<NoContent, Problem> {
        let caller = auth.0;
        caller.require_admin()?;
        app.read_position(caller.id, None).await?;
        if let Some(first) = app.find_repeated(meta.idempotency(&caller, b"")).await? {
            return Ok(NoContent::at(first.position));
        }
        let view = find(&app, id.0).await?;
        let command = ProviderCommand::RemoveProvider;
        let steps = vec![step::<Provider>(id.0, meta.expected(), command)];
        let execution = Execution {
            release: vec![("provider", view.name)],
            ..meta.execution(&caller, b"", steps)
        };
        let committed = app.execute(caller.id, execution).await?;
        Ok(NoContent::at(committed.position))
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<ProviderResource>, Problem> {
        auth.0.require_admin()?;
        let command = ProviderCommand::RequestCheck;
        execute(&app, &auth.0, &meta, id.0, (command, b"")).await
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
        app: Data<&Arc<App>>,
        auth: Auth,
        meta: RequestMeta,
        id: Path<Uuid>,
    ) -> Result<Single<ProviderResource>, Problem> {
        auth.0.require_admin()?;
        let command = ProviderCommand::RequestCheck;
        execute(&app, &auth.0, &meta, id.0, (command, b"")).await
    }
}

async fn execute(
    app: &App,
    caller: &Caller,
    meta: &RequestMeta,
    id: Uuid,
    (command, body): (ProviderCommand, &[u8]),
) -> Result<Single<ProviderResource>, Problem> {
    let steps = vec![step::<Provider>(id, meta.expected(), command)];
    let execution = meta.execution(caller, body, steps);
    let committed = app.execute(caller.id, execution).await?;
    let view = wait_for_check(app, caller, id).await?;
    let version = view.version;
    Ok(Single::new(view.into(), version, committed.position))
}

/// Waits until a worker has checked the provider, up to a time limit, and returns it.
async fn wait_for_check(app: &App, caller: &Caller, id: Uuid) -> Result<ProviderView, Problem> {
    let deadline = Instant::now() + CHECK_WAIT;
    loop {
        app.read_position(caller.id, None).await?;
        let view = find(app, id).await?;
        if !view.pending || Instant::now() >= deadline {
            return Ok(view);
        }
        app.progress.wait_for_progress(POLL_INTERVAL).await;
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
