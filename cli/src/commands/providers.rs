//! `convosphere providers`, and the providers that the environment configures.

use std::io::Read;
use std::time::Duration;

use api::settings::SettingsResource;
use domain::egress;
use domain::installation::{ChooseDefaultModel, Installation as InstallationAggregate};
use domain::model::GUIDE;
use domain::provider::{
    AddProvider, ConfigureProvider, Endpoint, Health, ProviderKind, RemoveProvider, RequestCheck,
};
use eventstore::Execution;
use eventstore::command::{Context, step};
use projections::provider::{ProviderView, queries};
use runtime::Leases;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use crate::api_client::text_field;
use crate::arguments::{KindName, Providers};
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::privileges::OsUser;

const VIEW_LIMIT: Duration = Duration::from_secs(10);
/// A provider has ten seconds to answer; the result then has to arrive.
const CHECK_LIMIT: Duration = Duration::from_secs(15);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

pub async fn run(
    i: &Installation,
    command: Providers,
    json: bool,
    user: &OsUser,
) -> Result<(), Failure> {
    // If no server runs, this process updates the read models itself.
    let _projecting =
        workers::start_projecting(&i.source(), &i.progress, &eventstore::Health::default());
    i.progress.wait_for(i.feed.head(), VIEW_LIMIT).await?;
    let context = Context::cli(&user.0);
    match command {
        Providers::List => {
            for provider in queries::list(&i.pool).await? {
                show(&to_json(&provider), json);
            }
            Ok(())
        }
        Providers::Add {
            name,
            kind,
            base_url,
            api_key_stdin,
            models,
        } => {
            let kind = ProviderKind::from(kind);
            let base_url = base_url.unwrap_or_else(|| kind.default_url().to_owned());
            let id = i.clock.new_id();
            let command = AddProvider {
                provider_id: id,
                name: name.clone(),
                kind,
                endpoint: parse_endpoint(&base_url)?,
                api_key: read_api_key(api_key_stdin)?,
                models,
            };
            let execution = Execution {
                reserve: vec![("provider", name, id.to_string())],
                ..Execution::new(context, vec![step(id, None, command)])
            };
            execute_and_check(i, id, execution, json).await
        }
        Providers::Update {
            name,
            base_url,
            api_key_stdin,
            models,
            no_models,
        } => {
            let models = (no_models || !models.is_empty()).then_some(models);
            let changes = (base_url, api_key_stdin, models);
            update(i, context, &name, changes, json).await
        }
        Providers::Test { name } => {
            let id = find(i, &name).await?.id;
            let steps = vec![step(id, None, RequestCheck)];
            execute_and_check(i, id, Execution::new(context, steps), json).await
        }
        Providers::Remove { name } => {
            let provider = find(i, &name).await?;
            let steps = vec![step(provider.id, None, RemoveProvider)];
            let execution = Execution {
                release: vec![("provider", provider.name)],
                ..Execution::new(context, steps)
            };
            i.executor.execute(execution).await?;
            output::print_message(&format!("removed the provider {name}"));
            Ok(())
        }
        Providers::Default { model, automatic } => {
            if model.is_some() || automatic {
                set_default_model(i, context, model).await?;
            }
            let default = queries::default_model(&i.pool).await?;
            let settings = SettingsResource::new(i.settings.default_model.as_deref(), default);
            show_default(&json!(settings), json);
            Ok(())
        }
    }
}

/// Sets the default model; `None` selects it automatically.
async fn set_default_model(
    i: &Installation,
    context: Context,
    model: Option<String>,
) -> Result<(), Failure> {
    if let Some(configured) = &i.settings.default_model {
        return Err(Failure::Conflict(format!(
            "the setting models.default is {configured}; remove it to choose the default model here"
        )));
    }
    if let Some(model) = &model
        && model != GUIDE
    {
        let (provider, name) = model.split_once('/').unwrap_or((model, ""));
        if !queries::has_model(&i.pool, provider, name).await? {
            return Err(Failure::NotFound(format!(
                "no provider has the model {model}; `convosphere providers list` shows the providers"
            )));
        }
    }
    let command = ChooseDefaultModel { model };
    let id = InstallationAggregate::ID;
    let steps = vec![step(id, None, command)];
    let committed = i.executor.execute(Execution::new(context, steps)).await?;
    i.progress.wait_for(committed.position, VIEW_LIMIT).await?;
    Ok(())
}

