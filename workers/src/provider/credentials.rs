//! The key of a provider: it lies sealed in the log, and nowhere else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Event;
use domain::provider::ProviderEvent;
use eventstore::log::{self, LogError};
use projections::EventSource;
use uuid::Uuid;

const PAGE: i64 = 500;

/// Keys that were opened, each with the version of its provider. Bounded: there are few providers.
#[derive(Debug, Clone, Default)]
pub struct Opened(Arc<Mutex<Known>>);

/// By provider.
type Known = HashMap<Uuid, (i64, Option<String>)>;

impl Opened {
    /// The key that a provider is asked with at a version.
    pub(super) async fn api_key(
        &self,
        source: &EventSource,
        provider: Uuid,
        version: i64,
    ) -> Result<Option<String>, LogError> {
        if let Some((known, key)) = self.lock().get(&provider)
            && *known == version
        {
            return Ok(key.clone());
        }
        let key = api_key(source, provider).await?;
        self.lock().insert(provider, (version, key.clone()));
        Ok(key)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn api_key(source: &EventSource, provider: Uuid) -> Result<Option<String>, LogError> {
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
