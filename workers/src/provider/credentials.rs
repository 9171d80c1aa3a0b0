//! The API keys of providers, which are only stored encrypted in the log.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Event;
use domain::provider::ProviderEvent;
use eventstore::log::{self, LogError};
use projections::EventSource;
use uuid::Uuid;

const PAGE: i64 = 500;

/// Decrypted keys with the versions of their providers. Bounded, because there are few providers.
#[derive(Debug, Clone, Default)]
pub(super) struct CredentialCache(Arc<Mutex<Credentials>>);

/// By provider.
type Credentials = HashMap<Uuid, (i64, Option<String>)>;

impl CredentialCache {
    /// The API key of a provider at a version.
    pub(super) async fn api_key(
        &self,
        source: &EventSource,
        provider: Uuid,
        version: i64,
    ) -> Result<Option<String>, LogError> {
        if let Some((cached_version, key)) = self.lock().get(&provider)
            && *cached_version == version
        {
            return Ok(key.clone());
        }
        let key = read_api_key(source, provider).await?;
        self.lock().insert(provider, (version, key.clone()));
        Ok(key)
    }

    fn lock(&self) -> MutexGuard<'_, Credentials> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read_api_key(source: &EventSource, provider: Uuid) -> Result<Option<String>, LogError> {
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
