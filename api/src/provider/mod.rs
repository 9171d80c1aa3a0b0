//! Providers of models, for administrators. The API never calls out: workers do, and tell what they found.

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

use self::endpoint::endpoint;
use self::request::{CreateProvider, LocalServerResource, ProviderResource, UpdateProvider};
use crate::answer::{Done, List, Made, One, Plain};
use crate::auth::{Auth, Caller};
use crate::body::Body;
use crate::head::Head;
use crate::problem::Problem;
use crate::state::App;
use crate::tag::Tag;

/// How long an answer waits for a worker's check.
const CHECK_WAIT: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy)]
pub struct ProviderApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Models")]
impl ProviderApi {
    /// Lists the model providers.
    ///
    /// Requires the role admin.
    #[oai(path = "/providers", method = "get", operation_id = "listProviders")]
    async fn list_providers(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
    ) -> Result<Plain<List<ProviderResource>>, Problem> {
        auth.0.admin()?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let items = queries::list(&app.pool).await?;
        let list = List {
            items: items.into_iter().map(Into::into).collect(),
            next_cursor: None,
        };
        Ok(Plain::new(list, position))
    }

    /// Lists model servers on this machine.
    ///
    /// Servers such as Ollama that were found on the machine of this server. Each can be added under its `base_url`
    /// without a change of settings. Requires the role admin.
    #[oai(
        path = "/providers/local",
        method = "get",
        operation_id = "listLocalServers"
    )]
    async fn list_local_servers(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
    ) -> Result<Plain<List<LocalServerResource>>, Problem> {
        auth.0.admin()?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let found = app.local_servers.borrow().clone();
        let list = List {
            items: found.into_iter().map(Into::into).collect(),
            next_cursor: None,
        };
        Ok(Plain::new(list, position))
    }

    /// Adds a model provider.
    ///
    /// Checks the provider and waits a few seconds for the result. Requires the role admin.
    #[oai(path = "/providers", method = "post", operation_id = "createProvider")]
    async fn create_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        body: Body<CreateProvider>,
    ) -> Result<Made<ProviderResource>, Problem> {
        let caller = auth.0;
        caller.admin()?;
        let input = body.value;
        let id = Uuid::now_v7();
        let command = ProviderCommand::AddProvider {
            provider_id: id,
            name: input.name.clone(),
            kind: input.kind.into(),
            endpoint: endpoint(&app, &input.base_url).await?,
            api_key: input.api_key,
            models: input.models.unwrap_or_default(),
        };
        let execution = Execution {
            reserve: vec![("provider", input.name, id.to_string())],
            ..head.execution(
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
        let view = checked(&app, &caller, id).await?;
        let (version, location) = (view.version, format!("/api/v1/providers/{id}"));
        Ok(Made::new(
            view.into(),
            location,
            version,
            committed.position,
        ))
    }

    /// Reads a model provider.
    ///
    /// Requires the role admin.
    #[oai(path = "/providers/:id", method = "get", operation_id = "getProvider")]
    async fn get_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<ProviderResource>, Problem> {
        auth.0.admin()?;
        let position = app.read_position(auth.0.id, head.min_position).await?;
        let view = find(&app, id.0).await?;
        let version = view.version;
        Ok(One::new(view.into(), version, position))
    }

    /// Changes a model provider.
    ///
    /// Changes its address, its API key or its list of models, and checks the provider. Requires the role admin.
    #[oai(
        path = "/providers/:id",
        method = "patch",
        operation_id = "updateProvider"
    )]
    async fn update_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
        body: Body<UpdateProvider>,
    ) -> Result<One<ProviderResource>, Problem> {
        let caller = auth.0;
        caller.admin()?;
        app.read_position(caller.id, None).await?;
        find(&app, id.0).await?;
        let command = configuration(&app, id.0, body.value).await?;
        run(&app, &caller, &head, id.0, (command, &body.bytes)).await
    }

    /// Deletes a model provider.
    ///
    /// Its models can no longer be used. Requires the role admin.
    #[oai(
        path = "/providers/:id",
        method = "delete",
        operation_id = "deleteProvider"
    )]
    async fn delete_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<Done, Problem> {
        let caller = auth.0;
        caller.admin()?;
        app.read_position(caller.id, None).await?;
        if let Some(first) = app.repeated(head.idempotency(&caller, b"")).await? {
            return Ok(Done::at(first.position));
        }
        let view = find(&app, id.0).await?;
        let command = ProviderCommand::RemoveProvider;
        let steps = vec![step::<Provider>(id.0, head.expected(), command)];
        let execution = Execution {
            release: vec![("provider", view.name)],
            ..head.execution(&caller, b"", steps)
        };
        let committed = app.execute(caller.id, execution).await?;
        Ok(Done::at(committed.position))
    }

    /// Tests a model provider.
    ///
    /// Asks the provider whether it answers. Requires the role admin.
    #[oai(
        path = "/providers/:id/test",
        method = "post",
        operation_id = "testProvider"
    )]
    async fn test_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<ProviderResource>, Problem> {
        auth.0.admin()?;
        let command = ProviderCommand::RequestCheck;
        run(&app, &auth.0, &head, id.0, (command, b"")).await
    }

    /// Refreshes the models of a provider.
    ///
    /// Asks the provider for its list of models again. Requires the role admin.
    #[oai(
        path = "/providers/:id/refresh",
        method = "post",
        operation_id = "refreshProvider"
    )]
    async fn refresh_provider(
        &self,
        app: Data<&Arc<App>>,
        auth: Auth,
        head: Head,
        id: Path<Uuid>,
    ) -> Result<One<ProviderResource>, Problem> {
        auth.0.admin()?;
        let command = ProviderCommand::RequestCheck;
        run(&app, &auth.0, &head, id.0, (command, b"")).await
    }
}

async fn run(
    app: &App,
    caller: &Caller,
    head: &Head,
    id: Uuid,
    (command, body): (ProviderCommand, &[u8]),
) -> Result<One<ProviderResource>, Problem> {
    let steps = vec![step::<Provider>(id, head.expected(), command)];
    let execution = head.execution(caller, body, steps);
    let committed = app.execute(caller.id, execution).await?;
    let view = checked(app, caller, id).await?;
    let version = view.version;
    Ok(One::new(view.into(), version, committed.position))
}

/// The provider once a worker has checked it, or as it is when the wait ends.
async fn checked(app: &App, caller: &Caller, id: Uuid) -> Result<ProviderView, Problem> {
    let deadline = Instant::now() + CHECK_WAIT;
    loop {
        app.read_position(caller.id, None).await?;
        let view = find(app, id).await?;
        if !view.pending || Instant::now() >= deadline {
            return Ok(view);
        }
        app.progress.next(LOOK).await;
    }
}

async fn find(app: &App, id: Uuid) -> Result<ProviderView, Problem> {
    queries::find(&app.pool, id)
        .await?
        .ok_or_else(Problem::not_found)
}

/// What changes of a provider; the rest is known to its aggregate.
async fn configuration(
    app: &App,
    provider_id: Uuid,
    input: UpdateProvider,
) -> Result<ProviderCommand, Problem> {
    let endpoint = match input.base_url.as_deref() {
        Some(url) => Some(endpoint(app, url).await?),
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
