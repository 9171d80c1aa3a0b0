//! Asks providers for their models, when they are added and whenever somebody wants to know.

use std::time::Duration;

use domain::provider::{CheckFault, ListedModel, Provider, ProviderCommand};
use domain::response::FailureCode;
use eventstore::executor::{Context, step};
use eventstore::{Execution, Executor, Leases};
use projections::Progress;
use projections::provider::{ProviderView, queries};
use serde_json::Value;
use tokio::task::JoinSet;

use super::Catalogue;
use crate::model::wire::{body, refused};

const POLL: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(10);
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Starts to check. The task ends when the set is dropped.
pub fn start_checking(
    catalogue: Catalogue,
    executor: Executor,
    progress: Progress,
    leases: Leases,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut checks = JoinSet::new();
        loop {
            while checks.try_join_next().is_some() {}
            match queries::unchecked(&catalogue.source.pool).await {
                Ok(waiting) => {
                    for provider in waiting {
                        let taken = leases.take(provider.id).await;
                        if matches!(taken, Ok(true)) {
                            let (catalogue, leases) = (catalogue.clone(), leases.clone());
                            checks.spawn(check(catalogue, executor.clone(), leases, provider));
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "providers could not be read"),
            }
            progress.next(POLL).await;
        }
    });
    tasks
}

/// Asks for a check of the provider of a model that no longer takes its key: administrators see it in its health.
pub(crate) async fn doubt(catalogue: &Catalogue, executor: &Executor, model: &str) {
    let name = model.split('/').next().unwrap_or_default();
    let provider = match queries::by_name(&catalogue.source.pool, name).await {
        Ok(Some(provider)) if !provider.pending && provider.fault.is_none() => provider,
        _ => return,
    };
    let steps = vec![step::<Provider>(
        provider.id,
        None,
        ProviderCommand::RequestCheck,
    )];
    let execution = Execution::new(Context::worker("responder", None), steps);
    if let Err(error) = executor.execute(execution).await {
        tracing::info!(provider = name, %error, "a check was not asked for");
    }
}

/// Checks a provider unless somebody else does. The lease has been let go when this returns.
pub async fn check_now(
    catalogue: &Catalogue,
    executor: &Executor,
    leases: &Leases,
    provider: ProviderView,
) -> Result<(), sqlx::Error> {
    if leases.take(provider.id).await? {
        check(
            catalogue.clone(),
            executor.clone(),
            leases.clone(),
            provider,
        )
        .await;
    }
    Ok(())
}

async fn check(catalogue: Catalogue, executor: Executor, leases: Leases, provider: ProviderView) {
    let result = match tokio::time::timeout(LIMIT, ask(&catalogue, &provider)).await {
        Ok(result) => result,
        Err(_) => Err(CheckFault::Timeout),
    };
    let command = ProviderCommand::RecordCheck {
        check: u32::try_from(provider.check_number).unwrap_or(0),
        result,
    };
    let steps = vec![step::<Provider>(provider.id, None, command)];
    let execution = Execution::new(Context::worker("responder", None), steps);
    if let Err(error) = executor.execute(execution).await {
        tracing::info!(provider = provider.name, %error, "the result of a check was not taken");
    }
    if let Err(error) = leases.release(provider.id).await {
        tracing::warn!(%error, "a lease was not let go; it expires by itself");
    }
}

/// The models that a provider tells of.
async fn ask(
    catalogue: &Catalogue,
    provider: &ProviderView,
) -> Result<Vec<ListedModel>, CheckFault> {
    let model = catalogue
        .model(provider, "")
        .await
        .map_err(|error| match error.code {
            FailureCode::ProviderUnreachable => CheckFault::NoConnection,
            _ => CheckFault::NotUnderstood,
        })?;
    let call = model.models().send();
    let response = call.await.map_err(|_| CheckFault::NoConnection)?;
    if !response.status().is_success() {
        let error = refused(response, model.api_key.as_deref()).await;
        return Err(match error.code {
            FailureCode::ProviderUnauthorized => CheckFault::Unauthorized,
            _ => CheckFault::NotUnderstood,
        });
    }
    let body = body(response, BODY_LIMIT).await;
    let body = body.map_err(|_| CheckFault::NotUnderstood)?;
    let told: Value = serde_json::from_slice(&body).map_err(|_| CheckFault::NotUnderstood)?;
    model.listed(&told).ok_or(CheckFault::NotUnderstood)
}
