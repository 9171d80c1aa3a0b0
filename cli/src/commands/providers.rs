//! `convosphere providers`, and the provider that the environment gives.

use std::io::Read;
use std::time::Duration;

use api::settings::SettingsResource;
use domain::egress;
use domain::installation::{Installation as Whole, InstallationCommand};
use domain::model::GUIDE;
use domain::provider::{Endpoint, Provider, ProviderCommand, ProviderKind};
use eventstore::executor::{Context, step};
use eventstore::{Execution, Leases};
use projections::provider::{ProviderView, queries};
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;
use workers::{Catalogue, Egress};

use crate::arguments::{KindName, Providers};
use crate::config::GivenProvider;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;
use crate::privileges::OsUser;
use crate::remote::server::text;

const VIEW_LIMIT: Duration = Duration::from_secs(10);
/// A provider has ten seconds to answer, and its answer some to arrive.
const CHECK_LIMIT: Duration = Duration::from_secs(15);
const LOOK: Duration = Duration::from_millis(50);

pub async fn run(
    i: &Installation,
    command: Providers,
    json: bool,
    user: &OsUser,
) -> Result<(), Failure> {
    // With the server stopped this process does the work itself; with it running, whoever is first.
    let _projecting =
        workers::start_projecting(&i.source(), &i.progress, &eventstore::Health::default());
    i.progress.reach(i.feed.head(), VIEW_LIMIT).await?;
    let context = Context::cli(&user.0);
    match command {
        Providers::List => {
            for provider in queries::list(&i.pool).await? {
                show(&told(&provider), json);
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
            let id = Uuid::now_v7();
            let command = ProviderCommand::AddProvider {
                provider_id: id,
                name: name.clone(),
                kind,
                endpoint: endpoint(&base_url)?,
                api_key: key(api_key_stdin)?,
                models,
            };
            let execution = Execution {
                reserve: vec![("provider", name, id.to_string())],
                ..Execution::new(context, vec![step::<Provider>(id, None, command)])
            };
            checked(i, id, execution, json).await
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
            let steps = vec![step::<Provider>(id, None, ProviderCommand::RequestCheck)];
            checked(i, id, Execution::new(context, steps), json).await
        }
        Providers::Remove { name } => {
            let found = find(i, &name).await?;
            let steps = vec![step::<Provider>(
                found.id,
                None,
                ProviderCommand::RemoveProvider,
            )];
            let execution = Execution {
                release: vec![("provider", found.name)],
                ..Execution::new(context, steps)
            };
            i.executor.execute(execution).await?;
            output::talk(&format!("{name} is removed"));
            Ok(())
        }
        Providers::Default { model, automatic } => {
            if model.is_some() || automatic {
                choose_default(i, context, model).await?;
            }
            let default = queries::default_model(&i.pool).await?;
            let settings = SettingsResource::new(i.settings.default_model.as_deref(), default);
            show_default(&json!(settings), json);
            Ok(())
        }
    }
}

/// Makes a model that a provider lists the default, or leaves it to the providers that work.
async fn choose_default(
    i: &Installation,
    context: Context,
    model: Option<String>,
) -> Result<(), Failure> {
    if let Some(configured) = &i.settings.default_model {
        return Err(Failure::Conflict(format!(
            "the setting models.default names {configured}; remove it there first"
        )));
    }
    if let Some(model) = &model
        && model != GUIDE
    {
        let (provider, name) = model.split_once('/').unwrap_or((model, ""));
        if !queries::has_model(&i.pool, provider, name).await? {
            return Err(Failure::NotFound(format!(
                "no provider lists {model}; `convosphere providers list` shows the providers"
            )));
        }
    }
    let command = InstallationCommand::ChooseDefaultModel { model };
    let steps = vec![step::<Whole>(Whole::ID, None, command)];
    let committed = i.executor.execute(Execution::new(context, steps)).await?;
    i.progress.reach(committed.position, VIEW_LIMIT).await?;
    Ok(())
}

/// Changes what is given of a provider and asks it for its models again.
async fn update(
    i: &Installation,
    context: Context,
    name: &str,
    (base_url, api_key_stdin, models): (Option<String>, bool, Option<Vec<String>>),
    json: bool,
) -> Result<(), Failure> {
    if base_url.is_none() && !api_key_stdin && models.is_none() {
        return Err(Failure::Usage(
            "name what is to change: --base-url, --api-key-stdin, --model or --no-models"
                .to_owned(),
        ));
    }
    let id = find(i, name).await?.id;
    let command = ProviderCommand::ConfigureProvider {
        provider_id: id,
        endpoint: base_url.as_deref().map(endpoint).transpose()?,
        api_key: key(api_key_stdin)?.map(Some),
        models,
    };
    let steps = vec![step::<Provider>(id, None, command)];
    let changed = Execution::new(context.clone(), steps);
    i.executor.execute(changed).await?;
    let steps = vec![step::<Provider>(id, None, ProviderCommand::RequestCheck)];
    checked(i, id, Execution::new(context, steps), json).await
}

pub fn catalogue(i: &Installation) -> Result<Catalogue, Failure> {
    let egress = Egress::new().map_err(Failure::failed)?;
    let egress = egress.allowing(&i.settings.egress_allow);
    Ok(Catalogue::new(i.source(), egress).with_times(i.settings.times))
}

/// Makes the provider of the environment what the environment says, and has it checked at every start.
pub async fn follow_environment(i: &Installation, given: &GivenProvider) -> Result<(), Failure> {
    let known = queries::by_name(&i.pool, given.name).await?;
    let (id, reserve) = match &known {
        Some(known) => (known.id, vec![]),
        None => {
            let id = Uuid::now_v7();
            (
                id,
                vec![("provider", given.name.to_owned(), id.to_string())],
            )
        }
    };
    let (endpoint, api_key) = (endpoint(&given.base_url)?, given.api_key.clone());
    let command = match known {
        Some(_) => ProviderCommand::ConfigureProvider {
            provider_id: id,
            endpoint: Some(endpoint),
            api_key: Some(api_key),
            models: None,
        },
        None => ProviderCommand::AddProvider {
            provider_id: id,
            name: given.name.to_owned(),
            kind: given.kind,
            endpoint,
            api_key,
            models: vec![],
        },
    };
    let execution = Execution {
        reserve,
        ..Execution::new(
            Context::system("environment"),
            vec![step::<Provider>(id, None, command)],
        )
    };
    match i.executor.execute(execution).await {
        // Another process of this installation was quicker.
        Ok(_) | Err(eventstore::ExecutorError::Reserved(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What the operator gives may lie in a private network, wherever its name leads now or later: the command line is the
/// operator's.
fn endpoint(base_url: &str) -> Result<Endpoint, Failure> {
    let url = egress::parse_base_url(base_url)
        .map_err(|fault| Failure::Usage(format!("the base URL {fault}")))?;
    Ok(Endpoint {
        private_network: true,
        base_url: url,
    })
}

/// The key on standard input, where one is to be read.
pub fn key(from_stdin: bool) -> Result<Option<String>, Failure> {
    if !from_stdin {
        return Ok(None);
    }
    let mut key = String::new();
    std::io::stdin().read_to_string(&mut key)?;
    Ok(Some(key.trim().to_owned()).filter(|key| !key.is_empty()))
}

async fn find(i: &Installation, name: &str) -> Result<ProviderView, Failure> {
    queries::by_name(&i.pool, name)
        .await?
        .ok_or_else(|| Failure::NotFound(format!("there is no provider {name}")))
}

/// Executes a command and tells what the check that it asks for has found.
async fn checked(
    i: &Installation,
    id: Uuid,
    execution: Execution,
    json: bool,
) -> Result<(), Failure> {
    let committed = i.executor.execute(execution).await?;
    let catalogue = catalogue(i)?;
    let leases = Leases::new(i.pool.clone(), &format!("cli-{}", Uuid::new_v4()));
    let deadline = Instant::now() + CHECK_LIMIT;
    loop {
        i.progress.reach(committed.position, VIEW_LIMIT).await?;
        let provider = queries::find(&i.pool, id)
            .await?
            .ok_or_else(|| Failure::NotFound("the provider has been removed".into()))?;
        if !provider.pending || Instant::now() >= deadline {
            show(&told(&provider), json);
            return Ok(());
        }
        workers::check_now(&catalogue, &i.executor, &leases, provider).await?;
        i.progress.next(LOOK).await;
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

/// A provider as the HTTP interface tells of one.
fn told(provider: &ProviderView) -> Value {
    let health = match provider.health.as_deref() {
        Some(health) if !provider.pending => health,
        _ => "unknown",
    };
    json!({
        "id": provider.id, "name": provider.name, "kind": provider.kind, "base_url": provider.base_url,
        "has_api_key": provider.has_key, "models": provider.named_models, "health": health, "fault": provider.fault,
        "checked_at": provider.checked_at,
    })
}

pub fn show_default(settings: &Value, json: bool) {
    if json {
        return output::data(&settings.to_string());
    }
    output::data(&output::harmless(&format!(
        "{}  ({})",
        text(settings, "default_model"),
        match text(settings, "default_model_source") {
            "configuration" => "set by models.default in the configuration",
            "administrator" => "chosen by an administrator",
            "automatic" => "the first that worked",
            _ => "no provider has a model",
        }
    )));
}

pub fn show(provider: &Value, json: bool) {
    if json {
        return output::data(&provider.to_string());
    }
    output::data(&output::harmless(&format!(
        "{:<16} {:<12} {}  {}",
        text(provider, "name"),
        text(provider, "health"),
        text(provider, "base_url"),
        text(provider, "fault")
    )));
}
