//! Projects events of providers, and the choice of the default model.

use domain::Event;
use domain::installation::InstallationEvent;
use domain::model;
use domain::provider::{CheckFault, Health, ListedModel, ProviderEvent};
use eventstore::log::OpenedEvent;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use crate::projector::{ApplyError, Projector};

#[derive(Debug)]
pub struct ProviderProjector;

impl Projector for ProviderProjector {
    fn name(&self) -> &'static str {
        "providers"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_providers", "view_models", "view_default_model"]
    }

    fn aggregates(&self) -> &'static [&'static str] {
        &["provider", "installation"]
    }

    fn apply<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        events: &'a [&'a OpenedEvent],
    ) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            for opened in events {
                match &opened.event {
                    Event::Provider(event) => apply(connection, opened, event).await?,
                    Event::Installation(event) => {
                        set_default_model(connection, opened, event).await?;
                    }
                    _ => {}
                }
            }
            Ok(())
        })
    }
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &ProviderEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        ProviderEvent::ProviderAdded {
            slug,
            kind,
            base_url,
            private_network,
            api_key,
        } => {
            sqlx::query!(
                "insert into view_providers (id, version, name, kind, base_url, private_network, has_key,
                                             check_number, pending, created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $7, 1, true, $8, $8)",
                id,
                opened.sequence,
                slug,
                kind.name(),
                base_url,
                private_network,
                api_key.is_some(),
                opened.recorded_at
            )
            .execute(connection)
            .await?;
            return Ok(());
        }
        ProviderEvent::ProviderConfigured {
            base_url,
            private_network,
            api_key,
        } => {
            sqlx::query!(
                "update view_providers set base_url = $2, private_network = $3, has_key = $4, pending = true,
                        check_number = check_number + 1 where id = $1",
                id,
                base_url,
                private_network,
                api_key.is_some()
            )
            .execute(&mut *connection)
            .await?;
        }
        ProviderEvent::ProviderModelsNamed { models } => {
            sqlx::query!(
                "update view_providers set named_models = $2 where id = $1",
                id,
                models
            )
            .execute(&mut *connection)
            .await?;
        }
        ProviderEvent::ProviderCheckRequested {} => {
            sqlx::query!(
                "update view_providers set pending = true, check_number = check_number + 1 where id = $1",
                id
            )
            .execute(&mut *connection)
            .await?;
        }
        ProviderEvent::ProviderChecked {
            health,
            fault,
            models,
            ..
        } => record_check(connection, opened, *health, *fault, models).await?,
        ProviderEvent::ProviderRemoved {} => {
            sqlx::query!("delete from view_models where provider_id = $1", id)
                .execute(&mut *connection)
                .await?;
            sqlx::query!("delete from view_providers where id = $1", id)
                .execute(&mut *connection)
                .await?;
        }
    }
    sqlx::query!(
        "update view_providers set version = $2, updated_at = $3 where id = $1",
        id,
        opened.sequence,
        opened.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn set_default_model(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    InstallationEvent::DefaultModelChosen { model, automatic }: &InstallationEvent,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into view_default_model (id, version, model, automatic, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (id) do update set version = excluded.version, model = excluded.model,
             automatic = excluded.automatic, updated_at = excluded.updated_at",
        opened.aggregate_id,
        opened.sequence,
        model.as_deref(),
        automatic,
        opened.recorded_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records a check. A provider that cannot be reached, or whose list cannot be read, keeps its models: answers fail with
/// the reason, and nobody loses a chosen model.
async fn record_check(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    health: Health,
    fault: Option<CheckFault>,
    models: &[ListedModel],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update view_providers set pending = false, health = $2, fault = $3, checked_at = $4 where id = $1",
        opened.aggregate_id,
        health_name(health),
        fault.map(fault_name),
        opened.recorded_at
    )
    .execute(&mut *connection)
    .await?;
    if health != Health::Ok || fault.is_some() {
        return Ok(());
    }
    sqlx::query!(
        "delete from view_models where provider_id = $1",
        opened.aggregate_id
    )
    .execute(&mut *connection)
    .await?;
    let names: Vec<&str> = models.iter().map(|listed| listed.model.as_str()).collect();
    let tokens = |count: Option<u32>| count.and_then(|tokens| i32::try_from(tokens).ok());
    let windows: Vec<Option<i32>> = models.iter().map(|m| tokens(m.context_window)).collect();
    let outputs: Vec<Option<i32>> = models.iter().map(|m| tokens(m.max_output_tokens)).collect();
    let answers: Vec<bool> = names
        .iter()
        .map(|name| model::is_chat_model(name))
        .collect();
    sqlx::query!(
        "insert into view_models (provider_id, model, context_window, max_output_tokens, answers, place)
         select $1, model, context_window, max_output_tokens, answers, place
         from unnest($2::text[], $3::integer[], $4::integer[], $5::boolean[]) with ordinality
              as listed (model, context_window, max_output_tokens, answers, place)
         on conflict do nothing",
        opened.aggregate_id,
        &names as &[&str],
        &windows as &[Option<i32>],
        &outputs as &[Option<i32>],
        &answers
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn health_name(health: Health) -> &'static str {
    match health {
        Health::Ok => "ok",
        Health::Unreachable => "unreachable",
    }
}

fn fault_name(fault: CheckFault) -> &'static str {
    match fault {
        CheckFault::NoConnection => "no_connection",
        CheckFault::Unauthorized => "unauthorized",
        CheckFault::NotUnderstood => "not_understood",
        CheckFault::Timeout => "timeout",
        CheckFault::NameNotFound => "name_not_found",
        CheckFault::PrivateAddress => "private_address",
    }
}
