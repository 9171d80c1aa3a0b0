//! The past configurations of an assistant, from the log. The view has only the current one.

use chrono::{DateTime, Utc};
use domain::AggregateEvent;
use domain::assistant::{AssistantEvent, Configuration};
use eventstore::log::{self, LogError};
use eventstore::{Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

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
