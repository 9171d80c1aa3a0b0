//! The past configurations of an assistant, from the log. The view has only the current one.

use chrono::{DateTime, Utc};
use domain::AggregateEvent;
use domain::assistant::{AssistantEvent, Configuration};
use eventstore::log::{self, LogError};
use eventstore::{Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

use super::{AssistantView, queries};

const PAGE_SIZE: i64 = 500;

/// A configuration with its number.
#[derive(Debug, Clone)]
pub struct ConfigurationVersion {
    pub number: u32,
    pub configuration: Configuration,
    pub created_at: DateTime<Utc>,
}

/// Returns the owner of an assistant, even if it was deleted.
pub async fn owner(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    id: Uuid,
) -> Result<Option<Uuid>, LogError> {
    let rows = log::read_scope(pool, &id.to_string(), 0, 1).await?;
    let events = log::open(log, keys, rows).await?;
    let first = events.first().map(|opened| &opened.event);
    if let Some(AssistantEvent::AssistantCreated { owner_id, .. }) =
        first.and_then(AssistantEvent::from_event)
    {
        return Ok(*owner_id);
    }
    Ok(None)
}

/// What a run uses of a configuration.
#[derive(Debug, Clone, Default)]
pub struct RunConfiguration {
    pub instructions: String,
    pub temperature: Option<f64>,
    pub max_output_tokens: Option<u32>,
    pub knowledge_base_ids: Vec<Uuid>,
}

impl From<AssistantView> for RunConfiguration {
    fn from(view: AssistantView) -> Self {
        Self {
            instructions: view.instructions,
            temperature: view.temperature,
            max_output_tokens: view.max_output_tokens.and_then(|n| n.try_into().ok()),
            knowledge_base_ids: view.knowledge_base_ids,
        }
    }
}

impl From<Configuration> for RunConfiguration {
    fn from(configuration: Configuration) -> Self {
        Self {
            instructions: configuration
                .instructions
                .plain()
                .cloned()
                .unwrap_or_default(),
            temperature: configuration.temperature,
            max_output_tokens: configuration.max_output_tokens,
            knowledge_base_ids: configuration.knowledge_base_ids,
        }
    }
}

/// Returns a configuration by its number; if it was changed or deleted since, from the log. An unknown one is empty.
pub async fn find_for_run(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    (id, number): (Uuid, i32),
) -> Result<RunConfiguration, LogError> {
    let current = queries::find_for_run(pool, id).await?;
    if let Some(current) = current.filter(|current| current.assistant_version == number) {
        return Ok(current.into());
    }
    let number = u32::try_from(number).unwrap_or_default();
    let versions = list(pool, log, keys, id).await?;
    let version = versions
        .into_iter()
        .find(|version| version.number == number);
    Ok(version.map_or_else(RunConfiguration::default, |version| {
        version.configuration.into()
    }))
}

/// Lists all configurations of an assistant, oldest first.
pub async fn list(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    id: Uuid,
) -> Result<Vec<ConfigurationVersion>, LogError> {
    let mut versions = Vec::new();
    let mut position = 0;
    loop {
        let rows = log::read_scope(pool, &id.to_string(), position, PAGE_SIZE).await?;
        let Some(last) = rows.last() else {
            return Ok(versions);
        };
        position = last.position;
        for opened in log::open(log, keys, rows).await? {
            let event = AssistantEvent::from_event(&opened.event);
            versions.extend(
                event
                    .and_then(configuration)
                    .map(|(number, configuration)| ConfigurationVersion {
                        number,
                        configuration: configuration.clone(),
                        created_at: opened.recorded_at,
                    }),
            );
        }
    }
}

/// The configuration that an event sets, with its number.
fn configuration(event: &AssistantEvent) -> Option<(u32, &Configuration)> {
    match event {
        AssistantEvent::AssistantCreated { configuration, .. } => Some((1, configuration)),
        AssistantEvent::AssistantConfigured {
            assistant_version,
            configuration,
        } => Some((*assistant_version, configuration)),
        AssistantEvent::VisibilityChanged { .. }
        | AssistantEvent::StatusChanged { .. }
        | AssistantEvent::AssistantDeleted {} => None,
    }
}
