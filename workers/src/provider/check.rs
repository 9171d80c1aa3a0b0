//! Lists the models of providers, when they are added and on request.

use std::time::Duration;

use domain::installation::{Installation, OfferDefaultModel};
use domain::model;
use domain::provider::{CheckFault, ListedModel, RecordCheck, RequestCheck};
use domain::response::FailureCode;
use eventstore::command::{Context, Step, step};
use eventstore::{Execution, Executor, Health, Supervisor};
use projections::Progress;
use projections::provider::{ProviderView, queries};
use runtime::{Lease, Leases};
use serde_json::Value;
use uuid::Uuid;

use super::{Catalogue, ollama};
use crate::egress::NameFault;
use crate::kit::{RunningTasks, WorkQueue, retry, run_claim_loop};
use crate::model::wire::{find_name_fault, read_body, read_failure};

const CHECK_TIMEOUT: Duration = Duration::from_secs(10);
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// What is needed to check providers.
#[derive(Debug, Clone)]
pub struct Checker {
    pub catalogue: Catalogue,
    pub executor: Executor,
    pub progress: Progress,
    /// The leases of this process.
    pub leases: Leases,
}

/// Starts to check providers. The tasks end when the supervisor is dropped.
pub fn start_checking(checker: Checker, health: &Health) -> Supervisor {
    let mut tasks = Supervisor::new(health.clone());
    let running = RunningTasks::default();
    tasks.spawn("provider checks", move || {
        run_claim_loop(checker.clone(), running.clone())
    });
    tasks
}

impl WorkQueue for Checker {
    type Item = ProviderView;
    type Permit = ();

    const NAME: &'static str = "provider checks";
    const VIEW: &'static str = "providers";

    fn leases(&self) -> &Leases {
        &self.leases
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    fn id(provider: &ProviderView) -> Uuid {
        provider.id
    }

    async fn list_waiting(&self, _running: usize) -> Result<Vec<ProviderView>, sqlx::Error> {
        queries::list_unchecked(&self.catalogue.source.pool).await
    }

    fn try_acquire(&self, _provider: &ProviderView) -> Option<()> {
        Some(())
    }

    async fn run(self, provider: ProviderView, lease: Lease, (): ()) {
        check(&self.catalogue, &self.executor, provider, lease).await;
    }
}

/// Requests a check of a provider that has rejected its API key, so that administrators see it in its health.
pub(crate) async fn request_check(catalogue: &Catalogue, executor: &Executor, model: &str) {
    let name = model.split('/').next().unwrap_or_default();
    let provider = match queries::find_by_name(&catalogue.source.pool, name).await {
        Ok(Some(provider)) if !provider.pending && provider.fault.is_none() => provider,
        _ => return,
    };
    let steps = vec![step(provider.id, None, RequestCheck)];
    let execution = Execution::new(Context::worker("responder", None), steps);
    if let Err(error) = executor.execute(execution).await {
        tracing::info!(provider = name, %error, "cannot request a check of a provider");
    }
}

/// Checks a provider unless another process does. The lease is released when this returns.
pub async fn check_now(
    catalogue: &Catalogue,
    executor: &Executor,
    leases: &Leases,
    provider: ProviderView,
) -> Result<(), sqlx::Error> {
    if let Some(lease) = leases.take(provider.id).await? {
        check(catalogue, executor, provider, lease).await;
    }
    Ok(())
}

async fn check(catalogue: &Catalogue, executor: &Executor, provider: ProviderView, lease: Lease) {
    let result = match tokio::time::timeout(CHECK_TIMEOUT, fetch_models(catalogue, &provider)).await
    {
        Ok(result) => result,
        Err(_) => Err(CheckFault::Timeout),
    };
    let command = RecordCheck {
        check: u32::try_from(provider.check_number).unwrap_or(0),
        result,
    };
    let default_model = choose_default_model(&provider, &command);
    let recording = retry(&lease, "record the check of a provider", || {
        let mut steps = vec![step(provider.id, None, command.clone())];
        steps.extend(default_model.as_deref().map(offer_default_model));
        executor.execute(Execution::new(Context::worker("responder", None), steps))
    });
    if let Err(error) = recording.await {
        tracing::info!(provider = provider.name, %error, "could not record the check of a provider");
    }
    lease.release().await;
}

/// The model that becomes the default if there is none.
fn choose_default_model(provider: &ProviderView, command: &RecordCheck) -> Option<String> {
    let RecordCheck {
        result: Ok(models), ..
    } = command
    else {
        return None;
    };
    let is_usable = |listed: &&ListedModel| {
        listed.is_chat_model() && !provider.disabled_models.contains(&listed.model)
    };
    let listed = models.iter().find(is_usable)?;
    model::parse_name(&format!("{}/{}", provider.name, listed.model))
}

fn offer_default_model(model: &str) -> Box<dyn Step> {
    let command = OfferDefaultModel {
        model: model.to_owned(),
    };
    step(Installation::ID, None, command)
}

/// Requests the models of a provider.
async fn fetch_models(
    catalogue: &Catalogue,
    provider: &ProviderView,
) -> Result<Vec<ListedModel>, CheckFault> {
    let model = catalogue
        .build_model(provider, "")
        .await
        .map_err(|error| match error.code {
            FailureCode::ProviderUnreachable => CheckFault::PrivateAddress,
            _ => CheckFault::NotUnderstood,
        })?;
    let sent = model.models_request().send().await;
    let response = sent.map_err(|error| match find_name_fault(&error) {
        Some(NameFault::NotFound) => CheckFault::NameNotFound,
        Some(NameFault::Private) => CheckFault::PrivateAddress,
        None => CheckFault::NoConnection,
    })?;
    if !response.status().is_success() {
        let failure = read_failure(
            response,
            model.api_key.as_deref(),
            CHECK_TIMEOUT,
            model.policy.clock.now(),
        )
        .await;
        return Err(match failure.error.code {
            FailureCode::ProviderUnauthorized => CheckFault::Unauthorized,
            _ => CheckFault::NotUnderstood,
        });
    }
    let body = read_body(response, BODY_LIMIT, CHECK_TIMEOUT).await;
    let body = body.map_err(|_| CheckFault::NotUnderstood)?;
    let response: Value = serde_json::from_slice(&body).map_err(|_| CheckFault::NotUnderstood)?;
    let mut models = model
        .parse_models(&response)
        .ok_or(CheckFault::NotUnderstood)?;
    if ollama::is_ollama(&response) {
        ollama::add_abilities(&model, &mut models).await;
    }
    Ok(models)
}