/// Changes the given properties of a provider and lists its models again.
async fn update(
    i: &Installation,
    context: Context,
    name: &str,
    (base_url, api_key_stdin, models): (Option<String>, bool, Option<Vec<String>>),
    json: bool,
) -> Result<(), Failure> {
    if base_url.is_none() && !api_key_stdin && models.is_none() {
        return Err(Failure::Usage(
            "nothing to change: use --base-url, --api-key-stdin, --model or --no-models".to_owned(),
        ));
    }
    let id = find(i, name).await?.id;
    let command = ConfigureProvider {
        provider_id: id,
        endpoint: base_url.as_deref().map(parse_endpoint).transpose()?,
        api_key: read_api_key(api_key_stdin)?.map(Some),
        models,
    };
    let steps = vec![step(id, None, command)];
    let execution = Execution::new(context.clone(), steps);
    i.executor.execute(execution).await?;
    let steps = vec![step(id, None, RequestCheck)];
    execute_and_check(i, id, Execution::new(context, steps), json).await
}

/// Private addresses are allowed, because only the operator can use the command line and the environment.
fn parse_endpoint(base_url: &str) -> Result<Endpoint, Failure> {
    let url = egress::parse_base_url(base_url)
        .map_err(|error| Failure::Usage(format!("the base URL {error}")))?;
    Ok(Endpoint {
        private_network: true,
        base_url: url,
    })
}

/// Reads the API key from standard input, if the flag is set.
pub fn read_api_key(from_stdin: bool) -> Result<Option<String>, Failure> {
    if !from_stdin {
        return Ok(None);
    }
    let mut key = String::new();
    std::io::stdin().read_to_string(&mut key)?;
    Ok(Some(key.trim().to_owned()).filter(|key| !key.is_empty()))
}

async fn find(i: &Installation, name: &str) -> Result<ProviderView, Failure> {
    queries::find_by_name(&i.pool, name)
        .await?
        .ok_or_else(|| Failure::NotFound(format!("there is no provider {name}")))
}

/// Executes a command that requests a check of a provider, waits for the check and prints the provider.
async fn execute_and_check(
    i: &Installation,
    id: Uuid,
    execution: Execution,
    json: bool,
) -> Result<(), Failure> {
    let committed = i.executor.execute(execution).await?;
    let catalogue = i.catalogue()?;
    let leases = Leases::new(i.pool.clone(), &format!("cli-{}", i.clock.new_id()));
    let deadline = Instant::now() + CHECK_LIMIT;
    loop {
        i.progress.wait_for(committed.position, VIEW_LIMIT).await?;
        let provider = queries::find(&i.pool, id)
            .await?
            .ok_or_else(|| Failure::NotFound("the provider has been removed".into()))?;
        if !provider.pending || Instant::now() >= deadline {
            show(&to_json(&provider), json);
            return Ok(());
        }
        workers::check_now(&catalogue, &i.executor, &leases, provider).await?;
        i.progress.wait_for_progress(POLL_INTERVAL).await;
    }
}

impl From<KindName> for ProviderKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::OpenaiCompatible => Self::OpenaiCompatible,
            KindName::Anthropic => Self::Anthropic,
            KindName::Gemini => Self::Gemini,
        }
    }
}

/// A provider as the HTTP API represents it.
fn to_json(provider: &ProviderView) -> Value {
    let health = provider.health.as_deref().filter(|_| !provider.pending);
    let health = health.map_or("unknown", Health::into_str);
    json!({
        "id": provider.id, "name": provider.name, "kind": provider.kind.0, "base_url": provider.base_url,
        "has_api_key": provider.has_key, "models": provider.named_models, "health": health, "fault": provider.fault.as_deref(),
        "checked_at": provider.checked_at,
    })
}

pub fn show_default(settings: &Value, json: bool) {
    if json {
        return output::print_data(&settings.to_string());
    }
    output::print_data(&output::sanitize(&format!(
        "{}  ({})",
        text_field(settings, "default_model"),
        match text_field(settings, "default_model_source") {
            "configuration" => "set by models.default in the configuration",
            "administrator" => "chosen by an administrator",
            "automatic" => "from the first provider that works",
            _ => "no provider has a model",
        }
    )));
}

pub fn show(provider: &Value, json: bool) {
    if json {
        return output::print_data(&provider.to_string());
    }
    output::print_data(&output::sanitize(&format!(
        "{:<16} {:<12} {}  {}",
        text_field(provider, "name"),
        text_field(provider, "health"),
        text_field(provider, "base_url"),
        text_field(provider, "fault")
    )));
}
