//! The key of a provider: it lies sealed in the log, and nowhere else.

use domain::Event;
use domain::provider::ProviderEvent;
use eventstore::log::{self, LogError};
use projections::Source;
use uuid::Uuid;

const PAGE: i64 = 500;

/// The key that a provider is asked with now.
pub(super) async fn api_key(source: &Source, provider: Uuid) -> Result<Option<String>, LogError> {
    let mut key = None;
    let mut position = 0;
    loop {
        let rows = log::read_scope(&source.pool, &provider.to_string(), position, PAGE).await?;
        let Some(last) = rows.last() else {
            return Ok(key);
        };
        position = last.position;
        for event in log::open(&source.log, &source.keys, rows).await? {
            if let Event::Provider(
                ProviderEvent::ProviderAdded { api_key, .. }
                | ProviderEvent::ProviderConfigured { api_key, .. },
            ) = event.event
            {
                key = api_key.and_then(|key| key.plain().cloned());
            }
        }
    }
}
