//! Projects events of providers, and the choice of the default model.

use domain::installation::InstallationEvent;
use domain::model::Abilities;
use domain::provider::{CheckFault, Health, ListedModel, ProviderEvent};
use eventstore::log::OpenedEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::projector::projector;
use crate::statement::{execute, save_version};

projector! {
    ProviderProjector {
        name: "providers",
        version: 2,
        tables: ["view_providers", "view_models", "view_default_model"]
    }
    ProviderEvent => apply,
    InstallationEvent => set_default_model,
}

async fn apply(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &ProviderEvent,
) -> Result<(), sqlx::Error> {
    let id = opened.aggregate_id;
    match event {
        ProviderEvent::ProviderAdded { .. } => add(connection, opened, event).await?,
        ProviderEvent::ProviderConfigured {
            base_url,
            private_network,
            api_key,
        } => execute!(
            connection,
            "update view_providers set base_url = $2, private_network = $3, has_key = $4, pending = true,
                    check_number = check_number + 1 where id = $1",
            id,
            base_url,
            private_network,
            api_key.is_some()
        )?,
        ProviderEvent::ProviderModelsNamed { models } => execute!(
            connection,
            "update view_providers set named_models = $2 where id = $1",
            id,
            models
        )?,
        ProviderEvent::ProviderModelsDisabled { models } => execute!(
            connection,
            "update view_providers set disabled_models = $2 where id = $1",
            id,
            models
        )?,
        ProviderEvent::ProviderCheckRequested {} => execute!(
            connection,
            "update view_providers set pending = true, check_number = check_number + 1 where id = $1",
            id
        )?,
        ProviderEvent::ProviderChecked {
            health,
            fault,
            models,
            ..
        } => record_check(connection, opened, (*health, *fault), models).await?,
        ProviderEvent::ProviderRemoved {} => {
            delete_models(connection, id).await?;
            execute!(connection, "delete from view_providers where id = $1", id)?;
        }
    }
    save_version!(connection, "view_providers", opened)
}

async fn add(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    event: &ProviderEvent,
) -> Result<(), sqlx::Error> {
    let ProviderEvent::ProviderAdded {
        slug,
        kind,
        base_url,
        private_network,
        api_key,
    } = event
    else {
        return Ok(());
    };
    execute!(
        connection,
        "insert into view_providers (id, version, name, kind, base_url, private_network, has_key,
                                     check_number, pending, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, 1, true, $8, $8)",
        opened.aggregate_id,
        opened.sequence,
        slug,
        kind.into_str(),
        base_url,
        private_network,
        api_key.is_some(),
        opened.recorded_at
    )
}

async fn set_default_model(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    InstallationEvent::DefaultModelChosen { model, automatic }: &InstallationEvent,
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "insert into view_default_model (id, version, model, automatic, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (id) do update set version = excluded.version, model = excluded.model,
             automatic = excluded.automatic, updated_at = excluded.updated_at",
        opened.aggregate_id,
        opened.sequence,
        model.as_deref(),
        automatic,
        opened.recorded_at
    )
}

/// Records a check. A provider that cannot be reached, or whose list cannot be read, keeps its models: answers fail with
/// the reason, and nobody loses a chosen model.
async fn record_check(
    connection: &mut PgConnection,
    opened: &OpenedEvent,
    (health, fault): (Health, Option<CheckFault>),
    models: &[ListedModel],
) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "update view_providers set pending = false, health = $2, fault = $3, checked_at = $4 where id = $1",
        opened.aggregate_id,
        health.into_str(),
        fault.as_ref().map(CheckFault::into_str),
        opened.recorded_at
    )?;
    if health != Health::Ok || fault.is_some() {
        return Ok(());
    }
    delete_models(connection, opened.aggregate_id).await?;
    insert_models(connection, opened.aggregate_id, models).await
}

async fn delete_models(connection: &mut PgConnection, provider: Uuid) -> Result<(), sqlx::Error> {
    execute!(
        connection,
        "delete from view_models where provider_id = $1",
        provider
    )
}

async fn insert_models(
    connection: &mut PgConnection,
    provider: Uuid,
    models: &[ListedModel],
) -> Result<(), sqlx::Error> {
    let names: Vec<&str> = models.iter().map(|listed| listed.model.as_str()).collect();
    let tokens = |count: Option<u32>| count.and_then(|tokens| i32::try_from(tokens).ok());
    let windows: Vec<Option<i32>> = models.iter().map(|m| tokens(m.context_window)).collect();
    let outputs: Vec<Option<i32>> = models.iter().map(|m| tokens(m.max_output_tokens)).collect();
    let answers: Vec<bool> = models.iter().map(ListedModel::is_chat_model).collect();
    let ability = |reported: fn(&Abilities) -> Option<bool>| -> Vec<Option<bool>> {
        models.iter().map(|m| reported(&m.abilities)).collect()
    };
    execute!(
        connection,
        "insert into view_models (provider_id, model, context_window, max_output_tokens, answers, vision, reasoning,
                                  embedding, place)
         select $1, model, context_window, max_output_tokens, answers, vision, reasoning, embedding, place
         from unnest($2::text[], $3::integer[], $4::integer[], $5::boolean[], $6::boolean[], $7::boolean[],
                     $8::boolean[]) with ordinality
              as listed (model, context_window, max_output_tokens, answers, vision, reasoning, embedding, place)
         on conflict do nothing",
        provider,
        &names as &[&str],
        &windows as &[Option<i32>],
        &outputs as &[Option<i32>],
        &answers,
        &ability(|abilities| abilities.vision) as &[Option<bool>],
        &ability(|abilities| abilities.reasoning) as &[Option<bool>],
        &ability(|abilities| abilities.embedding) as &[Option<bool>]
    )
}
