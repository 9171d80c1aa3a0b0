//! The configurations that an assistant had, from the log: the view keeps the current one.

use chrono::{DateTime, Utc};
use domain::Event;
use domain::assistant::{AssistantEvent, Configuration};
use eventstore::log::{self, LogError};
use eventstore::{Keys, Log};
use sqlx::PgPool;
use uuid::Uuid;

const PAGE: i64 = 500;

/// A configuration with its number.
#[derive(Debug, Clone)]
pub struct ConfigurationVersion {
    pub number: u32,
    pub configuration: Configuration,
    pub created_at: DateTime<Utc>,
}

/// Who an assistant belongs to, or belonged to before it was deleted.
pub async fn owner(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    id: Uuid,
) -> Result<Option<Uuid>, LogError> {
    let rows = log::read_scope(pool, &id.to_string(), 0, 1).await?;
    let events = log::open(log, keys, rows).await?;
    Ok(events.into_iter().find_map(|row| match row.event {
        Event::Assistant(AssistantEvent::AssistantCreated { owner_id, .. }) => owner_id,
        _ => None,
    }))
}

/// All configurations of an assistant, the oldest first.
pub async fn list(
    pool: &PgPool,
    log: &Log,
    keys: &Keys,
    id: Uuid,
) -> Result<Vec<ConfigurationVersion>, LogError> {
    let mut found = Vec::new();
    let mut position = 0;
    loop {
        let rows = log::read_scope(pool, &id.to_string(), position, PAGE).await?;
        let Some(last) = rows.last() else {
            return Ok(found);
        };
        position = last.position;
        for row in log::open(log, keys, rows).await? {
            let created_at = row.recorded_at;
            let (number, configuration) = match row.event {
                Event::Assistant(AssistantEvent::AssistantCreated { configuration, .. }) => {
                    (1, configuration)
                }
                Event::Assistant(AssistantEvent::AssistantConfigured {
                    assistant_version,
                    configuration,
                }) => (assistant_version, configuration),
                _ => continue,
            };
            found.push(ConfigurationVersion {
                number,
                configuration,
                created_at,
            });
        }
    }
}
